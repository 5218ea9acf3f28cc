package com.cognitionos.invoicing.portal;

import com.cognitionos.invoicing.boundary.Statements;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.portal.Asked;
import jakarta.servlet.http.HttpServletRequest;
import java.time.ZoneId;
import java.util.List;

/**
 * Which part of the statement an address asks for.
 *
 * @param currencies those of the tenant's books, the wanted one first
 * @param from the first day, as {@code 2026-11-24}; empty for no limit
 * @param to the last day, not before the first
 * @param zone whose days they are
 */
public record StatementFilter(List<String> currencies, String from, String to, ZoneId zone) {

    static StatementFilter of(HttpServletRequest request, Statements statements, ZoneId zone) {
        String wanted = Asked.text(request, "currency");
        String from = Asked.day(request, "from");
        String to = Asked.day(request, "to");
        return new StatementFilter(
                statements.currencies(Caller.currentTenant()).stream()
                        .sorted((one, other) -> Boolean.compare(other.equals(wanted), one.equals(wanted)))
                        .toList(),
                from,
                to.compareTo(from) < 0 ? "" : to,
                zone);
    }

    /** None where nothing was ever booked. */
    boolean isEmpty() {
        return currencies.isEmpty();
    }

    Statements.Extent extent() {
        return new Statements.Extent(
                Caller.currentTenant(), currencies.get(0), Asked.startOf(from, zone), Asked.endOf(to, zone));
    }

    /** As it goes on in an address. */
    public String query() {
        return (isEmpty() ? "" : "currency=" + currencies.get(0) + "&") + "from=" + from + "&to=" + to;
    }
}
