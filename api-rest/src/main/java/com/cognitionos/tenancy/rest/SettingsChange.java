package com.cognitionos.tenancy.rest;

import com.cognitionos.kernel.Problem;
import com.cognitionos.rest.Body;
import com.cognitionos.rest.CanonicalJson;
import com.cognitionos.rest.JsonTree;
import com.cognitionos.rest.Texts;
import com.cognitionos.tenancy.boundary.TenantSettings;
import com.cognitionos.tenancy.entity.Setting;
import java.math.BigDecimal;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what shall change; a field that is null and one that is left out differ, so no record can hold it. */
final class SettingsChange {

    private static final int MAX_METADATA = 16_384;
    private static final int MAX_URL = 2000;
    private static final Pattern DOMAIN = Pattern.compile(
            "(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])",
            Pattern.CASE_INSENSITIVE);

    private final List<Problem.FieldError> errors = new ArrayList<>();

    private SettingsChange() {}

    /** @throws Problem INVALID with every fault at once */
    static TenantSettings.Change of(Body body) {
        Map<String, @Nullable Object> object = body.object();
        SettingsChange reading = new SettingsChange();
        Map<Setting, @Nullable Object> limits = new EnumMap<>(Setting.class);
        for (Setting setting : Setting.values()) {
            if (object.containsKey(setting.code())) {
                limits.put(setting, reading.limit(setting, object.get(setting.code())));
            }
        }
        Map<String, @Nullable String> texts = new HashMap<>();
        if (object.containsKey("custom_domain")) {
            texts.put("custom_domain", reading.domain(object.get("custom_domain")));
        }
        if (object.containsKey("webhook_url")) {
            texts.put("webhook_url", reading.url(object.get("webhook_url")));
        }
        if (object.containsKey("metadata")) {
            texts.put("metadata", reading.metadata(object.get("metadata")));
        }
        if (!reading.errors.isEmpty()) {
            throw new Problem(
                    Problem.Kind.INVALID, "validation_failed", "Some settings are not acceptable.", reading.errors);
        }
        return new TenantSettings.Change(limits, texts);
    }

    private @Nullable Object limit(Setting setting, @Nullable Object value) {
        if (value == null) {
            return null;
        }
        if (setting.isSwitch()) {
            return value instanceof Boolean ? value : fault(setting.code(), "wrong_type", "must be true or false");
        }
        try {
            return value instanceof JsonTree.Number number
                    ? number.decimal().map(BigDecimal::longValueExact).orElseThrow(ArithmeticException::new)
                    : fault(setting.code(), "wrong_type", "must be a number");
        } catch (ArithmeticException e) {
            return fault(setting.code(), "wrong_type", "must be a whole number in range");
        }
    }

    private @Nullable String domain(@Nullable Object value) {
        return value == null
                        || (value instanceof String text && DOMAIN.matcher(text).matches())
                ? (String) value
                : fault("custom_domain", "bad_domain", "must be a domain name");
    }

    private @Nullable String url(@Nullable Object value) {
        return value == null || (value instanceof String text && isWebAddress(text))
                ? (String) value
                : fault(
                        "webhook_url",
                        "bad_url",
                        "must be an http or https address of at most " + MAX_URL + " characters");
    }

    private @Nullable String metadata(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        if (!(value instanceof Map<?, ?>)) {
            return fault("metadata", "wrong_type", "must be an object");
        }
        return CanonicalJson.of(value)
                .filter(text -> text.length() <= MAX_METADATA)
                .orElseGet(() -> fault(
                        "metadata", "length", "must be storable and have at most " + MAX_METADATA + " characters"));
    }

    private static boolean isWebAddress(String text) {
        try {
            URI uri = URI.create(text);
            boolean web = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
            return web && uri.getHost() != null && text.length() <= MAX_URL && Texts.isStorable(text);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private <T> @Nullable T fault(String field, String code, String detail) {
        errors.add(new Problem.FieldError("/" + field, code, detail));
        return null;
    }
}
