package com.cognitionos.mail.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.internet.MimeMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** MAI-2, MAI-4: the two ways out. */
class TransportTest {

    private static final Letter LETTER = new Letter(
            UUID.fromString("01980000-0000-7000-8000-000000000001"),
            "lukasz@example.org",
            "Grüße – 北京",
            "First line\n\nhttps://example.org/reset?token=abc\n",
            Instant.parse("2026-03-01T12:00:00Z"),
            1);

    @Test
    void aMailServerWithSignInTakesIt() throws Exception {
        GreenMail server = new GreenMail(new ServerSetup(0, "localhost", ServerSetup.PROTOCOL_SMTP));
        server.setUser("us@example.org", "us", "secret");
        server.start();
        try {
            int port = server.getSmtp().getPort();
            new Smtp("localhost", port, "us", "secret", "Us <us@example.org>", false).send(LETTER);
            MimeMessage mail = server.getReceivedMessages()[0];
            assertThat(mail.getSubject()).isEqualTo("Grüße – 北京");
            assertThat(mail.getMessageID()).isEqualTo("<" + LETTER.id() + "@example.org>");
            assertThat(mail.getContent().toString()).contains("https://example.org/reset?token=abc");
            assertThat(mail.getHeader("Auto-Submitted")).containsExactly("auto-generated");

            assertThatExceptionOfType(Transport.Undeliverable.class)
                    .as("a server without TLS, where TLS is asked for")
                    .isThrownBy(() -> new Smtp("localhost", port, "us", "secret", "us@example.org", true).send(LETTER));
            assertThatExceptionOfType(Transport.Undeliverable.class)
                    .isThrownBy(() -> new Smtp("localhost", port, "us", "wrong", "us@example.org", false).send(LETTER))
                    .satisfies(failure -> {
                        assertThat(failure.isForGood()).isFalse();
                        assertThat(failure).hasMessageNotContaining("wrong");
                    });
            assertThat(server.getReceivedMessages()).hasSize(1);
        } finally {
            server.stop();
        }
    }

    @Test
    void aServerThatIsNotThereIsTriedAgain() {
        assertThatExceptionOfType(Transport.Undeliverable.class)
                .isThrownBy(() -> new Smtp("localhost", 1, null, null, "us@example.org", false).send(LETTER))
                .satisfies(failure -> assertThat(failure.isForGood()).isFalse());
    }

    @Test
    void aFileIsTheOwnersAlone(@TempDir Path directory) throws Exception {
        MailFiles files = new MailFiles(directory.resolve("mail"), "Us <us@example.org>");
        assertThat(files.ids()).isEmpty();
        files.send(LETTER);
        files.send(LETTER);

        assertThat(files.ids()).containsExactly(LETTER.id());
        assertThat(files.read(LETTER.id()).getContent().toString()).contains("/reset?token=abc");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(directory.resolve("mail").resolve(LETTER.id() + ".eml"))))
                .isEqualTo("rw-------");
    }

    @Test
    void pausesGrowToFourHours() {
        assertThat(Outbox.pause(1)).isEqualTo(Duration.ofSeconds(30));
        assertThat(Outbox.pause(2)).isEqualTo(Duration.ofMinutes(1));
        assertThat(Outbox.pause(9)).isEqualTo(Duration.ofMinutes(128));
        assertThat(Outbox.pause(10)).isEqualTo(Duration.ofHours(4));
        assertThat(Outbox.pause(1_000)).isEqualTo(Duration.ofHours(4));
    }

    @Test
    void nothingOfALetterIsPrinted() {
        assertThat(LETTER.toString()).isEqualTo("mail " + LETTER.id());
    }
}
