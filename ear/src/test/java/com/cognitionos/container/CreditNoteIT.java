package com.cognitionos.container;

import static com.cognitionos.container.Problems.assertRefused;
import static com.cognitionos.container.Problems.problemOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;

import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.invoicing.boundary.CreditNoteView;
import com.cognitionos.invoicing.boundary.CreditNotes;
import com.cognitionos.invoicing.boundary.CreditNotes.Wanted;
import com.cognitionos.invoicing.boundary.InvoiceView;
import com.cognitionos.invoicing.boundary.Sellers;
import com.cognitionos.invoicing.entity.DocumentFile;
import com.cognitionos.invoicing.entity.DocumentKind;
import com.cognitionos.invoicing.entity.Seller;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Problem.Kind;
import com.cognitionos.ledger.boundary.Ledger.AccountBalance;
import com.cognitionos.payment.boundary.Refunds;
import com.cognitionos.payment.entity.ChargeOutcome;
import com.cognitionos.rating.entity.CreditNoteAmounts;
import com.cognitionos.rating.entity.CreditNoteAmounts.Payout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Credit notes, void and written-off invoices")
class CreditNoteIT extends InContainer {

    private static final long PRO = 4_900;
    private static final long PRO_YEAR = 49_000;

    /** A month of pro, with a second line of 5,000 cents. */
    private Company withOverage(String card) {
        Company company = world.open(Tier.PRO, "2026-01-31");
        if (!card.isEmpty()) {
            company.withCard(card);
        }
        return company.on("2026-02-10").uses("executions", 10_500).on("2026-03-01");
    }

    private InvoiceView invoice(Company company, UUID id) {
        return company.as(() -> world.invoices.get(id));
    }

    private InvoiceView voided(Company company, UUID id) {
        return World.OPERATOR.in(company.id()).call(() -> world.payments.withdraw(id, "a reason"));
    }

    private InvoiceView writtenOff(Company company, UUID id) {
        return World.OPERATOR.in(company.id()).call(() -> world.payments.writeOff(id, "a reason"));
    }

    private void assertBooks(Company company) {
        assertThat(company.as(() -> world.ledger.trialBalance(true)).stream()
                        .mapToLong(AccountBalance::balanceCents)
                        .sum())
                .isZero();
        assertThat(company.account("customer_credit"))
                .as("the balance, as the ledger has it")
                .isEqualTo(-company.balance());
        assertThat(company.account("receivable"))
                .as("what is due, as the ledger has it")
                .isEqualTo(company.invoices().stream()
                        .filter(invoice -> invoice.status().equals("open"))
                        .mapToLong(InvoiceView::amountDueCents)
                        .sum());
    }

    /** What the provider paid back, by its own account. */
    private List<Long> paidBack(Company company) {
        return owner.query("""
                SELECT r.amount_cents FROM mock_refunds r JOIN mock_charges c ON c.ref = r.charge_ref
                JOIN payment_methods m ON m.provider_ref = c.method_ref
                WHERE m.tenant_id = ? AND r.failure_code IS NULL ORDER BY r.created_at""", row -> row.getLong(1), company.id());
    }

    @Test
    @DisplayName("INV-17, INV-19: a paid invoice credited in full pays the next one; the note has its own number")
    void inFullToTheBalance() {
        Company company = withOverage(Company.VISA);
        UUID first = company.lastInvoice().id();

        CreditNoteView note = company.credited(first, null, Payout.BALANCE);

        assertThat(note.note().number()).matches("TEST-CN-2026-\\d{6}");
        assertThat(note.note().amounts().totalCents()).isEqualTo(PRO + 5_000);
        assertThat(note.note().amounts().toBalanceCents()).isEqualTo(PRO + 5_000);
        assertThat(note.lines()).hasSize(2);
        assertThat(invoice(company, first).status()).isEqualTo("paid");
        assertThat(invoice(company, first).creditedCents()).isZero();
        assertThat(company.balance()).isEqualTo(PRO + 5_000);
        assertBooks(company);
        assertThat(company.account("revenue") + company.account("deferred_revenue"))
                .isZero();
        Problem again = problemOf(() -> company.credited(first, null, Payout.BALANCE));
        assertThat(again.code()).isEqualTo("exceeds_invoice");

        company.on("2026-04-01");
        assertThat(company.lastInvoice().balanceAppliedCents()).isEqualTo(PRO);
        assertThat(company.lastInvoice().status()).isEqualTo("paid");
        assertThat(company.balance()).isEqualTo(5_000);
        assertBooks(company);
        assertThat(company.as(() -> world.creditNotes.list(null, new Page.Request(1, 10)))
                        .items())
                .containsExactly(note);
        assertThat(company.as(() -> world.creditNotes.get(note.note().id()))).isEqualTo(note);
        assertThat(owner.count(
                        "SELECT count(*) FROM billing_audit_log WHERE tenant_id = ? AND action = 'credit_note.issued'",
                        company.id()))
                .isEqualTo(1);
    }

    @Test
    @DisplayName(
            "INV-19: what is unpaid is reduced first; with nothing left to pay the invoice is paid and nobody behind")
    void unpaidIsReducedFirst() {
        Company company = withOverage(Company.FAILING);
        InvoiceView open = company.lastInvoice();
        assertThat(company.subscription().status()).isEqualTo("past_due");

        CreditNoteView note = company.credited(open.id(), List.of(new Wanted(2, 2_000)), Payout.REFUND);
        assertThat(note.note().amounts().reducedDueCents()).isEqualTo(2_000);
        assertThat(invoice(company, open.id()).amountDueCents()).isEqualTo(PRO + 3_000);
        assertThat(invoice(company, open.id()).status()).isEqualTo("open");
        assertBooks(company);

        company.credited(open.id(), null, Payout.BALANCE);
        assertThat(invoice(company, open.id()).status()).isEqualTo("paid");
        assertThat(invoice(company, open.id()).amountDueCents()).isZero();
        assertThat(company.balance()).isZero();
        assertThat(company.subscription().status()).isEqualTo("active");
        assertBooks(company);
        assertThat(company.account("revenue")).isZero();
    }

    @Test
    @DisplayName("INV-19: an invoice that was credited in part is paid with the rest")
    void theRestIsPaid() {
        Company company = withOverage("");
        UUID open = company.lastInvoice().id();
        company.credited(open, List.of(new Wanted(1, 1_000)), Payout.BALANCE);

        company.withCard(Company.VISA);
        InvoiceView paid = company.as(() -> world.settlement.pay(open));

        assertThat(paid.amountPaidCents()).isEqualTo(PRO + 4_000);
        assertThat(paid.creditedCents()).isEqualTo(1_000);
        assertBooks(company);
        CreditNoteView rest = company.credited(open, null, Payout.REFUND);
        assertThat(rest.note().amounts().refundCents()).isEqualTo(PRO + 4_000);
        assertThat(paidBack(company)).containsExactly(PRO + 4_000);
        assertBooks(company);
        assertThat(company.account("cash")).isZero();
        assertThat(company.account("refunds")).isZero();
    }

    @Test
    @DisplayName("PAY-6: a refund goes back to the card as far as the card paid; what the balance paid goes back to it")
    void refundedAsFarAsItWasPaid() {
        Company company = withOverage(Company.VISA);
        company.credited(company.lastInvoice().id(), List.of(new Wanted(2, 1_900)), Payout.BALANCE);
        company.on("2026-04-01");
        InvoiceView second = company.lastInvoice();
        assertThat(second.amountPaidCents()).isEqualTo(PRO - 1_900);

        CreditNoteView part = company.credited(second.id(), List.of(new Wanted(1, 1_000)), Payout.REFUND);
        CreditNoteView rest = company.credited(second.id(), null, Payout.REFUND);

        assertThat(part.note().amounts().refundCents()).isEqualTo(1_000);
        assertThat(rest.note().amounts().refundCents()).isEqualTo(2_000);
        assertThat(rest.note().amounts().toBalanceCents()).isEqualTo(1_900);
        assertThat(paidBack(company)).containsExactly(1_000L, 2_000L);
        assertThat(company.balance()).isEqualTo(1_900);
        assertBooks(company);
    }

    @Test
    @DisplayName("PAY-2, PAY-6: after a crash around the provider's answer the money goes back once")
    void crashBeforeTheRefundIsSettled() {
        Company company = withOverage(Company.VISA);
        UUID invoice = company.lastInvoice().id();
        UUID note = company.as(() -> world.refunds.credit(invoice, null, "a reason", Payout.REFUND));
        Refunds.Attempt attempt = company.as(world.refunds::unsettled).get(0);
        assertThat(attempt.repayment().creditNote()).isEqualTo(note);
        ChargeOutcome first = company.as(() -> world.mock().refund(attempt.repayment()));
        assertThat(company.account("refunds")).as("promised").isEqualTo(-(PRO + 5_000));
        assertThat(World.OPERATOR.call(world.payments::tenantsUnsettled)).contains(company.id());

        World.OPERATOR.in(company.id()).run(world.settlement::recover);

        assertThat(paidBack(company)).containsExactly(PRO + 5_000);
        assertThat(company.as(() -> world.refunds.statusesOf(List.of(note)))).containsEntry(note, "succeeded");
        company.does(() -> world.refunds.settle(attempt.id(), first));
        assertThat(company.account("refunds")).isZero();
        assertThat(company.account("cash")).isZero();
        assertBooks(company);
    }

    @Test
    @DisplayName("PAY-6: a refund that the provider refuses becomes credit on the balance")
    void refusedRefund() {
        Company company = withOverage(Company.VISA);
        UUID invoice = company.lastInvoice().id();
        UUID note =
                company.as(() -> world.refunds.credit(invoice, List.of(new Wanted(1, 900)), "a reason", Payout.REFUND));
        Refunds.Attempt attempt = company.as(world.refunds::unsettled).get(0);

        company.does(
                () -> world.refunds.settle(attempt.id(), ChargeOutcome.failed("re_1", "expired_card", null, false)));

        assertThat(company.as(() -> world.refunds.statusesOf(List.of(note)))).containsEntry(note, "failed");
        assertThat(company.balance()).isEqualTo(900);
        assertThat(company.account("refunds")).isZero();
        assertBooks(company);
    }

    @Test
    @DisplayName("INV-18: a note is what its estimate was, to the cent, and what is left is less by it")
    void estimate() {
        Company company = withOverage(Company.VISA);
        UUID invoice = company.lastInvoice().id();
        List<Wanted> wanted = List.of(new Wanted(1, 1_000), new Wanted(2, 5_000));

        CreditNoteAmounts estimate = company.as(() -> world.creditNotes.estimate(invoice, wanted, Payout.REFUND));

        assertThat(owner.count("SELECT count(*) FROM credit_notes WHERE tenant_id = ?", company.id()))
                .isZero();
        CreditNotes.Creditable before = company.as(() -> world.creditNotes.creditable(invoice));
        assertThat(before.leftCents()).isEqualTo(PRO + 5_000);
        assertThat(before.lines())
                .extracting(CreditNotes.LineLeft::position, CreditNotes.LineLeft::leftCents)
                .containsExactly(tuple(1, PRO), tuple(2, 5_000L));
        assertThat(company.credited(invoice, wanted, Payout.REFUND).note().amounts())
                .isEqualTo(estimate);
        CreditNotes.Creditable after = company.as(() -> world.creditNotes.creditable(invoice));
        assertThat(after.leftCents()).isEqualTo(before.leftCents() - estimate.totalCents());
        assertThat(after.lines())
                .extracting(CreditNotes.LineLeft::position, CreditNotes.LineLeft::leftCents)
                .containsExactly(tuple(1, PRO - 1_000));
        company.credited(invoice, null, Payout.BALANCE);
        assertThat(company.as(() -> world.creditNotes.creditable(invoice)).lines())
                .isEmpty();
        assertThat(problemOf(() -> company.as(() -> world.creditNotes.estimate(invoice, null, Payout.BALANCE)))
                        .code())
                .isEqualTo("exceeds_invoice");
    }

    private static String text(DocumentFile file) {
        return new String(file.content(), StandardCharsets.UTF_8);
    }

    @Test
    @DisplayName("INV-24: invoices and notes keep the seller of their day, also where their documents are made later")
    void theSellerAsItWas() {
        Company company = withOverage("");
        UUID first = company.lastInvoice().id();
        UUID note = company.credited(first, List.of(new Wanted(2, 1_000)), Payout.BALANCE)
                .note()
                .id();
        Sellers.SellerView before = World.OPERATOR.call(world.sellers::view);
        Seller other =
                new Seller("Another Seller GmbH", "1 Weg\nBerlin", "DE", "DE123456789", null, null, null, null, null);
        try {
            Sellers.SellerView after = World.OPERATOR.call(() -> world.sellers.change(other, before.version()));

            assertThat(after.version()).isEqualTo(before.version() + 1);
            assertThat(problemOf(() -> World.OPERATOR.call(() -> world.sellers.change(other, before.version())))
                            .code())
                    .isEqualTo("stale_version");
            assertThat(World.OPERATOR
                            .call(() -> world.sellers.change(other, null))
                            .version())
                    .as("nothing new")
                    .isEqualTo(after.version());
            assertThat(company.as(() -> world.invoices.seller(first))).isEqualTo(before.seller());
            assertThat(text(company.as(() -> world.creditNotes.document(note, DocumentKind.UBL))))
                    .contains("<cbc:RegistrationName>" + before.seller().name() + "<")
                    .doesNotContain("Another Seller");
            UUID late = company.credited(first, List.of(new Wanted(2, 1_000)), Payout.BALANCE)
                    .note()
                    .id();
            assertThat(text(company.as(() -> world.creditNotes.document(late, DocumentKind.UBL))))
                    .contains("Another Seller GmbH");
            company.on("2026-04-01");
            UUID second = company.lastInvoice().id();
            assertThat(second).isNotEqualTo(first);
            assertThat(company.as(() -> world.invoices.seller(second))).isEqualTo(other);
            List<Crowd.Outcome<Sellers.SellerView>> outcomes = crowd.atOnce(
                    4,
                    i -> () -> World.OPERATOR.call(() -> world.sellers.change(
                            new Seller("Seller " + i, "1 Weg\nBerlin", "DE", null, null, null, null, null, null),
                            after.version())));
            assertThat(outcomes).filteredOn(Crowd.Outcome::succeeded).hasSize(1);
            assertThat(outcomes)
                    .filteredOn(outcome -> !outcome.succeeded())
                    .extracting(outcome -> ((Problem) outcome.thrown()).code())
                    .containsOnly("stale_version");
            assertThat(owner.refusal("UPDATE seller_versions SET name = 'x'")).isEqualTo("23000");
            assertThat(owner.refusal("UPDATE invoices SET seller_version = seller_version - 1 WHERE id = ?", second))
                    .isEqualTo("23000");
        } finally {
            World.OPERATOR.call(() -> world.sellers.change(before.seller(), null));
        }
    }

    @Test
    @DisplayName("INV-18: however many credit at once, together they never get past a line")
    void atOnce() {
        Company company = withOverage(Company.VISA);
        UUID invoice = company.lastInvoice().id();

        List<Crowd.Outcome<CreditNoteView>> outcomes = crowd.jammedAt(
                "credit_notes",
                6,
                i -> () -> company.credited(
                        invoice, List.of(new Wanted(1, 2_000)), i % 2 == 0 ? Payout.REFUND : Payout.BALANCE));

        assertThat(outcomes.stream().filter(Crowd.Outcome::succeeded)).hasSize(2);
        assertThat(outcomes.stream().filter(outcome -> !outcome.succeeded()))
                .allSatisfy(outcome -> assertThat(outcome.thrown())
                        .isInstanceOfSatisfying(
                                Problem.class,
                                problem -> assertThat(problem.code()).isEqualTo("exceeds_invoice")));
        assertThat(owner.count("SELECT sum(amount_cents) FROM credit_note_lines WHERE tenant_id = ?", company.id()))
                .isEqualTo(4_000);
        List<Long> numbers = owner.query(
                "SELECT substr(number, 14)::bigint FROM credit_notes WHERE number LIKE 'TEST-CN-2026-%' ORDER BY 1",
                row -> row.getLong(1));
        assertThat(numbers)
                .as("INV-17: gapless")
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, numbers.size()).boxed().toList());
        assertBooks(company);
    }

    @Test
    @DisplayName("INV-18: what a change of plan gave back of a charge cannot be credited again")
    void creditLinesCount() {
        Company company = world.open(Tier.PRO, BillingCycle.YEARLY, 0, "2026-01-31")
                .withCard(Company.VISA)
                .on("2026-03-01");
        InvoiceView year = company.invoices().get(0);
        if (year.status().equals("open")) {
            company.does(() -> world.settlement.pay(year.id()));
        }
        company.does(() -> world.settlement.pause(null));
        long givenBack = company.balance();
        assertThat(givenBack).isBetween(PRO_YEAR / 2, PRO_YEAR);

        Problem tooMuch =
                problemOf(() -> company.credited(year.id(), List.of(new Wanted(1, PRO_YEAR)), Payout.BALANCE));
        assertThat(tooMuch.code()).isEqualTo("exceeds_invoice");
        assertThat(tooMuch.getMessage()).contains(Long.toString(PRO_YEAR - givenBack));
        CreditNoteView note = company.credited(year.id(), null, Payout.BALANCE);

        assertThat(note.note().amounts().totalCents()).isEqualTo(PRO_YEAR - givenBack);
        assertThat(company.balance()).isEqualTo(PRO_YEAR);
        assertBooks(company);
    }

    @Test
    @DisplayName("INV-18: unused time is given back only as far as a note, or a withdrawal, has left something")
    void unusedTimeAfterANote() {
        Company company = world.open(Tier.PRO, BillingCycle.YEARLY, 0, "2026-01-31")
                .withCard(Company.VISA)
                .on("2026-03-01");
        InvoiceView year = company.invoices().get(0);
        if (year.status().equals("open")) {
            company.does(() -> world.settlement.pay(year.id()));
        }
        company.credited(year.id(), List.of(new Wanted(1, PRO_YEAR - 1_000)), Payout.REFUND);
        company.does(() -> world.settlement.pause(null));
        assertThat(company.balance()).isEqualTo(1_000);
        assertBooks(company);

        Company unpaid =
                world.open(Tier.PRO, BillingCycle.YEARLY, 0, "2026-01-31").on("2026-03-01");
        voided(unpaid, unpaid.invoices().get(0).id());
        unpaid.does(() -> world.settlement.pause(null));
        assertThat(unpaid.balance()).isZero();
        assertBooks(unpaid);
    }

    @Test
    @DisplayName("INV-18: a note of all that is left, and an invoice that gives a part of it back, at the same moment")
    void noteAgainstInvoice() {
        Company company = world.open(Tier.PRO, BillingCycle.YEARLY, 0, "2026-01-31")
                .withCard(Company.VISA)
                .on("2026-03-01");
        InvoiceView year = company.invoices().get(0);
        if (year.status().equals("open")) {
            company.does(() -> world.settlement.pay(year.id()));
        }

        List<Crowd.Outcome<Object>> outcomes = atOnce(
                () -> company.as(() -> world.settlement.pause(null)),
                () -> company.credited(year.id(), null, Payout.BALANCE));

        assertThat(outcomes).allSatisfy(outcome -> assertThat(outcome.thrown()).isNull());
        assertThat(company.balance()).as("what was paid, once").isEqualTo(PRO_YEAR);
        assertBooks(company);
    }

    @Test
    @DisplayName("INV-20: an invoice is not withdrawn while another one gives a part of it back")
    void withdrawalAgainstInvoice() {
        Company company =
                world.open(Tier.PRO, BillingCycle.YEARLY, 0, "2026-01-31").on("2026-03-01");
        UUID year = company.invoices().get(0).id();

        List<Crowd.Outcome<Object>> outcomes =
                atOnce(() -> company.as(() -> world.settlement.pause(null)), () -> voided(company, year));

        assertThat(outcomes.get(0).thrown()).isNull();
        boolean withdrawn = invoice(company, year).status().equals("void");
        assertThat(outcomes.get(1).succeeded()).isEqualTo(withdrawn);
        assertThat(company.balance() == 0).as("unused time of what is not owed").isEqualTo(withdrawn);
        assertBooks(company);
    }

    /** Neither can write an invoice before both have read what is left of them. */
    private List<Crowd.Outcome<Object>> atOnce(Callable<Object> one, Callable<Object> other) {
        return crowd.jammedAt("invoices, credit_notes", 2, i -> i == 0 ? one : other);
    }

    @Test
    @DisplayName("A note for what cannot be credited says which field and why, and changes nothing")
    void badInput() {
        Company company = withOverage(Company.VISA);
        UUID invoice = company.lastInvoice().id();

        assertFault(company, List.of(new Wanted(1, PRO + 1)), "/lines/0/amount_cents exceeds_invoice");
        assertFault(company, List.of(new Wanted(1, 1), new Wanted(2, 5_001)), "/lines/1/amount_cents exceeds_invoice");
        assertFault(company, List.of(new Wanted(3, 1)), "/lines/0/position unknown_line");
        assertFault(company, List.of(new Wanted(0, 1)), "/lines/0/position unknown_line");
        assertFault(company, List.of(new Wanted(1, 0)), "/lines/0/amount_cents wrong_sign");
        assertFault(company, List.of(new Wanted(1, -1)), "/lines/0/amount_cents wrong_sign");
        assertFault(company, List.of(new Wanted(1, 1), new Wanted(1, 1)), "/lines/1/position named_twice");
        assertFault(company, List.of(), "/lines required");
        assertRefused(
                Kind.INVALID, () -> company.as(() -> world.creditNotes.issue(invoice, null, " ", Payout.BALANCE)));
        assertRefused(Kind.NOT_FOUND, () -> company.credited(UUID.randomUUID(), null, Payout.BALANCE));
        assertThat(company.as(() -> world.creditNotes.of(invoice))).isEmpty();
        assertThat(company.balance()).isZero();
    }

    private void assertFault(Company company, List<Wanted> lines, String fault) {
        Problem problem = problemOf(() -> company.credited(company.lastInvoice().id(), lines, Payout.BALANCE));
        assertThat(problem.kind()).isEqualTo(Kind.INVALID);
        assertThat(problem.errors().stream()
                        .map(error -> error.pointer() + " " + error.code())
                        .collect(Collectors.joining()))
                .isEqualTo(fault);
    }

    @Test
    @DisplayName("PAY-7: nothing is credited, withdrawn or written off while a payment is under way")
    void paymentUnderWay() {
        Company company = withOverage("").withCard(Company.VISA);
        UUID invoice = company.lastInvoice().id();
        company.as(() -> world.payments.begin(invoice)).orElseThrow();

        assertThat(problemOf(() -> company.credited(invoice, null, Payout.BALANCE))
                        .code())
                .isEqualTo("payment_in_progress");
        assertThat(problemOf(() -> voided(company, invoice)).code()).isEqualTo("payment_in_progress");
        assertThat(problemOf(() -> writtenOff(company, invoice)).code()).isEqualTo("payment_in_progress");

        company.on("2026-03-02");
        assertThat(invoice(company, invoice).status()).isEqualTo("paid");
        assertThat(problemOf(() -> voided(company, invoice)).code()).isEqualTo("wrong_state");
        assertThat(problemOf(() -> writtenOff(company, invoice)).code()).isEqualTo("wrong_state");
    }

    @Test
    @DisplayName("INV-17, INV-18: the database lets nobody change a note, or credit more than there is")
    void theDatabaseKeepsNotes() {
        Company company = withOverage(Company.VISA);
        UUID invoice = company.lastInvoice().id();
        UUID note = company.credited(invoice, List.of(new Wanted(1, 100)), Payout.BALANCE)
                .note()
                .id();

        for (String table : List.of("credit_notes", "credit_note_lines")) {
            assertThat(owner.refusal("UPDATE " + table + " SET discount_cents = 1 WHERE tenant_id = ?", company.id()))
                    .isEqualTo("23000");
            assertThat(owner.refusal("DELETE FROM " + table + " WHERE tenant_id = ?", company.id()))
                    .isEqualTo("23000");
        }
        assertThat(commitRefusal("""
                INSERT INTO credit_note_lines SELECT tenant_id, credit_note_id, 2, invoice_id, amount_cents, 0
                FROM credit_note_lines WHERE credit_note_id = ?""", note)).as("a line more").contains("do not sum to its amounts");
        assertThat(commitRefusal("""
                WITH n AS (INSERT INTO credit_notes SELECT tenant_id, gen_random_uuid(), invoice_id, seller, 'X', currency,
                    reason, 9900, 0, 0, 0, 9900, 0, 0, 9900, issued_at, seller_version FROM credit_notes WHERE id = ? RETURNING *)
                INSERT INTO credit_note_lines SELECT tenant_id, id, 1, invoice_id, 9900, 0 FROM n""", note))
                .as("more than the invoice")
                .contains("takes more off its invoice than there is");
    }

    private String commitRefusal(String statement, UUID note) {
        Throwable refused = catchThrowable(() -> owner.update(statement, note));
        assertThat(refused).isNotNull();
        return String.valueOf(root(refused).getMessage());
    }

    private static Throwable root(Throwable thrown) {
        return thrown.getCause() == null ? thrown : root(thrown.getCause());
    }

    @Test
    @DisplayName("INV-20: a void invoice leaves no trace in the accounts and gives back what it took from the balance")
    void voidLeavesNoTrace() {
        Company company = withOverage(Company.VISA);
        company.credited(company.lastInvoice().id(), List.of(new Wanted(1, 1_000)), Payout.BALANCE);
        company.as(world.methods::list).forEach(card -> company.does(() -> world.methods.remove(card.id())));
        String before = company.as(() -> world.ledger.trialBalance(true)).stream()
                .filter(one -> one.balanceCents() != 0)
                .map(one -> one.account() + one.balanceCents())
                .collect(Collectors.joining(" "));
        company.on("2026-04-01");
        InvoiceView second = company.lastInvoice();
        assertThat(second.balanceAppliedCents()).isEqualTo(1_000);
        assertThat(company.balance()).isZero();

        InvoiceView voided = voided(company, second.id());

        assertThat(voided.status()).isEqualTo("void");
        assertThat(voided.amountDueCents()).isZero();
        assertThat(company.balance()).isEqualTo(1_000);
        assertThat(company.as(() -> world.ledger.trialBalance(true)).stream()
                        .filter(one -> one.balanceCents() != 0)
                        .map(one -> one.account() + one.balanceCents())
                        .collect(Collectors.joining(" ")))
                .isEqualTo(before);
        assertBooks(company);
        assertThat(problemOf(() -> company.credited(second.id(), null, Payout.BALANCE))
                        .code())
                .isEqualTo("wrong_state");
        assertThat(problemOf(() -> voided(company, second.id())).code()).isEqualTo("wrong_state");
    }

    @Test
    @DisplayName("INV-20: a void invoice's period is not charged again; what comes late of it is charged alone")
    void afterAVoid() {
        Company company = withOverage("");
        voided(company, company.lastInvoice().id());

        company.on("2026-03-05").used("executions", 100, "2026-02-20");
        company.on("2026-04-01");

        assertThat(company.totals()).containsExactly(PRO + 5_000, PRO + 1_000);
        assertThat(company.subscription().status()).isEqualTo("active");
        assertBooks(company);
    }

    @Test
    @DisplayName("INV-20: an invoice of which a later one has given a part back is not withdrawn")
    void givenBackIsNotWithdrawn() {
        Company company = world.open(Tier.PRO, BillingCycle.YEARLY, 0, "2026-01-31");
        UUID year = company.lastInvoice().id();
        company.on("2026-02-10").does(() -> world.settlement.cancelNow(null));
        assertThat(company.balance()).isPositive();

        assertThat(problemOf(() -> voided(company, year)).code()).isEqualTo("partly_settled");

        assertThat(invoice(company, year).status()).isEqualTo("open");
        assertBooks(company);
    }

    @Test
    @DisplayName("INV-20: an invoice that is settled in part is not withdrawn")
    void voidAfterANote() {
        Company company = withOverage("");
        UUID open = company.lastInvoice().id();
        company.credited(open, List.of(new Wanted(1, 1)), Payout.BALANCE);

        assertThat(problemOf(() -> voided(company, open)).code()).isEqualTo("partly_settled");
    }

    @Test
    @DisplayName("INV-21: what is written off is bad debt, is not collected by itself, and can still be paid")
    void writtenOffAndPaidAfterAll() {
        Company company = withOverage(Company.FAILING);
        InvoiceView open = company.lastInvoice();

        assertThat(writtenOff(company, open.id()).status()).isEqualTo("uncollectible");
        assertThat(company.account("bad_debt")).isEqualTo(open.totalCents());
        assertThat(company.subscription().status()).isEqualTo("active");
        assertBooks(company);
        assertThat(problemOf(() -> company.credited(open.id(), null, Payout.BALANCE))
                        .code())
                .isEqualTo("wrong_state");

        company.withCard(Company.VISA).on("2026-03-10");
        assertThat(invoice(company, open.id()).status()).isEqualTo("uncollectible");
        InvoiceView paid = company.as(() -> world.settlement.pay(open.id()));

        assertThat(paid.status()).isEqualTo("paid");
        assertThat(company.account("bad_debt")).isZero();
        assertThat(company.account("cash")).isEqualTo(open.totalCents());
        assertBooks(company);
    }
}
