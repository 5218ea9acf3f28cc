package com.cognitionos.invoicing.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.cognitionos.kernel.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SellerTest {

    private static Seller seller(
            String country, @Nullable String tax, @Nullable String email, @Nullable String iban, @Nullable String bic) {
        return new Seller(" Seller ", " 1 Street \n\n Town ", country, tax, " ", email, iban, bic, "");
    }

    @Test
    @DisplayName("Blank is unknown; codes are in capitals and without spaces, addresses without empty lines")
    void tidy() {
        Seller seller = seller("de", " DE123456789 ", null, "de89 3704 0044 0532 0130 00", "cobadeff");
        assertThat(seller.checked())
                .isEqualTo(new Seller(
                        "Seller",
                        "1 Street\nTown",
                        "DE",
                        "DE123456789",
                        null,
                        null,
                        "DE89370400440532013000",
                        "COBADEFF",
                        null));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "XX, -, -, -, -, /country",
                "DE, 12345, -, -, -, /tax_number",
                "DE, -, nobody, -, -, /email",
                "DE, -, -, DE88370400440532013000, -, /iban",
                "DE, -, -, DE89, -, /iban",
                "DE, -, -, DE89370400440532013000, COBA, /bic",
                "DE, -, -, -, COBADEFFXXX, /bic"
            })
    @DisplayName("What is wrong is named by its field")
    void wrong(String country, String tax, String email, String iban, String bic, String field) {
        assertThat(faults(seller(country, tax, email, iban, bic))).containsExactly(field);
    }

    @Test
    @DisplayName(
            "A tax number outside of the EU has whatever form; lengths have their limits, all faults are told at once")
    void limits() {
        assertThat(seller("US", "12-3456789", "a@b.example", null, null)
                        .checked()
                        .taxNumber())
                .isEqualTo("12-3456789");
        Seller wrong = new Seller(
                "", "a".repeat(501), "US", "1".repeat(51), "1".repeat(51), null, null, null, "a".repeat(501));
        assertThat(faults(wrong))
                .containsExactly("/legal_name", "/address", "/tax_number", "/registration_number", "/payment_terms");
    }

    private static List<String> faults(Seller seller) {
        return catchThrowableOfType(Problem.class, seller::checked).errors().stream()
                .map(Problem.FieldError::pointer)
                .toList();
    }
}
