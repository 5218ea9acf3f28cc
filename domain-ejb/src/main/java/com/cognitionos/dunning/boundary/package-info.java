/**
 * What happens when an invoice cannot be collected.
 *
 * <ul>
 *   <li>DUN-1 A finalised invoice whose charge fails has one case, ever; the database says so too. Its steps come in order, at
 *       the days after the first failure that the policy names, and none comes twice: a step and the payment that failed
 *       for it, its mail included, are one transaction. Whoever comes late goes on a day later at the earliest.
 *   <li>DUN-2 A step charges the default card as any payment does. A card whose bank said not to try it again is not tried
 *       again by itself, and neither is one that is not there: the step passes with a reminder. A new default card is tried
 *       within a minute, aside from the schedule; what a person tries in between does not move it either.
 *   <li>DUN-3 When the last retry has failed the subscription is unpaid; after the grace the tenant is suspended, where the
 *       policy says so, and the case is exhausted.
 *   <li>DUN-4 A case ends as recovered when its invoice is paid, by money or by credit, and as closed when that is withdrawn,
 *       written off, or finance stops it. Whoever owes nothing any more is active again, and let in again where the
 *       suspension was for not paying.
 *   <li>DUN-5 Finance sets the policy for the cases to come; each keeps the version that it began with.
 *   <li>DUN-6 An invoice that no card was charged for stays open. Where the policy says so a case of it begins at its due
 *       date.
 *   <li>DUN-7 The billing address and the owners get a mail at each step, once: the failure, each further one, the last notice,
 *       the suspension, the recovery. A month and a day before the default card ends they are told.
 *   <li>DUN-8 An invoice that is made while the tenant is suspended for not paying has a case that is exhausted from the
 *       start: nothing is charged or written about. Another card is tried on it as on all others.
 *   <li>DUN-9 A card whose bank wants no more charges of it is charged for no invoice by itself; a new one's case begins
 *       with that.
 * </ul>
 */
@NullMarked
package com.cognitionos.dunning.boundary;

import org.jspecify.annotations.NullMarked;
