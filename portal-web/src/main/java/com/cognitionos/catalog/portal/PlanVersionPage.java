package com.cognitionos.catalog.portal;

import com.cognitionos.audit.entity.CanonicalState;
import com.cognitionos.catalog.boundary.Catalogue;
import com.cognitionos.catalog.boundary.PlanVersion;
import com.cognitionos.catalog.boundary.PlanVersion.Status;
import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.catalog.entity.PlanDocument;
import com.cognitionos.catalog.entity.StoredDocument;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.identity.portal.Me;
import com.cognitionos.identity.portal.StepUp;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.kernel.portal.Dates;
import com.cognitionos.kernel.portal.Messages;
import com.cognitionos.subscription.boundary.Subscriptions;
import com.cognitionos.tenancy.boundary.TenantView;
import com.cognitionos.tenancy.boundary.Tenants;
import jakarta.annotation.PostConstruct;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.ManagedProperty;
import jakarta.faces.context.ExternalContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.json.Json;
import jakarta.json.JsonWriter;
import jakarta.json.JsonWriterFactory;
import jakarta.json.stream.JsonGenerator;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One version of a plan: what it says, what is other than before, and what can be done with it. */
@Named
@RequestScoped
public class PlanVersionPage {

    private static final JsonWriterFactory PRETTY =
            Json.createWriterFactory(Map.of(JsonGenerator.PRETTY_PRINTING, true));

    private static final String ENDS_BEFORE = "It must end after it begins.";

    @EJB
    private Catalogue catalogue;

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
    private TermsWords words;

    @Inject
    private Dates dates;

    @Inject
    private Me me;

    @Inject
    private ExternalContext external;

    @Inject
    private HttpServletRequest request;

    @Inject
    @ManagedProperty("#{param.tier}")
    private @Nullable String tier;

    @Inject
    @ManagedProperty("#{param.version}")
    private @Nullable String number;

    /** The slug of the tenant that a contract is being made for. */
    @Inject
    @ManagedProperty("#{param.contract}")
    private @Nullable String contract;

    /** What the draft said when the page was shown. */
    @Inject
    @ManagedProperty("#{param.seen}")
    private @Nullable String seen;

    @Inject
    @ManagedProperty("#{param.edit}")
    private @Nullable String edit;

    private @Nullable VersionRow row;
    private List<VersionRow> siblings = List.of();
    private @Nullable TenantView holder;
    private @Nullable TermsForm form;
    private @Nullable String json;
    private String from = "";
    private String to = "";

    @PostConstruct
    void load() {
        if (tier == null || !Tier.isCode(tier) || number == null || !number.matches("\\d{1,9}")) {
            return;
        }
        Tier wanted = new Tier(tier);
        Instant now = clock.system();
        Map<Integer, Long> counts = subscriptions.countByVersion().stream()
                .filter(one -> one.tier().equals(wanted))
                .collect(Collectors.toMap(Subscriptions.OnVersion::version, Subscriptions.OnVersion::subscriptions));
        siblings = catalogue.versions().stream()
                .filter(one -> one.plan().tier().equals(wanted))
                .map(one -> new VersionRow(one, counts.getOrDefault(one.plan().version(), 0L), now))
                .toList();
        int version = Integer.parseInt(number);
        row = siblings.stream()
                .filter(one -> one.version().plan().version() == version)
                .findFirst()
                .orElse(null);
        holder = holder();
        if (row != null && isEditable()) {
            Map<String, String[]> typed = request.getParameterMap();
            form = TermsForm.isIn(typed) ? TermsForm.of(plan(), typed, edit) : TermsForm.of(plan());
        }
    }

    /** What it is now, after something was done elsewhere. */
    public void reload() {
        load();
    }

    private @Nullable TenantView holder() {
        if (row != null && row.version().tenant() != null) {
            return tenants.withIds(Set.of(Objects.requireNonNull(row.version().tenant()))).stream()
                    .findFirst()
                    .orElse(null);
        }
        return contract == null || contract.isEmpty()
                ? null
                : tenants.withSlugs(Set.of(contract)).stream().findFirst().orElse(null);
    }

    /** Says 404 before anything is written. */
    @RequiresScope("operator:read")
    public void open() {
        if (isMissing()) {
            external.setResponseStatus(HttpServletResponse.SC_NOT_FOUND);
        }
    }

    public boolean isMissing() {
        boolean nobody =
                contract != null && !contract.isEmpty() && (holder == null || row != null && !row.isForEverybody());
        return row == null || nobody;
    }

    public VersionRow getRow() {
        return Objects.requireNonNull(row, "there is no such version");
    }

    private Plan plan() {
        return getRow().version().plan();
    }

    /** The tenant whose contract it is or becomes; null for what everybody can have. */
    public @Nullable TenantView getHolder() {
        return holder;
    }

    /** Whether a contract is being made that there is not yet. */
    public boolean isAgreeing() {
        return contract != null && !contract.isEmpty();
    }

    private boolean isEditable() {
        return me.may("finance:write") && !isMissing() && (getRow().isDraft() || isAgreeing());
    }

    /** Null where nothing can be edited. */
    public @Nullable TermsForm getForm() {
        return form;
    }

    public String getTitle() {
        if (isMissing()) {
            return "No such version";
        }
        return isAgreeing()
                ? "New contract for " + Objects.requireNonNull(holder).name()
                : plan().name() + ", version " + plan().version();
    }

    // What it is compared with

    /** What is sold at present, or for a version that was sold, the one before it; null for the first. */
    public @Nullable VersionRow getCompared() {
        VersionRow own = getRow();
        if (isAgreeing()) {
            return null;
        }
        if (!own.isForEverybody()) {
            Optional<VersionRow> sold =
                    siblings.stream().filter(VersionRow::isOnSale).findFirst();
            if (sold.isPresent()) {
                return sold.get();
            }
        }
        int version = own.version().plan().version();
        return siblings.stream()
                .filter(VersionRow::isForEverybody)
                .filter(one -> own.isForEverybody()
                        ? one.version().plan().version() < version
                        : one.version().plan().version() != version)
                .max(Comparator.comparing(one -> one.version().plan().version()))
                .orElse(null);
    }

    public List<TermsChange> getChanges() {
        VersionRow compared = getCompared();
        return compared == null
                ? List.of()
                : TermsChange.between(words.all(compared.version().plan()), words.all(plan()));
    }

    /** How many live subscriptions are on other versions of the plan. */
    public long getElsewhere() {
        return siblings.stream()
                .filter(one -> one.version().plan().version() != plan().version())
                .mapToLong(VersionRow::subscriptions)
                .sum();
    }

    /** Other versions that somebody is on, for moving them. */
    public List<VersionRow> getOthers() {
        return siblings.stream()
                .filter(one -> one.version().plan().version() != plan().version() && one.subscriptions() > 0)
                .toList();
    }

    /** Whether subscriptions can be moved onto it. */
    public boolean isTarget() {
        return !isMissing()
                && !isAgreeing()
                && (getRow().isContract() || getRow().version().status() == Status.PUBLISHED);
    }

    public String getSeen() {
        return Integer.toHexString(
                StoredDocument.write(PlanDocument.write(plan())).hashCode());
    }

    /** Everything that it says, as the API takes it. */
    public String getJson() {
        if (json != null) {
            return json;
        }
        StringWriter text = new StringWriter();
        try (JsonWriter writer = PRETTY.createWriter(text);
                var reader = Json.createReader(new StringReader(CanonicalState.of(PlanDocument.write(plan()))))) {
            writer.writeObject(reader.readObject());
        }
        return text.toString().strip();
    }

    public void setJson(@Nullable String json) {
        this.json = json;
    }

    public List<TermsForm.Option> getMeters() {
        return plans.meters().stream()
                .map(meter -> new TermsForm.Option(meter.code(), meter.name()))
                .toList();
    }

    // What can be done with it

    @RequiresScope("finance:write")
    public void draft() throws IOException {
        if (isMissing() || !getRow().isForEverybody()) {
            return;
        }
        PlanVersion[] made = new PlanVersion[1];
        boolean done = messages.attempt(
                Map.of(), () -> made[0] = catalogue.addVersion(plan().tier(), plan().version(), Map.of()));
        if (done) {
            external.redirect(
                    VersionRow.address(plan().tier().code(), made[0].plan().version()));
        }
    }

    @RequiresScope("finance:write")
    public void save() {
        if (!isDraftStill() || isStale("saved")) {
            return;
        }
        Map<String, @Nullable Object> document = Objects.requireNonNull(form).document();
        if (document == null) {
            messages.failed("Nothing was saved yet: mend what is marked.");
            return;
        }
        try {
            catalogue.change(plan().tier(), plan().version(), document);
        } catch (Problem problem) {
            refused(problem, "Nothing was saved yet");
            return;
        }
        saved();
    }

    @RequiresScope("finance:write")
    public void saveJson() {
        if (!isDraftStill() || isStale("saved")) {
            return;
        }
        Map<String, @Nullable Object> document;
        try {
            document = StoredDocument.read(getJson());
        } catch (RuntimeException e) {
            // The parser throws what it likes, also for what is nested too deep.
            messages.failedAt("expert:json", "That is no JSON object: " + e.getMessage());
            return;
        }
        try {
            catalogue.change(plan().tier(), plan().version(), document);
        } catch (Problem problem) {
            if (problem.errors().isEmpty()) {
                messages.show(problem, Map.of());
            } else {
                messages.failedAt(
                        "expert:json",
                        problem.errors().stream()
                                .map(error -> error.pointer() + " " + error.detail())
                                .collect(Collectors.joining("; ")));
            }
            return;
        }
        saved();
    }

    private boolean isDraftStill() {
        if (form != null && !isAgreeing()) {
            return true;
        }
        messages.failed("Nothing was changed: this is no draft any more.");
        return false;
    }

    private void saved() {
        json = null;
        load();
        form = TermsForm.of(plan());
        messages.done("The draft is saved. Nobody has it until it is published.");
    }

    private void refused(Problem problem, String words) {
        if (problem.errors().isEmpty() || form == null) {
            messages.show(problem, Map.of());
            return;
        }
        List<Problem.FieldError> others = form.show(problem);
        messages.failed(words + ": mend what is marked.");
        others.forEach(error -> messages.failed(error.pointer() + " " + error.detail()));
    }

    /** Whether it says something else than what was shown; from then on, that is shown. */
    private boolean isStale(String done) {
        if (getSeen().equals(seen)) {
            return false;
        }
        messages.failed(
                "Nothing was " + done + ": somebody else changed the draft meanwhile. What it says now is compared"
                        + " above; do it again if you still want to.");
        return true;
    }

    @RequiresScope("finance:write")
    @StepUp
    public void publish() {
        if (!isDraftStill() || isStale("published")) {
            return;
        }
        Instant validFrom = SaleTime.read(from, "publish:from", messages);
        Instant validTo = SaleTime.read(to, "publish:to", messages);
        if (validFrom == null && !from.isBlank() || validTo == null && !to.isBlank()) {
            return;
        }
        if (endsBefore(validFrom, validTo)) {
            messages.failedAt("publish:to", ENDS_BEFORE);
            return;
        }
        messages.attempt(Map.of("/valid_from", "publish:from", "/valid_to", "publish:to"), () -> {
            PlanVersion published = catalogue.publish(plan().tier(), plan().version(), validFrom, validTo);
            form = null;
            load();
            messages.done(plan().name() + ", version " + plan().version() + " is sold from "
                    + dates.dayAndTime(published.validFrom())
                    + " on. Subscriptions stay on their versions until you move them.");
        });
    }

    private boolean endsBefore(@Nullable Instant validFrom, @Nullable Instant validTo) {
        return validTo != null && !validTo.isAfter(validFrom == null ? clock.system() : validFrom);
    }

    @RequiresScope("finance:write")
    @StepUp
    public void archive() {
        if (isMissing()) {
            return;
        }
        messages.attempt(Map.of(), () -> {
            catalogue.archive(plan().tier(), plan().version());
            load();
            messages.done(plan().name() + ", version " + plan().version() + " is sold no more. Who has it keeps it.");
        });
    }

    /** What the form says becomes the tenant's contract; one goes on with moving it there. */
    @RequiresScope("finance:write")
    @StepUp
    public void agree() throws IOException {
        if (form == null || !isAgreeing()) {
            return;
        }
        Instant validFrom = SaleTime.read(from, "agreement:from", messages);
        Instant validTo = SaleTime.read(to, "agreement:to", messages);
        Map<String, @Nullable Object> document = form.document();
        if (document == null || validFrom == null && !from.isBlank() || validTo == null && !to.isBlank()) {
            messages.failed("Nothing was agreed yet: mend what is marked.");
            return;
        }
        PlanVersion made;
        try {
            made = catalogue.agree(new Catalogue.Contract(
                    Objects.requireNonNull(holder).id(),
                    plan().tier(),
                    plan().version(),
                    document,
                    validFrom,
                    validTo));
        } catch (Problem problem) {
            boolean ofTheSpan =
                    problem.errors().stream().anyMatch(error -> error.pointer().equals("/valid_to"));
            if (ofTheSpan) {
                messages.failedAt("agreement:to", ENDS_BEFORE);
            } else {
                refused(problem, "Nothing was agreed yet");
            }
            return;
        }
        external.redirect(VersionRow.address(plan().tier().code(), made.plan().version()));
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
