package com.cognitionos.dunning.entity;

import com.cognitionos.kernel.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * How an invoice is gone after whose charge failed.
 *
 * @param retryDays days after the first failure, ascending; 1 to 10 of them, each from 1 to 60
 * @param graceDays days from the last failure to the suspension, 0 to 90
 * @param suspend whether the tenant is suspended then
 * @param withoutCard whether an invoice that there was no card for is gone after from its due date on
 */
public record DunningPolicy(List<Integer> retryDays, int graceDays, boolean suspend, boolean withoutCard) {

    private static final Duration DAY = Duration.ofDays(1);
    private static final int MOST_RETRIES = 10;
    private static final int LATEST_RETRY = 60;
    private static final int LONGEST_GRACE = 90;

    public DunningPolicy {
        retryDays = List.copyOf(retryDays);
    }

    /** @throws Problem INVALID where it is not as described above */
    public DunningPolicy checked() {
        if (retryDays.isEmpty() || retryDays.size() > MOST_RETRIES) {
            throw Problem.invalid("retry_days", "length", "retry_days has 1 to " + MOST_RETRIES + " days");
        }
        int before = 0;
        for (int i = 0; i < retryDays.size(); i++) {
            int day = retryDays.get(i);
            if (day <= before || day > LATEST_RETRY) {
                throw Problem.invalid(
                        "retry_days/" + i,
                        "out_of_range",
                        "each day is a whole number from 1 to " + LATEST_RETRY + ", larger than the one before");
            }
            before = day;
        }
        if (graceDays < 0 || graceDays > LONGEST_GRACE) {
            throw Problem.invalid("grace_days", "out_of_range", "grace_days is from 0 to " + LONGEST_GRACE);
        }
        return this;
    }

    /** How often it is tried again. */
    public int retries() {
        return retryDays.size();
    }

    /**
     * When the case's next step comes: at its day, but never on the heels of one that came late.
     *
     * @param began the first failure
     * @param stepsDone how many retries are over, from 0
     * @param now the present, at or after {@code began}
     */
    public Instant next(Instant began, int stepsDone, Instant now) {
        if (stepsDone >= retries()) {
            return now.plus(Duration.ofDays(graceDays));
        }
        Instant planned = began.plus(Duration.ofDays(retryDays.get(stepsDone)));
        Instant earliest = now.plus(DAY);
        return planned.isBefore(earliest) ? earliest : planned;
    }
}
