package com.cognitionos.invoicing.portal;

import com.cognitionos.identity.portal.StepUp;
import com.cognitionos.invoicing.boundary.CreditNoteView;
import com.cognitionos.invoicing.boundary.CreditNotes;
import com.cognitionos.invoicing.boundary.CreditNotes.Creditable;
import com.cognitionos.invoicing.boundary.CreditNotes.LineLeft;
import com.cognitionos.invoicing.boundary.CreditNotes.Wanted;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.kernel.portal.GivenId;
import com.cognitionos.kernel.portal.Messages;
import com.cognitionos.kernel.portal.Money;
import com.cognitionos.payment.boundary.Settlement;
import com.cognitionos.rating.entity.CreditNoteAmounts;
import com.cognitionos.rating.entity.CreditNoteAmounts.Payout;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Finance takes off an invoice what it should not have asked for: all that is left of it, or amounts by line. */
@Named
@RequestScoped
public class CreditNoteForm {

    /** As the page's fields are called; that of a line has its position behind it. */
    private static final String AMOUNT = "amount-";

    /** What was left as the form was shown: a form that is sent twice credits once. */
    private static final String LEFT = "left";

    private static final String EXTENT = "extent";
    private static final String BY_LINE = "lines";
    private static final String REFUND = "refund";

    @EJB
    private CreditNotes notes;

    @EJB
    private Settlement settlement;

    @Inject
    private InvoicePage page;

    @Inject
    private Messages messages;

    @Inject
    private Money money;

    @Inject
    private HttpServletRequest request;

    private @Nullable Creditable creditable;
    private @Nullable CreditNoteAmounts estimate;
    private boolean issued;

    /**
     * A line of the form.
     *
     * @param typed in the major unit
     */
    public record Row(LineLeft left, String typed) {}

    @RequiresScope("finance:write")
    public void preview() {
        messages.attempt(
                Map.of(),
                () -> estimate = notes.estimate(GivenId.of(request.getParameter("id"), "invoice"), wanted(), payout()));
    }

    @RequiresScope("finance:write")
    @StepUp
    public void issue() {
        if (!given(LEFT).equals(String.valueOf(getCreditable().leftCents()))) {
            messages.failed("Something was credited meanwhile, so nothing was issued now. Look again at what is left.");
            return;
        }
        messages.attempt(Map.of(), () -> {
            CreditNoteView made = settlement.credit(
                    GivenId.of(request.getParameter("id"), "invoice"), wanted(), getReason(), payout());
            messages.done("Credit note " + made.note().number() + " over "
                    + money.of(made.note().amounts().totalCents(), made.note().currency()) + " is issued.");
            issued = true;
        });
        creditable = null;
        page.reload();
    }

    /** @return null for all that is left @throws Problem INVALID for what is no amount */
    private @Nullable List<Wanted> wanted() {
        if (!isByLine()) {
            return null;
        }
        List<Wanted> wanted = new ArrayList<>();
        for (Row row : getRows()) {
            if (!row.typed().isEmpty()) {
                wanted.add(new Wanted(row.left().position(), cents(row)));
            }
        }
        if (wanted.isEmpty()) {
            throw Problem.invalid("lines", "required", "type an amount for a line, or choose all that is left");
        }
        return wanted;
    }

    /** What was typed is what the line is credited by, so a line below zero is credited below zero. */
    private long cents(Row row) {
        String currency = getCreditable().currency();
        long left = Math.abs(row.left().leftCents());
        OptionalLong cents = money.read(row.typed(), currency);
        if (cents.isEmpty() || cents.getAsLong() == 0 || cents.getAsLong() > left) {
            throw Problem.invalid(
                    "lines",
                    "out_of_range",
                    row.left().line().description() + ": type an amount up to " + money.of(left, currency));
        }
        return row.left().leftCents() < 0 ? Math.negateExact(cents.getAsLong()) : cents.getAsLong();
    }

    private Payout payout() {
        return isRefund() ? Payout.REFUND : Payout.BALANCE;
    }

    public Creditable getCreditable() {
        if (creditable == null) {
            creditable = notes.creditable(page.getInvoice().id());
        }
        return creditable;
    }

    public List<Row> getRows() {
        return getCreditable().lines().stream()
                .map(left -> new Row(left, given(AMOUNT + left.position())))
                .toList();
    }

    /** Without the sign, for a field. */
    public String plain(LineLeft left) {
        return money.plain(Math.abs(left.leftCents()), getCreditable().currency());
    }

    public boolean isPossible() {
        return getCreditable().leftCents() > 0;
    }

    public @Nullable CreditNoteAmounts getEstimate() {
        return estimate;
    }

    public String getReason() {
        return given("reason");
    }

    public boolean isByLine() {
        return given(EXTENT).equals(BY_LINE);
    }

    public boolean isRefund() {
        return given("payout").equals(REFUND);
    }

    private String given(String parameter) {
        return issued
                ? ""
                : Objects.requireNonNullElse(request.getParameter(parameter), "")
                        .strip();
    }
}
