/**
 * What is sold: plans and add-ons in versions, their prices, meters and features, and what single tenants have agreed on.
 *
 * <ul>
 *   <li>CAT-1 Four plans are there from the start (SPEC section 1): free, pro, team, enterprise. Finance adds more, and
 *       meters too; the order of the plans decides what is an upgrade.
 *   <li>CAT-2 A version is a draft until it is published, and never changes from then on; the database says so too. A
 *       subscription keeps paying what its version says until it is moved.
 *   <li>CAT-3 An included quantity is per month, also in a yearly plan; none means unlimited.
 *   <li>CAT-4 A meter without a price is refused above its included quantity.
 *   <li>CAT-5 One version of a plan is sold at a time. A newer one takes the place of one without an end; whatever else
 *       overlaps is refused, and the database says so too. What is archived is sold no more.
 *   <li>CAT-6 A price is in a currency of ISO 4217, a meter's price by one of the models of SPEC section 1. Whatever
 *       costs something is priced in every currency that the plan is sold in; a plan that costs nothing is sold in all.
 *   <li>CAT-7 A contract is a version for one tenant, kept behind the tenant wall. When its validity ends, the tenant is on
 *       what it would have without it.
 *   <li>CAT-8 What is had on top of a plan is an add-on, in versions by the rules of CAT-2 and CAT-5. It says to which plans
 *       it can be added, in which quantity, and what one of it costs a month or a year, in advance unless said otherwise.
 * </ul>
 *
 * Out of scope: who has which version (the subscription component), and moving them (payment).
 */
@NullMarked
package com.cognitionos.catalog.boundary;

import org.jspecify.annotations.NullMarked;
