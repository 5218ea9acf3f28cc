/**
 * What a tenant has bought: one live subscription, its calendar periods and its history.
 *
 * <ul>
 *   <li>SUB-1 A tenant has at most one live subscription; the database says so too.
 *   <li>SUB-2 Periods are calendar months or years from the anchor in the subscription's time zone: anchor day 31 ends
 *       on the last day of short months and comes back to 31; a change of daylight saving never moves a boundary's
 *       wall-clock time.
 *   <li>SUB-3 Usage is invoiced by month, also in a yearly plan.
 *   <li>SUB-4 A trial costs nothing; at its end it turns active when a payment method is there, else it becomes free.
 *       Its calendar hangs there, or where it was moved to meanwhile: the first period ends at its next boundary.
 *       The tenant's programs are told three days ahead by its calendar, once; of a shorter trial as it begins.
 *   <li>SUB-5 What happened is appended to the history, from which an invoice is computed; it is never rewritten.
 *   <li>SUB-6 An upgrade holds at once, a downgrade from the end of the period on, unless another time is wanted: now, the
 *       period's end or any instant up to three years ahead. The calendar stays, but for another cycle, which begins a new
 *       period. One change, cancellation or move of the calendar can wait; a later one takes its place, and it can be taken
 *       back.
 *   <li>SUB-7 While it is paused nothing is charged and nothing may be used; the calendar runs on.
 *   <li>SUB-8 Its currency is chosen at the start and stays; a plan that is not sold in it cannot be had.
 *   <li>SUB-9 It stays on the version of its plan until it is moved; a move leaves what waits for the period's end, and
 *       changes nothing about when a price is invoiced.
 *       When its contract ends it is moved onto the version that is sold then, in order with all else; where none is in its
 *       cycle and currency, it stays on what was agreed.
 *   <li>SUB-10 The calendar can be hung elsewhere. The period and the usage month that run then end at its next boundary,
 *       their price and what is included in proportion; nothing is given or charged twice.
 *   <li>SUB-11 What is asked late can hold from an instant back, as long as that lies in the open usage month and nothing
 *       has happened since. What was used is charged by what held then; a month that ends back then is invoiced at once.
 *   <li>SUB-12 Add-ons go with the plan: the same cycle, currency, calendar, trial and pause, and the plan's grain. One that a
 *       new plan does not take goes with the change; a cycle in which one that stays has no price is refused. What waits
 *       for add-ons happens with a change of plan of the same instant, outlives one of now, and displaces nothing else.
 *   <li>SUB-13 A period that begins while the tenant is suspended for not paying is not charged: nothing of it can be used.
 *       What began before is. Once the tenant is let in again the rest of the period is charged as after a pause; until
 *       then its plan cannot be changed.
 * </ul>
 */
@NullMarked
package com.cognitionos.subscription.boundary;

import org.jspecify.annotations.NullMarked;
