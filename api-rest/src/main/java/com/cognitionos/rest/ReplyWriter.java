package com.cognitionos.rest;

import com.cognitionos.kernel.RecordJson;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyWriter;
import jakarta.ws.rs.ext.Provider;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;

/** Writes reply records as JSON, as {@link RecordJson} does. */
@Provider
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class ReplyWriter implements MessageBodyWriter<Record> {

    @Override
    public boolean isWriteable(Class<?> type, Type generic, Annotation[] annotations, MediaType media) {
        return type.isRecord();
    }

    @Override
    public void writeTo(
            Record reply,
            Class<?> type,
            Type generic,
            Annotation[] annotations,
            MediaType media,
            MultivaluedMap<String, Object> headers,
            OutputStream out) {
        write(reply, out);
    }

    static void write(Record reply, OutputStream out) {
        RecordJson.write(reply, out);
    }
}
