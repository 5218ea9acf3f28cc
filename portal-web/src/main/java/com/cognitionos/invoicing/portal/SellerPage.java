package com.cognitionos.invoicing.portal;

import com.cognitionos.identity.portal.StepUp;
import com.cognitionos.invoicing.boundary.Sellers;
import com.cognitionos.invoicing.boundary.Sellers.SellerView;
import com.cognitionos.invoicing.boundary.Sellers.Warning;
import com.cognitionos.invoicing.entity.Seller;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.kernel.portal.Messages;
import jakarta.annotation.PostConstruct;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Who makes the invoices out. */
@Named
@RequestScoped
public class SellerPage {

    private static final Map<String, String> FIELDS = Map.of(
            "/legal_name", "seller:name",
            "/address", "seller:address",
            "/country", "seller:country",
            "/tax_number", "seller:taxNumber",
            "/registration_number", "seller:registration",
            "/email", "seller:email",
            "/iban", "seller:iban",
            "/bic", "seller:bic",
            "/payment_terms", "seller:terms");

    @EJB
    private Sellers sellers;

    @Inject
    private Messages messages;

    private @Nullable List<Warning> warnings;
    private Instant updatedAt = Instant.EPOCH;
    private long version;
    private @Nullable String name;
    private @Nullable String address;
    private @Nullable String country;
    private @Nullable String taxNumber;
    private @Nullable String registration;
    private @Nullable String email;
    private @Nullable String iban;
    private @Nullable String bic;
    private @Nullable String terms;

    @PostConstruct
    void load() {
        show(sellers.view());
    }

    @RequiresScope("finance:write")
    @StepUp
    public void save() {
        messages.attempt(FIELDS, () -> {
            show(sellers.change(
                    new Seller(
                            text(name), text(address), text(country), taxNumber, registration, email, iban, bic, terms),
                    version));
            messages.done(
                    "Invoices and credit notes from now on are made out by this seller; earlier ones keep theirs.");
        });
    }

    private static String text(@Nullable String typed) {
        return Objects.requireNonNullElse(typed, "");
    }

    private void show(SellerView view) {
        Seller seller = view.seller();
        warnings = null;
        updatedAt = view.updatedAt();
        version = view.version();
        name = seller.name();
        address = seller.address();
        country = seller.country();
        taxNumber = seller.taxNumber();
        registration = seller.registrationNumber();
        email = seller.email();
        iban = seller.iban();
        bic = seller.bic();
        terms = seller.paymentTerms();
    }

    public List<Warning> getWarnings() {
        if (warnings == null) {
            warnings = sellers.warnings();
        }
        return warnings;
    }

    public Instant getUpdatedAt() {
        return updatedAt;
    }

    /** That the form was made from, so that two at once do not undo each other. */
    public long getVersion() {
        return version;
    }

    public void setVersion(long version) {
        this.version = version;
    }

    public @Nullable String getName() {
        return name;
    }

    public void setName(@Nullable String name) {
        this.name = name;
    }

    public @Nullable String getAddress() {
        return address;
    }

    public void setAddress(@Nullable String address) {
        this.address = address;
    }

    public @Nullable String getCountry() {
        return country;
    }

    public void setCountry(@Nullable String country) {
        this.country = country;
    }

    public @Nullable String getTaxNumber() {
        return taxNumber;
    }

    public void setTaxNumber(@Nullable String taxNumber) {
        this.taxNumber = taxNumber;
    }

    public @Nullable String getRegistration() {
        return registration;
    }

    public void setRegistration(@Nullable String registration) {
        this.registration = registration;
    }

    public @Nullable String getEmail() {
        return email;
    }

    public void setEmail(@Nullable String email) {
        this.email = email;
    }

    public @Nullable String getIban() {
        return iban;
    }

    public void setIban(@Nullable String iban) {
        this.iban = iban;
    }

    public @Nullable String getBic() {
        return bic;
    }

    public void setBic(@Nullable String bic) {
        this.bic = bic;
    }

    public @Nullable String getTerms() {
        return terms;
    }

    public void setTerms(@Nullable String terms) {
        this.terms = terms;
    }
}
