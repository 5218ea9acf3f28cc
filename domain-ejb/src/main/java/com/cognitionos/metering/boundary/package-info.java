/**
 * What tenants use: events in, quantities out.
 *
 * <ul>
 *   <li>MET-1 An event counts once: the same id and content again is a duplicate, the same id with other content a
 *       conflict. The id is the tenant's own and is kept for ever.
 *   <li>MET-2 The reply comes after the commit; what was accepted is never lost, one bad event does not touch the others.
 *   <li>MET-3 An event may lie at most an hour ahead of the tenant's clock and 35 days behind it.
 *   <li>MET-4 An event before the subscription's start counts at its start.
 *   <li>MET-5 An event into an invoiced month goes to the late register and becomes an adjustment on the next invoice.
 *   <li>MET-6 Where the plan has no overage price, an event above the included quantity is refused.
 *   <li>MET-7 A committed event shows at once: a day whose rollup is behind is read from the records.
 * </ul>
 */
@NullMarked
package com.cognitionos.metering.boundary;

import org.jspecify.annotations.NullMarked;
