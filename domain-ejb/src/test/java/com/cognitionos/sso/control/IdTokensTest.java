package com.cognitionos.sso.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.opts.AllowWeakRSAKey;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.token.BearerAccessToken;
import com.nimbusds.openid.connect.sdk.Nonce;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** SSO-2: which ID tokens count. */
class IdTokensTest {

    private static final String ISSUER = "https://login.example.com";
    private static final String CLIENT = "cognitionos";
    private static final String NONCE = "n-0S6_WzA2Mj";
    private static final URI JWKS = URI.create("https://login.example.com/jwks");
    private static final BearerAccessToken ACCESS = new BearerAccessToken("an-access-token");
    private static final UUID TENANT = UUID.randomUUID();

    private static final RSAKey KEY = rsa("one", 2048);
    private static final RSAKey OTHER = rsa("two", 2048);

    private final AtomicLong now = new AtomicLong(1_000_000);
    private final AtomicInteger fetched = new AtomicInteger();
    private JWKSet shown = new JWKSet(KEY.toPublicJWK());
    private final KeySets keys = new KeySets(
            address -> {
                fetched.incrementAndGet();
                return shown;
            },
            now::get);

    private static RSAKey rsa(String id, int bits) {
        try {
            return new RSAKeyGenerator(bits, true).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JWTClaimsSet.Builder claims() {
        long now = System.currentTimeMillis();
        return new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .subject("248289761001")
                .audience(CLIENT)
                .issueTime(new Date(now - 5_000))
                .expirationTime(new Date(now + 300_000))
                .claim("nonce", NONCE);
    }

    private static JWT signed(UnaryOperator<JWTClaimsSet.Builder> change) throws Exception {
        return signed(change.apply(claims()).build(), JWSAlgorithm.RS256, "one", new RSASSASigner(KEY));
    }

    private static JWT signed(JWTClaimsSet claims, JWSAlgorithm algorithm, String key, JWSSigner signer)
            throws Exception {
        SignedJWT token =
                new SignedJWT(new JWSHeader.Builder(algorithm).keyID(key).build(), claims);
        token.sign(signer);
        return JWTParser.parse(token.serialize());
    }

    private String validate(JWT token) throws Exception {
        return validate(token, List.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256));
    }

    private String validate(JWT token, List<JWSAlgorithm> announced) throws Exception {
        return IdTokens.validate(
                        token,
                        new Issuer(ISSUER),
                        new ClientID(CLIENT),
                        IdTokens.accepted(announced),
                        keys.of(TENANT, JWKS),
                        new Nonce(NONCE),
                        ACCESS)
                .getSubject()
                .getValue();
    }

    private void refused(JWT token) {
        assertThatThrownBy(() -> validate(token)).isInstanceOfAny(BadJOSEException.class, JOSEException.class);
    }

    @Test
    void aGoodOneCounts() throws Exception {
        assertThat(validate(signed(same -> same))).isEqualTo("248289761001");
        ECKey ec = new ECKeyGenerator(Curve.P_256).keyID("ec").generate();
        shown = new JWKSet(List.of(KEY.toPublicJWK(), ec.toPublicJWK()));
        now.addAndGet(60_000);
        assertThat(validate(signed(claims().build(), JWSAlgorithm.ES256, "ec", new ECDSASigner(ec))))
                .isNotEmpty();
    }

    @Test
    @DisplayName("SSO-2: issuer, audience, authorized party, times, nonce, subject")
    void eachClaimIsHeldAgainstWhatIsExpected() throws Exception {
        long present = System.currentTimeMillis();
        refused(signed(c -> c.issuer("https://evil.example.com")));
        refused(signed(c -> c.issuer(ISSUER + "/")));
        refused(signed(c -> c.issuer(null)));
        refused(signed(c -> c.audience("another-client")));
        refused(signed(c -> c.audience(List.of())));
        refused(signed(c -> c.audience(List.of(CLIENT, "another-client")).claim("azp", "another-client")));
        refused(signed(c -> c.claim("azp", "another-client")));
        refused(signed(c -> c.expirationTime(new Date(present - 120_000)).issueTime(new Date(present - 300_000))));
        refused(signed(c -> c.expirationTime(null)));
        refused(signed(c -> c.issueTime(new Date(present + 600_000)).expirationTime(new Date(present + 900_000))));
        refused(signed(c -> c.issueTime(null)));
        refused(signed(c -> c.claim("nonce", "another-nonce")));
        refused(signed(c -> c.claim("nonce", null)));
        refused(signed(c -> c.subject(null)));
        // Two clocks differ a little.
        assertThat(validate(signed(c -> c.expirationTime(new Date(present - 20_000)))))
                .isNotEmpty();
    }

    @Test
    @DisplayName("SSO-2: no token without a signature, none by another key or algorithm")
    void onlyTheProvidersSignatureCounts() throws Exception {
        refused(new PlainJWT(claims().build()));
        refused(signed(claims().build(), JWSAlgorithm.RS256, "one", new RSASSASigner(OTHER)));
        refused(signed(claims().build(), JWSAlgorithm.RS512, "one", new RSASSASigner(KEY)));
        String good = signed(same -> same).serialize();
        refused(JWTParser.parse(good.substring(0, good.lastIndexOf('.') + 1) + "AAAA"));
        refused(JWTParser.parse(good.substring(0, good.indexOf('.') + 1)
                + claims().subject("somebody else").build().toPayload().toBase64URL()
                + good.substring(good.lastIndexOf('.'))));
    }

    @Test
    @DisplayName("SSO-2: what is public is no secret: HMAC never counts, announced or not, even with such a key shown")
    void thePublicKeyIsNoSharedSecret() throws Exception {
        byte[] modulus = KEY.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8);
        JWT forged = signed(claims().build(), JWSAlgorithm.HS256, "one", new MACSigner(modulus));
        refused(forged);
        shown = new JWKSet(List.of(
                KEY.toPublicJWK(),
                new OctetSequenceKey.Builder(modulus).keyID("one").build()));
        assertThatThrownBy(() -> validate(forged, List.of(JWSAlgorithm.RS256, JWSAlgorithm.HS256)))
                .isInstanceOf(BadJOSEException.class);
        assertThatThrownBy(() -> validate(forged, List.of(JWSAlgorithm.HS256))).isInstanceOf(BadJOSEException.class);
        assertThat(IdTokens.accepted(List.of(JWSAlgorithm.HS256, new JWSAlgorithm("none"))))
                .isEmpty();
        assertThat(IdTokens.accepted(null)).isEqualTo(Set.of(JWSAlgorithm.RS256));
    }

    @Test
    void aWeakKeyDoesNotCount() throws Exception {
        RSAKey weak = rsa("weak", 1024);
        shown = new JWKSet(weak.toPublicJWK());
        JWT token = signed(
                claims().build(),
                JWSAlgorithm.RS256,
                "weak",
                new RSASSASigner(weak.toPrivateKey(), Set.of(AllowWeakRSAKey.getInstance())));
        refused(token);
    }

    @Test
    @DisplayName("SSO-2: at_hash, where there is one, belongs to the access token that came along")
    void theAccessTokenBelongsToIt() throws Exception {
        String right = leftHalf("an-access-token");
        String wrong = leftHalf("another");
        assertThat(validate(signed(c -> c.claim("at_hash", right)))).isNotEmpty();
        refused(signed(c -> c.claim("at_hash", wrong)));
    }

    private static String leftHalf(String token) throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.US_ASCII));
        return Base64URL.encode(Arrays.copyOf(hash, hash.length / 2)).toString();
    }

    @Test
    @DisplayName("SSO-8: an unknown key is asked for again, at most once a minute; keys are kept for ten minutes")
    void keysRotate() throws Exception {
        validate(signed(same -> same));
        validate(signed(same -> same));
        assertThat(fetched).hasValue(1);

        JWT rotated = signed(claims().build(), JWSAlgorithm.RS256, "two", new RSASSASigner(OTHER));
        shown = new JWKSet(OTHER.toPublicJWK());
        refused(rotated);
        refused(rotated);
        assertThat(fetched).as("within the minute").hasValue(1);
        now.addAndGet(60_000);
        assertThat(validate(rotated)).isNotEmpty();
        assertThat(fetched).hasValue(2);
        refused(signed(same -> same));
        assertThat(fetched)
                .as("the old key's token may not make us ask at once")
                .hasValue(2);

        now.addAndGet(600_000);
        validate(rotated);
        assertThat(fetched).hasValue(3);
    }

    @Test
    void onlySoMuchIsKept() {
        Kept<Integer, String> kept = new Kept<>(10);
        for (int i = 0; i < 100; i++) {
            kept.put(i, "x", 1_000);
        }
        assertThat(kept.size()).isEqualTo(10);
        assertThat(kept.get(99, 999)).isEqualTo("x");
        assertThat(kept.get(99, 1_000)).isNull();
        assertThat(kept.get(0, 0)).isNull();
    }
}
