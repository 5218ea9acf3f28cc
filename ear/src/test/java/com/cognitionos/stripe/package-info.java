/**
 * A double of Stripe for tests and for the demo: what the real stripe-java sends over HTTP is checked as Stripe checks it,
 * and answered from a state that is kept. {@link com.cognitionos.stripe.StripeDouble} is the way in.
 *
 * <ol>
 *   <li>STD-1 A request is checked against Stripe's published description, and against stripe-java's parameter classes where
 *       that is silent. What neither knows is refused, and kept as a {@link com.cognitionos.stripe.Violation}.
 *   <li>STD-2 Replies start from Stripe's own example objects, or from the fields of stripe-java's classes where those
 *       examples are absent.
 *   <li>STD-3 Idempotency keys are kept for 24 hours as Stripe documents it.
 *   <li>STD-4 Each change of state makes an event; events are delivered signed, in any order, late, twice or never, by plan.
 *   <li>STD-5 Faults happen by plan, before or after the effect.
 *   <li>STD-6 Test cards behave as Stripe documents them; outcomes that come later are given by a call.
 * </ol>
 *
 * <p>Out of scope: live mode, connected accounts, subscriptions and invoices of Stripe's own, capture by hand, several
 * currencies of settlement.
 */
@NullMarked
package com.cognitionos.stripe;

import org.jspecify.annotations.NullMarked;
