/**
 * How invoices are paid.
 *
 * <ul>
 *   <li>PAY-1 Card numbers never come here: a method is a provider's token.
 *   <li>PAY-2 No provider is called inside a transaction; every call that moves money carries the payment's id as its
 *       idempotency key, so that doing it again after a crash moves it once.
 *   <li>PAY-3 An invoice has at most one payment under way or done; the database says so too.
 *   <li>PAY-4 A finalised invoice is charged at once to the default method, when there is one.
 *   <li>PAY-5 Subscriptions are moved onto another version of their plan one by one; who cannot be moved is listed with
 *       the reason and holds nobody else up.
 *   <li>PAY-6 A refund for a credit note goes back to the card that paid the invoice, by the same rules; one that the
 *       provider refuses becomes credit on the balance.
 *   <li>PAY-7 An invoice is neither credited, withdrawn nor written off while a payment of it is under way; what was
 *       written off can still be paid.
 * </ul>
 *
 * Out of scope here: dunning, other providers than the mock.
 */
@NullMarked
package com.cognitionos.payment.boundary;

import org.jspecify.annotations.NullMarked;
