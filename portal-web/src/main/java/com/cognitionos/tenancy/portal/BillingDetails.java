package com.cognitionos.tenancy.portal;

import com.cognitionos.identity.portal.StepUp;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.kernel.portal.Messages;
import com.cognitionos.tenancy.boundary.BillingProfiles;
import com.cognitionos.tenancy.entity.BillingProfile;
import jakarta.annotation.PostConstruct;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whom the invoices to come are made out to. */
@Named
@RequestScoped
public class BillingDetails {

    private static final Map<String, String> FIELDS = Map.of(
            "/legal_name", "details:legalName",
            "/address_line1", "details:line1",
            "/address_line2", "details:line2",
            "/postal_code", "details:postalCode",
            "/city", "details:city",
            "/region", "details:region",
            "/country", "details:country",
            "/tax_number", "details:taxNumber");

    @EJB
    private BillingProfiles profiles;

    @Inject
    private Messages messages;

    private boolean taxExempt;
    private @Nullable String legalName;
    private @Nullable String line1;
    private @Nullable String line2;
    private @Nullable String postalCode;
    private @Nullable String city;
    private @Nullable String region;
    private @Nullable String country;
    private @Nullable String taxNumber;

    @PostConstruct
    void load() {
        show(profiles.current());
    }

    @RequiresScope("invoices:write")
    @StepUp
    public void save() {
        messages.attempt(FIELDS, () -> {
            show(profiles.change(
                            new BillingProfile(
                                    legalName, line1, line2, postalCode, city, region, country, taxNumber, false),
                            null,
                            null)
                    .profile());
            messages.done("Invoices from now on are made out to these details; earlier ones stay as they are.");
        });
    }

    private void show(BillingProfile profile) {
        taxExempt = profile.taxExempt();
        legalName = profile.legalName();
        line1 = profile.addressLine1();
        line2 = profile.addressLine2();
        postalCode = profile.postalCode();
        city = profile.city();
        region = profile.region();
        country = profile.country();
        taxNumber = profile.taxNumber();
    }

    public boolean isTaxExempt() {
        return taxExempt;
    }

    public @Nullable String getLegalName() {
        return legalName;
    }

    public void setLegalName(@Nullable String legalName) {
        this.legalName = legalName;
    }

    public @Nullable String getLine1() {
        return line1;
    }

    public void setLine1(@Nullable String line1) {
        this.line1 = line1;
    }

    public @Nullable String getLine2() {
        return line2;
    }

    public void setLine2(@Nullable String line2) {
        this.line2 = line2;
    }

    public @Nullable String getPostalCode() {
        return postalCode;
    }

    public void setPostalCode(@Nullable String postalCode) {
        this.postalCode = postalCode;
    }

    public @Nullable String getCity() {
        return city;
    }

    public void setCity(@Nullable String city) {
        this.city = city;
    }

    public @Nullable String getRegion() {
        return region;
    }

    public void setRegion(@Nullable String region) {
        this.region = region;
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
}
