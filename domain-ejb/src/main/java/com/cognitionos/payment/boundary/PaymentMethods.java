package com.cognitionos.payment.boundary;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.idempotency.boundary.KeyedEffects;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.EventType;
import com.cognitionos.kernel.Events;
import com.cognitionos.kernel.Ids;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantLock;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.payment.control.Providers;
import com.cognitionos.payment.entity.Card;
import com.cognitionos.payment.entity.PaymentMethod;
import com.cognitionos.payment.entity.PaymentMethodNews;
import com.cognitionos.tenancy.boundary.Tenants;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The cards of the caller's tenant. */
@Stateless
@TenantWall
public class PaymentMethods {

    /** What {@link KeyedEffects} knows a card by that a request has added. */
    static final String ADDED = "card";

    @PersistenceContext(unitName = "cognitionos")
    private EntityManager entities;

    @Inject
    private Sql sql;

    @Inject
    private BusinessClock clock;

    @Inject
    private Providers providers;

    @EJB
    private Tenants tenants;

    @Inject
    private TenantLock locks;

    @Inject
    private AuditLog audit;

    @Inject
    private Events events;

    @EJB
    private KeyedEffects effects;

    @EJB
    private Arrears arrears;

    /** A card as it may be shown. */
    public record MethodView(
            UUID id,
            String type,
            String brand,
            String last4,
            int expMonth,
            int expYear,
            boolean isDefault,
            Instant createdAt) {

        static MethodView of(PaymentMethod method) {
            return new MethodView(
                    method.id(),
                    method.type(),
                    method.brand(),
                    method.last4(),
                    method.expMonth(),
                    method.expYear(),
                    method.isDefault(),
                    method.createdAt());
        }
    }

    /** Newest first. */
    public List<MethodView> list() {
        return present().stream().map(MethodView::of).toList();
    }

    /** A card that was not removed. */
    public Optional<MethodView> find(UUID id) {
        return present().stream()
                .filter(method -> method.id().equals(id))
                .findFirst()
                .map(MethodView::of);
    }

    public Optional<MethodView> defaultMethod() {
        return defaultCard().map(MethodView::of);
    }

    /**
     * Enters a card that the provider keeps; the first one is the default whatever was asked. One that is there already
     * stays as it is: a page may be loaded twice. What could not be collected is soon tried with a new default card.
     */
    public MethodView enter(String provider, Card card, boolean asDefault) {
        locks.take(TenantLock.Purpose.CARDS);
        List<PaymentMethod> present = present();
        Optional<PaymentMethod> entered = present.stream()
                .filter(method -> method.providerRef().equals(card.ref()))
                .findFirst();
        if (entered.isPresent()) {
            return MethodView.of(entered.get());
        }
        PaymentMethod method = new PaymentMethod(
                Ids.next(), Caller.currentTenant(), provider, card, clock.now(Caller.currentTenant()));
        if (asDefault || present.isEmpty()) {
            present.forEach(other -> other.makeDefault(false));
            entities.flush();
            method.makeDefault(true);
        }
        entities.persist(method);
        entities.flush();
        audit.record("payment_method.added", method.id().toString(), null, state(method));
        events.publish(EventType.PAYMENT_METHOD_ADDED, () -> PaymentMethodNews.of(method));
        effects.note(ADDED, method.id());
        if (method.isDefault()) {
            arrears.anotherCard();
        }
        return MethodView.of(method);
    }

    /** Removes a card; when it was the default, the newest other one takes its place. @throws Problem NOT_FOUND */
    public void remove(UUID id) {
        locks.take(TenantLock.Purpose.CARDS);
        List<PaymentMethod> present = present();
        PaymentMethod gone = present.stream()
                .filter(method -> method.id().equals(id))
                .findFirst()
                .orElseThrow(() -> Problem.notFound("payment method"));
        boolean wasDefault = gone.isDefault();
        Map<String, ?> before = state(gone);
        PaymentMethodNews news = PaymentMethodNews.of(gone);
        gone.remove(clock.now(Caller.currentTenant()));
        entities.flush();
        audit.record("payment_method.removed", id.toString(), before, null);
        events.publish(EventType.PAYMENT_METHOD_REMOVED, () -> news);
        if (wasDefault) {
            present.stream()
                    .filter(method -> !method.isRemoved())
                    .findFirst()
                    .ifPresent(method -> method.makeDefault(true));
        }
    }

    /** For dunning: the tenant's programs are told that a card ends. */
    public void expiring(UUID id) {
        present().stream()
                .filter(method -> method.id().equals(id))
                .findFirst()
                .ifPresent(method ->
                        events.publish(EventType.PAYMENT_METHOD_EXPIRING, () -> PaymentMethodNews.of(method)));
    }

    /** Those of these tenants that have a card to be charged; for the platform. */
    public Set<UUID> payingByCard(Collection<UUID> tenants) {
        return Set.copyOf(sql.query(
                """
                SELECT DISTINCT tenant_id FROM payment_methods
                WHERE tenant_id = ANY (?) AND is_default AND removed_at IS NULL""", row -> row.getObject("tenant_id", UUID.class), new Sql.Array("uuid", tenants.toArray())));
    }

    /** For payments: the card that is charged. */
    public Optional<PaymentMethod> defaultCard() {
        return present().stream().filter(PaymentMethod::isDefault).findFirst();
    }

    /** A removed card that its provider still keeps. */
    public record Unreleased(UUID id, String provider, String cardRef) {}

    /** Those of which no payment is under way any more, for it might have to be asked for again, and that were not added anew. */
    public List<Unreleased> unreleased() {
        return sql.query(
                """
                SELECT m.id, m.provider, m.provider_ref FROM payment_methods m
                WHERE m.tenant_id = ? AND m.removed_at IS NOT NULL AND m.released_at IS NULL AND NOT EXISTS (
                    SELECT FROM payments p WHERE p.tenant_id = m.tenant_id AND p.payment_method_id = m.id
                        AND p.status = 'processing')
                AND NOT EXISTS (
                    SELECT FROM payment_methods n WHERE n.tenant_id = m.tenant_id AND n.provider = m.provider
                        AND n.provider_ref = m.provider_ref AND n.removed_at IS NULL)
                ORDER BY m.id""",
                row -> new Unreleased(
                        row.getObject("id", UUID.class), row.getString("provider"), row.getString("provider_ref")),
                Caller.currentTenant());
    }

    /** The provider has forgotten the card. */
    public void released(UUID id) {
        sql.update(
                "UPDATE payment_methods SET released_at = now() WHERE tenant_id = ? AND id = ?",
                Caller.currentTenant(),
                id);
    }

    private static Map<String, Object> state(PaymentMethod method) {
        return Map.of(
                "type", method.type(),
                "brand", method.brand(),
                "last4", method.last4(),
                "is_default", method.isDefault());
    }

    /** Cards of another provider, which was configured before, are not charged and so not shown. */
    private List<PaymentMethod> present() {
        return entities.createQuery("""
                        SELECT m FROM PaymentMethod m
                        WHERE m.tenantId = :tenant AND m.provider = :provider AND m.removedAt IS NULL
                        ORDER BY m.createdAt DESC, m.id DESC""", PaymentMethod.class)
                .setParameter("tenant", Caller.currentTenant())
                .setParameter("provider", providers.of(tenants.current()).name())
                .getResultList();
    }
}
