package com.cognitionos.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.util.logging.FileHandler;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** What the launcher and its libraries log. The terminal is for a person, so it goes to a file. */
final class LauncherLog {

    private static final int BYTES = 5_000_000;

    private LauncherLog() {}

    static void silenceConsole() {
        LogManager.getLogManager().reset();
    }

    static void to(Path directory) throws IOException {
        // A pattern, in which % has a meaning.
        var pattern = directory.resolve("launcher.log").toString().replace("%", "%%");
        var handler = new FileHandler(pattern, BYTES, 1, true);
        handler.setFormatter(new SimpleFormatter());
        Logger.getLogger("").addHandler(handler);
    }
}
