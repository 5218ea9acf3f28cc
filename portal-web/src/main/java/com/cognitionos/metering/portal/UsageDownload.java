package com.cognitionos.metering.portal;

import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.kernel.Csv;
import com.cognitionos.metering.boundary.SeriesFile;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The hours or days of the usage page as CSV. */
@WebServlet("/usage-export")
public class UsageDownload extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Inject
    private transient UsageDays days;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Meter meter = days.meter(request.getParameter("meter"));
        Csv.Content content = SeriesFile.of(days.series(
                meter.code(),
                UsageDays.days(request.getParameter("days")),
                UsageDays.group(meter, request.getParameter("by")),
                request.getParameter("of")));
        response.setContentType(Csv.MEDIA_TYPE);
        response.setCharacterEncoding(StandardCharsets.UTF_8);
        response.setHeader("Content-Disposition", Csv.disposition("usage"));
        content.writeTo(response.getWriter());
    }
}
