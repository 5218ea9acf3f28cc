package com.cognitionos.tenancy.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.cognitionos.kernel.Problem;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("TEN-6: a billing profile")
class BillingProfileTest {

    private static BillingProfile profile(String country, String region, String taxNumber) {
        return new BillingProfile("  Buyer ", "Street 1", " ", "10115", "Berlin", region, country, taxNumber, false);
    }

    private static List<String> faults(BillingProfile profile) {
        Problem problem = catchThrowableOfType(Problem.class, profile::checked);
        return problem == null
                ? List.of()
                : problem.errors().stream().map(Problem.FieldError::pointer).toList();
    }

    @Test
    void isTidiedUp() {
        BillingProfile tidy = profile("de", "be", "DE 123.456.789").checked();
        assertThat(tidy.legalName()).isEqualTo("Buyer");
        assertThat(tidy.addressLine2()).isNull();
        assertThat(tidy.country()).isEqualTo("DE");
        assertThat(tidy.region()).isEqualTo("BE");
        assertThat(tidy.address()).isEqualTo("Street 1\n10115 Berlin");
        assertThat(BillingProfile.EMPTY.checked().address()).isNull();
    }

    @Test
    void namesEachFieldAtFault() {
        assertThat(faults(profile("XX", "TOOLONG", "DE1"))).containsExactly("/country", "/region");
        assertThat(faults(profile("FR", null, "DE1"))).containsExactly("/tax_number");
        assertThat(faults(profile(null, "BE", "DE1"))).containsExactly("/region", "/tax_number");
        assertThat(faults(profile("CH", null, "CHE-123.456.789"))).isEmpty();
        assertThat(faults(new BillingProfile("x".repeat(256), null, null, null, null, null, null, null, false)))
                .containsExactly("/legal_name");
    }
}
