package com.cognitionos.webhook.control;

import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Egress;
import com.cognitionos.kernel.Vault;
import com.cognitionos.webhook.entity.Retries;
import com.cognitionos.webhook.entity.Signature;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.ejb.EJB;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLException;

/** Carries what is queued to its receivers, on threads of its own (WHK-2, WHK-6). */
@ApplicationScoped
public class Courier {

    /** What a secret is sealed for; its owner is the endpoint. */
    public static final String PURPOSE = "webhook";

    private static final Logger LOG = Logger.getLogger(Courier.class.getName());
    private static final Caller CALLER = Caller.job("webhook");
    private static final int AT_ONCE = 32;
    private static final int REPLY_BYTES = 4_000;
    private static final int REPLY_CHARACTERS = 1_000;

    @Resource
    private ManagedThreadFactory factory;

    @EJB
    private Queue queue;

    @Inject
    private WebhookSettings settings;

    @Inject
    private Vault vault;

    @Inject
    private BusinessClock clock;

    private final Semaphore places = new Semaphore(AT_ONCE);
    private ExecutorService threads;
    private Egress egress;

    @PostConstruct
    void start() {
        threads = Executors.newCachedThreadPool(factory);
        egress = settings.egress().cuttingBodiesAt(REPLY_BYTES);
    }

    @PreDestroy
    void stop() {
        threads.shutdownNow();
    }

    void queued(@Observes(during = TransactionPhase.AFTER_SUCCESS) Outbox.Queued event) {
        wake();
    }

    /** Begins to send what is due, unless as many as may be are at it already: they look again by themselves. */
    public void wake() {
        if (!places.tryAcquire()) {
            return;
        }
        try {
            threads.execute(() -> {
                try {
                    carry();
                } finally {
                    places.release();
                }
            });
        } catch (RejectedExecutionException stopping) {
            places.release();
        }
    }

    private void carry() {
        try {
            Optional<Consignment> next = claim();
            while (next.isPresent()) {
                // Where there is one there may be more, for others.
                wake();
                Consignment taken = next.get();
                Outcome outcome = attempt(taken);
                CALLER.in(taken.tenant()).run(() -> queue.settle(taken, outcome));
                next = claim();
            }
        } catch (RuntimeException e) {
            // The lease ends, and the timer begins again.
            LOG.log(Level.WARNING, "Webhooks wait: what is to be sent cannot be read or settled", e);
        }
    }

    /** Where others are faster it looks again, as often as there may be others. */
    private Optional<Consignment> claim() {
        for (int look = 0; look < AT_ONCE; look++) {
            Optional<UUID> tenant = CALLER.call(queue::next);
            if (tenant.isEmpty()) {
                return Optional.empty();
            }
            Optional<Consignment> taken = CALLER.in(tenant.get()).call(queue::claim);
            if (taken.isPresent()) {
                return taken;
            }
        }
        return Optional.empty();
    }

    private Outcome attempt(Consignment taken) {
        Instant at = clock.system();
        long begin = System.nanoTime();
        try {
            Egress.Reply reply = egress.send(request(taken, at));
            return new Outcome(
                    at,
                    since(begin),
                    reply.status(),
                    beginning(reply.text()),
                    null,
                    Retries.asked(reply.headers().get("retry-after"), clock.system()));
        } catch (IOException e) {
            return new Outcome(at, since(begin), null, "", reason(e), null);
        } catch (RuntimeException e) {
            LOG.log(Level.SEVERE, "Could not send " + taken, e);
            return new Outcome(at, since(begin), null, "", "It could not be sent.", null);
        }
    }

    private Egress.Request request(Consignment taken, Instant at) {
        byte[] body = taken.payload().getBytes(StandardCharsets.UTF_8);
        String id = taken.event().toString();
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json");
        headers.put("User-Agent", "CognitionOS-Webhooks");
        headers.put("webhook-id", id);
        headers.put("webhook-timestamp", Long.toString(at.getEpochSecond()));
        headers.put("webhook-signature", Signature.header(secrets(taken), id, at.getEpochSecond(), body));
        return new Egress.Request("POST", URI.create(taken.url()), headers, body);
    }

    private List<byte[]> secrets(Consignment taken) {
        String owner = taken.endpoint().toString();
        List<byte[]> secrets = new ArrayList<>();
        secrets.add(vault.open(PURPOSE, owner, taken.secret()));
        byte[] former = taken.formerSecret();
        if (former != null) {
            secrets.add(vault.open(PURPOSE, owner, former));
        }
        return secrets;
    }

    private static int since(long begin) {
        return (int) Duration.ofNanos(System.nanoTime() - begin).toMillis();
    }

    /** As the database can keep it. */
    private static String beginning(String body) {
        String storable = body.replaceAll("[\\p{Cntrl}&&[^\\n\\t]]", "\uFFFD");
        return storable.codePoints()
                .limit(REPLY_CHARACTERS)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** For people, in our own words: what a library says may name addresses of our network. */
    private static String reason(IOException e) {
        if (e instanceof Egress.Refused refused) {
            return String.valueOf(refused.getMessage());
        }
        if (e instanceof SocketTimeoutException) {
            return "There was no reply in time.";
        }
        if (e instanceof ConnectException || e instanceof NoRouteToHostException) {
            return "Nobody takes connections at that address.";
        }
        if (e instanceof SSLException) {
            return "The TLS connection failed; is the certificate trusted, and is it for that name?";
        }
        return "The connection broke off, or what came back was no HTTP reply.";
    }
}
