package com.cognitionos.sso.control;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyType;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import java.util.function.LongSupplier;

/** The public keys of providers, fetched again when a token names one that is not among them (SSO-8). */
final class KeySets {

    private static final long GOOD_FOR_MS = 600_000;
    private static final long REST_MS = 60_000;
    private static final int LEAST_RSA_BITS = 2048;

    /** Fetches a key set. */
    @FunctionalInterface
    interface Source {
        JWKSet fetch(URI address) throws KeySourceException;
    }

    private record Place(UUID tenant, URI address) {}

    private record Fetched(JWKSet keys, long at) {}

    private final Kept<Place, Fetched> kept = new Kept<>(500);
    private final Source source;
    private final LongSupplier millis;

    KeySets(Source source, LongSupplier millis) {
        this.source = source;
        this.millis = millis;
    }

    JWKSource<SecurityContext> of(UUID tenant, URI address) {
        Place place = new Place(tenant, address);
        return (selector, context) -> {
            Fetched present = kept.get(place, millis.getAsLong());
            if (present == null) {
                present = fetch(place);
            }
            List<JWK> found = selector.select(present.keys());
            if (found.isEmpty() && millis.getAsLong() - present.at() >= REST_MS) {
                found = selector.select(fetch(place).keys());
            }
            return found;
        };
    }

    private Fetched fetch(Place place) throws KeySourceException {
        JWKSet all = source.fetch(place.address());
        JWKSet strong = new JWKSet(all.getKeys().stream()
                .filter(key -> key.getKeyType() != KeyType.RSA || key.size() >= LEAST_RSA_BITS)
                .toList());
        long now = millis.getAsLong();
        Fetched fetched = new Fetched(strong, now);
        kept.put(place, fetched, now + GOOD_FOR_MS);
        return fetched;
    }
}
