package com.cognitionos.metering.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cognitionos.kernel.Problem;
import com.cognitionos.metering.boundary.UsageEvents;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** MET-23: files that are being brought are bounded, of a tenant and in all. */
class UploadPlacesTest {

    private final UploadPlaces places = new UploadPlaces();

    @Test
    void aTenantLeavesTheOthersRoom() {
        UUID tenant = new UUID(1, 0);
        List<UsageEvents.Place> own = new ArrayList<>();
        for (int i = 0; i < UploadPlaces.MOST_OF_A_TENANT; i++) {
            own.add(places.enter(tenant));
        }
        assertRefused(tenant);
        places.enter(new UUID(1, 1)).close();
        own.remove(0).close();
        own.add(places.enter(tenant));
        assertRefused(tenant);
    }

    @Test
    void allOfThemHaveSoManyPlaces() {
        List<UsageEvents.Place> all = new ArrayList<>();
        for (int i = 0; i < UploadPlaces.MOST; i++) {
            all.add(places.enter(new UUID(1, i)));
        }
        UUID late = new UUID(2, 0);
        assertRefused(late);
        all.remove(0).close();
        all.add(places.enter(late));
        assertRefused(new UUID(2, 1));
        all.forEach(UsageEvents.Place::close);
        places.enter(late).close();
    }

    private void assertRefused(UUID tenant) {
        assertThatThrownBy(() -> places.enter(tenant)).isInstanceOfSatisfying(Problem.class, problem -> {
            assertThat(problem.kind()).isEqualTo(Problem.Kind.UNAVAILABLE);
            assertThat(problem.code()).isEqualTo("overloaded");
            assertThat(problem.retryAfterSeconds()).isPositive();
        });
    }
}
