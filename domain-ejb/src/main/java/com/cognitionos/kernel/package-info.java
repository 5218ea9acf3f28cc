/**
 * What every component needs and none owns: ids, problems, the caller and the tenant wall.
 *
 * <ul>
 *   <li>KER-1 A {@link com.cognitionos.kernel.Caller} comes only from a door (REST, portal, batch) that has verified it.
 *   <li>KER-2 Each transaction takes on one database role before its first statement: one tenant's, or the platform's.
 *   <li>KER-3 A transaction without a caller reads and writes nothing: the database refuses it.
 *   <li>KER-4 What a user can do something about is a {@link com.cognitionos.kernel.Problem} with a stable code.
 *   <li>KER-5 Where a tenant names the address, the server goes only by https and only to the public internet, to the address
 *       that was checked ({@link com.cognitionos.kernel.Egress}).
 *   <li>KER-6 Refused attempts to get round a control are logged by {@link com.cognitionos.kernel.SecurityLog}, one line a
 *       minute for whoever repeats itself, without secrets and in the words of the product alone.
 *   <li>KER-7 A {@link com.cognitionos.kernel.Csv} file is safe to open in a spreadsheet.
 *   <li>KER-8 What happens in a tenant is published in the transaction in which it happens; whoever keeps it does so in
 *       the same ({@link com.cognitionos.kernel.Events}).
 *   <li>KER-9 What one node at a time works on is worked on by a {@link com.cognitionos.kernel.Lease}, which any node may take
 *       once it has run out. Of two that believe they have it, only the later one can commit.
 * </ul>
 */
@NullMarked
package com.cognitionos.kernel;

import org.jspecify.annotations.NullMarked;
