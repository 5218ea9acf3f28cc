package com.cognitionos.container;

import static com.cognitionos.container.Problems.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.cognitionos.catalog.boundary.Catalogue;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.credit.boundary.PrepaidCredits;
import com.cognitionos.flag.boundary.FeatureFlags;
import com.cognitionos.gateway.boundary.ApiKeys;
import com.cognitionos.identity.entity.Role;
import com.cognitionos.invoicing.boundary.CreditNotes;
import com.cognitionos.invoicing.boundary.InvoiceView;
import com.cognitionos.invoicing.entity.DocumentKind;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem.Kind;
import com.cognitionos.kernel.Sql;
import com.cognitionos.metering.boundary.Usage.Granularity;
import com.cognitionos.metering.entity.UsageEvent;
import com.cognitionos.payment.boundary.Disputes;
import com.cognitionos.rating.entity.CreditNoteAmounts.Payout;
import com.cognitionos.tenancy.boundary.TenantSettings;
import jakarta.ejb.EJBException;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Tenant wall")
class TenantWallIT extends InContainer {

    /** Row security, or a missing right. */
    private static final String DENIED = "42501";
    /** A guard of ours; a duplicate or a foreign key would be 23505 or 23503, and no wall. */
    private static final String GUARDED = "23000";

    @Inject
    private Pool pool;

    @Inject
    private Rights rights;

    @Inject
    private Terms terms;

    @Inject
    private Shop shop;

    /** A table of the tenants' and its column that says whose a row is. */
    private record TenantTable(String name, String column) {
        String all(String what, String condition) {
            return what + " FROM " + name + " WHERE " + column + " " + condition;
        }
    }

    /** A company with at least one row in every table that tenants have. */
    private Company established() {
        Company company = world.open(Tier.PRO, "2026-01-31").withCard(Company.VISA);
        String region = Terms.region();
        terms.rate(region, "0", false, "2026-01-01", null);
        terms.moves(company, region);
        terms.redeems(company, Terms.amount(100, "USD", 1, false));
        terms.granted(company, PrepaidCredits.Kind.PAID, 50, 0, null);
        company.on("2026-02-10").uses("executions", 10_500);
        company.on("2026-03-05").used("executions", 10, "2026-02-20");
        World.OPERATOR.run(() -> {
            if (world.plans.meter("wall_people").isEmpty()) {
                world.catalogue.addMeter("wall_people", "People", "unique_count", "person", "user", List.of());
            }
        });
        company.sends(new UsageEvent(
                "somebody", "wall_people", BigDecimal.ONE, Dates.at("2026-03-05"), null, "{\"user\":\"u\"}"));
        company.rollsUp().uses("api_calls", 5);
        company.does(() -> {
            world.members.invite(World.unique("p") + "@example.org", Role.VIEWER);
            world.keys.issue("a key", List.of("usage:write"), null, null);
            rights.entitlements.capSpending(1_000_000L);
            world.settings.change(new TenantSettings.Change(Map.of(), Map.of("custom_domain", "example.org")));
        });
        rights.reserve(company, "executions", 1);
        rights.call(company, "cog_aaaaaaaa");
        // Makes a record of the call, which a timer would do in the middle of a test.
        company.usage("api_calls", "2026-01-31", "2026-04-01");
        company.sends(Company.event("taken-back", "tokens", "1", Dates.at("2026-03-05")));
        company.does(() -> world.retractions.retract("taken-back"));
        company.credited(company.lastInvoice().id(), List.of(new CreditNotes.Wanted(1, 1)), Payout.REFUND);
        UUID payment = owner.query(
                        "SELECT id FROM payments WHERE tenant_id = ? AND status = 'succeeded' LIMIT 1",
                        row -> row.getObject(1, UUID.class),
                        company.id())
                .get(0);
        company.does(() -> world.disputes.enter(
                new Disputes.Told(World.unique("dp"), payment, 1, "fraudulent", Disputes.Status.OPEN, null)));
        owner.update("""
                INSERT INTO dunning_cases (tenant_id, id, invoice_id, policy_version, state, began_at, ended_at)
                SELECT tenant_id, id, invoice_id, 1, 'closed', now(), now() FROM payments WHERE id = ?""", payment);
        owner.update("""
                INSERT INTO card_notices (tenant_id, payment_method_id, kind, sent_at)
                SELECT tenant_id, payment_method_id, 'last_day', now() FROM payments WHERE id = ?""", payment);
        // Puts something on the balance.
        company.does(() -> world.settlement.pause(null));
        company.does(world.settlement::resume);
        UUID last = company.lastInvoice().id();
        company.does(() -> world.invoices.document(last, DocumentKind.PDF));
        World.OPERATOR.run(() -> {
            UUID user = world.users.create(
                    World.unique("p") + "@example.org", "A Person", "a long enough password", Dates.at("2026-01-31"));
            world.users.join(user, company.id(), Role.OWNER, Dates.at("2026-01-31"));
            rights.featureFlags.set(
                    World.unique("f").replace('-', '_'),
                    new FeatureFlags.Change(false, Set.of(), Set.of(company.id()), 0),
                    null);
            UUID run = world.runs
                    .create(Dates.at("2026-02-01"), false, List.of(company.id()), true, "test")
                    .id();
            owner.update("UPDATE invoice_runs SET status = 'stopped' WHERE id = ?", run);
            withSingleSignOn(company.id(), user);
            withWebhook(company.id());
            withCredit(company.id());
            withAlerts(company.id());
            withUpload(company.id());
            shop.charge(company, "Set-up", 500);
            shop.catalogue.agree(new Catalogue.Contract(company.id(), Tier.PRO, 1, Map.of(), null, null));
        });
        return company;
    }

    /** By hand: what the pause gave back is charged at the month's end only. */
    private void withCredit(UUID tenant) {
        owner.update("""
                INSERT INTO invoice_line_credits (tenant_id, invoice_id, position, ordinal, charge_invoice_id,
                    charge_position, cents, discount_cents, ahead)
                SELECT tenant_id, invoice_id, position, 1, invoice_id, position, 1, 0, true FROM invoice_lines
                WHERE tenant_id = ? LIMIT 1""", tenant);
    }

    private void withAlerts(UUID tenant) {
        owner.update("""
                WITH settings AS (
                    INSERT INTO alert_settings VALUES (?, '{50}', '{owner}', 1, now(), 'test') RETURNING tenant_id),
                budget AS (
                    INSERT INTO budgets SELECT tenant_id, uuidv7(), 'b', 'total', NULL, 1, '{50}', 1, now(), now() FROM settings)
                INSERT INTO alert_meters SELECT tenant_id, 'tokens', '{50}' FROM settings""", tenant);
    }

    /** By hand and stopped, so that nobody takes it in in the middle of a test. */
    private void withUpload(UUID tenant) {
        owner.update("""
                WITH upload AS (
                    INSERT INTO usage_uploads (tenant_id, id, file_name, bytes, header, separator, rows, doubtful, notes, status,
                        uploaded_by, created_at, ended_at, read, rejected)
                    VALUES (?, uuidv7(), 'u.csv', 1, '{id,meter,quantity}', ',', 1, 0, '{}', 'stopped', 'test', now(), now(), 1, 1)
                    RETURNING tenant_id, id),
                part AS (
                    INSERT INTO usage_upload_parts SELECT tenant_id, id, 0, 1, '2,a,tokens,-1', true FROM upload
                    RETURNING tenant_id, upload_id, position)
                INSERT INTO usage_upload_rejections SELECT tenant_id, upload_id, position, 0, 'invalid_quantity', 'd' FROM part""", tenant);
    }

    /** By hand: the plan of these companies does not have it. */
    private void withSingleSignOn(UUID tenant, UUID user) {
        owner.update("""
                INSERT INTO sso_settings (tenant_id, issuer, client_id, client_secret, domains, default_role, provision,
                    required, vouched, updated_at)
                VALUES (?, 'https://op.example', 'c', '\\x00', '{a.example}', 'viewer', true, false, false, now())""", tenant);
        owner.update(
                "INSERT INTO sso_identities (tenant_id, issuer, subject, user_id, linked_at) VALUES (?, ?, ?, ?, now())",
                tenant,
                "https://op.example",
                "subject",
                user);
    }

    /** By hand and settled, so that nobody sends anything in the middle of a test. */
    private void withWebhook(UUID tenant) {
        owner.update("""
                WITH endpoint AS (
                    INSERT INTO webhook_endpoints
                        (tenant_id, id, url, description, events, enabled, secret, created_at, updated_at)
                    VALUES (?, uuidv7(), 'https://hooks.example/', '', '{}', false, '\\x00', now(), now())
                    RETURNING tenant_id, id),
                event AS (
                    INSERT INTO webhook_events (tenant_id, id, type, happened_at, payload, created_at)
                    SELECT tenant_id, uuidv7(), 'webhook.ping', now(), '{}', now() FROM endpoint RETURNING id),
                delivery AS (
                    INSERT INTO webhook_deliveries
                        (tenant_id, id, endpoint_id, event_id, status, attempts, began_at, created_at, settled_at)
                    SELECT p.tenant_id, uuidv7(), p.id, e.id, 'delivered', 1, now(), now(), now()
                    FROM endpoint p, event e RETURNING tenant_id, id)
                INSERT INTO webhook_attempts (tenant_id, delivery_id, number, at, duration_ms, status_code, reply)
                SELECT tenant_id, id, 1, now(), 1, 200, '' FROM delivery""", tenant);
    }

    /** From the catalogue, so that a table of tomorrow is in it; partitions too, which have grants of their own. */
    private List<TenantTable> tenantTables() {
        List<TenantTable> tables = owner.query("""
                SELECT c.table_name, c.column_name FROM information_schema.columns c
                JOIN information_schema.tables t USING (table_schema, table_name)
                WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
                  AND (c.column_name = 'tenant_id' OR (c.table_name = 'tenants' AND c.column_name = 'id'))
                ORDER BY 1""", row -> new TenantTable(row.getString(1), row.getString(2)));
        assertThat(tables)
                .extracting(TenantTable::name)
                .contains("tenants", "invoices", "usage_records", "usage_keys_0");
        return tables;
    }

    @Test
    @DisplayName("KER-2: every boundary says of another tenant's id that there is no such thing")
    void boundariesKnowNothingOfOthers() {
        Company a = established();
        Company b = established();
        InvoiceView theirs = b.lastInvoice();
        UUID theirCard = b.as(world.methods::list).get(0).id();
        ApiKeys.KeyView theirKey = b.as(world.keys::list).get(0);
        UUID theirNote = b.as(() -> world.creditNotes.list(null, new Page.Request(1, 1)))
                .items()
                .get(0)
                .note()
                .id();
        String before = everythingOf(b);

        a.does(() -> {
            assertRefused(Kind.NOT_FOUND, () -> world.invoices.get(theirs.id()));
            assertRefused(Kind.NOT_FOUND, () -> world.invoices.document(theirs.id(), DocumentKind.PDF));
            assertRefused(Kind.NOT_FOUND, () -> world.settlement.pay(theirs.id()));
            assertRefused(Kind.NOT_FOUND, () -> world.payments.begin(theirs.id()));
            assertRefused(Kind.NOT_FOUND, () -> world.payments.withdraw(theirs.id(), "a reason"));
            assertRefused(Kind.NOT_FOUND, () -> world.payments.writeOff(theirs.id(), "a reason"));
            assertRefused(Kind.NOT_FOUND, () -> world.settlement.credit(theirs.id(), null, "a reason", Payout.BALANCE));
            assertRefused(Kind.NOT_FOUND, () -> world.creditNotes.get(theirNote));
            assertThat(world.creditNotes.list(null, new Page.Request(1, 100)).items())
                    .isNotEmpty()
                    .noneMatch(view -> view.note().id().equals(theirNote));
            assertRefused(Kind.NOT_FOUND, () -> world.methods.remove(theirCard));
            assertRefused(Kind.NOT_FOUND, () -> world.keys.revoke(theirKey.id()));
            assertRefused(Kind.NOT_FOUND, () -> world.keys.rotate(theirKey.id(), Duration.ZERO));
            assertThat(world.keys.list())
                    .isNotEmpty()
                    .extracting(ApiKeys.KeyView::id)
                    .doesNotContain(theirKey.id());
            assertThat(world.methods.list())
                    .isNotEmpty()
                    .noneMatch(card -> card.id().equals(theirCard));
            assertThat(world.invoices.list(new Page.Request(1, 100)).items())
                    .isNotEmpty()
                    .allMatch(invoice -> invoice.tenantId().equals(a.id()));
            assertThat(world.subscriptions.current().tenantId()).isEqualTo(a.id());
            assertThat(world.subscriptions.history(theirs.subscriptionId())).isEmpty();
            assertThat(world.tenants.current().id()).isEqualTo(a.id());
            assertRefused(Kind.FORBIDDEN, () -> Caller.current().in(b.id()));
            assertRefused(Kind.FORBIDDEN, () -> Caller.current().acrossTenants());
        });
        assertThat(everythingOf(b)).isEqualTo(before);
    }

    @Test
    @DisplayName("KER-2: one tenant's usage never shows in another's figures")
    void figuresAreOnesOwn() {
        Company a = established();
        Company b = established();
        b.uses("api_calls", 70_000);

        assertThat(a.usage("api_calls", "2026-01-31", "2026-04-01")).isEqualByComparingTo("6");
        assertThat(a.as(() -> world.usage.series(
                                "api_calls", Dates.at("2026-03-05"), Dates.at("2026-03-06"), Granularity.DAY, null))
                        .points())
                .singleElement()
                .satisfies(point -> assertThat(point.quantity()).isEqualByComparingTo("6"));
        assertThat(a.as(() -> world.ledger.trialBalance(true)))
                .filteredOn(account -> account.account().equals("revenue"))
                .singleElement()
                .satisfies(revenue -> assertThat(revenue.creditCents()).isEqualTo(9_800));
    }

    @Test
    @DisplayName("KER-2: raw SQL of a tenant reads, changes and plants no row of another, in any table")
    void rowSecurityHoldsInEveryTable() {
        Company a = established();
        Company b = established();
        for (TenantTable table : tenantTables()) {
            String inBs = table.name() + " of another tenant";
            boolean partition = table.name().matches("usage_(keys|records)_.*");
            // Timers take these rows away, at any moment.
            boolean passing = List.of("usage_pending", "api_call_tail", "alert_marks", "alert_watches")
                    .contains(table.name());
            if (!partition) {
                Await.until(
                        "rows to be hidden in " + table.name(),
                        () -> {
                            if (passing) {
                                a.uses("tokens", 1);
                                b.uses("tokens", 1);
                                rights.call(a, "cog_aaaaaaaa");
                                rights.call(b, "cog_aaaaaaaa");
                                withLook(table, a);
                                withLook(table, b);
                            }
                            return Math.min(rows(table, a), rows(table, b));
                        },
                        rows -> rows > 0);
            }
            a.does(() -> {
                assertThat(seen(table, b)).as("read " + inBs).isIn(DENIED, "rows:0");
                if (partition) {
                    assertThat(seen(table, b))
                            .as("read past the parent of " + table.name())
                            .isEqualTo(DENIED);
                } else {
                    assertThat(seen(table, a))
                            .as("own rows of " + table.name())
                            .isNotIn(passing ? List.of(DENIED) : List.of(DENIED, "rows:0"));
                }
                String column = table.column();
                assertThat(probe.attempt(
                                "UPDATE " + table.name() + " SET " + column + " = " + column + " WHERE " + column
                                        + " = ?",
                                b.id()))
                        .as("change " + inBs)
                        .isIn(DENIED, "accepted:0");
                assertThat(probe.attempt("DELETE FROM " + table.name() + " WHERE " + column + " = ?", b.id()))
                        .as("delete " + inBs)
                        .isIn(DENIED, "accepted:0");
                assertThat(probe.attempt(
                                "UPDATE " + table.name() + " SET " + column + " = ? WHERE " + column + " = ?",
                                b.id(),
                                a.id()))
                        .as("give a row of " + table.name() + " away")
                        .isIn(
                                passing
                                        ? List.of(DENIED, "accepted:0")
                                        : partition ? List.of(DENIED) : List.of(DENIED, GUARDED));
            });
            owner.query(
                            table.all("SELECT to_jsonb(" + table.name() + ")::text", "= ? LIMIT 1"),
                            row -> row.getString(1),
                            b.id())
                    .forEach(row -> assertThat(a.as(() -> probe.attempt(
                                    "INSERT INTO " + table.name() + " SELECT * FROM jsonb_populate_record(NULL::"
                                            + table.name() + ", ?::jsonb)",
                                    row)))
                            .as("plant a row in " + inBs)
                            .isIn(DENIED, GUARDED));
        }
    }

    private long rows(TenantTable table, Company whose) {
        return owner.count(table.all("SELECT count(*)", "= ?"), whose.id());
    }

    private String seen(TenantTable table, Company whose) {
        return probe.look(table.all("SELECT 1", "= ?"), whose.id());
    }

    private void withLook(TenantTable table, Company company) {
        if (table.name().equals("alert_marks")) {
            company.rollsUp();
        } else if (table.name().equals("alert_watches")) {
            World.OPERATOR.in(company.id()).run(() -> world.alertWatch.look());
        }
    }

    @Test
    @DisplayName("KER-3: without a caller no boundary does anything")
    void boundariesRefuseNobody() {
        Company a = established();
        UUID invoice = a.lastInvoice().id();

        assertThat(Caller.isPresent()).isFalse();
        assertRefused(Kind.UNAUTHENTICATED, () -> world.invoices.get(invoice));
        assertRefused(Kind.UNAUTHENTICATED, () -> world.keys.list());
        assertRefused(Kind.UNAUTHENTICATED, () -> world.methods.list());
        assertRefused(Kind.UNAUTHENTICATED, () -> world.subscriptions.current());
        assertRefused(Kind.UNAUTHENTICATED, () -> world.rollups.rollUp());
        assertRefused(Kind.UNAUTHENTICATED, () -> world.ledger.trialBalance(true));
        assertRefused(Kind.UNAUTHENTICATED, () -> probe.commit(sql -> sql.query("SELECT 1", row -> 1)));
    }

    @Test
    @DisplayName(
            "KER-3: without a role the database refuses every table, and the tenants' role without a tenant sees no row")
    void databaseRefusesNobody() {
        established();
        for (TenantTable table : tenantTables()) {
            assertThat(pool.refusal("SELECT 1 FROM " + table.name()))
                    .as(table.name())
                    .isEqualTo(DENIED);
            assertThat(pool.rowsWithoutTenant(table.name())).as(table.name()).isIn(0L, null);
        }
        List<String> others = owner.query("""
                SELECT table_name FROM information_schema.tables
                WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name NOT LIKE 'databasechangelog%'""", row -> row.getString(1));
        assertThat(others).contains("users", "platform_keys", "plan_versions");
        others.forEach(table ->
                assertThat(pool.refusal("SELECT 1 FROM " + table)).as(table).isEqualTo(DENIED));
    }

    @Test
    @DisplayName("KER-2: a tenant's role reads neither users nor the platform's keys nor the providers' world")
    void platformTablesAreNotATenants() {
        Company a = established();
        for (String table : List.of(
                "users",
                "second_factors",
                "recovery_codes",
                "user_sessions",
                "guess_counts",
                "attempt_windows",
                "password_resets",
                "platform_roles",
                "platform_invitations",
                "mails",
                "platform_keys",
                "installation",
                "provider_events",
                "provider_differences",
                "reconciliations",
                "integrity_checks",
                "integrity_findings",
                "integrity_offenders",
                "leases",
                "mock_charges",
                "mock_refunds",
                "mock_customers",
                "mock_payment_methods")) {
            assertThat(a.as(() -> probe.look("SELECT 1 FROM " + table)))
                    .as(table)
                    .isEqualTo(DENIED);
        }
    }

    @Test
    @DisplayName("KER-2: JPA and Sql of one transaction are one connection in one role")
    void jpaAndSqlShareTheTransaction() {
        Company a = established();
        String before = a.as(world.tenants::current).name();

        String seen = a.as(() -> probe.rollBack(sql -> {
            world.tenants.rename("Renamed, not committed", null, null);
            assertThat(sql.queryOne("SELECT current_user::text", row -> row.getString(1)))
                    .contains("cog_rt");
            assertThat(nameFromOutside(a)).isEqualTo(before);
            return sql.queryOne("SELECT name FROM tenants WHERE id = ?", row -> row.getString(1), a.id())
                    .orElseThrow();
        }));

        assertThat(seen).isEqualTo("Renamed, not committed");
        assertThat(a.as(world.tenants::current).name()).isEqualTo(before);
    }

    private String nameFromOutside(Company company) {
        return owner.query("SELECT name FROM tenants WHERE id = ?", row -> row.getString(1), company.id())
                .get(0);
    }

    @Test
    @DisplayName("KER-2: a transaction that goes from tenant to tenant is each one's in turn, and its own again")
    void callersNest() {
        Company a = established();
        Company b = established();

        World.OPERATOR.run(() -> probe.together(() -> {
            Set<UUID> both = Set.of(a.id(), b.id());
            assertThat(tenantsSeen(both)).containsAll(both);
            World.OPERATOR.in(a.id()).run(() -> {
                assertThat(tenantsSeen(both)).containsExactly(a.id());
                World.OPERATOR
                        .in(b.id())
                        .run(() -> assertThat(tenantsSeen(both)).containsExactly(b.id()));
                assertThat(tenantsSeen(both)).containsExactly(a.id());
            });
            assertThat(tenantsSeen(both)).containsAll(both);
            return null;
        }));
    }

    private List<UUID> tenantsSeen(Set<UUID> of) {
        return probe.commit(sql -> sql.query(
                "SELECT id FROM tenants WHERE id = ANY (?)",
                row -> row.getObject(1, UUID.class),
                new Sql.Array("uuid", of.toArray())));
    }

    @Test
    @DisplayName("KER-2: a connection goes back to the pool without role or tenant, however its transaction ended")
    void connectionsForget() {
        Company a = established();
        Company b = established();
        List<Integer> used = crowd.allAtOnce(8, i -> work(i, i % 2 == 0 ? a : b));

        List<Pool.Session> idle = pool.sessions(12);

        assertThat(idle)
                .extracting(Pool.Session::backend)
                .as("connections that tenants had")
                .containsAnyElementsOf(used);
        assertThat(idle).allSatisfy(session -> {
            assertThat(session.role()).isEqualTo("cog_app");
            assertThat(session.tenant()).isNullOrEmpty();
        });
    }

    private Callable<Integer> work(int i, Company company) {
        return () -> company.as(() -> switch (i % 3) {
            case 0 -> probe.commit(TenantWallIT::backend);
            case 1 -> probe.rollBack(TenantWallIT::backend);
            default ->
                probe.rollBack(sql -> {
                    int backend = backend(sql);
                    assertThat(catchThrowable(() -> sql.query("SELECT 1 / 0", row -> 0)))
                            .isInstanceOf(Sql.SqlFailure.class);
                    return backend;
                });
        });
    }

    private static int backend(Sql sql) {
        return sql.queryOne("SELECT pg_backend_pid()", row -> row.getInt(1)).orElseThrow();
    }

    /** A fingerprint of all rows of a company. */
    private String everythingOf(Company company) {
        StringBuilder all = new StringBuilder();
        for (TenantTable table : tenantTables()) {
            // The rollup and the run work in the background.
            if (!table.name()
                    .matches("usage_(pending|rollups|group_rollups)|alert_(marks|watches)|invoice_run_tenants")) {
                all.append(owner.query(
                        table.all(
                                "SELECT coalesce(string_agg(t.r, ',' ORDER BY t.r), '') FROM (SELECT to_jsonb("
                                        + table.name() + ")::text AS r",
                                "= ?) t"),
                        row -> row.getString(1),
                        company.id()));
            }
        }
        return all.toString();
    }

    // Each wall alone

    /** The tables behind row security, which partitions are behind through their parent. */
    private List<String> walledTables() {
        List<String> walled = owner.query(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relrowsecurity ORDER BY 1",
                row -> row.getString(1));
        assertThat(walled).contains("tenants", "invoices", "usage_records");
        return walled;
    }

    @Test
    @DisplayName("KER-2: statements without any condition see and touch the tenant's own rows, in any table")
    void rowSecurityAloneKeepsTenantsApart() {
        Company a = established();
        established();
        for (TenantTable table : tenantTables()) {
            if (!walledTables().contains(table.name())) {
                continue;
            }
            String name = table.name();
            String column = table.column();
            a.does(() -> {
                assertThat(touched("SELECT " + column + " FROM " + name, a))
                        .as("read " + name)
                        .isEmpty();
                assertThat(touched("SELECT x." + column + " FROM " + name + " x JOIN tenants y ON true", a))
                        .as("read " + name + " by a join")
                        .isEmpty();
                assertThat(touched("SELECT y.id FROM (SELECT 1 FROM " + name + " LIMIT 1) x, tenants y", a))
                        .as("read tenants beside " + name)
                        .isEmpty();
                assertThat(touched("UPDATE " + name + " SET " + column + " = " + column + " RETURNING " + column, a))
                        .as("change all of " + name)
                        .isEmpty();
                assertThat(touched("DELETE FROM " + name + " RETURNING " + column, a))
                        .as("delete all of " + name)
                        .isEmpty();
                assertThat(probe.attempt("TRUNCATE " + name + " CASCADE"))
                        .as("empty " + name)
                        .isEqualTo(DENIED);
                // Were this evaluated before the policy, the error would tell that there is another tenant's row.
                assertThat(probe.look(
                                "SELECT 1 FROM " + name + " WHERE 1 / (CASE WHEN " + column
                                        + " = ? THEN 1 ELSE 0 END) = 1",
                                a.id()))
                        .as("divide by another's row of " + name)
                        .matches(DENIED + "|rows:\\d+");
                assertThat(probe.look("SELECT 1 FROM pg_stats WHERE schemaname = 'public' AND tablename = ?", name))
                        .as("statistics of " + name)
                        .isEqualTo("rows:0");
            });
        }
    }

    /** Of the rows that a statement returns, the tenants that are not the company; nothing of it stays. */
    private Set<UUID> touched(String statement, Company company) {
        try {
            return probe.rollBack(sql -> sql.query(statement, row -> row.getObject(1, UUID.class))).stream()
                    .filter(tenant -> !company.id().equals(tenant))
                    .collect(Collectors.toSet());
        } catch (EJBException e) {
            assertThat(e.getCause()).as(statement).isInstanceOf(Sql.SqlFailure.class);
            // Refused, by a missing right or a guard, or because a row of its own is still wanted elsewhere.
            assertThat(((Sql.SqlFailure) e.getCause()).sqlState())
                    .as(statement)
                    .isIn(DENIED, GUARDED, "23503", "23514");
            return Set.of();
        }
    }

    @Test
    @DisplayName("KER-2: with row security off the boundaries alone know nothing of others")
    void queriesAloneKeepTenantsApart() {
        List<String> walled = walledTables();
        try {
            walled.forEach(table -> owner.update("ALTER TABLE " + table + " DISABLE ROW LEVEL SECURITY"));
            boundariesKnowNothingOfOthers();
            figuresAreOnesOwn();
        } finally {
            walled.forEach(table -> owner.update("ALTER TABLE " + table + " ENABLE ROW LEVEL SECURITY"));
        }
    }
}
