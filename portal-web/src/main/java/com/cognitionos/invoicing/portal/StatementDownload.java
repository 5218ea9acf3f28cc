package com.cognitionos.invoicing.portal;

import com.cognitionos.invoicing.boundary.StatementExport;
import com.cognitionos.invoicing.boundary.Statements;
import com.cognitionos.kernel.Csv;
import com.cognitionos.kernel.portal.LocalZone;
import jakarta.ejb.EJB;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The statement as CSV. */
@WebServlet("/statement-export")
public class StatementDownload extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @EJB
    private transient Statements statements;

    @Inject
    private transient StatementExport export;

    @Inject
    private transient LocalZone place;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        StatementFilter filter = StatementFilter.of(request, statements, place.zone());
        Csv.Content content =
                filter.isEmpty() ? out -> out.write(Csv.header(StatementExport.COLUMNS)) : export.of(filter.extent());
        response.setContentType(Csv.MEDIA_TYPE);
        response.setCharacterEncoding(StandardCharsets.UTF_8);
        response.setHeader("Content-Disposition", Csv.disposition("statement"));
        content.writeTo(response.getWriter());
    }
}
