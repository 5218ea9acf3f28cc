package com.cognitionos.invoicing.portal;

import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.coupon.boundary.Redemptions;
import com.cognitionos.identity.portal.StepUp;
import com.cognitionos.invoicing.boundary.CreditNoteView;
import com.cognitionos.invoicing.boundary.CreditNotes;
import com.cognitionos.invoicing.boundary.InvoiceView;
import com.cognitionos.invoicing.boundary.Invoices;
import com.cognitionos.invoicing.entity.InvoiceLine;
import com.cognitionos.invoicing.entity.Seller;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.kernel.portal.Figures;
import com.cognitionos.kernel.portal.GivenId;
import com.cognitionos.kernel.portal.Messages;
import com.cognitionos.kernel.portal.Money;
import com.cognitionos.kernel.portal.Subject;
import com.cognitionos.metering.portal.MeterWords;
import com.cognitionos.payment.boundary.PaymentMethods;
import com.cognitionos.payment.boundary.Refunds;
import com.cognitionos.payment.boundary.Settlement;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.ManagedProperty;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One invoice: to read, print and pay. */
@Named
@RequestScoped
public class InvoicePage {

    /** What was written off may still be paid. */
    private static final Set<String> PAYABLE = Set.of("open", "uncollectible");

    @EJB
    private Invoices invoices;

    @EJB
    private CreditNotes notes;

    @EJB
    private Refunds refunds;

    @EJB
    private Plans plans;

    @EJB
    private PaymentMethods methods;

    @EJB
    private Settlement settlement;

    @Inject
    private Messages messages;

    @EJB
    private Redemptions redemptions;

    @Inject
    private LineWords lineWords;

    @Inject
    private MeterWords words;

    @Inject
    private Figures figures;

    @Inject
    private Money money;

    @Inject
    @ManagedProperty("#{param.id}")
    private @Nullable String id;

    private final Subject<InvoiceView> invoice = new Subject<>(() -> invoices.get(GivenId.of(id, "invoice")));
    private PaymentMethods.@Nullable MethodView card;
    private @Nullable Seller seller;
    private @Nullable List<CreditNoteView> noteViews;
    private @Nullable Optional<String> withoutXml;

    @RequiresScope("invoices:read")
    public void open() {
        invoice.open();
    }

    @RequiresScope("invoices:write")
    @StepUp
    public void pay() {
        try {
            InvoiceView paid = settlement.pay(getInvoice().id());
            invoice.is(paid);
            messages.done("Paid " + money.of(paid.amountPaidCents(), paid.currency()) + ". Thank you.");
        } catch (Problem problem) {
            invoice.changed();
            messages.show(problem, Map.of());
        }
    }

    public Seller getSeller() {
        if (seller == null) {
            seller = invoices.seller(getInvoice().id());
        }
        return seller;
    }

    public InvoiceView getInvoice() {
        return invoice.get();
    }

    /** After it was changed from elsewhere on the page. */
    void reload() {
        invoice.changed();
        noteViews = null;
    }

    public boolean isMissing() {
        return invoice.isMissing();
    }

    public String getTitle() {
        if (isMissing()) {
            return "There is no such invoice";
        }
        String number = getInvoice().number();
        return number == null ? "Draft invoice" : "Invoice " + number;
    }

    public PaymentMethods.@Nullable MethodView getCard() {
        if (card == null) {
            card = methods.defaultMethod().orElse(null);
        }
        return card;
    }

    public boolean isPayable() {
        return PAYABLE.contains(getInvoice().status()) && getInvoice().amountDueCents() > 0;
    }

    /** Why there is no XML to download; null where there is. */
    public @Nullable String getWithoutXml() {
        if (withoutXml == null) {
            withoutXml = invoices.withoutXml(getInvoice());
        }
        return withoutXml.orElse(null);
    }

    public boolean hasXml(CreditNoteView view) {
        return notes.hasXml(view);
    }

    /** What was credited of it, oldest first. */
    public List<CreditNoteView> getNotes() {
        if (noteViews == null) {
            noteViews = notes.of(getInvoice().id());
        }
        return noteViews;
    }

    /** What became of the part of a note that the card had paid. */
    public String refund(CreditNoteView view) {
        String status = refunds.statusesOf(List.of(view.note().id()))
                .getOrDefault(view.note().id(), "processing");
        return switch (status) {
            case "succeeded" -> "back to your card";
            case "failed" -> "to your balance, since the card did not take it";
            default -> "on its way to your card";
        };
    }

    /**
     * Lines of one kind.
     *
     * @param title empty where the invoice has lines of no other kind
     */
    public record Group(String title, List<Row> rows) {}

    /** @param how its amount comes about; null where quantity and unit price say it */
    public record Row(
            InvoiceLine line, long discountCents, @Nullable String how) {}

    /** What one coupon takes off the whole invoice. */
    public record Discount(String name, long cents) {}

    /** The lines by what they are for, in the order in which the invoice has them. */
    public List<Group> getGroups() {
        InvoiceView view = getInvoice();
        Map<String, List<Row>> byKind = new LinkedHashMap<>();
        for (int i = 0; i < view.lines().size(); i++) {
            InvoiceLine line = view.lines().get(i);
            long discount = i < view.amounts().size() ? view.amounts().get(i).discountCents() : 0;
            byKind.computeIfAbsent(LineWords.heading(line.kind()), kind -> new ArrayList<>())
                    .add(new Row(line, discount, lineWords.how(view.subscriptionId(), line, view.currency())));
        }
        return byKind.entrySet().stream()
                .map(group -> new Group(byKind.size() == 1 ? "" : group.getKey(), group.getValue()))
                .toList();
    }

    /** What was taken off, by coupon. */
    public List<Discount> getDiscounts() {
        Map<String, Long> byCoupon = new LinkedHashMap<>();
        Map<String, String> names = redemptions.list().stream()
                .collect(Collectors.toMap(
                        one -> one.id().toString(),
                        one -> one.coupon().name() + " (" + one.coupon().code() + ")"));
        getInvoice().amounts().stream()
                .flatMap(line -> line.discounts().stream())
                .forEach(share -> byCoupon.merge(
                        names.getOrDefault(share.discountId(), "Discount"), share.cents(), Math::addExact));
        return byCoupon.entrySet().stream()
                .map(one -> new Discount(one.getKey(), one.getValue()))
                .toList();
    }

    /** {@code Germany} for {@code DE}. */
    public String country(String code) {
        return new Locale("", code).getDisplayCountry(Locale.ENGLISH);
    }

    /** A line's quantity with its unit; a plan's price has none. */
    public String quantity(InvoiceLine line) {
        if (line.meter() == null) {
            return figures.quantity(line.quantity());
        }
        return words.amount(
                line.quantity(), plans.meter(line.meter()).map(Meter::unit).orElse("unit"));
    }
}
