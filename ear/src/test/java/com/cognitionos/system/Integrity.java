package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicReference;

/** The operator's check of all that is stored, at the end of whatever was done to it. */
final class Integrity {

    private static final String CHECKS = "/v3/operator/integrity-checks";

    private Integrity() {}

    /** @throws AssertionError with the whole report if anything does not hold */
    static void holds(Api operator) {
        String id = operator.post(CHECKS, "").expect(202).json().get("id").getAsString();
        AtomicReference<String> report = new AtomicReference<>("");
        Await.until("the integrity check", 240, () -> {
            report.set(operator.get(CHECKS + "/" + id + "/report").expect(200).text());
            return !report.get().startsWith("running");
        });
        assertThat(report.get()).startsWith("held: all 12 hold");
    }
}
