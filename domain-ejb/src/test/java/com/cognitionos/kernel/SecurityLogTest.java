package com.cognitionos.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.kernel.SecurityLog.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** KER-6. */
class SecurityLogTest {

    private static final Origin PLACE = new Origin("rest", "203.0.113.7", "an agent");

    private final List<String> lines = new ArrayList<>();
    private long now = Long.MAX_VALUE - 5;
    private final SecurityLog log = new SecurityLog(lines::add, () -> now);

    @Test
    void aLineSaysWhatWhoWhereAndWhich() {
        log.add(Event.SCOPE_REFUSED, "key:0a1b2c3d", PLACE, "4bf92f3577b34da6a3ce929d0e0e4736");
        assertThat(lines)
                .containsExactly("event=scope_refused subject=key:0a1b2c3d address=203.0.113.7 door=rest"
                        + " trace_id=4bf92f3577b34da6a3ce929d0e0e4736 count=1");
    }

    @Test
    void nobodyWritesLinesOfTheirOwnOrKeys() {
        String key = "cog_0123456789abcdef0123456789ABCDEF";
        log.add(
                Event.BAD_KEY,
                "a\r\n[WARNING] event=made_up " + key,
                new Origin("rest", "1.2.3.4\nevent=made_up " + key + "\u2028\u0085", "\r\n" + key),
                "\t" + key + "x".repeat(10_000));
        assertThat(lines)
                .singleElement()
                .asString()
                .hasSizeLessThan(500)
                .doesNotContainPattern("[^ -~]|[0-9a-fA-F]{32}");
        assertThat(lines.get(0).split(" ")).as("no more words than ours").hasSize(6);
    }

    @Test
    void aFloodIsOneLineAMinuteWithACount() {
        for (int i = 0; i < 10_000; i++) {
            log.add(Event.BAD_KEY, null, PLACE, "t" + i);
            now += SecurityLog.MINUTE_NS / 20_000;
        }
        assertThat(lines).singleElement().asString().endsWith("trace_id=t0 count=1");
        now += SecurityLog.MINUTE_NS;
        log.add(Event.SIGN_IN_FAILED, null, PLACE, null);
        assertThat(lines).hasSize(3);
        assertThat(lines.get(1)).contains("event=bad_key").endsWith("trace_id=t9999 count=9999");
        log.add(Event.BAD_KEY, null, PLACE, "next");
        assertThat(lines).as("the minute after that line").hasSize(3);
    }

    @Test
    void othersAreNotHeldBackForIt() {
        log.add(Event.BAD_KEY, null, PLACE, null);
        log.add(Event.BAD_KEY, null, new Origin("rest", "203.0.113.8", null), null);
        log.add(Event.SCOPE_REFUSED, null, PLACE, null);
        assertThat(lines).hasSize(3);
        now += SecurityLog.MINUTE_NS;
        log.add(Event.BAD_KEY, null, PLACE, null);
        assertThat(lines).as("a minute later it is new").hasSize(4);
    }

    @Test
    void aCrowdOfPlacesFillsNothing() {
        for (int i = 0; i < 50_000; i++) {
            log.add(Event.BAD_KEY, null, new Origin("rest", "place-" + i, null), null);
        }
        assertThat(lines).hasSize(SecurityLog.MOST + 1);
        now += SecurityLog.MINUTE_NS;
        log.add(Event.BAD_KEY, null, PLACE, null);
        assertThat(lines).anyMatch(line -> line.endsWith("count=" + (50_000 - SecurityLog.MOST - 1)));
    }

    @Test
    void itGoesToTheLoggerOfThatName() {
        List<LogRecord> records = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                records.add(entry);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("com.cognitionos.security");
        logger.addHandler(handler);
        try {
            SecurityLog.refused(Event.FORGED_POST, null, PLACE, null);
        } finally {
            logger.removeHandler(handler);
        }
        assertThat(records)
                .singleElement()
                .satisfies(entry -> assertThat(entry.getMessage()).startsWith("event=forged_post"));
    }
}
