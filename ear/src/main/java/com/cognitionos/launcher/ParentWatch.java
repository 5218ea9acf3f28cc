package com.cognitionos.launcher;

import java.util.Optional;

/** Ends this process when the one that started it is gone: a kill -9 of the build tool reaches only the build tool. */
final class ParentWatch {

    private static final long INTERVAL_MS = 1000;
    private static final int EXIT_CODE = 143;

    private ParentWatch() {}

    static void start() {
        var original = parent();
        var thread = new Thread(() -> watch(original), "parent-watch");
        thread.setDaemon(true);
        thread.start();
    }

    private static void watch(Optional<Long> original) {
        try {
            // Not isAlive: a dead parent whose own parent does not ask for its exit code counts as alive.
            while (parent().equals(original)) {
                Thread.sleep(INTERVAL_MS);
            }
            System.exit(EXIT_CODE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Optional<Long> parent() {
        return ProcessHandle.current().parent().map(ProcessHandle::pid);
    }
}
