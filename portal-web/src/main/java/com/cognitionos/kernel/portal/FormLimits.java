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
 * What a browser may send at all (POR-9): pages are read, forms are posted, and a form is small. Files are taken where one is
 * asked for and nowhere else: web.xml names those addresses, with the most bytes of a file.
 */
public class FormLimits extends HttpFilter {

    private static final long serialVersionUID = 1L;

    /** In bytes. */
    static final long MAX_FORM = 1 << 20;

    /** What a form has around its file. */
    static final long AROUND_FILE = 1 << 16;

    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST");
    private static final int OK = 0;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String file = getInitParameter(Paths.of(request));
        int refusal = file == null
                ? refusal(
                        request.getMethod(), request.getContentType(), request.getContentLengthLong(), chunked(request))
                : refusalOfFile(
                        request.getMethod(),
                        request.getContentType(),
                        request.getContentLengthLong(),
                        chunked(request),
                        Long.parseLong(file));
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
                plain(response, refusal, "The form or file is too large, or of a kind that no page takes.");
            }
        }
    }

    private static boolean chunked(HttpServletRequest request) {
        return request.getHeader("Transfer-Encoding") != null;
    }

    /** @param most bytes of the file @return as {@link #refusal} */
    static int refusalOfFile(String method, @Nullable String contentType, long length, boolean chunked, long most) {
        if (contentType == null || !contentType.toLowerCase(Locale.ROOT).startsWith("multipart/form-data")) {
            return refusal(method, contentType, length, chunked);
        }
        if (!METHODS.contains(method)) {
            return HttpServletResponse.SC_METHOD_NOT_ALLOWED;
        }
        if (chunked) {
            return HttpServletResponse.SC_LENGTH_REQUIRED;
        }
        return length > most + AROUND_FILE ? HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE : OK;
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
