/**
 * What a tenant may use: the answer behind every gate.
 *
 * <ul>
 *   <li>ENT-1 A feature is metered (a meter of the plan), static (a number of things, such as seats) or boolean.
 *   <li>ENT-2 Without an entitled subscription nothing is allowed, and the reason says why.
 *   <li>ENT-3 The plan, or an operator's override in the settings, says what is sold; the flag of the same feature says
 *       what is released. A feature is on when both say yes: {@code granted AND flag}. A tenant that got the feature by
 *       an override need not be on one of the flag's plans, but a flag that is on for nobody is the kill switch: the
 *       feature is off for everybody, whatever was sold. A feature without a flag follows the plan alone; a flag that
 *       belongs to no feature is a boolean feature of its own.
 *   <li>ENT-4 A quantity of a meter can be reserved, committed and released (MET-8); a refusal is a 402 with the code
 *       {@code entitlement_exceeded}.
 *   <li>ENT-5 A tenant sets and lifts its own spending cap; each change is audited.
 *   <li>ENT-6 {@link com.cognitionos.entitlement.boundary.RequiresEntitlement} does the same around a method in Java.
 * </ul>
 *
 * Limits themselves are metering's (MET-6, MET-9) and tenancy's (TEN-4).
 */
@NullMarked
package com.cognitionos.entitlement.boundary;

import org.jspecify.annotations.NullMarked;
