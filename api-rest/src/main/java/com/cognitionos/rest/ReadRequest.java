package com.cognitionos.rest;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Problem;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request whose body was read already, to be read again. */
final class ReadRequest extends HttpServletRequestWrapper {

    private final byte[] body;

    private ReadRequest(HttpServletRequest request, byte[] body) {
        super(request);
        this.body = body;
    }

    static ReadRequest of(HttpServletRequest request) throws IOException {
        byte[] body = request.getInputStream().readNBytes(BodyReader.MAX_BYTES + 1);
        if (body.length > BodyReader.MAX_BYTES) {
            throw BodyReader.tooLarge();
        }
        return new ReadRequest(request, body);
    }

    /** What makes another request the same: all that a resource can read of it, and the tenant it acts in. */
    byte[] identity() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length + 256);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            field(out, getMethod());
            field(out, getRequestURI());
            field(out, getQueryString());
            field(out, String.valueOf(Caller.current().tenant()));
            field(out, getContentType() == null ? null : getContentType().toLowerCase(Locale.ROOT));
            byte[] content = canonical().map(text -> text.getBytes(StandardCharsets.UTF_8)).orElse(body);
            out.writeInt(content.length);
            out.write(content);
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail to be written", e);
        }
        return bytes.toByteArray();
    }

    /** White space and the order of names make no other request. */
    private Optional<String> canonical() {
        String type = getContentType();
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

    @Override
    public ServletInputStream getInputStream() {
        ByteArrayInputStream in = new ByteArrayInputStream(body);
        return new ServletInputStream() {
            @Override
            public int read() {
                return in.read();
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                return in.read(into, offset, length);
            }

            @Override
            public int available() {
                return in.available();
            }

            @Override
            public boolean isFinished() {
                return in.available() == 0;
            }

            @Override
            public boolean isReady() {
                return true;
            }

            @Override
            public void setReadListener(ReadListener listener) {
                throw new IllegalStateException("it was read already");
            }
        };
    }

    @Override
    public BufferedReader getReader() {
        return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
    }
}
