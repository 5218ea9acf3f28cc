package com.cognitionos.system;

import com.cognitionos.identity.control.Passwords;
import com.cognitionos.identity.entity.Role;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Throw-away tenants in which everything may be tried, and somebody of each role: a key that holds exactly the scopes
 * of the role, and a person who signs in.
 */
final class PolicyWorld {

    private static final String PASSWORD = "a person of the policy test";
    // One for all: each costs 19 MiB and a core for a while.
    private static final String HASH = new Passwords().hash(PASSWORD);
    private static final SecureRandom RANDOM = new SecureRandom();

    final Product product;
    final Api operator;
    final DatabaseOwner owner;
    final String own;
    final String ownSlug;
    final String foreign;
    final String foreignSlug;
    final String suspended;

    private final Map<String, String> keys = new LinkedHashMap<>();
    private final Map<String, Http> people = new ConcurrentHashMap<>();
    private final String mark = HexFormat.of().formatHex(random(4));

    PolicyWorld(Product product) {
        this.product = product;
        operator = product.api();
        owner = new DatabaseOwner(product);
        Leaks.secret(operator.key());
        ownSlug = "policy-own-" + mark;
        own = established(ownSlug);
        foreignSlug = "policy-foreign-" + mark;
        foreign = established(foreignSlug);
        suspended = established("policy-suspended-" + mark);
        for (String role : AccessPolicy.TENANT_ROLES) {
            keys.put(role, keyOf(own, role));
        }
        keyOf(foreign, "owner");
        for (String role : AccessPolicy.PLATFORM_ROLES) {
            keys.put(role, platformKey(role));
        }
        if (!owner.texts("SELECT to_regclass('public.platform_roles')").contains(null)) {
            for (String role : AccessPolicy.PLATFORM_ROLES) {
                owner.update(
                        "INSERT INTO platform_roles (user_id, role, created_at) VALUES (?, ?, now())",
                        user(address(ownSlug, role), role),
                        role);
            }
        }
        keys.put("suspended", keyOf(suspended, "owner"));
        person("suspended");
        operator.post("/v3/tenants/" + suspended + "/suspend", "{\"reason\": \"The policy test\"}")
                .expect(200);
    }

    /** A tenant with something of everything; what a new component keeps for tenants is to be added here. */
    private String established(String slug) {
        String tenant = operator.testTenant(slug, "team", "2026-01-31T00:00:00Z");
        operator.withoutRateLimit(tenant);
        Api at = operator.forTenant(tenant);
        at.post("/v3/payment-methods", "{\"token\": \"pm_card_visa\"}").expect(201);
        at.post("/v3/usage/events", "{\"id\": \"of-" + slug + "\", \"meter\": \"executions\", \"quantity\": 3}")
                .expect(202);
        operator.moveClock(tenant, "2026-03-05T00:00:00Z");
        served(at, "/v3/invitations", "{\"email\": \"guest@" + slug + ".example\", \"role\": \"viewer\"}");
        operator.post(
                        "/v3/finance/coupons",
                        "{\"code\": \"OF-" + slug + "\", \"name\": \"Off\", \"percent\": 5, \"duration\": \"once\"}")
                .expect(201);
        at.post("/v3/subscriptions/current/coupons", "{\"code\": \"OF-" + slug + "\"}")
                .expect(201);
        String invoice = at.invoices().get(0).get("id").getAsString();
        served(
                at,
                "/v3/finance/credit-notes",
                "{\"invoice_id\": \"" + invoice
                        + "\", \"lines\": [{\"position\": 1, \"amount_cents\": 1}], \"reason\": \"The policy test\"}");
        served(at, "/v3/entitlements/executions/reservations", "{\"quantity\": 1, \"ttl_seconds\": 3600}");
        served(at, "/v3/webhook-endpoints", "{\"url\": \"https://hooks.example.org/\", \"enabled\": false}");
        served(at, "/v3/budgets", "{\"name\": \"A budget\", \"amount_cents\": 100000}");
        owner.update("""
                INSERT INTO alerts (tenant_id, id, kind, subject, meter, name, period_start, period_end, threshold, bound, value,
                    triggered_at, created_at, mailed_to)
                VALUES (?, uuidv7(), 'usage', 'tokens', 'tokens', 'Tokens', now() - interval '1 day', now(), 50, 10, 5, now(), now(),
                    '{}')""", tenant);
        owner.update("""
                INSERT INTO usage_uploads (tenant_id, id, file_name, bytes, header, separator, rows, doubtful, notes, status,
                    uploaded_by, created_at, ended_at, read, rejected)
                VALUES (?, uuidv7(), 'usage.csv', 9, '{id}', ',', 1, 0, '{}', 'completed', 'somebody', now(), now(), 1, 1)""", tenant);
        owner.update("""
                INSERT INTO webhook_events (tenant_id, id, type, happened_at, payload, created_at)
                VALUES (?, uuidv7(), 'webhook.ping', now(), '{}', now())""", tenant);
        owner.update("""
                INSERT INTO webhook_deliveries (tenant_id, id, endpoint_id, event_id, status, began_at, created_at, settled_at)
                SELECT e.tenant_id, uuidv7(), e.id, m.id, 'failed', now(), now(), now()
                FROM webhook_endpoints e JOIN webhook_events m USING (tenant_id) WHERE e.tenant_id = ?""", tenant);
        for (String role : AccessPolicy.TENANT_ROLES) {
            member(tenant, address(slug, role), role);
        }
        return tenant;
    }

    /** Makes a thing of a component that may not be there yet; completeness is for the table's own test to see. */
    private static void served(Api at, String path, String body) {
        Api.Reply reply = at.post(path, body);
        if (reply.status() != 404) {
            reply.expect(201);
        }
    }

    private String address(String slug, String role) {
        return role + "@" + slug + ".example";
    }

    private void member(String tenant, String email, String role) {
        owner.update(
                "INSERT INTO memberships (tenant_id, user_id, role, created_at) VALUES (?, ?, ?, now())",
                tenant,
                user(email, role),
                role);
    }

    private String user(String email, String role) {
        String id = UUID.randomUUID().toString();
        owner.update(
                "INSERT INTO users (id, email, name, password_hash, created_at) VALUES (?, ?, ?, ?, now())",
                id,
                email,
                "Somebody of role " + role,
                HASH);
        return id;
    }

    private String keyOf(String tenant, String role) {
        JsonArray scopes = new JsonArray();
        Role.stored(role).scopes().forEach(scopes::add);
        JsonObject body = new JsonObject();
        body.addProperty("name", role);
        body.add("scopes", scopes);
        String key = operator.forTenant(tenant)
                .post("/v3/api-keys", body.toString())
                .expect(201)
                .json()
                .get("key")
                .getAsString();
        Leaks.secret(key);
        return key;
    }

    private String platformKey(String role) {
        String key = "cog_" + HexFormat.of().formatHex(random(16));
        owner.update(
                "INSERT INTO platform_keys (id, name, key_hmac, prefix, scopes, created_at) VALUES (?, ?, ?, ?, ?, now())",
                UUID.randomUUID().toString(),
                role + " of the policy test",
                DatabaseOwner.hmac(owner.secret("pepper"), key),
                key.substring(0, 12),
                String.join(" ", Role.stored(role).scopes()));
        Leaks.secret(key);
        return key;
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    /** The key of a role in its own tenant, a platform's key, or that of the suspended tenant's owner. */
    String key(String role) {
        return keys.get(role);
    }

    /** A person of that role, signed in; each asks from a place of their own. */
    Http person(String role) {
        return people.computeIfAbsent(role, this::signedIn);
    }

    Http signedIn(String role) {
        String email = role.equals("suspended") ? address("policy-suspended-" + mark, "owner") : address(ownSlug, role);
        return new Http(product.url()).signIn(email, PASSWORD);
    }

    /** An id of the foreign tenant's, by table and column. @throws AssertionError when it has no such thing */
    String foreignId(String source) {
        String table = source.substring(0, source.indexOf('.'));
        String column = source.substring(source.indexOf('.') + 1);
        List<String> found = owner.texts(
                "SELECT " + column + "::text FROM " + table + " WHERE " + (table.equals("tenants") ? "id" : "tenant_id")
                        + " = ? LIMIT 1",
                foreign);
        if (found.isEmpty()) {
            throw new AssertionError("The policy world's tenants have nothing in " + table
                    + ", so that nobody can try to take it; add it to PolicyWorld.established");
        }
        return found.get(0);
    }
}
