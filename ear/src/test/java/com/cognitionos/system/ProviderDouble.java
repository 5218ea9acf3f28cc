package com.cognitionos.system;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * An OpenID provider that speaks the real protocol and lies when a test wants it to: what an honest one cannot be made to
 * say. Its pages for people are left out: the test goes from the authorization address straight back.
 */
final class ProviderDouble implements AutoCloseable {

    static final String CLIENT = "cognitionos";
    static final String SECRET = "a secret / with +signs";

    private final HttpServer server;
    private final RSAKey key = rsa("first");
    private final RSAKey stranger = rsa("first");
    private final List<String> requests = new CopyOnWriteArrayList<>();

    /** What the next ID token says and how it is signed; the nonce is what the browser was sent with. */
    private volatile Function<JWTClaimsSet.Builder, String> token = claims -> sign(claims, key);

    private volatile String nonce = "";

    ProviderDouble() {
        try {
            server = HttpServer.create(new InetSocketAddress("localhost", 0), 50);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "provider-double");
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/", this::answer);
        server.start();
    }

    private static RSAKey rsa(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    String base() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    /** The honest one. */
    String issuer() {
        return base() + "/honest";
    }

    /** Paths that were asked for, in order. */
    List<String> requests() {
        return requests;
    }

    /** What the browser brought to the authorization address. */
    void visited(String nonceOfTheRequest) {
        nonce = nonceOfTheRequest;
    }

    void tells(UnaryOperator<JWTClaimsSet.Builder> change) {
        token = claims -> sign(change.apply(claims), key);
    }

    void signsByAnotherKey() {
        token = claims -> sign(claims, stranger);
    }

    void signsNothing() {
        token = claims -> new PlainJWT(claims.build()).serialize();
    }

    void signsByItsPublicKeyAsIfSecret() {
        token = claims -> {
            try {
                SignedJWT jwt = new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("first").build(), claims.build());
                jwt.sign(new MACSigner(key.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8)));
                return jwt.serialize();
            } catch (JOSEException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    private static String sign(JWTClaimsSet.Builder claims, RSAKey by) {
        try {
            SignedJWT jwt = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.RS256)
                            .keyID(by.getKeyID())
                            .build(),
                    claims.build());
            jwt.sign(new RSASSASigner(by));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        requests.add(path);
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        switch (path) {
            case "/honest/.well-known/openid-configuration" -> json(exchange, 200, discovery(issuer(), issuer()));
            // Says that it is somebody else.
            case "/swapped/.well-known/openid-configuration" -> json(exchange, 200, discovery(issuer(), issuer()));
            case "/large/.well-known/openid-configuration" ->
                json(exchange, 200, discovery(base() + "/large", issuer()) + " ".repeat(300_000));
            case "/moved/.well-known/openid-configuration" -> {
                exchange.getResponseHeaders().add("Location", issuer() + "/.well-known/openid-configuration");
                json(exchange, 302, "");
            }
            // Sends the code, and the secret with it, on to somewhere else.
            case "/leading/.well-known/openid-configuration" ->
                json(exchange, 200, discovery(base() + "/leading", base() + "/leading"));
            case "/leading/token" -> {
                exchange.getResponseHeaders().add("Location", base() + "/inside");
                json(exchange, 307, "");
            }
            case "/hmac/.well-known/openid-configuration" ->
                json(exchange, 200, discovery(base() + "/hmac", issuer()).replace("RS256", "HS256"));
            case "/honest/jwks", "/leading/jwks" -> json(exchange, 200, new JWKSet(key.toPublicJWK()).toString());
            case "/honest/token" -> token(exchange, body);
            default -> json(exchange, 404, "{}");
        }
    }

    private void token(HttpExchange exchange, String body) throws IOException {
        boolean verified = body.contains("code_verifier=") && body.contains("code=good");
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        if (!verified || authorization == null || !authorization.startsWith("Basic ")) {
            json(exchange, 400, "{\"error\":\"invalid_grant\",\"error_description\":\"<b>no</b>\"}");
            return;
        }
        long now = System.currentTimeMillis();
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .issuer(issuer())
                .subject("subject-1")
                .audience(CLIENT)
                .issueTime(new Date(now))
                .expirationTime(new Date(now + 300_000))
                .claim("nonce", nonce)
                .claim("email", "grace@double.example")
                .claim("email_verified", true)
                .claim("name", "Grace <i>Double</i>");
        json(exchange, 200, """
                {"access_token": "at", "token_type": "Bearer", "expires_in": 60, "id_token": "%s"}""".formatted(token.apply(claims)));
    }

    private static String discovery(String issuer, String at) {
        return """
                {"issuer": "%1$s", "authorization_endpoint": "%2$s/authorize", "token_endpoint": "%2$s/token",
                 "jwks_uri": "%2$s/jwks", "response_types_supported": ["code"], "subject_types_supported": ["public"],
                 "id_token_signing_alg_values_supported": ["RS256"],
                 "authorization_response_iss_parameter_supported": true}""".formatted(issuer, at);
    }

    private static void json(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
