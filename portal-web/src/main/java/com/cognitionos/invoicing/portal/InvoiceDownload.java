package com.cognitionos.invoicing.portal;

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

/** The document of an invoice, as a download. */
@WebServlet({InvoiceDownload.PDF, InvoiceDownload.UBL})
public class InvoiceDownload extends HttpServlet {

    static final String PDF = "/invoice-pdf";
    static final String UBL = "/invoice-ubl";

    private static final long serialVersionUID = 1L;

    @EJB
    private transient Invoices invoices;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        DocumentKind kind = request.getServletPath().equals(UBL) ? DocumentKind.UBL : DocumentKind.PDF;
        DocumentFile file;
        try {
            file = invoices.document(GivenId.of(request.getParameter("id"), "invoice"), kind);
        } catch (Problem problem) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        response.setContentType(file.mediaType());
        response.setHeader("Content-Disposition", "attachment; filename=\"" + file.name() + "\"");
        response.setContentLength(file.content().length);
        response.getOutputStream().write(file.content());
    }
}
