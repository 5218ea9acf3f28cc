package com.cognitionos.identity.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.cognitionos.kernel.Problem;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** IDE-1 to IDE-3. */
class PasswordsTest {

    private final Passwords passwords = new Passwords();

    @Test
    void aHashIsArgon2idWithTheListedParametersAndASaltOfItsOwn() {
        String hash = passwords.hash("correct horse battery");
        assertThat(hash).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
        assertThat(passwords.hash("correct horse battery")).isNotEqualTo(hash);
        assertThat(passwords.matches("correct horse battery", hash)).isTrue();
        assertThat(passwords.matches("Correct horse battery", hash)).isFalse();
    }

    @Test
    void nobodysPasswordIsNeverRight() {
        assertThat(passwords.matches("nobody has this password", null)).isFalse();
    }

    @Test
    void tooShortTooLongAndCommonOnesAreRefused() {
        for (String bad : new String[] {"elevenchars", "x".repeat(129), "PasswordPassword"}) {
            assertThatExceptionOfType(Problem.class).isThrownBy(() -> passwords.check(bad));
        }
        passwords.check("twelve chars");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password1234",
                "Password2026!",
                "P@ssw0rd2024!",
                "123456789012",
                "qwertyuiop123",
                "1q2w3e4r5t6y",
                "!@#$%^&*()_+",
                "iloveyou1234",
                "adminadminadmin",
                "aaaaaaaaaaaa",
                "abcabcabcabc",
                "x7x7x7x7x7x7",
                "Summer2025Summer",
                "letmein-letmein",
                "CognitionOS2026",
                "ada.moreau@northwind.example",
                "AdaMoreau1984!",
                "moreaumoreau",
                "northwind2026"
            })
    void whatAnybodyWouldTryIsRefused(String bad) {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> passwords.check(bad, "ada.moreau@northwind.example", "Ada Moreau"))
                .satisfies(problem -> assertThat(problem.errors().get(0).code()).isEqualTo("common"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a long enough password",
                "five words make a password",
                "correct horse battery staple",
                "demo-0a1b2c3d4e",
                "kT9#vLq2xWm4",
                "Zürich 北京 Δelta",
                "my dog eats the blue carpet"
            })
    void whatTakesMoreThanAGuessIsTaken(String good) {
        passwords.check(good, "ada.moreau@northwind.example", "Ada Moreau");
        passwords.check((good + " ").repeat(2).concat("and so on until it has sixty-four characters or more"));
    }

    /** As the demo world makes its own. */
    @Test
    void whatIsRandomIsTaken() {
        Random random = new Random(1);
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[6];
            random.nextBytes(bytes);
            passwords.check("demo-" + HexFormat.of().formatHex(bytes), "ada@northwind.example", "Ada Moreau");
        }
    }

    @Test
    void aPasswordIsNotCutAtTheLimit() {
        String longest = "y".repeat(128);
        assertThat(passwords.matches(longest + "z", passwords.hash(longest))).isFalse();
    }
}
