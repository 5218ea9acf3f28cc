package com.cognitionos.catalog.portal;

import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.catalog.entity.PlanDocument;
import com.cognitionos.kernel.MinorUnit;
import com.cognitionos.kernel.Problem;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a version says, as the fields of a form. A field is called as the JSON pointer of what it becomes, so that what the
 * catalogue refuses is said where it was typed; amounts are typed in the currency's major unit.
 */
public final class TermsForm {

    /** One of a list, such as a price: the pointer to it, and which it is, from 1. */
    public record Row(String at, int number) {}

    /** A choice of a field. */
    public record Option(String code, String words) {}

    /** A field for a feature. @param number else it is a yes or no */
    public record FeatureField(String at, String name, boolean number) {}

    private static final int MOST_ROWS = 60;
    private static final int MOST_TYPED = 200;
    private static final String COUNT = "#";

    // A comma only parts thousands: elsewhere it would be read as somebody's decimal point.
    private static final Pattern FIGURE = Pattern.compile("(\\d{1,15}|\\d{1,3}(,\\d{3}){1,4})(\\.\\d{1,18})?");
    private static final Pattern EDIT = Pattern.compile("(add|remove) ((?:/[a-z]+(?:/\\d{1,2})?)+)");
    private static final Pattern LIST =
            Pattern.compile("/prices|/meters|/commitments|/meters/\\d+/prices|/meters/\\d+/prices/\\d+/tiers");
    private static final Pattern PLACE = Pattern.compile("/(name|custom|grain|(prices|meters|commitments)(/.*)?)");

    /** Which figures a pricing model has. */
    private static final Map<String, Set<String>> FIGURES = Map.of(
            "per_unit", Set.of("unit_cents", "per"),
            "package", Set.of("package_size", "package_cents"),
            "flat", Set.of("flat_cents"),
            "graduated", Set.of("tiers", "fee_at_zero"),
            "volume", Set.of("tiers", "fee_at_zero"),
            "percentage", Set.of("percent", "cents_per_unit"),
            "graduated_percentage", Set.of("tiers", "cents_per_unit"));

    private final Map<String, @Nullable Object> base;
    private final Map<String, Plan.Feature> features;
    private final Map<String, String> typed = new HashMap<>();
    private final Map<String, String> errors = new HashMap<>();

    private String place = "";

    private TermsForm(Plan plan) {
        base = PlanDocument.write(plan);
        features = plan.features();
    }

    /** As the plan says it. */
    static TermsForm of(Plan plan) {
        TermsForm form = new TermsForm(plan);
        form.show("", form.base, "USD");
        form.everyPriceHasATier();
        return form;
    }

    /**
     * As somebody typed it, after the edit that they asked for: a line more, or less.
     *
     * @param plan that the form began with: what it has no field for stays
     * @param edit such as {@code add /prices} or {@code remove /meters/2}; null for none
     */
    static TermsForm of(Plan plan, Map<String, String[]> parameters, @Nullable String edit) {
        TermsForm form = new TermsForm(plan);
        parameters.forEach((name, values) -> {
            if (name.startsWith("/") && values.length > 0 && values[0] != null) {
                String value = values[0].strip();
                form.typed.put(name, value.substring(0, Math.min(MOST_TYPED, value.length())));
            }
        });
        if (edit != null && EDIT.matcher(edit).matches()) {
            String at = edit.substring(edit.indexOf(' ') + 1);
            if (edit.startsWith("add")) {
                form.add(at);
            } else {
                form.remove(at);
            }
        }
        form.everyPriceHasATier();
        return form;
    }

    /** Whether a request carries the form. */
    static boolean isIn(Map<String, String[]> parameters) {
        return parameters.containsKey("/name");
    }

    // As a document, to fields

    private void show(String at, @Nullable Object value, String currency) {
        if (value instanceof Map<?, ?> object) {
            String own = object.get("currency") instanceof String code ? code : currency;
            object.forEach((name, member) -> show(at + "/" + name, member, own));
        } else if (value instanceof List<?> items) {
            typed.put(at + COUNT, String.valueOf(items.size()));
            for (int i = 0; i < items.size(); i++) {
                show(at + "/" + i, items.get(i), currency);
            }
        } else if (value instanceof Number number) {
            BigDecimal figure = new BigDecimal(number.toString());
            typed.put(at, at.endsWith("_cents") ? amount(figure, currency) : plain(figure));
        } else {
            typed.put(at, value == null ? "" : value.toString());
        }
    }

    private static String amount(BigDecimal minor, String currency) {
        int digits = digits(currency);
        BigDecimal major = minor.movePointLeft(digits).stripTrailingZeros();
        return major.setScale(Math.max(digits, major.scale())).toPlainString();
    }

    private static String plain(BigDecimal figure) {
        return figure.signum() == 0 ? "0" : figure.stripTrailingZeros().toPlainString();
    }

    private static int digits(String currency) {
        try {
            return MinorUnit.decimals(currency);
        } catch (IllegalArgumentException unknown) {
            return 2;
        }
    }

    // What is typed, line by line

    public String value(String at) {
        return typed.getOrDefault(at, "");
    }

    public boolean isOn(String at) {
        return value(at).equals("true");
    }

    /** What is wrong there; empty for nothing. */
    public String error(String at) {
        return errors.getOrDefault(at, "");
    }

    public boolean isWrong(String at) {
        return errors.containsKey(at);
    }

    /** The line at which one goes on after an edit, or where it was; empty without an edit. */
    public String getPlace() {
        return place;
    }

    public int count(String list) {
        String count = value(list + COUNT);
        return count.matches("\\d{1,3}") ? Math.min(MOST_ROWS, Integer.parseInt(count)) : 0;
    }

    public List<Row> rows(String list) {
        return IntStream.range(0, count(list))
                .mapToObj(i -> new Row(list + "/" + i, i + 1))
                .toList();
    }

    public List<FeatureField> getFeatures() {
        TermsWords words = new TermsWords();
        return features.entrySet().stream()
                .map(feature -> new FeatureField(
                        "/features/" + feature.getKey(),
                        words.name(feature.getKey()),
                        feature.getValue().enabled() == null))
                .toList();
    }

    private void add(String list) {
        int count = count(list);
        if (!LIST.matcher(list).matches() || count >= MOST_ROWS) {
            return;
        }
        String row = list + "/" + count;
        typed.put(list + COUNT, String.valueOf(count + 1));
        place = row;
        if (list.equals("/prices")) {
            typed.put(row + "/billing_cycle", "monthly");
            typed.put(row + "/timing", "at_period_end");
        } else if (list.equals("/commitments")) {
            typed.put(row + "/currency", missingCurrency(list));
        } else if (list.endsWith("/prices")) {
            typed.put(row + "/currency", missingCurrency(list));
            typed.put(row + "/model", "per_unit");
            typed.put(row + "/per", "1");
        }
    }

    /** One that the plan is sold in and the list lacks. */
    private String missingCurrency(String list) {
        Set<String> there = Set.copyOf(
                rows(list).stream().map(row -> value(row.at() + "/currency")).toList());
        return rows("/prices").stream()
                .map(row -> value(row.at() + "/currency"))
                .filter(currency -> !there.contains(currency))
                .findFirst()
                .orElse("");
    }

    private void remove(String row) {
        int slash = row.lastIndexOf('/');
        String list = row.substring(0, slash);
        String number = row.substring(slash + 1);
        int count = count(list);
        if (!LIST.matcher(list).matches() || !number.matches("\\d+") || Integer.parseInt(number) >= count) {
            return;
        }
        int gone = Integer.parseInt(number);
        Map<String, String> moved = new HashMap<>();
        typed.forEach((at, value) -> {
            int which = which(list, at);
            if (which < gone) {
                moved.put(at, value);
            } else if (which > gone) {
                String rest = at.substring((list + "/" + which).length());
                moved.put(list + "/" + (which - 1) + rest, value);
            }
        });
        typed.clear();
        typed.putAll(moved);
        typed.put(list + COUNT, String.valueOf(count - 1));
        place = list + "/" + Math.max(0, Math.min(gone, count - 2));
    }

    /** The line of the list that a field is in; -1 for none. */
    private static int which(String list, String at) {
        if (!at.startsWith(list + "/")) {
            return -1;
        }
        String rest = at.substring(list.length() + 1);
        int end = rest.indexOf('/');
        String number = end < 0 ? rest.replace(COUNT, "") : rest.substring(0, end);
        return number.matches("\\d{1,3}") ? Integer.parseInt(number) : -1;
    }

    /** So that there is a line to fill in when a model by tiers is chosen. */
    private void everyPriceHasATier() {
        rows("/meters")
                .forEach(meter -> rows(meter.at() + "/prices").forEach(price -> {
                    if (count(price.at() + "/tiers") == 0) {
                        typed.put(price.at() + "/tiers" + COUNT, "1");
                    }
                }));
    }

    // To a document

    /** As the catalogue takes it; null when something was typed that is no figure, which is then said at its field. */
    @Nullable
    Map<String, @Nullable Object> document() {
        errors.clear();
        Map<String, @Nullable Object> document = new LinkedHashMap<>(base);
        document.put("name", text("/name"));
        document.put("custom", isOn("/custom"));
        document.put("grain", text("/grain"));
        document.put("prices", list("/prices", this::price));
        document.put("meters", list("/meters", this::meter));
        document.put("commitments", list("/commitments", this::commitment));
        Map<String, @Nullable Object> given = new TreeMap<>();
        getFeatures()
                .forEach(feature -> given.put(
                        feature.at().substring("/features/".length()),
                        feature.number() ? figure(feature.at()) : Boolean.valueOf(isOn(feature.at()))));
        document.put("features", given);
        return errors.isEmpty() ? document : null;
    }

    private List<Object> list(String at, Function<String, Map<String, @Nullable Object>> each) {
        List<Object> items = new ArrayList<>();
        rows(at).forEach(row -> items.add(each.apply(row.at())));
        return items;
    }

    private Map<String, @Nullable Object> price(String at) {
        String currency = currency(at);
        Map<String, @Nullable Object> price = new LinkedHashMap<>();
        price.put("billing_cycle", text(at + "/billing_cycle"));
        price.put("currency", currency);
        price.put("amount_cents", whole(at + "/amount_cents", currency));
        price.put("timing", text(at + "/timing"));
        return price;
    }

    private Map<String, @Nullable Object> commitment(String at) {
        String currency = currency(at);
        Map<String, @Nullable Object> commitment = new LinkedHashMap<>();
        commitment.put("currency", currency);
        commitment.put("minimum_cents", whole(at + "/minimum_cents", currency));
        commitment.put("maximum_cents", whole(at + "/maximum_cents", currency));
        return commitment;
    }

    private Map<String, @Nullable Object> meter(String at) {
        Map<String, @Nullable Object> meter = new LinkedHashMap<>();
        meter.put("meter", text(at + "/meter"));
        meter.put("included", figure(at + "/included"));
        meter.put("prices", list(at + "/prices", this::rate));
        return meter;
    }

    private Map<String, @Nullable Object> rate(String at) {
        String currency = currency(at);
        String model = text(at + "/model");
        Map<String, @Nullable Object> rate = new LinkedHashMap<>();
        rate.put("currency", currency);
        rate.put("model", model);
        for (String name : FIGURES.getOrDefault(String.valueOf(model), Set.of())) {
            rate.put(
                    name,
                    switch (name) {
                        case "tiers" ->
                            list(at + "/tiers", tier -> tier(tier, currency, "graduated_percentage".equals(model)));
                        case "fee_at_zero" -> Boolean.valueOf(isOn(at + "/fee_at_zero"));
                        case "unit_cents", "package_cents", "flat_cents" -> cents(at + "/" + name, currency);
                        default -> figure(at + "/" + name);
                    });
        }
        rate.put("minimum_cents", whole(at + "/minimum_cents", currency));
        rate.put("maximum_cents", whole(at + "/maximum_cents", currency));
        return rate;
    }

    private Map<String, @Nullable Object> tier(String at, @Nullable String currency, boolean share) {
        Map<String, @Nullable Object> tier = new LinkedHashMap<>();
        tier.put("up_to", figure(at + "/up_to"));
        if (share) {
            tier.put("percent", figure(at + "/percent"));
        } else {
            tier.put("unit_cents", cents(at + "/unit_cents", currency));
            tier.put("per", figure(at + "/per"));
        }
        tier.put("flat_cents", cents(at + "/flat_cents", currency));
        return tier;
    }

    private @Nullable String text(String at) {
        return value(at).isEmpty() ? null : value(at);
    }

    private @Nullable String currency(String at) {
        String code = text(at + "/currency");
        return code == null ? null : code.toUpperCase(Locale.ROOT);
    }

    private @Nullable BigDecimal figure(String at) {
        String given = value(at);
        if (given.isEmpty()) {
            return null;
        }
        if (!FIGURE.matcher(given).matches()) {
            errors.put(at, "Write a number such as 1,000 or 2.5.");
            return null;
        }
        return new BigDecimal(given.replace(",", ""));
    }

    /** In the minor unit, with as many decimals as were typed. */
    private @Nullable BigDecimal cents(String at, @Nullable String currency) {
        String code = Objects.requireNonNullElse(currency, "");
        String given = value(at).replaceFirst("^\\p{Sc}\\s*", "");
        if (value(at).isEmpty()) {
            return null;
        }
        if (!FIGURE.matcher(given).matches()) {
            errors.put(at, "Write an amount such as 49.00.");
            return null;
        }
        return new BigDecimal(given.replace(",", "")).movePointRight(digits(code));
    }

    private @Nullable BigDecimal whole(String at, @Nullable String currency) {
        BigDecimal cents = cents(at, currency);
        if (cents != null && cents.stripTrailingZeros().scale() > 0) {
            int digits = digits(String.valueOf(currency));
            errors.put(
                    at,
                    digits == 0 ? "This currency has no decimals." : "An amount has at most " + digits + " decimals.");
            return null;
        }
        return cents;
    }

    /** Says at its field what the catalogue refused. @return what has no field here */
    List<Problem.FieldError> show(Problem problem) {
        List<Problem.FieldError> others = new ArrayList<>();
        for (Problem.FieldError error : problem.errors()) {
            String at = error.pointer();
            boolean feature =
                    getFeatures().stream().anyMatch(field -> field.at().equals(at));
            if (feature || PLACE.matcher(at).matches()) {
                errors.putIfAbsent(at, sentence(error.detail()));
            } else {
                others.add(error);
            }
        }
        return others;
    }

    private static String sentence(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1) + ".";
    }

    // What can be chosen

    public List<Option> getCycles() {
        return List.of(new Option("monthly", "Month"), new Option("yearly", "Year"));
    }

    public List<Option> getTimings() {
        return List.of(
                new Option("in_advance", "In advance"),
                new Option("at_period_end", "At the period’s end"),
                new Option("in_arrears", "In arrears"));
    }

    public List<Option> getGrains() {
        return List.of(
                new Option("second", "By the second"),
                new Option("day", "By the day"),
                new Option("day_inclusive", "By the day, the last one too"),
                new Option("fixed30", "30 days a month, 360 a year"));
    }

    public List<Option> getModels() {
        return List.of(
                new Option("per_unit", "Per unit"),
                new Option("package", "Per package"),
                new Option("graduated", "Graduated tiers"),
                new Option("volume", "Volume tiers"),
                new Option("flat", "Flat"),
                new Option("percentage", "Percentage"),
                new Option("graduated_percentage", "Percentage by tiers"));
    }
}
