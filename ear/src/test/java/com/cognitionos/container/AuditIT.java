package com.cognitionos.container;

import static com.cognitionos.container.Problems.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.audit.boundary.AuditTrail;
import com.cognitionos.audit.boundary.AuditTrail.Fault;
import com.cognitionos.audit.boundary.AuditTrail.Kind;
import com.cognitionos.audit.entity.AuditEntry;
import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.coupon.boundary.Redemptions;
import com.cognitionos.coupon.entity.Coupon;
import com.cognitionos.credit.boundary.PrepaidCredits;
import com.cognitionos.invoicing.boundary.Amendment;
import com.cognitionos.invoicing.boundary.Sellers;
import com.cognitionos.invoicing.entity.Invoice;
import com.cognitionos.invoicing.entity.Seller;
import com.cognitionos.kernel.DatabaseRole;
import com.cognitionos.kernel.Origin;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem;
import com.cognitionos.tenancy.boundary.TenantSettings;
import jakarta.ejb.EJB;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Audit log")
class AuditIT extends InContainer {

    @Inject
    private Terms terms;

    private static final String APPEND_ONLY = "23000";
    private static final String DENIED = "42501";

    @Inject
    private AuditLog log;

    @EJB
    private AuditTrail trail;

    @Inject
    private DatabaseRole role;

    private List<AuditEntry> entries(Company company) {
        return company.as(() -> trail.next(AuditTrail.Wanted.ALL, 0));
    }

    private List<String> actions(Company company) {
        return entries(company).stream().map(AuditEntry::action).toList();
    }

    private AuditTrail.Verification verify(Company company) {
        return company.as(trail::verify);
    }

    private void enter(Company company, String action) {
        company.does(() -> probe.together(() -> {
            log.record(action, "target", null, Map.of("n", 1));
            return null;
        }));
    }

    private Company withEntries(int more) {
        Company company = world.open(Tier.FREE, "2026-01-01");
        for (int i = 0; i < more; i++) {
            enter(company, "test.step" + i);
        }
        assertThat(verify(company).ok()).isTrue();
        return company;
    }

    /** What somebody with the owner's password can do. */
    private void tamper(String statement, Object... parameters) {
        owner.update("ALTER TABLE billing_audit_log DISABLE TRIGGER USER");
        try {
            assertThat(owner.update(statement, parameters)).isPositive();
        } finally {
            owner.update("ALTER TABLE billing_audit_log ENABLE TRIGGER USER");
        }
    }

    @Test
    @DisplayName("AUD-1: an entry is there when its transaction is committed, and not when it is rolled back")
    void withItsTransaction() {
        Company company = world.open(Tier.FREE, "2026-01-01");
        int before = entries(company).size();

        company.does(() -> probe.inVain(() -> {
            world.tenants.rename("Never", null, null);
            log.record("test.never", "x", null, null);
            return null;
        }));
        assertThat(entries(company)).hasSize(before);

        company.does(() -> probe.together(() -> {
            log.record("test.first", "x", null, null);
            assertThat(entries(company)).as("not before the commit").hasSize(before);
            log.record("test.second", "x", null, null);
            return null;
        }));
        assertThat(actions(company)).hasSize(before + 2).endsWith("test.first", "test.second");
        assertThat(verify(company)).isEqualTo(new AuditTrail.Verification(true, before + 2, null));
    }

    @Test
    @DisplayName("AUD-1: outside of a transaction, in another tenant's log, or without a name nothing is entered")
    void notOutside() {
        Company company = world.open(Tier.FREE, "2026-01-01");
        Company other = world.open(Tier.FREE, "2026-01-01");
        company.does(() -> {
            assertThatThrownBy(() -> log.record("test.loose", "x", null, null))
                    .isInstanceOf(IllegalStateException.class);
            probe.inVain(() -> {
                assertThatThrownBy(() -> log.record(other.id(), "test.planted", "x", null, null))
                        .isInstanceOf(IllegalStateException.class);
                assertThatThrownBy(() -> log.record("Nameless", "x", null, null))
                        .isInstanceOf(IllegalArgumentException.class);
                return null;
            });
        });
        assertRefused(Problem.Kind.UNAUTHENTICATED, () -> log.record("test.nobody", "x", null, null));
    }

    @Test
    @DisplayName("AUD-2: neither the application's roles nor the tables' owner change, remove or empty a log")
    void appendOnly() {
        Company company = withEntries(1);
        World.OPERATOR.run(() -> probe.together(() -> {
            log.record("test.platform", "x", null, null);
            return null;
        }));
        for (String table : List.of("billing_audit_log", "platform_audit_log")) {
            for (String statement : List.of(
                    "UPDATE " + table + " SET actor = 'nobody'",
                    "UPDATE " + table + " SET actor = 'nobody' WHERE false",
                    "DELETE FROM " + table,
                    "TRUNCATE " + table)) {
                assertThat(owner.refusal(statement)).as(statement).isEqualTo(APPEND_ONLY);
                assertThat(company.as(() -> probe.attempt(statement)))
                        .as(statement)
                        .isEqualTo(DENIED);
                assertThat(World.OPERATOR.call(() -> probe.attempt(statement)))
                        .as(statement)
                        .isEqualTo(DENIED);
            }
        }
        assertThat(owner.refusal("DELETE FROM billing_audit_heads")).isEqualTo(APPEND_ONLY);
        assertThat(owner.refusal("DELETE FROM platform_audit_head")).isEqualTo(APPEND_ONLY);
        assertThat(company.as(() -> probe.attempt("UPDATE billing_audit_heads SET seq = 0")))
                .isEqualTo(DENIED);
    }

    @Test
    @DisplayName("AUD-3: a changed entry is found, whichever field it is, and also under a plain hash")
    void changed() {
        for (String change : List.of(
                "actor = 'user:somebody else'",
                "actor_platform = NOT actor_platform",
                "action = 'test.other'",
                "target = 'other'",
                "at = at + interval '1 microsecond'",
                "business_at = business_at - interval '1 microsecond'",
                "id = gen_random_uuid()",
                "door = 'portal'",
                "address = ''",
                "agent = 'curl'",
                "before = '{}'",
                "after = '{\"n\": 2}'",
                "after = NULL",
                "prev_hash = sha256('x')",
                "hash = sha256('x')",
                "after = '{\"n\": 2}', hash = sha256(convert_to('2' || id || actor || action || target, 'UTF8') || prev_hash)")) {
            Company company = withEntries(4);
            long third = 3;
            tamper("UPDATE billing_audit_log SET " + change + " WHERE tenant_id = ? AND seq = ?", company.id(), third);
            assertThat(verify(company))
                    .as(change)
                    .isEqualTo(new AuditTrail.Verification(false, 2, new Fault(third, Kind.CHANGED)));
        }
    }

    @Test
    @DisplayName("AUD-3: a removed entry is found, also when the others close the gap")
    void removed() {
        Company first = withEntries(4);
        tamper("DELETE FROM billing_audit_log WHERE tenant_id = ? AND seq = 3", first.id());
        assertThat(verify(first).fault()).isEqualTo(new Fault(3, Kind.REMOVED));

        Company start = withEntries(4);
        tamper("DELETE FROM billing_audit_log WHERE tenant_id = ? AND seq = 1", start.id());
        assertThat(verify(start).fault()).isEqualTo(new Fault(1, Kind.REMOVED));

        tamper("UPDATE billing_audit_log SET seq = -seq WHERE tenant_id = ? AND seq > 3", first.id());
        tamper("UPDATE billing_audit_log SET seq = -seq - 1 WHERE tenant_id = ? AND seq < 0", first.id());
        assertThat(verify(first).fault()).isEqualTo(new Fault(3, Kind.SWAPPED));
    }

    @Test
    @DisplayName("AUD-3: two entries that have changed places are found, neighbours or not")
    void swapped() {
        for (int with : List.of(4, 6)) {
            Company company = withEntries(8);
            tamper("UPDATE billing_audit_log SET seq = -1 WHERE tenant_id = ? AND seq = 3", company.id());
            tamper("UPDATE billing_audit_log SET seq = 3 WHERE tenant_id = ? AND seq = " + with, company.id());
            tamper("UPDATE billing_audit_log SET seq = " + with + " WHERE tenant_id = ? AND seq = -1", company.id());
            assertThat(verify(company).fault()).isEqualTo(new Fault(3, Kind.SWAPPED));
        }
    }

    @Test
    @DisplayName("AUD-3: a cut-off tail is found, also when the record of the log's end was set back to before it")
    void tailCut() {
        Company company = withEntries(4);
        long end = entries(company).size();
        tamper("DELETE FROM billing_audit_log WHERE tenant_id = ? AND seq > ?", company.id(), end - 2);
        assertThat(verify(company).fault()).isEqualTo(new Fault(end - 1, Kind.TAIL_CUT));

        owner.update("""
                UPDATE billing_audit_heads h SET seq = l.seq, hash = l.hash FROM billing_audit_log l
                WHERE l.tenant_id = h.tenant_id AND l.tenant_id = ? AND l.seq = ?""", company.id(), end - 2);
        assertThat(verify(company).fault()).as("the seal is not ours").isEqualTo(new Fault(end - 1, Kind.TAIL_CUT));

        Company changed = withEntries(4);
        long last = entries(changed).size();
        for (String change : List.of("seq = seq - 1", "seq = seq + 1", "hash = sha256('x')", "seal = sha256('x')")) {
            owner.update(
                    "CREATE TABLE kept AS SELECT * FROM billing_audit_heads WHERE tenant_id = '" + changed.id() + "'");
            owner.update("UPDATE billing_audit_heads SET " + change + " WHERE tenant_id = ?", changed.id());
            assertThat(verify(changed).fault())
                    .as("the record of the end with " + change)
                    .isEqualTo(new Fault(change.contains("- 1") ? last : last + 1, Kind.TAIL_CUT));
            owner.update("""
                    UPDATE billing_audit_heads h SET seq = k.seq, hash = k.hash, seal = k.seal FROM kept k
                    WHERE k.tenant_id = h.tenant_id""");
            owner.update("DROP TABLE kept");
            assertThat(verify(changed).ok()).isTrue();
        }

        Company emptied = withEntries(0);
        tamper("DELETE FROM billing_audit_log WHERE tenant_id = ?", emptied.id());
        owner.update("ALTER TABLE billing_audit_heads DISABLE TRIGGER USER");
        owner.update("DELETE FROM billing_audit_heads WHERE tenant_id = ?", emptied.id());
        owner.update("ALTER TABLE billing_audit_heads ENABLE TRIGGER USER");
        assertThat(verify(emptied).fault()).isEqualTo(new Fault(1, Kind.TAIL_CUT));
    }

    private record End(long seq, byte[] hash, byte[] seal) {}

    @Test
    @DisplayName("AUD-3: an entry of ours from before a backup was restored does not fit among those entered after it")
    void fromAnotherHistory() {
        Company company = withEntries(2);
        End backup = owner.query(
                        "SELECT seq, hash, seal FROM billing_audit_heads WHERE tenant_id = ?",
                        row -> new End(row.getLong("seq"), row.getBytes("hash"), row.getBytes("seal")),
                        company.id())
                .get(0);
        enter(company, "test.lost");
        List<AuditEntry> before = entries(company);
        AuditEntry lost = before.get(before.size() - 1);
        tamper("DELETE FROM billing_audit_log WHERE tenant_id = ? AND seq > ?", company.id(), backup.seq());
        owner.update(
                "UPDATE billing_audit_heads SET seq = ?, hash = ?, seal = ? WHERE tenant_id = ?",
                backup.seq(),
                backup.hash(),
                backup.seal(),
                company.id());
        enter(company, "test.instead");
        enter(company, "test.next");
        assertThat(verify(company).ok()).isTrue();

        tamper(
                "UPDATE billing_audit_log SET id = ?, at = ?, business_at = ?, action = ?, hash = ? WHERE tenant_id = ? AND seq = ?",
                lost.id(),
                lost.at(),
                lost.businessAt(),
                lost.action(),
                lost.hash(),
                company.id(),
                lost.seq());

        assertThat(verify(company).fault())
                .as("it is genuine and at its place, but the next one follows another")
                .isEqualTo(new Fault(lost.seq() + 1, Kind.CHANGED));
    }

    @Test
    @DisplayName("AUD-3: an entry of another tenant's log is none of this one's")
    void planted() {
        Company company = withEntries(4);
        Company other = withEntries(4);
        tamper("DELETE FROM billing_audit_log WHERE tenant_id = ? AND seq = 3", company.id());
        tamper("UPDATE billing_audit_log SET tenant_id = ? WHERE tenant_id = ? AND seq = 3", company.id(), other.id());
        assertThat(verify(company).fault()).isEqualTo(new Fault(3, Kind.CHANGED));
    }

    @Test
    @DisplayName("AUD-3: whatever a state holds, it verifies as the database gives it back")
    void anyState() {
        Company company = withEntries(0);
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("zero", new BigDecimal("0.000"));
        state.put("large", new BigDecimal("1E+20"));
        state.put("small", new BigDecimal("1.50E-10"));
        state.put("double", 0.1);
        state.put("null", null);
        state.put("text", "a\"b\\c\n\t\u0001 \u2028 ü \uD83D\uDE00 NUL:\u0000 half:\uD83D");
        state.put("a\u0000name", true);
        state.put("list", Arrays.asList(1, "x", null, Map.of("b", 1, "a", 2)));
        state.put("when", Dates.at("2026-01-01"));
        state.put("bb", 1);
        state.put("B", 2);
        company.member()
                .from(new Origin("rest", "127.0.0.1", "agent \u0000"))
                .run(() -> probe.together(() -> {
                    log.record("test.odd", "target\u0000", state, Map.of());
                    return null;
                }));
        assertThat(verify(company).ok()).isTrue();
        assertThat(entries(company))
                .last()
                .satisfies(entry -> assertThat(entry.before())
                        .contains("\"large\":100000000000000000000,", "\"zero\":0", "\uD83D\uDE00", "half:\uFFFD"));
    }

    @Test
    @DisplayName(
            "AUD-4: a crowd's entries in two chains at once make two chains without a gap, and nobody blocks another")
    void crowded() {
        Company a = withEntries(0);
        Company b = withEntries(0);
        long before = entries(a).size();

        crowd.allAtOnce(
                16,
                n -> () -> World.OPERATOR.call(() -> probe.together(() -> {
                    for (Company one : n % 2 == 0 ? List.of(a, b) : List.of(b, a)) {
                        log.record(one.id(), "test.crowd", Integer.toString(n), null, null);
                    }
                    log.record(null, "test.crowd", Integer.toString(n), null, null);
                    return null;
                })));

        for (Company one : List.of(a, b)) {
            assertThat(verify(one)).isEqualTo(new AuditTrail.Verification(true, before + 16, null));
            assertThat(new TreeSet<>(entries(one).stream()
                            .filter(entry -> entry.action().equals("test.crowd"))
                            .map(AuditEntry::target)
                            .toList()))
                    .hasSize(16);
        }
        assertThat(World.OPERATOR.call(trail::verify).ok()).isTrue();
    }

    @Test
    @DisplayName("AUD-5: each reads its own log, the newest first, by what was done, to what, by whom and when")
    void read() {
        Company a = withEntries(3);
        Company b = withEntries(3);

        assertThat(entries(a)).allMatch(entry -> a.id().equals(entry.tenant()));
        assertThat(World.OPERATOR.in(a.id()).call(() -> trail.next(AuditTrail.Wanted.ALL, 0)))
                .allMatch(entry -> a.id().equals(entry.tenant()));
        assertThat(World.OPERATOR.call(() -> trail.next(AuditTrail.Wanted.ALL, 0)))
                .isNotEmpty()
                .allMatch(entry -> entry.tenant() == null);

        a.does(() -> {
            Page<AuditEntry> page =
                    trail.list(new AuditTrail.Wanted("test.", null, null, null, null), new Page.Request(1, 2));
            assertThat(page.total()).isEqualTo(3);
            assertThat(page.items()).extracting(AuditEntry::action).containsExactly("test.step2", "test.step1");
            assertThat(count(new AuditTrail.Wanted(null, a.member().subject(), null, null, null)))
                    .isEqualTo(3);
            assertThat(count(new AuditTrail.Wanted(null, b.member().subject(), null, null, null)))
                    .isZero();
            assertThat(count(new AuditTrail.Wanted(null, null, a.id().toString(), null, null)))
                    .isEqualTo(1);
            AuditEntry second = trail.next(AuditTrail.Wanted.ALL, 1).get(0);
            assertThat(count(new AuditTrail.Wanted(null, null, null, second.at(), null)))
                    .isEqualTo(count(AuditTrail.Wanted.ALL) - 1);
            assertThat(count(new AuditTrail.Wanted(null, null, null, null, second.at())))
                    .isEqualTo(1);
        });
    }

    private long count(AuditTrail.Wanted wanted) {
        return trail.list(wanted, new Page.Request(1, 1)).total();
    }

    @Test
    @DisplayName("KER-2: what is written as the platform leaves the transaction whose it was")
    void rolePutBack() {
        Company company = withEntries(0);
        String who = "SELECT current_user || ' ' || current_setting('app.tenant_id')";
        String tenants = "cog_rt " + company.id();
        company.does(() -> probe.commit(sql -> {
            assertThat(sql.queryOne(who, row -> row.getString(1))).contains(tenants);
            role.asPlatform(
                    () -> assertThat(sql.queryOne(who, row -> row.getString(1))).contains("cog_platform "));
            assertThat(sql.queryOne(who, row -> row.getString(1))).contains(tenants);
            return null;
        }));
        company.does(() -> assertThatThrownBy(() -> probe.commit(sql -> {
                    try {
                        role.asPlatform(() -> {
                            throw new IllegalStateException("in the middle");
                        });
                    } catch (IllegalStateException swallowed) {
                        sql.update("UPDATE tenants SET name = 'Not to be committed' WHERE id = ?", company.id());
                    }
                    return null;
                }))
                .isNotNull());
        assertThat(company.as(world.tenants::current).name()).isNotEqualTo("Not to be committed");
    }

    @Test
    @DisplayName("AUD-1: the story of a company, told by its log")
    void story() {
        Company company = world.open(Tier.PRO, "2026-01-31").withCard(Company.VISA);
        company.uses("executions", 10_100).on("2026-03-01");
        company.does(() -> {
            world.tenants.rename("New name", null, null);
            world.settings.change(new TenantSettings.Change(Map.of(), Map.of("custom_domain", "example.org")));
            world.settings.change(new TenantSettings.Change(Map.of(), Map.of("custom_domain", "example.org")));
            terms.profiles.change(Terms.at(null, null), null, null);
            world.settlement.amend(new Amendment.Cancel(null), Amendment.Effective.PERIOD_END);
            world.subscriptions.reactivate();
        });
        UUID credit = terms.granted(company, PrepaidCredits.Kind.PAID, 100, 0, null);
        World.OPERATOR.in(company.id()).run(() -> terms.prepaid.cancel(credit));
        terms.granted(company, PrepaidCredits.Kind.PROMOTIONAL, 100, 0, "2026-03-15");
        Redemptions.RedemptionView redeemed = terms.redeems(company, Terms.percent("5", 1));
        company.does(() -> {
            terms.redemptions.remove(redeemed.id());
            world.methods.remove(world.methods.list().get(0).id());
        });
        company.withCard(Company.FAILING);
        World.OPERATOR.in(company.id()).run(() -> {
            world.tenants.suspend("a reason");
            world.tenants.reactivate();
            world.clocks.sendTo(Dates.at("2026-03-02"));
        });
        company.on("2026-04-01");
        company.does(() -> world.settlement.cancelNow("enough"));

        assertThat(actions(company))
                .containsSubsequence(
                        "tenant.created",
                        "subscription.started",
                        "payment_method.added",
                        "invoice.finalized",
                        "payment.succeeded",
                        "tenant.changed",
                        "tenant_settings.changed",
                        "billing_profile.changed",
                        "subscription.cancel_scheduled",
                        "subscription.pending_withdrawn",
                        "prepaid_credit.granted",
                        "prepaid_credit.voided",
                        "coupon.redeemed",
                        "coupon.removed",
                        "payment_method.removed",
                        "payment_method.added",
                        "tenant.suspended",
                        "tenant.reactivated",
                        "test_clock.moved",
                        "prepaid_credit.expired",
                        "invoice.finalized",
                        "payment.failed",
                        "dunning_case.begun",
                        "subscription.canceled")
                .containsOnlyOnce("tenant_settings.changed");
        assertThat(entries(company))
                .filteredOn(entry -> entry.action().equals("tenant.suspended"))
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.actor()).isEqualTo(World.OPERATOR.subject());
                    assertThat(entry.actorPlatform()).isTrue();
                    assertThat(entry.before()).isEqualTo("{\"status\":\"active\"}");
                    assertThat(entry.after()).isEqualTo("{\"reason\":\"a reason\",\"status\":\"suspended\"}");
                    assertThat(entry.businessAt()).isEqualTo(Dates.at("2026-03-01"));
                    assertThat(entry.at()).isAfter(Dates.at("2026-03-02"));
                });
        assertThat(verify(company).ok()).isTrue();

        Company trial = world.open(Tier.PRO, BillingCycle.MONTHLY, 14, "2026-01-01");
        trial.on("2026-02-01");
        assertThat(actions(trial)).contains("subscription.lapsed");
        Company paying =
                world.open(Tier.PRO, BillingCycle.MONTHLY, 14, "2026-01-01").withCard(Company.VISA);
        paying.on("2026-02-01");
        assertThat(actions(paying)).contains("subscription.converted");
    }

    @Test
    @DisplayName("AUD-1: what is offered and taxed is the platform's acts")
    void terms() {
        Coupon coupon = terms.offered(Terms.percent("5", 1));
        UUID rate = terms.rate(Terms.region(), "19", false, "2026-01-01", null);
        World.OPERATOR.run(() -> {
            terms.coupons.archive(coupon.code());
            terms.coupons.archive(coupon.code());
            terms.rates.end(rate, LocalDate.parse("2026-07-01"));
            terms.minimums.set("XPF", 10);
        });
        Sellers.SellerView seller = World.OPERATOR.call(world.sellers::view);
        int before = actsOn(Invoice.SELLER).size();
        World.OPERATOR.run(() -> {
            world.sellers.change(
                    new Seller("For a moment", "1 Weg", "DE", null, null, null, null, null, null), seller.version());
            world.sellers.change(seller.seller(), null);
            world.sellers.change(seller.seller(), null);
        });
        assertThat(actsOn(Invoice.SELLER)).hasSize(before + 2).containsOnly("seller.changed");
        assertThat(actsOn("XPF")).isNotEmpty().containsOnly("collection_minimum.changed");
        assertThat(actsOn(coupon.code())).containsExactly("coupon.created", "coupon.archived");
        assertThat(actsOn(rate.toString())).containsExactly("tax_rate.created", "tax_rate.ended");
        assertThat(World.OPERATOR.call(trail::verify).ok()).isTrue();
    }

    private List<String> actsOn(String target) {
        return World.OPERATOR.call(() -> trail.next(new AuditTrail.Wanted(null, null, target, null, null), 0)).stream()
                .map(AuditEntry::action)
                .toList();
    }

    @Test
    @DisplayName("AUD-1: runs are the platform's acts")
    void runs() {
        Company company = withEntries(0);
        UUID run = World.OPERATOR.call(() -> {
            UUID id = world.runs
                    .create(Dates.at("2026-01-01"), true, List.of(company.id()), true, "test")
                    .id();
            world.runs.stop(id);
            owner.update("UPDATE invoice_runs SET status = 'stopped' WHERE id = ?", id);
            return id;
        });
        assertThat(World.OPERATOR.call(
                        () -> trail.next(new AuditTrail.Wanted(null, null, run.toString(), null, null), 0)))
                .extracting(AuditEntry::action)
                .containsExactly("invoice_run.started", "invoice_run.stopped");
        assertThat(World.OPERATOR.call(trail::verify).ok()).isTrue();
    }
}
