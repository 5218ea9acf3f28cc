/**
 * What was done, by whom and from where.
 *
 * <ul>
 *   <li>AUD-1 An entry is committed with what it records, or neither is.
 *   <li>AUD-2 Entries are only ever added: the database refuses a change to the application, and to its owner too.
 *   <li>AUD-3 Each tenant's entries, and those of the platform that are no tenant's, are a chain of MACs. Whoever has
 *       the database but not the installation's secret cannot change, remove, swap, add or cut off an entry without
 *       {@link com.cognitionos.audit.boundary.AuditTrail#verify} finding it.
 *   <li>AUD-4 Entering costs no lock before the commit, and two tenants never wait for each other.
 *   <li>AUD-5 A caller reads the log of the tenant that it works in; the platform across tenants reads its own.
 *   <li>AUD-6 An export is safe to open in a spreadsheet.
 * </ul>
 *
 * Out of scope: a witness outside of the database, which alone would notice that the whole installation was put back to
 * an earlier backup.
 */
@NullMarked
package com.cognitionos.audit.boundary;

import org.jspecify.annotations.NullMarked;
