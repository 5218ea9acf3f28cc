package com.cognitionos.tenancy.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.cognitionos.kernel.Problem;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** TEN-1: the moves of SPEC section 2, and no others. */
class TenantStatusTest {

    private static final Set<String> ALLOWED = Set.of(
            "PENDING>TRIAL",
            "PENDING>ACTIVE",
            "TRIAL>ACTIVE",
            "TRIAL>SUSPENDED",
            "TRIAL>CHURNED",
            "ACTIVE>SUSPENDED",
            "ACTIVE>CHURNED",
            "SUSPENDED>ACTIVE",
            "SUSPENDED>CHURNED");

    @ParameterizedTest
    @EnumSource
    void everyMoveIsAllowedOrAConflict(TenantStatus from) {
        for (TenantStatus to : TenantStatus.values()) {
            if (ALLOWED.contains(from + ">" + to)) {
                assertThat(from.moveTo(to)).isEqualTo(to);
            } else {
                assertThatExceptionOfType(Problem.class)
                        .isThrownBy(() -> from.moveTo(to))
                        .matches(problem -> problem.kind() == Problem.Kind.CONFLICT);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"ab", "A-team", "1two", "api", "-abc", "with space", "mail", "x_y_z", "äöü"})
    void badSlugsAreRefused(String slug) {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> new Slug(slug))
                .matches(problem -> problem.kind() == Problem.Kind.INVALID);
    }

    @ParameterizedTest
    @CsvSource({
        "Northwind Labs,northwind-labs",
        "Łódź & Söhne GmbH,odz-sohne-gmbh",
        "7 Seas,seas",
        "API,team-api",
        "株式会社,team-new",
        "X,team-x",
        "--,team-new"
    })
    void aCompanyNameBecomesASlug(String company, String slug) {
        assertThat(Slug.propose(company)).isEqualTo(slug);
        assertThat(new Slug(Slug.propose(company)).value()).isEqualTo(slug);
    }
}
