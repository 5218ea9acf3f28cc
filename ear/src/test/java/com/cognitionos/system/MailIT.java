package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** MAI-1, MAI-2, MAI-5: the product and a real mail server. */
@OwnProduct
class MailIT {

    @Test
    void mailsGoOutOnceTheServerIsThereAndLinkToTheConfiguredAddress() throws Exception {
        int port = Product.freePort();
        Map<String, String> environment = Map.of(
                "COGNITIONOS_DEMO", "false",
                "COGNITIONOS_MAIL_HOST", "localhost",
                "COGNITIONOS_MAIL_PORT", Integer.toString(port),
                "COGNITIONOS_MAIL_STARTTLS", "false",
                "COGNITIONOS_MAIL_FROM", "Billing <billing@cognition.example>",
                "COGNITIONOS_BASE_URL", "https://billing.cognition.example/");
        try (Product product = Product.startLean("mail", environment)) {
            product.api()
                    .with("X-Forwarded-Host", "evil.example")
                    .post("/v3/staff/invitations", "{\"email\": \"olga@example.org\", \"role\": \"finance\"}")
                    .expect(201);
            // Nobody listens yet: it is tried again.
            Await.until("an attempt", 60, () -> serverLog(product).contains("Could not send mail"));
            assertThat(serverLog(product)).doesNotContain("/invitation?token=");
            GreenMail server = new GreenMail(new ServerSetup(port, "localhost", ServerSetup.PROTOCOL_SMTP));
            server.start();
            try {
                Await.until("the mail", 120, () -> server.getReceivedMessages().length > 0);
                MimeMessage mail = server.getReceivedMessages()[0];
                assertThat(mail.getFrom()[0]).hasToString("Billing <billing@cognition.example>");
                assertThat(mail.getAllRecipients()[0]).hasToString("olga@example.org");
                assertThat(mail.getMessageID()).endsWith("@cognition.example>");
                assertThat(mail.getContent().toString())
                        .containsPattern("https://billing\\.cognition\\.example/invitation\\?token=[\\w-]{43}\\s");

                product.api()
                        .post("/v3/staff/invitations", "{\"email\": \"pia@example.org\", \"role\": \"reviewer\"}")
                        .expect(201);
                Await.until("the second mail", 10, () -> server.getReceivedMessages().length > 1);
            } finally {
                server.stop();
            }
        }
    }

    private static String serverLog(Product product) {
        try {
            return Files.readString(product.data().resolve("logs").resolve("messages.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
