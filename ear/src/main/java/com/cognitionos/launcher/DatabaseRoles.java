package com.cognitionos.launcher;

import java.sql.SQLException;
import org.postgresql.PGConnection;

/** Gives the roles that the changelog made their passwords. */
final class DatabaseRoles {

    static final String APPLICATION = "cog_app";
    static final String JOBS = "cog_jobs";

    private DatabaseRoles() {}

    /**
     * Sets a password only where the derived one does not work, so that a running node keeps its connections' login.
     *
     * @throws StartFailure if the role is missing, or the server keeps refusing it
     */
    static DatabaseLogin enable(String role, DatabaseLogin owner, Secrets secrets) throws StartFailure, SQLException {
        var login = owner.as(role, secrets.of(role));
        if (works(login)) {
            return login;
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
        return login;
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
