/**
 * How invoices are paid.
 *
 * <ul>
 *   <li>PAY-1 Card numbers never come here: a method is a provider's token.
 *   <li>PAY-2 No provider is called inside a transaction; every call that moves money carries the payment's id as its
 *       idempotency key, so that doing it again after a crash moves it once.
 *   <li>PAY-3 An invoice has at most one payment under way or done; the database says so too.
 *   <li>PAY-4 A finalised invoice is charged at once to the default method, when there is one; where a crash came between, a
 *       minute later.
 *   <li>PAY-5 Subscriptions are moved onto another version of their plan one by one; who cannot be moved is listed with
 *       the reason and holds nobody else up.
 *   <li>PAY-6 A refund for a credit note goes back to the card that paid the invoice, by the same rules; one that the
 *       provider refuses, or that its bank sends back later, becomes credit on the balance.
 *   <li>PAY-7 An invoice is neither credited, withdrawn nor written off while a payment of it is under way; what was
 *       written off can still be paid.
 *   <li>PAY-8 A tenant is one customer of a provider, made under a key of ours before its first card. A removed card is
 *       forgotten by the provider too, as soon as no payment by it is under way and the provider answers.
 *   <li>PAY-9 Test tenants pay by the mock, all others by the configured provider. All providers do the same, by one set of
 *       tests; who has pages of its own for cards leads there, who has none says so. Cards of another provider than the
 *       present one are neither shown nor charged. With a provider that could not be called the product does not start.
 *   <li>PAY-10 An outcome that is not known stays processing: for a day the same is asked for under the same key, then it is
 *       only looked for. What the provider never got has failed, with a code of its own; it may be tried anew as another
 *       payment. That a provider does not answer is no answer.
 *   <li>PAY-11 A payment is posted gross. The provider's fee is an expense of its own, in the currency of the payout, posted
 *       once it is known. It is asked for in ever longer intervals, for a month at most.
 *   <li>PAY-12 A dispute takes its money from cash until it is decided: won it comes back, lost it is a loss, and where it is
 *       decided again the money moves again. Its fee is what the provider keeps over all. The invoice stays paid.
 *   <li>PAY-13 Finance sees the payments of all tenants, and can ask for those of which the outcome is not known and for
 *       those that failed with a certain code.
 *   <li>PAY-14 An event of Stripe's is taken only with a signature under one of the configured secrets, at most 300 seconds
 *       old; it is committed as it came before it is answered, and once, however often it comes.
 *   <li>PAY-15 Each kept event is worked on until it is done: those of one payment, card or customer in the order in which they
 *       came, by one at a time. What counts is how its object stands at the provider at present, so that events that are
 *       late, doubled, lost or out of order do no harm. One that fails is tried again; after ten times it is parked with the
 *       reason, and finance can have it worked on once more.
 *   <li>PAY-16 Payments, refunds and disputes are settled by the provider's word on them; a card, or a customer with its
 *       cards, that is gone there is removed here. A refund that was made there is listed, not guessed at.
 *   <li>PAY-17 Each night the provider's books of 35 days are compared with ours. Each difference is listed once, with what
 *       can be done about it; a remedy asks the provider anew. One that is gone is resolved by itself, one that finance has
 *       seen comes back only when the facts change. A refund of which nothing is known here is entered as a credit note, and
 *       what no note can say is written off. A comparison that nobody works on any more is begun anew by whichever node
 *       comes first.
 *   <li>PAY-18 On a tenant's way through time, what falls due for invoices that could not be collected happens in order with
 *       its renewals, through {@link com.cognitionos.payment.boundary.Arrears}; a new default card tries them within a minute.
 *   <li>PAY-19 What nobody asks for, the charge of a new invoice after a renewal or a change of plan, is of that invoice alone.
 *       It is not tried with a card whose bank wants no more charges of it, lost or stolen for example, nor while the tenant is
 *       suspended for not paying: the invoice then joins what is gone after.
 *   <li>PAY-20 Only the provider's word on a card, or on a card's customer, takes it out of use. What it says of neither, since
 *       our key is another account's for example, leaves the outcome open; an amount that it refuses has failed.
 * </ul>
 */
@NullMarked
package com.cognitionos.payment.boundary;

import org.jspecify.annotations.NullMarked;
