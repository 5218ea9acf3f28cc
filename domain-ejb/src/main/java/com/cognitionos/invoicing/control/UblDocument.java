package com.cognitionos.invoicing.control;

import com.cognitionos.invoicing.control.ElectronicInvoice.Breakdown;
import com.cognitionos.invoicing.control.ElectronicInvoice.Item;
import com.cognitionos.invoicing.control.ElectronicInvoice.Party;
import com.cognitionos.invoicing.control.ElectronicInvoice.Vat;
import com.cognitionos.invoicing.entity.BillingDocument;
import com.cognitionos.rating.entity.Period;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Writes an electronic invoice as an Invoice or a CreditNote of UBL 2.1. */
final class UblDocument {

    private static final String STANDARD = "urn:oasis:names:specification:ubl:schema:xsd:";
    private static final String VAT = "VAT";

    private final ElectronicInvoice invoice;
    private final String type;
    private final XmlText xml;

    private UblDocument(ElectronicInvoice invoice) {
        this.invoice = invoice;
        this.type = invoice.isCreditNote() ? "CreditNote" : "Invoice";
        Map<String, String> namespaces = new LinkedHashMap<>();
        namespaces.put("", STANDARD + type + "-2");
        namespaces.put("cac", STANDARD + "CommonAggregateComponents-2");
        namespaces.put("cbc", STANDARD + "CommonBasicComponents-2");
        this.xml = new XmlText(type, namespaces);
    }

    static byte[] of(ElectronicInvoice invoice) {
        return new UblDocument(invoice).write();
    }

    private byte[] write() {
        BillingDocument document = invoice.document();
        xml.text("cbc:CustomizationID", ElectronicInvoice.PROFILE)
                .text("cbc:ID", document.number())
                .text("cbc:IssueDate", invoice.issued().toString());
        LocalDate due = invoice.due();
        if (due != null && !invoice.isCreditNote()) {
            xml.text("cbc:DueDate", due.toString());
        }
        xml.text("cbc:" + type + "TypeCode", invoice.typeCode())
                .text("cbc:Note", document.reason())
                .text("cbc:DocumentCurrencyCode", document.currency());
        Period period = document.period();
        if (period != null) {
            period(ElectronicInvoice.first(period, document.zone()), ElectronicInvoice.last(period, document.zone()));
        }
        BillingDocument.Reference corrects = document.corrects();
        if (corrects != null) {
            xml.element(
                    "cac:BillingReference",
                    () -> xml.element(
                            "cac:InvoiceDocumentReference",
                            () -> xml.text("cbc:ID", corrects.number())
                                    .text(
                                            "cbc:IssueDate",
                                            corrects.issuedAt()
                                                    .atZone(ZoneOffset.UTC)
                                                    .toLocalDate()
                                                    .toString())));
        }
        xml.element("cac:AccountingSupplierParty", () -> party(invoice.seller()));
        xml.element("cac:AccountingCustomerParty", () -> party(invoice.buyer()));
        payment(document);
        xml.element("cac:TaxTotal", () -> {
            amount("cbc:TaxAmount", document.taxCents());
            invoice.breakdown().forEach(this::breakdown);
        });
        xml.element("cac:LegalMonetaryTotal", () -> {
            amount("cbc:LineExtensionAmount", document.netCents());
            amount("cbc:TaxExclusiveAmount", document.netCents());
            amount("cbc:TaxInclusiveAmount", document.totalCents());
            amount("cbc:PrepaidAmount", document.settledCents());
            amount("cbc:PayableAmount", document.dueCents());
        });
        invoice.items().forEach(this::item);
        return xml.end();
    }

    private void payment(BillingDocument document) {
        if (invoice.iban() != null) {
            xml.element("cac:PaymentMeans", () -> {
                xml.text("cbc:PaymentMeansCode", ElectronicInvoice.CREDIT_TRANSFER);
                xml.element("cac:PayeeFinancialAccount", () -> {
                    xml.text("cbc:ID", invoice.iban());
                    if (document.seller().bic() != null) {
                        xml.element(
                                "cac:FinancialInstitutionBranch",
                                () -> xml.text("cbc:ID", document.seller().bic()));
                    }
                });
            });
        }
        if (invoice.paymentTerms() != null) {
            xml.element("cac:PaymentTerms", () -> xml.text("cbc:Note", invoice.paymentTerms()));
        }
    }

    private void party(Party party) {
        xml.element("cac:Party", () -> {
            xml.text("cbc:EndpointID", party.email(), "schemeID", "EM");
            if (party.id() != null) {
                xml.element("cac:PartyIdentification", () -> xml.text("cbc:ID", party.id()));
            }
            address(party);
            if (party.taxRegistration() != null) {
                taxScheme(party.taxRegistration(), "TAX");
            }
            if (party.vatNumber() != null) {
                taxScheme(party.vatNumber(), VAT);
            }
            xml.element(
                    "cac:PartyLegalEntity",
                    () -> xml.text("cbc:RegistrationName", party.name())
                            .text("cbc:CompanyID", party.legalRegistration()));
            if (party.contact() != null) {
                xml.element("cac:Contact", () -> xml.text("cbc:ElectronicMail", party.contact()));
            }
        });
    }

    private void address(Party party) {
        List<String> lines = party.address();
        xml.element("cac:PostalAddress", () -> {
            xml.text("cbc:StreetName", lines.isEmpty() ? null : lines.get(0))
                    .text("cbc:AdditionalStreetName", lines.size() < 2 ? null : lines.get(1))
                    .text("cbc:CountrySubentity", party.region());
            if (lines.size() > 2) {
                xml.element("cac:AddressLine", () -> xml.text("cbc:Line", lines.get(2)));
            }
            xml.element("cac:Country", () -> xml.text("cbc:IdentificationCode", party.country()));
        });
    }

    private void taxScheme(String number, String scheme) {
        xml.element("cac:PartyTaxScheme", () -> {
            xml.text("cbc:CompanyID", number);
            scheme(scheme);
        });
    }

    private void breakdown(Breakdown part) {
        xml.element("cac:TaxSubtotal", () -> {
            amount("cbc:TaxableAmount", part.taxable());
            amount("cbc:TaxAmount", part.tax());
            xml.element("cac:TaxCategory", () -> {
                category(part.vat());
                xml.text("cbc:TaxExemptionReasonCode", part.vat().reasonCode())
                        .text("cbc:TaxExemptionReason", part.vat().reason());
                scheme(VAT);
            });
        });
    }

    private void item(Item item) {
        xml.element("cac:" + type + "Line", () -> {
            xml.text("cbc:ID", item.id())
                    .text(
                            invoice.isCreditNote() ? "cbc:CreditedQuantity" : "cbc:InvoicedQuantity",
                            item.quantity().toPlainString(),
                            "unitCode",
                            item.unitCode());
            amount("cbc:LineExtensionAmount", item.net());
            period(item.first(), item.last());
            if (item.allowance() != 0) {
                xml.element("cac:AllowanceCharge", () -> {
                    xml.text("cbc:ChargeIndicator", "false").text("cbc:AllowanceChargeReason", "Discount");
                    amount("cbc:Amount", item.allowance());
                });
            }
            xml.element("cac:Item", () -> {
                xml.text("cbc:Description", item.detail()).text("cbc:Name", item.name());
                xml.element("cac:ClassifiedTaxCategory", () -> {
                    category(item.vat());
                    scheme(VAT);
                });
            });
            xml.element(
                    "cac:Price",
                    () -> xml.text(
                            "cbc:PriceAmount",
                            item.price().toPlainString(),
                            "currencyID",
                            invoice.document().currency()));
        });
    }

    private void category(Vat vat) {
        xml.text("cbc:ID", vat.category())
                .text(
                        "cbc:Percent",
                        vat.percent() == null
                                ? null
                                : Objects.requireNonNull(vat.percent()).toPlainString());
    }

    private void scheme(String scheme) {
        xml.element("cac:TaxScheme", () -> xml.text("cbc:ID", scheme));
    }

    private void period(LocalDate first, LocalDate last) {
        xml.element(
                "cac:InvoicePeriod",
                () -> xml.text("cbc:StartDate", first.toString()).text("cbc:EndDate", last.toString()));
    }

    private void amount(String name, long cents) {
        xml.text(name, invoice.amount(cents), "currencyID", invoice.document().currency());
    }
}
