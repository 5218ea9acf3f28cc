package com.cognitionos.container;

import static com.cognitionos.container.Problems.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem;
import com.cognitionos.tenancy.boundary.TenantSettings;
import com.cognitionos.webhook.boundary.WebhookDeliveries.AttemptView;
import com.cognitionos.webhook.boundary.WebhookDeliveries.DeliveryView;
import com.cognitionos.webhook.boundary.WebhookEndpoints;
import com.cognitionos.webhook.control.Consignment;
import com.cognitionos.webhook.control.Outcome;
import com.cognitionos.webhook.control.Queue;
import com.cognitionos.webhook.entity.DeliveryStatus;
import jakarta.ejb.EJB;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Outgoing webhooks, inside")
class WebhookIT extends InContainer {

    @Inject
    private TransactionalWorkshop workshop;

    @EJB
    private Queue queue;

    private static final String NOWHERE = "https://hooks.example/";

    private UUID endpoint(Company company, boolean enabled) {
        return company.as(() -> world.webhooks.create(NOWHERE, "", List.of(), enabled))
                .view()
                .id();
    }

    private List<DeliveryView> deliveries(Company company, UUID endpoint) {
        return company.as(() -> world.webhookDeliveries.list(endpoint, null, new Page.Request(1, 100)))
                .items();
    }

    @Test
    @DisplayName("WHK-2: an event stands or falls with the transaction in which it happens")
    void inTheSameTransaction() {
        Company company = world.open(Tier.PRO, "2026-01-31");
        UUID endpoint = endpoint(company, true);

        assertRefused(
                Problem.Kind.NOT_FOUND,
                () -> company.does(() -> workshop.together(() -> {
                    world.subscriptions.cancelLater(null, null);
                    throw Problem.notFound("rest of it");
                })));
        assertThat(deliveries(company, endpoint)).isEmpty();

        company.does(() -> world.subscriptions.cancelLater(null, null));
        assertThat(deliveries(company, endpoint))
                .singleElement()
                .satisfies(delivery -> assertThat(delivery.eventType()).isEqualTo("subscription.updated"));
    }

    @ParameterizedTest
    @DisplayName("WHK-1: where it leads is looked at when it is sent, whatever it was when it was entered")
    @ValueSource(strings = {"https://127.0.0.1:9443/", "http://localhost:9080/health", "https://localhost/"})
    void lookedAtWhenSent(String inside) {
        Company company = world.open(Tier.PRO, "2026-01-31");
        UUID endpoint = endpoint(company, true);
        owner.update("UPDATE webhook_endpoints SET url = ? WHERE id = ?", inside, endpoint);
        UUID delivery = company.as(() -> world.webhooks.test(endpoint));
        List<AttemptView> attempts = Await.until(
                "the attempt to be entered",
                () -> company.as(() -> world.webhookDeliveries.get(delivery)).attempts(),
                found -> !found.isEmpty());
        assertThat(attempts.get(0)).satisfies(attempt -> {
            assertThat(attempt.statusCode()).isNull();
            assertThat(attempt.error()).matches(".*(public internet|https://).*");
        });
        company.does(() -> world.webhooks.remove(endpoint));
    }

    @Test
    @DisplayName(
            "WHK-8, WHK-9: what waits for a disabled endpoint is given up after three days, what is settled goes after 30")
    void forgetting() {
        Company company = world.open(Tier.PRO, "2026-01-31");
        UUID endpoint = endpoint(company, true);
        UUID settled = company.as(() -> world.webhooks.test(endpoint));
        UUID recent = company.as(() -> world.webhooks.test(endpoint));
        UUID held = company.as(() -> world.webhooks.test(endpoint));
        UUID fresh = company.as(() -> world.webhooks.test(endpoint));
        company.does(() -> world.webhooks.change(endpoint, new WebhookEndpoints.Change(null, null, null, false)));
        Await.until(
                "nobody to be at it",
                () -> owner.count(
                        "SELECT count(*) FROM webhook_deliveries WHERE endpoint_id = ? AND leased_until IS NOT NULL",
                        endpoint),
                count -> count == 0);
        settle(settled, "30 days 1 minute");
        settle(recent, "29 days");
        owner.update("UPDATE webhook_events SET created_at = now() - interval '31 days'");
        owner.update("UPDATE webhook_deliveries SET began_at = now() - interval '3 days 1 minute' WHERE id = ?", held);

        assertThat(world.webhookSending.forget()).isGreaterThanOrEqualTo(1);

        assertThat(deliveries(company, endpoint))
                .extracting(DeliveryView::id)
                .containsExactlyInAnyOrder(recent, held, fresh);
        assertThat(company.as(() -> world.webhookDeliveries.get(held))
                        .delivery()
                        .status())
                .isEqualTo(DeliveryStatus.FAILED);
        assertThat(company.as(() -> world.webhookDeliveries.get(fresh))
                        .delivery()
                        .status())
                .isEqualTo(DeliveryStatus.PENDING);
        assertThat(owner.count("SELECT count(*) FROM webhook_events WHERE tenant_id = ?", company.id()))
                .isEqualTo(3);
        company.does(() -> world.webhooks.remove(endpoint));
        world.webhookSending.forget();
        assertThat(owner.count("SELECT count(*) FROM webhook_events WHERE tenant_id = ?", company.id()))
                .as("what nobody gets any more")
                .isZero();
    }

    @ParameterizedTest
    @DisplayName("WHK-11: the setting webhook_url leads to the public internet, too, or it stays as it was")
    @ValueSource(
            strings = {
                "https://127.0.0.1/",
                "https://10.1.2.3/",
                "https://[::1]/",
                "https://localhost/",
                "http://hooks.example/"
            })
    void theSettingIsNoWayInside(String inside) {
        Company company = world.open(Tier.PRO, "2026-01-31");
        company.does(() -> world.settings.change(webhookUrl(NOWHERE)));
        assertRefused(Problem.Kind.INVALID, () -> company.does(() -> world.settings.change(webhookUrl(inside))));
        assertThat(company.as(world.settings::current).webhookUrl()).isEqualTo(NOWHERE);
        assertThat(company.as(world.webhooks::list)).singleElement().satisfies(endpoint -> {
            assertThat(endpoint.url()).isEqualTo(NOWHERE);
            assertThat(endpoint.ofSettings()).isTrue();
        });
        company.does(() -> world.settings.change(webhookUrl(null)));
        assertThat(company.as(world.webhooks::list)).isEmpty();
    }

    private static TenantSettings.Change webhookUrl(String url) {
        return new TenantSettings.Change(Map.of(), Collections.singletonMap("webhook_url", url));
    }

    @Test
    @DisplayName("WHK-6: of those who look at the same instant one gets an endpoint, and four get a tenant")
    void oneRequestAtATime() {
        Company company = world.open(Tier.PRO, "2026-01-31");
        List<UUID> endpoints = List.of(
                endpoint(company, true),
                endpoint(company, true),
                endpoint(company, true),
                endpoint(company, true),
                endpoint(company, true),
                endpoint(company, true));
        endpoints.forEach(endpoint -> {
            company.does(() -> world.webhooks.test(endpoint));
            company.does(() -> world.webhooks.test(endpoint));
        });
        int taken = 0;
        // The courier that runs beside may be faster in some rounds, so it is their sum that tells that rounds were
        // seen at work.
        for (int round = 0; round < 200 && taken <= 40; round++) {
            owner.update("""
                    UPDATE webhook_deliveries SET status = 'pending', settled_at = NULL, next_attempt_at = now(),
                        leased_until = NULL, tries = 0, began_at = now()
                    WHERE tenant_id = ?""", company.id());
            crowd.atOnce(8, who -> () -> Caller.job("webhook").in(company.id()).call(queue::claim));
            List<UUID> atWork = owner.query(
                    "SELECT endpoint_id FROM webhook_deliveries WHERE tenant_id = ? AND leased_until > now()",
                    row -> row.getObject("endpoint_id", UUID.class),
                    company.id());
            assertThat(atWork).doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(4);
            taken += atWork.size();
        }
        assertThat(taken).isGreaterThan(40);
        endpoints.forEach(endpoint -> company.does(() -> world.webhooks.remove(endpoint)));
    }

    @Test
    @DisplayName("WHK-2: who listens is asked once a transaction, and again where the transaction changes it")
    void askedOnce() {
        Company company = world.open(Tier.PRO, "2026-01-31");
        UUID first = endpoint(company, true);
        UUID later = endpoint(company, false);
        UUID[] own = new UUID[1];
        company.does(() -> workshop.together(() -> {
            world.subscriptions.cancelLater(null, null);
            owner.update("UPDATE webhook_endpoints SET enabled = true WHERE id = ?", later);
            world.subscriptions.reactivate();
            own[0] = endpoint(company, true);
            world.subscriptions.cancelLater(null, null);
        }));
        assertThat(deliveries(company, first)).hasSize(3);
        assertThat(deliveries(company, later))
                .as("only since it was asked anew")
                .hasSize(1);
        assertThat(deliveries(company, own[0])).hasSize(1);
        List.of(first, later, own[0]).forEach(endpoint -> company.does(() -> world.webhooks.remove(endpoint)));
    }

    @Test
    @DisplayName("WHK-2: an endpoint that is removed while something happens does not undo what happens")
    void removedMeanwhile() {
        Company company = world.open(Tier.PRO, "2026-01-31");
        UUID endpoint = company.as(() -> world.webhooks.create(NOWHERE, "", List.of("tenant.suspended"), true))
                .view()
                .id();
        CountDownLatch listening = new CountDownLatch(1);
        CountDownLatch removed = new CountDownLatch(1);
        List<Crowd.Outcome<String>> both = crowd.atOnce(2, who -> () -> {
            if (who == 0) {
                company.does(() -> workshop.together(() -> {
                    // It does not want this one, but is known from here on.
                    world.subscriptions.cancelLater(null, null);
                    listening.countDown();
                    Await.until(
                            "the other one",
                            () -> owner.applicationsWaiting() > 0 || removed.getCount() == 0,
                            there -> there);
                    world.tenants.suspend("a reason");
                }));
            } else {
                listening.await();
                company.does(() -> world.webhooks.remove(endpoint));
                removed.countDown();
            }
            return "done";
        });
        assertThat(both).allMatch(Crowd.Outcome::succeeded);
        assertRefused(Problem.Kind.NOT_FOUND, () -> company.as(() -> world.webhooks.get(endpoint)));
    }

    @Test
    @DisplayName(
            "WHK-5: an endpoint that is removed while a reply is entered is gone, and nobody is in the other's way")
    void removedWhileItIsSettled() {
        Company company = world.open(Tier.PRO, "2026-01-31");
        for (int round = 0; round < 10; round++) {
            UUID endpoint = endpoint(company, false);
            owner.update("UPDATE webhook_endpoints SET enabled = true WHERE id = ?", endpoint);
            UUID delivery = company.as(() -> world.webhooks.test(endpoint));
            Consignment sent = new Consignment(
                    company.id(), delivery, endpoint, UUID.randomUUID(), 77, 1, NOWHERE, "{}", new byte[0], null);
            Outcome outcome = new Outcome(Instant.now(), 1, 500, "", null, null);
            List<Crowd.Outcome<String>> both = crowd.jammedAt("webhook_attempts", 2, who -> () -> {
                if (who == 0) {
                    Caller.job("webhook").in(company.id()).run(() -> queue.settle(sent, outcome));
                } else {
                    company.does(() -> world.webhooks.remove(endpoint));
                }
                return "done";
            });
            assertThat(both).allMatch(Crowd.Outcome::succeeded);
            assertRefused(Problem.Kind.NOT_FOUND, () -> company.as(() -> world.webhooks.get(endpoint)));
        }
    }

    private void settle(UUID delivery, String ago) {
        owner.update("""
                UPDATE webhook_deliveries SET status = 'failed', next_attempt_at = NULL, settled_at = now() - ?::interval
                WHERE id = ?""", ago, delivery);
    }
}
