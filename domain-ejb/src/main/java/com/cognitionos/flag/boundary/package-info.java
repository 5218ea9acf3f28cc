/**
 * Feature flags: what is switched on for whom, changed at run time.
 *
 * <ul>
 *   <li>FLG-1 A flag is on for a tenant when it is on for everybody, for the tenant's plan, for the tenant by name or for
 *       a share of all tenants that the tenant is in; otherwise it is off. A flag that nobody made is off.
 *   <li>FLG-2 A change holds on every node from its commit on: flags are read from the database each time.
 *   <li>FLG-3 The share is stable: the same tenants for the same percentage, and a growing one only adds.
 *   <li>FLG-4 Only the platform changes flags; each change is audited and names the version it was made from.
 *   <li>FLG-5 A tenant learns how a flag stands for itself and nothing of other tenants.
 *   <li>FLG-6 Five flags are there from the start (SPEC section 9).
 * </ul>
 *
 * What a flag has to say about a feature of a plan is the entitlement component's to decide (ENT-3).
 */
@NullMarked
package com.cognitionos.flag.boundary;

import org.jspecify.annotations.NullMarked;
