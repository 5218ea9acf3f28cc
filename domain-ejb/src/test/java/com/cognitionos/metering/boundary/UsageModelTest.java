package com.cognitionos.metering.boundary;

import static com.cognitionos.metering.boundary.UsageTenant.METERS;
import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.metering.boundary.NaiveUsage.Stored;
import com.cognitionos.metering.entity.UsageEvent;
import java.math.BigDecimal;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * MET-1, MET-7, MET-12 to MET-15: whatever comes, in whatever order, how often and how late, and whenever it is rolled
 * up: every figure is what the accepted events come to when they are looked at one by one.
 */
class UsageModelTest {

    private static UsageDatabase database;
    private static int granted;
    private static int counted;

    @BeforeContainer
    static void start() throws Exception {
        database = UsageDatabase.shared();
    }

    @AfterContainer
    static void hasTriedAll() {
        assertThat(granted).as("events stored by a grant").isPositive();
        assertThat(counted).as("counters compared").isPositive();
    }

    @Property(tries = 12, shrinking = ShrinkingMode.OFF)
    void everyFigureIsWhatTheEventsComeTo(@ForAll long seed) throws Exception {
        new Story(new Random(seed)).tell();
    }

    /** One tenant, and what happens to it. */
    private static final class Story {
        private final Random random;
        private final UsageTenant tenant;
        private final UsageChecks checks;
        private final Set<String> retracted = new HashSet<>();
        private final List<UsageEvent> sent = new ArrayList<>();

        Story(Random random) throws Exception {
            this.random = random;
            tenant = new UsageTenant(database);
            checks = new UsageChecks(tenant, random);
        }

        void tell() throws Exception {
            int steps = 4 + random.nextInt(8);
            for (int n = 0; n < steps; n++) {
                switch (random.nextInt(8)) {
                    case 0, 1, 2 -> send();
                    case 3 -> retract();
                    case 4 -> tenant.rollUp(random.nextBoolean());
                    case 5 -> tenant.take(random.nextBoolean());
                    case 6 -> tenant.step(Rollups::make);
                    default -> tenant.count();
                }
                tenant.now = tenant.now.plus(random.nextInt(400), ChronoUnit.MINUTES);
                tenant.present();
                if (random.nextInt(3) == 0) {
                    checks.check();
                }
            }
            checks.check();
            tenant.rollUp(true);
            checks.check();
            assertThat(tenant.differences()).as("the standing audit").isEmpty();
            granted += tenant.granted;
            counted += checks.counted;
        }

        private void send() {
            List<UsageEvent> batch = new ArrayList<>();
            int size = 1 + random.nextInt(30);
            for (int n = 0; n < size; n++) {
                if (!sent.isEmpty() && random.nextInt(6) == 0) {
                    batch.add(sent.get(random.nextInt(sent.size())));
                } else {
                    batch.add(event("e" + sent.size() + "-" + n));
                }
            }
            // Of one id once, as the boundary hands them on.
            Map<String, UsageEvent> ids = new LinkedHashMap<>();
            batch.forEach(event -> ids.putIfAbsent(event.id(), event));
            String key = random.nextBoolean() ? null : "cog_0000000" + random.nextInt(3);
            Set<String> stored = new HashSet<>();
            List<UsageEvent> rest = List.copyOf(ids.values());
            if (random.nextBoolean()) {
                rest = tenant.byGrant(rest, key, stored);
            }
            stored.addAll(tenant.decided(rest, key));
            ids.values().stream()
                    .filter(event -> stored.contains(event.id()))
                    .forEach(event -> tenant.accepted.put(event.id(), new Stored(event, tenant.now, key)));
            assertThat(ids.keySet())
                    .as("a retracted id stays taken")
                    .noneMatch(id -> stored.contains(id) && retracted.contains(id));
            sent.addAll(ids.values());
            tenant.known.addAll(ids.keySet());
        }

        private UsageEvent event(String id) {
            String subject = random.nextInt(4) == 0 ? null : checks.word();
            String meter = METERS.get(random.nextInt(METERS.size()));
            subject = meter.equals("people") && subject == null ? "a" : subject;
            StringBuilder properties = new StringBuilder("{\"model\":\"" + checks.word() + "\"");
            if (random.nextBoolean()) {
                properties.append(",\"region\":\"").append(checks.word()).append('"');
            }
            properties.append(",\"team\":").append(random.nextInt(4)).append('}');
            return new UsageEvent(
                    id,
                    meter,
                    BigDecimal.valueOf(random.nextInt(5_000_000), random.nextInt(7)),
                    checks.instant(),
                    subject,
                    properties.toString());
        }

        /** Some at once, so that whole groups and values are gone. */
        private void retract() {
            for (int n = random.nextInt(8); n > 0 && !tenant.accepted.isEmpty(); n--) {
                String id = new ArrayList<>(tenant.accepted.keySet()).get(random.nextInt(tenant.accepted.size()));
                tenant.retract(id);
                tenant.accepted.remove(id);
                retracted.add(id);
            }
        }
    }
}
