package com.cognitionos.onboarding.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** ONB-5: the start goes on once the database is ready, and not before. */
@Timeout(60)
class StartGateTest {

    @TempDir
    private Path folder;

    @Test
    void waitsForTheFile() throws Exception {
        Path file = folder.resolve("ready");
        CompletableFuture<Boolean> madeBefore = CompletableFuture.supplyAsync(() -> {
            StartGate.await(file);
            return Files.exists(file);
        });
        TimeUnit.MILLISECONDS.sleep(100);
        assertThat(madeBefore).isNotDone();

        Files.createFile(file);

        assertThat(madeBefore.get()).isTrue();
    }

    @Test
    void aStopEndsTheWaiting() {
        Thread.currentThread().interrupt();

        assertThatIllegalStateException().isThrownBy(() -> StartGate.await(folder.resolve("never")));
        assertThat(Thread.interrupted()).isTrue();
    }
}
