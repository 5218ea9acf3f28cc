package com.cognitionos.alert.control;

import com.cognitionos.alert.entity.Alert;
import com.cognitionos.alert.entity.AlertSettings;
import com.cognitionos.identity.boundary.Members;
import com.cognitionos.identity.boundary.Members.MemberView;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.MinorUnit;
import com.cognitionos.mail.boundary.Links;
import com.cognitionos.mail.boundary.Mails;
import com.cognitionos.mail.boundary.Mails.Mail;
import com.cognitionos.tenancy.boundary.TenantView;
import com.cognitionos.tenancy.boundary.Tenants;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What people are told of usage and spend, queued in the present transaction (ALR-6). */
@ApplicationScoped
public class AlertLetters {

    private static final Caller CALLER = Caller.job("mail");
    private static final String OWNER = "owner";

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
        TenantView tenant = tenants.current();
        List<String> wanted = settings.recipients();
        List<MemberView> people = wanted.isEmpty() ? List.of() : members.list();
        Set<String> found = new TreeSet<>();
        people.stream()
                .filter(member -> wanted.contains(member.role().code()))
                .forEach(member -> found.add(lower(member.email())));
        if (wanted.contains(OWNER)
                && people.stream().noneMatch(member -> member.role().code().equals(OWNER))) {
            found.add(lower(tenant.ownerEmail()));
        }
        if (wanted.contains(AlertSettings.BILLING_EMAIL)) {
            found.add(lower(tenant.billingEmail()));
        }
        return List.copyOf(found);
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
                + "\n\nThis is about " + plain(tenant.name()) + " on CognitionOS.\n";
        String about = (tenant.testMode() ? "[Test] " : "") + subject;
        for (String to : recipients) {
            CALLER.run(() -> mails.queue(new Mail(tenant.id(), to, about, body)));
        }
    }

    private static String headline(Alert alert) {
        return alert.kind() == Alert.Kind.BUDGET
                ? "Budget " + plain(alert.name()) + ": " + alert.threshold() + " % spent"
                : alert.name() + ": " + alert.threshold() + " % used";
    }

    private static String paragraph(Reached reached, ZoneId zone) {
        Alert alert = reached.highest();
        String what = alert.kind() == Alert.Kind.BUDGET
                ? "Of the budget " + plain(alert.name()) + ", " + amount(alert, alert.value()) + " of "
                        + amount(alert, alert.bound()) + " is spent"
                : alert.name() + ": " + number(alert.value()) + " of " + number(alert.bound()) + " is used";
        return what + " (" + number(alert.percent()) + " %) in the month from "
                + day(alert.period().start(), zone) + " to "
                + day(alert.period().end(), zone) + ". " + reached.consequence() + "\n";
    }

    private static String amount(Alert alert, BigDecimal cents) {
        String currency = String.valueOf(alert.currency());
        return MinorUnit.plain(cents.longValueExact(), currency) + " " + currency;
    }

    private static String number(BigDecimal value) {
        return new DecimalFormat("#,##0.##", DecimalFormatSymbols.getInstance(Locale.ENGLISH)).format(value);
    }

    private static String day(Instant at, ZoneId zone) {
        return DateTimeFormatter.ofPattern("d MMMM uuuu", Locale.ENGLISH)
                .withZone(zone)
                .format(at);
    }

    private static String lower(String address) {
        return address.toLowerCase(Locale.ROOT);
    }

    /** A name that somebody typed in must not pass for a link of ours. */
    private static String plain(String name) {
        return name.replaceAll("[^\\p{L}\\p{M}\\p{N} &'.,()+-]", " ")
                .replaceAll("\\.(?=\\p{L})", ". ")
                .strip();
    }
}
