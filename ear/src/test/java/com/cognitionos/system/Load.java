package com.cognitionos.system;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/** One request again and again over kept connections, by a client that costs little itself. */
final class Load {

    private static final long HIGHEST_NS = Duration.ofMinutes(1).toNanos();

    private final int port;
    private final byte[] request;

    Load(int port, String request) {
        this.port = port;
        this.request = request.getBytes(StandardCharsets.US_ASCII);
    }

    /** @param latency in nanoseconds */
    record Result(Histogram latency, double perSecond) {}

    /** What is asked for with a key, by GET, or by POST where there is a body. */
    static Load of(int port, String path, String key, String body) {
        String head = (body.isEmpty() ? "GET " : "POST ") + path
                + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + key;
        String entity = body.isEmpty()
                ? "\r\n\r\n"
                : "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        return new Load(port, head + entity);
    }

    /** Status line, headers and body of one reply. */
    String once() throws IOException {
        try (Connection connection = new Connection()) {
            return connection.call();
        }
    }

    /**
     * At a fixed rate, whether or not the server keeps up. A latency counts from the instant at which the request was
     * due, so a stalled reply also counts for those that had to wait behind it.
     */
    Result open(int connections, int rate, Duration span) throws Exception {
        long start = System.nanoTime() + Duration.ofMillis(50).toNanos();
        long total = rate * span.toSeconds();
        return run(connections, span, (connection, number, latency) -> {
            for (long i = number; i < total; i += connections) {
                long due = start + i * 1_000_000_000L / rate;
                for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                    LockSupport.parkNanos(wait);
                }
                connection.call();
                latency.recordValue(Math.max(0, System.nanoTime() - due));
            }
        });
    }

    /** Each connection sends its next request when the reply is there. */
    Result closed(int connections, Duration span) throws Exception {
        long end = System.nanoTime() + span.toNanos();
        return run(connections, span, (connection, number, latency) -> {
            for (long now = System.nanoTime(); now < end; ) {
                connection.call();
                long after = System.nanoTime();
                latency.recordValue(after - now);
                now = after;
            }
        });
    }

    @FunctionalInterface
    private interface Work {
        void run(Connection connection, int number, Histogram latency) throws IOException;
    }

    private Result run(int connections, Duration span, Work work) throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(connections);
        try {
            List<Callable<Histogram>> callers = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                int number = i;
                callers.add(() -> {
                    Histogram latency = new Histogram(HIGHEST_NS, 3);
                    try (Connection connection = new Connection()) {
                        work.run(connection, number, latency);
                    }
                    return latency;
                });
            }
            Histogram all = new Histogram(HIGHEST_NS, 3);
            for (Future<Histogram> one : threads.invokeAll(callers)) {
                all.add(one.get());
            }
            return new Result(all, all.getTotalCount() / (span.toNanos() / 1e9));
        } finally {
            threads.shutdownNow();
        }
    }

    private final class Connection implements AutoCloseable {
        private Socket socket;
        private InputStream in;
        private final byte[] buffer = new byte[64 * 1024];
        private int filled;

        Connection() throws IOException {
            connect();
        }

        private void connect() throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
        }

        String call() throws IOException {
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
}
