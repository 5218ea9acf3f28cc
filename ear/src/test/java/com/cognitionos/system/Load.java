package com.cognitionos.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
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
        try (KeptConnection connection = new KeptConnection(port)) {
            return connection.call(request);
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
                connection.call(request);
                latency.recordValue(Math.max(0, System.nanoTime() - due));
            }
        });
    }

    /** Each connection sends its next request when the reply is there. */
    Result closed(int connections, Duration span) throws Exception {
        long end = System.nanoTime() + span.toNanos();
        return run(connections, span, (connection, number, latency) -> {
            for (long now = System.nanoTime(); now < end; ) {
                connection.call(request);
                long after = System.nanoTime();
                latency.recordValue(after - now);
                now = after;
            }
        });
    }

    @FunctionalInterface
    private interface Work {
        void run(KeptConnection connection, int number, Histogram latency) throws IOException;
    }

    private Result run(int connections, Duration span, Work work) throws InterruptedException, ExecutionException {
        Histogram all = new Histogram(HIGHEST_NS, 3);
        for (Histogram one : AtOnce.of(connections, number -> {
            Histogram latency = new Histogram(HIGHEST_NS, 3);
            try (KeptConnection connection = new KeptConnection(port)) {
                work.run(connection, number, latency);
            }
            return latency;
        })) {
            all.add(one);
        }
        return new Result(all, all.getTotalCount() / (span.toNanos() / 1e9));
    }
}
