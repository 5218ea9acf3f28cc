package com.cognitionos.catalog.portal;

import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.identity.portal.StepUp;
import com.cognitionos.invoicing.boundary.Billing;
import com.cognitionos.invoicing.entity.InvoiceLine;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.kernel.portal.Dates;
import com.cognitionos.kernel.portal.Messages;
import com.cognitionos.kernel.portal.Money;
import com.cognitionos.payment.boundary.VersionMoves;
import com.cognitionos.payment.boundary.VersionMoves.Outcome;
import com.cognitionos.tenancy.boundary.TenantView;
import com.cognitionos.tenancy.boundary.Tenants;
import jakarta.annotation.PostConstruct;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.ManagedProperty;
import jakarta.faces.context.FacesContext;
import jakarta.faces.event.PhaseId;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Moving subscriptions onto the version that is shown: who, when, what it would make, and what became of it. */
@Named
@RequestScoped
public class PlanMove {

    /** In place of a version: those whose slugs are given. */
    private static final String NAMED = "named";

    private static final Map<String, String> FIELDS = Map.of("/tenant_ids", "move:slugs", "/from_version", "move:who");

    @EJB
    private VersionMoves moves;

    @EJB
    private Tenants tenants;

    @Inject
    private FacesContext faces;

    @Inject
    private PlanVersionPage page;

    @Inject
    private Messages messages;

    @Inject
    private Money money;

    @Inject
    private Dates dates;

    @Inject
    @ManagedProperty("#{param.tier}")
    private @Nullable String tier;

    @Inject
    @ManagedProperty("#{param.version}")
    private @Nullable String version;

    /** As the preview was asked for, with the form that makes it so. */
    @Inject
    @ManagedProperty("#{param.who}")
    private @Nullable String givenWho;

    @Inject
    @ManagedProperty("#{param.slugs}")
    private @Nullable String givenSlugs;

    @Inject
    @ManagedProperty("#{param.when}")
    private @Nullable String givenWhen;

    private String who = "";
    private String slugs = "";
    private String when = "now";
    private VersionMoves.@Nullable Result result;
    private boolean done;

    /** Whether a preview came back to be made, which has not happened (yet). */
    private boolean returned;

    private Map<UUID, TenantView> byId = Map.of();

    @PostConstruct
    void take() {
        if (givenWhen != null) {
            returned = true;
            who = Objects.requireNonNullElse(givenWho, "");
            slugs = Objects.requireNonNullElse(givenSlugs, "");
            when = givenWhen;
        }
    }

    /** Tells what it would make, tenant by tenant. */
    @RequiresScope("finance:write")
    public void preview() {
        if (who.isEmpty() && slugs.isBlank()) {
            // A contract has nobody to choose: its form brings its tenant.
            slugs = Objects.requireNonNullElse(givenSlugs, "");
        }
        run(true);
    }

    @RequiresScope("finance:write")
    @StepUp
    public void make() {
        returned = false;
        run(false);
        VersionMoves.Result made = result;
        if (made == null) {
            return;
        }
        page.reload();
        long moved = count(Outcome.MOVED) + count(Outcome.SCHEDULED);
        long failed = count(Outcome.FAILED);
        String words = (isAtPeriodEnd() ? "To be moved at their periods’ ends: " : "Moved: ") + moved + ".";
        if (failed > 0) {
            messages.failed(words + " Failed: " + failed + "; the reasons stand below.");
        } else {
            messages.done(words);
        }
    }

    private void run(boolean dryRun) {
        done = !dryRun;
        if (tier == null || !Tier.isCode(tier) || version == null || !version.matches("\\d{1,9}")) {
            messages.failed("There is no such version.");
            return;
        }
        List<UUID> ids = List.of();
        Integer from = null;
        if (who.matches("\\d{1,9}")) {
            from = Integer.valueOf(who);
        } else {
            Set<String> wanted = Arrays.stream(slugs.split("[\\s,;]+"))
                    .filter(slug -> !slug.isEmpty())
                    .map(slug -> slug.toLowerCase(Locale.ROOT))
                    .collect(Collectors.toCollection(LinkedHashSet::new));
            List<TenantView> found = wanted.size() > VersionMoves.MOST ? List.of() : tenants.withSlugs(wanted);
            found.forEach(tenant -> wanted.remove(tenant.slug()));
            if (found.isEmpty() || !wanted.isEmpty()) {
                messages.failedAt("move:slugs", nobody(wanted));
                return;
            }
            ids = found.stream().map(TenantView::id).toList();
        }
        VersionMoves.Order order =
                new VersionMoves.Order(new Tier(tier), Integer.parseInt(version), ids, from, isAtPeriodEnd(), dryRun);
        messages.attempt(FIELDS, () -> {
            VersionMoves.Result found = moves.move(order);
            byId =
                    tenants
                            .withIds(new HashSet<>(found.moves().stream()
                                    .map(VersionMoves.Move::tenant)
                                    .toList()))
                            .stream()
                            .collect(Collectors.toMap(TenantView::id, Function.identity()));
            result = found;
        });
    }

    private static String nobody(Set<String> unknown) {
        if (unknown.isEmpty()) {
            return "Enter the slug of at least one tenant.";
        }
        return unknown.size() > VersionMoves.MOST
                ? "At most " + VersionMoves.MOST + " tenants at once."
                : "There is no tenant with the slug " + unknown.iterator().next() + ".";
    }

    private long count(Outcome outcome) {
        return getMoves().stream().filter(move -> move.outcome() == outcome).count();
    }

    /** Whether there is something to show. What was not confirmed is looked at anew. */
    public boolean isLooked() {
        if (returned && faces.getCurrentPhaseId() == PhaseId.RENDER_RESPONSE) {
            returned = false;
            run(true);
        }
        return returned || result != null;
    }

    /** Whether it can be made: a form is taken only if it is there as it comes back. */
    public boolean isAsking() {
        return isLooked() && !done && (returned || count(Outcome.PREVIEWED) > 0);
    }

    /** Whether it was made, rather than looked at. */
    public boolean isMade() {
        return done;
    }

    /** Those that failed first. */
    public List<VersionMoves.Move> getMoves() {
        VersionMoves.Result found = result;
        return found == null
                ? List.of()
                : found.moves().stream()
                        .sorted((a, b) -> Boolean.compare(b.outcome() == Outcome.FAILED, a.outcome() == Outcome.FAILED))
                        .toList();
    }

    public boolean isMore() {
        return result != null && result.more();
    }

    /** How many would be moved. */
    public long getMovable() {
        return count(Outcome.PREVIEWED);
    }

    public String tenantName(VersionMoves.Move move) {
        TenantView tenant = byId.get(move.tenant());
        return tenant == null ? "A tenant" : tenant.name();
    }

    public String slug(VersionMoves.Move move) {
        TenantView tenant = byId.get(move.tenant());
        return tenant == null ? "" : tenant.slug();
    }

    public String state(VersionMoves.Move move) {
        return switch (move.outcome()) {
            case MOVED -> "Moved";
            case SCHEDULED -> "At its period’s end";
            case PREVIEWED -> "Can be moved";
            case UNCHANGED -> "On it already";
            case FAILED -> done ? "Failed" : "Would fail";
        };
    }

    public String tone(VersionMoves.Move move) {
        return switch (move.outcome()) {
            case MOVED -> "good";
            case SCHEDULED, PREVIEWED -> "info";
            case UNCHANGED -> "idle";
            case FAILED -> "bad";
        };
    }

    /** What it makes of money, before tax; empty where it is not known. */
    public String net(VersionMoves.Move move) {
        Billing.Preview preview = move.preview();
        if (preview == null) {
            return "";
        }
        if (!preview.waiting().isEmpty()) {
            return waiting(preview);
        }
        long net = preview.netCents();
        String day = isAtPeriodEnd() ? " on " + dates.day(preview.effectiveAt()) : " now";
        if (net == 0) {
            return "Nothing charged" + day;
        }
        return net > 0
                ? money.of(net, preview.currency()) + " charged" + day
                : money.of(-net, preview.currency()) + " to the balance" + day;
    }

    private String waiting(Billing.Preview preview) {
        long net = Math.addExact(preview.netCents(), preview.waitingCents());
        String invoice = " on the invoice of " + dates.day(preview.periodEnd());
        if (net == 0) {
            return "Nothing more" + invoice;
        }
        return money.of(Math.abs(net), preview.currency()) + (net > 0 ? " more" : " less") + invoice;
    }

    /** What it makes, at once and at the period's end; null where it is not known. */
    public @Nullable List<InvoiceLine> lines(VersionMoves.Move move) {
        Billing.Preview preview = move.preview();
        return preview == null
                ? null
                : Stream.concat(preview.lines().stream(), preview.waiting().stream())
                        .toList();
    }

    /** All nets by currency: {@code $96.00 · €12.00}. */
    public String getTotal() {
        Map<String, Long> totals = new TreeMap<>();
        getMoves().stream()
                .map(VersionMoves.Move::preview)
                .filter(Objects::nonNull)
                .forEach(preview -> totals.merge(
                        preview.currency(), Math.addExact(preview.netCents(), preview.waitingCents()), Math::addExact));
        return totals.entrySet().stream()
                .map(total -> money.of(total.getValue(), total.getKey()) + " " + total.getKey())
                .collect(Collectors.joining(" · "));
    }

    public boolean isAtPeriodEnd() {
        return when.equals("period_end");
    }

    public List<TermsForm.Option> getTimes() {
        return List.of(
                new TermsForm.Option("now", "Now; what is invoiced at a period’s end waits for it"),
                new TermsForm.Option("period_end", "At the end of each one’s period"));
    }

    public String getNamed() {
        return NAMED;
    }

    public String getWho() {
        return who;
    }

    public void setWho(@Nullable String who) {
        this.who = who == null ? "" : who;
    }

    public String getSlugs() {
        return slugs;
    }

    public void setSlugs(@Nullable String slugs) {
        this.slugs = slugs == null ? "" : slugs;
    }

    public String getWhen() {
        return when;
    }

    public void setWhen(@Nullable String when) {
        this.when = when == null ? "now" : when;
    }
}
