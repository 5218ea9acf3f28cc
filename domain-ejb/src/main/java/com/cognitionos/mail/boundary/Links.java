package com.cognitionos.mail.boundary;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Complete addresses of pages, for mails (MAI-5). They begin with {@code cognitionos.base-url}: a link that believed a
 * request's Host header would carry its secret to whoever forged that.
 */
@ApplicationScoped
public class Links {

    @Inject
    @ConfigProperty(name = "cognitionos.base-url")
    private Optional<String> base;

    @Inject
    @ConfigProperty(name = "cognitionos.http.port", defaultValue = "9080")
    private int port;

    /** Scheme, host and port, without a slash at the end. */
    public String base() {
        return base.map(String::strip)
                .filter(configured -> !configured.isEmpty())
                .orElse("http://localhost:" + port)
                .replaceAll("/+$", "");
    }

    /** @param path from the slash on */
    public String to(String path, Map<String, String> parameters) {
        String query = new TreeMap<>(parameters)
                .entrySet().stream()
                        .map(entry ->
                                entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&"));
        return base() + path + (query.isEmpty() ? "" : "?" + query);
    }
}
