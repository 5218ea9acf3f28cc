package com.cognitionos.metering.control;

import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantLock.Purpose;
import com.cognitionos.metering.entity.UsageEvent;
import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Stores the events of a group that grants cover, whoever's they are, in one autocommit statement. */
@ApplicationScoped
public class UsageStatement {

    private static final String INGEST = "SELECT ingest_usage(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    private static final int HASH = 32;

    /** Quantities travel as whole millionths: the database takes numbers of eight bytes as they are. */
    private static final int DECIMALS = 6;

    @Resource(lookup = "jdbc/cognitionos", shareable = false)
    private DataSource dataSource;

    @Inject
    private BusinessClock clock;

    /** What became of an event. */
    public enum Outcome {
        STORED,
        /** Stored before with the same content. */
        DUPLICATE,
        /** Stored before with another content. */
        CONFLICT,
        /** No grant covers it; nothing was done. */
        UNDECIDED,
        /** Somebody else decides on the tenant, bills it or has what it needs; nothing was done, and another try may do. */
        HELD;

        private static Outcome of(char said) {
            return switch (said) {
                case 's' -> STORED;
                case 'd' -> DUPLICATE;
                case 'c' -> CONFLICT;
                case 'h' -> HELD;
                default -> UNDECIDED;
            };
        }
    }

    /**
     * The events of one tenant's request; no id twice.
     *
     * @param key prefix of the API key that reports; null where none does
     * @param events with quantities from 0 to {@link com.cognitionos.metering.boundary.UsageEvents#MAX_QUANTITY} and at
     *     most 6 decimal places
     */
    public record Request(UUID tenant, @Nullable String key, List<UsageEvent> events) {}

    private record Pair(UUID tenant, String meter) {}

    /**
     * Committed as this returns. Must not be called inside a transaction.
     *
     * @param requests no id of a tenant's twice
     * @return of each request, of each event in order
     */
    public List<Outcome[]> store(List<Request> requests) {
        Rows rows = new Rows(requests);
        try (Connection connection = dataSource.getConnection();
                PreparedStatement call = connection.prepareStatement(INGEST)) {
            rows.bind(connection, call);
            call.setObject(12, clock.system().atOffset(ZoneOffset.UTC));
            call.setLong(13, Purpose.BILLING.ordinal());
            call.setLong(14, Purpose.ALLOWANCE.ordinal());
            try (ResultSet row = call.executeQuery()) {
                row.next();
                return split(requests, row.getString(1));
            }
        } catch (SQLException e) {
            throw new Sql.SqlFailure(e);
        }
    }

    private static List<Outcome[]> split(List<Request> requests, String said) {
        List<Outcome[]> outcomes = new ArrayList<>(requests.size());
        int at = 0;
        for (Request request : requests) {
            Outcome[] own = new Outcome[request.events().size()];
            for (int i = 0; i < own.length; i++) {
                own[i] = Outcome.of(said.charAt(at++));
            }
            outcomes.add(own);
        }
        return outcomes;
    }

    /** The columns of the statement. Arrays of the element's own class go to the database in binary form. */
    private static final class Rows {
        private final UUID[] tenants;
        private final List<Integer> pairTenant = new ArrayList<>();
        private final List<String> pairMeter = new ArrayList<>();
        private final Integer[] eventPair;
        private final String[] ids;
        private final Long[] micros;
        private final @Nullable Long[] occurred;
        private final @Nullable String[] subjects;
        private final @Nullable String[] properties;
        private final @Nullable String[] keys;
        private final byte[] hashes;

        Rows(List<Request> requests) {
            Map<UUID, Integer> numbers = new TreeMap<>();
            requests.forEach(request -> numbers.put(request.tenant(), 0));
            tenants = numbers.keySet().toArray(UUID[]::new);
            for (int i = 0; i < tenants.length; i++) {
                numbers.put(tenants[i], i + 1);
            }
            int size = requests.stream()
                    .mapToInt(request -> request.events().size())
                    .sum();
            eventPair = new Integer[size];
            ids = new String[size];
            micros = new Long[size];
            occurred = new Long[size];
            subjects = new String[size];
            properties = new String[size];
            keys = new String[size];
            hashes = new byte[size * HASH];
            Map<Pair, Integer> pairs = new HashMap<>();
            int at = 0;
            for (Request request : requests) {
                for (UsageEvent event : request.events()) {
                    eventPair[at] = pairs.computeIfAbsent(new Pair(request.tenant(), event.meter()), pair -> {
                        pairTenant.add(numbers.getOrDefault(pair.tenant(), 0));
                        pairMeter.add(pair.meter());
                        return pairMeter.size();
                    });
                    ids[at] = event.id();
                    micros[at] = micros(event.quantity());
                    occurred[at] = event.timestamp() == null ? null : micros(event.timestamp());
                    subjects[at] = event.subject();
                    properties[at] = event.properties();
                    keys[at] = request.key();
                    System.arraycopy(event.contentHash(), 0, hashes, at * HASH, HASH);
                    at++;
                }
            }
        }

        void bind(Connection connection, PreparedStatement call) throws SQLException {
            call.setArray(1, connection.createArrayOf("uuid", tenants));
            call.setArray(2, connection.createArrayOf("int4", pairTenant.toArray(Integer[]::new)));
            call.setArray(3, connection.createArrayOf("text", pairMeter.toArray(String[]::new)));
            call.setArray(4, connection.createArrayOf("int4", eventPair));
            call.setArray(5, connection.createArrayOf("text", ids));
            call.setArray(6, connection.createArrayOf("int8", micros));
            call.setArray(7, connection.createArrayOf("int8", occurred));
            call.setArray(8, connection.createArrayOf("text", subjects));
            call.setArray(9, connection.createArrayOf("text", properties));
            call.setArray(10, connection.createArrayOf("text", keys));
            call.setBytes(11, hashes);
        }

        private static long micros(BigDecimal quantity) {
            return quantity.movePointRight(DECIMALS).longValueExact();
        }

        private static long micros(Instant instant) {
            // Rounded as the database rounds.
            return ChronoUnit.MICROS.between(Instant.EPOCH, instant.plusNanos(500));
        }
    }
}
