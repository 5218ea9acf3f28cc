package com.cognitionos.tenancy.entity;

import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.kernel.Problem;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.time.ZoneId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A customer of the platform. It is created in trial or active, may be suspended and come back, and ends churned;
 * its plan is mirrored from its subscription because limits hold even between two subscriptions.
 */
@Entity
@Table(name = "tenants")
public class Tenant {

    @Id
    private UUID id;

    private String name;
    private String slug;
    private String status;

    @Column(name = "owner_email")
    private String ownerEmail;

    @Column(name = "billing_email")
    private String billingEmail;

    private String tier;

    @Column(name = "plan_version")
    private int planVersion;

    @Column(name = "trial_ends_at")
    private @Nullable Instant trialEndsAt;

    @Column(name = "test_mode")
    private boolean testMode;

    @Column(name = "time_zone")
    private String timeZone;

    @Column(name = "payment_terms_days")
    private int paymentTermsDays;

    @Column(name = "suspended_at")
    private @Nullable Instant suspendedAt;

    @Column(name = "suspended_reason")
    private @Nullable String suspendedReason;

    @Column(name = "suspended_for_non_payment")
    private boolean suspendedForNonPayment;

    @Column(name = "created_at")
    private Instant createdAt;

    @Column(name = "updated_at")
    private Instant updatedAt;

    @Version
    private long version;

    /** For JPA. */
    protected Tenant() {}

    public Tenant(
            UUID id,
            String name,
            String slug,
            String ownerEmail,
            String billingEmail,
            ZoneId timeZone,
            boolean testMode,
            Tier tier,
            int planVersion,
            Instant at) {
        this.id = id;
        this.name = name;
        this.slug = slug;
        this.ownerEmail = ownerEmail;
        this.billingEmail = billingEmail;
        this.timeZone = timeZone.getId();
        this.testMode = testMode;
        this.tier = tier.code();
        this.planVersion = planVersion;
        this.paymentTermsDays = 7;
        this.status = TenantStatus.PENDING.code();
        this.createdAt = at;
        this.updatedAt = at;
    }

    public void startTrial(Instant endsAt, Instant at) {
        moveTo(TenantStatus.TRIAL, at);
        trialEndsAt = endsAt;
    }

    /** From pending or trial; an active tenant stays as it is. */
    public void activate(Instant at) {
        if (status() == TenantStatus.PENDING || status() == TenantStatus.TRIAL) {
            moveTo(TenantStatus.ACTIVE, at);
        }
    }

    /** By an operator, who may also take over what not paying began: paying then ends it no longer. */
    public void suspend(String reason, Instant at) {
        if (!suspendedForNonPayment) {
            moveTo(TenantStatus.SUSPENDED, at);
            suspendedAt = at;
        }
        suspendedForNonPayment = false;
        suspendedReason = reason;
        updatedAt = at;
    }

    /** Until it pays. Nothing changes for one that cannot be suspended. @return whether it was */
    public boolean suspendForNonPayment(String reason, Instant at) {
        if (status() != TenantStatus.TRIAL && status() != TenantStatus.ACTIVE) {
            return false;
        }
        moveTo(TenantStatus.SUSPENDED, at);
        suspendedAt = at;
        suspendedReason = reason;
        suspendedForNonPayment = true;
        return true;
    }

    /** @throws Problem CONFLICT unless suspended */
    public void reactivate(Instant at) {
        if (status() != TenantStatus.SUSPENDED) {
            throw Problem.conflict(
                    "wrong_state", "Only a suspended tenant can be reactivated; this one is " + status + ".");
        }
        moveTo(TenantStatus.ACTIVE, at);
        suspendedAt = null;
        suspendedReason = null;
        suspendedForNonPayment = false;
    }

    public void rename(String newName, String newBillingEmail, Instant at) {
        name = newName;
        billingEmail = newBillingEmail;
        updatedAt = at;
    }

    public void limitsFrom(Tier newTier, int newPlanVersion, Instant at) {
        tier = newTier.code();
        planVersion = newPlanVersion;
        updatedAt = at;
    }

    private void moveTo(TenantStatus target, Instant at) {
        status = status().moveTo(target).code();
        updatedAt = at;
    }

    public UUID id() {
        return id;
    }

    public String name() {
        return name;
    }

    public String slug() {
        return slug;
    }

    public TenantStatus status() {
        return TenantStatus.of(status);
    }

    public String ownerEmail() {
        return ownerEmail;
    }

    public String billingEmail() {
        return billingEmail;
    }

    public Tier tier() {
        return Tier.of(tier);
    }

    public int planVersion() {
        return planVersion;
    }

    public @Nullable Instant trialEndsAt() {
        return trialEndsAt;
    }

    public boolean testMode() {
        return testMode;
    }

    public ZoneId timeZone() {
        return ZoneId.of(timeZone);
    }

    public int paymentTermsDays() {
        return paymentTermsDays;
    }

    public @Nullable Instant suspendedAt() {
        return suspendedAt;
    }

    public boolean isSuspendedForNonPayment() {
        return suspendedForNonPayment;
    }

    public @Nullable String suspendedReason() {
        return suspendedReason;
    }

    public Instant createdAt() {
        return createdAt;
    }

    public Instant updatedAt() {
        return updatedAt;
    }

    public long version() {
        return version;
    }
}
