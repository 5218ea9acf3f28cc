package com.cognitionos.subscription.portal;

import com.cognitionos.catalog.boundary.AddOns;
import com.cognitionos.catalog.entity.AddOn;
import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.HeldAddOns;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.invoicing.boundary.Amendment;
import com.cognitionos.invoicing.boundary.Billing;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.portal.Dates;
import com.cognitionos.subscription.boundary.SubscriptionView;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a tenant has on top of its plan, and what it can add. */
@Named
@RequestScoped
public class PlanAddOns {

    @EJB
    private AddOns addOns;

    @EJB
    private Billing billing;

    @Inject
    private Dates dates;

    /**
     * One that is had or can be.
     *
     * @param quantity that is had; of one that is not, the least that can be
     * @param unitCents of one, per billing cycle
     * @param pending what becomes of it by itself; empty for nothing
     */
    public record Row(AddOn addOn, int quantity, long unitCents, String currency, String per, String pending) {

        public long cents() {
            return Math.multiplyExact(unitCents, quantity);
        }
    }

    public List<Row> held(SubscriptionView view) {
        return view.addOns().items().stream()
                .map(item -> row(
                        addOns.version(item.code(), item.version()), item.quantity(), view, pending(view, item.code())))
                .toList();
    }

    /** Those that are sold for the plan as it is paid, and not had. */
    public List<Row> offers(SubscriptionView view) {
        BillingCycle cycle = BillingCycle.of(view.billingCycle());
        return addOns.onSale(billing.present()).stream()
                .filter(one -> one.isFor(Tier.of(view.tier()))
                        && one.isSoldIn(cycle, view.currency())
                        && view.addOns().item(one.code()).isEmpty())
                .map(one -> row(one, one.minimumQuantity(), view, pending(view, one.code())))
                .toList();
    }

    private static Row row(AddOn addOn, int quantity, SubscriptionView view, String pending) {
        BillingCycle cycle = BillingCycle.of(view.billingCycle());
        return new Row(
                addOn,
                quantity,
                addOn.unitCents(cycle, view.currency()),
                view.currency(),
                cycle == BillingCycle.YEARLY ? "year" : "month",
                pending);
    }

    private String pending(SubscriptionView view, String code) {
        return view.pending()
                .flatMap(next -> next.addOns().item(code).map(item -> words(item, dates.day(next.at()))))
                .orElse("");
    }

    private static String words(HeldAddOns.Item item, String day) {
        return item.quantity() == 0 ? "Goes on " + day : item.quantity() + " from " + day + " on";
    }

    /** What becomes of add-ons, such as {@code Extra seats: 5, Support: none}; empty for nothing. */
    public String words(HeldAddOns change) {
        return change.items().stream()
                .map(item -> addOns.version(item.code(), item.version()).name() + ": "
                        + (item.quantity() == 0 ? "none" : item.quantity()))
                .collect(Collectors.joining(", "));
    }

    /** What is different from before, as {@link #words}. */
    public String difference(HeldAddOns before, HeldAddOns after) {
        List<HeldAddOns.Item> items = new ArrayList<>();
        before.items().stream()
                .filter(item -> after.item(item.code()).isEmpty())
                .forEach(item -> items.add(new HeldAddOns.Item(item.code(), item.version(), 0)));
        after.items().stream()
                .filter(item -> !before.agrees(after, item.code()))
                .forEach(items::add);
        return words(new HeldAddOns(items));
    }

    /** What an address asks for. @throws Problem INVALID for a quantity that is no number, or one that nobody has */
    Amendment.OfAddOn amendment(String action, String code, @Nullable String quantity) {
        return switch (action) {
            case "attach_add_on" -> new Amendment.AttachAddOn(code, number(quantity));
            case "change_add_on" -> new Amendment.ChangeAddOn(code, number(quantity), null);
            default -> new Amendment.RemoveAddOn(code);
        };
    }

    private static int number(@Nullable String quantity) {
        try {
            return Integer.parseInt(String.valueOf(quantity).strip());
        } catch (NumberFormatException e) {
            throw Problem.invalid("quantity", "wrong_type", "the quantity must be a whole number");
        }
    }

    /** Such as {@code Extra seats: 5}. */
    String title(SubscriptionView view, Amendment.OfAddOn amendment) {
        String name = name(view, amendment.code());
        if (amendment instanceof Amendment.AttachAddOn attach) {
            return name + ": " + attach.quantity();
        }
        return amendment instanceof Amendment.ChangeAddOn change ? name + ": " + change.quantity() : name + ", removed";
    }

    /** Whether it takes something away, which is due as the period ends. */
    boolean isLess(SubscriptionView view, Amendment.OfAddOn amendment) {
        if (amendment instanceof Amendment.ChangeAddOn change) {
            Integer wanted = change.quantity();
            return wanted != null
                    && view.addOns()
                            .item(change.code())
                            .filter(item -> wanted < item.quantity())
                            .isPresent();
        }
        return amendment instanceof Amendment.RemoveAddOn;
    }

    private String name(SubscriptionView view, String code) {
        return view.addOns()
                .item(code)
                .map(item -> addOns.version(code, item.version()))
                .orElseGet(() -> addOns.onSale(code, billing.present()))
                .name();
    }
}
