/**
 * Where the money is: a double-entry journal that only grows.
 *
 * <ul>
 *   <li>LED-1 In every transaction debits equal credits; it comes with its entries in one statement, and the database refuses others.
 *   <li>LED-2 What was posted is never changed or removed, and nothing is added to it; the database refuses that too.
 *   <li>LED-3 An invoice or payment is posted once, in the transaction that makes it so.
 *   <li>LED-4 Test tenants are shown apart from the figures of the business.
 *   <li>LED-5 What a line charges for a time to come is deferred revenue, without discounts and taxes. It becomes revenue
 *       evenly over its period, by exact time, at the end of each accounting month and of the period; the parts sum to
 *       the line. Months that had ended when it was invoiced are earned at once.
 *   <li>LED-6 A part is recognised once, however often, late or on however many nodes at once that is asked for. It is
 *       dated within the month in which it was earned. For a test tenant it comes as its clock passes, before what
 *       happens at that moment.
 *   <li>LED-7 A credit line for unused time is recognised as its charge would have been, so that the two are nothing
 *       together. A credit note takes from its line what is not earned yet, then from revenue, to the cent.
 *   <li>LED-8 Accounting months are calendar months in UTC for every tenant: the seller closes one month for all.
 *   <li>LED-9 The journal, read or taken away, tells each transaction with all its entries and what it refers to.
 * </ul>
 */
@NullMarked
package com.cognitionos.ledger.boundary;

import org.jspecify.annotations.NullMarked;
