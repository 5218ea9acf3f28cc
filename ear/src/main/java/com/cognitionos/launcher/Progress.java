package com.cognitionos.launcher;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.Callable;

/** Lines at the terminal, one for each step of the start. */
record Progress(PrintStream out) {

    void say(String line) {
        out.println(line);
        out.flush();
    }

    /** Says what is being started, and how long it took once it is. */
    <T> T timed(String what, Callable<T> step) throws Exception {
        say(what + " …");
        long start = System.nanoTime();
        T result = step.call();
        say(String.format(Locale.ROOT, "%s is ready after %.1f s", what, (System.nanoTime() - start) / 1e9));
        return result;
    }
}
