package com.cognitionos.kernel.portal;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a browser may send at all (POR-9): pages are read, forms are posted, and a form is small. No page takes a file.
 */
public class FormLimits extends HttpFilter {

    private static final long serialVersionUID = 1L;

    /** In bytes. */
    static final long MAX_FORM = 1 << 20;

    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST");
    private static final int OK = 0;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        int refusal = refusal(
                request.getMethod(), request.getContentType(), request.getContentLengthLong(), chunked(request));
        switch (refusal) {
            case OK -> chain.doFilter(request, response);
            case HttpServletResponse.SC_METHOD_NOT_ALLOWED -> {
                // No page: an error page is dispatched with the same method.
                response.setHeader("Allow", "GET, HEAD, POST");
                plain(response, refusal, "This method is not allowed here.");
            }
            default -> {
                // What is left of the body is not read.
                response.setHeader("Connection", "close");
                plain(response, refusal, "The form is too large, or of a kind that no page takes.");
            }
        }
    }

    private static boolean chunked(HttpServletRequest request) {
        return request.getHeader("Transfer-Encoding") != null;
    }

    /** @return the status to refuse with, or 0 */
    static int refusal(String method, @Nullable String contentType, long length, boolean chunked) {
        if (!METHODS.contains(method)) {
            return HttpServletResponse.SC_METHOD_NOT_ALLOWED;
        }
        if (length > MAX_FORM) {
            return HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE;
        }
        if (chunked) {
            return HttpServletResponse.SC_LENGTH_REQUIRED;
        }
        boolean form = contentType == null
                || contentType.toLowerCase(Locale.ROOT).startsWith("application/x-www-form-urlencoded");
        return length > 0 && !form ? HttpServletResponse.SC_UNSUPPORTED_MEDIA_TYPE : OK;
    }

    private static void plain(HttpServletResponse response, int status, String words) throws IOException {
        response.setStatus(status);
        response.setContentType("text/plain;charset=UTF-8");
        response.getWriter().println(words);
    }
}
