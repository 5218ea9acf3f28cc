/**
 * What is taken off invoices: coupons, and who has redeemed them.
 *
 * <ul>
 *   <li>COU-1 What a coupon gives never changes. Archived, it can be redeemed no longer; who has redeemed it keeps it.
 *   <li>COU-2 A tenant redeems a coupon once, also if it gave it away again.
 *   <li>COU-3 A coupon is never redeemed more often than it says, however many redeem it at once.
 *   <li>COU-4 What a redemption has still to give is carried from invoice to invoice, in the transaction of each: nothing is
 *       given twice. A preview uses nothing up, and a void invoice gives back what it has.
 *   <li>COU-5 One that is given away is taken off no further invoice.
 * </ul>
 *
 * How much it is: {@link com.cognitionos.rating.entity.Discount}.
 */
@NullMarked
package com.cognitionos.coupon.boundary;

import org.jspecify.annotations.NullMarked;
