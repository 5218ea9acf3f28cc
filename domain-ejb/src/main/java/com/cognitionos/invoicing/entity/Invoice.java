package com.cognitionos.invoicing.entity;

import com.cognitionos.kernel.Problem;
import com.cognitionos.rating.entity.InvoiceAmounts;
import com.cognitionos.rating.entity.Period;
import com.cognitionos.rating.entity.Taxes;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A demand for money. It is drafted, gets its number as it is finalised and is then only paid, voided or written off;
 * what stands on it never changes again, which the database enforces too. Amounts are in the currency's minor unit.
 */
@Entity
@Table(name = "invoices")
public class Invoice {

    /** The seller entity; there is one. */
    public static final String SELLER = "default";

    /** The states of SPEC section 4. */
    public enum Status {
        DRAFT,
        OPEN,
        PAID,
        VOID,
        UNCOLLECTIBLE;

        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** At which turn of a subscription it was made; one per period (INV-4). */
    public enum Kind {
        START,
        PERIOD,
        /** For a change inside a period. */
        CHANGE,
        FINAL;

        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Id
    private UUID id;

    @Column(name = "tenant_id")
    private UUID tenantId;

    @Column(name = "subscription_id")
    private UUID subscriptionId;

    private String kind;
    private String seller;

    @Column(name = "seller_version")
    private @Nullable Long sellerVersion;

    private @Nullable String number;
    private String status;
    private String currency;

    @Column(name = "subtotal_cents")
    private long subtotalCents;

    @Column(name = "discount_cents")
    private long discountCents;

    @Column(name = "tax_cents")
    private long taxCents;

    @Column(name = "tax_included_cents")
    private long taxIncludedCents;

    @Column(name = "tax_treatment")
    private String taxTreatment;

    @Column(name = "total_cents")
    private long totalCents;

    @Column(name = "prepaid_applied_cents")
    private long prepaidAppliedCents;

    @Column(name = "carried_over_cents")
    private long carriedOverCents;

    @Column(name = "credited_cents")
    private long creditedCents;

    @Column(name = "amount_paid_cents")
    private long amountPaidCents;

    @Column(name = "balance_applied_cents")
    private long balanceAppliedCents;

    @Column(name = "period_start")
    private Instant periodStart;

    @Column(name = "period_end")
    private Instant periodEnd;

    @Column(name = "buyer_name")
    private String buyerName;

    @Column(name = "buyer_email")
    private String buyerEmail;

    @Column(name = "buyer_address")
    private @Nullable String buyerAddress;

    @Column(name = "buyer_country")
    private @Nullable String buyerCountry;

    @Column(name = "buyer_region")
    private @Nullable String buyerRegion;

    @Column(name = "buyer_tax_number")
    private @Nullable String buyerTaxNumber;

    @Column(name = "finalized_at")
    private @Nullable Instant finalizedAt;

    @Column(name = "due_date")
    private @Nullable Instant dueDate;

    @Column(name = "paid_at")
    private @Nullable Instant paidAt;

    @Column(name = "created_at")
    private Instant createdAt;

    @Version
    private long version;

    /** For JPA. */
    protected Invoice() {}

    /** A draft; what it gives back beyond what it charges is among its lines, as credited to the balance (INV-8). */
    public Invoice(
            UUID id,
            UUID tenantId,
            UUID subscriptionId,
            Kind kind,
            Period period,
            String currency,
            InvoiceAmounts amounts,
            Buyer buyer,
            Instant at) {
        this.id = id;
        this.tenantId = tenantId;
        this.subscriptionId = subscriptionId;
        this.kind = kind.code();
        this.seller = SELLER;
        this.status = Status.DRAFT.code();
        this.currency = currency;
        this.subtotalCents = Math.addExact(amounts.subtotalCents(), amounts.creditToBalanceCents());
        this.discountCents = amounts.discountCents();
        this.taxCents = amounts.taxCents();
        this.taxIncludedCents = amounts.taxCents() - amounts.exclusiveTaxCents();
        this.taxTreatment = code(amounts.treatment());
        this.totalCents = amounts.totalCents();
        this.prepaidAppliedCents = amounts.creditsAppliedCents();
        this.carriedOverCents = amounts.carriedOverCents();
        this.balanceAppliedCents = amounts.totalCents() - amounts.amountDueCents();
        this.periodStart = period.start();
        this.periodEnd = period.end();
        this.buyerName = buyer.name();
        this.buyerEmail = buyer.email();
        this.buyerAddress = buyer.address();
        this.buyerCountry = buyer.country();
        this.buyerRegion = buyer.region();
        this.buyerTaxNumber = buyer.taxNumber();
        this.createdAt = at;
    }

    /** As it is stored. */
    public static String code(Taxes.Treatment treatment) {
        return treatment.name().toLowerCase(Locale.ROOT);
    }

    /** Gives it its number and the seller of that moment; from here on it stands. */
    public void finalise(String givenNumber, long sellerOfVersion, Instant at, int paymentTermsDays) {
        if (status() != Status.DRAFT) {
            throw Problem.conflict("wrong_state", "Only a draft can be finalised; the invoice is " + status + ".");
        }
        number = givenNumber;
        sellerVersion = sellerOfVersion;
        finalizedAt = at;
        dueDate = at.plus(Duration.ofDays(paymentTermsDays));
        status = Status.OPEN.code();
    }

    /** Nothing of it is due. @throws Problem CONFLICT unless that is so and it is open */
    public void settle(Instant at) {
        pay(0, at);
    }

    /** @throws Problem CONFLICT unless it is open and the amount is all that is due */
    public void pay(long cents, Instant at) {
        if (status() != Status.OPEN && status() != Status.UNCOLLECTIBLE) {
            throw Problem.conflict("wrong_state", "Only an open invoice can be paid; this one is " + status + ".");
        }
        if (cents != amountDueCents()) {
            throw Problem.conflict("wrong_amount", "Due are " + amountDueCents() + " cents.");
        }
        amountPaidCents = Math.addExact(amountPaidCents, cents);
        paidAt = at;
        status = Status.PAID.code();
    }

    /** A credit note takes that much off what is due; with nothing left to pay it is paid. @param cents from 0 */
    public void credit(long cents, Instant at) {
        if (status() != Status.OPEN && status() != Status.PAID) {
            throw Problem.conflict(
                    "wrong_state", "Only an open or a paid invoice can be credited; this one is " + status + ".");
        }
        if (cents < 0 || cents > amountDueCents()) {
            throw new IllegalArgumentException(cents + " cents off " + amountDueCents() + " that are due");
        }
        creditedCents = Math.addExact(creditedCents, cents);
        if (status() == Status.OPEN && amountDueCents() == 0) {
            settle(at);
        }
    }

    /** Withdraws the demand, as if it had never been made. @throws Problem CONFLICT where something of it was settled */
    public void withdraw() {
        if (status() != Status.OPEN) {
            throw Problem.conflict(
                    "wrong_state",
                    "Only an open invoice can be made void; this one is " + status
                            + (status() == Status.PAID ? ": issue a credit note." : "."));
        }
        if (amountPaidCents != 0 || creditedCents != 0) {
            throw Problem.conflict("partly_settled", "A part of the invoice is settled: credit the rest by a note.");
        }
        status = Status.VOID.code();
    }

    /** Its money is not hoped for any more, though it may still come. @throws Problem CONFLICT unless it is open */
    public void writeOff() {
        if (status() != Status.OPEN) {
            throw Problem.conflict(
                    "wrong_state", "Only an open invoice can be written off; this one is " + status + ".");
        }
        status = Status.UNCOLLECTIBLE.code();
    }

    public UUID id() {
        return id;
    }

    public UUID tenantId() {
        return tenantId;
    }

    public UUID subscriptionId() {
        return subscriptionId;
    }

    public Kind kind() {
        return Kind.valueOf(kind.toUpperCase(Locale.ROOT));
    }

    public String seller() {
        return seller;
    }

    /** Null as long as it is a draft. */
    public @Nullable String number() {
        return number;
    }

    public Status status() {
        return Status.valueOf(status.toUpperCase(Locale.ROOT));
    }

    public String currency() {
        return currency;
    }

    public long subtotalCents() {
        return subtotalCents;
    }

    public long discountCents() {
        return discountCents;
    }

    public long taxCents() {
        return taxCents;
    }

    /** What of the tax the prices include. */
    public long taxIncludedCents() {
        return taxIncludedCents;
    }

    public Taxes.Treatment taxTreatment() {
        return Taxes.Treatment.valueOf(taxTreatment.toUpperCase(Locale.ROOT));
    }

    /** {@code subtotal - discount + tax - tax included}, from 0. */
    public long totalCents() {
        return totalCents;
    }

    public long amountPaidCents() {
        return amountPaidCents;
    }

    /**
     * What of the total is not to be paid in money: from prepaid credits, from the balance, or carried over. Below 0 where
     * an earlier invoice left more to collect.
     */
    public long balanceAppliedCents() {
        return balanceAppliedCents;
    }

    public long prepaidAppliedCents() {
        return prepaidAppliedCents;
    }

    public long carriedOverCents() {
        return carriedOverCents;
    }

    /** What credit notes took off the amount due. */
    public long creditedCents() {
        return creditedCents;
    }

    /** What is still to be paid; 0 for a void invoice. */
    public long amountDueCents() {
        return status() == Status.VOID ? 0 : totalCents - balanceAppliedCents - creditedCents - amountPaidCents;
    }

    public Period period() {
        return new Period(periodStart, periodEnd);
    }

    public Buyer buyer() {
        return new Buyer(buyerName, buyerEmail, buyerAddress, buyerCountry, buyerRegion, buyerTaxNumber);
    }

    public @Nullable Instant finalizedAt() {
        return finalizedAt;
    }

    public @Nullable Instant dueDate() {
        return dueDate;
    }

    public @Nullable Instant paidAt() {
        return paidAt;
    }

    public Instant createdAt() {
        return createdAt;
    }
}
