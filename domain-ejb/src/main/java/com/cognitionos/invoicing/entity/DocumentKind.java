package com.cognitionos.invoicing.entity;

import java.util.Locale;

/** The forms in which an invoice or a credit note can be had. */
public enum DocumentKind {
    /** PDF/A-3 with the {@link #CII} in it, as Factur-X and ZUGFeRD ask. */
    PDF("application/pdf", ".pdf"),
    /** Cross Industry Invoice, EN 16931. */
    CII("application/xml", ".xml"),
    /** Universal Business Language 2.1, EN 16931. */
    UBL("application/xml", "-ubl.xml");

    private final String mediaType;
    private final String ending;

    DocumentKind(String mediaType, String ending) {
        this.mediaType = mediaType;
        this.ending = ending;
    }

    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    public String mediaType() {
        return mediaType;
    }

    /** @param number of the invoice or the note */
    public String fileName(String number) {
        return number + ending;
    }
}
