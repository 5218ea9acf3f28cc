/**
 * Who buys: tenants, their life cycle, their settings and, for a test tenant, their clock.
 *
 * <ul>
 *   <li>TEN-1 Statuses and their moves are SPEC section 2; any other move is a conflict.
 *   <li>TEN-2 A slug is unique, of the given form, and not one of the reserved words.
 *   <li>TEN-3 A change names the version it was made from; a stale one is a conflict.
 *   <li>TEN-4 A setting that was never overridden follows the plan; a tenant may lower it, only the operator may go above.
 *   <li>TEN-5 A test clock only goes forward; what falls due on the way happens in order before it shows ready.
 *   <li>TEN-6 A tenant says whom its invoices are made out to; a VAT number has the form of one, and only the platform
 *       says that a tenant bears no tax.
 *   <li>TEN-7 A suspension for not paying ends by itself when everything is paid; an operator's own does not, and an
 *       operator may make the one the other.
 * </ul>
 */
@NullMarked
package com.cognitionos.tenancy.boundary;

import org.jspecify.annotations.NullMarked;
