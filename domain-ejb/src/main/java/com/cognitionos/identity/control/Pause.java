package com.cognitionos.identity.control;

import java.time.Duration;

/** How long an account rests after wrong guesses in a row (IDE-5). */
final class Pause {

    /** So many are free. */
    static final int FREE = 5;
    /** From here on a pause does not grow. */
    static final int MOST_COUNTED = FREE + 6;

    private static final Duration CAP = Duration.ofSeconds(60);

    private Pause() {}

    /** 1, 2, 4 … 60 seconds from the fifth on; zero before. */
    static Duration after(int failures) {
        if (failures < FREE) {
            return Duration.ZERO;
        }
        Duration doubled = Duration.ofSeconds(1L << Math.min(failures - FREE, 6));
        return doubled.compareTo(CAP) > 0 ? CAP : doubled;
    }
}
