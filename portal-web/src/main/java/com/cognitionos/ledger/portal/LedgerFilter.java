package com.cognitionos.ledger.portal;

import com.cognitionos.kernel.portal.Asked;
import com.cognitionos.ledger.boundary.Ledger;
import com.cognitionos.ledger.entity.Account;
import com.cognitionos.tenancy.boundary.TenantView;
import com.cognitionos.tenancy.boundary.Tenants;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * Which part of the journal an address asks for.
 *
 * @param tenant a slug; empty for all
 * @param account a code; empty for any
 * @param from the first day, as {@code 2026-11-24}; empty for no limit
 * @param to the last day
 * @param test whether the books of test tenants are wanted
 */
public record LedgerFilter(String tenant, String account, String from, String to, boolean test) {

    /** A tenant that there is not has no transactions. */
    private static final UUID NOBODY = new UUID(0, 0);

    static LedgerFilter of(HttpServletRequest request) {
        String account = Asked.text(request, "account");
        return new LedgerFilter(
                Asked.text(request, "tenant").toLowerCase(Locale.ROOT),
                Arrays.stream(Account.values()).anyMatch(one -> one.code().equals(account)) ? account : "",
                Asked.day(request, "from"),
                Asked.day(request, "to"),
                Asked.text(request, "books").equals("test"));
    }

    /** A tenant that is named is found in whichever books it is. */
    Ledger.Wanted wanted(Tenants tenants) {
        return new Ledger.Wanted(
                tenant.isEmpty() ? null : find(tenants),
                tenant.isEmpty() ? test : null,
                account.isEmpty() ? null : Account.of(account),
                Asked.startOf(from),
                Asked.endOf(to));
    }

    private UUID find(Tenants tenants) {
        List<TenantView> found = tenants.withSlugs(List.of(tenant));
        return found.isEmpty() ? NOBODY : found.get(0).id();
    }

    boolean any() {
        return !(tenant + account + from + to).isEmpty();
    }

    /** As it goes on in an address. */
    public String query() {
        return "books=" + (test ? "test" : "business") + "&tenant=" + Asked.encoded(tenant) + "&account=" + account
                + "&from=" + from + "&to=" + to;
    }
}
