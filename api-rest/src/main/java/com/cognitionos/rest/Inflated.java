package com.cognitionos.rest;

import com.cognitionos.kernel.Problem;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** A body that is read as it comes, as the caller wrote it before it was packed (RFC 9110, section 8.4). */
public final class Inflated {

    private Inflated() {}

    /**
     * As {@link #of(InputStream, String, long)}, of at most {@link BodyReader#MAX_BYTES}.
     *
     * @param encoding the header Content-Encoding; null for none
     */
    public static InputStream of(InputStream body, @Nullable String encoding) throws IOException {
        return of(body, encoding, BodyReader.MAX_BYTES);
    }

    /**
     * @param encoding the header Content-Encoding; null for none
     * @param most bytes that there may be: reading on ends in 413, however small it was when it was packed
     * @throws Problem MEDIA_TYPE for any other encoding than gzip; BAD_REQUEST where it is not gzip though it says so, which may
     *     also show while it is read
     */
    public static InputStream of(InputStream body, @Nullable String encoding, long most) throws IOException {
        String code = encoding == null ? "identity" : encoding.strip().toLowerCase(Locale.ROOT);
        InputStream limited = new Limited(body, most);
        return switch (code) {
            case "", "identity" -> limited;
            case "gzip", "x-gzip" -> unpacked(limited, most);
            default ->
                throw new Problem(
                        Problem.Kind.MEDIA_TYPE,
                        "unsupported_media_type",
                        "A body may be packed by gzip (Content-Encoding), and by nothing else.");
        };
    }

    /** The most that a body may take: what is announced, or what is allowed where that says nothing. */
    public static long size(long contentLength, @Nullable String encoding) {
        boolean known = contentLength >= 0 && contentLength <= BodyReader.MAX_BYTES;
        return known && (encoding == null || encoding.isBlank()) ? contentLength : BodyReader.MAX_BYTES;
    }

    private static InputStream unpacked(InputStream body, long most) throws IOException {
        try {
            return new Limited(new GZIPInputStream(body, 8192), most) {
                @Override
                public int read(byte[] buffer, int offset, int length) throws IOException {
                    try {
                        return super.read(buffer, offset, length);
                    } catch (EOFException | ZipException e) {
                        throw notGzip();
                    }
                }
            };
        } catch (EOFException | ZipException e) {
            throw notGzip();
        }
    }

    private static Problem notGzip() {
        return new Problem(Problem.Kind.BAD_REQUEST, "malformed_encoding", "The body is not what gzip makes.");
    }

    private static class Limited extends FilterInputStream {
        private final long most;
        private long left;

        Limited(InputStream in, long most) {
            super(in);
            this.most = most;
            left = most;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = super.in.read(buffer, offset, length);
            if (read > left) {
                throw BodyReader.tooLarge(most);
            }
            left -= Math.max(0, read);
            return read;
        }
    }
}
