package com.cognitionos.identity.portal;

/** What somebody reads who tried too often. */
final class SlowedDown {

    private SlowedDown() {}

    static String words(long seconds) {
        return "There were too many wrong attempts. Try again in " + seconds
                + (seconds == 1 ? " second." : " seconds.");
    }
}
