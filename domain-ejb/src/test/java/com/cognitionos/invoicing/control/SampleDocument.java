package com.cognitionos.invoicing.control;

import com.cognitionos.invoicing.entity.BillingDocument;
import com.cognitionos.invoicing.entity.BillingDocument.By;
import com.cognitionos.invoicing.entity.BillingDocument.Settlement;
import com.cognitionos.invoicing.entity.Buyer;
import com.cognitionos.invoicing.entity.Seller;
import com.cognitionos.rating.entity.InvoicedLine;
import com.cognitionos.rating.entity.InvoicedLine.DiscountShare;
import com.cognitionos.rating.entity.InvoicedLine.TaxShare;
import com.cognitionos.rating.entity.Period;
import com.cognitionos.rating.entity.Tax;
import com.cognitionos.rating.entity.Taxes;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** SampleDocument made by hand. */
final class SampleDocument {

    static final Tax VAT = new Tax("vat", BigDecimal.valueOf(19), false);
    static final Tax VAT_IN_PRICES = new Tax("vat", BigDecimal.valueOf(19), true);
    static final Tax GST = new Tax("gst", BigDecimal.valueOf(5), false);
    static final Tax QST = new Tax("qst", new BigDecimal("9.975"), false);
    static final Tax CONSUMPTION = new Tax("consumption", BigDecimal.TEN, false);

    static final Seller GERMAN = new Seller(
            "CognitionOS GmbH",
            "Musterstraße 1\n10115 Berlin",
            "DE",
            "DE123456789",
            "HRB 12345 B, Amtsgericht Charlottenburg",
            "invoices@cognitionos.example",
            "DE89 3704 0044 0532 0130 00",
            "COBADEFFXXX",
            "By the day above, without deduction.");
    static final Seller AMERICAN =
            new Seller("CognitionOS", "1 Example Street, Springfield", "US", null, null, null, null, null, null);
    static final Seller BRITISH = new Seller(
            "CognitionOS Ltd",
            "1 High Street\nFloor 2\nBack yard\nLondon E1 6AN",
            "GB",
            "GB 123 4567 89",
            "Companies House 01234567",
            "ask@cognitionos.example",
            "GB33BUKB20201555555555",
            null,
            null);
    static final Buyer FRENCH = new Buyer(
            "Société Générique SARL", "compta@example.fr", "1 rue du Port\n75002 Paris", "FR", null, "FR12345678901");
    static final Buyer UNKNOWN = new Buyer("Łukasz & Søn <AI>", "billing@example.org", null, null, null, null);

    private static final Period JANUARY =
            new Period(Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2026-02-01T00:00:00Z"));

    private BillingDocument.Type type = BillingDocument.Type.INVOICE;
    private Seller seller = GERMAN;
    private Buyer buyer = FRENCH;
    private String currency = "EUR";
    private ZoneId zone = ZoneId.of("UTC");
    private Taxes.Treatment treatment = Taxes.Treatment.STANDARD;
    private final List<BillingDocument.Line> lines = new ArrayList<>();
    private final List<Settlement> settlements = new ArrayList<>();
    private BillingDocument.@Nullable Reference corrects;
    private @Nullable String reason;

    static SampleDocument from(Seller seller, Buyer buyer, String currency) {
        SampleDocument documents = new SampleDocument();
        documents.seller = seller;
        documents.buyer = buyer;
        documents.currency = currency;
        return documents;
    }

    SampleDocument creditNoteOn(String invoice, String why) {
        type = BillingDocument.Type.CREDIT_NOTE;
        corrects = new BillingDocument.Reference(invoice, Instant.parse("2026-01-05T09:00:00Z"));
        reason = why;
        return this;
    }

    SampleDocument treatment(Taxes.Treatment given) {
        treatment = given;
        return this;
    }

    SampleDocument in(String given) {
        zone = ZoneId.of(given);
        return this;
    }

    SampleDocument line(String description, String unit, String quantity, String price, long cents, TaxShare... taxes) {
        return line(description, unit, quantity, price, cents, 0, taxes);
    }

    SampleDocument line(
            String description,
            String unit,
            String quantity,
            String price,
            long cents,
            long discount,
            TaxShare... taxes) {
        lines.add(new BillingDocument.Line(
                description,
                unit,
                new BigDecimal(quantity),
                new BigDecimal(price),
                JANUARY,
                new InvoicedLine(
                        String.valueOf(lines.size() + 1),
                        cents,
                        discount == 0 ? List.of() : List.of(new DiscountShare("d", discount)),
                        List.of(taxes))));
        return this;
    }

    SampleDocument settled(By by, long cents) {
        settlements.add(new Settlement(by, cents));
        return this;
    }

    BillingDocument document() {
        boolean invoice = type == BillingDocument.Type.INVOICE;
        return new BillingDocument(
                type,
                UUID.fromString("0199aaaa-0000-7000-8000-000000000001"),
                invoice ? "INV-2026-000001" : "CN-2026-000001",
                corrects,
                reason,
                seller,
                buyer,
                Instant.parse("2026-02-01T00:00:04.123456Z"),
                invoice ? Instant.parse("2026-02-08T00:00:04Z") : null,
                currency,
                JANUARY,
                zone,
                treatment,
                lines,
                settlements);
    }

    static TaxShare tax(Tax tax, long cents) {
        return new TaxShare(tax, cents);
    }
}
