package com.cognitionos.gateway.boundary;

import com.cognitionos.gateway.control.BulkPlaces;
import com.cognitionos.gateway.control.ClientAddress;
import com.cognitionos.gateway.control.FullWindows;
import com.cognitionos.gateway.control.Gatekeeper;
import com.cognitionos.gateway.control.KeyEnded;
import com.cognitionos.gateway.control.KeyMaterial;
import com.cognitionos.gateway.control.Lines;
import com.cognitionos.kernel.BackgroundThreads;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Says of each request whose it is and whether there is room for it (GAT-3, GAT-7 to GAT-9, GAT-13). One call of the database,
 * in a transaction of its own: it must not be called inside another.
 */
@ApplicationScoped
public class Gateway {

    @Inject
    private KeyMaterial material;

    @Inject
    private Gatekeeper gatekeeper;

    @Inject
    private BackgroundThreads threads;

    @Inject
    @ConfigProperty(name = "cognitionos.anonymous-rate-limit", defaultValue = "60")
    private int anonymousLimit;

    private final FullWindows<Presented, Admission> full = new FullWindows<>(System::nanoTime);
    private final BulkPlaces<Presented, Admission> bulk = new BulkPlaces<>(System::nanoTime);
    private final Lines<Presented> lines = new Lines<>();

    /** What a request shows of itself; the key only as its HMAC. */
    private record Presented(byte @Nullable [] hmac, String address) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Presented that && address.equals(that.address) && Arrays.equals(hmac, that.hmac);
        }

        @Override
        public int hashCode() {
            return 31 * address.hashCode() + Arrays.hashCode(hmac);
        }
    }

    /**
     * Admits a request or refuses it.
     *
     * @param key as it was sent; null for none
     * @param remoteAddress the client's IP address, as the server sees it or a trusted proxy says
     */
    public Admission admit(@Nullable String key, String remoteAddress) {
        byte[] hmac = key != null && material.hasForm(key) ? material.hmac(key) : null;
        Presented presented = new Presented(hmac, ClientAddress.subject(remoteAddress));
        Admission admission = known(presented)
                .orElseGet(() ->
                        lines.inTurn(presented, waiting -> known(presented).orElseGet(() -> ask(presented, waiting))));
        if (bulk.isTimeToAsk(presented)) {
            threads.execute(() -> askAhead(presented));
        }
        return admission;
    }

    /** On this node a key that has ended is refused at once, however busy it was. */
    void forget(@Observes(during = TransactionPhase.AFTER_SUCCESS) KeyEnded ended) {
        bulk.clear();
    }

    /** Without the database: where there is no room for now, or places are left that were taken together. */
    private Optional<Admission> known(Presented presented) {
        return full.refusal(
                        presented,
                        (refusal, elapsed) -> refusal.at(refusal.decidedAt().plus(elapsed)))
                .or(() -> bulk.take(presented, Admission::after));
    }

    /** @param waiting who want a place now: one asks for all of them, or few busy clients would ask as often as many */
    private Admission ask(Presented presented, int waiting) {
        long asked = System.nanoTime();
        Admission admission = askNow(presented, Math.max(waiting, bulk.wanted(presented)));
        if (admission.admitted()) {
            bulk.remember(presented, admission, admission.places(), asked);
        } else {
            full.remember(presented, admission, Duration.between(admission.decidedAt(), admission.nextChance()));
        }
        return admission;
    }

    private void askAhead(Presented presented) {
        long asked = System.nanoTime();
        Admission admission = askNow(presented, bulk.wanted(presented));
        if (admission.admitted()) {
            bulk.rememberAhead(presented, admission, admission.places(), asked);
        }
    }

    private Admission askNow(Presented presented, int places) {
        return gatekeeper.admit(
                presented.hmac(), presented.address(), anonymousLimit, Math.min(places, BulkPlaces.MOST_PLACES));
    }
}
