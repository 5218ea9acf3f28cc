package com.cognitionos.identity.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.cognitionos.kernel.Problem;
import org.junit.jupiter.api.Test;

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

    @Test
    void aPasswordIsNotCutAtTheLimit() {
        String longest = "y".repeat(128);
        assertThat(passwords.matches(longest + "z", passwords.hash(longest))).isFalse();
    }
}
