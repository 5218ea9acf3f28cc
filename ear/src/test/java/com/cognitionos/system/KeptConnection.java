package com.cognitionos.system;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A connection that is kept from request to request, by a client that costs little itself. */
final class KeptConnection implements AutoCloseable {
    private final int port;
    private Socket socket;
    private InputStream in;
    private final byte[] buffer = new byte[64 * 1024];
    private int filled;

    KeptConnection(int port) throws IOException {
        this.port = port;
        connect();
    }

    private void connect() throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
    }

    /** Status line, headers and body of the reply. @throws IOException for any status but 2xx */
    String call(byte[] request) throws IOException {
        socket.getOutputStream().write(request);
        String head = head();
        if (!head.startsWith("HTTP/1.1 2")) {
            throw new IOException(head);
        }
        String lower = head.toLowerCase(Locale.ROOT);
        String body = lower.contains("transfer-encoding: chunked") ? chunks() : text(length(lower));
        if (lower.contains("connection: close")) {
            // The server ends a connection after so many requests.
            close();
            connect();
        }
        return head + body;
    }

    private String head() throws IOException {
        filled = 0;
        while (true) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the server hung up");
            }
            buffer[filled++] = (byte) next;
            if (filled >= 4
                    && next == '\n'
                    && buffer[filled - 2] == '\r'
                    && buffer[filled - 3] == '\n'
                    && buffer[filled - 4] == '\r') {
                return new String(buffer, 0, filled, StandardCharsets.ISO_8859_1);
            }
        }
    }

    private int length(String head) {
        int at = head.indexOf("content-length: ") + "content-length: ".length();
        return Integer.parseInt(head.substring(at, head.indexOf('\r', at)).strip());
    }

    private String text(int length) throws IOException {
        int read = in.readNBytes(buffer, 0, length);
        return new String(buffer, 0, read, StandardCharsets.UTF_8);
    }

    private String chunks() throws IOException {
        StringBuilder body = new StringBuilder();
        while (true) {
            int size = Integer.parseInt(line(), 16);
            body.append(text(size));
            line();
            if (size == 0) {
                return body.toString();
            }
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("the server hung up");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
