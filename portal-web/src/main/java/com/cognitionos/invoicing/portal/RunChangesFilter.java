package com.cognitionos.invoicing.portal;

import com.cognitionos.invoicing.boundary.InvoiceRunChanges.Kind;
import com.cognitionos.invoicing.boundary.InvoiceRunChanges.Wanted;
import com.cognitionos.kernel.portal.Asked;
import jakarta.servlet.http.HttpServletRequest;
import java.math.BigDecimal;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which changes of a run an address asks for; what makes no sense is left out.
 *
 * @param against an id of a run; empty for what is usual
 * @param kind a code; empty for all but the same
 * @param percent at least so much; empty for any
 */
public record RunChangesFilter(String run, String against, String kind, String percent) {

    static RunChangesFilter of(HttpServletRequest request) {
        String kind = Asked.text(request, "kind");
        String percent = Asked.text(request, "percent").replace(',', '.');
        return new RunChangesFilter(
                id(Asked.text(request, "run")),
                id(Asked.text(request, "against")),
                Kind.of(kind).isPresent() ? kind : "",
                percent.matches("\\d{1,6}(\\.\\d{1,6})?") ? percent : "");
    }

    private static String id(String text) {
        return text.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}") ? text : "";
    }

    Wanted wanted() {
        return new Wanted(Kind.of(kind).orElse(null), percent.isEmpty() ? BigDecimal.ZERO : new BigDecimal(percent));
    }

    @Nullable
    UUID named() {
        return against.isEmpty() ? null : UUID.fromString(against);
    }

    boolean any() {
        return !(kind + percent).isEmpty();
    }

    /** As it goes on in an address. */
    public String query() {
        return "run=" + run + "&against=" + against + "&kind=" + kind + "&percent=" + percent;
    }
}
