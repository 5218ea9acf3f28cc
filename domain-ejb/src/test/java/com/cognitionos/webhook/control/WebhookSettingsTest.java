package com.cognitionos.webhook.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cognitionos.kernel.Egress;
import com.cognitionos.kernel.Problem;
import java.net.URI;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookSettingsTest {

    @ParameterizedTest
    @DisplayName("WHK-1: unless it is configured nothing of one's own network is an endpoint, nor reached as one")
    @ValueSource(
            strings = {
                "http://localhost:8080/hook",
                "https://localhost/hook",
                "https://127.0.0.1/hook",
                "https://[::ffff:10.0.0.1]/hook",
                "https://169.254.169.254/latest/meta-data/",
                "http://example.org/hook"
            })
    void thePublicInternetAlone(String url) {
        WebhookSettings settings = new WebhookSettings();
        assertThatThrownBy(() -> settings.check("url", url))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.errors())
                                .singleElement()
                                .satisfies(error -> assertThat(error.pointer()).isEqualTo("/url")));
        assertThatThrownBy(() -> settings.egress().send(Egress.Request.get(URI.create(url), "*/*")))
                .isInstanceOf(Egress.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.org/hook?a=b",
                "http://localhost:8080/hook",
                "http://127.0.0.1/",
                "http://[::1]:8080/",
                "https://10.0.0.1/hook"
            })
    void whereItIsConfiguredOnesOwnNetworkToo(String url) {
        assertThatCode(() -> new WebhookSettings(true).check("url", url)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @DisplayName("WHK-1: without TLS only on the machine itself")
    @ValueSource(
            strings = {
                "http://10.0.0.1/hook",
                "http://example.org/hook",
                "http://localhost.example.org/",
                "http://127.0.0.1.example.org/",
                "ftp://localhost/"
            })
    void withoutTlsOnTheMachineItself(String url) {
        assertThatThrownBy(() -> new WebhookSettings(true).check("url", url)).isInstanceOf(Problem.class);
    }
}
