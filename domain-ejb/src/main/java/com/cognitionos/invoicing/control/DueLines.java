package com.cognitionos.invoicing.control;

import com.cognitionos.invoicing.entity.InvoiceLine;
import com.cognitionos.invoicing.entity.Invoiced;
import java.util.List;

/**
 * What is about to be invoiced.
 *
 * @param lines none gives back more than is left of its charge
 * @param earlier what they may give back, or what has given them back ahead, in the order in which it was invoiced
 */
public record DueLines(List<InvoiceLine> lines, List<Invoiced> earlier) {

    public static final DueLines NONE = new DueLines(List.of(), List.of());

    public DueLines {
        lines = List.copyOf(lines);
        earlier = List.copyOf(earlier);
    }

    /** Another line in place of these. */
    DueLines instead(InvoiceLine line) {
        return new DueLines(List.of(line), earlier);
    }

    /** Whether they come to nothing, each by itself. */
    public boolean isNothing() {
        return lines.stream().allMatch(line -> line.amountCents() == 0);
    }
}
