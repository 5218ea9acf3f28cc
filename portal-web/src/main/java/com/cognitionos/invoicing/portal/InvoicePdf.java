package com.cognitionos.invoicing.portal;

import com.cognitionos.invoicing.boundary.InvoiceView;
import com.cognitionos.invoicing.boundary.Invoices;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.portal.GivenId;
import jakarta.ejb.EJB;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.UUID;

/** The document of an invoice, as a download. */
@WebServlet("/invoice-pdf")
public class InvoicePdf extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @EJB
    private transient Invoices invoices;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        byte[] document;
        InvoiceView invoice;
        try {
            UUID id = GivenId.of(request.getParameter("id"), "invoice");
            invoice = invoices.get(id);
            document = invoices.pdf(id);
        } catch (Problem problem) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        response.setContentType("application/pdf");
        response.setHeader("Content-Disposition", "attachment; filename=\"" + invoice.number() + ".pdf\"");
        response.setContentLength(document.length);
        response.getOutputStream().write(document);
    }
}
