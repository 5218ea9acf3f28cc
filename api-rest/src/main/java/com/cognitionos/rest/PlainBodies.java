package com.cognitionos.rest;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;

/**
 * Takes bodies only as they are: unpacking one could make far more of it than {@link BodyReader} lets in (RES-4). Who unpacks
 * by {@link Inflated} says so by {@link Packed}.
 */
@Provider
@ApplicationScoped
public class PlainBodies implements ContainerRequestFilter {

    @Context
    private ResourceInfo resource;

    @Override
    public void filter(ContainerRequestContext request) throws IOException {
        String encoding = request.getHeaderString("Content-Encoding");
        if (encoding != null
                && !encoding.equalsIgnoreCase("identity")
                && !resource.getResourceMethod().isAnnotationPresent(Packed.class)) {
            throw new NotSupportedException();
        }
    }
}
