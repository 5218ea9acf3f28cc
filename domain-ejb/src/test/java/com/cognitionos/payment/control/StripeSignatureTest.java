package com.cognitionos.payment.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.exception.SignatureVerificationException;
import com.stripe.net.Webhook;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** PAY-14, held against Stripe's own library. */
class StripeSignatureTest {

    private static final String BODY = "{\"id\": \"evt_1\", \"object\": \"event\"}";
    private static final String SECRET = "whsec_first";

    private static String hmac(String secret, long second) throws GeneralSecurityException {
        return Webhook.Util.computeHmacSha256(secret, second + "." + BODY);
    }

    private static boolean isBy(String header, String... secrets) {
        return StripeSignature.parse(header)
                .filter(signature -> signature.isBy(List.of(secrets), BODY.getBytes(StandardCharsets.UTF_8)))
                .isPresent();
    }

    @Test
    void aSignatureOfOneOfTheSecretsIsEnough() throws Exception {
        String good = hmac(SECRET, 1_000);

        assertThat(isBy("t=1000,v1=" + good, SECRET)).isTrue();
        assertThat(isBy("t=1000,v1=" + good, "whsec_other", SECRET)).isTrue();
        assertThat(isBy("t=1000,v1=" + "0".repeat(64) + ",v1=" + good + ",v0=x", SECRET))
                .isTrue();
        assertThat(isBy("t=1000, v1=" + good, SECRET)).isTrue();
    }

    @Test
    void anotherSecretSecondOrBodyIsNot() throws Exception {
        String good = hmac(SECRET, 1_000);

        assertThat(isBy("t=1000,v1=" + good, "whsec_other")).isFalse();
        assertThat(isBy("t=1001,v1=" + good, SECRET)).isFalse();
        assertThat(isBy("t=1000,v0=" + good, SECRET)).isFalse();
        assertThat(isBy("t=1000,v1=" + good.substring(1), SECRET)).isFalse();
        assertThat(StripeSignature.parse("t=1000,v1=" + good)
                        .orElseThrow()
                        .isBy(List.of(SECRET), (BODY + " ").getBytes(StandardCharsets.UTF_8)))
                .isFalse();
    }

    @Test
    void whatIsNoHeaderIsNone() {
        for (String header : new String[] {
            null, "", "t=1000", "v1=abc", "t=x,v1=abc", "t=-1,v1=abc", "t=1,t=2,v1=abc", "t=1,v1=" + "a".repeat(5_000)
        }) {
            assertThat(StripeSignature.parse(header)).as("%s", header).isEmpty();
        }
    }

    @Test
    void itHoldsForFiveMinutesEitherWay() throws Exception {
        StripeSignature signature =
                StripeSignature.parse("t=1000,v1=" + hmac(SECRET, 1_000)).orElseThrow();

        assertThat(signature.isFresh(Instant.ofEpochSecond(1_300))).isTrue();
        assertThat(signature.isFresh(Instant.ofEpochSecond(1_301))).isFalse();
        assertThat(signature.isFresh(Instant.ofEpochSecond(700))).isTrue();
        assertThat(signature.isFresh(Instant.ofEpochSecond(699))).isFalse();
    }

    @Test
    void stripesLibraryTakesWhatIsTakenHere() throws Exception {
        long now = Webhook.Util.getTimeNow();
        String header = "t=" + now + ",v1=" + hmac(SECRET, now);

        assertThat(Webhook.Signature.verifyHeader(BODY, header, SECRET, 300)).isTrue();
        assertThat(isBy(header, SECRET)).isTrue();
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> Webhook.Signature.verifyHeader(BODY, header, "whsec_other", 300)))
                .isInstanceOf(SignatureVerificationException.class);
    }
}
