package com.cognitionos.catalog.portal;

import com.cognitionos.catalog.boundary.AddOnCatalogue;
import com.cognitionos.catalog.boundary.AddOnVersion;
import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.AddOn;
import com.cognitionos.catalog.entity.AddOnDocument;
import com.cognitionos.catalog.entity.Currencies;
import com.cognitionos.catalog.entity.StoredDocument;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.identity.portal.StepUp;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.kernel.portal.Messages;
import com.cognitionos.subscription.boundary.Subscriptions;
import jakarta.annotation.PostConstruct;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.ManagedProperty;
import jakarta.faces.context.ExternalContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One version of an add-on: what it says, and drafting, publishing and archiving it. Without a code, a new one. */
@Named
@RequestScoped
public class AddOnPage {

    private static final Map<String, String> FIELDS = Map.of(
            "/code", "terms:code",
            "add_on_exists", "terms:code",
            "/name", "terms:name",
            "/description", "terms:description",
            "/tiers", "terms:tiers",
            "/minimum_quantity", "terms:minimum",
            "/maximum_quantity", "terms:maximum",
            "/prices", "terms:currency0");

    @EJB
    private AddOnCatalogue catalogue;

    @EJB
    private Plans plans;

    @EJB
    private Subscriptions subscriptions;

    @Inject
    private BusinessClock clock;

    @Inject
    private Messages messages;

    @Inject
    private ExternalContext external;

    @Inject
    @ManagedProperty("#{param.code}")
    private @Nullable String code;

    @Inject
    @ManagedProperty("#{param.version}")
    private @Nullable String number;

    /** What the draft said when the page was shown. */
    @Inject
    @ManagedProperty("#{param.seen}")
    private @Nullable String seen;

    private @Nullable AddOnRow row;
    private List<AddOnRow> siblings = List.of();
    private String newCode = "";
    private String name = "";
    private String description = "";
    private List<String> tiers = List.of();
    private String minimum = "1";
    private String maximum = "";
    private List<AddOnPrice> prices = List.of();
    private String from = "";
    private String to = "";

    @PostConstruct
    void load() {
        prices = AddOnPrice.rows(List.of());
        if (isNew() || number == null || !number.matches("\\d{1,9}")) {
            return;
        }
        siblings = AddOnRow.of(catalogue.versions(), subscriptions.countByAddOn(), clock.system()).stream()
                .filter(one -> one.version().addOn().code().equals(code))
                .toList();
        int version = Integer.parseInt(number);
        row = siblings.stream()
                .filter(one -> one.version().addOn().version() == version)
                .findFirst()
                .orElse(null);
        if (row != null) {
            AddOn addOn = addOn();
            String words = addOn.description();
            Integer most = addOn.maximumQuantity();
            name = addOn.name();
            description = words == null ? "" : words;
            tiers = addOn.tiers().stream().map(Tier::code).sorted().toList();
            minimum = String.valueOf(addOn.minimumQuantity());
            maximum = most == null ? "" : String.valueOf(most);
            prices = AddOnPrice.rows(addOn.prices());
        }
    }

    /** Says 404 before anything is written. */
    @RequiresScope("operator:read")
    public void open() {
        if (isMissing()) {
            external.setResponseStatus(HttpServletResponse.SC_NOT_FOUND);
        }
    }

    public boolean isNew() {
        return code == null || code.isEmpty();
    }

    public boolean isMissing() {
        return !isNew() && row == null;
    }

    /** Null for a new one. */
    public @Nullable AddOnRow getRow() {
        return row;
    }

    private AddOn addOn() {
        return Objects.requireNonNull(row, "there is no such version").version().addOn();
    }

    public String getTitle() {
        if (isMissing()) {
            return "No such add-on";
        }
        return isNew() ? "New add-on" : addOn().name() + ", version " + addOn().version();
    }

    /** Whether a further version may be drafted: none is being drafted. */
    public boolean isExtensible() {
        return !isNew() && siblings.stream().noneMatch(AddOnRow::isDraft);
    }

    public boolean isDraft() {
        return isNew() || row != null && row.isDraft();
    }

    /** The names of the plans that it can be added to. */
    public String getPlanNames() {
        return addOn().tiers().stream().map(Tier::code).sorted().collect(Collectors.joining(", "));
    }

    /** In words, such as {@code 1 to 100}. */
    public String getQuantityWords() {
        AddOn addOn = addOn();
        if (addOn.isFlat()) {
            return "Once";
        }
        Integer most = addOn.maximumQuantity();
        return most == null ? "From " + addOn.minimumQuantity() : addOn.minimumQuantity() + " to " + most;
    }

    public List<String> getPlans() {
        return plans.tiers().stream().map(Tier::code).toList();
    }

    public String getSeen() {
        return row == null
                ? ""
                : Integer.toHexString(
                        StoredDocument.write(AddOnDocument.write(addOn())).hashCode());
    }

    @RequiresScope("finance:write")
    public void save() throws IOException {
        Map<String, @Nullable Object> document = document();
        if (document == null) {
            return;
        }
        if (isNew()) {
            String wanted = newCode.strip();
            if (messages.attempt(FIELDS, () -> catalogue.add(wanted, document))) {
                external.redirect(AddOnRow.address(wanted, 1));
            }
            return;
        }
        if (isStale("saved")) {
            return;
        }
        messages.attempt(FIELDS, () -> {
            catalogue.change(addOn().code(), addOn().version(), document);
            load();
            messages.done("The draft is saved. Nobody has it until it is published.");
        });
    }

    /** Whether it is no draft any more, or says something else than what was shown. */
    private boolean isStale(String done) {
        if (row != null && row.isDraft() && getSeen().equals(seen)) {
            return false;
        }
        messages.failed(
                "Nothing was " + done + ": somebody else changed it meanwhile. Open it again to see how it stands.");
        return true;
    }

    /** Null where something typed is not what it should be, which is said. */
    private @Nullable Map<String, @Nullable Object> document() {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("name", name.strip());
        document.put("description", description.isBlank() ? null : description.strip());
        document.put("tiers", tiers);
        boolean sound = count(document, "minimum_quantity", minimum, "terms:minimum");
        sound &= count(document, "maximum_quantity", maximum, "terms:maximum");
        List<Map<String, Object>> all = new ArrayList<>();
        for (int i = 0; i < prices.size(); i++) {
            AddOnPrice price = prices.get(i);
            if (price.isEmpty()) {
                continue;
            }
            if (!Currencies.isKnown(price.getCurrency())) {
                messages.failedAt("terms:currency" + i, "Enter the code of a currency, such as EUR.");
                sound = false;
                continue;
            }
            for (String field : price.faults()) {
                messages.failedAt("terms:" + field + i, "Enter an amount such as 49.00.");
                sound = false;
            }
            if (price.isWithoutAmount()) {
                messages.failedAt("terms:monthly" + i, "Enter what it costs a month or a year.");
                sound = false;
            }
            all.addAll(price.documents(row == null ? List.of() : addOn().prices()));
        }
        all.addAll(AddOnPrice.others(row == null ? List.of() : addOn().prices()));
        document.put("prices", all);
        return sound ? document : null;
    }

    private boolean count(Map<String, @Nullable Object> document, String member, String typed, String field) {
        if (typed.isBlank()) {
            document.put(member, null);
            return true;
        }
        if (!typed.strip().matches("\\d{1,9}")) {
            messages.failedAt(field, "Enter a whole number.");
            return false;
        }
        document.put(member, Long.valueOf(typed.strip()));
        return true;
    }

    @RequiresScope("finance:write")
    @StepUp
    public void publish() {
        if (isStale("published")) {
            return;
        }
        Instant validFrom = SaleTime.read(from, "publish:from", messages);
        Instant validTo = SaleTime.read(to, "publish:to", messages);
        if (validFrom == null && !from.isBlank() || validTo == null && !to.isBlank()) {
            return;
        }
        messages.attempt(Map.of("/valid_from", "publish:from", "/valid_to", "publish:to"), () -> {
            catalogue.publish(addOn().code(), addOn().version(), validFrom, validTo);
            load();
            messages.done(getTitle() + ", is published. Who has another version keeps it and its price.");
        });
    }

    @RequiresScope("finance:write")
    @StepUp
    public void archive() {
        if (row == null) {
            return;
        }
        messages.attempt(Map.of(), () -> {
            catalogue.archive(addOn().code(), addOn().version());
            load();
            messages.done(getTitle() + ", is sold no more. Who has it keeps it.");
        });
    }

    @RequiresScope("finance:write")
    public void draft() throws IOException {
        if (row == null) {
            return;
        }
        AddOnVersion[] made = new AddOnVersion[1];
        if (messages.attempt(Map.of(), () -> made[0] = catalogue.addVersion(addOn().code(), Map.of()))) {
            external.redirect(AddOnRow.address(addOn().code(), made[0].addOn().version()));
        }
    }

    public String getNewCode() {
        return newCode;
    }

    public void setNewCode(String newCode) {
        this.newCode = newCode;
    }

    public String getName() {
        return name;
    }

    public void setName(String name) {
        this.name = name;
    }

    public String getDescription() {
        return description;
    }

    public void setDescription(@Nullable String description) {
        this.description = description == null ? "" : description;
    }

    public List<String> getTiers() {
        return tiers;
    }

    public void setTiers(@Nullable List<String> tiers) {
        this.tiers = tiers == null ? List.of() : tiers;
    }

    public String getMinimum() {
        return minimum;
    }

    public void setMinimum(@Nullable String minimum) {
        this.minimum = minimum == null ? "" : minimum;
    }

    public String getMaximum() {
        return maximum;
    }

    public void setMaximum(@Nullable String maximum) {
        this.maximum = maximum == null ? "" : maximum;
    }

    /** Three lines for prices, each of one currency. */
    public List<AddOnPrice> getPrices() {
        return prices;
    }

    public String getFrom() {
        return from;
    }

    public void setFrom(@Nullable String from) {
        this.from = from == null ? "" : from;
    }

    public String getTo() {
        return to;
    }

    public void setTo(@Nullable String to) {
        this.to = to == null ? "" : to;
    }
}
