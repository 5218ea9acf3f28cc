package com.cognitionos.payment.portal;

import com.cognitionos.kernel.portal.Asked;
import com.cognitionos.payment.boundary.PaymentRegister.Wanted;
import jakarta.servlet.http.HttpServletRequest;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Which payments an address asks for.
 *
 * @param text a provider's id, an invoice's number, a tenant's slug or name; empty for all
 * @param status empty for any
 * @param from the first day, as {@code 2026-11-24}; empty for no limit
 * @param to the last day
 * @param least an amount in the currency's major unit, as typed; empty for no limit
 * @param most likewise
 */
public record PaymentFilter(String text, String status, String from, String to, String least, String most) {

    static PaymentFilter of(HttpServletRequest request) {
        String status = Asked.text(request, "status");
        return new PaymentFilter(
                Asked.text(request, "q"),
                Wanted.STATUSES.contains(status) ? status : "",
                Asked.day(request, "from"),
                Asked.day(request, "to"),
                amount(request, "least"),
                amount(request, "most"));
    }

    private static String amount(HttpServletRequest request, String parameter) {
        String bare = Asked.text(request, parameter).replace("$", "").replace(",", "");
        return Wanted.amount(bare).isPresent() ? bare : "";
    }

    Wanted wanted() {
        return new Wanted(
                status.isEmpty() ? null : status,
                null,
                text.isEmpty() ? null : text,
                Asked.startOf(from),
                Asked.endOf(to),
                number(least),
                number(most));
    }

    private static @Nullable BigDecimal number(String typed) {
        return typed.isEmpty() ? null : new BigDecimal(typed);
    }

    boolean any() {
        return !(text + status + from + to + least + most).isEmpty();
    }

    /** As it goes on in an address. */
    public String query() {
        return "q=" + Asked.encoded(text) + "&status=" + status + "&from=" + from + "&to=" + to + "&least=" + least
                + "&most=" + most;
    }
}
