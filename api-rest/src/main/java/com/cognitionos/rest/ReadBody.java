package com.cognitionos.rest;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.ext.Provider;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gives JAX-RS the body of a request that was read already, to see whether it is the same as an earlier one. Not by a
 * wrapper around the request: RESTEasy's injected request works only for the container's own.
 */
@Provider
@PreMatching
@ApplicationScoped
public class ReadBody implements ContainerRequestFilter {

    private static final String BODY = "com.cognitionos.read-body";

    @Context
    private HttpServletRequest request;

    @Override
    public void filter(ContainerRequestContext context) {
        if (request.getAttribute(BODY) instanceof byte[] body) {
            context.setEntityStream(new ByteArrayInputStream(body));
        }
    }

    /** Reads the body, and says what makes another request the same: all of it, and the tenant it acts in. */
    static byte[] identity(HttpServletRequest request) throws IOException {
        byte[] body = request.getInputStream().readNBytes(BodyReader.MAX_BYTES + 1);
        if (body.length > BodyReader.MAX_BYTES) {
            throw new Problem(
                    Problem.Kind.TOO_LARGE,
                    "payload_too_large",
                    "With an Idempotency-Key a request body has at most " + (BodyReader.MAX_BYTES >> 20) + " MB.");
        }
        request.setAttribute(BODY, body);
        String type = request.getContentType();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length + 256);
        DataOutputStream out = new DataOutputStream(bytes);
        field(out, request.getMethod());
        field(out, request.getRequestURI());
        field(out, request.getQueryString());
        field(out, String.valueOf(Caller.current().tenant()));
        field(out, type == null ? null : type.toLowerCase(Locale.ROOT));
        byte[] content = canonical(type, body)
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .orElse(body);
        out.writeInt(content.length);
        out.write(content);
        return bytes.toByteArray();
    }

    /** White space and the order of names make no other request. */
    private static Optional<String> canonical(@Nullable String type, byte[] body) {
        if (body.length == 0 || type == null || !type.toLowerCase(Locale.ROOT).contains("json")) {
            return Optional.empty();
        }
        try {
            return CanonicalJson.of(JsonTree.parse(body));
        } catch (Problem malformed) {
            return Optional.empty();
        }
    }

    private static void field(DataOutputStream out, @Nullable String text) throws IOException {
        byte[] bytes = text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(text == null ? -1 : bytes.length);
        out.write(bytes);
    }
}
