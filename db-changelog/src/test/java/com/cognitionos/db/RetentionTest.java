package com.cognitionos.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** MET-18: months of usage records that are dropped. */
class RetentionTest {

    private static final String TENANT = "00000000-0000-7000-8000-000000000001";

    private static EmptyDatabase database;

    @BeforeAll
    static void start() throws Exception {
        database = new EmptyDatabase();
    }

    @AfterAll
    static void stop() throws Exception {
        database.close();
    }

    @Test
    void wholeMonthsGoAndLevelsHoldOn() throws SQLException {
        try (Connection owner = database.connect("seller");
                Statement statement = owner.createStatement()) {
            Migrations.migrate(owner);
            EmptyDatabase.column(owner, "SELECT usage_partitions_ahead('2024-01-01', 4)");
            statement.execute("ALTER TABLE usage_records NO FORCE ROW LEVEL SECURITY");
            for (String record : List.of(
                    "'first', 'storage_mb', 5, '2023-12-31T23:00:00Z'",
                    "'sum', 'tokens', 1, '2024-01-10T00:00:00Z'",
                    "'low', 'storage_mb', 10, '2024-01-10T00:00:00Z'",
                    "'high', 'storage_mb', 20, '2024-01-20T00:00:00Z'",
                    "'next', 'tokens', 2, '2024-02-29T23:59:59.999999Z'",
                    "'kept', 'tokens', 4, '2024-03-01T00:00:00Z'")) {
                statement.execute("INSERT INTO usage_records (tenant_id, event_id, meter, quantity, counted_at,"
                        + " occurred_at, received_at) SELECT '" + TENANT + "', v.*, now(), now() FROM (VALUES ("
                        + record + "::timestamptz)) AS v");
            }
            assertThat(EmptyDatabase.column(owner, "SELECT usage_records_astray()"))
                    .containsExactly("1 of 2023-12 to 2023-12");

            assertThat(EmptyDatabase.column(owner, "SELECT usage_records_dropped('2024-02-29')"))
                    .containsExactly("1");
            assertThat(records(owner)).containsExactly("high", "kept", "next");
            assertThat(EmptyDatabase.column(owner, "SELECT usage_records_dropped('2024-03-01')"))
                    .containsExactly("1");
            assertThat(records(owner)).containsExactly("high", "kept");
            assertThat(EmptyDatabase.column(owner, "SELECT usage_records_dropped('2024-03-01')"))
                    .containsExactly("0");

            // A level that was read before the months that are left stays where it counted.
            assertThat(EmptyDatabase.column(
                            owner,
                            "SELECT quantity || ' at ' || counted_at AT TIME ZONE 'UTC' FROM usage_records_before"))
                    .containsExactly("20.000000 at 2024-01-20 00:00:00");
            assertThat(EmptyDatabase.column(owner, "SELECT usage_records_astray()"))
                    .containsOnlyNulls();
        }
    }

    private static List<String> records(Connection owner) throws SQLException {
        return EmptyDatabase.column(owner, "SELECT event_id FROM usage_records ORDER BY 1");
    }
}
