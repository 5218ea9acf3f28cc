package com.cognitionos.launcher;

/** A PostgreSQL that others run. */
record ExternalDatabase(DatabaseLogin owner, Secrets secrets) implements Database {

    /** @throws StartFailure unless it answers and accepts the owner's login */
    static ExternalDatabase verified(DatabaseLogin owner) throws StartFailure {
        owner.verify();
        return new ExternalDatabase(owner, new Secrets(owner.password()));
    }

    /** Others did, and {@link #verified} saw it. */
    @Override
    public void start() {}

    /** Its going away is not our end: the server's pool reconnects when it is back. */
    @Override
    public boolean isRunning() {
        return true;
    }

    /** It is not ours to end. */
    @Override
    public void close() {}
}
