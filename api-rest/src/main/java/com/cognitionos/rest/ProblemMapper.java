package com.cognitionos.rest;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/** Everything that a resource or JAX-RS itself throws becomes a problem document (RES-3). */
@Provider
@ApplicationScoped
public class ProblemMapper implements ExceptionMapper<Throwable> {

    @Context
    private HttpServletRequest request;

    @Override
    public Response toResponse(Throwable thrown) {
        if (thrown instanceof WebApplicationException web && web.getResponse().getStatus() < 400) {
            // JAX-RS answers OPTIONS this way.
            return web.getResponse();
        }
        ProblemReply reply = ProblemReply.of(thrown);
        Response.ResponseBuilder response = Response.status(reply.status());
        reply.headers().forEach(response::header);
        if (thrown instanceof WebApplicationException web && web.getResponse().getHeaderString("Allow") != null) {
            response.header("Allow", web.getResponse().getHeaderString("Allow"));
        }
        return response.entity(reply.body(request, request.getRequestURI())).build();
    }
}
