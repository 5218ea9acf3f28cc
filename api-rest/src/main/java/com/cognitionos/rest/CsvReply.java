package com.cognitionos.rest;

import com.cognitionos.kernel.Csv;
import com.cognitionos.kernel.Problem;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Replies that can be had as JSON and as CSV. */
public final class CsvReply {

    private CsvReply() {}

    /**
     * Whether CSV is wanted: by {@code format}, else by the header Accept, which names the better liked first.
     *
     * @throws Problem INVALID for a format that there is not
     */
    public static boolean isWanted(@Nullable String format, HttpHeaders headers) {
        if (format != null) {
            if (!format.equals("csv") && !format.equals("json")) {
                throw Problem.invalid("format", "unknown_format", "format must be json or csv");
            }
            return format.equals("csv");
        }
        List<MediaType> liked = headers.getAcceptableMediaTypes();
        return !liked.isEmpty()
                && liked.get(0).isCompatible(MediaType.valueOf(Csv.MEDIA_TYPE))
                && !liked.get(0).isCompatible(MediaType.APPLICATION_JSON_TYPE);
    }

    /** The file as it is read, never as a whole. */
    public static Response of(Csv.Content content, String name) {
        StreamingOutput lines = out -> {
            Writer text = new OutputStreamWriter(out, StandardCharsets.UTF_8);
            content.writeTo(text);
            text.flush();
        };
        return Response.ok(lines, Csv.CONTENT_TYPE)
                .header(HttpHeaders.CONTENT_DISPOSITION, Csv.disposition(name))
                .build();
    }
}
