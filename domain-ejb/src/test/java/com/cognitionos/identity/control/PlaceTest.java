package com.cognitionos.identity.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** IDE-5: what counts as one place. */
class PlaceTest {

    @Test
    void anIpv6NetworkIsOnePlace() {
        assertThat(Place.of("2001:db8:1:2::1"))
                .isEqualTo(Place.of("2001:DB8:1:2:ffff:ffff:ffff:ffff"))
                .isEqualTo(Place.of("2001:db8:1:2::1%eth0"))
                .isNotEqualTo(Place.of("2001:db8:1:3::1"));
    }

    @Test
    void anIpv4AddressIsOnePlaceHoweverItIsWritten() {
        assertThat(Place.of("192.0.2.1"))
                .isEqualTo(Place.of("::ffff:192.0.2.1"))
                .isNotEqualTo(Place.of("192.0.2.2"));
    }

    @Test
    void aNameIsNeverLookedUp() {
        assertThat(Place.of("localhost")).isEqualTo("localhost");
        assertThat(Place.of("face.beef.")).isEqualTo("face.beef.");
        assertThat(Place.of(null)).isNotEqualTo(Place.of(""));
    }
}
