package com.cognitionos.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {

    @TempDir
    Path folder;

    @Test
    void heldByOneAtATime() throws Exception {
        try (var first = DataDirectory.open(folder.resolve("data"))) {
            assertThatExceptionOfType(StartFailure.class)
                    .isThrownBy(() -> DataDirectory.open(first.root()))
                    .withMessageContainingAll("already running", "COGNITIONOS_DATA_DIR");
        }
        DataDirectory.open(folder.resolve("data")).close();
    }

    @Test
    void fileInItsPlace() throws IOException {
        var file = Files.createFile(folder.resolve("file"));

        assertThatExceptionOfType(StartFailure.class)
                .isThrownBy(() -> DataDirectory.open(file))
                .withMessageContainingAll(file.toString(), "COGNITIONOS_DATA_DIR");
    }

    @Test
    void secretIsKept() throws Exception {
        try (var data = DataDirectory.open(folder)) {
            var secret = data.secret("a.secret");

            assertThat(secret).hasSize(43).isEqualTo(data.secret("a.secret"));
            assertThat(data.secret("b.secret")).isNotEqualTo(secret);
        }
    }
}
