package com.cognitionos.metering.portal;

import com.cognitionos.kernel.Problem;
import com.cognitionos.metering.boundary.UsageUploads;
import com.cognitionos.metering.entity.UsageUpload;
import jakarta.ejb.EJB;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.MultipartConfig;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Takes the file of the upload page, and leads back to what was found in it. */
@WebServlet("/usage-upload-file")
@MultipartConfig(maxFileSize = UsageUploads.MAX_BYTES, fileSizeThreshold = 1 << 16)
public class UsageUploadReceiver extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private static final String PAGE = "/usage-upload";

    @EJB
    private transient UsageUploads uploads;

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response)
            throws IOException, ServletException {
        response.sendRedirect(answer(request));
    }

    private String answer(HttpServletRequest request) throws IOException, ServletException {
        Part file = part(request);
        if (file == null) {
            return PAGE + "?refused=too_large";
        }
        try {
            String name = file.getSubmittedFileName();
            if (name == null || name.isEmpty()) {
                return PAGE + "?refused=no_file";
            }
            try (InputStream content = file.getInputStream()) {
                UsageUpload upload = uploads.check(name, file.getSize(), content);
                return PAGE + "?upload=" + upload.id();
            }
        } catch (Problem refused) {
            return PAGE + "?refused=" + code(refused);
        } finally {
            file.delete();
        }
    }

    /** Null where it is larger than may be. */
    private static @Nullable Part part(HttpServletRequest request) throws IOException, ServletException {
        try {
            return request.getPart("file");
        } catch (IllegalStateException tooLarge) {
            return null;
        }
    }

    private static String code(Problem refused) {
        return refused.errors().isEmpty()
                ? refused.code()
                : refused.errors().get(0).code();
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.sendRedirect(PAGE);
    }
}
