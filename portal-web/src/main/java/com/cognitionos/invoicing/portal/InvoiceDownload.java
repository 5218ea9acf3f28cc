package com.cognitionos.invoicing.portal;

import com.cognitionos.invoicing.boundary.CreditNotes;
import com.cognitionos.invoicing.boundary.Invoices;
import com.cognitionos.invoicing.entity.DocumentFile;
import com.cognitionos.invoicing.entity.DocumentKind;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.portal.GivenId;
import jakarta.ejb.EJB;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The document of an invoice or a credit note, as a download. */
@WebServlet({InvoiceDownload.PDF, InvoiceDownload.UBL, InvoiceDownload.NOTE_PDF, InvoiceDownload.NOTE_UBL})
public class InvoiceDownload extends HttpServlet {

    static final String PDF = "/invoice-pdf";
    static final String UBL = "/invoice-ubl";
    static final String NOTE_PDF = "/credit-note-pdf";
    static final String NOTE_UBL = "/credit-note-ubl";

    private static final long serialVersionUID = 1L;

    @EJB
    private transient Invoices invoices;

    @EJB
    private transient CreditNotes notes;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        DocumentFile file;
        try {
            file = file(request.getServletPath(), request.getParameter("id"));
        } catch (Problem problem) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        response.setContentType(file.mediaType());
        response.setHeader("Content-Disposition", "attachment; filename=\"" + file.name() + "\"");
        response.setContentLength(file.content().length);
        response.getOutputStream().write(file.content());
    }

    private DocumentFile file(String path, @Nullable String id) {
        return switch (path) {
            case PDF -> invoices.document(GivenId.of(id, "invoice"), DocumentKind.PDF);
            case UBL -> invoices.document(GivenId.of(id, "invoice"), DocumentKind.UBL);
            case NOTE_PDF -> notes.document(GivenId.of(id, "credit note"), DocumentKind.PDF);
            default -> notes.document(GivenId.of(id, "credit note"), DocumentKind.UBL);
        };
    }
}
