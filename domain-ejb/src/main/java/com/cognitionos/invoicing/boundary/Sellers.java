package com.cognitionos.invoicing.boundary;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.invoicing.control.SellerRecords;
import com.cognitionos.invoicing.entity.Invoice;
import com.cognitionos.invoicing.entity.Seller;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.tax.boundary.TaxRates;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who makes out the invoices and credit notes to come (INV-24); for the platform across tenants. */
@Stateless
@TenantWall
public class Sellers {

    @Inject
    private SellerRecords records;

    @Inject
    private BusinessClock clock;

    @Inject
    private AuditLog audit;

    @EJB
    private TaxRates taxRates;

    /** @param version goes up with each change, from 1 */
    public record SellerView(Seller seller, long version, Instant updatedAt) {}

    /** Something to mend before it hurts, though nothing is refused. */
    public record Warning(String code, String detail) {}

    public SellerView view() {
        return view(records.present());
    }

    /**
     * Puts another one in its place, whole; finalised invoices and issued credit notes keep theirs.
     *
     * @param expectedVersion the version the change was made from; null takes the present one
     * @throws Problem INVALID; CONFLICT ({@code stale_version})
     */
    public SellerView change(Seller wanted, @Nullable Long expectedVersion) {
        SellerRecords.Version before = records.toChange();
        if (expectedVersion != null && expectedVersion != before.version()) {
            throw Problem.conflict(
                    "stale_version", "The seller was changed meanwhile; its version is now " + before.version() + ".");
        }
        Seller after = wanted.checked();
        if (after.equals(before.seller())) {
            return view(before);
        }
        SellerRecords.Version next = new SellerRecords.Version(after, before.version() + 1, clock.system());
        records.add(next);
        audit.record(null, "seller.changed", Invoice.SELLER, words(before.seller()), words(after));
        return view(records.present());
    }

    /**
     * Whether invoices would come out that are no electronic ones: by BR-S-02, BR-Z-02, BR-E-02 and BR-AE-02 of EN 16931
     * whoever charges tax, at whatever rate, has a tax number.
     */
    public List<Warning> warnings() {
        LocalDate today = LocalDate.ofInstant(clock.system(), ZoneOffset.UTC);
        boolean taxes = taxRates.list().stream()
                .map(rate -> rate.rate().to())
                .anyMatch(end -> end == null || end.isAfter(today));
        return taxes && records.present().seller().taxNumber() == null
                ? List.of(
                        new Warning(
                                "seller_without_tax_number",
                                "There are tax rates, but the seller has no tax number: invoices with tax are PDFs without XML."))
                : List.of();
    }

    private static SellerView view(SellerRecords.Version version) {
        return new SellerView(version.seller(), version.version(), version.createdAt());
    }

    private static Map<String, @Nullable Object> words(Seller seller) {
        Map<String, @Nullable Object> words = new LinkedHashMap<>();
        words.put("legal_name", seller.name());
        words.put("address", seller.address());
        words.put("country", seller.country());
        words.put("tax_number", seller.taxNumber());
        words.put("registration_number", seller.registrationNumber());
        words.put("email", seller.email());
        words.put("iban", seller.iban());
        words.put("bic", seller.bic());
        words.put("payment_terms", seller.paymentTerms());
        return words;
    }
}
