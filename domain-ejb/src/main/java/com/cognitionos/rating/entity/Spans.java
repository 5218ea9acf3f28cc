package com.cognitionos.rating.entity;

import java.util.ArrayList;
import java.util.List;

/** Sets of spans of time that do not overlap. */
final class Spans {

    private Spans() {}

    /** What of {@code spans} lies outside all of {@code others}, in the order of {@code spans}. */
    static List<Period> without(List<Period> spans, List<Period> others) {
        List<Period> left = spans;
        for (Period other : others) {
            List<Period> next = new ArrayList<>();
            for (Period span : left) {
                if (!span.start().isBefore(other.end()) || !other.start().isBefore(span.end())) {
                    next.add(span);
                    continue;
                }
                if (span.start().isBefore(other.start())) {
                    next.add(new Period(span.start(), other.start()));
                }
                if (other.end().isBefore(span.end())) {
                    next.add(new Period(other.end(), span.end()));
                }
            }
            left = next;
        }
        return left;
    }
}
