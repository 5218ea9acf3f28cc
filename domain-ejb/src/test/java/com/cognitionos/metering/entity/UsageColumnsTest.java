package com.cognitionos.metering.entity;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** MET-22: what the columns of a file mean. */
class UsageColumnsTest {

    private static UsageColumns columns(String... header) {
        return UsageColumns.of(List.of(header)).columns();
    }

    private static List<String> faults(String... header) {
        return UsageColumns.of(List.of(header)).faults();
    }

    @Test
    void theOrderOfColumnsIsFreeAndOthersAreProperties() {
        UsageColumns.Row row = columns("region", "Quantity", "Event ID", "meter", "occurred_at", "subject", "model")
                .read(List.of("e\"u", " 1.50 ", "a-1", " tokens ", "2026-01-31 10:00:00+01:00", "user 7", ""));

        assertThat(row.fault()).isNull();
        assertThat(row.event())
                .isEqualTo(new UsageEvent(
                        "a-1",
                        "tokens",
                        new BigDecimal("1.50"),
                        Instant.parse("2026-01-31T09:00:00Z"),
                        "user 7",
                        "{\"region\":\"e\\\"u\"}"));
    }

    @Test
    void propertiesAreInOrderAndWhatIsLeftOutStaysOut() {
        assertThat(columns("id", "meter", "quantity", "z", "a")
                        .read(List.of("1", "tokens", "0", "last", "first"))
                        .event())
                .isEqualTo(
                        new UsageEvent("1", "tokens", BigDecimal.ZERO, null, null, "{\"a\":\"first\",\"z\":\"last\"}"));
        assertThat(columns("id", "meter", "quantity", "timestamp", "subject", "a")
                        .read(List.of("1", "tokens", "0", "", " ", ""))
                        .event())
                .isEqualTo(new UsageEvent("1", "tokens", BigDecimal.ZERO, null, null, null));
    }

    @Test
    void theFirstLineIsRefusedWithAllThatIsWrongWithIt() {
        assertThat(faults("a", "b"))
                .containsExactly(
                        "The column event_id is missing; the first line must name the columns.",
                        "The column meter is missing; the first line must name the columns.",
                        "The column quantity is missing; the first line must name the columns.");
        assertThat(faults("id", "event_id", "meter", "quantity", "", "x", "x", "Properties", "y".repeat(256)))
                .containsExactly(
                        "The columns id and event_id mean the same; leave one out.",
                        "Column 5 has no name.",
                        "The column x stands there twice.",
                        "Instead of a column properties, give each property a column of its own.",
                        "The name of column 9 has more than 255 characters.");
        List<String> wide = new ArrayList<>(List.of("id", "meter", "quantity"));
        for (int i = 0; i < 98; i++) {
            wide.add("c" + i);
        }
        assertThat(UsageColumns.of(wide).faults()).containsExactly("There are 101 columns; a file may have 100.");
        assertThat(UsageColumns.of(wide.subList(0, 100)).faults()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|tokens|1|''|invalid_id",
                "' '|tokens|1|''|invalid_id",
                "a|' '|1|''|malformed",
                "a|tokens|''|''|invalid_quantity",
                "a|tokens|1,5|''|invalid_quantity",
                "a|tokens|NaN|''|invalid_quantity",
                "a|tokens|1e2000|''|invalid_quantity",
                "a|tokens|1|2026-01-31|invalid_timestamp",
                "a|tokens|1|2026-01-31T10:00:00|invalid_timestamp",
                "a|tokens|1|31.01.2026 10:00|invalid_timestamp",
            })
    void aRowThatIsNoEventSaysWhy(String id, String meter, String quantity, String time, String code) {
        UsageColumns.Row row = columns("id", "meter", "quantity", "timestamp").read(List.of(id, meter, quantity, time));

        assertThat(row.event()).isNull();
        assertThat(row.fault()).extracting(UsageColumns.Fault::code).isEqualTo(code);
    }

    @Test
    void aRowHasAsManyCellsAsTheFirstLine() {
        UsageColumns columns = columns("id", "meter", "quantity");
        assertThat(columns.read(List.of("a", "tokens")).fault().detail())
                .isEqualTo("The line has 2 cells, the first line has 3.");
        assertThat(columns.read(List.of("a", "tokens", "1", "")).fault().code()).isEqualTo("malformed");
    }

    @Test
    void rejectedRowsAreSafeAndKeepTheirPlaces() {
        UsageColumns columns = columns("id", "meter", "quantity", "=note");
        UsageColumns.Fault why = new UsageColumns.Fault("invalid_quantity", "Why.");

        assertThat(columns.headerOfRejected())
                .containsExactly(
                        "id", "meter", "quantity", "'=note", "rejected_line", "rejected_code", "rejected_reason");
        assertThat(columns.rejected(List.of("=1+1", "@sum", "-5", "'=kept"), 7, why))
                .containsExactly("'=1+1", "'@sum", "'-5", "''=kept", "7", "invalid_quantity", "Why.");
        assertThat(columns.rejected(List.of("a"), 8, why))
                .containsExactly("a", "", "", "", "8", "invalid_quantity", "Why.");
    }

    @Property(tries = 500)
    void aFileOfRejectedRowsReadsAsTheRowsThatItIsOf(
            @ForAll @StringLength(max = 6) String start, @ForAll @StringLength(max = 12) String property) {
        UsageColumns columns = columns("id", "meter", "quantity", "=x");
        for (String mark : List.of("", "'", "''", "=", "'=", "''-", "@", "+", "\t")) {
            List<String> cells = List.of("i" + start, "tokens", "1", mark + property);
            UsageColumns.Fault why = new UsageColumns.Fault("too_late", "-");
            UsageColumns again = UsageColumns.of(columns.headerOfRejected()).columns();

            List<String> rejected = columns.rejected(cells, 3, why);

            assertThat(rejected).noneMatch(cell -> !cell.isEmpty() && "=+-@\t\r".indexOf(cell.charAt(0)) >= 0);
            assertThat(again.read(rejected)).isEqualTo(columns.read(cells));
            assertThat(again.headerOfRejected()).isEqualTo(columns.headerOfRejected());
            assertThat(again.rejected(rejected, 3, why)).isEqualTo(rejected);
        }
    }
}
