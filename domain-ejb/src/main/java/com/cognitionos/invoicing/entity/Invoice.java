package com.cognitionos.invoicing.entity;

import com.cognitionos.kernel.Problem;
import com.cognitionos.rating.entity.Period;
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
    private @Nullable String number;
    private String status;
    private String currency;

    @Column(name = "subtotal_cents")
    private long subtotalCents;

    @Column(name = "discount_cents")
    private long discountCents;

    @Column(name = "tax_cents")
    private long taxCents;

    @Column(name = "total_cents")
    private long totalCents;

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

    public Invoice(
            UUID id,
            UUID tenantId,
            UUID subscriptionId,
            Kind kind,
            Period period,
            String currency,
            long subtotalCents,
            String buyerName,
            String buyerEmail,
            Instant at) {
        this.id = id;
        this.tenantId = tenantId;
        this.subscriptionId = subscriptionId;
        this.kind = kind.code();
        this.seller = SELLER;
        this.status = Status.DRAFT.code();
        this.currency = currency;
        this.subtotalCents = subtotalCents;
        this.totalCents = subtotalCents;
        this.periodStart = period.start();
        this.periodEnd = period.end();
        this.buyerName = buyerName;
        this.buyerEmail = buyerEmail;
        this.createdAt = at;
    }

    /**
     * Gives it its number; from here on it stands. It is paid at once where nothing is due.
     *
     * @param fromBalanceCents how much of it the customer's balance pays, from 0 to the total
     */
    public void finalise(String givenNumber, Instant at, int paymentTermsDays, long fromBalanceCents) {
        if (status() != Status.DRAFT) {
            throw Problem.conflict("wrong_state", "Only a draft can be finalised; the invoice is " + status + ".");
        }
        number = givenNumber;
        finalizedAt = at;
        dueDate = at.plus(Duration.ofDays(paymentTermsDays));
        balanceAppliedCents = fromBalanceCents;
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

    public long totalCents() {
        return totalCents;
    }

    public long amountPaidCents() {
        return amountPaidCents;
    }

    public long balanceAppliedCents() {
        return balanceAppliedCents;
    }

    /** What is still to be paid; 0 for a void invoice. */
    public long amountDueCents() {
        return status() == Status.VOID ? 0 : totalCents - balanceAppliedCents - amountPaidCents;
    }

    public Period period() {
        return new Period(periodStart, periodEnd);
    }

    public String buyerName() {
        return buyerName;
    }

    public String buyerEmail() {
        return buyerEmail;
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
