package com.cognitionos.metering.boundary;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What became of the events of one request. */
public record IngestResult(int accepted, int duplicates, List<Rejection> rejected) {

    /** Why the event at {@code index} of the request, counted from 0, was not accepted. */
    public record Rejection(int index, String code, String detail) {}

    public IngestResult {
        rejected = List.copyOf(rejected);
    }

    /** Of one request that was taken in two parts. */
    IngestResult plus(IngestResult other) {
        return new IngestResult(accepted + other.accepted, duplicates + other.duplicates, rejected)
                .with(other.rejected);
    }

    /** With what the door could not even read. */
    public IngestResult with(List<Rejection> unreadable) {
        List<Rejection> all = new ArrayList<>(Stream.concat(rejected.stream(), unreadable.stream())
                .sorted(Comparator.comparingInt(Rejection::index))
                .toList());
        return new IngestResult(accepted, duplicates, all);
    }
}
