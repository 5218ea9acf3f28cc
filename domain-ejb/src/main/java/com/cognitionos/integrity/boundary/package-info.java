/**
 * Whether all that is stored still agrees with itself: one check of everything that a crash, a race, a fault of ours or somebody
 * at the database could have put out of step.
 *
 * <ul>
 *   <li>INT-1 A check asks for each {@link com.cognitionos.integrity.entity.Invariant} over all tenants at once, and says of each
 *       whether it holds, or names what breaks it: all are counted, the first twenty are told with their tenant.
 *   <li>INT-2 Each is asked in one statement, and so of one moment, while everybody goes on working.
 *   <li>INT-3 One check at a time, each night and when an operator asks; one whose node falls silent is begun anew by another.
 *       What it found is kept for 90 days and logged.
 *   <li>INT-4 It repairs nothing.
 * </ul>
 *
 * <p>Out of scope: whether the provider's books agree with ours, which reconciliation asks; backups.
 */
@NullMarked
package com.cognitionos.integrity.boundary;

import org.jspecify.annotations.NullMarked;
