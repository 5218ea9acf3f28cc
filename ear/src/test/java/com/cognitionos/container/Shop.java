package com.cognitionos.container;

import com.cognitionos.catalog.boundary.AddOnCatalogue;
import com.cognitionos.catalog.boundary.Catalogue;
import com.cognitionos.catalog.boundary.PlanVersion;
import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.AddOn;
import com.cognitionos.catalog.entity.StoredDocument;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.invoicing.boundary.OneOffCharges;
import com.cognitionos.payment.boundary.VersionMoves;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.Dependent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Plans of a test's own, which nobody else is sold. */
@Dependent
public class Shop {

    private static final String FEATURES = """
            "features": {"seats": 10, "agents": 10, "workflows": 10, "api_requests_per_minute": 1000, "api_keys": 5,
                         "plugins": true}""";

    @EJB
    Catalogue catalogue;

    @EJB
    Plans plans;

    @EJB
    AddOnCatalogue addOns;

    @EJB
    VersionMoves moves;

    @EJB
    OneOffCharges charges;

    private final List<PlanVersion> opened = new ArrayList<>();
    private final List<AddOn> added = new ArrayList<>();

    /** What a version says, as JSON without its braces; the features that every plan needs are added. */
    static Map<String, Object> document(String members) {
        return StoredDocument.read("{" + members + ", " + FEATURES + "}");
    }

    /** A plan that is sold since the start of 2026. */
    Tier open(String members) {
        Tier tier = new Tier(World.unique("plan").replace('-', '_'));
        World.OPERATOR.run(() -> {
            catalogue.addPlan(tier, null, document(members));
            publish(tier, 1, "2026-01-01");
        });
        return tier;
    }

    /** A further version, like the newest but for what is given; a draft. */
    int draft(Tier tier, String members) {
        return World.OPERATOR.call(() -> catalogue
                .addVersion(tier, null, StoredDocument.read("{" + members + "}"))
                .plan()
                .version());
    }

    PlanVersion publish(Tier tier, int version, String from) {
        return World.OPERATOR.call(() -> {
            PlanVersion published = catalogue.publish(tier, version, Dates.at(from), null);
            opened.add(published);
            return published;
        });
    }

    /** An add-on to these plans that is sold since the start of 2026; its code. */
    String addOn(String members, Tier... tiers) {
        String code = World.unique("extra").replace('-', '_');
        String names = Arrays.stream(tiers).map(tier -> '"' + tier.code() + '"').collect(Collectors.joining(", "));
        World.OPERATOR.run(
                () -> addOns.add(code, StoredDocument.read("{" + members + ", \"tiers\": [" + names + "]}")));
        publishAddOn(code, 1, "2026-01-01");
        return code;
    }

    /** A further version, sold from that day on. */
    void reprice(String code, String members, String from) {
        int version = World.OPERATOR.call(() -> addOns.addVersion(code, StoredDocument.read("{" + members + "}"))
                .addOn()
                .version());
        publishAddOn(code, version, from);
    }

    private void publishAddOn(String code, int version, String from) {
        World.OPERATOR.run(() ->
                added.add(addOns.publish(code, version, Dates.at(from), null).addOn()));
    }

    OneOffCharges.Charge charge(Company company, String what, long cents) {
        return World.OPERATOR.in(company.id()).call(() -> charges.add(what, cents));
    }

    /** Sells nothing any more, so that no other test meets it. */
    void close() {
        World.OPERATOR.run(() -> opened.forEach(version -> {
            PlanVersion now =
                    catalogue.version(version.plan().tier(), version.plan().version());
            if (now.status() == PlanVersion.Status.PUBLISHED) {
                catalogue.archive(now.plan().tier(), now.plan().version());
            }
        }));
        opened.clear();
        World.OPERATOR.run(() -> added.stream()
                .filter(one -> addOns.version(one.code(), one.version()).status() == PlanVersion.Status.PUBLISHED)
                .forEach(one -> addOns.archive(one.code(), one.version())));
        added.clear();
    }
}
