package com.cognitionos.tenancy.boundary;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.EventType;
import com.cognitionos.kernel.Events;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.TenantLock;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.tenancy.entity.Slug;
import com.cognitionos.tenancy.entity.Tenant;
import com.cognitionos.tenancy.entity.TenantStatus;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.TypedQuery;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tenants and their life cycle. */
@Stateless
@TenantWall
public class Tenants {

    @PersistenceContext(unitName = "cognitionos")
    private EntityManager entities;

    @Inject
    private BusinessClock clock;

    @Inject
    private TenantLock locks;

    @Inject
    private AuditLog audit;

    @Inject
    private Events events;

    /** What a new tenant is made of; {@code plan} is the version whose limits it starts with. */
    public record NewTenant(
            String name,
            Slug slug,
            String ownerEmail,
            String billingEmail,
            ZoneId timeZone,
            boolean testMode,
            Plan plan) {}

    /** Makes the tenant that the caller already works in; it is pending until its subscription starts. */
    public TenantView create(NewTenant wanted, Instant at) {
        Tenant tenant = new Tenant(
                Caller.currentTenant(),
                wanted.name(),
                wanted.slug().value(),
                wanted.ownerEmail(),
                wanted.billingEmail(),
                wanted.timeZone(),
                wanted.testMode(),
                wanted.plan().tier(),
                wanted.plan().version(),
                at);
        entities.persist(tenant);
        entities.flush();
        audit.record(
                "tenant.created",
                tenant.id().toString(),
                null,
                Map.of(
                        "name", tenant.name(),
                        "slug", tenant.slug(),
                        "owner_email", tenant.ownerEmail(),
                        "billing_email", tenant.billingEmail(),
                        "tier", tenant.tier().code(),
                        "test_mode", tenant.testMode()));
        return TenantView.of(tenant);
    }

    /** The tenant that the caller works in. @throws Problem NOT_FOUND */
    public TenantView current() {
        return TenantView.of(load());
    }

    /** The tenant's present, by its own clock. */
    public Instant present() {
        return now();
    }

    /** Days from finalisation to an invoice's due date. */
    public int paymentTermsDays() {
        return load().paymentTermsDays();
    }

    /** Whether a slug is taken; one that is not is kept for the caller until its transaction ends. For the platform. */
    public boolean slugTaken(Slug slug) {
        locks.take(TenantLock.Purpose.SLUG, slug.value());
        return !entities.createQuery("SELECT t FROM Tenant t WHERE t.slug = :slug", Tenant.class)
                .setParameter("slug", slug.value())
                .getResultList()
                .isEmpty();
    }

    /** The tenant behind a slug; only the platform can see that. @throws Problem NOT_FOUND */
    public UUID idOf(String slug) {
        return entities.createQuery("SELECT t FROM Tenant t WHERE t.slug = :slug", Tenant.class)
                .setParameter("slug", slug)
                .getResultStream()
                .findFirst()
                .orElseThrow(() -> Problem.notFound("tenant"))
                .id();
    }

    /** Those of these that there are, by slug; for the platform. */
    public List<TenantView> withIds(Collection<UUID> ids) {
        return among("t.id", ids);
    }

    /** Those of these that there are, by slug; for the platform. */
    public List<TenantView> withSlugs(Collection<String> slugs) {
        return among("t.slug", slugs);
    }

    private List<TenantView> among(String field, Collection<?> values) {
        return values.isEmpty()
                ? List.of()
                : entities.createQuery(
                                "SELECT t FROM Tenant t WHERE " + field + " IN :values ORDER BY t.slug", Tenant.class)
                        .setParameter("values", values)
                        .getResultStream()
                        .map(TenantView::of)
                        .toList();
    }

    /**
     * All tenants, newest first; for the platform.
     *
     * @param status only these; null for all
     * @param text a part of the name, slug or billing e-mail, in any case; null for all
     */
    public Page<TenantView> list(@Nullable TenantStatus status, @Nullable String text, Page.Request page) {
        String filter = """
                FROM Tenant t WHERE (:status = '' OR t.status = :status)
                AND (:text = '' OR LOCATE(:text, LOWER(t.name)) > 0 OR LOCATE(:text, t.slug) > 0
                     OR LOCATE(:text, LOWER(t.billingEmail)) > 0)""";
        String statusCode = status == null ? "" : status.code();
        String needle = text == null ? "" : text.toLowerCase(Locale.ROOT);
        TypedQuery<Tenant> rows = entities.createQuery(
                        "SELECT t " + filter + " ORDER BY t.createdAt DESC, t.id DESC", Tenant.class)
                .setParameter("status", statusCode)
                .setParameter("text", needle)
                .setFirstResult(page.offset())
                .setMaxResults(page.pageSize());
        long total = entities.createQuery("SELECT COUNT(t) " + filter, Long.class)
                .setParameter("status", statusCode)
                .setParameter("text", needle)
                .getSingleResult();
        return new Page<>(rows.getResultStream().map(TenantView::of).toList(), total, page.page(), page.pageSize());
    }

    /** @param expectedVersion the version the change was made from; null takes the present one */
    public TenantView rename(@Nullable String name, @Nullable String billingEmail, @Nullable Long expectedVersion) {
        Tenant tenant = load();
        if (expectedVersion != null && expectedVersion != tenant.version()) {
            throw Problem.conflict(
                    "stale_version", "The tenant was changed meanwhile; its version is now " + tenant.version() + ".");
        }
        Map<String, String> before = names(tenant);
        tenant.rename(
                name == null ? tenant.name() : name,
                billingEmail == null ? tenant.billingEmail() : billingEmail,
                now());
        entities.flush();
        audit.record("tenant.changed", tenant.id().toString(), before, names(tenant));
        return TenantView.of(tenant);
    }

    public TenantView suspend(String reason) {
        return told(
                EventType.TENANT_SUSPENDED,
                change("tenant.suspended", reason, tenant -> tenant.suspend(reason, now())));
    }

    public TenantView reactivate() {
        return told(
                EventType.TENANT_REACTIVATED, change("tenant.reactivated", null, tenant -> tenant.reactivate(now())));
    }

    private TenantView told(EventType type, TenantView tenant) {
        events.publish(type, () -> TenantNews.of(tenant));
        return tenant;
    }

    /**
     * Suspends it until it pays (TEN-7).
     *
     * @return false where it is suspended already, or cannot be: nothing changed
     */
    public boolean suspendForNonPayment(String reason) {
        Tenant tenant = load();
        String before = tenant.status().code();
        if (!tenant.suspendForNonPayment(reason, now())) {
            return false;
        }
        entities.flush();
        audit.record(
                "tenant.suspended",
                tenant.id().toString(),
                Map.of("status", before),
                Map.of("status", tenant.status().code(), "reason", reason));
        told(EventType.TENANT_SUSPENDED, TenantView.of(tenant));
        return true;
    }

    /** Since when it is suspended until it pays; empty where it is not, or an operator has suspended it. */
    public Optional<Instant> suspendedForNonPaymentSince() {
        Tenant tenant = load();
        return tenant.isSuspendedForNonPayment() ? Optional.ofNullable(tenant.suspendedAt()) : Optional.empty();
    }

    /** Lets it in again where it was suspended for not paying, and only then (TEN-7). @return whether it was */
    public boolean reactivatePaid() {
        if (!load().isSuspendedForNonPayment()) {
            return false;
        }
        reactivate();
        return true;
    }

    public TenantView startTrial(Instant endsAt, Instant at) {
        return change(tenant -> tenant.startTrial(endsAt, at));
    }

    public TenantView activate(Instant at) {
        return change(tenant -> tenant.activate(at));
    }

    /** The tenant's limits follow this version from now on. */
    public void limitsFrom(Tier tier, int planVersion, Instant at) {
        change(tenant -> tenant.limitsFrom(tier, planVersion, at));
    }

    private TenantView change(String action, @Nullable String reason, Consumer<Tenant> what) {
        Tenant tenant = load();
        Map<String, String> before = Map.of("status", tenant.status().code());
        TenantView changed = change(what);
        audit.record(
                action,
                tenant.id().toString(),
                before,
                reason == null
                        ? Map.of("status", changed.status())
                        : Map.of("status", changed.status(), "reason", reason));
        return changed;
    }

    private static Map<String, String> names(Tenant tenant) {
        return Map.of("name", tenant.name(), "billing_email", tenant.billingEmail());
    }

    private TenantView change(Consumer<Tenant> what) {
        Tenant tenant = load();
        what.accept(tenant);
        entities.flush();
        return TenantView.of(tenant);
    }

    private Instant now() {
        return clock.now(Caller.currentTenant());
    }

    private Tenant load() {
        Tenant tenant = entities.find(Tenant.class, Caller.currentTenant());
        if (tenant == null) {
            throw Problem.notFound("tenant");
        }
        return tenant;
    }
}
