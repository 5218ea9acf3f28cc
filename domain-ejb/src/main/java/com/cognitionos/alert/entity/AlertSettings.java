package com.cognitionos.alert.entity;

import com.cognitionos.kernel.Problem;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a tenant wants to be told of, and whom to tell.
 *
 * @param meters other thresholds than the usual ones, by meter; none where it is never told of
 * @param recipients {@link #BILLING_EMAIL} or roles of members; none gets no mails
 * @param anomalies of days that are unlike the tenant's history
 */
public record AlertSettings(
        Thresholds thresholds, Map<String, Thresholds> meters, List<String> recipients, AnomalySettings anomalies) {

    public static final String BILLING_EMAIL = "billing_email";

    /** Who can be named. */
    public static final List<String> RECIPIENTS =
            List.of(BILLING_EMAIL, "owner", "admin", "billing", "developer", "viewer");

    /** Until the tenant chooses. */
    public static final AlertSettings USUAL =
            new AlertSettings(Thresholds.USUAL, Map.of(), List.of(BILLING_EMAIL, "owner"), AnomalySettings.USUAL);

    public AlertSettings {
        meters = Map.copyOf(meters);
        recipients = List.copyOf(recipients);
    }

    public Thresholds of(String meter) {
        return meters.getOrDefault(meter, thresholds);
    }

    /** @param known the meters that there are. @throws Problem INVALID */
    public AlertSettings checked(Set<String> known) {
        thresholds.checked("thresholds");
        meters.forEach((meter, own) -> {
            if (!known.contains(meter)) {
                throw Problem.invalid("meters", "unknown_meter", "there is no meter " + meter);
            }
            own.checked("meters/" + meter);
        });
        anomalies.check(known);
        for (int i = 0; i < recipients.size(); i++) {
            String recipient = recipients.get(i);
            if (!RECIPIENTS.contains(recipient) || recipients.indexOf(recipient) < i) {
                throw Problem.invalid(
                        "recipients/" + i,
                        "unknown_recipient",
                        "each recipient is one of " + String.join(", ", RECIPIENTS) + ", and named once");
            }
        }
        return this;
    }
}
