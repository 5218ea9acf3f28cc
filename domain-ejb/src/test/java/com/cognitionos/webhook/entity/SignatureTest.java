package com.cognitionos.webhook.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SignatureTest {

    private static final String BODY = "{\"type\":\"invoice.paid\",\"data\":{\"name\":\"B\u00fccher & \u6f22\u5b57\"}}";

    private final long now = Instant.now().getEpochSecond();

    private Map<String, List<String>> headers(String id, long seconds, String signature) {
        return Map.of(
                "webhook-id", List.of(id),
                "webhook-timestamp", List.of(Long.toString(seconds)),
                "webhook-signature", List.of(signature));
    }

    private String signed(List<byte[]> secrets, String id, long seconds) {
        return Signature.header(secrets, id, seconds, BODY.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    @DisplayName("WHK-3: the standard's own example comes out as it does there")
    void theExampleOfTheStandard() {
        byte[] secret = Base64.getDecoder().decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        assertThat(Signature.header(
                        List.of(secret),
                        "msg_p5jXN8AQM9LWM0D4loKWxJek",
                        1_614_265_330,
                        "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    @DisplayName("WHK-3: the official library verifies what was signed, and nothing that was changed")
    void theOfficialLibraryVerifies() throws Exception {
        byte[] secret = Signature.newSecret();
        Webhook receiver = new Webhook(Signature.shown(secret));
        String signature = signed(List.of(secret), "id-1", now);

        assertThatCode(() -> receiver.verify(BODY, headers("id-1", now, signature)))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> receiver.verify(BODY + " ", headers("id-1", now, signature)))
                .isInstanceOf(WebhookVerificationException.class);
        assertThatThrownBy(() -> receiver.verify(BODY, headers("id-2", now, signature)))
                .isInstanceOf(WebhookVerificationException.class);
        assertThatThrownBy(() -> receiver.verify(BODY, headers("id-1", now + 1, signature)))
                .isInstanceOf(WebhookVerificationException.class);
    }

    @Test
    @DisplayName("WHK-4: within the overlap whoever has either secret can verify")
    void bothSecretsSign() throws Exception {
        byte[] present = Signature.newSecret();
        byte[] former = Signature.newSecret();
        String signature = signed(List.of(present, former), "id", now);

        for (byte[] secret : List.of(present, former)) {
            Webhook receiver = new Webhook(Signature.shown(secret));
            assertThatCode(() -> receiver.verify(BODY, headers("id", now, signature)))
                    .doesNotThrowAnyException();
        }
        Webhook stranger = new Webhook(Signature.shown(Signature.newSecret()));
        assertThatThrownBy(() -> stranger.verify(BODY, headers("id", now, signature)))
                .isInstanceOf(WebhookVerificationException.class);
    }

    @Test
    @DisplayName("WHK-4: a secret is whsec_ and 32 random bytes")
    void secretsAreRandom() {
        String shown = Signature.shown(Signature.newSecret());
        assertThat(shown).startsWith("whsec_");
        assertThat(Base64.getDecoder().decode(shown.substring(6))).hasSize(32);
        assertThat(Signature.newSecret()).isNotEqualTo(Signature.newSecret());
    }
}
