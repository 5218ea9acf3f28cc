/**
 * What is owed: invoices, computed from history by one pure function and never changed once they have a number.
 *
 * <ul>
 *   <li>INV-1 {@link com.cognitionos.invoicing.entity.InvoiceCalculator} alone decides what stands on an invoice; the
 *       running total, the forecast, the dry run and the invoice itself call it with the same facts.
 *   <li>INV-2 A line is rounded once, half up, to the minor unit; lines sum to the subtotal, and the database checks it.
 *   <li>INV-3 Numbers are gapless per seller, series and year: {@code INV-2026-000001}, {@code TEST-} for test tenants.
 *   <li>INV-4 There is one invoice per subscription, period and kind, and one for each change inside a period; doing it
 *       again does nothing.
 *   <li>INV-5 A month with nothing but zeroes makes no invoice.
 *   <li>INV-6 Everything due up to an instant is done in order: end of trial, month after month, each collected
 *       before the next.
 *   <li>INV-7 A tenant that cannot be invoiced stops alone, with its reason.
 *   <li>INV-8 An invoice is never negative: what it gives back beyond what it charges goes to the customer's balance.
 *   <li>INV-9 A forecast goes on at the pace so far, that of a day at least.
 *   <li>INV-10 A statement of a customer's account tells every movement of it with the balance after it; the closing balance
 *       is the opening one and the movements, and is what the ledger has as receivable less the customer's credit.
 *   <li>INV-11 A document is made once, from what was true at the finalisation, and kept: whoever asks gets the same bytes,
 *       also after a payment. An invoice and a credit note come as PDF/A-3 with Factur-X XML in it, as that XML, and as UBL 2.1.
 *   <li>INV-12 The XML is valid EN 16931 with the amounts of the document to the cent. What is settled by credits, the
 *       balance or another invoice is paid amount; a credit to the balance is no line. Where it could not be valid there is
 *       no XML, but a refusal that says why.
 *   <li>INV-13 A charge of once is on the next invoice, whatever that is for, and on no other; until then it can be taken
 *       back.
 *   <li>INV-14 A month is lifted to the least that was agreed for it and kept to the most, by a line of its own; of a yearly
 *       price the part that lies in the month counts. A part of a month counts by the plan's grain. Late usage takes the
 *       place of what was lifted, and what it adds above the most is taken off again.
 *   <li>INV-15 A credit line gives back no more than was paid: the discount of the charge goes with it, and it bears the
 *       taxes that the charge bore, whatever is in force by now.
 *   <li>INV-16 Order: charges, coupons, tax, prepaid credits, balance. A preview and the running total go by the same.
 *   <li>INV-17 A finalised invoice is corrected by credit notes, in full or by line, with gapless numbers of their own:
 *       {@code CN-2026-000001}, {@code TEST-CN-} for test tenants. A note never changes.
 *   <li>INV-18 All notes of an invoice, with the credit lines of any invoice, come to at most the invoice, line by line;
 *       the database checks the whole.
 *   <li>INV-19 A note first reduces what is unpaid; the rest goes to the balance, or back to the card as far as the card
 *       paid it.
 *   <li>INV-20 A void invoice was never owed: its booking is undone, what it took from the balance, of prepaid credits and
 *       of coupons is given back, and its period is not charged again. One of which a later invoice has given a part back
 *       is credited by a note instead.
 *   <li>INV-21 What was written off is bad debt until it is paid after all.
 *   <li>INV-22 The draft of the running month comes first among the invoices: what would be invoiced now, under the id that
 *       the invoice will have. It has no number and no document, and is not there while there is nothing to charge, but for a
 *       last invoice that only collects what was carried over.
 *   <li>INV-23 An amount due below the currency's minimum is carried over to the next invoice; the final one of a
 *       subscription collects everything, also where it has nothing else to charge.
 *   <li>INV-24 Who makes documents out has versions. Each invoice and credit note keeps that of its finalisation; a change
 *       is for those to come. A seller without a tax number is warned of while there are tax rates.
 *   <li>INV-25 The forecast of a month is what its invoice comes to with the quantities that the days before make likely, and
 *       has a band in which four months of five end; usage never falls below what it is.
 *   <li>INV-26 An invoice run closes months of many tenants in one transaction where nothing but plan and usage is charged and
 *       nothing changes; row by row it comes to what each by itself would. What is wrong with one of them is that one's alone.
 *   <li>INV-27 A run, real or dry, can be compared with an earlier one: who is new, gone, charged more or less, the largest
 *       change first. Only tenants that both were to bill and came to are compared, and unless told otherwise only runs of
 *       about the same tenants; one that failed before was not invoiced then. A dry run counts many tenants at once, too, and takes no number.
 *   <li>INV-28 In however many shares a run is cut, and on however many nodes tenants are invoiced at once, the invoices are
 *       the same and the numbers gapless.
 * </ul>
 */
@NullMarked
package com.cognitionos.invoicing.boundary;

import org.jspecify.annotations.NullMarked;
