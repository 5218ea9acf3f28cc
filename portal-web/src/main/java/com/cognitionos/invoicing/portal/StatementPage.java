package com.cognitionos.invoicing.portal;

import com.cognitionos.invoicing.boundary.Statements;
import com.cognitionos.invoicing.boundary.Statements.Part;
import com.cognitionos.kernel.portal.LocalZone;
import com.cognitionos.kernel.portal.Money;
import com.cognitionos.kernel.portal.PageNumber;
import com.cognitionos.kernel.portal.Section;
import jakarta.annotation.PostConstruct;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;

/** What was invoiced, paid and credited, with the balance after each. */
@Named
@RequestScoped
public class StatementPage {

    private static final int PAGE_SIZE = 50;

    @EJB
    private Statements statements;

    @Inject
    private Money money;

    @Inject
    private HttpServletRequest request;

    @Inject
    private LocalZone place;

    private StatementFilter filter;
    private Section<Part> part;

    @PostConstruct
    void load() {
        filter = StatementFilter.of(request, statements, place.zone());
        String wanted = request.getParameter("page");
        part = filter.isEmpty()
                ? Section.closed()
                : Section.load(
                        "statement",
                        () -> statements.part(
                                filter.extent(), wanted == null ? null : PageNumber.of(wanted), PAGE_SIZE));
    }

    public StatementFilter getFilter() {
        return filter;
    }

    /** Whether nothing was ever booked. */
    public boolean isUnused() {
        return filter.isEmpty();
    }

    public Section<Part> getPart() {
        return part;
    }

    /** The address of another page of the same statement. */
    public String address(long number) {
        return "/statement?" + filter.query() + "&page=" + number;
    }

    public String amount(long cents) {
        return money.of(cents, filter.currencies().get(0));
    }

    /** What a balance means for the customer. */
    public String meaning(long cents) {
        if (cents == 0) {
            return "Nothing is owed on either side.";
        }
        return cents > 0
                ? "You owe " + amount(cents) + "."
                : "You have " + amount(Math.negateExact(cents)) + " to your credit.";
    }
}
