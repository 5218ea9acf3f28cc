package com.cognitionos.payment.portal;

import com.cognitionos.kernel.Csv;
import com.cognitionos.payment.boundary.PaymentExport;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The payments that a search found, oldest first, as CSV. */
@WebServlet("/platform/payments-export")
public class PaymentDownload extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Inject
    private transient PaymentExport export;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Csv.Content content = export.of(PaymentFilter.of(request).wanted());
        response.setContentType(Csv.MEDIA_TYPE);
        response.setCharacterEncoding(StandardCharsets.UTF_8);
        response.setHeader("Content-Disposition", Csv.disposition("payments"));
        content.writeTo(response.getWriter());
    }
}
