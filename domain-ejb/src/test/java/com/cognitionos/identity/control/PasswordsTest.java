package com.cognitionos.identity.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.cognitionos.kernel.Problem;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import me.gosimple.nbvcxz.resources.DictionaryUtil;
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
                "northwind2026",
                // From the list, alone and with a little added.
                "correct horse battery staple",
                "PolniyPizdec0211",
                "flvbybcnhfnjh",
                "Mailcreated5240",
                "chickenwing101",
                "SlipknotSlipknot",
                "slipknot2019!!",
                "Sl1pkn0t.2019"
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
                "incorrect horse battery staples",
                "demo-0a1b2c3d4e",
                "kT9#vLq2xWm4",
                "Zürich 北京 Δelta",
                "my dog eats the blue carpet"
            })
    void whatTakesMoreThanAGuessIsTaken(String good) {
        passwords.check(good, "ada.moreau@northwind.example", "Ada Moreau");
        passwords.check((good + " ").repeat(2).concat("and so on until it has sixty-four characters or more"));
    }

    @Test
    void everyCommonestPasswordThatIsLongEnoughIsRefused() {
        List<String> longOnes = DictionaryUtil.loadRankedDictionary(DictionaryUtil.passwords).keySet().stream()
                .filter(password -> password.length() >= Passwords.MIN_LENGTH)
                .toList();
        assertThat(longOnes).hasSizeGreaterThan(450).allMatch(CommonPasswords::contains);
        List<String> withAYear = DictionaryUtil.loadRankedDictionary(DictionaryUtil.passwords).keySet().stream()
                .filter(password -> password.length() >= 8 && password.length() < 12)
                .limit(3000)
                .map(password -> password + "2026")
                .toList();
        assertThat(withAYear).hasSize(3000).allMatch(CommonPasswords::contains);
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
