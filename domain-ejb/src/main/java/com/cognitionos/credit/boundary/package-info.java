/**
 * What a tenant has with us beside its invoices: above 0 money that was given back and not yet used, below 0 what an
 * invoice too small to collect has left to the next one.
 *
 * <ul>
 *   <li>CRE-1 A balance is never used twice; each change of it is an entry that is never rewritten.
 *   <li>CRE-2 An invoice is paid from the balance in its currency first, as far as it goes, or collects what it owes.
 * </ul>
 */
@NullMarked
package com.cognitionos.credit.boundary;

import org.jspecify.annotations.NullMarked;
