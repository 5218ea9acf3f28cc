package com.cognitionos.tax.boundary;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Ids;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantLock;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.rating.entity.Jurisdiction;
import com.cognitionos.rating.entity.Tax;
import com.cognitionos.rating.entity.TaxRate;
import com.cognitionos.rating.entity.Taxes;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The tax rates of the platform. Those of a day are anybody's to read; the platform alone adds and ends them. */
@Stateless
@TenantWall
public class TaxRates {

    private static final Pattern CODE = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");
    private static final Pattern REGION = Pattern.compile("[A-Z0-9]{1,3}");
    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());

    @Inject
    private Sql sql;

    @Inject
    private BusinessClock clock;

    @Inject
    private TenantLock locks;

    @Inject
    private AuditLog audit;

    public record RateView(UUID id, TaxRate rate, Instant createdAt) {}

    /**
     * A rate to be.
     *
     * @param categories none for all
     * @param validTo first day on which it is no longer in force; null while no end is known
     */
    public record NewRate(
            String code,
            BigDecimal percent,
            boolean inclusive,
            String country,
            @Nullable String region,
            Set<String> categories,
            LocalDate validFrom,
            @Nullable LocalDate validTo) {}

    /** By country, region, code and first day. */
    public List<RateView> list() {
        return sql.query(
                "SELECT * FROM tax_rates ORDER BY country, region NULLS FIRST, code, valid_from, id", TaxRates::view);
    }

    /** @throws Problem INVALID; CONFLICT ({@code validity_overlap}) */
    public RateView add(NewRate wanted) {
        TaxRate rate = checked(wanted);
        Tax tax = rate.tax();
        // Two at once see each other's rate only once one of them is committed.
        locks.take(TenantLock.Purpose.TAX_RATES, tax.code());
        sql.query("SELECT * FROM tax_rates WHERE code = ?", TaxRates::view, tax.code()).stream()
                .filter(other -> other.rate().overlaps(rate))
                .findFirst()
                .ifPresent(other -> {
                    String detail =
                            "The rate of " + Sql.plain(other.rate().tax().percent()) + " % from "
                                    + other.rate().from() + " is in force then; end it first.";
                    throw new Problem(
                            Problem.Kind.CONFLICT,
                            "validity_overlap",
                            detail,
                            List.of(new Problem.FieldError("/valid_from", "validity_overlap", detail)));
                });
        UUID id = Ids.next();
        sql.update(
                """
                INSERT INTO tax_rates
                    (id, code, percent, inclusive, country, region, categories, valid_from, valid_to, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                id,
                tax.code(),
                tax.percent(),
                tax.inclusive(),
                rate.jurisdiction().country(),
                rate.jurisdiction().region(),
                new Sql.Array("text", new TreeSet<>(rate.categories()).toArray()),
                rate.from(),
                rate.to(),
                clock.system());
        RateView made = get(id);
        audit.record(null, "tax_rate.created", id.toString(), null, words(made.rate()));
        return made;
    }

    /**
     * @param validTo first day on which it is no longer in force
     * @throws Problem NOT_FOUND; INVALID; CONFLICT ({@code wrong_state}) when its end is known already
     */
    public RateView end(UUID id, LocalDate validTo) {
        RateView before = get(id);
        if (before.rate().to() != null) {
            throw Problem.conflict(
                    "wrong_state", "The rate ends on " + before.rate().to() + " already.");
        }
        if (!validTo.isAfter(before.rate().from())) {
            throw Problem.invalid(
                    "valid_to",
                    "out_of_range",
                    "valid_to must be after " + before.rate().from());
        }
        if (sql.update("UPDATE tax_rates SET valid_to = ? WHERE id = ? AND valid_to IS NULL", validTo, id) == 0) {
            throw Problem.conflict("wrong_state", "Somebody else has just ended the rate.");
        }
        RateView after = get(id);
        audit.record(null, "tax_rate.ended", id.toString(), words(before.rate()), words(after.rate()));
        return after;
    }

    /** The taxes on an invoice of that instant (TAX-3). */
    public Taxes.InForce inForce(Jurisdiction seller, Taxes.Customer customer, Instant at) {
        List<TaxRate> rates = sql.query(
                "SELECT * FROM tax_rates WHERE country = ?",
                row -> view(row).rate(),
                customer.place().country());
        return new Taxes(seller, rates).on(LocalDate.ofInstant(at, ZoneOffset.UTC), customer);
    }

    /** For invoicing: all rates, by country, to be looked at for many customers. */
    public Map<String, List<TaxRate>> byCountry() {
        return list().stream()
                .map(RateView::rate)
                .collect(Collectors.groupingBy(rate -> rate.jurisdiction().country()));
    }

    private RateView get(UUID id) {
        return sql.queryOne("SELECT * FROM tax_rates WHERE id = ?", TaxRates::view, id)
                .orElseThrow(() -> Problem.notFound("tax rate"));
    }

    private static TaxRate checked(NewRate wanted) {
        if (!CODE.matcher(wanted.code()).matches()) {
            throw Problem.invalid("code", "malformed", "code is " + CODE.pattern());
        }
        BigDecimal percent = wanted.percent();
        if (percent.signum() < 0
                || percent.compareTo(BigDecimal.valueOf(100)) > 0
                || Sql.plain(percent).scale() > 6) {
            throw Problem.invalid("percent", "out_of_range", "percent must be from 0 to 100 with at most 6 places");
        }
        if (!COUNTRIES.contains(wanted.country())) {
            throw Problem.invalid("country", "unknown_country", "country must be one of ISO 3166-1, in two capitals");
        }
        if (wanted.region() != null && !REGION.matcher(wanted.region()).matches()) {
            throw Problem.invalid("region", "malformed", "region must be one of ISO 3166-2, without the country");
        }
        if (!wanted.categories().stream()
                .allMatch(category -> CODE.matcher(category).matches())) {
            throw Problem.invalid("categories", "malformed", "a category is " + CODE.pattern());
        }
        if (wanted.validTo() != null && !wanted.validTo().isAfter(wanted.validFrom())) {
            throw Problem.invalid("valid_to", "out_of_range", "valid_to must be after valid_from");
        }
        return new TaxRate(
                new Tax(wanted.code(), percent, wanted.inclusive()),
                new Jurisdiction(wanted.country(), wanted.region()),
                wanted.categories(),
                wanted.validFrom(),
                wanted.validTo());
    }

    private static RateView view(ResultSet row) throws SQLException {
        return new RateView(
                row.getObject("id", UUID.class),
                new TaxRate(
                        new Tax(row.getString("code"), row.getBigDecimal("percent"), row.getBoolean("inclusive")),
                        new Jurisdiction(row.getString("country"), row.getString("region")),
                        Set.copyOf(Arrays.asList(
                                (String[]) row.getArray("categories").getArray())),
                        row.getObject("valid_from", LocalDate.class),
                        row.getObject("valid_to", LocalDate.class)),
                Sql.instant(row, "created_at"));
    }

    private static Map<String, @Nullable Object> words(TaxRate rate) {
        Map<String, @Nullable Object> words = new LinkedHashMap<>();
        words.put("code", rate.tax().code());
        words.put("percent", Sql.plain(rate.tax().percent()));
        words.put("inclusive", rate.tax().inclusive());
        words.put("country", rate.jurisdiction().country());
        words.put("region", rate.jurisdiction().region());
        words.put("categories", List.copyOf(new TreeSet<>(rate.categories())));
        words.put("valid_from", rate.from().toString());
        words.put("valid_to", rate.to() == null ? null : rate.to().toString());
        return words;
    }
}
