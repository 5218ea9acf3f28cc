/**
 * Tests that run inside the server, in the packaged EAR, against a real PostgreSQL: through the EJB boundaries, past them
 * by SQL as one tenant's role, and past everything as the database's owner.
 *
 * <p>{@link com.cognitionos.container.World} opens companies and tells their time lines; all tenants share one database,
 * so a test counts only what is its own. The classes of this package are deployed, those of {@code server} are not.
 */
package com.cognitionos.container;
