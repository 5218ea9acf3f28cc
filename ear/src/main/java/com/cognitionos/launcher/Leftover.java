package com.cognitionos.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A process that a start before this one began and could not end, because it was killed. */
record Leftover(ProcessHandle process) {

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /**
     * @param pidFile its first line is a process id; need not exist
     * @param mark an argument that only our process has: ids are reused, so the number alone proves nothing
     */
    static Optional<Leftover> in(Path pidFile, String mark) throws IOException {
        if (!Files.isRegularFile(pidFile)) {
            return Optional.empty();
        }
        try (var lines = Files.lines(pidFile)) {
            return lines.findFirst()
                    .map(String::strip)
                    .filter(line -> line.matches("\\d{1,18}"))
                    .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)))
                    .filter(process -> isMarked(process, mark))
                    .map(Leftover::new);
        }
    }

    private static boolean isMarked(ProcessHandle process, String mark) {
        var arguments = process.info().arguments().map(List::of).orElse(List.of());
        return arguments.contains(mark);
    }

    /** A process that has ended but whom nobody has asked for its exit code still has an id, and no command. */
    static boolean isRunning(ProcessHandle process) {
        return process.isAlive() && process.info().command().isPresent();
    }

    /** Asks it to end, insists after 15 s, and waits for its children too. */
    void end() {
        var family = process.descendants().toList();
        process.destroy();
        if (!ended(process)) {
            process.destroyForcibly();
            ended(process);
        }
        family.forEach(Leftover::ended);
    }

    private static boolean ended(ProcessHandle process) {
        try {
            process.onExit().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return !isRunning(process);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
