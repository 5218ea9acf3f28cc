package com.cognitionos.metering.portal;

import com.cognitionos.kernel.Csv;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.portal.GivenId;
import com.cognitionos.metering.boundary.UsageUploads;
import jakarta.ejb.EJB;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The rejected rows of an upload as CSV. */
@WebServlet("/usage-upload-rejected")
public class RejectedRowsDownload extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @EJB
    private transient UsageUploads uploads;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Csv.Content content;
        try {
            content = uploads.rejected(GivenId.of(request.getParameter("upload"), "upload"));
        } catch (Problem none) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        response.setContentType(Csv.MEDIA_TYPE);
        response.setCharacterEncoding(StandardCharsets.UTF_8);
        response.setHeader("Content-Disposition", Csv.disposition("rejected-rows"));
        content.writeTo(response.getWriter());
    }
}
