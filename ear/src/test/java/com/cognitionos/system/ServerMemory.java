package com.cognitionos.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a running product's server takes; in MB. */
final class ServerMemory {

    private static final Pattern USED = Pattern.compile("used (\\d+)K");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    private final long server;

    ServerMemory(Product product) {
        server = product.family().stream()
                .map(ProcessHandle::pid)
                .filter(pid -> text(pid, "cmdline").contains("ws-server.jar"))
                .findFirst()
                .orElseThrow();
    }

    /** Of the heap, with what could be collected. */
    double used() {
        return found(USED, jcmd("GC.heap_info"));
    }

    /** Of the heap, after a full collection. */
    double kept() {
        jcmd("GC.run");
        return used();
    }

    /** Of the process. */
    double resident() {
        return found(RESIDENT, text(server, "status"));
    }

    private static String text(long pid, String file) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String jcmd(String command) {
        try {
            Process jcmd = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                    .toString(),
                            Long.toString(server),
                            command)
                    .redirectErrorStream(true)
                    .start();
            String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            jcmd.waitFor();
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static double found(Pattern kilobytes, String text) {
        Matcher matcher = kilobytes.matcher(text);
        if (!matcher.find()) {
            throw new AssertionError(kilobytes + " is not in " + text);
        }
        return Double.parseDouble(matcher.group(1)) / 1024;
    }
}
