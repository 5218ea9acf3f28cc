/**
 * What a tenant has with us beside its invoices: its balance, above 0 money that was given back and not yet used, below 0
 * what an invoice too small to collect has left to the next one; and credits that were granted to it in advance.
 *
 * <ul>
 *   <li>CRE-1 A balance is never used twice; each change of it is an entry that is never rewritten.
 *   <li>CRE-2 An invoice is paid from prepaid credits first, then from the balance in its currency, as far as they go, or
 *       collects what the balance owes.
 *   <li>CRE-3 Prepaid credits pay by priority, then the one that expires soonest, then the oldest; each in the transaction
 *       of its invoice, so never twice. From its expiry on, by the tenant's clock, one pays nothing.
 *       A void invoice gives back what it used; of a paid credit that has ended meanwhile to the balance.
 *   <li>CRE-4 What is left of a paid credit at its expiry is revenue (breakage), posted as the clock passes it, before what
 *       falls due at that moment; for a live tenant at its next step of billing at the latest. Voided before, it is paid
 *       back.
 *   <li>CRE-5 A paid credit is money that we owe until it is used: cash against customer credit. A promotional one is a
 *       discount that the customer may still claim: nobody paid for it and nobody is owed it, so nothing is posted when it
 *       is granted, expires or is voided, and its use reduces revenue (IFRS 15.70, consideration payable to a customer).
 * </ul>
 */
@NullMarked
package com.cognitionos.credit.boundary;

import org.jspecify.annotations.NullMarked;
