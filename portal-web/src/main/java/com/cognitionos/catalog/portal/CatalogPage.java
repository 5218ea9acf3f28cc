package com.cognitionos.catalog.portal;

import com.cognitionos.catalog.boundary.AddOnCatalogue;
import com.cognitionos.catalog.boundary.Catalogue;
import com.cognitionos.catalog.boundary.PlanVersion;
import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.catalog.entity.PlanDocument;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.kernel.portal.Messages;
import com.cognitionos.subscription.boundary.Subscriptions;
import com.cognitionos.tenancy.boundary.TenantView;
import com.cognitionos.tenancy.boundary.Tenants;
import jakarta.annotation.PostConstruct;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.ExternalContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All that is sold: plans with their versions, meters, and what single tenants have agreed on. */
@Named
@RequestScoped
public class CatalogPage {

    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_UNIT = 40;

    @EJB
    private Catalogue catalogue;

    @EJB
    private AddOnCatalogue addOnCatalogue;

    @EJB
    private Plans plans;

    @EJB
    private Subscriptions subscriptions;

    @EJB
    private Tenants tenants;

    @Inject
    private BusinessClock clock;

    @Inject
    private Messages messages;

    @Inject
    private ExternalContext external;

    private List<VersionRow> versions = List.of();
    private List<AddOnRow> addOns = List.of();
    private List<Meter> meters = List.of();
    private Map<UUID, TenantView> named = Map.of();

    private String meterCode = "";
    private String meterName = "";
    private String meterUnit = "";
    private String aggregation = Meter.Aggregation.SUM.code();
    private String uniqueBy = "";
    private String dimensions = "";
    private String planCode = "";
    private String planName = "";
    private String model = "";
    private String after = "";
    private String tenant = "";
    private String basis = "";

    /** A plan with its versions, the newest first. */
    public record PlanRow(String tier, String name, boolean sold, List<VersionRow> versions) {}

    @PostConstruct
    void load() {
        Map<String, Long> counts = subscriptions.countByVersion().stream()
                .collect(Collectors.toMap(
                        one -> key(one.tier(), one.version()), Subscriptions.OnVersion::subscriptions));
        Instant now = clock.system();
        List<PlanVersion> all = catalogue.versions();
        versions = all.stream()
                .map(one -> new VersionRow(
                        one,
                        counts.getOrDefault(key(one.plan().tier(), one.plan().version()), 0L),
                        now))
                .toList();
        addOns = AddOnRow.of(addOnCatalogue.versions(), subscriptions.countByAddOn(), now);
        meters = plans.meters();
        Set<UUID> ids =
                all.stream().map(PlanVersion::tenant).filter(Objects::nonNull).collect(Collectors.toSet());
        named = tenants.withIds(ids).stream().collect(Collectors.toMap(TenantView::id, Function.identity()));
    }

    static String key(Tier tier, int version) {
        return tier.code() + "/" + version;
    }

    public List<PlanRow> getPlans() {
        Map<String, List<VersionRow>> byTier = new LinkedHashMap<>();
        versions.stream()
                .filter(row -> !row.isContract())
                .forEach(row -> byTier.computeIfAbsent(
                                row.version().plan().tier().code(), tier -> new ArrayList<>())
                        .add(0, row));
        return byTier.entrySet().stream()
                .map(plan -> new PlanRow(
                        plan.getKey(),
                        name(plan.getValue()),
                        plan.getValue().stream().anyMatch(VersionRow::isOnSale),
                        plan.getValue()))
                .toList();
    }

    /** As it is sold, else as the newest version calls it. */
    private static String name(List<VersionRow> newestFirst) {
        return newestFirst.stream()
                .filter(VersionRow::isOnSale)
                .findFirst()
                .orElse(newestFirst.get(0))
                .version()
                .plan()
                .name();
    }

    /** By code, the newest version of each first. */
    public List<AddOnRow> getAddOns() {
        return addOns;
    }

    public List<Meter> getMeters() {
        return meters;
    }

    public List<VersionRow> getContracts() {
        return versions.stream().filter(VersionRow::isContract).toList();
    }

    /** Whose contract it is. */
    public String holder(VersionRow contract) {
        TenantView holder = named.get(contract.version().tenant());
        return holder == null ? "A tenant" : holder.name();
    }

    /** What a new plan or a contract can be made from: whatever is or was sold, newest first within its plan. */
    public List<VersionRow> getModels() {
        return getPlans().stream()
                .flatMap(plan -> plan.versions().stream())
                .filter(VersionRow::isForEverybody)
                .toList();
    }

    public String modelKey(VersionRow row) {
        return key(row.version().plan().tier(), row.version().plan().version());
    }

    public String modelName(VersionRow row) {
        return row.version().plan().name() + ", version " + row.version().plan().version() + " ("
                + row.state().toLowerCase(Locale.ROOT) + ")";
    }

    private @Nullable VersionRow model(String wanted) {
        return getModels().stream()
                .filter(row -> modelKey(row).equals(wanted))
                .findFirst()
                .orElse(null);
    }

    @RequiresScope("finance:write")
    public void addMeter() {
        if (meterName.strip().length() > LONGEST_NAME) {
            messages.failedAt("meter:name", "A name has at most " + LONGEST_NAME + " characters.");
            return;
        }
        if (meterUnit.strip().length() > LONGEST_UNIT) {
            messages.failedAt("meter:unit", "A unit has at most " + LONGEST_UNIT + " characters.");
            return;
        }
        Map<String, String> fields = Map.of(
                "/code", "meter:code",
                "meter_exists", "meter:code",
                "/unique_by", "meter:unique",
                "/dimensions", "meter:dimensions");
        messages.attempt(fields, () -> {
            Meter added = catalogue.addMeter(
                    meterCode.strip(),
                    meterName.strip(),
                    aggregation,
                    meterUnit.strip(),
                    uniqueBy.isBlank() ? null : uniqueBy.strip(),
                    Stream.of(dimensions.split("[,\\s]+"))
                            .filter(name -> !name.isEmpty())
                            .toList());
            messages.done("The meter " + added.code() + " counts from now on. It costs nothing until a plan has it.");
            meterCode = "";
            meterName = "";
            meterUnit = "";
            uniqueBy = "";
            dimensions = "";
            load();
        });
    }

    /** A draft with the terms of another plan; one goes on with it. */
    @RequiresScope("finance:write")
    public void addPlan() throws IOException {
        VersionRow from = model(model);
        if (from == null) {
            messages.failedAt("plan:model", "Choose a version to begin with.");
            return;
        }
        if (!Tier.isCode(planCode.strip())) {
            messages.failedAt("plan:code", "A plan’s code has small letters, digits and underscores.");
            return;
        }
        Integer position = position();
        if (position != null && position < 0) {
            messages.failedAt("plan:after", "There is no room between these two plans; choose another place.");
            return;
        }
        Map<String, @Nullable Object> document =
                new LinkedHashMap<>(PlanDocument.write(from.version().plan()));
        document.put("name", planName.strip());
        Tier tier = new Tier(planCode.strip());
        boolean done = messages.attempt(
                Map.of("/name", "plan:name", "plan_exists", "plan:code", "/position", "plan:after"),
                () -> catalogue.addPlan(tier, position, document));
        if (done) {
            external.redirect(VersionRow.address(tier.code(), 1));
        }
    }

    /** Between two plans; null for the largest; -1 where there is no room. */
    private @Nullable Integer position() {
        List<Integer> positions = versions.stream()
                .map(row -> row.version().plan().position())
                .distinct()
                .sorted()
                .toList();
        int below = versions.stream()
                .filter(row -> row.version().plan().tier().code().equals(after))
                .mapToInt(row -> row.version().plan().position())
                .findFirst()
                .orElse(positions.isEmpty() ? 0 : positions.get(positions.size() - 1));
        return positions.stream()
                .filter(position -> position > below)
                .findFirst()
                .map(above -> above - below < 2 ? Integer.valueOf(-1) : Integer.valueOf((above + below) / 2))
                .orElse(null);
    }

    /** To the terms of a new contract. */
    @RequiresScope("finance:write")
    public void beginContract() throws IOException {
        VersionRow from = model(basis);
        if (from == null) {
            messages.failedAt("contract:basis", "Choose the version that the contract is based on.");
            return;
        }
        TenantView holder;
        try {
            holder = find(tenant.strip());
        } catch (Problem problem) {
            messages.failedAt("contract:tenant", String.valueOf(problem.getMessage()));
            return;
        }
        external.redirect(from.address() + "&contract=" + holder.slug());
    }

    /** By slug, else by what only one tenant's name, slug or address has. @throws Problem NOT_FOUND with what to do */
    private TenantView find(String text) {
        List<TenantView> exact = tenants.withSlugs(Set.of(text.toLowerCase(Locale.ROOT)));
        if (!exact.isEmpty()) {
            return exact.get(0);
        }
        Page<TenantView> found = tenants.list(null, text, new Page.Request(1, 5));
        if (found.items().size() == 1) {
            return found.items().get(0);
        }
        String words = found.items().isEmpty()
                ? "There is no tenant with this slug or name."
                : "Several tenants fit: "
                        + found.items().stream().map(TenantView::slug).collect(Collectors.joining(", "))
                        + (found.total() > found.items().size() ? " and more" : "") + ". Enter the slug of one.";
        throw new Problem(Problem.Kind.NOT_FOUND, "not_found", words);
    }

    public List<TermsForm.Option> getAggregations() {
        return List.of(
                new TermsForm.Option(Meter.Aggregation.SUM.code(), "The sum of the quantities"),
                new TermsForm.Option(Meter.Aggregation.COUNT.code(), "The number of events"),
                new TermsForm.Option(Meter.Aggregation.MAX.code(), "The largest quantity"),
                new TermsForm.Option(Meter.Aggregation.UNIQUE_COUNT.code(), "The number of different values"),
                new TermsForm.Option(Meter.Aggregation.LATEST.code(), "The last quantity"),
                new TermsForm.Option(
                        Meter.Aggregation.TIME_WEIGHTED.code(), "The mean level, each value holding until the next"));
    }

    public String getMeterCode() {
        return meterCode;
    }

    public void setMeterCode(String meterCode) {
        this.meterCode = meterCode;
    }

    public String getMeterName() {
        return meterName;
    }

    public void setMeterName(String meterName) {
        this.meterName = meterName;
    }

    public String getMeterUnit() {
        return meterUnit;
    }

    public void setMeterUnit(String meterUnit) {
        this.meterUnit = meterUnit;
    }

    public String getAggregation() {
        return aggregation;
    }

    public void setAggregation(String aggregation) {
        this.aggregation = aggregation;
    }

    public String getUniqueBy() {
        return uniqueBy;
    }

    public void setUniqueBy(String uniqueBy) {
        this.uniqueBy = uniqueBy;
    }

    public String getDimensions() {
        return dimensions;
    }

    public void setDimensions(String dimensions) {
        this.dimensions = dimensions;
    }

    public String getPlanCode() {
        return planCode;
    }

    public void setPlanCode(String planCode) {
        this.planCode = planCode;
    }

    public String getPlanName() {
        return planName;
    }

    public void setPlanName(String planName) {
        this.planName = planName;
    }

    public String getModel() {
        return model;
    }

    public void setModel(String model) {
        this.model = model;
    }

    /** The plan that the new one comes after; empty for the last place. */
    public String getAfter() {
        return after;
    }

    public void setAfter(@Nullable String after) {
        this.after = after == null ? "" : after;
    }

    public String getTenant() {
        return tenant;
    }

    public void setTenant(String tenant) {
        this.tenant = tenant;
    }

    public String getBasis() {
        return basis;
    }

    public void setBasis(String basis) {
        this.basis = basis;
    }
}
