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
import java.util.logging.Level;
import java.util.logging.Logger;

/** HTTP on the loopback address. */
final class Server implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Server.class.getName());

    private final HttpServer server;
    private final ExecutorService workers = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "stripe-double");
        thread.setDaemon(true);
        return thread;
    });
    private final Desk desk;
    private final Faults faults;
    private final HostedPages pages;
    private final ControlPage control;

    /** @param port 0 for any free one */
    Server(int port, Desk desk, Faults faults, HostedPages pages, ControlPage control) {
        this.desk = desk;
        this.faults = faults;
        this.pages = pages;
        this.control = control;
        // Else the operating system waits for an acknowledgement before it sends a small body after its head.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(workers);
        server.createContext("/v1", this::api);
        server.createContext("/", this::page);
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
            LOG.log(
                    Level.SEVERE,
                    "The double failed at " + exchange.getRequestURI().getPath(),
                    e);
            exchange.sendResponseHeaders(599, -1);
            exchange.close();
        }
    }

    private void page(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        HostedPages.Page page;
        if (path.startsWith(HostedPages.CHECKOUT) || path.startsWith(HostedPages.PORTAL)) {
            page = pages.answer(path, Form.parse(body));
        } else if (path.equals("/")) {
            page = control.answer(Form.parse(body));
        } else {
            page = HostedPages.page(404, "Nothing here", "");
        }
        if (page.location() != null) {
            exchange.getResponseHeaders().set("Location", page.location());
        }
        exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
        byte[] bytes = page.html().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(page.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private void send(HttpExchange exchange, Reply reply) throws IOException {
        if (reply.ending() == Reply.Ending.NEVER) {
            faults.awaitRelease();
        }
        if (reply.ending() == Reply.Ending.NEVER || reply.ending() == Reply.Ending.HUNG_UP) {
            exchange.close();
            return;
        }
        byte[] bytes = reply.body().toString().getBytes(StandardCharsets.UTF_8);
        reply.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        OutputStream out = exchange.getResponseBody();
        switch (reply.ending()) {
            case CUT -> {
                // In chunks, of which the last never comes: what the server throws out of here, it closes.
                exchange.sendResponseHeaders(reply.status(), 0);
                out.write(bytes, 0, bytes.length / 2);
                out.flush();
                throw new IOException("Cut by plan");
            }
            case TRUNCATED -> {
                exchange.sendResponseHeaders(reply.status(), bytes.length);
                out.write(bytes, 0, bytes.length / 2);
                exchange.close();
            }
            default -> {
                exchange.sendResponseHeaders(reply.status(), bytes.length);
                out.write(bytes);
                exchange.close();
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        workers.shutdownNow();
    }
}
