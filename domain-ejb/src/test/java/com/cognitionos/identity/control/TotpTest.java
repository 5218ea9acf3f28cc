package com.cognitionos.identity.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** IDE-6, by the vectors of the RFCs. */
class TotpTest {

    private static final byte[] SECRET = "12345678901234567890".getBytes(StandardCharsets.US_ASCII);

    @ParameterizedTest
    @CsvSource({"59, 287082", "1111111109, 081804", "1111111111, 050471", "1234567890, 005924", "20000000000, 353130"})
    void codesOfRfc6238(long second, String code) {
        Instant at = Instant.ofEpochSecond(second);
        assertThat(Totp.code(SECRET, at)).isEqualTo(code);
        assertThat(Totp.step(SECRET, code, at, 0)).hasValue(second / 30);
        assertThat(Totp.step(SECRET, code, at.plusSeconds(30), 0)).hasValue(second / 30);
        assertThat(Totp.step(SECRET, code, at.plusSeconds(60), 0)).isEmpty();
        assertThat(Totp.step(SECRET, code, at, second / 30)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"f, MY", "fo, MZXQ", "foo, MZXW6", "foob, MZXW6YQ", "fooba, MZXW6YTB", "foobar, MZXW6YTBOI"})
    void base32OfRfc4648(String text, String encoded) {
        assertThat(Base32.encode(text.getBytes(StandardCharsets.US_ASCII))).isEqualTo(encoded);
    }

    @Property(tries = 100)
    void aCodeIsOfOneStepAndItsNeighboursAtMost(@ForAll @Size(20) byte[] secret) {
        Instant at = Instant.parse("2026-03-01T12:00:00Z");
        String code = Totp.code(secret, at);
        assertThat(code).matches("\\d{6}");
        assertThat(Totp.step(secret, code, at.plusSeconds(29), 0)).isPresent();
    }
}
