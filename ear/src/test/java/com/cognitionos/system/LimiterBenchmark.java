package com.cognitionos.system;

import com.cognitionos.gateway.boundary.Admission;
import com.cognitionos.gateway.boundary.Gateway;
import com.cognitionos.gateway.control.Gatekeeper;
import com.cognitionos.gateway.control.KeyMaterial;
import com.cognitionos.kernel.BackgroundThreads;
import com.cognitionos.kernel.Caller;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * How fast a node decides by itself whether a request has a place: {@code ./mvnw -Pbenchmarks verify
 * -Dit.test=LimiterBenchmark}. What it asks the database for is answered at once here, since GateBenchmark measures that.
 */
class LimiterBenchmark {

    private static final String KEY = "cog_" + "0123456789abcdef".repeat(2);
    private static final int KEYS = 10_000;
    private static final int THREADS = 2;
    private static final int ROUNDS = Integer.getInteger("benchmark.rounds", 7);
    private static final Duration PHASE = Duration.ofMillis(1000L * Integer.getInteger("benchmark.seconds", 2));

    private static final Caller CALLER =
            new Caller("key:cog_01234567", false, new UUID(1, 2), Set.of("usage:write", "usage:read"));

    @Test
    void decisionsOfOneNode() throws Exception {
        List<String> one = List.of(KEY);
        List<String> many = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            many.add("cog_%032x".formatted(i));
        }
        StringBuilder text = new StringBuilder("""
                From the key as it was sent to the verdict, HMAC included, in one JVM with %d threads and without HTTP. A node asks
                the database for up to 100 places at a time and for a refusal once a second; how long that takes is left out here and
                is part of the gate's section. Medians of %d rounds of %d ms.

                | decision | decisions/s | ns each |
                |---|---|---|
                """.formatted(THREADS, ROUNDS, PHASE.toMillis()));
        row(text, "admitted by a place held, one busy key", gateway(100), one);
        row(text, "refused, one key", gateway(0), one);
        row(text, "refused, " + KEYS + " keys in turn", gateway(0), many.subList(0, KEYS - 1));
        PerformanceReport.section("limiter", "Rate limit, decided in a node", text.toString());
    }

    private static void row(StringBuilder text, String what, Gateway gateway, List<String> keys) throws Exception {
        round(gateway, keys);
        double[] rounds = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            rounds[i] = round(gateway, keys);
        }
        double perSecond = PerformanceReport.median(rounds);
        text.append(String.format(Locale.ROOT, "| %s | %.0f | %.0f |%n", what, perSecond, THREADS * 1e9 / perSecond));
    }

    /** @return decisions a second of all threads */
    private static double round(Gateway gateway, List<String> keys) throws Exception {
        long until = System.nanoTime() + PHASE.toNanos();
        long decided = 0;
        for (long each : AtOnce.of(THREADS, number -> decisions(gateway, keys, until))) {
            decided += each;
        }
        return decided / (PHASE.toNanos() / 1e9);
    }

    private static long decisions(Gateway gateway, List<String> keys, long until) {
        long decided = 0;
        while (System.nanoTime() < until) {
            for (int i = 0; i < 100; i++) {
                gateway.admit(keys.get((int) (decided % keys.size())), "192.0.2.1");
                decided++;
            }
        }
        return decided;
    }

    /** @param most how many places it gets at once; 0: its window is full */
    private static Gateway gateway(int most) throws ReflectiveOperationException {
        KeyMaterial material = new KeyMaterial();
        set(material, "pepper", "a pepper for measuring");
        Method prepare = KeyMaterial.class.getDeclaredMethod("prepare");
        prepare.setAccessible(true);
        prepare.invoke(material);
        Gateway gateway = new Gateway();
        set(gateway, "material", material);
        set(gateway, "gatekeeper", new Gatekeeper() {
            @Override
            public Admission admit(byte[] hmac, String address, int addressLimit, int wanted) {
                Instant now = Instant.now();
                Admission.Quota quota = new Admission.Quota(
                        "tenant", 1_000_000, most == 0 ? 0 : 500_000, now.plusSeconds(most == 0 ? 30 : 60));
                return new Admission(
                        CALLER,
                        new Admission.Tenant("benchmark", "active"),
                        List.of(quota),
                        Math.min(most, Math.max(1, wanted)),
                        now);
            }
        });
        set(gateway, "threads", new BackgroundThreads() {
            @Override
            public void execute(Runnable work) {
                work.run();
            }
        });
        set(gateway, "anonymousLimit", 60);
        return gateway;
    }

    private static void set(Object bean, String name, Object value) throws ReflectiveOperationException {
        Field field = Arrays.stream(bean.getClass().getDeclaredFields())
                .filter(one -> one.getName().equals(name))
                .findFirst()
                .orElseThrow();
        field.setAccessible(true);
        field.set(bean, value);
    }
}
