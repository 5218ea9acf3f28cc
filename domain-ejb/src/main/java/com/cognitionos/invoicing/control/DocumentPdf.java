package com.cognitionos.invoicing.control;

import com.cognitionos.invoicing.entity.BillingDocument;
import com.openhtmltopdf.bidi.support.ICUBidiReorderer;
import com.openhtmltopdf.bidi.support.ICUBidiSplitter;
import com.openhtmltopdf.outputdevice.helper.BaseRendererBuilder.FontStyle;
import com.openhtmltopdf.pdfboxout.PDFontSupplier;
import com.openhtmltopdf.pdfboxout.PdfBoxRenderer;
import com.openhtmltopdf.pdfboxout.PdfRendererBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdfwriter.compress.CompressParameters;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDDocumentInformation;
import org.apache.pdfbox.pdmodel.common.filespecification.PDComplexFileSpecification;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType0Font;
import org.apache.xmpbox.XMPMetadata;
import org.apache.xmpbox.schema.DublinCoreSchema;
import org.apache.xmpbox.schema.XMPBasicSchema;
import org.jspecify.annotations.Nullable;
import org.mustangproject.ZUGFeRD.Profiles;
import org.mustangproject.ZUGFeRD.ZUGFeRDExporterFromA3;

/**
 * Draws a document as PDF/A-3u: XHTML laid out by openhtmltopdf, its XML put in by Mustang as Factur-X. Nothing in the
 * file comes from the moment of drawing, so that the same document gives the same bytes.
 */
final class DocumentPdf {

    private static final String PRODUCT = "CognitionOS";

    private DocumentPdf() {}

    /** @param xml a Cross Industry Invoice to put in; null where the document cannot be said in it */
    static byte[] of(BillingDocument document, byte @Nullable [] xml) {
        try {
            return withXml(document, draw(document), xml);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot draw " + document.number(), e);
        }
    }

    private static byte[] draw(BillingDocument document) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (PDDocument pdf = new PDDocument()) {
            PdfRendererBuilder builder = new PdfRendererBuilder();
            builder.usePDDocument(pdf);
            Map<String, PDFontSupplier> loaded = new HashMap<>();
            for (DocumentFont font : DocumentFont.values()) {
                for (int weight : font.weights()) {
                    builder.useFont(
                            loaded.computeIfAbsent(font.resource(), name -> new FontOf(pdf, font)),
                            font.family(),
                            weight,
                            FontStyle.NORMAL,
                            true);
                }
            }
            builder.useUnicodeBidiSplitter(new ICUBidiSplitter.ICUBidiSplitterFactory());
            builder.useUnicodeBidiReorderer(new ICUBidiReorderer());
            builder.usePdfAConformance(PdfRendererBuilder.PdfAConformance.PDFA_3_U);
            builder.useColorProfile(DocumentFont.bytes("/sRGB.icc"));
            builder.withHtmlContent(DocumentPage.of(document), null);
            builder.withProducer(PRODUCT);
            builder.toStream(out);
            try (PdfBoxRenderer renderer = builder.buildPdfRenderer()) {
                renderer.layout();
                renderer.createPDFWithoutClosing();
                // Compressed, its trailer would leave traces of this moment in the file that is made of it.
                pdf.save(out, CompressParameters.NO_COMPRESSION);
            }
        }
        return out.toByteArray();
    }

    private static byte[] withXml(BillingDocument document, byte[] pdf, byte @Nullable [] xml) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Exporter exporter = new Exporter(document, xml != null)) {
            exporter.load(pdf);
            if (xml != null) {
                exporter.setXML(xml);
            }
            exporter.export(out);
        }
        return out.toByteArray();
    }

    /** A font in one PDF, read only where it is needed. */
    private static final class FontOf extends PDFontSupplier {

        private final PDDocument pdf;
        private final DocumentFont font;
        private @Nullable PDFont loaded;

        @SuppressWarnings("NullAway")
        FontOf(PDDocument pdf, DocumentFont font) {
            super(null);
            this.pdf = pdf;
            this.font = font;
        }

        @Override
        public PDFont supply() {
            try {
                if (loaded == null) {
                    loaded = PDType0Font.load(pdf, font.read(), true);
                }
                return loaded;
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + font, e);
            }
        }
    }

    /** Mustang's, with the document's own dates and names. */
    private static final class Exporter extends ZUGFeRDExporterFromA3 {

        private final BillingDocument document;
        private final Calendar issued;

        Exporter(BillingDocument document, boolean withXml) {
            this.document = document;
            this.issued = calendar(document.issuedAt());
            setProfile(Profiles.getByName("EN16931"));
            setProducer(PRODUCT);
            setCreator(document.seller().name());
            setCreatorTool(PRODUCT);
            setAttachZUGFeRDHeaders(withXml);
            disableAutoClose(true);
        }

        private static Calendar calendar(Instant instant) {
            Calendar calendar = new GregorianCalendar(TimeZone.getTimeZone("UTC"), Locale.ROOT);
            calendar.setTimeInMillis(instant.toEpochMilli());
            calendar.set(Calendar.MILLISECOND, 0);
            return calendar;
        }

        @Override
        protected void prepareDocument() throws IOException {
            super.prepareDocument();
            doc.setDocumentId(
                    document.id().getMostSignificantBits() ^ document.id().getLeastSignificantBits());
            // Its own copy of the key to the first version would be of the moment of drawing.
            doc.getDocument().getTrailer().removeItem(COSName.ID);
        }

        @Override
        protected void writeDocumentInformation() {
            PDDocumentInformation information = doc.getDocumentInformation();
            information.setTitle(DocumentPage.title(document));
            information.setAuthor(document.seller().name());
            information.setCreator(PRODUCT);
            information.setProducer(PRODUCT);
            information.setCreationDate(issued);
            information.setModificationDate(issued);
        }

        @Override
        protected void writeDublinCoreSchema(XMPMetadata xmp) {
            DublinCoreSchema core = getDublinCoreSchema(xmp);
            core.setFormat("application/pdf");
            core.setTitle(DocumentPage.title(document));
            core.addCreator(document.seller().name());
            core.addDate(issued);
        }

        @Override
        protected void writeXMLBasicSchema(XMPMetadata xmp) {
            XMPBasicSchema basic = getXmpBasicSchema(xmp);
            basic.setCreatorTool(PRODUCT);
            basic.setCreateDate(issued);
            basic.setModifyDate(issued);
        }

        @Override
        public void PDFAttachGenericFile(
                PDDocument into, String name, String relationship, String description, String type, byte[] data)
                throws IOException {
            super.PDFAttachGenericFile(into, name, relationship, description, type, data);
            into.getDocumentCatalog()
                    .getNames()
                    .getEmbeddedFiles()
                    .getNames()
                    .values()
                    .forEach(this::date);
        }

        private void date(PDComplexFileSpecification file) {
            file.getEmbeddedFile().setCreationDate(issued);
            file.getEmbeddedFile().setModDate(issued);
        }
    }
}
