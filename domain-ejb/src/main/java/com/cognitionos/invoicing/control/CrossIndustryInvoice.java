package com.cognitionos.invoicing.control;

import com.cognitionos.invoicing.control.ElectronicInvoice.Breakdown;
import com.cognitionos.invoicing.control.ElectronicInvoice.Item;
import com.cognitionos.invoicing.control.ElectronicInvoice.Party;
import com.cognitionos.invoicing.control.ElectronicInvoice.Vat;
import com.cognitionos.invoicing.entity.BillingDocument;
import com.cognitionos.rating.entity.Period;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes an electronic invoice as UN/CEFACT Cross Industry Invoice D16B, the syntax of Factur-X and ZUGFeRD. */
final class CrossIndustryInvoice {

    private static final String STANDARD = "urn:un:unece:uncefact:data:standard:";
    private static final List<String> ADDRESS = List.of("ram:LineOne", "ram:LineTwo", "ram:LineThree");

    private final ElectronicInvoice invoice;
    private final XmlText xml;

    private CrossIndustryInvoice(ElectronicInvoice invoice) {
        this.invoice = invoice;
        Map<String, String> namespaces = new LinkedHashMap<>();
        namespaces.put("rsm", STANDARD + "CrossIndustryInvoice:100");
        namespaces.put("ram", STANDARD + "ReusableAggregateBusinessInformationEntity:100");
        namespaces.put("qdt", STANDARD + "QualifiedDataType:100");
        namespaces.put("udt", STANDARD + "UnqualifiedDataType:100");
        this.xml = new XmlText("rsm:CrossIndustryInvoice", namespaces);
    }

    static byte[] of(ElectronicInvoice invoice) {
        return new CrossIndustryInvoice(invoice).write();
    }

    private byte[] write() {
        BillingDocument document = invoice.document();
        xml.element(
                "rsm:ExchangedDocumentContext",
                () -> xml.element(
                        "ram:GuidelineSpecifiedDocumentContextParameter",
                        () -> xml.text("ram:ID", ElectronicInvoice.PROFILE)));
        xml.element("rsm:ExchangedDocument", () -> {
            xml.text("ram:ID", document.number()).text("ram:TypeCode", invoice.typeCode());
            date("ram:IssueDateTime", invoice.issued());
            if (document.reason() != null) {
                xml.element("ram:IncludedNote", () -> xml.text("ram:Content", document.reason()));
            }
        });
        xml.element("rsm:SupplyChainTradeTransaction", () -> {
            invoice.items().forEach(this::item);
            xml.element("ram:ApplicableHeaderTradeAgreement", () -> {
                xml.element("ram:SellerTradeParty", () -> party(invoice.seller()));
                xml.element("ram:BuyerTradeParty", () -> party(invoice.buyer()));
            });
            xml.element("ram:ApplicableHeaderTradeDelivery", () -> {});
            xml.element("ram:ApplicableHeaderTradeSettlement", () -> settlement(document));
        });
        return xml.end();
    }

    private void item(Item item) {
        xml.element("ram:IncludedSupplyChainTradeLineItem", () -> {
            xml.element("ram:AssociatedDocumentLineDocument", () -> xml.text("ram:LineID", item.id()));
            xml.element(
                    "ram:SpecifiedTradeProduct",
                    () -> xml.text("ram:Name", item.name()).text("ram:Description", item.detail()));
            xml.element(
                    "ram:SpecifiedLineTradeAgreement",
                    () -> xml.element(
                            "ram:NetPriceProductTradePrice",
                            () -> xml.text("ram:ChargeAmount", item.price().toPlainString())));
            xml.element(
                    "ram:SpecifiedLineTradeDelivery",
                    () -> xml.text("ram:BilledQuantity", item.quantity().toPlainString(), "unitCode", item.unitCode()));
            xml.element("ram:SpecifiedLineTradeSettlement", () -> {
                xml.element("ram:ApplicableTradeTax", () -> {
                    xml.text("ram:TypeCode", "VAT")
                            .text("ram:CategoryCode", item.vat().category());
                    percent(item.vat().percent());
                });
                period(item.first(), item.last());
                if (item.allowance() != 0) {
                    xml.element("ram:SpecifiedTradeAllowanceCharge", () -> {
                        xml.element("ram:ChargeIndicator", () -> xml.text("udt:Indicator", "false"));
                        xml.text("ram:ActualAmount", invoice.amount(item.allowance()))
                                .text("ram:Reason", "Discount");
                    });
                }
                xml.element(
                        "ram:SpecifiedTradeSettlementLineMonetarySummation",
                        () -> xml.text("ram:LineTotalAmount", invoice.amount(item.net())));
            });
        });
    }

    private void party(Party party) {
        xml.text("ram:ID", party.id()).text("ram:Name", party.name());
        if (party.legalRegistration() != null) {
            xml.element("ram:SpecifiedLegalOrganization", () -> xml.text("ram:ID", party.legalRegistration()));
        }
        if (party.contact() != null) {
            xml.element(
                    "ram:DefinedTradeContact",
                    () -> xml.element(
                            "ram:EmailURIUniversalCommunication", () -> xml.text("ram:URIID", party.contact())));
        }
        xml.element("ram:PostalTradeAddress", () -> {
            for (int i = 0; i < party.address().size(); i++) {
                xml.text(ADDRESS.get(i), party.address().get(i));
            }
            xml.text("ram:CountryID", party.country()).text("ram:CountrySubDivisionName", party.region());
        });
        if (party.email() != null) {
            xml.element("ram:URIUniversalCommunication", () -> xml.text("ram:URIID", party.email(), "schemeID", "EM"));
        }
        if (party.taxRegistration() != null) {
            xml.element(
                    "ram:SpecifiedTaxRegistration",
                    () -> xml.text("ram:ID", party.taxRegistration(), "schemeID", "FC"));
        }
        if (party.vatNumber() != null) {
            xml.element("ram:SpecifiedTaxRegistration", () -> xml.text("ram:ID", party.vatNumber(), "schemeID", "VA"));
        }
    }

    private void settlement(BillingDocument document) {
        xml.text("ram:InvoiceCurrencyCode", document.currency());
        if (invoice.iban() != null) {
            xml.element("ram:SpecifiedTradeSettlementPaymentMeans", () -> {
                xml.text("ram:TypeCode", ElectronicInvoice.CREDIT_TRANSFER);
                xml.element("ram:PayeePartyCreditorFinancialAccount", () -> xml.text("ram:IBANID", invoice.iban()));
                if (document.seller().bic() != null) {
                    xml.element(
                            "ram:PayeeSpecifiedCreditorFinancialInstitution",
                            () -> xml.text("ram:BICID", document.seller().bic()));
                }
            });
        }
        invoice.breakdown().forEach(this::breakdown);
        Period period = document.period();
        if (period != null) {
            period(ElectronicInvoice.first(period, document.zone()), ElectronicInvoice.last(period, document.zone()));
        }
        LocalDate due = invoice.due();
        if (due != null || invoice.paymentTerms() != null) {
            xml.element("ram:SpecifiedTradePaymentTerms", () -> {
                xml.text("ram:Description", invoice.paymentTerms());
                if (due != null) {
                    date("ram:DueDateDateTime", due);
                }
            });
        }
        xml.element("ram:SpecifiedTradeSettlementHeaderMonetarySummation", () -> {
            xml.text("ram:LineTotalAmount", invoice.amount(document.netCents()))
                    .text("ram:TaxBasisTotalAmount", invoice.amount(document.netCents()))
                    .text("ram:TaxTotalAmount", invoice.amount(document.taxCents()), "currencyID", document.currency())
                    .text("ram:GrandTotalAmount", invoice.amount(document.totalCents()))
                    .text("ram:TotalPrepaidAmount", invoice.amount(document.settledCents()))
                    .text("ram:DuePayableAmount", invoice.amount(document.dueCents()));
        });
        BillingDocument.Reference corrects = document.corrects();
        if (corrects != null) {
            xml.element("ram:InvoiceReferencedDocument", () -> {
                xml.text("ram:IssuerAssignedID", corrects.number());
                xml.element(
                        "ram:FormattedIssueDateTime",
                        () -> xml.text(
                                "qdt:DateTimeString",
                                day(corrects.issuedAt().atZone(ZoneOffset.UTC).toLocalDate()),
                                "format",
                                "102"));
            });
        }
    }

    private void breakdown(Breakdown part) {
        Vat vat = part.vat();
        xml.element("ram:ApplicableTradeTax", () -> {
            xml.text("ram:CalculatedAmount", invoice.amount(part.tax()))
                    .text("ram:TypeCode", "VAT")
                    .text("ram:ExemptionReason", vat.reason())
                    .text("ram:BasisAmount", invoice.amount(part.taxable()))
                    .text("ram:CategoryCode", vat.category())
                    .text("ram:ExemptionReasonCode", vat.reasonCode());
            percent(vat.percent());
        });
    }

    private void percent(@Nullable BigDecimal percent) {
        xml.text("ram:RateApplicablePercent", percent == null ? null : percent.toPlainString());
    }

    private void period(LocalDate first, LocalDate last) {
        xml.element("ram:BillingSpecifiedPeriod", () -> {
            date("ram:StartDateTime", first);
            date("ram:EndDateTime", last);
        });
    }

    private void date(String name, LocalDate date) {
        xml.element(name, () -> xml.text("udt:DateTimeString", day(date), "format", "102"));
    }

    private static String day(LocalDate date) {
        return DateTimeFormatter.BASIC_ISO_DATE.format(date);
    }
}
