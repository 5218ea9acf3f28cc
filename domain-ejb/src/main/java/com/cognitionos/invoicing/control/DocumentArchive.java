package com.cognitionos.invoicing.control;

import com.cognitionos.invoicing.entity.BillingDocument;
import com.cognitionos.invoicing.entity.DocumentFile;
import com.cognitionos.invoicing.entity.DocumentKind;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * The documents as they were made, once each: whoever asks for one gets the same bytes, whatever has become of its invoice
 * or of this software since (INV-11).
 */
@ApplicationScoped
public class DocumentArchive {

    @Inject
    private Sql sql;

    @Inject
    private BusinessClock clock;

    /**
     * A document from the archive. All forms of one that is not there yet are made and put there.
     *
     * @param document the id of the invoice or the credit note
     * @param invoice the invoice that it is on
     * @throws Problem CONFLICT where there can be no XML: {@code not_representable} of amounts that EN 16931 has no place
     *     for, {@code seller_without_tax_number} of one with tax
     */
    public DocumentFile file(
            UUID document, UUID invoice, String number, DocumentKind kind, Supplier<BillingDocument> said) {
        byte[] content = read(document, kind)
                .or(() -> {
                    if (!has(document, DocumentKind.PDF)) {
                        keep(document, invoice, made(said.get()));
                    }
                    return read(document, kind);
                })
                .orElseThrow(() -> noXml(said.get()));
        return new DocumentFile(kind.fileName(number), kind.mediaType(), content);
    }

    /** Why there is no XML of a document, for people; empty where there is one. */
    public Optional<String> withoutXml(UUID document, Supplier<BillingDocument> said) {
        boolean made = has(document, DocumentKind.PDF);
        if (made && has(document, DocumentKind.CII)) {
            return Optional.empty();
        }
        return (made ? Optional.of(noXml(said.get())) : ElectronicInvoice.refusal(said.get())).map(Problem::getMessage);
    }

    private static Problem noXml(BillingDocument document) {
        return ElectronicInvoice.refusal(document)
                .orElseGet(() -> Problem.conflict("not_representable", "There is only the PDF."));
    }

    private static Map<DocumentKind, byte[]> made(BillingDocument document) {
        Map<DocumentKind, byte[]> made = new EnumMap<>(DocumentKind.class);
        ElectronicInvoice.of(document).ifPresent(invoice -> {
            made.put(DocumentKind.CII, CrossIndustryInvoice.of(invoice));
            made.put(DocumentKind.UBL, UblDocument.of(invoice));
        });
        made.put(DocumentKind.PDF, DocumentPdf.of(document, made.get(DocumentKind.CII)));
        return made;
    }

    /** Of two who make it at once the second one waits at the first row, and keeps nothing. */
    private void keep(UUID document, UUID invoice, Map<DocumentKind, byte[]> made) {
        UUID tenant = Caller.currentTenant();
        Instant now = clock.now(tenant);
        made.forEach((kind, content) -> sql.update("""
                INSERT INTO invoice_documents (tenant_id, document_id, invoice_id, kind, content, sha256, created_at)
                SELECT ?, ?, ?, ?, content, sha256(content), ? FROM (SELECT ?::bytea AS content) made
                ON CONFLICT DO NOTHING""", tenant, document, invoice, kind.code(), now, content));
    }

    private boolean has(UUID document, DocumentKind kind) {
        return sql.queryOne(
                        "SELECT 1 FROM invoice_documents WHERE tenant_id = ? AND document_id = ? AND kind = ?",
                        row -> row.getInt(1),
                        Caller.currentTenant(),
                        document,
                        kind.code())
                .isPresent();
    }

    private Optional<byte[]> read(UUID document, DocumentKind kind) {
        return sql.queryOne(
                "SELECT content FROM invoice_documents WHERE tenant_id = ? AND document_id = ? AND kind = ?",
                row -> row.getBytes("content"),
                Caller.currentTenant(),
                document,
                kind.code());
    }
}
