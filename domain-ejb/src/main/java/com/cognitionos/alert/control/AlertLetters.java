package com.cognitionos.alert.control;

import com.cognitionos.alert.entity.Alert;
import com.cognitionos.alert.entity.AlertSettings;
import com.cognitionos.alert.entity.Anomaly;
import com.cognitionos.identity.boundary.Members;
import com.cognitionos.identity.entity.Role;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.MinorUnit;
import com.cognitionos.mail.boundary.Links;
import com.cognitionos.mail.boundary.Mails;
import com.cognitionos.mail.boundary.Mails.Mail;
import com.cognitionos.mail.boundary.Wording;
import com.cognitionos.tenancy.boundary.TenantView;
import com.cognitionos.tenancy.boundary.Tenants;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What people are told of usage and spend, queued in the present transaction (ALR-6). */
@ApplicationScoped
public class AlertLetters {

    private static final Caller CALLER = Caller.job("mail");

    @Inject
    private Links links;

    @EJB
    private Mails mails;

    @EJB
    private Tenants tenants;

    @EJB
    private Members members;

    /**
     * Something that was reached.
     *
     * @param highest of the shares that were reached at once
     * @param consequence what more use means, a sentence
     */
    public record Reached(Alert highest, String consequence) {}

    /** The addresses that the settings come to, in lower case and each once. */
    public List<String> recipients(AlertSettings settings) {
        List<String> wanted = settings.recipients();
        return List.copyOf(members.addresses(
                Stream.of(Role.values())
                        .filter(role -> wanted.contains(role.code()))
                        .toList(),
                wanted.contains(AlertSettings.BILLING_EMAIL)));
    }

    /** One mail to each for all that was reached at once. */
    public void reached(List<Reached> reached, List<String> recipients) {
        TenantView tenant = tenants.current();
        Alert first = reached.get(0).highest();
        String subject =
                reached.size() == 1 ? headline(first) : headline(first) + ", and " + (reached.size() - 1) + " more";
        String body = "Hello,\n\n"
                + reached.stream()
                        .map(one -> paragraph(one, ZoneId.of(tenant.timeZone())))
                        .collect(Collectors.joining("\n"))
                + "\nWhat you are told of, and who is, you choose here:\n\n" + links.to("/alerts", Map.of())
                + "\n\nThis is about " + Wording.plain(tenant.name()) + " on CognitionOS.\n";
        String about = (tenant.testMode() ? "[Test] " : "") + subject;
        for (String to : recipients) {
            CALLER.run(() -> mails.queue(new Mail(tenant.id(), to, about, body)));
        }
    }

    private static String headline(Alert alert) {
        return switch (alert.kind()) {
            case USAGE -> alert.name() + ": " + alert.threshold() + " % used";
            case BUDGET -> "Budget " + Wording.plain(alert.name()) + ": " + alert.threshold() + " % spent";
            case ANOMALY -> alert.name() + ": unusually " + (isHigh(alert) ? "high" : "low");
        };
    }

    private static String paragraph(Reached reached, ZoneId zone) {
        Alert alert = reached.highest();
        Anomaly anomaly = alert.anomaly();
        String what = anomaly != null
                ? unlike(alert, anomaly)
                : (alert.kind() == Alert.Kind.BUDGET
                                ? "Of the budget " + Wording.plain(alert.name()) + ", "
                                        + amount(alert, alert.value()) + " of " + amount(alert, alert.bound())
                                        + " is spent"
                                : alert.name() + ": " + number(alert.value()) + " of " + number(alert.bound())
                                        + " is used")
                        + " (" + number(alert.percent()) + " %) in the month from "
                        + Wording.day(alert.period().start(), zone) + " to "
                        + Wording.day(alert.period().end(), zone);
        return what + ". " + reached.consequence() + "\n";
    }

    private static String unlike(Alert alert, Anomaly anomaly) {
        boolean going = alert.triggeredAt().isBefore(alert.period().end());
        return alert.name() + ": " + number(alert.value()) + " on "
                + Wording.weekday(alert.period().start(), ZoneOffset.UTC)
                + (going ? " (UTC) so far" : " (UTC)") + ", where by your own history "
                + number(anomaly.usual()) + " is usual. You are told "
                + (isHigh(alert) ? "above " + number(anomaly.high()) : "at " + number(anomaly.low()) + " or less");
    }

    private static boolean isHigh(Alert alert) {
        return alert.anomaly() != null && alert.anomaly().direction() == Anomaly.Direction.HIGH;
    }

    private static String amount(Alert alert, BigDecimal cents) {
        String currency = String.valueOf(alert.currency());
        return MinorUnit.plain(cents.longValueExact(), currency) + " " + currency;
    }

    private static String number(BigDecimal value) {
        return new DecimalFormat("#,##0.##", DecimalFormatSymbols.getInstance(Locale.ENGLISH)).format(value);
    }
}
