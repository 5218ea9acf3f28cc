package com.cognitionos.launcher;

import java.io.PrintStream;
import java.util.Locale;

/** Lines at the terminal, one for each step of the start. */
record Progress(PrintStream out) {

    void say(String line) {
        out.println(line);
        out.flush();
    }

    /** Says what is being started, and how long it took once it is. */
    void timed(String what, Lifeline.Step step) throws Exception {
        say(what + " …");
        long start = System.nanoTime();
        step.take();
        say(what + " is ready after " + since(start));
    }

    /** @param start of {@link System#nanoTime()} */
    static String since(long start) {
        return String.format(Locale.ROOT, "%.1f s", (System.nanoTime() - start) / 1e9);
    }
}
