package com.cognitionos.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A client that follows nothing, keeps its cookies, and looks at every reply for what no reply may have. */
final class Http {

    private static final AtomicInteger PLACES = new AtomicInteger();
    private static final Pattern INPUT = Pattern.compile("<(?:input|button)\\b[^>]*>");
    private static final Pattern ATTRIBUTE = Pattern.compile("\\b(name|value|type)=\"([^\"]*)\"");

    private final String base;
    // As browsers do without TLS; asked to upgrade to HTTP/2, the server reads no form of the first request.
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .cookieHandler(new CookieManager())
            .build();

    Http(String base) {
        this.base = base;
    }

    record Reply(int status, Map<String, String> headers, String text) {
        String header(String name) {
            return headers.getOrDefault(name.toLowerCase(java.util.Locale.ROOT), "");
        }

        /** What two replies may not differ in when a caller shall not be able to tell them apart. */
        String gist() {
            return status + " "
                    + header("content-type") + " "
                    + text.replaceAll("\"(trace_id|instance)\":\"[^\"]*\",?", "")
                            .replaceAll("(nonce|value)=\"[^\"]*\"", "")
                            .replaceAll("nonce-[A-Za-z0-9+/=_-]+|csp[.]init\\('[^']*'\\)", "")
                            .replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID");
        }
    }

    /** An address of the documentation's network that nobody has used yet; the loopback balancer may speak for it. */
    static String newPlace() {
        int n = PLACES.incrementAndGet();
        return "198.18." + (n >> 8 & 255) + "." + (n & 255);
    }

    Reply send(String method, String path, Map<String, String> headers, String type, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
        headers.forEach(request::header);
        if (body == null) {
            request.method(method, BodyPublishers.noBody());
        } else {
            request.header("Content-Type", type).method(method, BodyPublishers.ofString(body));
        }
        try {
            HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
            Map<String, String> found = new TreeMap<>();
            response.headers().map().forEach((name, values) -> found.put(name, String.join(", ", values)));
            Reply reply = new Reply(response.statusCode(), found, response.body());
            Leaks.refuseIn(method + " " + path, reply.headers() + "\n" + reply.text());
            return reply;
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    Reply get(String path) {
        return send("GET", path, Map.of(), "", null);
    }

    /** Signs a person in as a browser would, by the form of the page. */
    Http signIn(String email, String password) {
        Leaks.secret(password);
        Map<String, String> fields = form(get("/sign-in").text(), "signin");
        fields.put("signin:email", email);
        fields.put("signin:password", password);
        Reply reply = post("/sign-in", fields);
        if (reply.status() != 302) {
            throw new AssertionError(email + " cannot sign in: " + reply.status() + " " + reply.text());
        }
        return this;
    }

    /** Sends a form, from a place of its own. */
    Reply post(String path, Map<String, String> fields) {
        String form = fields.entrySet().stream()
                .map(field -> URLEncoder.encode(field.getKey(), StandardCharsets.UTF_8) + "="
                        + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return send("POST", path, Map.of("X-Forwarded-For", newPlace()), "application/x-www-form-urlencoded", form);
    }

    /** What a browser sends of a page's form as it stands, by its submit button. */
    static Map<String, String> form(String page, String id) {
        int start = page.indexOf("<form id=\"" + id + "\"");
        if (start < 0) {
            throw new AssertionError("There is no form " + id + " in " + page);
        }
        Map<String, String> fields = new LinkedHashMap<>();
        Matcher inputs = INPUT.matcher(page.substring(start, page.indexOf("</form>", start)));
        while (inputs.find()) {
            Map<String, String> input = new LinkedHashMap<>();
            Matcher attributes = ATTRIBUTE.matcher(inputs.group());
            while (attributes.find()) {
                input.put(attributes.group(1), attributes.group(2));
            }
            if (input.containsKey("name") && !"checkbox".equals(input.get("type"))) {
                fields.put(input.get("name"), input.getOrDefault("value", ""));
            }
        }
        return fields;
    }
}
