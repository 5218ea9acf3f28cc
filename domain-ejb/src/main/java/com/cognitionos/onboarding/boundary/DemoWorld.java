package com.cognitionos.onboarding.boundary;

import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.identity.boundary.Staff;
import com.cognitionos.identity.boundary.Users;
import com.cognitionos.identity.entity.Role;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.metering.boundary.Rollups;
import com.cognitionos.metering.boundary.UsageEvents;
import com.cognitionos.onboarding.control.DemoCompany;
import com.cognitionos.onboarding.control.DemoPerson;
import com.cognitionos.onboarding.control.PrivateFile;
import com.cognitionos.payment.boundary.KeptCards;
import com.cognitionos.payment.boundary.PaymentMethods;
import com.cognitionos.payment.boundary.Settlement;
import com.cognitionos.tenancy.boundary.Tenants;
import com.cognitionos.tenancy.entity.Slug;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.logging.Logger;

/**
 * Tells the demo world's past (ONB-3): three months of six companies, day by day through the same boundaries as
 * everybody's present. Each step is safe to take again, so a start that was cut off goes on at the next one.
 */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class DemoWorld {

    private static final Logger LOG = Logger.getLogger(DemoWorld.class.getName());
    private static final Caller CALLER = Caller.job("demo-world");
    private static final String STARTED = "demo.started";
    private static final String DONE = "demo.done";
    private static final int DAYS = 95;
    private static final int STEP_DAYS = 2;

    /** Of what is told: the last invoice, and no other, meets the card that fails. */
    private static final int DAYS_OF_THE_GOOD_CARD = 80;

    @Inject
    private BusinessClock clock;

    @EJB
    private Installation installation;

    @EJB
    private Onboarding onboarding;

    @EJB
    private Tenants tenants;

    @EJB
    private Users users;

    @EJB
    private Staff staff;

    @EJB
    private PaymentMethods methods;

    @EJB
    private KeptCards cards;

    @EJB
    private Settlement settlement;

    @EJB
    private UsageEvents events;

    @EJB
    private Rollups rollups;

    private record Resident(DemoCompany company, UUID tenant) {}

    /** Does nothing where it was told already or where real tenants live. */
    public void tell(Path dataDirectory) {
        CALLER.run(() -> {
            boolean begun = installation.recall(STARTED).isPresent();
            if (installation.recall(DONE).isPresent() || (!begun && installation.anyTenant())) {
                return;
            }
            Instant now = clock.system();
            Instant start = Instant.parse(installation.rememberFirst(
                    STARTED,
                    now.minus(DAYS, ChronoUnit.DAYS)
                            .truncatedTo(ChronoUnit.HOURS)
                            .toString()));
            LOG.info("Telling the demo world's past");
            String password = signIns(dataDirectory.resolve("demo-sign-ins.txt"));
            List<Resident> residents = BusinessClock.at(start, () -> settle(password));
            for (Instant day = start; !day.isAfter(now); day = day.plus(STEP_DAYS, ChronoUnit.DAYS)) {
                Instant until = day;
                BusinessClock.at(until, () -> {
                    residents.forEach(resident -> live(resident, start, until));
                    return null;
                });
            }
            // Its last day as well, or it would look as if everybody had just stopped.
            Instant end = start.plus(DAYS, ChronoUnit.DAYS);
            BusinessClock.at(end, () -> {
                residents.forEach(resident -> live(resident, start, end));
                return null;
            });
            residents.forEach(this::finish);
            installation.rememberFirst(DONE, now.toString());
        });
    }

    private List<Resident> settle(String password) {
        List<Resident> residents = new ArrayList<>();
        for (DemoCompany company : DemoCompany.values()) {
            Slug slug = new Slug(company.slug());
            if (!tenants.slugTaken(slug)) {
                onboarding.openUnannounced(new Onboarding.NewTenant(
                        company.title(),
                        company.slug(),
                        company.email(),
                        "billing@" + company.slug() + ".example",
                        company.tier(),
                        BillingCycle.MONTHLY,
                        0,
                        false,
                        null));
            }
            Resident resident = new Resident(company, tenants.idOf(company.slug()));
            join(resident, password);
            if (!List.of(Tier.FREE, Tier.ENTERPRISE).contains(company.tier())) {
                CALLER.in(resident.tenant()).run(this::card);
            }
            residents.add(resident);
        }
        appoint(password);
        return residents;
    }

    private void join(Resident resident, String password) {
        DemoCompany company = resident.company();
        users.join(person(company.email(), company.person(), password), resident.tenant(), Role.OWNER, clock.system());
        for (DemoPerson person : DemoPerson.of(company)) {
            users.join(
                    person(person.email(), person.fullName(), password),
                    resident.tenant(),
                    person.role(),
                    clock.system());
        }
    }

    private UUID person(String email, String name, String password) {
        return users.find(email).orElseGet(() -> users.create(email, name, password, clock.system()));
    }

    private void appoint(String password) {
        for (DemoPerson person : DemoPerson.staff()) {
            staff.appoint(person(person.email(), person.fullName(), password), person.role());
        }
    }

    private void card() {
        if (methods.defaultMethod().isEmpty()) {
            cards.add("pm_card_visa", true);
        }
    }

    private void failFrom(Instant until, Instant start) {
        if (!until.isBefore(start.plus(DAYS_OF_THE_GOOD_CARD, ChronoUnit.DAYS))
                && methods.defaultMethod()
                        .filter(card -> card.last4().equals("4242"))
                        .isPresent()) {
            methods.list().forEach(card -> cards.remove(card.id()));
            cards.add("pm_card_chargeCustomerFail", true);
        }
    }

    private void live(Resident resident, Instant start, Instant until) {
        CALLER.in(resident.tenant()).run(() -> {
            events.ingest(resident.company().usage(until.minus(Duration.ofDays(STEP_DAYS)), until, start));
            if (resident.company().failing()) {
                failFrom(until, start);
            }
            settlement.carryTo(until, null);
        });
    }

    private void finish(Resident resident) {
        CALLER.in(resident.tenant()).run(() -> {
            if (resident.company().suspended() && tenants.current().status().equals("active")) {
                tenants.suspend("Chargebacks are under review.");
            }
            rollups.rollUp(true);
        });
    }

    /** One password for all demo accounts, made here: a well-known one would let anybody in. */
    private static String signIns(Path file) {
        try {
            if (Files.exists(file)) {
                String first = Files.readAllLines(file).get(0);
                return first.substring(first.lastIndexOf(' ') + 1);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
        byte[] bytes = new byte[6];
        new SecureRandom().nextBytes(bytes);
        String password = "demo-" + HexFormat.of().formatHex(bytes);
        StringBuilder lines = new StringBuilder();
        for (DemoCompany company : DemoCompany.values()) {
            lines.append(line(company.email(), company.about(), password));
        }
        for (DemoPerson person : DemoPerson.values()) {
            lines.append(line(person.email(), person.about(), password));
        }
        PrivateFile.write(file, lines.toString());
        return password;
    }

    private static String line(String email, String about, String password) {
        return String.format("%-28s %-22s %s%n", email, about, password);
    }
}
