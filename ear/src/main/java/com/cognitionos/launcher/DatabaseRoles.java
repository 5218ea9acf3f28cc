package com.cognitionos.launcher;

import java.sql.SQLException;
import org.postgresql.PGConnection;

/** Gives the roles that the changelog made their passwords. */
final class DatabaseRoles {

    private static final String APPLICATION = "cog_app";
    private static final String JOBS = "cog_jobs";

    private DatabaseRoles() {}

    /** Works once the roles are {@link #enable enabled}. */
    static DatabaseLogin application(DatabaseLogin owner, Secrets secrets) {
        return owner.as(APPLICATION, secrets.of(APPLICATION));
    }

    /** Works once the roles are {@link #enable enabled}. */
    static DatabaseLogin jobs(DatabaseLogin owner, Secrets secrets) {
        return owner.as(JOBS, secrets.of(JOBS));
    }

    /**
     * Sets a password only where the derived one does not work, so that a running node keeps its connections' login.
     *
     * @throws StartFailure if a role is missing, or the server keeps refusing it
     */
    static void enable(DatabaseLogin owner, Secrets secrets) throws StartFailure, SQLException {
        enable(application(owner, secrets), owner);
        enable(jobs(owner, secrets), owner);
    }

    private static void enable(DatabaseLogin login, DatabaseLogin owner) throws StartFailure, SQLException {
        var role = login.user();
        if (works(login)) {
            return;
        }
        try (var connection = owner.connect()) {
            connection
                    .unwrap(PGConnection.class)
                    .alterUserPassword(role, login.password().toCharArray(), "scram-sha-256");
        } catch (SQLException e) {
            throw new StartFailure(
                    "The database's owner " + owner.user() + " may not set the password of the role " + role
                            + "; grant it the ADMIN option on that role.",
                    e);
        }
        if (!works(login)) {
            throw new StartFailure("The database refuses its own role " + role
                    + " with a fresh password; allow it in the server's pg_hba.conf.");
        }
    }

    private static boolean works(DatabaseLogin login) throws SQLException {
        try (var connection = login.connect()) {
            return connection.isValid(5);
        } catch (SQLException e) {
            if (e.getSQLState() != null && e.getSQLState().startsWith("28")) {
                return false;
            }
            throw e;
        }
    }
}
