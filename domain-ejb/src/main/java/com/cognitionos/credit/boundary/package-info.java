/**
 * What a tenant has with us: money that was given back and not yet used.
 *
 * <ul>
 *   <li>CRE-1 A balance is never negative and never used twice; each change of it is an entry that is never rewritten.
 *   <li>CRE-2 An invoice is paid from the balance in its currency first, as far as it goes.
 * </ul>
 */
@NullMarked
package com.cognitionos.credit.boundary;

import org.jspecify.annotations.NullMarked;
