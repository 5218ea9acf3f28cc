package com.cognitionos.stripe;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** HTTP on the loopback address. */
final class Server implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService workers = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "stripe-double");
        thread.setDaemon(true);
        return thread;
    });
    private final Desk desk;
    private final Faults faults;

    /** @param port 0 for any free one */
    Server(int port, Desk desk, Faults faults) {
        this.desk = desk;
        this.faults = faults;
        // Else the operating system waits for an acknowledgement before it sends a small body after its head.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(workers);
        server.createContext("/v1", this::api);
        server.start();
    }

    String base() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    private void api(HttpExchange exchange) throws IOException {
        try {
            String query = exchange.getRequestURI().getRawQuery();
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Reply reply = desk.answer(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getPath(),
                    exchange.getRequestMethod().equals("POST") ? body : query == null ? "" : query,
                    exchange.getRequestHeaders().getFirst("Authorization"),
                    exchange.getRequestHeaders().getFirst("Idempotency-Key"));
            String version = exchange.getRequestHeaders().getFirst("Stripe-Version");
            send(exchange, reply.with("Stripe-Version", version));
        } catch (RuntimeException | Error e) {
            // A fault of the double itself, not of Stripe: told where the test looks first.
            e.printStackTrace();
            exchange.sendResponseHeaders(599, -1);
            exchange.close();
        }
    }

    private void send(HttpExchange exchange, Reply reply) throws IOException {
        if (reply.ending() == Reply.Ending.NEVER) {
            faults.awaitRelease();
            exchange.close();
            return;
        }
        byte[] bytes = reply.body().toString().getBytes(StandardCharsets.UTF_8);
        reply.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        boolean cut = reply.ending() == Reply.Ending.CUT;
        exchange.sendResponseHeaders(reply.status(), bytes.length + (cut ? 1L : 0L));
        if (cut) {
            exchange.getResponseBody().write(bytes, 0, bytes.length / 2);
            exchange.close();
            return;
        }
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        workers.shutdownNow();
    }
}
