package com.cognitionos.rating.entity;

import static com.cognitionos.rating.entity.Story.price;
import static com.cognitionos.rating.entity.Story.yearly;
import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.invoicing.control.InvoiceNumbers;
import com.cognitionos.ledger.entity.Account;
import com.cognitionos.ledger.entity.Posting;
import com.cognitionos.ledger.entity.RevenueSchedule;
import com.cognitionos.ledger.entity.StraightLine;
import com.cognitionos.rating.entity.Recurring.Timing;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every worked example of docs/billing.md is what the engine says. */
class BillingDocTest {

    private static final Path DOCUMENT = Path.of("../docs/billing.md");

    @Test
    void periods() {
        for (List<String> row : table("Periods", 0)) {
            ZoneId zone = ZoneId.of(row.get(1));
            Anchor anchor =
                    new Anchor(LocalDate.parse(row.get(0)).atStartOfDay(zone).toInstant(), zone);
            assertThat(Stream.of(1, 2, 13)
                            .map(n -> LocalDate.ofInstant(anchor.boundary(n, Cadence.MONTH), zone)
                                    .toString()))
                    .isEqualTo(row.subList(2, 5));
        }
    }

    @Test
    void proration() {
        List<List<String>> rows = table("Proration", 0);
        assertThat(rows).extracting(row -> row.get(0)).containsExactly(codes());
        for (List<String> row : rows) {
            Grain grain = Grain.of(row.get(0));
            Story story = Story.by(grain)
                    .anchor("2028-02-01")
                    .on("2028-02-01")
                    .has(Story.monthly("plan", "100.00"))
                    .on("2028-02-16T18:00:00Z")
                    .ends();
            Movement credit = story.movementsThrough("2028-03-02").get(1);
            long second = grain == Grain.SECOND ? 1_000_000_000 : 1;
            assertThat(List.of(
                            units(grain, credit.span()) / second,
                            units(grain, credit.reference()) / second,
                            -credit.cents()))
                    .as(row.get(0))
                    .containsExactly(cents(row.get(1)), cents(row.get(2)), cents(row.get(3)));
        }
    }

    private static String[] codes() {
        return Stream.of(Grain.values()).map(Grain::code).toArray(String[]::new);
    }

    private static long units(Grain grain, Period span) {
        return grain.units(span, ZoneOffset.UTC).longValueExact();
    }

    @Test
    void changes() {
        Story story = Story.by(Grain.SECOND)
                .anchor("2027-01-31")
                .on("2027-01-31")
                .has(price("pro", "49.00", Cadence.MONTH, Timing.AT_PERIOD_END))
                .laterOn("2027-02-09T12:00:00Z")
                .has(price("team", "199.00", Cadence.MONTH, Timing.AT_PERIOD_END));
        assertThat(story.through("2027-02-28"))
                .isEqualTo(table("Proration", 1).stream()
                        .map(row -> row.get(1) + ".." + row.get(2) + " " + cents(row.get(3)) + " " + row.get(0))
                        .toList());
    }

    @Test
    void addOns() {
        Recurring pro = price("pro", "49.00", Cadence.MONTH, Timing.AT_PERIOD_END);
        Recurring seat = Story.monthly("seats", "2.00");
        Story story = Story.by(Grain.SECOND)
                .anchor("2027-01-31")
                .on("2027-01-31")
                .has(pro)
                .laterOn("2027-02-14")
                .has(pro, Story.times(5, seat))
                .laterOn("2027-02-21")
                .has(pro, Story.times(8, seat));
        assertThat(story.through("2027-02-28"))
                .isEqualTo(table("Add-ons", 0).stream()
                        .map(row -> row.get(1) + ".." + row.get(2) + " " + cents(row.get(3)) + " " + row.get(0))
                        .toList());
    }

    @Test
    void usage() {
        for (List<String> row : table("Usage", 0)) {
            String[] per = row.get(2).split(" per ");
            Price price = Price.of(Pricing.PerUnit.of(new BigDecimal(per[0]), new BigDecimal(per[1])))
                    .including(new BigDecimal(row.get(1)));
            BigDecimal used = new BigDecimal(row.get(0).split(" ")[0]);
            assertThat(price.amountCents(Usage.of(used))).as(row.get(0)).isEqualTo(cents(row.get(3)));
        }
    }

    @Test
    void usageOfSeveralPlans() {
        Story april = Story.by(Grain.SECOND);
        for (int table = 1; table <= 3; table++) {
            List<UsageRating.Part> parts = new ArrayList<>();
            Instant since = april.instant("2027-04-01");
            for (List<String> row : table("Usage", table)) {
                Price price = Price.of(new Pricing.PerUnit(BigDecimal.TEN))
                        .including(BigDecimal.valueOf(cents(row.get(0).split(", ")[1])));
                Period part = new Period(since, april.instant(row.get(1)));
                parts.add(new UsageRating.Part(part, price, Usage.of(BigDecimal.valueOf(cents(row.get(2))))));
                since = part.end();
            }
            assertThat(UsageRating.rate(parts))
                    .extracting(charge -> List.of(charge.included().longValueExact(), charge.amountCents()))
                    .isEqualTo(table("Usage", table).stream()
                            .map(row -> List.of(cents(row.get(3)), cents(row.get(4))))
                            .toList());
        }
    }

    @Test
    void allocation() {
        List<List<String>> rows = table("Rounding and allocation", 0);
        List<Long> lines = rows.stream().map(row -> cents(row.get(0))).toList();
        BigDecimal sum = BigDecimal.valueOf(Cents.sum(lines));
        assertThat(rows)
                .extracting(row -> row.get(1))
                .isEqualTo(lines.stream()
                        .map(line -> BigDecimal.valueOf(1000)
                                .multiply(BigDecimal.valueOf(line))
                                .divide(sum, 4, RoundingMode.HALF_UP)
                                .toPlainString())
                        .toList());
        assertThat(Allocation.byWeight(1000, lines))
                .isEqualTo(rows.stream().map(row -> cents(row.get(2))).toList());
    }

    @Test
    void fromChargesToTheAmountDue() {
        List<List<String>> rows = table("From charges to the amount due", 0);
        Drafting draft = Drafting.draft()
                .discount(Drafting.percent("coupon", "10", Discount.Duration.ONCE))
                .tax(Drafting.exclusive("vat", "19"))
                .prepaid(new PrepaidCredit("prepaid", 2000, null, 0, Instant.EPOCH))
                .balance(-1000);
        Map<String, Long> told = new LinkedHashMap<>();
        for (List<String> row : rows) {
            if (row.get(0).equals("charge")) {
                draft.charge("charge " + rows.indexOf(row), cents(row.get(1)));
            } else {
                told.put(row.get(0).split(" ")[0], cents(row.get(1)));
            }
        }
        InvoiceAmounts invoice = draft.amounts();
        Map<String, Long> made = new LinkedHashMap<>();
        made.put("subtotal", invoice.subtotalCents());
        made.put("discount", invoice.discountCents());
        made.put("tax", invoice.taxCents());
        made.put("total", invoice.totalCents());
        made.put("prepaid", invoice.creditsAppliedCents());
        made.put("balance", invoice.balanceAppliedCents());
        made.put("due", invoice.amountDueCents());
        assertThat(told).isEqualTo(made);
    }

    @Test
    void creditNotes() {
        List<List<String>> rows = table("From charges to the amount due", 1);
        InvoiceAmounts invoice = Drafting.draft()
                .charge("fee", cents(rows.get(0).get(1)))
                .tax(Drafting.exclusive("vat", "20"))
                .amounts();
        assertThat(told(rows.get(0))).containsExactly(76_900L, invoice.taxCents(), invoice.totalCents());
        List<CreditNoteAmounts.CreditedLine> earlier = new ArrayList<>();
        for (List<String> row : rows.subList(1, rows.size())) {
            CreditNoteAmounts note = new CreditableInvoice(invoice.lines(), earlier, 0, 0)
                    .credit(Map.of("fee", cents(row.get(1))), CreditNoteAmounts.Payout.BALANCE);
            earlier.addAll(note.lines());
            assertThat(told(row)).containsExactly(note.netCents(), note.taxCents(), note.totalCents());
        }
        assertThat(Cents.sum(earlier, CreditNoteAmounts.CreditedLine::grossCents))
                .isEqualTo(invoice.totalCents());
    }

    private static List<Long> told(List<String> row) {
        return row.subList(1, 4).stream().map(BillingDocTest::cents).toList();
    }

    @Test
    void numbering() {
        for (List<String> row : table("Numbering", 0)) {
            assertThat(InvoiceNumbers.number(
                            InvoiceNumbers.Series.INVOICE,
                            row.get(1).equals("test"),
                            Instant.parse(row.get(0)),
                            Long.parseLong(row.get(2))))
                    .isEqualTo(row.get(3));
        }
    }

    @Test
    void ledger() {
        Story story =
                Story.by(Grain.SECOND).anchor("2027-01-01").on("2027-01-01").has(yearly("pro", "490.00"));
        long net = story.movementsThrough("2027-01-01").get(0).cents();
        InvoiceAmounts invoice = Drafting.draft()
                .charge("pro", net)
                .tax(Drafting.exclusive("vat", "19"))
                .amounts();
        Map<String, List<Posting.Entry>> told = new LinkedHashMap<>();
        for (List<String> row : table("Ledger", 0)) {
            told.computeIfAbsent(row.get(0), none -> new ArrayList<>())
                    .add(new Posting.Entry(
                            Stream.of(Account.values())
                                    .filter(account -> account.code().equals(row.get(1)))
                                    .findFirst()
                                    .orElseThrow(),
                            cents(row.get(2)),
                            cents(row.get(3))));
        }
        assertThat(told.keySet())
                .containsExactly(Posting.Kind.INVOICE_FINALIZED.code(), Posting.Kind.PAYMENT_SUCCEEDED.code());
        assertThat(told.get(Posting.Kind.INVOICE_FINALIZED.code()))
                .isEqualTo(entries(new Posting.Draft()
                        .debit(Account.RECEIVABLE, invoice.amountDueCents())
                        .credit(Account.DEFERRED_REVENUE, net)
                        .credit(Account.TAX, invoice.taxCents())));
        assertThat(told.get(Posting.Kind.PAYMENT_SUCCEEDED.code()))
                .isEqualTo(entries(new Posting.Draft()
                        .debit(Account.CASH, invoice.amountDueCents())
                        .credit(Account.RECEIVABLE, invoice.amountDueCents())));
    }

    @Test
    void recognition() {
        Period year = new Period(Instant.parse("2027-01-01T00:00:00Z"), Instant.parse("2028-01-01T00:00:00Z"));
        RevenueSchedule schedule = RevenueSchedule.of(year, 49_000, year.start());
        List<List<String>> rows = table("Ledger", 1);
        assertThat(rows).hasSize(3);
        for (int i = 0; i < rows.size(); i++) {
            StraightLine.Part part = schedule.due(year.end()).get(i);
            assertThat(rows.get(i))
                    .containsExactly(
                            part.date().toString(),
                            Long.toString(part.cents()),
                            Long.toString(schedule.earned(part.of().end()).restCents()));
        }
        long rest = schedule.earned(Instant.parse("2027-07-10T00:00:00Z")).restCents();
        assertThat(table("Ledger", 2)).hasSize(2).allSatisfy(row -> {
            RevenueSchedule.Released released = RevenueSchedule.split(cents(row.get(0)), rest);
            assertThat(released).isEqualTo(new RevenueSchedule.Released(cents(row.get(1)), cents(row.get(2))));
        });
    }

    private static List<Posting.Entry> entries(Posting.Draft draft) {
        return draft.as(Posting.Kind.INVOICE_FINALIZED, new UUID(0, 0), "EUR", false, Instant.EPOCH)
                .entries();
    }

    /** The rows of a section's table, without its head, figures as plain numbers. */
    private static List<List<String>> table(String section, int number) {
        List<List<List<String>>> tables = new ArrayList<>();
        boolean inside = false;
        String before = "";
        for (String line : lines()) {
            if (line.startsWith("#")) {
                inside = line.equals("## " + section);
            } else if (inside && line.startsWith("|")) {
                if (!before.startsWith("|")) {
                    tables.add(new ArrayList<>());
                }
                tables.get(tables.size() - 1).add(cells(line));
            }
            before = line;
        }
        List<List<String>> rows = tables.get(number);
        assertThat(rows).as("the table of %s", section).hasSizeGreaterThan(2);
        return rows.subList(2, rows.size());
    }

    private static List<String> cells(String line) {
        return Stream.of(line.substring(1, line.length() - 1).split("\\|", -1))
                .map(cell -> cell.strip().replace("`", "").replaceAll("(?<=\\d),(?=\\d)", ""))
                .toList();
    }

    private static long cents(String cell) {
        return cell.isEmpty() ? 0 : Long.parseLong(cell);
    }

    private static List<String> lines() {
        try {
            return Files.readAllLines(DOCUMENT);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
