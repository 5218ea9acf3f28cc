package com.cognitionos.rest;

import com.cognitionos.kernel.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyReader;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.Map;

/** Reads JSON bodies into request records and {@link Body}; JSON-B would stop at the first fault (RES-4). */
@Provider
@ApplicationScoped
@Consumes({"application/json", "application/*+json", "*/*"})
public class BodyReader implements MessageBodyReader<Record> {

    /** Of a request body. */
    static final int MAX_BYTES = 5 * 1024 * 1024;

    @Override
    public boolean isReadable(Class<?> type, Type generic, Annotation[] annotations, MediaType media) {
        return type.isRecord();
    }

    @Override
    public Record readFrom(
            Class<Record> type,
            Type generic,
            Annotation[] annotations,
            MediaType media,
            MultivaluedMap<String, String> headers,
            InputStream in)
            throws IOException {
        byte[] bytes = in.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
            throw tooLarge(MAX_BYTES);
        }
        return read(type, bytes, headers.getFirst("Content-Type") == null || isJson(media));
    }

    /** @throws Problem BAD_REQUEST for malformed JSON, INVALID with every fault of the fields */
    static <R extends Record> R read(Class<R> type, byte[] bytes, boolean json) {
        if (bytes.length > 0 && !json) {
            throw new NotSupportedException();
        }
        // Requests whose every field may be left out come without a body too.
        Object root = bytes.length == 0 ? Map.of() : JsonTree.parse(bytes);
        return type == Body.class ? type.cast(new Body(root)) : RecordBinding.bind(root, type);
    }

    /** @param most bytes that there may be */
    static Problem tooLarge(long most) {
        return new Problem(
                Problem.Kind.TOO_LARGE,
                "payload_too_large",
                "A request body here has at most " + (most >> 20) + " MB, unpacked too.");
    }

    private static boolean isJson(MediaType media) {
        return media.getType().equalsIgnoreCase("application")
                && (media.getSubtype().equalsIgnoreCase("json")
                        || media.getSubtype().endsWith("+json"));
    }
}
