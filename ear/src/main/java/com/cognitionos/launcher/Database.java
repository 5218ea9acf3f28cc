package com.cognitionos.launcher;

/** The PostgreSQL that the product runs on. */
sealed interface Database permits EmbeddedDatabase, ExternalDatabase {

    DatabaseLogin owner();

    /** The same on every node that uses this database. */
    Secrets secrets();

    /** True as far as this machine can tell. */
    boolean isRunning();
}
