package com.cognitionos.metering.portal;

import com.cognitionos.kernel.Csv;
import com.cognitionos.kernel.Problem;
import com.cognitionos.metering.boundary.SeriesFile;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The days of the usage page as CSV. */
@WebServlet("/usage-export")
public class UsageDownload extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Inject
    private transient UsageDays days;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Csv.Content content;
        try {
            content = SeriesFile.of(days.series(
                    String.valueOf(request.getParameter("meter")),
                    UsageDays.days(request.getParameter("days")),
                    request.getParameter("by"),
                    request.getParameter("of")));
        } catch (Problem unknown) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        response.setContentType(Csv.MEDIA_TYPE);
        response.setCharacterEncoding(StandardCharsets.UTF_8);
        response.setHeader("Content-Disposition", Csv.disposition("usage"));
        content.writeTo(response.getWriter());
    }
}
