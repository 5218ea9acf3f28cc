package com.cognitionos.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IdsTest {

    @Test
    void idsOfOneMillisecondSortAsTheyWereMade() {
        List<UUID> made = IntStream.range(0, 20_000).mapToObj(i -> Ids.next()).toList();

        assertThat(made).extracting(UUID::toString).isSorted().doesNotHaveDuplicates();
        assertThat(made).allSatisfy(id -> {
            assertThat(id.version()).isEqualTo(7);
            assertThat(id.variant()).isEqualTo(2);
        });
    }
}
