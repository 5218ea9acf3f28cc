package com.cognitionos.metering.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cognitionos.kernel.Problem;
import jakarta.ws.rs.core.MediaType;
import org.junit.jupiter.api.Test;

class UsageUploadsResourceTest {

    @Test
    void aFileIsTextHoweverThatIsWritten() {
        UsageUploadsResource.requireText(new MediaType("text", "csv"));
        UsageUploadsResource.requireText(new MediaType("Text", "CSV"));
        UsageUploadsResource.requireText(new MediaType("text", "Tab-Separated-Values", "UTF-8"));
        assertRefused(null);
        assertRefused(new MediaType("application", "json"));
        assertRefused(new MediaType("text", "html"));
    }

    private static void assertRefused(MediaType type) {
        assertThatThrownBy(() -> UsageUploadsResource.requireText(type))
                .isInstanceOfSatisfying(Problem.class, problem -> {
                    assertThat(problem.kind()).isEqualTo(Problem.Kind.MEDIA_TYPE);
                    assertThat(problem).hasMessageContaining("text/csv");
                });
    }
}
