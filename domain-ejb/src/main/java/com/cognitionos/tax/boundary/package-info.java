/**
 * Which taxes a seller has to charge, where and when.
 *
 * <ul>
 *   <li>TAX-1 A rate is for a code, a jurisdiction, some tax categories or all, and a span of days; of these, no two
 *       that are in force on the same day overlap.
 *   <li>TAX-2 A rate never changes. It ends once, and what was invoiced by it stays.
 *   <li>TAX-3 An invoice bears the rates of its day in the seller's zone, UTC, at the customer's place. A customer whose
 *       country is not known is where the seller is. Without rates there is no tax.
 *   <li>TAX-4 Reverse charge and exemption: {@link com.cognitionos.rating.entity.Taxes#on}.
 * </ul>
 */
@NullMarked
package com.cognitionos.tax.boundary;

import org.jspecify.annotations.NullMarked;
