package com.cognitionos.invoicing.entity;

import com.cognitionos.rating.entity.CreditNoteAmounts.CreditedLine;
import java.util.ArrayList;
import java.util.List;

/** A charge as it stands: what notes and credit lines have left of it. */
final class Charge {

    private final Invoiced invoiced;
    private final List<CreditedLine> credited;
    private long leftCents;
    private long aheadCents;

    Charge(Invoiced invoiced) {
        this.invoiced = invoiced;
        this.credited = new ArrayList<>(invoiced.noted());
        this.leftCents = Math.subtractExact(invoiced.line().amountCents(), invoiced.notedCents());
    }

    Invoiced invoiced() {
        return invoiced;
    }

    long leftCents() {
        return leftCents;
    }

    /** What of it was given back before it was invoiced, or with it. */
    long aheadCents() {
        return aheadCents;
    }

    List<CreditedLine> credited() {
        return List.copyOf(credited);
    }

    void give(CreditLine.Part part) {
        credited.add(new CreditedLine(
                invoiced.amounts().id(),
                part.cents(),
                part.discountCents(),
                List.of(),
                part.given().ahead()));
        leftCents -= part.cents();
        aheadCents += part.given().ahead() ? part.cents() : 0;
    }
}
