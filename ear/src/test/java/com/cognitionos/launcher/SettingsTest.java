package com.cognitionos.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RUN-1: what has no meaning is refused with the name of the variable. */
class SettingsTest {

    private static final Path HOME = Path.of("/srv/cognitionos");

    @Test
    void defaultsNeedNoEnvironment() throws StartFailure {
        var settings = Settings.of(Map.of("COGNITIONOS_DB_URL", " "), HOME);

        assertThat(settings.baseUrl()).isEqualTo("http://localhost:9080");
        assertThat(settings.data()).isEqualTo(HOME.resolve(".data").toAbsolutePath());
        assertThat(settings.external()).isEmpty();
        assertThat(settings.demo()).isTrue();
        assertThat(settings.sessionCookie()).isEqualTo("cognitionos_session");
    }

    @Test
    void behindTlsTheSessionCookieIsBoundToTheHost() throws StartFailure {
        assertThat(Settings.of(Map.of("COGNITIONOS_TLS", "true"), HOME).sessionCookie())
                .isEqualTo("__Host-cognitionos_session");
    }

    @Test
    void jvmOptionsAreSeparatedByBlanks() throws StartFailure {
        assertThat(Settings.of(Map.of("COGNITIONOS_JVM_OPTIONS", " -Xmx4g\t -XX:+UseZGC "), HOME)
                        .jvmOptions())
                .containsExactly("-Xmx4g", "-XX:+UseZGC");
        assertThat(Settings.of(Map.of(), HOME).jvmOptions()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "paypal, '', '', COGNITIONOS_BILLING_PROVIDER",
        "stripe, '', '', COGNITIONOS_STRIPE_API_KEY",
        "stripe, ' ', '', COGNITIONOS_STRIPE_API_KEY",
        "stripe, sk_test_1, localhost, COGNITIONOS_STRIPE_API_BASE",
        "stripe, sk_test_1, http://localhost/v1, COGNITIONOS_STRIPE_API_BASE",
    })
    void aProviderThatCouldNotBeCalled(String provider, String key, String base, String named) {
        assertThatExceptionOfType(StartFailure.class)
                .isThrownBy(() -> Settings.of(provider(provider, key, base), HOME))
                .withMessageContaining(named)
                .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain("sk_test_1"));
    }

    @Test
    void theProviderIsTheMockUnlessStripeIsSetUp() throws StartFailure {
        Settings.of(provider("mock", "", ""), HOME);
        assertThat(Settings.of(provider("stripe", "sk_test_1", "http://localhost:12111"), HOME)
                        .toString())
                .doesNotContain("sk_test_1");
    }

    private static Map<String, String> provider(String provider, String key, String base) {
        return Map.of(
                "COGNITIONOS_BILLING_PROVIDER", provider,
                "COGNITIONOS_STRIPE_API_KEY", key,
                "COGNITIONOS_STRIPE_API_BASE", base);
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "0", "65536", "-1", "9080x", "999999999999"})
    void portOutsideItsRange(String port) {
        assertThatExceptionOfType(StartFailure.class)
                .isThrownBy(() -> Settings.of(Map.of("COGNITIONOS_HTTP_PORT", port), HOME))
                .withMessageContainingAll("COGNITIONOS_HTTP_PORT", port, "1 to 65535");
    }

    @Test
    void externalDatabaseBringsNoDemoWorldUnlessAsked() throws StartFailure {
        var database = Map.of(
                "COGNITIONOS_DB_URL", "jdbc:postgresql://db/cog",
                "COGNITIONOS_DB_USER", "owner",
                "COGNITIONOS_DB_PASSWORD", "secret");

        assertThat(Settings.of(database, HOME).demo()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres://db/cog", "jdbc:mysql://db/cog", "jdbc:postgresql://db:port/cog", "db"})
    void urlThatIsNotOfPostgresql(String url) {
        assertThatExceptionOfType(StartFailure.class)
                .isThrownBy(() -> Settings.of(Map.of("COGNITIONOS_DB_URL", url), HOME))
                .withMessageContaining("COGNITIONOS_DB_URL");
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://db/cog?user=o&password=p, jdbc:postgresql://db/cog",
        "jdbc:postgresql://db/cog?user=o&sslmode=require&password=p, jdbc:postgresql://db/cog?sslmode=require",
    })
    void loginInTheUrlIsUsedButNotPassedOn(String url, String passedOn) throws StartFailure {
        var login =
                Settings.of(Map.of("COGNITIONOS_DB_URL", url), HOME).external().orElseThrow();

        assertThat(login).isEqualTo(new DatabaseLogin(passedOn, "o", "p"));
        assertThat(login.toString()).doesNotContain("password");
    }
}
