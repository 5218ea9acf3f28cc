/**
 * Whom usage and spend should be told of before the invoice does.
 *
 * <ul>
 *   <li>ALR-1 A meter that reaches a share of what the month allows alerts: 50, 75, 90 and 100 % of the limit, or of the
 *       included quantity where nothing is refused, unless the tenant chose other shares, or none for that meter.
 *   <li>ALR-2 A budget is an amount of money for the usage month: the overage, of one meter or of all, or all that the
 *       month's invoice comes to so far. It alerts in the same way and refuses nothing; a spending cap does (MET-9).
 *   <li>ALR-3 A share of one bound alerts once a usage month, whatever else happens: the database says so too, in the
 *       transaction that queues the mails and the webhooks. A bound that rises makes those shares of it news that the use
 *       at the time of the last alert had not reached yet; one that falls makes those news that were not told before.
 *   <li>ALR-4 Who looks costs ingestion nothing: usage that changed is noticed by its marks within a minute, and of those
 *       tenants only the ones are looked at of which something may have passed a share.
 *   <li>ALR-5 A test tenant's alerts come in the order of its time: before its clock passes an instant, all is told that was
 *       reached by then.
 *   <li>ALR-6 Alerts go to the billing address and the owners, or to whom the tenant names, in one mail for all that was
 *       reached at once; a program hears of each. Somebody can acknowledge them.
 *   <li>ALR-7 A day that is unlike the tenant's own history is told of, once a day and meter: one that is far above what is
 *       usual on that weekday as soon as it is, one on which a meter that never rests has all but stopped twelve hours after
 *       its end. Where the last quantity counts that is the day's. Days are UTC's. A history of four weeks is needed. For a
 *       week it is told again only of half as much again. The tenant chooses how sensitive that is, or switches it off, for
 *       all meters or for some.
 *   <li>ALR-8 A limit that refuses something while less than a tenth of it is left is told of as reached within a second.
 * </ul>
 *
 * What a level (storage) is measured by is what its bound is: the present level where more is refused, the mean of the
 * month so far where more is charged.
 */
@NullMarked
package com.cognitionos.alert.boundary;

import org.jspecify.annotations.NullMarked;
