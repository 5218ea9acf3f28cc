package com.cognitionos.payment.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A way to pay that the provider keeps; here is only what may be shown. */
@Entity
@Table(name = "payment_methods")
public class PaymentMethod {

    @Id
    private UUID id;

    @Column(name = "tenant_id")
    private UUID tenantId;

    private String provider;

    @Column(name = "provider_ref")
    private String providerRef;

    private String type;
    private String brand;
    private String last4;

    @Column(name = "exp_month")
    private int expMonth;

    @Column(name = "exp_year")
    private int expYear;

    @Column(name = "is_default")
    private boolean isDefault;

    @Column(name = "created_at")
    private Instant createdAt;

    @Column(name = "removed_at")
    private @Nullable Instant removedAt;

    @Version
    private long version;

    /** For JPA. */
    protected PaymentMethod() {}

    public PaymentMethod(UUID id, UUID tenantId, String provider, Card card, Instant at) {
        this.id = id;
        this.tenantId = tenantId;
        this.provider = provider;
        this.providerRef = card.ref();
        this.type = "card";
        this.brand = card.brand();
        this.last4 = card.last4();
        this.expMonth = card.expMonth();
        this.expYear = card.expYear();
        this.createdAt = at;
    }

    public void makeDefault(boolean wanted) {
        isDefault = wanted;
    }

    public void remove(Instant at) {
        removedAt = at;
        isDefault = false;
    }

    public UUID id() {
        return id;
    }

    public UUID tenantId() {
        return tenantId;
    }

    public String provider() {
        return provider;
    }

    public String providerRef() {
        return providerRef;
    }

    public String type() {
        return type;
    }

    public String brand() {
        return brand;
    }

    public String last4() {
        return last4;
    }

    public int expMonth() {
        return expMonth;
    }

    public int expYear() {
        return expYear;
    }

    public boolean isDefault() {
        return isDefault;
    }

    public boolean isRemoved() {
        return removedAt != null;
    }

    public Instant createdAt() {
        return createdAt;
    }
}
