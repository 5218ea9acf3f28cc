package com.cognitionos.metering.portal;

import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.portal.Figures;
import com.cognitionos.kernel.portal.GivenId;
import com.cognitionos.metering.boundary.UsageUploads;
import com.cognitionos.metering.entity.UsageUpload;
import jakarta.ejb.EJB;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** How far an upload is, for the script of its page. Not the page itself: each one that is built takes a place in the session. */
@WebServlet("/usage-upload-progress")
public class UsageUploadProgress extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @EJB
    private transient UsageUploads uploads;

    @Inject
    private transient UploadWords words;

    @Inject
    private transient Figures figures;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        UsageUpload upload;
        try {
            upload = uploads.get(GivenId.of(request.getParameter("upload"), "upload"));
        } catch (Problem none) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        response.setContentType("application/json;charset=UTF-8");
        response.getWriter()
                .write(Json.createObjectBuilder()
                        .add("going", upload.isUnderWay())
                        .add("value", upload.read())
                        .add("said", words.said(upload))
                        .add(
                                "shown",
                                Json.createObjectBuilder()
                                        .add("state", words.state(upload))
                                        .add("read", figures.whole(upload.read()))
                                        .add("taken", figures.whole(upload.taken()))
                                        .add("duplicates", figures.whole(upload.duplicates()))
                                        .add("rejected", figures.whole(upload.rejected())))
                        .build()
                        .toString());
    }
}
