package com.cognitionos.metering.rest;

import com.cognitionos.kernel.Problem;
import com.cognitionos.metering.boundary.IngestResult.Rejection;
import com.cognitionos.metering.boundary.UsageEvents;
import com.cognitionos.metering.entity.UsageEvent;
import com.cognitionos.rest.Body;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The events of one request: those that could be read, by their place in it, and why the others could not. */
record EventRequest(SortedMap<Integer, UsageEvent> events, List<Rejection> unreadable) {

    private static final String STRUCTURED = "application/cloudevents+json";
    private static final String BATCH = "application/cloudevents-batch+json";

    /** @throws Problem INVALID for a body that is neither an event nor a list of events, or too long a list */
    static EventRequest of(Body body, HttpHeaders headers) {
        String type = String.valueOf(headers.getHeaderString(HttpHeaders.CONTENT_TYPE))
                .toLowerCase(Locale.ROOT);
        if (type.startsWith(BATCH)) {
            return of(list(body.root()), true);
        }
        if (type.startsWith(STRUCTURED)) {
            return of(List.of(body.object()), true);
        }
        if (headers.getHeaderString("ce-specversion") != null) {
            return of(List.of(binary(body, headers)), true);
        }
        return ofJson(body);
    }

    static EventRequest ofJson(Body body) {
        if (body.root() instanceof List<?>) {
            return of(list(body.root()), false);
        }
        Map<String, @Nullable Object> object = body.object();
        if (object.containsKey("events")) {
            return of(list(object.get("events")), false);
        }
        if (object.containsKey("specversion")) {
            return of(List.of(object), true);
        }
        if (!object.containsKey("id") && !object.containsKey("meter") && !object.containsKey("quantity")) {
            throw unknownShape();
        }
        return of(List.of(object), false);
    }

    static EventRequest of(List<?> items, boolean cloudEvents) {
        if (items.size() > UsageEvents.MAX_BATCH) {
            throw Problem.invalid(
                    "events",
                    "too_many",
                    "a request has at most " + UsageEvents.MAX_BATCH + " events, this one " + items.size());
        }
        SortedMap<Integer, UsageEvent> events = new TreeMap<>();
        List<Rejection> unreadable = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            try {
                events.put(i, EventReader.read(items.get(i), cloudEvents));
            } catch (EventReader.Unreadable e) {
                unreadable.add(new Rejection(i, e.code(), e.getMessage()));
            }
        }
        return new EventRequest(events, unreadable);
    }

    /** CloudEvents in binary mode: the attributes are headers, the body is the data. */
    private static Map<String, @Nullable Object> binary(Body body, HttpHeaders headers) {
        Map<String, @Nullable Object> event = new LinkedHashMap<>();
        for (String attribute : List.of("specversion", "id", "source", "type", "time", "subject")) {
            String value = headers.getHeaderString("ce-" + attribute);
            if (value != null) {
                event.put(attribute, value);
            }
        }
        event.put("data", body.root());
        return event;
    }

    private static List<?> list(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return list;
        }
        throw unknownShape();
    }

    private static Problem unknownShape() {
        return new Problem(
                Problem.Kind.INVALID,
                "validation_failed",
                "The body must be one event, a list of events or {\"events\": […]}.",
                List.of(new Problem.FieldError("", "wrong_type", "must be an event or a list of events")));
    }
}
