package com.cognitionos.rest;

import com.cognitionos.kernel.Problem;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** A failure as the caller sees it: a problem document and the headers that go with its status (RFC 9457). */
final class ProblemReply {

    static final String MEDIA_TYPE = "application/problem+json";

    private static final System.Logger LOG = System.getLogger(ProblemReply.class.getName());

    private final Failure failure;
    private final Throwable thrown;

    private ProblemReply(Failure failure, Throwable thrown) {
        this.failure = failure;
        this.thrown = thrown;
    }

    static ProblemReply of(Throwable thrown) {
        return new ProblemReply(Failure.of(thrown), thrown);
    }

    static ProblemReply ofStatus(int status, Throwable thrown) {
        return new ProblemReply(Failure.ofStatus(status), thrown);
    }

    int status() {
        return failure.status();
    }

    Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", MEDIA_TYPE);
        if (failure.status() == 401) {
            headers.put("WWW-Authenticate", "Bearer realm=\"CognitionOS\"");
        }
        if (failure.retryAfterSeconds() > 0) {
            headers.put("Retry-After", Long.toString(failure.retryAfterSeconds()));
        }
        return headers;
    }

    /** The document; an unexpected failure goes to the log on the way, since the reply says nothing of it. */
    byte[] body(HttpServletRequest request, String instance) {
        String trace = Trace.of(request);
        Attempts.note(failure, request, trace);
        if (failure.unexpected()) {
            LOG.log(Level.ERROR, "trace_id=" + trace + " " + request.getMethod() + " " + instance, thrown);
        } else if (failure.status() == 503 && !failure.code().equals("overloaded")) {
            // Who is refused for want of room is counted, not written down: the log would be the next to be overloaded.
            LOG.log(Level.WARNING, "trace_id=" + trace + " unavailable: " + thrown);
        }
        JsonObjectBuilder document = Json.createObjectBuilder()
                .add("type", failure.type())
                .add("title", failure.title())
                .add("status", failure.status())
                .add("detail", failure.detail())
                .add("instance", instance)
                .add("code", failure.code())
                .add("trace_id", trace);
        if (!failure.errors().isEmpty()) {
            JsonArrayBuilder errors = Json.createArrayBuilder();
            for (Problem.FieldError error : failure.errors()) {
                errors.add(Json.createObjectBuilder()
                        .add("pointer", error.pointer())
                        .add("code", error.code())
                        .add("detail", error.detail()));
            }
            document.add("errors", errors);
        }
        return document.build().toString().getBytes(StandardCharsets.UTF_8);
    }

    void send(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.resetBuffer();
        response.setStatus(failure.status());
        headers().forEach(response::setHeader);
        response.getOutputStream().write(body(request, request.getRequestURI()));
    }
}
