package com.cognitionos.container;

import static com.cognitionos.container.Problems.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.identity.boundary.Account;
import com.cognitionos.identity.boundary.Sessions;
import com.cognitionos.identity.boundary.SignIns;
import com.cognitionos.identity.boundary.SignIns.Outcome;
import com.cognitionos.identity.boundary.SignIns.Result;
import com.cognitionos.identity.control.Passwords;
import com.cognitionos.identity.control.Totp;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Origin;
import com.cognitionos.kernel.Problem.Kind;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
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
        platform(() -> account.beginEnrolment(who.id()));
        byte[] secret = secretOf(who);
        at(START, () -> account.enrol(who.id(), Totp.code(secret, START), null));
        return secret;
    }

    /** As the app has it: from the text that the person types in. */
    private byte[] secretOf(Somebody who) {
        String text = platform(() -> account.beginEnrolment(who.id())).secret();
        java.math.BigInteger bits = java.math.BigInteger.ZERO;
        for (char c : text.toCharArray()) {
            bits = bits.shiftLeft(5).or(java.math.BigInteger.valueOf("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c)));
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
                        row -> com.cognitionos.kernel.Sql.instant(row, "last_seen_at"),
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
}
