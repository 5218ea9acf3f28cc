package com.cognitionos.rest;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Renders what failed outside JAX-RS: an address under no version of the API, or a fault of the container. */
@WebServlet({"/unserved", "/"})
public class UnservedRequests extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        Object thrown = request.getAttribute(RequestDispatcher.ERROR_EXCEPTION);
        Object uri = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
        int code = status instanceof Integer known ? known : HttpServletResponse.SC_NOT_FOUND;
        ProblemReply reply = ProblemReply.ofStatus(
                code, thrown instanceof Throwable cause ? cause : new IOException("status " + code));
        response.setStatus(reply.status());
        reply.headers().forEach(response::setHeader);
        response.getOutputStream()
                .write(reply.body(request, uri instanceof String from ? from : request.getRequestURI()));
    }
}
