package com.cognitionos.catalog.entity;

import com.cognitionos.kernel.Problem;
import com.cognitionos.rating.entity.Recurring.Timing;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a version of an add-on says, as the JSON that the catalogue keeps and that finance sends: {@code name},
 * {@code description}, {@code tiers}, {@code minimum_quantity}, {@code maximum_quantity}, {@code prices}.
 */
public final class AddOnDocument {

    private AddOnDocument() {}

    /**
     * @param document see {@link Fields}
     * @param known the plans that there are
     * @throws Problem INVALID with every fault and where it is
     */
    public static AddOn read(String code, int version, Map<String, @Nullable Object> document, Collection<Tier> known) {
        Fields fields = Fields.of(document);
        String name = fields.required("name", fields.text("name", 100));
        String description = fields.text("description", 500);
        Set<Tier> tiers = tiers(fields, known);
        int minimum = quantity(fields, "minimum_quantity", 1);
        int most = quantity(fields, "maximum_quantity", AddOn.MOST);
        if (most < minimum) {
            fields.fault("maximum_quantity", "out_of_range", "must not be below minimum_quantity");
        }
        List<Plan.Price> prices = PlanDocument.prices(fields, cycle -> Timing.IN_ADVANCE);
        fields.check();
        return new AddOn(
                code,
                version,
                String.valueOf(name),
                description,
                tiers,
                minimum,
                fields.has("maximum_quantity") ? Integer.valueOf(most) : null,
                prices);
    }

    private static Set<Tier> tiers(Fields fields, Collection<Tier> known) {
        Set<Tier> tiers = new LinkedHashSet<>();
        List<String> codes = fields.texts("tiers");
        for (int i = 0; i < codes.size(); i++) {
            Tier tier = Tier.isCode(codes.get(i)) ? new Tier(codes.get(i)) : null;
            if (tier == null || !known.contains(tier)) {
                fields.fault("tiers/" + i, "unknown_tier", "there is no such plan");
            } else {
                tiers.add(tier);
            }
        }
        if (codes.isEmpty() && !fields.isFaulty("tiers")) {
            fields.fault("tiers", "required", "name at least one plan that it can be added to");
        }
        return tiers;
    }

    private static int quantity(Fields fields, String name, int otherwise) {
        Long given = fields.whole(name);
        if (given == null) {
            return otherwise;
        }
        if (given < 1 || given > AddOn.MOST) {
            fields.fault(name, "out_of_range", "must be from 1 to " + AddOn.MOST);
            return otherwise;
        }
        return given.intValue();
    }

    /** The document that reads as this add-on. */
    public static Map<String, @Nullable Object> write(AddOn addOn) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("name", addOn.name());
        document.put("description", addOn.description());
        document.put("tiers", addOn.tiers().stream().map(Tier::code).sorted().toList());
        document.put("minimum_quantity", (long) addOn.minimumQuantity());
        document.put(
                "maximum_quantity", addOn.maximumQuantity() == null ? null : Long.valueOf(addOn.maximumQuantity()));
        document.put("prices", addOn.prices().stream().map(PlanDocument::write).toList());
        return document;
    }
}
