/**
 * What the in-container tests stand on, in the JVM of the tests: PostgreSQL, Open Liberty and the EAR with the tests in
 * it. All three are there once for all test classes.
 */
package com.cognitionos.container.server;
