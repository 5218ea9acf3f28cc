/**
 * What is sold: plans in versions, their prices, meters and features.
 *
 * <ul>
 *   <li>CAT-1 Four plans are there from the start (SPEC section 1): free, pro, team, enterprise.
 *   <li>CAT-2 A version never changes; a subscription keeps paying what its version says.
 *   <li>CAT-3 An included quantity is per month, also in a yearly plan; none means unlimited.
 *   <li>CAT-4 A meter without an overage price is refused above its included quantity.
 * </ul>
 *
 * Out of scope: changing the catalogue at run time.
 */
@NullMarked
package com.cognitionos.catalog.boundary;

import org.jspecify.annotations.NullMarked;
