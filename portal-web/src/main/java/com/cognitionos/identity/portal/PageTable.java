package com.cognitionos.identity.portal;

import java.util.Map;
import java.util.Optional;

/**
 * What each address of the portal takes (POR-6). Closed by default: an address that is not here does not exist for the
 * portal.
 */
public final class PageTable {

    /** Whose page it is. */
    public enum Kind {
        /** Everybody's. */
        OPEN,
        /** Of whoever is signed in, with or without a tenant. */
        PERSON,
        /** Works in a tenant. */
        TENANT,
        /** Works across tenants. */
        PLATFORM,
        /** Works in the tenant that was chosen, or across tenants. */
        EITHER
    }

    /**
     * What a page takes.
     *
     * @param scope empty where being signed in is enough
     * @param openWhenSuspended whether a suspended tenant keeps it
     */
    public record Need(Kind kind, String scope, boolean openWhenSuspended) {}

    private static final Need OPEN = new Need(Kind.OPEN, "", true);
    private static final Need PERSON = new Need(Kind.PERSON, "", true);

    private static final Map<String, Need> PAGES = Map.ofEntries(
            Map.entry("/sign-in", OPEN),
            Map.entry("/sign-in-code", OPEN),
            Map.entry("/sign-up", OPEN),
            Map.entry("/confirm", OPEN),
            Map.entry("/sign-out", OPEN),
            Map.entry("/forgot", OPEN),
            Map.entry("/reset", OPEN),
            Map.entry("/invitation", OPEN),
            Map.entry("/mail", OPEN),
            Map.entry("/sso-sign-in", OPEN),
            Map.entry("/sso-refused", OPEN),
            Map.entry("/sso/start", OPEN),
            Map.entry("/sso/callback", OPEN),
            Map.entry("/expired", OPEN),
            Map.entry("/failed", OPEN),
            Map.entry("/refused", OPEN),
            Map.entry("/not-found", OPEN),
            Map.entry("", PERSON),
            Map.entry("/", PERSON),
            Map.entry("/account", PERSON),
            Map.entry("/nowhere", PERSON),
            Map.entry("/choose-tenant", PERSON),
            Map.entry("/home", billing("tenants:read")),
            Map.entry("/invoices", billing("invoices:read")),
            Map.entry("/invoice", billing("invoices:read")),
            Map.entry("/invoice-pdf", billing("invoices:read")),
            Map.entry("/statement", billing("invoices:read")),
            Map.entry("/statement-export", billing("invoices:read")),
            Map.entry("/invoice-ubl", billing("invoices:read")),
            Map.entry("/credit-note-pdf", billing("invoices:read")),
            Map.entry("/credit-note-ubl", billing("invoices:read")),
            Map.entry("/billing", billing("invoices:read")),
            Map.entry("/plan", billing("subscriptions:read")),
            Map.entry("/usage", tenant("usage:read")),
            Map.entry("/usage-export", tenant("usage:read")),
            Map.entry("/usage-upload", tenant("usage:read")),
            Map.entry("/usage-upload-file", tenant("usage:write")),
            Map.entry("/usage-upload-progress", tenant("usage:read")),
            Map.entry("/usage-upload-rejected", tenant("usage:read")),
            Map.entry("/alerts", tenant("usage:read")),
            Map.entry("/keys", tenant("keys:read")),
            Map.entry("/webhooks", tenant("webhooks:read")),
            Map.entry("/webhook", tenant("webhooks:read")),
            Map.entry("/webhook-delivery", tenant("webhooks:read")),
            Map.entry("/team", tenant("tenants:read")),
            Map.entry("/sso", tenant("tenants:write")),
            Map.entry("/audit", new Need(Kind.EITHER, "audit:read", false)),
            Map.entry("/audit-export", new Need(Kind.EITHER, "audit:read", false)),
            Map.entry("/platform/tenants", platform("operator:read")),
            Map.entry("/platform/catalog", platform("operator:read")),
            Map.entry("/platform/plan-version", platform("operator:read")),
            Map.entry("/platform/add-on", platform("operator:read")),
            Map.entry("/platform/staff", platform("operator:write")),
            Map.entry("/platform/flags", platform("operator:read")),
            Map.entry("/platform/integrity", platform("operator:read")),
            Map.entry("/platform/seller", platform("finance:read")),
            Map.entry("/platform/invoice-runs", platform("finance:read")),
            Map.entry("/platform/invoice-run-changes", platform("finance:read")),
            Map.entry("/platform/payments", platform("finance:read")),
            Map.entry("/platform/payments-export", platform("finance:read")),
            Map.entry("/platform/dunning", platform("finance:read")),
            Map.entry("/platform/coupons", platform("finance:read")),
            Map.entry("/platform/charges", platform("finance:read")),
            Map.entry("/platform/taxes", platform("finance:read")),
            Map.entry("/platform/provider-events", platform("finance:read")),
            Map.entry("/platform/reconciliation", platform("finance:read")),
            Map.entry("/platform/ledger", platform("finance:read")),
            Map.entry("/platform/ledger-export", platform("finance:read")));

    private PageTable() {}

    /** @param path as the container understood it, without parameters; empty for an address that there is not */
    public static Optional<Need> of(String path) {
        return Optional.ofNullable(PAGES.get(path));
    }

    private static Need tenant(String scope) {
        return new Need(Kind.TENANT, scope, false);
    }

    /** A page that a suspended tenant needs to pay. */
    private static Need billing(String scope) {
        return new Need(Kind.TENANT, scope, true);
    }

    private static Need platform(String scope) {
        return new Need(Kind.PLATFORM, scope, true);
    }
}
