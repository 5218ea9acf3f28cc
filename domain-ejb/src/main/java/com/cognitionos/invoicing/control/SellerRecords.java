package com.cognitionos.invoicing.control;

import com.cognitionos.invoicing.entity.Invoice;
import com.cognitionos.invoicing.entity.Seller;
import com.cognitionos.kernel.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;

/** The seller in all its versions: a change never touches what was there, so that a document can keep its own (INV-24). */
@ApplicationScoped
public class SellerRecords {

    private static final String PRESENT = """
            SELECT v.* FROM sellers s JOIN seller_versions v ON v.seller = s.code AND v.version = s.version
            WHERE s.code = ?""";

    @Inject
    private Sql sql;

    /** @param version from 1 */
    public record Version(Seller seller, long version, Instant createdAt) {}

    public Version present() {
        return sql.queryOne(PRESENT, SellerRecords::read, Invoice.SELLER).orElseThrow();
    }

    /** As {@link #present}; who else would change it waits until the transaction ends. */
    public Version toChange() {
        // First the lock: a join would keep the version that it saw before it had to wait.
        sql.query("SELECT code FROM sellers WHERE code = ? FOR UPDATE", row -> row.getString(1), Invoice.SELLER);
        return present();
    }

    /** The one that an invoice was finalised by; for a draft the present one. */
    public Seller ofInvoice(UUID tenant, UUID invoice) {
        return of("invoices", tenant, invoice);
    }

    public Seller ofCreditNote(UUID tenant, UUID note) {
        return of("credit_notes", tenant, note);
    }

    private Seller of(String table, UUID tenant, UUID id) {
        return sql.queryOne(
                        "SELECT v.* FROM " + table + " d JOIN seller_versions v ON v.seller = d.seller"
                                + " AND v.version = d.seller_version WHERE d.tenant_id = ? AND d.id = ?",
                        SellerRecords::read,
                        tenant,
                        id)
                .orElseGet(this::present)
                .seller();
    }

    public void add(Version next) {
        Seller seller = next.seller();
        sql.update(
                """
                INSERT INTO seller_versions (seller, version, name, address, country, tax_number, registration_number,
                    email, iban, bic, payment_terms, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                Invoice.SELLER,
                next.version(),
                seller.name(),
                seller.address(),
                seller.country(),
                seller.taxNumber(),
                seller.registrationNumber(),
                seller.email(),
                seller.iban(),
                seller.bic(),
                seller.paymentTerms(),
                next.createdAt());
        sql.update("UPDATE sellers SET version = ? WHERE code = ?", next.version(), Invoice.SELLER);
    }

    private static Version read(ResultSet row) throws SQLException {
        return new Version(
                new Seller(
                        row.getString("name"),
                        row.getString("address"),
                        row.getString("country"),
                        row.getString("tax_number"),
                        row.getString("registration_number"),
                        row.getString("email"),
                        row.getString("iban"),
                        row.getString("bic"),
                        row.getString("payment_terms")),
                row.getLong("version"),
                Sql.instant(row, "created_at"));
    }
}
