package com.cognitionos.container;

import static com.cognitionos.container.Problems.assertRefused;
import static com.cognitionos.container.Problems.problemOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.identity.boundary.Account;
import com.cognitionos.identity.boundary.Invitations;
import com.cognitionos.identity.boundary.Members;
import com.cognitionos.identity.boundary.Sessions;
import com.cognitionos.identity.boundary.SignIns;
import com.cognitionos.identity.boundary.SignIns.Outcome;
import com.cognitionos.identity.boundary.SignIns.Result;
import com.cognitionos.identity.boundary.SignUps;
import com.cognitionos.identity.boundary.Staff;
import com.cognitionos.identity.boundary.Users.Person;
import com.cognitionos.identity.control.Passwords;
import com.cognitionos.identity.control.Totp;
import com.cognitionos.identity.entity.Role;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Origin;
import com.cognitionos.kernel.Problem.Kind;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.Vault;
import com.cognitionos.mail.boundary.Mails;
import com.cognitionos.mail.control.Letter;
import com.cognitionos.mail.control.Outbox;
import com.cognitionos.onboarding.boundary.Onboarding;
import com.cognitionos.tenancy.boundary.TenantSettings;
import com.cognitionos.tenancy.entity.Setting;
import jakarta.inject.Inject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("People")
class PeopleIT extends InContainer {

    private static final String PASSWORD = "a long enough password";
    private static final String WRONG = "not that password at all";
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    @Inject
    private SignIns signIns;

    @Inject
    private Sessions sessions;

    @Inject
    private Account account;

    @Inject
    private Passwords passwords;

    @Inject
    private Members members;

    @Inject
    private Invitations invitations;

    @Inject
    private Staff staff;

    @Inject
    private Mails mails;

    @Inject
    private Outbox outbox;

    @Inject
    private Vault vault;

    /** Somebody with an account, at a place of their own. */
    private record Somebody(UUID id, String email, Origin origin) {}

    private Somebody somebody() {
        String email = address();
        UUID id = platform(() -> world.users.create(email, "Ada Moreau", PASSWORD, START));
        return new Somebody(id, email, place());
    }

    private static String address() {
        return World.unique("p") + "@example.org";
    }

    /** A place that nobody has been at. */
    private static Origin place() {
        long network = ThreadLocalRandom.current().nextLong();
        return new Origin(
                "portal", "2001:db8:%x:%x::1".formatted(network & 0xffff, network >> 16 & 0xffff), "a browser");
    }

    private static <T> T platform(Supplier<T> work) {
        return World.OPERATOR.call(work);
    }

    private static <T> T at(Instant instant, Supplier<T> work) {
        return BusinessClock.at(instant, () -> platform(work));
    }

    private Outcome signIn(Instant instant, Somebody who, String password) {
        return at(instant, () -> signIns.password(who.email(), password, who.origin()))
                .outcome();
    }

    @Test
    @DisplayName("IDE-2: a wrong password and an unknown address get the same answer for the same work")
    void sameAnswerForTheSameWork() {
        Somebody known = somebody();
        Somebody unknown = new Somebody(UUID.randomUUID(), address(), place());
        for (String password : List.of(WRONG, "", PASSWORD + " ", "x".repeat(100_000))) {
            long before = passwords.computed();
            Result forKnown = platform(() -> signIns.password(known.email(), password, place()));
            long between = passwords.computed();
            Result forUnknown = platform(() -> signIns.password(unknown.email(), password, place()));

            assertThat(forKnown).isEqualTo(forUnknown).isEqualTo(new Result(Outcome.WRONG, null, 0));
            assertThat(between - before).isEqualTo(1);
            assertThat(passwords.computed() - between).isEqualTo(1);
        }
        assertThat(signIn(START, unknown, PASSWORD)).isEqualTo(Outcome.WRONG);
        assertThat(platform(() -> signIns.password("\0@example.org", PASSWORD, place()))
                        .outcome())
                .isEqualTo(Outcome.WRONG);
    }

    @Test
    @DisplayName("IDE-5: five wrong guesses in a row make an account rest, ever longer, whether it exists or not")
    void anAccountRests() {
        for (Somebody who : List.of(somebody(), new Somebody(UUID.randomUUID(), address(), place()))) {
            Instant now = START;
            for (int i = 0; i < 5; i++) {
                assertThat(signIn(now, who, WRONG)).isEqualTo(Outcome.WRONG);
            }
            for (long pause : new long[] {1, 2, 4, 8, 16, 32, 60, 60}) {
                long before = passwords.computed();
                Result held = at(now, () -> signIns.password(who.email(), PASSWORD, place()));
                assertThat(held).isEqualTo(new Result(Outcome.SLOWED, null, pause));
                assertThat(passwords.computed()).as("nothing was looked at").isEqualTo(before);
                now = now.plusSeconds(pause);
                Instant then = now;
                assertThat(at(then, () -> signIns.password(who.email(), WRONG, place()))
                                .outcome())
                        .isEqualTo(Outcome.WRONG);
            }
        }
    }

    @Test
    @DisplayName("IDE-5: the right password ends the rest; what was wrong long ago is forgotten")
    void successStartsAnew() {
        Somebody who = somebody();
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 4; i++) {
                assertThat(signIn(START, who, WRONG)).isEqualTo(Outcome.WRONG);
            }
            assertThat(signIn(START, who, PASSWORD)).isEqualTo(Outcome.IN);
        }
        for (int i = 0; i < 5; i++) {
            signIn(START, who, WRONG);
        }
        Instant later = START.plus(Duration.ofMinutes(50));
        for (int i = 0; i < 4; i++) {
            assertThat(at(later, () -> signIns.password(who.email(), WRONG, place()))
                            .outcome())
                    .isEqualTo(Outcome.WRONG);
        }
        assertThat(at(later, () -> signIns.password(who.email(), PASSWORD, place()))
                        .outcome())
                .isEqualTo(Outcome.IN);
    }

    @Test
    @DisplayName("IDE-5: of forty guesses at the same moment five are looked at")
    void guessesAtOnceDoNotSlipThrough() {
        Somebody who = somebody();
        long before = passwords.computed();

        List<Result> results = crowd.allAtOnce(40, i ->
                (Callable<Result>) () -> at(START, () -> signIns.password(who.email(), WRONG, place())));

        assertThat(results)
                .filteredOn(result -> result.outcome() == Outcome.WRONG)
                .hasSize(5);
        assertThat(results)
                .filteredOn(result -> result.outcome() == Outcome.SLOWED)
                .hasSize(35);
        assertThat(passwords.computed() - before).isEqualTo(5);
    }

    @Test
    @DisplayName("IDE-5: twenty wrong guesses close a place for the rest of fifteen minutes, its whole IPv6 network")
    void aPlaceIsClosed() {
        Somebody who = somebody();
        String network = who.origin().address().replaceAll("::1$", "");
        for (int i = 0; i < 20; i++) {
            Origin neighbour = new Origin("portal", network + "::" + Integer.toHexString(i + 2), null);
            assertThat(at(START.plusSeconds(30), () -> signIns.password(address(), WRONG, neighbour))
                            .outcome())
                    .isEqualTo(Outcome.WRONG);
        }
        assertThat(at(START.plusSeconds(90), () -> signIns.password(who.email(), PASSWORD, who.origin())))
                .isEqualTo(new Result(Outcome.SLOWED, null, 14 * 60));
        assertThat(at(START.plusSeconds(90), () -> signIns.password(who.email(), PASSWORD, place()))
                        .outcome())
                .isEqualTo(Outcome.IN);
        assertThat(signIn(START.plusSeconds(30 + 15 * 60), who, PASSWORD)).isEqualTo(Outcome.IN);
    }

    @Test
    @DisplayName(
            "IDE-5: of sixty guesses at sixty accounts from one place twenty are looked at; right ones do not count")
    void aPlaceIsClosedAtOnce() {
        Somebody who = somebody();
        for (int i = 0; i < 25; i++) {
            assertThat(signIn(START, who, PASSWORD)).isEqualTo(Outcome.IN);
        }

        List<Result> results = crowd.allAtOnce(60, i ->
                (Callable<Result>) () -> at(START, () -> signIns.password(address(), WRONG, who.origin())));

        assertThat(results)
                .filteredOn(result -> result.outcome() == Outcome.WRONG)
                .hasSize(20);
    }

    private byte[] enrolled(Somebody who) {
        byte[] secret = secretOf(who);
        at(START, () -> account.enrol(who.id(), Totp.code(secret, START), null));
        return secret;
    }

    /** As the app has it: from the text that the person types in. */
    private byte[] secretOf(Somebody who) {
        String text = platform(() -> account.beginEnrolment(who.id())).secret();
        BigInteger bits = BigInteger.ZERO;
        for (char c : text.toCharArray()) {
            bits = bits.shiftLeft(5).or(BigInteger.valueOf("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c)));
        }
        byte[] bytes = bits.toByteArray();
        byte[] secret = new byte[20];
        int length = Math.min(20, bytes.length);
        System.arraycopy(bytes, bytes.length - length, secret, 20 - length, length);
        return secret;
    }

    private Outcome code(Instant instant, Somebody who, String code) {
        return at(instant, () -> signIns.secondFactor(who.id(), code, who.origin()))
                .outcome();
    }

    @Test
    @DisplayName(
            "IDE-6: with a second factor the password alone lets nobody in; a code is good once, a step off at most")
    void aCodeIsGoodOnce() {
        Somebody who = somebody();
        byte[] secret = enrolled(who);
        Instant now = START.plus(Duration.ofMinutes(10));

        Result first = at(now, () -> signIns.password(who.email(), PASSWORD, who.origin()));
        assertThat(first).isEqualTo(new Result(Outcome.SECOND_FACTOR, who.id(), 0));
        assertThat(code(now, who, Totp.code(secret, now.minusSeconds(60)))).isEqualTo(Outcome.WRONG);
        assertThat(code(now, who, Totp.code(secret, now.plusSeconds(60)))).isEqualTo(Outcome.WRONG);
        assertThat(code(now, who, Totp.code(secret, now))).isEqualTo(Outcome.IN);
        assertThat(code(now, who, Totp.code(secret, now))).isEqualTo(Outcome.WRONG);
        assertThat(code(now, who, Totp.code(secret, now.minusSeconds(30)))).isEqualTo(Outcome.WRONG);
        assertThat(code(now, who, Totp.code(secret, now.plusSeconds(30)))).isEqualTo(Outcome.IN);
        assertThat(at(now, () -> signIns.confirm(who.id(), PASSWORD, who.origin()))
                        .outcome())
                .isEqualTo(Outcome.WRONG);
        String confirming = Totp.code(secret, now.plusSeconds(90));
        assertThat(at(now.plusSeconds(90), () -> signIns.confirm(who.id(), confirming, who.origin()))
                        .outcome())
                .isEqualTo(Outcome.IN);
    }

    @Test
    @DisplayName("IDE-6: of eight who bring the same code at the same moment one gets in")
    void aCodeIsGoodOnceAtOnce() {
        Somebody who = somebody();
        byte[] secret = enrolled(who);
        Instant now = START.plus(Duration.ofMinutes(10));
        String code = Totp.code(secret, now);

        List<Result> results = crowd.allAtOnce(5, i ->
                (Callable<Result>) () -> at(now, () -> signIns.secondFactor(who.id(), code, place())));

        assertThat(results).filteredOn(result -> result.outcome() == Outcome.IN).hasSize(1);
    }

    @Test
    @DisplayName("IDE-4: a session ends after half an hour without a request, or after twelve hours")
    void sessionsEnd() {
        Somebody who = somebody();
        UUID session = at(START, () -> sessions.open(who.id(), null, who.origin()));
        Instant now = START;
        for (; now.isBefore(START.plus(Duration.ofHours(12))); now = now.plus(Duration.ofMinutes(29))) {
            assertThat(at(now, () -> sessions.use(session))).as(now.toString()).isPresent();
        }
        assertThat(at(START.plus(Duration.ofHours(12)), () -> sessions.use(session)))
                .isEmpty();

        UUID idle = at(START, () -> sessions.open(who.id(), null, who.origin()));
        assertThat(at(START.plusSeconds(1799), () -> sessions.of(who.id())))
                .extracting(Sessions.SessionView::id)
                .contains(idle);
        assertThat(at(START.plusSeconds(1800), () -> sessions.use(idle))).isEmpty();
        assertThat(at(START.plusSeconds(1800), () -> sessions.of(who.id())))
                .extracting(Sessions.SessionView::id)
                .doesNotContain(idle);
    }

    @Test
    @DisplayName("IDE-4: when a session was last seen is written once a minute")
    void lastSeenIsWrittenOnceAMinute() {
        Somebody who = somebody();
        UUID session = at(START, () -> sessions.open(who.id(), null, who.origin()));

        at(START.plusSeconds(59), () -> sessions.use(session));
        assertThat(lastSeen(session)).isEqualTo(START);
        at(START.plusSeconds(60), () -> sessions.use(session));
        assertThat(lastSeen(session)).isEqualTo(START.plusSeconds(60));
    }

    private Instant lastSeen(UUID session) {
        return owner.query(
                        "SELECT last_seen_at FROM user_sessions WHERE id = ?",
                        row -> Sql.instant(row, "last_seen_at"),
                        session)
                .get(0);
    }

    @Test
    @DisplayName("IDE-4: a session is ended from elsewhere at once, and by nobody else")
    void sessionsAreEnded() {
        Somebody who = somebody();
        Somebody other = somebody();
        UUID here = at(START, () -> sessions.open(who.id(), null, who.origin()));
        UUID there = at(START, () -> sessions.open(who.id(), null, place()));

        World.OPERATOR.run(() -> assertRefused(Kind.NOT_FOUND, () -> sessions.end(other.id(), there)));
        assertThat(at(START, () -> sessions.use(there))).isPresent();
        BusinessClock.at(
                START,
                () -> platform(() -> {
                    sessions.end(who.id(), there);
                    return null;
                }));
        assertThat(at(START, () -> sessions.use(there))).isEmpty();
        assertThat(at(START, () -> sessions.use(here))).isPresent();
        UUID third = at(START, () -> sessions.open(who.id(), null, place()));
        assertThat(at(START, () -> sessions.endAll(who.id(), here))).isEqualTo(1);
        assertThat(at(START, () -> sessions.use(third))).isEmpty();
        assertThat(at(START, () -> sessions.of(who.id())))
                .singleElement()
                .satisfies(left -> assertThat(left.id()).isEqualTo(here));
    }

    // Members and invitations

    /** A company on that plan with a person as its owner and nobody invited. */
    private record Firm(Company company, Somebody owner) {
        Caller by(Somebody who, Role role) {
            return new Caller("user:" + who.id(), false, company.id(), role.scopes());
        }

        Caller byOwner() {
            return by(owner, Role.OWNER);
        }
    }

    private Firm firm(Tier tier) {
        Company company = world.open(tier, "2026-01-31");
        Somebody boss = somebody();
        World.OPERATOR.run(() -> world.users.join(boss.id(), company.id(), Role.OWNER, START));
        Firm firm = new Firm(company, boss);
        firm.byOwner().run(() -> members.invitations().forEach(open -> members.withdraw(open.id())));
        return firm;
    }

    private Somebody member(Firm firm, Role role) {
        Somebody who = somebody();
        World.OPERATOR.run(() -> world.users.join(who.id(), firm.company().id(), role, START));
        return who;
    }

    /** The text of the last mail to that address. */
    private String mailTo(String email) {
        return owner.query(
                        "SELECT id, body FROM mails WHERE recipient = ? ORDER BY id DESC LIMIT 1",
                        row -> new String(
                                vault.open("mail", row.getString("id"), row.getBytes("body")), StandardCharsets.UTF_8),
                        email)
                .get(0);
    }

    private String tokenTo(String email) {
        Matcher link = Pattern.compile("http://localhost:\\d+/\\w+\\?token=([\\w-]{43})\\s")
                .matcher(mailTo(email));
        assertThat(link.find()).isTrue();
        return link.group(1);
    }

    private long mailsTo(String email) {
        return owner.count("SELECT count(*) FROM mails WHERE recipient = ?", email);
    }

    @Test
    @DisplayName("IDE-8: a new person takes an invitation by its link, once; nothing that is stored opens it")
    void aNewPersonTakesAnInvitation() {
        Firm firm = firm(Tier.PRO);
        String email = address();
        Members.InvitationView invited =
                firm.byOwner().call(() -> members.invite(" " + email.toUpperCase(), Role.DEVELOPER));
        assertThat(invited.email()).isEqualTo(email);
        assertThat(invited.invitedBy()).isEqualTo("Ada Moreau");
        String token = tokenTo(email);

        assertThat(owner.query(
                        "SELECT i::text || m.body::text FROM invitations i, mails m WHERE m.recipient = i.email"
                                + " AND i.email = ?",
                        row -> row.getString(1),
                        email))
                .singleElement()
                .asString()
                .doesNotContain(token);
        assertThat(platform(() -> invitations.offer(token)))
                .contains(new Invitations.Offer(
                        email, firm.company().as(world.tenants::current).name(), Role.DEVELOPER, false));
        World.OPERATOR.run(
                () -> assertRefused(Kind.INVALID, () -> invitations.acceptAsNew(token, "New Person", "password1234")));
        UUID user = platform(() -> invitations.acceptAsNew(token, "New Person", PASSWORD));

        assertThat(firm.byOwner().call(members::list))
                .filteredOn(member -> member.userId().equals(user))
                .singleElement()
                .satisfies(member -> assertThat(member.role()).isEqualTo(Role.DEVELOPER));
        assertThat(firm.byOwner().call(members::invitations)).isEmpty();
        assertThat(platform(() -> signIns.password(email, PASSWORD, place())).outcome())
                .isEqualTo(Outcome.IN);
        assertThat(platform(() -> invitations.offer(token))).isEmpty();
        World.OPERATOR.run(
                () -> assertRefused(Kind.NOT_FOUND, () -> invitations.acceptAsNew(token, "Again", PASSWORD)));
    }

    @Test
    @DisplayName("IDE-8: a known person takes it signed in, with their own address only, and at once only once")
    void aKnownPersonTakesAnInvitation() {
        Firm firm = firm(Tier.PRO);
        Somebody who = somebody();
        Somebody other = somebody();
        firm.byOwner().run(() -> members.invite(who.email(), Role.BILLING));
        String token = tokenTo(who.email());

        World.OPERATOR.run(() -> {
            assertThat(invitations.offer(token).orElseThrow().known()).isTrue();
            assertRefused(Kind.NOT_FOUND, () -> invitations.acceptAs(other.id(), token));
            assertRefused(Kind.CONFLICT, () -> invitations.acceptAsNew(token, "Me Again", PASSWORD));
        });
        List<Crowd.Outcome<Boolean>> outcomes = crowd.atOnce(
                4,
                i -> () -> platform(() -> {
                    invitations.acceptAs(who.id(), token);
                    return true;
                }));
        assertThat(outcomes).filteredOn(Crowd.Outcome::succeeded).hasSize(1);
        assertThat(platform(() -> account.person(who.id())).memberships())
                .singleElement()
                .satisfies(membership -> assertThat(membership.role()).isEqualTo(Role.BILLING));
        firm.byOwner().run(() -> assertRefused(Kind.CONFLICT, () -> members.invite(who.email(), Role.ADMIN)));
    }

    @Test
    @DisplayName("IDE-8: a link is void after seven days, when it is withdrawn, and when the address is invited again")
    void linksBecomeVoid() {
        Firm firm = firm(Tier.PRO);
        String email = address();
        Instant now = Instant.parse("2026-03-01T12:00:00Z");
        BusinessClock.at(now, () -> firm.byOwner().call(() -> members.invite(email, Role.VIEWER)));
        String first = tokenTo(email);
        assertThat(at(now.plus(Duration.ofDays(7)).minusSeconds(1), () -> invitations.offer(first)))
                .isPresent();
        assertThat(at(now.plus(Duration.ofDays(7)), () -> invitations.offer(first)))
                .isEmpty();
        List<Members.InvitationView> open = BusinessClock.at(
                now.plus(Duration.ofDays(7)), () -> firm.byOwner().call(members::invitations));
        assertThat(open).isEmpty();

        Members.InvitationView again =
                BusinessClock.at(now, () -> firm.byOwner().call(() -> members.invite(email, Role.ADMIN)));
        String second = tokenTo(email);
        assertThat(at(now, () -> invitations.offer(first))).isEmpty();
        assertThat(at(now, () -> invitations.offer(second)).orElseThrow().role())
                .isEqualTo(Role.ADMIN);
        firm.byOwner().run(() -> members.withdraw(again.id()));
        assertThat(at(now, () -> invitations.offer(second))).isEmpty();
        firm.byOwner().run(() -> assertRefused(Kind.NOT_FOUND, () -> members.withdraw(again.id())));
    }

    @Test
    @DisplayName("IDE-9: of twelve invitations at once as many go out as there are seats")
    void seatsAreKeptAtOnce() {
        Firm firm = firm(Tier.FREE);

        List<Crowd.Outcome<Members.InvitationView>> outcomes =
                crowd.atOnce(12, i -> () -> firm.byOwner().call(() -> members.invite(address(), Role.VIEWER)));

        assertThat(outcomes).filteredOn(Crowd.Outcome::succeeded).hasSize(4);
        assertThat(outcomes)
                .filteredOn(outcome -> !outcome.succeeded())
                .allSatisfy(outcome -> assertRefused(Kind.PAYMENT_REQUIRED, () -> {
                    throw outcome.thrown();
                }));
        assertThat(firm.byOwner().call(members::invitations)).hasSize(4);
    }

    @Test
    @DisplayName(
            "IDE-8: of twice as many invitations at once as there are connections none waits for another's for ever")
    void invitationsDoNotStarveEachOther() {
        Firm firm = firm(Tier.ENTERPRISE);

        List<Crowd.Outcome<Members.InvitationView>> outcomes =
                crowd.atOnce(40, i -> () -> firm.byOwner().call(() -> members.invite(address(), Role.VIEWER)));

        assertThat(outcomes).allMatch(Crowd.Outcome::succeeded);
    }

    @Test
    @DisplayName("IDE-8: an address gets five mails an hour; an invitation that is refused is none of them")
    void anAddressGetsFiveInvitationsAnHour() {
        Firm firm = firm(Tier.FREE);
        String email = address();
        Instant now = Instant.parse("2026-03-01T12:00:00Z");
        setSeats(firm, 1L);
        for (int i = 0; i < 6; i++) {
            assertRefusedAt(now, firm, email, Kind.PAYMENT_REQUIRED);
        }
        setSeats(firm, 2L);
        for (int i = 0; i < 5; i++) {
            BusinessClock.at(now, () -> firm.byOwner().call(() -> members.invite(email, Role.VIEWER)));
        }
        assertRefusedAt(now, firm, email, Kind.TOO_MANY_REQUESTS);
        assertRefusedAt(now.plus(Duration.ofMinutes(59)), firm, email, Kind.TOO_MANY_REQUESTS);
        BusinessClock.at(
                now.plus(Duration.ofHours(1)), () -> firm.byOwner().call(() -> members.invite(email, Role.VIEWER)));
    }

    private void assertRefusedAt(Instant at, Firm firm, String email, Kind kind) {
        BusinessClock.at(at, () -> {
            firm.byOwner().run(() -> assertRefused(kind, () -> members.invite(email, Role.VIEWER)));
            return null;
        });
    }

    @Test
    @DisplayName("IDE-9: inviting again takes no second seat; max_users goes before the plan, also for who accepts")
    void seatsOfTheTenant() {
        Firm firm = firm(Tier.FREE);
        String email = address();
        setSeats(firm, 2L);
        firm.byOwner().run(() -> {
            members.invite(email, Role.VIEWER);
            assertRefused(Kind.PAYMENT_REQUIRED, () -> members.invite(address(), Role.VIEWER));
            members.invite(email, Role.DEVELOPER);
        });
        String token = tokenTo(email);
        setSeats(firm, 1L);
        World.OPERATOR.run(
                () -> assertRefused(Kind.PAYMENT_REQUIRED, () -> invitations.acceptAsNew(token, "Too Late", PASSWORD)));
        assertThat(owner.count("SELECT count(*) FROM users WHERE email = ?", email))
                .isZero();
        setSeats(firm, 2L);
        World.OPERATOR.run(() -> invitations.acceptAsNew(token, "In Time", PASSWORD));
    }

    private void setSeats(Firm firm, Long seats) {
        World.OPERATOR
                .in(firm.company().id())
                .run(() ->
                        world.settings.change(new TenantSettings.Change(Map.of(Setting.MAX_USERS, seats), Map.of())));
    }

    @Test
    @DisplayName("IDE-8: an admin and a key leave owners alone; an owner and the platform do not")
    void ownersAreMadeByOwners() {
        Firm firm = firm(Tier.PRO);
        Somebody admin = member(firm, Role.ADMIN);
        Somebody viewer = member(firm, Role.VIEWER);
        Caller key = new Caller("key:cog_12345678", false, firm.company().id(), Caller.ALL);
        for (Caller caller : List.of(firm.by(admin, Role.ADMIN), key)) {
            caller.run(() -> {
                assertRefused(Kind.FORBIDDEN, () -> members.invite(address(), Role.OWNER));
                assertRefused(Kind.FORBIDDEN, () -> members.changeRole(viewer.id(), Role.OWNER));
                assertRefused(
                        Kind.FORBIDDEN, () -> members.changeRole(firm.owner().id(), Role.VIEWER));
                assertRefused(Kind.FORBIDDEN, () -> members.remove(firm.owner().id()));
                assertRefused(Kind.INVALID, () -> members.changeRole(viewer.id(), Role.OPERATOR));
                assertRefused(Kind.NOT_FOUND, () -> members.changeRole(UUID.randomUUID(), Role.VIEWER));
                assertThat(members.changeRole(viewer.id(), Role.BILLING).role()).isEqualTo(Role.BILLING);
                members.changeRole(viewer.id(), Role.VIEWER);
            });
        }
        firm.byOwner().run(() -> {
            assertRefused(Kind.CONFLICT, () -> members.changeRole(firm.owner().id(), Role.ADMIN));
            assertRefused(Kind.CONFLICT, () -> members.remove(firm.owner().id()));
            members.changeRole(admin.id(), Role.OWNER);
            members.changeRole(firm.owner().id(), Role.ADMIN);
            assertRefused(Kind.FORBIDDEN, () -> members.changeRole(admin.id(), Role.VIEWER));
        });
        World.OPERATOR
                .in(firm.company().id())
                .run(() -> members.changeRole(firm.owner().id(), Role.OWNER));
    }

    @Test
    @DisplayName("IDE-8: of two owners who demote each other at the same moment one stays")
    void oneOwnerStays() {
        for (int round = 0; round < 5; round++) {
            Firm firm = firm(Tier.FREE);
            Somebody second = member(firm, Role.OWNER);
            crowd.atOnce(
                    2,
                    i -> () -> i == 0
                            ? firm.byOwner().call(() -> members.changeRole(second.id(), Role.VIEWER))
                            : firm.by(second, Role.OWNER)
                                    .call(() -> members.changeRole(firm.owner().id(), Role.VIEWER)));
            assertThat(owner.count(
                            "SELECT count(*) FROM memberships WHERE tenant_id = ? AND role = 'owner'",
                            firm.company().id()))
                    .isEqualTo(1);
        }
    }

    @Test
    @DisplayName("A member may leave; who is removed has nothing left in the tenant, sessions for it alone included")
    void whoLeavesIsGone() {
        Firm firm = firm(Tier.PRO);
        Somebody viewer = member(firm, Role.VIEWER);
        UUID there = platform(() -> sessions.open(viewer.id(), firm.company().id(), viewer.origin()));
        UUID everywhere = platform(() -> sessions.open(viewer.id(), null, viewer.origin()));
        assertThat(firm.byOwner().call(members::list))
                .filteredOn(member -> member.lastSeenAt() != null)
                .hasSize(1);

        firm.by(viewer, Role.VIEWER).run(() -> members.remove(viewer.id()));

        assertThat(platform(() -> account.person(viewer.id())).memberships()).isEmpty();
        assertThat(platform(() -> sessions.use(there))).isEmpty();
        assertThat(platform(() -> sessions.use(everywhere))).isPresent();
        firm.byOwner().run(() -> assertRefused(Kind.NOT_FOUND, () -> members.remove(viewer.id())));
    }

    @Test
    @DisplayName("KER-2: members and invitations of another tenant are not there")
    void othersPeople() {
        Firm a = firm(Tier.PRO);
        Firm b = firm(Tier.PRO);
        Members.InvitationView theirs = b.byOwner().call(() -> members.invite(address(), Role.VIEWER));
        a.byOwner().run(() -> {
            assertThat(members.list())
                    .extracting(Members.MemberView::userId)
                    .containsExactly(a.owner().id());
            assertThat(members.invitations()).isEmpty();
            assertRefused(Kind.NOT_FOUND, () -> members.withdraw(theirs.id()));
            assertRefused(Kind.NOT_FOUND, () -> members.changeRole(b.owner().id(), Role.VIEWER));
            assertRefused(Kind.NOT_FOUND, () -> members.remove(b.owner().id()));
        });
    }

    @Test
    @DisplayName("ONB-4: the owner of a tenant that the operator opens is invited as its owner")
    void theOperatorInvitesTheOwner() {
        Company company = world.open(Tier.FREE, "2026-01-31");
        String email = company.as(world.tenants::current).ownerEmail();
        UUID user = platform(() -> invitations.acceptAsNew(tokenTo(email), "The Owner", PASSWORD));
        assertThat(platform(() -> account.person(user)).memberships())
                .singleElement()
                .satisfies(membership -> {
                    assertThat(membership.tenant()).isEqualTo(company.id());
                    assertThat(membership.role()).isEqualTo(Role.OWNER);
                });
    }

    // Credentials

    private UUID session(Somebody who) {
        return platform(() -> sessions.open(who.id(), null, place()));
    }

    private void forgets(String email) {
        World.OPERATOR.run(() -> account.forgotPassword(email, place().address()));
    }

    @Test
    @DisplayName("IDE-7: a link sets a new password, once and within the hour, and ends all sessions")
    void aNewPasswordByLink() {
        Somebody who = somebody();
        UUID session = session(who);
        forgets(" " + who.email().toUpperCase());
        Await.until("the mail", () -> mailsTo(who.email()), mails -> mails == 1);
        String token = tokenTo(who.email());
        Instant tooLate = Instant.now().plus(Duration.ofMinutes(61));

        assertThat(at(tooLate, () -> account.resetOffer(token))).isEmpty();
        assertThat(platform(() -> account.resetOffer(token))).contains(who.email());
        World.OPERATOR.run(() -> {
            assertRefused(
                    Kind.NOT_FOUND,
                    () -> account.resetPassword(
                            (token.startsWith("x") ? "y" : "x") + token.substring(1), "another long password"));
            assertRefused(Kind.INVALID, () -> account.resetPassword(token, who.email()));
            account.resetPassword(token, "another long password");
            assertRefused(Kind.NOT_FOUND, () -> account.resetPassword(token, "yet another long one"));
        });
        assertThat(platform(() -> account.resetOffer(token))).isEmpty();
        assertThat(platform(() -> sessions.use(session))).isEmpty();
        assertThat(signIn(START, who, PASSWORD)).isEqualTo(Outcome.WRONG);
        assertThat(signIn(START, who, "another long password")).isEqualTo(Outcome.IN);
        assertThat(mailTo(who.email())).contains("password of your account was changed");
    }

    @Test
    @DisplayName("IDE-7: of eight who use the same link at once one sets the password")
    void aLinkIsGoodOnceAtOnce() {
        Somebody who = somebody();
        forgets(who.email());
        Await.until("the mail", () -> mailsTo(who.email()), mails -> mails == 1);
        String token = tokenTo(who.email());

        List<Crowd.Outcome<Boolean>> outcomes = crowd.atOnce(
                8,
                i -> () -> platform(() -> {
                    account.resetPassword(token, "a long password, number " + i);
                    return true;
                }));
        assertThat(outcomes).filteredOn(Crowd.Outcome::succeeded).hasSize(1);
    }

    @Test
    @DisplayName("IDE-7: nobody without an account or a password gets a link, nor anybody who asks too often")
    void noLink() {
        Somebody withoutPassword = somebody();
        owner.update("UPDATE users SET password_hash = NULL WHERE id = ?", withoutPassword.id());
        String nobody = address();
        Somebody who = somebody();
        forgets(withoutPassword.email());
        forgets(nobody);
        for (int i = 0; i < 6; i++) {
            forgets(who.email());
        }
        Await.until("three mails", () -> mailsTo(who.email()), mails -> mails == 3);
        assertThat(mailsTo(withoutPassword.email())).isZero();
        assertThat(mailsTo(nobody)).isZero();
        assertThat(signIn(START, withoutPassword, PASSWORD)).isEqualTo(Outcome.WRONG);
        assertThat(owner.count("SELECT count(*) FROM password_resets WHERE user_id = ?", who.id()))
                .isEqualTo(1);
    }

    @Test
    @DisplayName("IDE-7: a changed password makes a link void that somebody asked for before")
    void aChangedPasswordEndsTheLink() {
        Somebody who = somebody();
        forgets(who.email());
        Await.until("the mail", () -> mailsTo(who.email()), mails -> mails == 1);
        String token = tokenTo(who.email());
        World.OPERATOR.run(() -> {
            assertThat(account.resetOffer(token)).isPresent();
            account.changePassword(who.id(), "another long password", null);
            assertThat(account.resetOffer(token)).isEmpty();
            assertRefused(Kind.NOT_FOUND, () -> account.resetPassword(token, "yet another long one"));
        });
        assertThat(signIn(START, who, "another long password")).isEqualTo(Outcome.IN);
    }

    @Test
    @DisplayName("IDE-4, IDE-7: a changed password ends every other session and is told by mail")
    void changingThePassword() {
        Somebody who = somebody();
        UUID here = session(who);
        UUID there = session(who);
        World.OPERATOR.run(() -> {
            assertRefused(Kind.INVALID, () -> account.changePassword(who.id(), "adamoreau2026", here));
            account.changePassword(who.id(), "another long password", here);
        });
        assertThat(platform(() -> sessions.use(here))).isPresent();
        assertThat(platform(() -> sessions.use(there))).isEmpty();
        assertThat(mailTo(who.email())).contains("was changed");
        assertThat(signIn(START, who, "another long password")).isEqualTo(Outcome.IN);
    }

    @Test
    @DisplayName("IDE-6: ten recovery codes, each good once, also at once; new ones make the old ones void")
    void recoveryCodes() {
        Somebody who = somebody();
        UUID here = session(who);
        UUID there = session(who);
        byte[] secret = secretOf(who);
        World.OPERATOR.run(() -> {
            assertRefused(Kind.CONFLICT, () -> account.newRecoveryCodes(who.id()));
            assertRefused(Kind.INVALID, () -> account.enrol(who.id(), "00000", here));
        });
        assertThat(signIn(START, who, PASSWORD)).isEqualTo(Outcome.IN);
        List<String> codes = at(START, () -> account.enrol(who.id(), Totp.code(secret, START), here));

        assertThat(codes)
                .hasSize(10)
                .doesNotHaveDuplicates()
                .allMatch(code -> code.matches("([A-Z2-7]{4}-){3}[A-Z2-7]{4}"));
        assertThat(platform(() -> sessions.use(here))).isPresent();
        assertThat(platform(() -> sessions.use(there))).isEmpty();
        assertThat(mailTo(who.email())).contains("second factor was set up");
        assertThat(code(START, who, codes.get(0).toLowerCase().replace("-", " ")))
                .isEqualTo(Outcome.IN);
        assertThat(code(START, who, codes.get(0))).isEqualTo(Outcome.WRONG);
        assertThat(platform(() -> account.profile(who.id())))
                .isEqualTo(new Account.Profile(who.id(), who.email(), "Ada Moreau", true, 9));
        List<Result> results = crowd.allAtOnce(4, i ->
                (Callable<Result>) () -> at(START, () -> signIns.secondFactor(who.id(), codes.get(1), place())));
        assertThat(results).filteredOn(result -> result.outcome() == Outcome.IN).hasSize(1);

        List<String> renewed = platform(() -> account.newRecoveryCodes(who.id()));
        Somebody elsewhere = new Somebody(who.id(), who.email(), place());
        Instant rested = START.plus(Duration.ofMinutes(5));
        assertThat(code(rested, elsewhere, codes.get(2))).isEqualTo(Outcome.WRONG);
        assertThat(code(rested, elsewhere, renewed.get(2))).isEqualTo(Outcome.IN);
        World.OPERATOR.run(() -> account.removeSecondFactor(who.id()));
        assertThat(mailTo(who.email())).contains("second factor was removed");
        assertThat(signIn(rested, who, PASSWORD)).isEqualTo(Outcome.IN);
        assertThat(code(rested, elsewhere, renewed.get(3))).isEqualTo(Outcome.WRONG);
    }

    @Test
    @DisplayName("IDE-5, IDE-6: guessing codes makes the second factor rest, whatever place it comes from")
    void guessingCodes() {
        Somebody who = somebody();
        byte[] secret = enrolled(who);
        Instant now = START.plus(Duration.ofMinutes(10));
        String right = Totp.code(secret, now);
        for (int i = 0; i < 5; i++) {
            String wrong = right.equals("00000" + i) ? "999999" : "00000" + i;
            at(now, () -> signIns.secondFactor(who.id(), wrong, place()));
        }
        assertThat(at(now, () -> signIns.secondFactor(who.id(), right, place())))
                .isEqualTo(new Result(Outcome.SLOWED, null, 1));
        assertThat(at(now, () -> signIns.confirm(who.id(), right, place())).outcome())
                .isEqualTo(Outcome.SLOWED);
        assertThat(at(now, () -> signIns.password(who.email(), PASSWORD, place()))
                        .outcome())
                .isEqualTo(Outcome.SECOND_FACTOR);
    }

    // Signing up

    @Inject
    private SignUps signUps;

    private static SignUps.Wanted wanted(String company, String email) {
        return new SignUps.Wanted(company, "Ada Moreau", email, true);
    }

    private void askToSignUp(SignUps.Wanted wanted, Origin from) {
        Caller.job("sign-up").from(from).run(() -> world.onboarding.signUp(wanted));
    }

    /** Asks, waits for the mail and takes the token out of it. */
    private String signUpLink(SignUps.Wanted wanted) {
        String email = wanted.email().strip().toLowerCase(Locale.ROOT);
        long before = mailsTo(email);
        askToSignUp(wanted, place());
        Await.until("a mail to " + email, () -> mailsTo(email), mails -> mails > before);
        return tokenTo(email);
    }

    private Onboarding.Founded found(String token, String password) {
        return platform(() -> world.onboarding.found(token, password));
    }

    @Test
    @DisplayName("ONB-1, ONB-2, IDE-10: signing up leads by a mail to a tenant, its subscription and its owner")
    void signingUp() {
        String email = address();
        String token = signUpLink(wanted("Ünïted & Söns", " " + email.toUpperCase(Locale.ROOT)));
        assertThat(owner.count("SELECT count(*) FROM users WHERE email = ?", email))
                .as("no account before")
                .isZero();
        assertThat(platform(() -> signUps.offer(token)).orElseThrow().company()).isEqualTo("Ünïted & Söns");
        assertThat(owner.query(
                        "SELECT to_jsonb(s)::text FROM sign_ups s WHERE email = ?", row -> row.getString(1), email))
                .singleElement()
                .asString()
                .doesNotContain(token);

        assertRefused(Kind.INVALID, () -> found(token, "password1234"));
        assertThat(owner.count("SELECT count(*) FROM users WHERE email = ?", email))
                .as("a refused password leaves nothing")
                .isZero();
        Onboarding.Founded founded = found(token, PASSWORD);

        Person person = platform(() -> account.person(founded.user()));
        assertThat(person.email()).isEqualTo(email);
        assertThat(person.memberships()).singleElement().satisfies(membership -> {
            assertThat(membership.tenant()).isEqualTo(founded.tenant());
            assertThat(membership.role()).isEqualTo(Role.OWNER);
            assertThat(membership.slug()).startsWith("united-sons");
        });
        assertThat(platform(() -> signIns.password(email, PASSWORD, place())).outcome())
                .isEqualTo(Outcome.IN);
        Company company = new Company(world, founded.tenant());
        assertThat(company.subscription().status()).isEqualTo("trialing");
        assertThat(company.subscription().tier()).isEqualTo("pro");
        assertThat(company.as(world.tenants::current).status()).isEqualTo("trial");
        assertThat(owner.count("SELECT count(*) FROM users WHERE email = ? AND email_verified_at IS NOT NULL", email))
                .isEqualTo(1);
        assertRefused(Kind.NOT_FOUND, () -> found(token, PASSWORD));
    }

    @Test
    @DisplayName(
            "IDE-10: an address with an account hears the same, and its mail says so and leads to no second account")
    void signingUpTellsNothing() {
        Somebody who = somebody();
        long mails = mailsTo(who.email());
        askToSignUp(wanted("A Company", who.email()), place());
        Await.until("a mail to " + who.email(), () -> mailsTo(who.email()), now -> now > mails);
        assertThat(mailTo(who.email())).contains("which has an account").doesNotContain("token=");
        assertThat(owner.count("SELECT count(*) FROM sign_ups WHERE email = ?", who.email()))
                .isZero();
    }

    @Test
    @DisplayName("IDE-10: several links of an address are good until one is used, for 24 hours")
    void linksOfASignUp() {
        String email = address();
        String first = signUpLink(wanted("First", email));
        String second = signUpLink(wanted("Second", email));
        String other = signUpLink(wanted("Other", address()));
        assertThat(at(Instant.now().plus(Duration.ofHours(23)), () -> signUps.offer(second)))
                .isPresent();
        assertThat(at(Instant.now().plus(Duration.ofHours(25)), () -> signUps.offer(second)))
                .isEmpty();
        found(first, PASSWORD);
        assertRefused(Kind.NOT_FOUND, () -> found(second, PASSWORD));
        found(other, PASSWORD);
    }

    @Test
    @DisplayName(
            "IDE-10: three mails an hour go to one address, thirty sign-ups come from one place; bad fields are told")
    void signingUpIsLimited() {
        String email = address();
        for (int i = 0; i < 5; i++) {
            askToSignUp(wanted("A Company", email), place());
        }
        Await.until("three mails", () -> mailsTo(email), mails -> mails >= 3);
        signUpLink(wanted("A Company", address()));
        assertThat(mailsTo(email)).isEqualTo(3);
        Origin one = place();
        for (int i = 0; i < 30; i++) {
            askToSignUp(wanted("A Company", address()), one);
        }
        assertRefused(Kind.TOO_MANY_REQUESTS, () -> askToSignUp(wanted("A Company", address()), one));

        for (SignUps.Wanted bad : List.of(
                wanted(" ", address()),
                wanted("x".repeat(256), address()),
                wanted("A\0Company", address()),
                wanted("A Company", "no address"),
                new SignUps.Wanted("A Company", "", address(), false))) {
            assertRefused(Kind.INVALID, () -> askToSignUp(bad, place()));
        }
    }

    // The platform's people

    @Test
    @DisplayName("IDE-8: staff are invited, have several roles, and an operator stays")
    void staffComesAndGoes() {
        Somebody known = somebody();
        String fresh = address();
        World.OPERATOR.run(() -> {
            staff.invite(known.email(), Role.OPERATOR);
            Members.InvitationView open = staff.invite(fresh, Role.FINANCE);
            assertThat(staff.invitations())
                    .extracting(Members.InvitationView::id)
                    .contains(open.id());
            assertRefused(Kind.INVALID, () -> staff.invite(fresh, Role.OWNER));
            assertRefused(Kind.NOT_FOUND, () -> staff.changeRoles(known.id(), Set.of(Role.OPERATOR)));
            invitations.acceptAs(known.id(), tokenTo(known.email()));
            UUID second = invitations.acceptAsNew(tokenTo(fresh), "New Finance", PASSWORD);
            assertThat(account.person(known.id()).platformRoles()).containsExactly(Role.OPERATOR);
            assertThat(staff.changeRoles(second, Set.of(Role.FINANCE, Role.OPERATOR))
                            .roles())
                    .containsExactlyInAnyOrder(Role.FINANCE, Role.OPERATOR);
            assertThat(staff.list()).extracting(Staff.StaffView::userId).contains(known.id(), second);
            staff.changeRoles(known.id(), Set.of());
            assertThat(staff.list()).extracting(Staff.StaffView::userId).doesNotContain(known.id());
            assertThat(problemOf(() -> staff.changeRoles(second, Set.of(Role.FINANCE)))
                            .code())
                    .isEqualTo("last_operator");
            // Two operators who remove each other at once.
            staff.appoint(known.id(), Role.OPERATOR);
            crowd.atOnce(
                    2,
                    i -> () -> platform(() -> staff.changeRoles(i == 0 ? known.id() : second, Set.of(Role.FINANCE))));
            assertThat(owner.count("SELECT count(*) FROM platform_roles WHERE role = 'operator'"))
                    .isEqualTo(1);
        });
    }

    // Mail

    @Test
    @DisplayName("MAI-1, MAI-3: a mail of a transaction that fails is none; one that is sent keeps no text")
    void mailsBelongToTheirTransaction() {
        String email = address();
        World.OPERATOR.run(() -> {
            probe.inVain(() -> {
                mails.queue(new Mails.Mail(null, email, "In vain", "Nobody gets it"));
                return null;
            });
            assertThat(mailsTo(email)).isZero();
            mails.queue(new Mails.Mail(null, email, "Two\r\nBcc: lines@example.org", "The text"));
        });
        assertThat(mailTo(email)).isEqualTo("The text");
        List<List<Letter>> claimed = crowd.allAtOnce(
                4,
                i -> () -> platform(() -> {
                    List<Letter> mine = new ArrayList<>();
                    for (Optional<Letter> next = outbox.claim(); next.isPresent(); next = outbox.claim()) {
                        mine.add(next.get());
                    }
                    return mine;
                }));
        List<Letter> all = claimed.stream().flatMap(List::stream).toList();
        assertThat(all).extracting(Letter::id).doesNotHaveDuplicates();
        Letter letter =
                all.stream().filter(one -> one.to().equals(email)).findFirst().orElseThrow();
        assertThat(letter.subject()).doesNotContain("\n");
        World.OPERATOR.run(() -> {
            outbox.failed(letter, "ConnectException", false);
            assertThat(owner.count("SELECT count(*) FROM mails WHERE recipient = ? AND state = 'queued'", email))
                    .isEqualTo(1);
            outbox.sent(letter);
        });
        assertThat(owner.count(
                        "SELECT count(*) FROM mails WHERE recipient = ? AND state = 'sent' AND body IS NULL", email))
                .isEqualTo(1);
    }

    @Test
    @DisplayName("MAI-2: what a crash left is taken again after five minutes; after three days a mail is given up")
    void mailsAreTriedAgain() {
        String email = address();
        Instant never = Instant.parse("2020-01-01T00:00:00Z");
        at(never, () -> {
            mails.queue(new Mails.Mail(null, email, "A subject", "The text"));
            assertThat(outbox.claim()).map(Letter::to).contains(email);
            assertThat(outbox.claim()).isEmpty();
            return null;
        });
        Letter again = at(never.plusSeconds(300), () -> outbox.claim().orElseThrow());
        assertThat(again.to()).isEqualTo(email);
        assertThat(again.attempts()).isEqualTo(2);
        at(never.plus(Duration.ofDays(3)), () -> {
            outbox.failed(again, "ConnectException", false);
            return null;
        });
        at(never.plus(Duration.ofDays(3)).plusSeconds(1), () -> {
            outbox.failed(again, "ConnectException", false);
            return null;
        });
        assertThat(owner.count(
                        "SELECT count(*) FROM mails WHERE recipient = ? AND state = 'failed' AND body IS NULL", email))
                .isEqualTo(1);
    }
}
