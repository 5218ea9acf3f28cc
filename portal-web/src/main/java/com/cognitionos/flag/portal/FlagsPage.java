package com.cognitionos.flag.portal;

import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.flag.boundary.FeatureFlags;
import com.cognitionos.flag.boundary.FeatureFlags.Change;
import com.cognitionos.flag.boundary.FeatureFlags.FlagView;
import com.cognitionos.identity.portal.StepUp;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.kernel.portal.Messages;
import com.cognitionos.tenancy.boundary.TenantView;
import com.cognitionos.tenancy.boundary.Tenants;
import jakarta.annotation.PostConstruct;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.ManagedProperty;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is switched on for whom: all flags, and the form that makes or changes one. */
@Named
@RequestScoped
public class FlagsPage {

    private static final Map<String, String> FIELDS =
            Map.of("/key", "flag:key", "/rollout_percentage", "flag:percentage", "/enabled_tenant_ids", "flag:tenants");

    @EJB
    private FeatureFlags flags;

    @EJB
    private Tenants tenants;

    @EJB
    private Plans plans;

    @Inject
    private Messages messages;

    /** The flag to change; none for a new one. */
    @Inject
    @ManagedProperty("#{param.flag}")
    private @Nullable String chosen;

    /** The version that the form shows. */
    @Inject
    @ManagedProperty("#{param.version}")
    private @Nullable String version;

    private List<FlagView> list = List.of();
    private List<String> codes = List.of();
    private Map<UUID, TenantView> named = Map.of();
    private @Nullable FlagView edited;
    private String key = "";
    private boolean everybody;
    private String[] tiers = {};
    private @Nullable Integer percentage = 0;
    private String slugs = "";

    @PostConstruct
    void load() {
        list = flags.list();
        Set<UUID> ids =
                list.stream().flatMap(flag -> flag.enabledTenantIds().stream()).collect(Collectors.toSet());
        named = tenants.withIds(ids).stream().collect(Collectors.toMap(TenantView::id, Function.identity()));
        edited = find(chosen);
        if (edited != null) {
            show(edited);
        }
    }

    private @Nullable FlagView find(@Nullable String wanted) {
        return list.stream()
                .filter(flag -> flag.flag().key().equals(wanted))
                .findFirst()
                .orElse(null);
    }

    private void show(FlagView flag) {
        key = flag.flag().key();
        everybody = flag.flag().enabledGlobally();
        tiers = flag.flag().enabledTiers().stream().map(Tier::code).toArray(String[]::new);
        percentage = flag.flag().rolloutPercentage();
        slugs = String.join("\n", slugs(flag));
    }

    @RequiresScope("operator:write")
    @StepUp
    public void save() {
        FlagView before = edited;
        if (before == null && find(key.strip()) != null) {
            messages.failedAt("flag:key", "There is a flag with this key already; change that one.");
            return;
        }
        Set<String> wanted = Arrays.stream(slugs.split("[\\s,;]+"))
                .filter(slug -> !slug.isEmpty())
                .map(slug -> slug.toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        List<TenantView> found = wanted.size() > FeatureFlags.MAX_NAMED ? List.of() : tenants.withSlugs(wanted);
        found.forEach(tenant -> wanted.remove(tenant.slug()));
        if (!wanted.isEmpty()) {
            messages.failedAt(
                    "flag:tenants",
                    wanted.size() > FeatureFlags.MAX_NAMED
                            ? "A flag names at most " + FeatureFlags.MAX_NAMED + " tenants."
                            : "There is no tenant with the slug "
                                    + wanted.iterator().next() + ".");
            return;
        }
        Change change = new Change(
                everybody,
                Arrays.stream(tiers).map(Tier::of).collect(Collectors.toSet()),
                found.stream().map(TenantView::id).collect(Collectors.toSet()),
                percentage == null ? 0 : percentage);
        messages.attempt(FIELDS, () -> {
            FlagView after = flags.set(key.strip(), change, before == null ? null : versionShown());
            messages.done("The flag " + after.flag().key() + " is "
                    + state(after).toLowerCase(Locale.ROOT) + " from now on.");
            chosen = before == null ? null : after.flag().key();
            clear();
            load();
        });
    }

    /** Off for everybody, also for those by name. */
    @RequiresScope("operator:write")
    @StepUp
    public void switchOff() {
        messages.attempt(Map.of(), () -> {
            FlagView after =
                    flags.set(chosen == null ? "" : chosen, new Change(false, Set.of(), Set.of(), 0), versionShown());
            messages.done("The flag " + after.flag().key() + " is off for everybody from now on.");
        });
        chosen = null;
        clear();
        load();
    }

    private void clear() {
        edited = null;
        key = "";
        everybody = false;
        tiers = new String[0];
        percentage = 0;
        slugs = "";
    }

    /** What is no number was never a version of a flag. */
    private long versionShown() {
        return version != null && version.matches("\\d{1,18}") ? Long.parseLong(version) : -1;
    }

    public List<FlagView> getFlags() {
        return list;
    }

    /** The flag that is being changed; null while a new one is made. */
    public @Nullable FlagView getEdited() {
        return edited;
    }

    /** Whether the address names a flag that there is not. */
    public boolean isUnknown() {
        return edited == null && chosen != null && !chosen.isEmpty();
    }

    public boolean isOff(FlagView flag) {
        return flag.flag().isOffButForNamed() && flag.enabledTenantIds().isEmpty();
    }

    public String state(FlagView flag) {
        if (isOff(flag)) {
            return "Off";
        }
        boolean all = flag.flag().enabledGlobally()
                || flag.flag().rolloutPercentage() == 100
                || flag.flag().enabledTiers().containsAll(plans.tiers());
        return all ? "On for everybody" : "On for some";
    }

    public String tone(FlagView flag) {
        return switch (state(flag)) {
            case "Off" -> "idle";
            case "On for some" -> "info";
            default -> "good";
        };
    }

    /** For whom it is on, part by part; empty when it is off. */
    public String reach(FlagView flag) {
        List<String> parts = new ArrayList<>();
        if (flag.flag().enabledGlobally()) {
            parts.add("all tenants");
        }
        if (!flag.flag().enabledTiers().isEmpty()) {
            parts.add((flag.flag().enabledTiers().size() == 1 ? "the plan " : "the plans ")
                    + flag.flag().enabledTiers().stream()
                            .map(Tier::code)
                            .sorted(Comparator.comparing(getPlans()::indexOf))
                            .map(FlagsPage::name)
                            .collect(Collectors.joining(", ")));
        }
        if (flag.flag().rolloutPercentage() > 0) {
            parts.add(flag.flag().rolloutPercentage() + "\u00a0% of all tenants");
        }
        if (!flag.enabledTenantIds().isEmpty()) {
            parts.add(String.join(", ", slugs(flag)));
        }
        return String.join(" · ", parts);
    }

    private List<String> slugs(FlagView flag) {
        return flag.enabledTenantIds().stream()
                .map(named::get)
                .filter(Objects::nonNull)
                .map(TenantView::slug)
                .sorted()
                .toList();
    }

    /** The codes of all plans, smallest first. */
    public List<String> getPlans() {
        if (codes.isEmpty()) {
            codes = plans.tiers().stream().map(Tier::code).toList();
        }
        return codes;
    }

    public static String name(String tier) {
        return tier.substring(0, 1).toUpperCase(Locale.ROOT) + tier.substring(1).replace('_', ' ');
    }

    public String getKey() {
        return key;
    }

    public void setKey(String key) {
        this.key = key;
    }

    public boolean isEverybody() {
        return everybody;
    }

    public void setEverybody(boolean everybody) {
        this.everybody = everybody;
    }

    public String[] getTiers() {
        return tiers.clone();
    }

    public void setTiers(String[] tiers) {
        this.tiers = tiers.clone();
    }

    public @Nullable Integer getPercentage() {
        return percentage;
    }

    public void setPercentage(@Nullable Integer percentage) {
        this.percentage = percentage;
    }

    public String getSlugs() {
        return slugs;
    }

    public void setSlugs(@Nullable String slugs) {
        this.slugs = slugs == null ? "" : slugs;
    }
}
