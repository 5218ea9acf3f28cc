package com.cognitionos.ledger.portal;

import com.cognitionos.kernel.Csv;
import com.cognitionos.ledger.boundary.JournalExport;
import com.cognitionos.tenancy.boundary.Tenants;
import jakarta.ejb.EJB;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The transactions that a search found, oldest first, as CSV. */
@WebServlet("/platform/ledger-export")
public class LedgerDownload extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Inject
    private transient JournalExport export;

    @EJB
    private transient Tenants tenants;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Csv.Content content = export.of(LedgerFilter.of(request).wanted(tenants));
        response.setContentType(Csv.MEDIA_TYPE);
        response.setCharacterEncoding(StandardCharsets.UTF_8);
        response.setHeader("Content-Disposition", Csv.disposition("journal"));
        content.writeTo(response.getWriter());
    }
}
