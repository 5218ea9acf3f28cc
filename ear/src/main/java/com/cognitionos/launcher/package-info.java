/**
 * Starts the whole product on one machine with one command, and stops it without a trace.
 *
 * <p>RUN-1 A start that cannot succeed ends with one sentence that says what to do. RUN-2 What a killed start left
 * running is ended by the next one; nothing else on the machine is touched. RUN-3 The server stops before the database.
 * RUN-4 Secrets are derived from one, so that all nodes agree and none is in a configuration file. RUN-5 The server
 * never learns the schema owner's password. RUN-6 Server and database start side by side; the application neither uses
 * the database nor answers anybody before that has the schema of this version.
 *
 * <p>Out of scope: anything of the business; the server is told by environment variables only.
 */
@NullMarked
package com.cognitionos.launcher;

import org.jspecify.annotations.NullMarked;
