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
 *   <li>MET-6 Where the plan has no overage price, and in a trial, an event above the included quantity is refused. A
 *       limit in the tenant's settings is refused above in any plan.
 *   <li>MET-7 A committed event shows at once: an hour whose rollup is behind is read from the records.
 *   <li>MET-8 A quantity can be reserved before it is used: concurrent callers together never get past a limit. It is
 *       committed or released once; what a caller leaves lying expires and is given back.
 *   <li>MET-9 A tenant's spending cap bounds what a month's overage costs, computed as its invoice will; what costs
 *       nothing more is never refused by it; also in a month of several plans. A level counts as if it held to the month's end, so the bound is kept
 *       without a further event.
 *   <li>MET-10 Without an entitled subscription (SPEC section 3) nothing may be used.
 *   <li>MET-11 An API call of a tenant's key is one {@code api_calls}, committed before its reply leaves (before the
 *       call is served where it has a limit), at the tenant's present and under its key's prefix; it is in the invoice of
 *       that month and in every reading of usage.
 *   <li>MET-12 A live counter equals what the records of its month come to, at every commit: their sum, their number, or
 *       the number of their distinct values, where a value raises it once.
 *   <li>MET-13 An event can be taken back for as long as one may be late: it counts no more, in the running month at once
 *       and in an invoiced one by an adjustment, as if it had never come. Its id stays taken.
 *   <li>MET-14 The events of a period become one quantity as their meter says: the sum, the number, the largest, the number
 *       of distinct values, the last by the time that it counts at, its arrival and its id, or the mean level. It is exact in
 *       whatever order the events come, however late, and whenever they are rolled up. An event without the value that its
 *       meter tells apart is rejected; without a quantity it is one where only its being there counts.
 *   <li>MET-15 The parts of a month make its quantity: of a sum or number each has its own, of a mean its share by time; a
 *       largest quantity or a distinct value counts in the part that raises the month by it; the last quantity counts in the
 *       part that the month ends with.
 *   <li>MET-16 A decision that covers events and calls to come is kept with the facts that it rests on, and void when one
 *       of them changes. What it covers is stored together with what others send meanwhile; what it does not cover is
 *       decided on exactly, in its turn. Nobody's bad data, lock or limit is another tenant's failure. What is kept for
 *       looks and reservations is held against the same facts by each of them, on every node.
 *   <li>MET-17 What is being taken in is bounded, for a tenant and in all; beyond that a request is refused at once, 503 with
 *       Retry-After, before its body is read. After a refusal or no reply the same events can be sent again.
 *   <li>MET-18 Single records are kept for as many months as is configured and somebody may still need them, then dropped by
 *       the month; ids and daily sums stay, and a level holds on.
 *   <li>MET-19 Limits hold by kind: sums, numbers and distinct values together, whatever comes at once; the largest, the
 *       last and a level for each event.
 *   <li>MET-20 Usage can be seen by hour, day and month, in all and by subject, API key, plugin, model and the dimensions of
 *       its meter: the groups with the most, and all others as one. A series is read from rollups, and from the records
 *       only for hours whose rollup is behind, or by one dimension within another.
 *   <li>MET-21 Rollups can be compared with the records at any time: hour by hour, in all, by group and by distinct value,
 *       and days with their hours, as far back as records are kept.
 *   <li>MET-22 Nobody who reports usage waits for a rollup, whatever its size: what comes while hours are made counts at
 *       once and is in the next one. A rollup that is cut off is gone on with, and an hour that changes all the time holds no
 *       other up.
 *   <li>MET-23 Usage can be brought as a file of comma-separated values, by a person or a program. Before anything counts
 *       its owner sees what its columns and first rows are taken for, and how many rows could not be taken; a file that is
 *       not what it should be is refused with the line and what to do. Its size and rows are bounded, and so is what a
 *       tenant has that waits, was left off or was rejected, and what programs are bringing.
 *   <li>MET-24 A file that was started is taken in a thousand rows after another by the rules of all usage, one file of a tenant
 *       at a time, on one node, and goes on after a restart. Each row is told once, as taken, duplicate or rejected, in the
 *       transaction that takes it. It can be stopped and go on; the rejected rows are a file that can be mended and brought
 *       again.
 * </ul>
 */
@NullMarked
package com.cognitionos.metering.boundary;

import org.jspecify.annotations.NullMarked;
