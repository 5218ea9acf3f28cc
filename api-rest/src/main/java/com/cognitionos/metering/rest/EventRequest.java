package com.cognitionos.metering.rest;

import com.cognitionos.kernel.Problem;
import com.cognitionos.metering.boundary.IngestResult.Rejection;
import com.cognitionos.metering.boundary.UsageEvents;
import com.cognitionos.metering.entity.UsageEvent;
import com.cognitionos.rest.JsonTree;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The events of one request: those that could be read, by their place in it, and why the others could not. */
record EventRequest(SortedMap<Integer, UsageEvent> events, List<Rejection> unreadable) {

    static final String STRUCTURED = "application/cloudevents+json";
    static final String BATCH = "application/cloudevents-batch+json";
    static final String LINES = "application/x-ndjson";

    private static final String LIST = "events";
    private static final List<String> ATTRIBUTES = List.of("specversion", "id", "source", "type", "time", "subject");

    /**
     * Reads event by event, and no further than a request may go.
     *
     * @param in the body
     * @param type of the body
     * @param headers by name, null for one that is not there; CloudEvents in binary mode have their attributes in them
     * @param needsNoQuantity whether a meter counts an event as one, whatever its quantity
     * @throws Problem BAD_REQUEST for malformed JSON, INVALID for a body that is neither an event nor a list of events, or too
     *     long a list
     */
    static EventRequest of(
            InputStream in,
            @Nullable String type,
            UnaryOperator<@Nullable String> headers,
            Predicate<String> needsNoQuantity)
            throws IOException {
        PushbackInputStream body = new PushbackInputStream(in);
        int first = body.read();
        if (first < 0) {
            throw unknownShape();
        }
        body.unread(first);
        String media = String.valueOf(type).toLowerCase(Locale.ROOT);
        Collected found = new Collected(needsNoQuantity);
        if (media.startsWith(LINES)) {
            lines(body, found);
        } else if (media.startsWith(BATCH)) {
            Object root = JsonTree.parse(body, LIST, item -> found.add(item, true));
            if (!(root instanceof List<?>)) {
                throw unknownShape();
            }
        } else if (media.startsWith(STRUCTURED)) {
            found.add(object(JsonTree.parse(body, "", none -> {})), true);
        } else if (headers.apply("ce-specversion") != null) {
            binary(JsonTree.parse(body, "", none -> {}), headers, found);
        } else {
            json(JsonTree.parse(body, LIST, item -> found.add(item, isCloudEvent(item))), found);
        }
        return new EventRequest(found.events, found.unreadable);
    }

    private static void json(@Nullable Object root, Collected found) {
        if (root instanceof List<?>) {
            return;
        }
        Map<?, ?> object = object(root);
        if (object.containsKey(LIST)) {
            if (!(object.get(LIST) instanceof List<?>)) {
                throw unknownShape();
            }
            return;
        }
        boolean cloudEvent = isCloudEvent(object);
        if (!cloudEvent
                && !object.containsKey("id")
                && !object.containsKey("meter")
                && !object.containsKey("quantity")) {
            throw unknownShape();
        }
        found.add(object, cloudEvent);
    }

    /** Whatever the body's type says: senders of batches often name JSON alone. */
    private static boolean isCloudEvent(@Nullable Object item) {
        return item instanceof Map<?, ?> object && object.containsKey("specversion");
    }

    /** An event a line; a line that is none is rejected, and the others are read. */
    private static void lines(InputStream body, Collected found) throws IOException {
        Lines lines = new Lines(body);
        for (byte[] line = lines.next(); line != null; line = lines.next()) {
            try {
                Object item = JsonTree.parse(line);
                found.add(item, isCloudEvent(item));
            } catch (Problem malformed) {
                if (malformed.kind() != Problem.Kind.BAD_REQUEST) {
                    throw malformed;
                }
                found.reject("malformed", "The line is no JSON text: " + malformed.getMessage());
            }
        }
    }

    /** CloudEvents in binary mode: the attributes are headers, the body is the data. */
    private static void binary(@Nullable Object data, UnaryOperator<@Nullable String> headers, Collected found) {
        Map<String, @Nullable Object> event = new LinkedHashMap<>();
        for (String attribute : ATTRIBUTES) {
            String value = headers.apply("ce-" + attribute);
            if (value == null) {
                continue;
            }
            Optional<String> decoded = CloudEventHeader.decoded(value);
            if (decoded.isEmpty()) {
                found.reject("malformed", "The header ce-" + attribute + " is no UTF-8.");
                return;
            }
            event.put(attribute, decoded.get());
        }
        event.put("data", data);
        found.add(event, true);
    }

    private static Map<?, ?> object(@Nullable Object root) {
        if (root instanceof Map<?, ?> object) {
            return object;
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

    private static final class Collected {
        private final SortedMap<Integer, UsageEvent> events = new TreeMap<>();
        private final List<Rejection> unreadable = new ArrayList<>();
        private final Predicate<String> needsNoQuantity;

        Collected(Predicate<String> needsNoQuantity) {
            this.needsNoQuantity = needsNoQuantity;
        }

        void add(@Nullable Object item, boolean cloudEvent) {
            int index = next();
            try {
                events.put(index, EventReader.read(item, cloudEvent, needsNoQuantity));
            } catch (EventReader.Unreadable e) {
                unreadable.add(new Rejection(index, e.code(), e.getMessage()));
            }
        }

        void reject(String code, String detail) {
            unreadable.add(new Rejection(next(), code, detail));
        }

        private int next() {
            int index = events.size() + unreadable.size();
            if (index == UsageEvents.MAX_BATCH) {
                throw Problem.invalid(
                        LIST,
                        "too_many",
                        "a request has at most " + UsageEvents.MAX_BATCH + " events, this one has more");
            }
            return index;
        }
    }
}
