package com.cognitionos.audit.portal;

import com.cognitionos.audit.boundary.AuditExport;
import com.cognitionos.audit.boundary.AuditExport.Format;
import com.cognitionos.kernel.Csv;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The entries that a search found, oldest first, as CSV or NDJSON. */
@WebServlet("/audit-export")
public class AuditDownload extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Inject
    private transient AuditExport export;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Format format = "csv".equals(request.getParameter("format")) ? Format.CSV : Format.NDJSON;
        Csv.Content content = export.ofOneLog(AuditFilter.of(request).wanted(), format);
        response.setContentType(format.mediaType());
        response.setCharacterEncoding(StandardCharsets.UTF_8);
        response.setHeader("Content-Disposition", format.disposition());
        content.writeTo(response.getWriter());
    }
}
