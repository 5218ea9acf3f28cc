package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.identity.entity.Role;
import com.cognitionos.system.AccessPolicy.Row;
import com.cognitionos.system.Endpoints.Endpoint;
import com.cognitionos.system.Http.Reply;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** docs/access-policy.csv against the running product: every endpoint, every role, own and foreign tenant. */
@SharedProduct
@DisplayName("Access policy")
class AccessPolicyIT {

    private static final Pattern TEMPLATE = Pattern.compile("\\{(\\w+)}");
    /** Where a page sends somebody who has no business on it. */
    private static final Set<String> TURNED_AWAY = Set.of("/sign-in", "/nowhere", "/platform/tenants");

    private static final int AT_ONCE = 4;

    /** Bodies that get as far as looking the id up; without one, an empty object is sent. */
    private static final Map<String, String> BODIES = Map.of(
            "api PUT /api/v3/members/{user_id}",
            "{\"role\": \"viewer\"}",
            "api PUT /api/v3/budgets/{id}",
            "{\"name\": \"b\", \"amount_cents\": 1}");

    private static SortedMap<String, Row> policy;
    private static SortedMap<String, Endpoint> found;
    private static SortedMap<String, String> documented;
    private static PolicyWorld world;
    private static Http http;
    private static String missing;

    @BeforeAll
    static void world() {
        policy = AccessPolicy.rows();
        found = new Endpoints().all();
        world = new PolicyWorld(Product.shared());
        http = new Http(Product.shared().url());
        JsonObject openApi =
                JsonParser.parseString(http.get("/openapi?format=JSON").text()).getAsJsonObject();
        documented = Endpoints.documented(openApi);
        missing = UUID.randomUUID().toString();
    }

    // The table is complete

    @Test
    @DisplayName("The table has a row for each resource method, page and servlet, and no other")
    void theTableIsComplete() {
        Set<String> unknown = new TreeSet<>(found.keySet());
        unknown.removeAll(policy.keySet());
        StringBuilder rows = new StringBuilder();
        unknown.forEach(name -> rows.append('\n').append(proposal(found.get(name))));
        assertThat(unknown)
                .as("endpoints without a row in docs/access-policy.csv. Proposed, to be judged by a human:%s\n", rows)
                .isEmpty();
        Set<String> surplus = new TreeSet<>(policy.keySet());
        surplus.removeAll(found.keySet());
        assertThat(surplus).as("rows of endpoints that there are not").isEmpty();
    }

    @Test
    @DisplayName("Reflection and the OpenAPI document find the same resource methods")
    void bothListsAgree() {
        assertThat(documented.keySet())
                .containsExactlyInAnyOrderElementsOf(found.values().stream()
                        .filter(endpoint -> endpoint.door().equals("api"))
                        .map(Endpoint::name)
                        .toList());
    }

    @Test
    @DisplayName("No servlet is mapped by a descriptor behind the table's back")
    void descriptorsMapOnlyFaces() {
        assertThat(new Endpoints().mappedByDescriptor()).containsExactly("portal-web *.xhtml");
    }

    @Test
    @DisplayName("Each resource method declares the scope that the table names")
    void scopesAreTheTables() {
        List<String> wrong = new ArrayList<>();
        rows("api").forEach(row -> {
            String declared = found.containsKey(row.name())
                    ? found.get(row.name()).scope().orElse("nothing, so nobody may")
                    : "no such method";
            if (!declared.equals(row.scope())) {
                wrong.add(row.name() + " declares " + declared + ", the table says " + row.scope());
            }
        });
        assertThat(wrong).isEmpty();
    }

    @Test
    @DisplayName("What the table counts as api_calls is what the code does not exempt")
    void countedIsTheTables() {
        // Counting comes with the annotation that exempts from it.
        if (found.values().stream().noneMatch(Endpoint::uncounted)) {
            return;
        }
        List<String> wrong = rows("api").stream()
                .filter(row -> row.isOfTenants() && !row.scope().equals("public") && found.containsKey(row.name()))
                .filter(row ->
                        found.get(row.name()).uncounted() == row.counted().equals("yes"))
                .map(Row::name)
                .toList();
        assertThat(wrong).isEmpty();
    }

    /** A line for the table as the code has it today; Role is asked for a proposal only, never for the verdict. */
    private static String proposal(Endpoint endpoint) {
        List<String> cells = new ArrayList<>(List.of(endpoint.door(), endpoint.method(), endpoint.path()));
        String scope = endpoint.scope().orElse(endpoint.door().equals("api") ? "none" : "person");
        boolean ofTenants = !endpoint.door().equals("api")
                || scope.equals("public")
                || Role.ofTenants().stream().anyMatch(role -> role.scopes().contains(scope));
        cells.add(scope);
        cells.add(ofTenants ? endpoint.openWhenSuspended() ? "yes" : "no" : "-");
        cells.add(
                endpoint.door().equals("api")
                        ? ofTenants && !endpoint.uncounted() && !scope.equals("public") ? "yes" : "no"
                        : "-");
        for (Role role : Role.values()) {
            cells.add(
                    scope.equals("public")
                                    || scope.equals("person")
                                    || role.scopes().contains(scope)
                            ? "yes"
                            : "no");
        }
        cells.add(scope.equals("public") ? "yes" : "no");
        List<String> ids = new ArrayList<>();
        templates(endpoint.path())
                .forEach(name -> ids.add(name.equals("tenant") ? "tenant=tenants.id" : name + "=?.id"));
        cells.add(ids.isEmpty() ? "-" : String.join(" ", ids));
        return String.join(",", cells);
    }

    // The API

    @Test
    @DisplayName("With a role's key each resource method answers as the table says")
    void everyRoleInItsOwnTenant() {
        List<String> roles = new ArrayList<>(AccessPolicy.TENANT_ROLES);
        roles.addAll(AccessPolicy.PLATFORM_ROLES);
        check(rows("api"), (row, faults) -> {
            for (String role : roles) {
                Reply reply = call(row, world.key(role), Map.of("X-Tenant-ID", world.own), own(row), "[]");
                boolean refused = reply.status() == 401 || reply.status() == 403;
                if (row.allows(role) ? refused : !isProblem(reply, 403, "insufficient_scope")) {
                    faults.add(role, row.allows(role), reply);
                }
            }
        });
    }

    @Test
    @DisplayName("Without a key, or with a bad one, only what is public answers")
    void nobodyGetsIn() {
        check(rows("api"), (row, faults) -> {
            for (String key : List.of("", "cog_" + "0".repeat(32), "nonsense")) {
                Reply reply = call(row, key, Map.of("X-Tenant-ID", world.own), own(row), "[]");
                boolean refused = reply.status() == 401 || reply.status() == 403;
                boolean allowed = row.allows(AccessPolicy.ANONYMOUS);
                if (allowed ? refused : !isProblem(reply, 401, "unauthenticated")) {
                    faults.add("key \"" + key + "\"", allowed, reply);
                }
            }
        });
    }

    @Test
    @DisplayName("A tenant's key has no effect on another tenant, which looks as if it did not exist")
    void anotherTenantDoesNotExist() {
        check(rows("api"), (row, faults) -> {
            for (String role : AccessPolicy.TENANT_ROLES) {
                if (row.allows(role) && !row.scope().equals("public")) {
                    foreignAttempts(row, role, faults);
                }
            }
        });
    }

    private static void foreignAttempts(Row row, String role, Faults faults) {
        String key = world.key(role);
        String body = BODIES.getOrDefault(row.name(), "{}");
        compare(
                role + " with X-Tenant-ID",
                call(row, key, Map.of("X-Tenant-ID", world.foreign), own(row), "[]"),
                call(row, key, Map.of("X-Tenant-ID", missing), own(row), "[]"),
                faults);
        compare(
                role + " with X-Tenant-Slug",
                call(row, key, Map.of("X-Tenant-Slug", world.foreignSlug), own(row), "[]"),
                call(row, key, Map.of("X-Tenant-Slug", "no-such-tenant"), own(row), "[]"),
                faults);
        row.ids().forEach((name, source) -> {
            if (!source.startsWith("'")) {
                Map<String, String> theirs = own(row);
                theirs.put(name, world.foreignId(source));
                Map<String, String> nobodys = own(row);
                nobodys.put(name, missing);
                compare(
                        role + " with a foreign " + name,
                        call(row, key, Map.of(), theirs, body),
                        call(row, key, Map.of(), nobodys, body),
                        faults);
            }
        });
    }

    private static void compare(String who, Reply theirs, Reply nobodys, Faults faults) {
        if (theirs.status() != 403 && theirs.status() != 404) {
            faults.add(who, false, theirs);
        } else if (!theirs.gist().equals(nobodys.gist())) {
            faults.add(
                    who + ", whose reply differs in \"" + difference(theirs.gist(), nobodys.gist()) + "\",",
                    false,
                    theirs);
        }
    }

    private static String difference(String one, String other) {
        int from = 0;
        while (from < Math.min(one.length(), other.length()) && one.charAt(from) == other.charAt(from)) {
            from++;
        }
        return one.substring(from, Math.min(one.length(), from + 80)) + "\" against \""
                + other.substring(from, Math.min(other.length(), from + 80));
    }

    @Test
    @DisplayName("With the database's row security off, the queries alone keep the foreign tenant out of every reply")
    void queriesAloneKeepTenantsApart() {
        List<Row> reads = rows("api").stream()
                .filter(row -> row.method().equals("GET") && row.allows("owner"))
                .toList();
        List<String> marks = new ArrayList<>(List.of(world.foreign, world.foreignSlug, world.suspended));
        for (String table : world.owner.tenantTables()) {
            List<String> ids = world.owner.texts(
                    "SELECT attname FROM pg_attribute WHERE attrelid = ?::regclass AND attname = 'id'", table);
            if (!ids.isEmpty()) {
                marks.addAll(world.owner.texts(
                        "SELECT id::text FROM " + table + " WHERE " + (table.equals("tenants") ? "id" : "tenant_id")
                                + " = ?",
                        world.foreign));
            }
        }
        Map<String, String> before = new LinkedHashMap<>();
        reads.forEach(row -> before.put(row.name(), shape(call(row, world.key("owner"), Map.of(), own(row), null))));
        world.owner.withoutRowSecurity(() -> {
            check(reads, (row, faults) -> {
                Reply reply = call(row, world.key("owner"), Map.of(), own(row), null);
                if (marks.stream().anyMatch(reply.text()::contains)) {
                    faults.add("the owner, who sees what is another's,", false, reply);
                } else if (!shape(reply).equals(before.get(row.name()))) {
                    faults.add("the owner, who sees other things than " + before.get(row.name()) + ",", false, reply);
                }
            });
            String theirs = fingerprint(world.foreign);
            check(rows("api"), (row, faults) -> {
                if (row.allows("owner") && !row.scope().equals("public")) {
                    foreignAttempts(row, "owner", faults);
                }
            });
            assertThat(fingerprint(world.foreign))
                    .as("the foreign tenant's rows")
                    .isEqualTo(theirs);
        });
    }

    /** Without instants, which move. */
    private static String shape(Reply reply) {
        return reply.gist()
                .replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "T")
                // The calls of this test are counted themselves.
                .replaceAll("\\{\"(feature|metric_name)\":\"api_calls\"[^}]*\\}", "");
    }

    private static String fingerprint(String tenant) {
        StringBuilder all = new StringBuilder();
        for (String table : world.owner.tenantTables()) {
            all.append(world.owner.texts(
                    "SELECT coalesce(md5(string_agg(t::text, ',' ORDER BY t::text)), '') FROM " + table + " t WHERE "
                            + (table.equals("tenants") ? "id" : "tenant_id") + " = ?",
                    tenant));
        }
        return all.toString();
    }

    @Test
    @DisplayName("A suspended tenant's owner reaches what the table leaves open, and nothing else")
    void suspendedTenants() {
        check(rows("api"), (row, faults) -> {
            if (row.allows("owner") && !row.suspended().equals("-")) {
                Map<String, String> values = own(row);
                values.computeIfPresent("tenant", (name, own) -> world.suspended);
                Reply reply = call(row, world.key("suspended"), Map.of(), values, "[]");
                boolean open = row.suspended().equals("yes");
                if (open
                        ? reply.status() == 401 || reply.status() == 403
                        : !isProblem(reply, 403, "tenant_suspended")) {
                    faults.add("the owner of a suspended tenant", open, reply);
                }
            }
        });
        check(portal(), (row, faults) -> {
            if (!row.suspended().equals("-") && row.method().equals("GET")) {
                Reply reply = visit(world.person("suspended"), row, Map.of());
                boolean open = row.suspended().equals("yes");
                boolean sentHome = reply.status() == 302
                        && reply.header("location").endsWith("/home")
                        && !List.of("/", "/sign-out").contains(row.path());
                if (open ? isTurnedAway(row, reply) || sentHome : !sentHome) {
                    faults.add("the owner of a suspended tenant", open, reply);
                }
            }
        });
    }

    // The portal

    @Test
    @DisplayName("For a signed-in person of each role, and for nobody, each page and servlet answers as the table says")
    void pagesAreForTheirRoles() {
        List<String> roles = new ArrayList<>(AccessPolicy.TENANT_ROLES);
        roles.addAll(AccessPolicy.PLATFORM_ROLES);
        check(portal(), (row, faults) -> {
            for (String role : roles) {
                if (!row.isOutOfReach(role)) {
                    // What is posted may end the session.
                    Http browser = row.method().equals("GET") ? world.person(role) : world.signedIn(role);
                    Reply reply = visit(browser, row, Map.of());
                    if (row.allows(role) == isTurnedAway(row, reply)) {
                        faults.add(role, row.allows(role), reply);
                    }
                }
            }
            Reply reply = visit(new Http(world.product.url()), row, Map.of());
            boolean refused = reply.status() == 401
                    || reply.status() == 403
                    || (reply.status() == 302
                            && reply.header("location").contains("/sign-in")
                            && !row.path().equals("/sign-out"));
            if (row.allows(AccessPolicy.ANONYMOUS) == refused) {
                faults.add("nobody", !refused, reply);
            }
        });
    }

    @Test
    @DisplayName("A page about a thing of another tenant is the page about nothing")
    void pagesKnowNothingOfOthers() {
        check(
                portal(),
                (row, faults) -> row.ids().forEach((name, source) -> {
                    for (String role : AccessPolicy.TENANT_ROLES) {
                        if (row.allows(role) && !source.startsWith("'")) {
                            Http browser = world.person(role);
                            compare(
                                    role + " with a foreign " + name,
                                    visit(browser, row, Map.of(name, world.foreignId(source))),
                                    visit(browser, row, Map.of(name, missing)),
                                    faults);
                        }
                    }
                }));
    }

    private static boolean isTurnedAway(Row row, Reply reply) {
        if (reply.status() == 401 || reply.status() == 403) {
            return true;
        }
        String location =
                reply.header("location").replaceFirst("^https?://[^/]+", "").replaceFirst("[?].*", "");
        // Who is signed in is sent on from the pages of signing in and out, and from the bare address.
        return reply.status() == 302
                && TURNED_AWAY.contains(location)
                && !(row.scope().equals("person") && !location.equals("/sign-in"))
                && !row.path().equals("/sign-out");
    }

    private static Reply visit(Http browser, Row row, Map<String, String> parameters) {
        StringBuilder query = new StringBuilder();
        parameters.forEach((name, value) -> query.append(query.length() == 0 ? '?' : '&')
                .append(name)
                .append('=')
                .append(value));
        return browser.send(
                row.method(),
                row.path() + query,
                Map.of("X-Forwarded-For", Http.newPlace()),
                "application/x-www-form-urlencoded",
                row.method().equals("GET") ? null : "");
    }

    // How they are called

    private static List<Row> rows(String door) {
        return policy.values().stream().filter(row -> row.door().equals(door)).toList();
    }

    private static List<Row> portal() {
        return policy.values().stream().filter(row -> !row.door().equals("api")).toList();
    }

    private static List<String> templates(String path) {
        List<String> names = new ArrayList<>();
        Matcher matcher = TEMPLATE.matcher(path);
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    /** Ids that harm nobody: of the own tenant, literal, or of nothing. */
    private static Map<String, String> own(Row row) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String name : templates(row.path())) {
            String source = row.ids().get(name);
            if (source == null) {
                throw new AssertionError("The column ids of " + row.name() + " must say where another tenant's " + name
                        + " comes from: table.column, or 'a literal'");
            }
            values.put(
                    name,
                    source.equals("tenants.id")
                            ? world.own
                            : source.startsWith("'")
                                    ? source.replace("'", "")
                                    : UUID.randomUUID().toString());
        }
        return values;
    }

    private static Reply call(Row row, String key, Map<String, String> headers, Map<String, String> ids, String body) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("X-Forwarded-For", Http.newPlace());
        if (!key.isEmpty()) {
            all.put("Authorization", "Bearer " + key);
        }
        boolean bodiless = row.method().equals("GET") || row.method().equals("DELETE");
        Reply reply = http.send(
                row.method(),
                row.with(ids),
                all,
                documented.getOrDefault(row.name(), "application/json"),
                bodiless ? null : body);
        if (reply.status() == 429 || reply.status() >= 500) {
            throw new AssertionError(
                    row.name() + " answers " + reply.status() + ", which says nothing of access: " + reply.text());
        }
        return reply;
    }

    private static boolean isProblem(Reply reply, int status, String code) {
        return reply.status() == status && reply.text().contains("\"code\":\"" + code + "\"");
    }

    private interface Check {
        void of(Row row, Faults faults);
    }

    /** What differs from the table, by row. */
    private record Faults(Row row, Queue<String> all) {
        void add(String who, boolean allowed, Reply reply) {
            String text = reply.text();
            all.add(String.format(
                    Locale.ROOT,
                    "%s: %s is %s by the table, the product says %d %s",
                    row.name(),
                    who,
                    allowed ? "allowed" : "refused",
                    reply.status(),
                    reply.status() == 302
                            ? reply.header("location")
                            : text.substring(0, Math.min(200, text.length()))));
        }
    }

    private static void check(Collection<Row> rows, Check check) {
        Queue<String> faults = new ConcurrentLinkedQueue<>();
        ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Future<?>> running = new ArrayList<>();
            rows.forEach(row -> running.add(pool.submit(() -> check.of(row, new Faults(row, faults)))));
            for (Future<?> one : running) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        } finally {
            pool.shutdownNow();
        }
        assertThat(new TreeSet<>(faults)).isEmpty();
    }
}
