package com.cognitionos.invoicing.portal;

import com.cognitionos.invoicing.boundary.Statements;
import com.cognitionos.invoicing.boundary.Statements.Statement;
import com.cognitionos.kernel.portal.LocalZone;
import com.cognitionos.kernel.portal.Money;
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

    @EJB
    private Statements statements;

    @Inject
    private Money money;

    @Inject
    private HttpServletRequest request;

    @Inject
    private LocalZone place;

    private StatementFilter filter;
    private Section<Statement> statement;

    @PostConstruct
    void load() {
        filter = StatementFilter.of(request, statements, place.zone());
        statement =
                filter.isEmpty() ? Section.closed() : Section.load("statement", () -> statements.of(filter.extent()));
    }

    public StatementFilter getFilter() {
        return filter;
    }

    /** Whether nothing was ever booked. */
    public boolean isUnused() {
        return filter.isEmpty();
    }

    public Section<Statement> getStatement() {
        return statement;
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
