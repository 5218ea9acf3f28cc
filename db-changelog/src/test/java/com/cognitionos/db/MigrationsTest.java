package com.cognitionos.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every change goes forward and back on a real PostgreSQL, and what it builds keeps tenants apart. */
class MigrationsTest {

    private static final String OBJECTS = """
            SELECT 'table ' || relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v')
                AND relname NOT LIKE 'databasechangelog%'
            UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
            UNION ALL SELECT 'schema ' || nspname FROM pg_namespace WHERE nspname = 'batch'
            UNION ALL SELECT 'role ' || rolname FROM pg_roles WHERE rolname LIKE 'cog%' ORDER BY 1""";

    private static final int ALL = 1000;
    private static final String TAGS = "SELECT tag FROM databasechangelog WHERE tag IS NOT NULL";

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
    void everyChangeGoesForwardAndBack() throws SQLException {
        try (Connection owner = database.connect("seller")) {
            Migrations.rollback(owner, ALL);
            int changes = Migrations.migrate(owner);
            assertThat(changes).isGreaterThan(20);
            List<String> built = EmptyDatabase.column(owner, OBJECTS);
            assertThat(Migrations.migrate(owner)).as("nothing left to do").isZero();

            Migrations.rollback(owner, changes);
            assertThat(EmptyDatabase.column(owner, OBJECTS))
                    .as("what rollbacks leave")
                    .isEmpty();

            assertThat(Migrations.migrate(owner)).isEqualTo(changes);
            assertThat(EmptyDatabase.column(owner, OBJECTS)).isEqualTo(built);
        }
    }

    @Test
    void theVersionIsOfTheWholeTextAndGoesWithItsNewestChange() throws Exception {
        try (Stream<Path> folder = Files.list(Path.of(MigrationsTest.class
                .getClassLoader()
                .getResource("db/changelog")
                .toURI()))) {
            assertThat(Changelog.files())
                    .as("what the version is made of")
                    .containsExactlyInAnyOrderElementsOf(folder.map(file -> "db/changelog/" + file.getFileName())
                            .toList());
        }
        try (Connection owner = database.connect("seller")) {
            Migrations.migrate(owner);
            assertThat(EmptyDatabase.column(owner, TAGS)).containsExactly(versionOfAll(owner));

            Migrations.rollback(owner, 2);
            assertThat(Migrations.migrate(owner))
                    .as("taken back, so made again")
                    .isEqualTo(2);

            change(owner, "tag = 'another text' WHERE tag IS NOT NULL");
            assertThat(Migrations.migrate(owner)).isZero();
            assertThat(EmptyDatabase.column(owner, TAGS)).containsExactly(versionOfAll(owner));
        }
    }

    private static String versionOfAll(Connection owner) throws SQLException {
        return Changelog.version() + "/"
                + EmptyDatabase.column(owner, "SELECT id FROM databasechangelog")
                        .size();
    }

    @Test
    void aChangeThatIsMissingBelowTheNewestIsSeenAndWhatTheDatabaseSaysOfItIsTheReason() throws SQLException {
        try (Connection owner = database.connect("seller");
                Statement statement = owner.createStatement()) {
            Migrations.migrate(owner);
            statement.execute(
                    "CREATE TEMP TABLE kept AS SELECT * FROM databasechangelog WHERE id = 'kernel-batch-schema'");
            statement.execute("DELETE FROM databasechangelog WHERE id = 'kernel-batch-schema'");
            try {
                assertThatThrownBy(() -> Migrations.migrate(owner))
                        .isInstanceOf(SQLException.class)
                        .hasMessage("ERROR: schema \"batch\" already exists");
            } finally {
                statement.execute("INSERT INTO databasechangelog SELECT * FROM kept");
            }
            assertThat(Migrations.migrate(owner)).isZero();
        }
    }

    private static void change(Connection owner, String what) throws SQLException {
        assertThat(EmptyDatabase.column(owner, "UPDATE databasechangelog SET " + what + " RETURNING id"))
                .hasSize(1);
    }

    @Test
    void everyTenantTableIsBehindForcedRowSecurity() throws SQLException {
        try (Connection owner = database.connect("seller")) {
            Migrations.migrate(owner);
            assertThat(EmptyDatabase.column(owner, """
                            SELECT c.relname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                            WHERE a.attname = 'tenant_id' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
                              AND c.relnamespace = 'public'::regnamespace
                              AND NOT (c.relrowsecurity AND c.relforcerowsecurity AND a.attnotnull AND EXISTS (
                                  SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'own_tenant'))"""))
                    .as("tenant tables without the wall")
                    .isEmpty();
            assertThat(EmptyDatabase.column(owner, """
                            SELECT c.relname FROM pg_class c, unnest(ARRAY['cog_rt', 'cog_platform', 'cog_batch', 'cog_app']) AS r
                            WHERE c.relispartition AND c.relkind IN ('r', 'p')
                              AND has_table_privilege(r, c.oid, 'SELECT, INSERT, UPDATE, DELETE')"""))
                    .as("partitions that could be read around their parent's policy")
                    .isEmpty();
            assertThat(EmptyDatabase.column(owner, """
                            SELECT rolname FROM pg_roles r WHERE rolname IN ('cog_app', 'cog_rt', 'cog_platform', 'cog_batch')
                              AND (rolsuper OR rolbypassrls OR EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid))"""))
                    .as("roles that pass the wall by")
                    .isEmpty();
        }
    }

    @Test
    void theApplicationsOwnLoginMayDoNothing() throws SQLException {
        try (Connection owner = database.connect("seller")) {
            Migrations.migrate(owner);
        }
        try (Connection application = database.connect("cog_app")) {
            assertThatThrownBy(() -> EmptyDatabase.column(application, "SELECT id FROM tenants"))
                    .hasMessageContaining("permission denied");
        }
    }
}
