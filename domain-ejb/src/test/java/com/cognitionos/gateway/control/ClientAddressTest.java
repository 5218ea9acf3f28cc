package com.cognitionos.gateway.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** GAT-7: who counts as one client. */
class ClientAddressTest {

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 192.0.2.7",
        "::ffff:192.0.2.7, 192.0.2.7",
        "2001:db8:1:2:3:4:5:6, 2001:db8:1:2::/64",
        "2001:db8:1:2:ffff::, 2001:db8:1:2::/64",
        "2001:db8:1:3::1, 2001:db8:1:3::/64",
        "[2001:db8:1:3::1], 2001:db8:1:3::/64",
        "fe80::1%eth0, fe80:0:0:0::/64",
        "0:0:0:0:0:0:0:1, 0:0:0:0::/64",
        "example.org, unknown",
        "'', unknown",
        "1.2.3.4.5.6, unknown",
        "a:b, unknown"
    })
    void anIpv4AddressOrAnIpv6Network(String address, String subject) {
        assertThat(ClientAddress.subject(address)).isEqualTo(subject);
    }
}
