package com.cognitionos.launcher;

import java.io.IOException;
import java.sql.SQLException;

/** The PostgreSQL that the product runs on. Whose it is and where is known before it is up. */
sealed interface Database extends AutoCloseable permits EmbeddedDatabase, ExternalDatabase {

    DatabaseLogin owner();

    /** The same on every node that uses this database. */
    Secrets secrets();

    /** Has it up and answering. */
    void start() throws StartFailure, IOException, SQLException;

    /** True as far as this machine can tell. */
    boolean isRunning();

    @Override
    void close();
}
