package com.cognitionos.invoicing.control;

import com.cognitionos.invoicing.entity.BillingDocument;
import com.cognitionos.invoicing.entity.Buyer;
import com.cognitionos.invoicing.entity.Seller;
import com.cognitionos.kernel.MinorUnit;
import com.cognitionos.kernel.Problem;
import com.cognitionos.rating.entity.InvoicedLine;
import com.cognitionos.rating.entity.Period;
import com.cognitionos.rating.entity.Taxes;
import com.cognitionos.rating.entity.VatNumber;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A document in the terms of the European standard EN 16931, whatever the syntax. Its amounts are the document's, to the
 * cent: nothing is computed anew from rates and prices.
 *
 * <p>A line has one VAT category and rate there, so the taxes on a line count as one, at the sum of their rates. What is
 * settled by credit or carried over is paid amount (BT-113).
 */
record ElectronicInvoice(
        BillingDocument document, Party seller, Party buyer, List<Item> items, List<Breakdown> breakdown) {

    /** BT-24. */
    static final String PROFILE = "urn:cen.eu:en16931:2017";

    /** More places than this no amount may have (BR-DEC rules). */
    private static final int MOST_PLACES = 2;

    /** UNTDID 4461. */
    static final String CREDIT_TRANSFER = "30";

    private static final String ONE = "C62";

    /**
     * Seller or buyer.
     *
     * @param id where the standard would otherwise know a seller by nothing (BR-CO-26)
     * @param vatNumber with its prefix
     * @param taxRegistration a tax number that is no VAT number, or must not be called one (BT-32)
     * @param legalRegistration by which a register knows it (BT-30, BT-47)
     * @param address the lines of a postal address, three at most
     * @param contact an address for questions (BT-43)
     */
    record Party(
            @Nullable String id,
            String name,
            @Nullable String vatNumber,
            @Nullable String taxRegistration,
            @Nullable String legalRegistration,
            List<String> address,
            @Nullable String region,
            String country,
            @Nullable String email,
            @Nullable String contact) {}

    /** A VAT category; {@code percent} is null where there is no rate (BR-O-05). */
    record Vat(
            String category,
            @Nullable BigDecimal percent,
            @Nullable String reasonCode,
            @Nullable String reason) {

        static Vat taxed(BigDecimal percent) {
            return percent.signum() == 0
                    ? new Vat("Z", BigDecimal.ZERO, null, null)
                    : new Vat("S", percent.stripTrailingZeros(), null, null);
        }
    }

    /**
     * A line: {@code net = quantity * price - allowance}, once rounded.
     *
     * @param price from 0, in the major unit (BR-27)
     * @param allowance from 0
     */
    record Item(
            String id,
            String name,
            @Nullable String detail,
            BigDecimal quantity,
            String unitCode,
            BigDecimal price,
            long allowance,
            long net,
            Vat vat,
            LocalDate first,
            LocalDate last) {}

    /** What is taxed alike, and the tax on it. */
    record Breakdown(Vat vat, long taxable, long tax) {}

    /** @return empty where the standard cannot say it: see {@link #refusal(BillingDocument)} */
    static Optional<ElectronicInvoice> of(BillingDocument document) {
        return Optional.of(said(document)).filter(invoice -> invoice.refusal().isEmpty());
    }

    /**
     * Why a document cannot be said: an amount has more than two decimal places (BR-DEC rules), or a seller who charges
     * tax has no tax number (BR-S-02, BR-Z-02, BR-E-02, BR-AE-02).
     */
    static Optional<Problem> refusal(BillingDocument document) {
        return said(document).refusal();
    }

    private Optional<Problem> refusal() {
        if (!isRepresentable()) {
            return Optional.of(Problem.conflict(
                    "not_representable",
                    "EN 16931 has no place for amounts of more than two decimals; there is only the PDF."));
        }
        boolean inside =
                breakdown.stream().noneMatch(part -> part.vat().category().equals("O"));
        if (inside && seller.vatNumber() == null && seller.taxRegistration() == null) {
            return Optional.of(Problem.conflict(
                    "seller_without_tax_number",
                    "EN 16931 wants a tax number of who charges tax, and the seller had none; there is only the PDF."));
        }
        return Optional.empty();
    }

    private static ElectronicInvoice said(BillingDocument document) {
        List<Item> items = new ArrayList<>();
        Map<Vat, Breakdown> breakdown = new LinkedHashMap<>();
        boolean taxed = !document.taxes().isEmpty();
        for (BillingDocument.Line line : document.lines()) {
            Vat vat = vat(document.treatment(), taxed, line.amounts());
            items.add(item(String.valueOf(items.size() + 1), document, line, vat));
            breakdown.merge(
                    vat,
                    new Breakdown(vat, line.amounts().netCents(), line.amounts().taxCents()),
                    (one, other) -> new Breakdown(vat, one.taxable() + other.taxable(), one.tax() + other.tax()));
        }
        boolean outside =
                breakdown.keySet().stream().anyMatch(vat -> vat.category().equals("O"));
        return new ElectronicInvoice(
                document,
                seller(document.seller(), outside),
                buyer(document.buyer(), document.seller().country(), outside),
                items,
                List.copyOf(breakdown.values()));
    }

    boolean isCreditNote() {
        return document.type() == BillingDocument.Type.CREDIT_NOTE;
    }

    /** UNTDID 1001. */
    String typeCode() {
        return isCreditNote() ? "381" : "380";
    }

    LocalDate issued() {
        return document.issuedAt().atZone(ZoneOffset.UTC).toLocalDate();
    }

    @Nullable
    LocalDate due() {
        Instant due = document.dueAt();
        return due == null ? null : due.atZone(ZoneOffset.UTC).toLocalDate();
    }

    /** What the seller says about the payment; nothing on a credit note, which asks for none (BT-20). */
    @Nullable
    String paymentTerms() {
        return isCreditNote() ? null : document.seller().paymentTerms();
    }

    /** Where to pay to, by credit transfer (BT-81, BT-84). */
    @Nullable
    String iban() {
        return isCreditNote() ? null : document.seller().iban();
    }

    /** In the major unit. */
    String amount(long cents) {
        BigDecimal amount = BigDecimal.valueOf(cents, MinorUnit.decimals(document.currency()));
        return (amount.scale() <= MOST_PLACES ? amount : amount.setScale(MOST_PLACES, RoundingMode.UNNECESSARY))
                .toPlainString();
    }

    static LocalDate first(Period period, ZoneId zone) {
        return period.start().atZone(zone).toLocalDate();
    }

    /** The last day that the period reaches into. */
    static LocalDate last(Period period, ZoneId zone) {
        return period.end().minusNanos(1).atZone(zone).toLocalDate();
    }

    private boolean isRepresentable() {
        int surplus = MinorUnit.decimals(document.currency()) - MOST_PLACES;
        if (surplus <= 0) {
            return true;
        }
        long unit = BigDecimal.ONE.movePointRight(surplus).longValueExact();
        return document.settlements().stream().allMatch(settled -> settled.cents() % unit == 0)
                && items.stream().allMatch(item -> item.net() % unit == 0 && item.allowance() % unit == 0)
                && breakdown.stream().allMatch(part -> part.tax() % unit == 0);
    }

    private static Vat vat(Taxes.Treatment treatment, boolean taxed, InvoicedLine line) {
        if (!line.taxes().isEmpty()) {
            // Also where the day's invoices bear none: a credit gives back what its charge bore.
            return Vat.taxed(
                    line.taxes().stream().map(share -> share.tax().percent()).reduce(BigDecimal.ZERO, BigDecimal::add));
        }
        return switch (treatment) {
            case REVERSE_CHARGE -> new Vat("AE", BigDecimal.ZERO, "VATEX-EU-AE", "Reverse charge");
            case EXEMPT -> new Vat("E", BigDecimal.ZERO, null, "Exempt from tax");
            case STANDARD ->
                taxed
                        ? new Vat("E", BigDecimal.ZERO, null, "No tax applies")
                        : new Vat("O", null, "VATEX-EU-O", "Not subject to VAT");
        };
    }

    /**
     * The price is that of the document where it makes the line's amount, and else the amount itself: a tiered price, a
     * part of a period and a price with tax in it are no net price of one unit.
     */
    private static Item item(String id, BillingDocument document, BillingDocument.Line line, Vat vat) {
        InvoicedLine amounts = line.amounts();
        boolean inclusive =
                amounts.taxes().stream().anyMatch(share -> share.tax().inclusive());
        long allowance = inclusive || amounts.discountCents() < 0 ? 0 : amounts.discountCents();
        long charged = Math.addExact(amounts.netCents(), allowance);
        BigDecimal signed = charged < 0 ? line.quantity().negate() : line.quantity();
        boolean exact = line.unitPrice().signum() >= 0
                && line.quantity().signum() > 0
                && signed.multiply(line.unitPrice())
                                .setScale(0, RoundingMode.HALF_UP)
                                .compareTo(BigDecimal.valueOf(charged))
                        == 0;
        int digits = MinorUnit.decimals(document.currency());
        String detail = exact || line.quantity().compareTo(BigDecimal.ONE) == 0
                ? null
                : line.quantity().toPlainString() + " " + line.unit();
        return new Item(
                id,
                line.description(),
                detail,
                exact ? signed : BigDecimal.valueOf(charged < 0 ? -1 : 1),
                exact ? unitCode(line.unit()) : ONE,
                (exact ? line.unitPrice() : BigDecimal.valueOf(Math.abs(charged))).movePointLeft(digits),
                allowance,
                amounts.netCents(),
                vat,
                first(line.period(), document.zone()),
                last(line.period(), document.zone()));
    }

    /** UN/ECE Recommendation 20. */
    private static String unitCode(String unit) {
        return switch (unit) {
            case "MB" -> "4L";
            case "GB" -> "E34";
            default -> ONE;
        };
    }

    /** @param outside of the scope of VAT, where no number may be called a VAT number (BR-O-02) */
    private static Party seller(Seller seller, boolean outside) {
        String vat = outside ? null : vatNumber(seller.taxNumber());
        return new Party(
                vat == null && seller.registrationNumber() == null ? seller.name() : null,
                seller.name(),
                vat,
                vat == null ? seller.taxNumber() : null,
                seller.registrationNumber(),
                address(seller.address()),
                null,
                seller.country(),
                seller.email(),
                seller.email());
    }

    /** A buyer who named no country counts as one of the seller's: the standard must have one (BR-11). */
    private static Party buyer(Buyer buyer, String sellersCountry, boolean outside) {
        String vat = outside ? null : vatNumber(buyer.taxNumber());
        return new Party(
                null,
                buyer.name(),
                vat,
                null,
                vat == null ? buyer.taxNumber() : null,
                address(buyer.address()),
                buyer.region(),
                buyer.country() == null ? sellersCountry : buyer.country(),
                buyer.email(),
                null);
    }

    private static @Nullable String vatNumber(@Nullable String written) {
        return written == null
                ? null
                : VatNumber.parse(written).map(VatNumber::value).orElse(null);
    }

    private static List<String> address(@Nullable String text) {
        List<String> lines = text == null
                ? List.of()
                : text.lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .toList();
        return lines.size() <= 3
                ? lines
                : List.of(lines.get(0), lines.get(1), String.join(", ", lines.subList(2, lines.size())));
    }
}
