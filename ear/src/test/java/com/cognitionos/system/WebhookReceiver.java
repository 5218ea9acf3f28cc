package com.cognitionos.system;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;

/** A tenant's own server: each path is an endpoint that keeps what it gets and answers as it was told to. */
final class WebhookReceiver implements AutoCloseable {

    private final HttpServer server;
    private final Map<String, List<Message>> heard = new ConcurrentHashMap<>();
    private final Map<String, IntFunction<Answer>> answers = new ConcurrentHashMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);

    /** What it says; {@code NEVER} holds the line without a word. */
    record Answer(int status, Map<String, String> headers, String body) {
        static final Answer OK = of(200);
        static final Answer NEVER = of(0);

        static Answer of(int status) {
            return new Answer(status, Map.of(), status == 200 ? "thanks" : "no: " + status);
        }
    }

    /** A request as it came. */
    record Message(Map<String, List<String>> headers, String body) {
        String id() {
            return headers.get("webhook-id").get(0);
        }

        JsonObject json() {
            return JsonParser.parseString(body).getAsJsonObject();
        }

        String type() {
            return json().get("type").getAsString();
        }

        JsonObject data() {
            return json().getAsJsonObject("data");
        }

        /** Whether a receiver with that secret believes it, by the official library, which looks at the time too. */
        boolean isSignedBy(String secret) {
            try {
                new Webhook(secret).verify(body, headers);
                return true;
            } catch (WebhookVerificationException e) {
                return false;
            } catch (EmptyWebhookSecretException e) {
                throw new AssertionError(e);
            }
        }
    }

    WebhookReceiver() {
        try {
            server = HttpServer.create(new InetSocketAddress("localhost", 0), 50);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "webhook-receiver");
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/", this::answer);
        server.start();
    }

    String url(String path) {
        return "http://localhost:" + server.getAddress().getPort() + path;
    }

    /** @param answer to the first, second … message */
    void answers(String path, IntFunction<Answer> answer) {
        answers.put(path, answer);
    }

    List<Message> heard(String path) {
        return heard.computeIfAbsent(path, any -> new CopyOnWriteArrayList<>());
    }

    /** Waits for it. @param number from 1 */
    Message message(String path, int number) {
        Await.until("message " + number + " at " + path, 60, () -> heard(path).size() >= number);
        return heard(path).get(number - 1);
    }

    /** Of what came, in order. */
    List<String> types(String path) {
        return heard(path).stream().map(Message::type).toList();
    }

    /** Waits for it. */
    Message message(String path, String type) {
        Await.until(
                "a message " + type + " at " + path,
                60,
                () -> heard(path).stream().anyMatch(message -> message.type().equals(type)));
        return heard(path).stream()
                .filter(message -> message.type().equals(type))
                .findFirst()
                .orElseThrow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            headers.putAll(exchange.getRequestHeaders());
            List<Message> messages = heard(path);
            Answer answer;
            synchronized (messages) {
                messages.add(new Message(
                        headers, new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
                answer = answers.getOrDefault(path, any -> Answer.OK).apply(messages.size());
            }
            if (answer == Answer.NEVER) {
                closing.await();
                return;
            }
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
    }
}
