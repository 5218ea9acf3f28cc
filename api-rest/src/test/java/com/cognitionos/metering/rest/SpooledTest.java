package com.cognitionos.metering.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class SpooledTest {

    @TempDir
    private Path folder;

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void nothingIsLeftOfAServerThatIsKilled() throws IOException {
        byte[] bytes = "id,meter\n1,tokens\n".repeat(5_000).getBytes(StandardCharsets.UTF_8);
        try (Spooled spooled = Spooled.of(new ByteArrayInputStream(bytes), folder)) {
            assertThat(folder).isEmptyDirectory();
            assertThat(spooled.size()).isEqualTo(bytes.length);
            assertThat(spooled.content().readAllBytes()).isEqualTo(bytes);
        }
    }

    @Test
    void nothingIsLeftOfABodyThatBreaksOff() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("gone");
            }
        };
        InputStream body = new SequenceInputStream(new ByteArrayInputStream(new byte[100_000]), broken);
        assertThatThrownBy(() -> Spooled.of(body, folder)).hasMessage("gone");
        assertThat(folder).isEmptyDirectory();
    }
}
