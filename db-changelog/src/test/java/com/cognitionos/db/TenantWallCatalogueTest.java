package com.cognitionos.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The database's own wall, read from its catalogue, so that a table of tomorrow is in it: KER-2 has no exception that
 * does not stand here by name.
 */
class TenantWallCatalogueTest {

    /** What tenants share, so that their role may read it though no row of it is anybody's. */
    private static final List<String> SHARED = List.of(
            "add_on_versions",
            "add_ons",
            "collection_minimums",
            "dunning_policies",
            "feature_flags",
            "invoice_numbers",
            "invoice_runs",
            "meters",
            "plan_versions",
            "plans",
            "seller_versions",
            "sellers",
            "tax_rates");

    /** Unique over all tenants on purpose: names that a tenant chooses once, and what nobody can choose or guess. */
    private static final List<String> GLOBALLY_UNIQUE = List.of(
            "tenants_pkey",
            "tenants_slug_unique",
            "api_keys_hmac_unique",
            "invitations_token_unique",
            "invoices_number_unique",
            "credit_notes_number_unique",
            // The names that a provider gives are nobody's to choose.
            "provider_customers_of_one_tenant",
            "payments_by_provider_ref");

    /** All that storing usage of several tenants at once may touch; nobody takes that role on. */
    private static final List<String> INGESTION = List.of(
            "spending_caps SELECT",
            "subscriptions SELECT",
            "tenant_settings SELECT",
            "test_clocks SELECT",
            "usage_counter_values INSERT",
            "usage_counter_values SELECT",
            "usage_counter_values UPDATE",
            "usage_counters SELECT",
            "usage_counters UPDATE",
            "usage_grants SELECT",
            "usage_keys INSERT",
            "usage_keys SELECT",
            "usage_pending INSERT",
            "usage_pending SELECT",
            "usage_pending UPDATE",
            "usage_records INSERT");

    private static final String TENANT_TABLES = """
            WITH mine AS (
                SELECT c.oid, c.relname, c.relispartition, c.relrowsecurity, c.relforcerowsecurity, c.relacl, a.attnum
                FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT a.attisdropped
                  AND (a.attname = 'tenant_id' OR (c.relname = 'tenants' AND a.attname = 'id')))
            """;

    private static EmptyDatabase database;
    private static Connection owner;

    @BeforeAll
    static void migrate() throws Exception {
        database = new EmptyDatabase();
        owner = database.connect("seller");
        Migrations.migrate(owner);
    }

    @AfterAll
    static void stop() throws Exception {
        owner.close();
        database.close();
    }

    private static List<String> found(String query) throws SQLException {
        return EmptyDatabase.column(owner, query);
    }

    private static List<String> ofTenantTables(String query) throws SQLException {
        return found(TENANT_TABLES + query);
    }

    @Test
    void rowSecurityIsForcedAndTheTenantIsNeverMissing() throws SQLException {
        assertThat(ofTenantTables("SELECT relname FROM mine")).contains("tenants", "invoices", "usage_records");
        assertThat(ofTenantTables("""
                SELECT relname FROM mine JOIN pg_attribute a ON a.attrelid = oid AND a.attnum = mine.attnum
                WHERE NOT relispartition AND NOT (relrowsecurity AND relforcerowsecurity AND a.attnotnull)""")).isEmpty();
    }

    @Test
    void theTenantsRoleIsHeldByTheOneConditionAndNobodyByNone() throws SQLException {
        assertThat(ofTenantTables("""
                SELECT relname || ': ' || coalesce(string_agg(p.polname || ' to ' || p.polroles::regrole[]::text || ' '
                           || coalesce(pg_get_expr(p.polqual, p.polrelid), '-') || ' / '
                           || coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '-'), ', '), 'no policy')
                FROM mine LEFT JOIN pg_policy p ON p.polrelid = mine.oid
                WHERE NOT relispartition
                GROUP BY mine.oid, relname
                HAVING count(*) FILTER (WHERE p.polroles = ARRAY['cog_rt'::regrole::oid] AND p.polcmd = '*'
                    AND pg_get_expr(p.polqual, p.polrelid) = pg_get_expr(p.polwithcheck, p.polrelid)
                    AND pg_get_expr(p.polqual, p.polrelid) IN ('(tenant_id = current_tenant())',
                        CASE relname WHEN 'tenants' THEN '(id = current_tenant())' END)) <> 1
                    OR count(*) FILTER (WHERE p.polpermissive
                        AND p.polroles && ARRAY[0, 'cog_rt'::regrole::oid, 'cog_app'::regrole::oid]) <> 1"""))
                .as("tables whose policies let the tenants' role see more than its own rows, or less")
                .isEmpty();
        assertThat(ofTenantTables("""
                SELECT relname || ' for ' || grantee::regrole FROM mine, aclexplode(relacl) WHERE NOT relispartition
                  AND grantee <> (SELECT relowner FROM pg_class WHERE pg_class.oid = mine.oid)
                  AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = mine.oid AND grantee = ANY (p.polroles))""")).as("rights without a policy").isEmpty();
    }

    @Test
    void nothingGoesRoundThePolicies() throws SQLException {
        assertThat(ofTenantTables("""
                SELECT DISTINCT relname || ' ' || privilege_type || ' to ' || grantee::regrole
                FROM mine, aclexplode(relacl)
                WHERE grantee <> (SELECT relowner FROM pg_class WHERE pg_class.oid = mine.oid)
                  AND (relispartition OR privilege_type NOT IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE') OR grantee = 0
                       OR grantee::regrole::text NOT IN ('cog_rt', 'cog_platform', 'cog_batch')
                           AND NOT (grantee = 'cog_ingest'::regrole AND NOT relispartition))"""))
                .as("partitions, TRUNCATE, REFERENCES, TRIGGER and other roles pass row security by")
                .isEmpty();
        assertThat(ofTenantTables("""
                SELECT relname || ' ' || privilege_type FROM mine, aclexplode(relacl)
                WHERE grantee = 'cog_ingest'::regrole ORDER BY 1""")).containsExactlyElementsOf(INGESTION);
        assertThat(found("""
                SELECT proname FROM pg_proc WHERE proowner = 'cog_ingest'::regrole""")).containsExactly("ingest_usage");
        assertThat(found("""
                SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND (relkind = 'm'
                  OR relkind = 'v' AND NOT coalesce(reloptions, '{}') && ARRAY['security_invoker=true', 'security_invoker=on'])""")).as("views that read with their owner's rights").isEmpty();
        assertThat(found("""
                SELECT proname FROM pg_proc p WHERE pronamespace = 'public'::regnamespace AND prosecdef
                  AND (NOT EXISTS (SELECT FROM unnest(proconfig) s WHERE s LIKE 'search_path=%pg_temp')
                       OR proacl IS NULL OR EXISTS (SELECT FROM aclexplode(proacl) WHERE grantee = 0))"""))
                .as("functions with their owner's rights, without a fixed search path or for everybody")
                .isEmpty();
        assertThat(found("SELECT defaclobjtype::text FROM pg_default_acl"))
                .as("rights that tables of tomorrow get")
                .isEmpty();
        assertThat(found("""
                SELECT relname FROM pg_class c WHERE relnamespace = 'public'::regnamespace
                  AND relname NOT LIKE 'databasechangelog%' AND relkind IN ('r', 'p', 'v', 'f')
                  AND has_any_column_privilege('cog_rt', c.oid, 'SELECT')
                  AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id')
                  AND relname <> 'tenants' ORDER BY 1""")).as("tables that every tenant reads whole").containsExactlyElementsOf(SHARED);
    }

    @Test
    void theInvoiceRunCanOnlyAddAndMoveOn() throws SQLException {
        assertThat(found("""
                SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
                  AND (has_table_privilege('cog_batch', oid, 'DELETE, TRUNCATE')
                    OR has_any_column_privilege('cog_batch', oid, 'UPDATE') AND relname NOT IN ('invoices', 'invoice_numbers',
                        'invoice_run_tenants', 'revenue_schedules', 'subscriptions', 'webhook_endpoints'))"""))
                .as("what the role of the invoice run may change or delete beside the run's own work")
                .isEmpty();
    }

    @Test
    void keysBelongToTheirTenant() throws SQLException {
        assertThat(ofTenantTables("""
                SELECT i.indexrelid::regclass::text FROM mine JOIN pg_index i ON i.indrelid = mine.oid
                WHERE i.indisunique AND NOT relispartition
                  AND NOT (i.indkey[0] = mine.attnum AND relname <> 'tenants')"""))
                .as("keys that would tell of another tenant's row by a conflict with it")
                .containsExactlyInAnyOrderElementsOf(GLOBALLY_UNIQUE);
        assertThat(ofTenantTables("""
                SELECT k.conrelid::regclass || ' ' || k.conname FROM mine JOIN pg_constraint k ON k.confrelid = mine.oid
                WHERE k.contype = 'f' AND k.conparentid = 0
                  AND has_table_privilege('cog_rt', k.conrelid, 'INSERT, UPDATE')
                  AND NOT EXISTS (
                      SELECT FROM unnest(k.conkey, k.confkey) AS pair (near, far)
                      JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = pair.near
                      WHERE pair.far = mine.attnum AND a.attname = 'tenant_id')"""))
                .as("foreign keys by which a tenant reaches into another, since their checks see through row security")
                .isEmpty();
    }

    @Test
    void theApplicationIsNobody() throws SQLException {
        assertThat(found("""
                SELECT rolname FROM pg_roles WHERE rolname LIKE 'cog%'
                  AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)""")).isEmpty();
        assertThat(found("""
                SELECT g.rolname FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles r ON r.oid = m.member
                WHERE r.rolname IN ('cog_rt', 'cog_platform', 'cog_ingest', 'cog_batch')
                   OR (r.rolname = 'cog_app' AND (m.inherit_option OR m.admin_option
                       OR g.rolname NOT IN ('cog_rt', 'cog_platform', 'cog_batch')))"""))
                .as("what the roles have by being members of others")
                .isEmpty();
        assertThat(found("SELECT rolname FROM pg_roles WHERE rolname = 'cog_app' AND rolinherit"))
                .isEmpty();
        assertThat(found("""
                SELECT 'a relation' FROM pg_class WHERE relowner = 'cog_app'::regrole
                UNION ALL SELECT 'a function' FROM pg_proc WHERE proowner = 'cog_app'::regrole
                UNION ALL SELECT 'a schema' FROM pg_namespace WHERE nspowner = 'cog_app'::regrole
                UNION ALL SELECT 'the right to make ' || nspname FROM pg_namespace, unnest(ARRAY['cog_app', 'cog_rt', 'cog_platform', 'cog_ingest', 'cog_batch']) r
                    WHERE nspname IN ('public', 'batch') AND has_schema_privilege(r, nspname, 'CREATE')""")).as("what the application owns or may make").isEmpty();
        assertThat(found("""
                SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'S')
                  AND EXISTS (SELECT FROM aclexplode(relacl) WHERE grantee IN (0, 'cog_app'::regrole))""")).as("what the bare login or everybody may touch").isEmpty();
    }
}
