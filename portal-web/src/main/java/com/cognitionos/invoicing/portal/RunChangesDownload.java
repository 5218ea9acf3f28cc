package com.cognitionos.invoicing.portal;

import com.cognitionos.invoicing.boundary.InvoiceRunChanges;
import com.cognitionos.invoicing.boundary.InvoiceRunChangesExport;
import com.cognitionos.invoicing.boundary.InvoiceRuns.Run;
import com.cognitionos.kernel.Csv;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.portal.GivenId;
import jakarta.ejb.EJB;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** What a run invoices otherwise than an earlier one, as CSV. */
@WebServlet("/platform/invoice-run-changes")
public class RunChangesDownload extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @EJB
    private transient InvoiceRunChanges changes;

    @Inject
    private transient InvoiceRunChangesExport export;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Csv.Content content;
        try {
            content = content(RunChangesFilter.of(request));
        } catch (Problem noSuchRun) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        response.setContentType(Csv.MEDIA_TYPE);
        response.setCharacterEncoding(StandardCharsets.UTF_8);
        response.setHeader("Content-Disposition", Csv.disposition("invoice-run-changes"));
        content.writeTo(response.getWriter());
    }

    private Csv.Content content(RunChangesFilter filter) {
        UUID run = GivenId.of(filter.run(), "invoice run");
        UUID against = changes.against(run, filter.named()).map(Run::id).orElse(null);
        return export.of(run, against, filter.wanted());
    }
}
