package com.cognitionos.gateway.control;

import com.cognitionos.gateway.boundary.Admission;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Scope;
import com.cognitionos.kernel.Sql;
import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Calls {@code gateway_admit}, which looks the key up and takes the places in one statement that is its own transaction:
 * its locks are held for that statement, not for the request. The connection is not shared with the request's, so it is
 * back in the pool before the request goes on.
 */
@ApplicationScoped
public class Gatekeeper {

    private static final String ADMIT = "SELECT * FROM gateway_admit(?, ?, ?, ?)";

    @Resource(lookup = "jdbc/cognitionos", shareable = false)
    private DataSource dataSource;

    /**
     * @param hmac of the key; null for none
     * @param wanted how many places to take if there are many, from 1
     */
    public Admission admit(byte @Nullable [] hmac, String address, int addressLimit, int wanted) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement call = connection.prepareStatement(ADMIT)) {
            call.setBytes(1, hmac);
            call.setString(2, address);
            call.setInt(3, addressLimit);
            call.setInt(4, wanted);
            try (ResultSet row = call.executeQuery()) {
                if (!row.next()) {
                    throw new IllegalStateException("gateway_admit says nothing");
                }
                return read(row);
            }
        } catch (SQLException e) {
            throw new Sql.SqlFailure(e);
        }
    }

    private static Admission read(ResultSet row) throws SQLException {
        Caller caller = row.getObject("key_id") == null ? null : caller(row);
        Admission.Tenant tenant = row.getString("slug") == null
                ? null
                : new Admission.Tenant(row.getString("slug"), row.getString("status"));
        int places = row.getBoolean("admitted") ? row.getInt("places") : 0;
        Instant decidedAt = Objects.requireNonNull(Sql.instant(row, "decided_at"));
        List<Admission.Quota> quotas = new ArrayList<>();
        do {
            quotas.add(new Admission.Quota(
                    row.getString("policy"),
                    row.getInt("quota"),
                    row.getInt("remaining"),
                    Sql.instant(row, "free_at")));
        } while (row.next());
        return new Admission(caller, tenant, List.copyOf(quotas), places, decidedAt);
    }

    private static Caller caller(ResultSet row) throws SQLException {
        return new Caller(
                "key:" + row.getString("prefix"),
                row.getBoolean("platform"),
                row.getObject("tenant", UUID.class),
                Scope.parse(row.getString("scopes")));
    }
}
