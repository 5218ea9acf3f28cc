package com.cognitionos.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** RUN-4: one root, one secret for each purpose, the same everywhere. */
class SecretsTest {

    @Test
    void secretIsTheSameOnEveryNodeAndOnNoOtherInstallation() {
        var secret = new Secrets("root").of("cog_app");

        // printf 'cognitionos cog_app' | openssl dgst -sha256 -hmac root -binary | basenc --base64url
        assertThat(secret).isEqualTo("5NfJ6GqoyFykBSVVO_vkb2Rt1mPTBybXpf5hdB6x6MY");
        assertThat(new Secrets("root").of("cog_jobs")).isNotEqualTo(secret);
        assertThat(new Secrets("other").of("cog_app")).isNotEqualTo(secret);
    }
}
