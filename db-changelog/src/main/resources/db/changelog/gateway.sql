--liquibase formatted sql

--changeset cognitionos:gateway-api-keys
--comment: key_hmac is HMAC-SHA-256 of the key under the configured pepper; the key itself is never stored.
CREATE TABLE api_keys (
    tenant_id             uuid NOT NULL REFERENCES tenants,
    id                    uuid NOT NULL,
    name                  text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    key_hmac              bytea NOT NULL CHECK (length(key_hmac) = 32),
    prefix                text NOT NULL CHECK (length(prefix) = 12),
    scopes                text NOT NULL,
    rate_limit_per_minute integer CHECK (rate_limit_per_minute > 0),
    created_at            timestamptz NOT NULL,
    created_by            text NOT NULL,
    expires_at            timestamptz,
    revoked_at            timestamptz,
    last_used_at          timestamptz,
    replaced_by           uuid,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, replaced_by) REFERENCES api_keys,
    CONSTRAINT api_keys_hmac_unique UNIQUE (key_hmac)
);
SELECT protect_tenant_table('api_keys', 'SELECT, INSERT, UPDATE', 'SELECT, UPDATE');
--rollback DROP TABLE api_keys;

--changeset cognitionos:gateway-platform-keys
CREATE TABLE platform_keys (
    id                    uuid PRIMARY KEY,
    name                  text NOT NULL,
    key_hmac              bytea NOT NULL CHECK (length(key_hmac) = 32),
    prefix                text NOT NULL CHECK (length(prefix) = 12),
    scopes                text NOT NULL,
    created_at            timestamptz NOT NULL,
    expires_at            timestamptz,
    revoked_at            timestamptz,
    last_used_at          timestamptz,
    CONSTRAINT platform_keys_hmac_unique UNIQUE (key_hmac)
);
GRANT SELECT, INSERT, UPDATE ON platform_keys TO cog_platform;
--rollback DROP TABLE platform_keys;

--changeset cognitionos:gateway-platform-key-limit
ALTER TABLE platform_keys
    ADD rate_limit_per_minute integer NOT NULL DEFAULT 10000 CHECK (rate_limit_per_minute > 0),
    ADD created_by text NOT NULL DEFAULT 'job:first-start',
    ADD replaced_by uuid REFERENCES platform_keys;
--rollback ALTER TABLE platform_keys DROP rate_limit_per_minute, DROP created_by, DROP replaced_by;

--changeset cognitionos:gateway-rate-windows
--comment: A ring of admission times for each subject (docs/adr/0007). Unlogged: a crash of the database forgets the last minute, which costs no write-ahead log.
CREATE UNLOGGED TABLE rate_limit_tracking (
    subject  text PRIMARY KEY,
    id       bigint GENERATED ALWAYS AS IDENTITY,
    capacity integer NOT NULL CHECK (capacity > 0),
    taken    bigint NOT NULL DEFAULT 0,
    expired  bigint NOT NULL DEFAULT 0,
    last_at  timestamptz NOT NULL DEFAULT '-infinity',
    CHECK (expired BETWEEN 0 AND taken)
) WITH (fillfactor = 50);
COMMENT ON COLUMN rate_limit_tracking.taken IS 'admissions so far, numbered from 0; number n lies in slot n % capacity';
COMMENT ON COLUMN rate_limit_tracking.expired IS 'all admissions below this number are older than the window';
CREATE UNLOGGED TABLE rate_limit_slots (
    tracking_id bigint NOT NULL,
    slot        integer NOT NULL,
    at          timestamptz NOT NULL,
    PRIMARY KEY (tracking_id, slot)
) WITH (fillfactor = 70);
GRANT SELECT, INSERT, UPDATE, DELETE ON rate_limit_tracking, rate_limit_slots TO cog_platform;
--rollback DROP TABLE rate_limit_slots, rate_limit_tracking;

--changeset cognitionos:gateway-rate-limit-admit splitStatements:false
--comment: Admits requests by all subjects or none by any. Somebody busy may ask for more places than one, to be used within 0.1 s; they count as taken when that is over, so that no window ever holds more than the limit. The instant is for tests; left out, it is the database's clock, read when all rows are locked.
CREATE FUNCTION rate_limit_admit(subjects text[], limits integer[], instant timestamptz DEFAULT NULL,
                                 wanted integer DEFAULT 1)
    RETURNS TABLE (nth integer, remaining integer, free_at timestamptz, admitted boolean, decided_at timestamptz,
                   places integer)
    LANGUAGE plpgsql AS
$$
DECLARE
    ring      rate_limit_tracking;
    rings     rate_limit_tracking[];
    used      integer[];
    frees     timestamptz[];
    edge      timestamptz;
    found_at  timestamptz;
    oldest_at timestamptz;
    low       bigint;
    high      bigint;
    probe     bigint;
    stride    bigint;
    kept      timestamptz[];
    use_by    CONSTANT interval := interval '100 ms';
    singles   CONSTANT integer := 1000;
    taken_at  timestamptz;
BEGIN
    admitted := true;
    places := wanted;
    -- Always in the same order, so that two calls never wait for each other.
    FOR i IN 1 .. cardinality(subjects) LOOP
        IF subjects[i] <= subjects[i - 1] THEN
            RAISE EXCEPTION 'subjects must ascend';
        END IF;
        LOOP
            SELECT * INTO ring FROM rate_limit_tracking WHERE subject = subjects[i] FOR NO KEY UPDATE;
            EXIT WHEN FOUND;
            INSERT INTO rate_limit_tracking (subject, capacity) VALUES (subjects[i], least(limits[i], 1024))
                ON CONFLICT DO NOTHING;
        END LOOP;
        rings[i] := ring;
    END LOOP;
    decided_at := coalesce(instant, clock_timestamp());
    edge := decided_at - interval '60 seconds';

    FOR i IN 1 .. cardinality(subjects) LOOP
        ring := rings[i];
        IF ring.last_at > decided_at + use_by THEN
            -- The clock was set back: what happened "later" counts as happening now, and so leaves in a minute.
            UPDATE rate_limit_slots SET at = decided_at WHERE tracking_id = ring.id AND at > decided_at;
            UPDATE rate_limit_tracking SET last_at = decided_at WHERE subject = ring.subject;
            ring.last_at := decided_at;
        END IF;
        IF ring.last_at <= edge THEN
            ring.expired := ring.taken;
        ELSE
            -- The first admission inside the window: gallop from where it was last time, then halve.
            low := ring.expired;
            high := ring.taken - 1;
            oldest_at := ring.last_at;
            probe := low;
            stride := 1;
            WHILE probe < high LOOP
                SELECT s.at INTO STRICT found_at FROM rate_limit_slots s
                    WHERE s.tracking_id = ring.id AND s.slot = (probe % ring.capacity)::integer;
                IF found_at > edge THEN
                    high := probe;
                    oldest_at := found_at;
                ELSE
                    low := probe + 1;
                    probe := probe + stride;
                    stride := stride * 2;
                END IF;
            END LOOP;
            WHILE low < high LOOP
                probe := (low + high) / 2;
                SELECT s.at INTO STRICT found_at FROM rate_limit_slots s
                    WHERE s.tracking_id = ring.id AND s.slot = (probe % ring.capacity)::integer;
                IF found_at > edge THEN
                    high := probe;
                    oldest_at := found_at;
                ELSE
                    low := probe + 1;
                END IF;
            END LOOP;
            ring.expired := low;
        END IF;
        rings[i] := ring;
        used[i] := ring.taken - ring.expired;
        frees[i] := CASE WHEN used[i] > 0 THEN oldest_at + interval '60 seconds' END;
        IF used[i] >= limits[i] THEN
            admitted := false;
            IF used[i] > limits[i] THEN
                -- The limit was lowered: more than one has to leave before there is a place.
                SELECT s.at INTO STRICT found_at FROM rate_limit_slots s
                    WHERE s.tracking_id = ring.id AND s.slot = ((ring.taken - limits[i]) % ring.capacity)::integer;
                frees[i] := found_at + interval '60 seconds';
            END IF;
        END IF;
    END LOOP;

    -- Of the last places each is given away by itself: none of those goes unused.
    FOR i IN 1 .. cardinality(subjects) LOOP
        places := greatest(1, least(places, (limits[i] - used[i] - singles) / 16, rings[i].capacity - used[i]));
    END LOOP;

    FOR i IN 1 .. cardinality(subjects) LOOP
        nth := i;
        free_at := frees[i];
        remaining := greatest(0, limits[i] - used[i]);
        IF admitted THEN
            ring := rings[i];
            IF used[i] = ring.capacity THEN
                -- The ring is full and the limit is higher: a larger one, with the window's admissions in order.
                SELECT array_agg(s.at ORDER BY (s.slot - ring.expired % ring.capacity + ring.capacity) % ring.capacity)
                    INTO kept FROM rate_limit_slots s WHERE s.tracking_id = ring.id;
                DELETE FROM rate_limit_slots s WHERE s.tracking_id = ring.id;
                INSERT INTO rate_limit_slots (tracking_id, slot, at)
                    SELECT ring.id, k.position - 1, k.at FROM unnest(kept) WITH ORDINALITY AS k (at, position);
                ring.capacity := least(limits[i], 4 * ring.capacity);
                ring.taken := used[i];
                ring.expired := 0;
            END IF;
            taken_at := greatest(ring.last_at, CASE WHEN places > 1 THEN decided_at + use_by ELSE decided_at END);
            IF places = 1 AND ring.taken >= ring.capacity THEN
                UPDATE rate_limit_slots s SET at = taken_at
                    WHERE s.tracking_id = ring.id AND s.slot = (ring.taken % ring.capacity)::integer;
            ELSE
                INSERT INTO rate_limit_slots AS s (tracking_id, slot, at)
                    SELECT ring.id, ((ring.taken + n) % ring.capacity)::integer, taken_at
                    FROM generate_series(0, places - 1) n
                    ON CONFLICT (tracking_id, slot) DO UPDATE SET at = excluded.at;
            END IF;
            UPDATE rate_limit_tracking t
                SET capacity = ring.capacity, taken = ring.taken + places, expired = ring.expired, last_at = taken_at
                WHERE t.subject = ring.subject;
            remaining := remaining - 1;
            free_at := coalesce(free_at, taken_at + interval '60 seconds');
        END IF;
        RETURN NEXT;
    END LOOP;
END
$$;
REVOKE ALL ON FUNCTION rate_limit_admit(text[], integer[], timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rate_limit_admit(text[], integer[], timestamptz, integer) TO cog_platform;
--rollback DROP FUNCTION rate_limit_admit(text[], integer[], timestamptz, integer);

--changeset cognitionos:gateway-admit splitStatements:false rollbackSplitStatements:false
--comment: The gate's one round trip: whose key it is, and whether the request is admitted. It runs as cog_platform, since the tenant is what it finds out; the application's login may call it and nothing else.
CREATE FUNCTION gateway_admit(hmac bytea, address text, address_limit integer, wanted integer DEFAULT 1)
    RETURNS TABLE (key_id uuid, platform boolean, tenant uuid, slug text, status text, prefix text, scopes text,
                   policy text, quota integer, remaining integer, free_at timestamptz, admitted boolean,
                   decided_at timestamptz, places integer)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    -- A plan that was made while a table was small would read all of it for the rest of the session.
    SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS
$$
#variable_conflict use_column
DECLARE
    found_key  record;
    subjects   text[];
    limits     integer[];
    policies   text[];
    last_used  timestamptz;
    highest    CONSTANT bigint := 1000000;
    verdict    record;
BEGIN
    -- Nothing in here is worth waiting for the disk.
    PERFORM set_config('synchronous_commit', 'off', true);
    IF hmac IS NOT NULL THEN
        SELECT k.id, false AS platform, k.tenant_id, t.slug, t.status, k.prefix, k.scopes, k.last_used_at,
               k.rate_limit_per_minute AS key_limit,
               least(coalesce(s.api_rate_limit_per_minute, f.amount, highest), highest)::integer AS tenant_limit
            INTO found_key
            FROM api_keys k
            JOIN tenants t ON t.id = k.tenant_id
            LEFT JOIN tenant_settings s ON s.tenant_id = k.tenant_id
            LEFT JOIN plan_features f
                ON f.tier = t.tier AND f.version = t.plan_version AND f.feature = 'api_requests_per_minute'
            WHERE k.key_hmac = hmac AND k.revoked_at IS NULL
              AND (k.expires_at IS NULL OR k.expires_at > clock_timestamp());
        IF NOT FOUND THEN
            SELECT k.id, true AS platform, NULL::uuid AS tenant_id, NULL::text AS slug, NULL::text AS status, k.prefix,
                   k.scopes, k.last_used_at, k.rate_limit_per_minute AS key_limit, NULL::integer AS tenant_limit
                INTO found_key
                FROM platform_keys k
                WHERE k.key_hmac = hmac AND k.revoked_at IS NULL
                  AND (k.expires_at IS NULL OR k.expires_at > clock_timestamp());
        END IF;
        IF FOUND THEN
            key_id := found_key.id;
            platform := found_key.platform;
            tenant := found_key.tenant_id;
            slug := found_key.slug;
            status := found_key.status;
            prefix := found_key.prefix;
            scopes := found_key.scopes;
            last_used := found_key.last_used_at;
        END IF;
    END IF;
    IF key_id IS NULL THEN
        subjects := ARRAY['address:' || address];
        policies := ARRAY['address'];
        limits := ARRAY[address_limit];
    ELSIF tenant IS NULL THEN
        subjects := ARRAY['key:' || key_id];
        policies := ARRAY['key'];
        limits := ARRAY[found_key.key_limit];
    ELSIF found_key.key_limit IS NULL THEN
        subjects := ARRAY['tenant:' || tenant];
        policies := ARRAY['tenant'];
        limits := ARRAY[found_key.tenant_limit];
    ELSE
        subjects := ARRAY['key:' || key_id, 'tenant:' || tenant];
        policies := ARRAY['key', 'tenant'];
        limits := ARRAY[found_key.key_limit, found_key.tenant_limit];
    END IF;

    FOR verdict IN SELECT * FROM rate_limit_admit(subjects, limits, NULL, wanted) LOOP
        policy := policies[verdict.nth];
        quota := limits[verdict.nth];
        remaining := verdict.remaining;
        free_at := verdict.free_at;
        admitted := verdict.admitted;
        decided_at := verdict.decided_at;
        places := verdict.places;
        RETURN NEXT;
    END LOOP;

    IF admitted AND key_id IS NOT NULL
        AND (last_used IS NULL OR last_used <= decided_at - interval '1 minute') THEN
        -- Who is changing the key at this moment must not hold up its requests.
        IF platform THEN
            UPDATE platform_keys k SET last_used_at = decided_at
                WHERE k.id = (SELECT l.id FROM platform_keys l WHERE l.id = key_id FOR NO KEY UPDATE SKIP LOCKED);
        ELSE
            UPDATE api_keys k SET last_used_at = decided_at
                WHERE k.tenant_id = tenant AND k.id = (SELECT l.id FROM api_keys l
                    WHERE l.tenant_id = tenant AND l.id = key_id FOR NO KEY UPDATE SKIP LOCKED);
        END IF;
    END IF;
END
$$;
REVOKE ALL ON FUNCTION gateway_admit(bytea, text, integer, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gateway_admit(bytea, text, integer, integer) TO cog_app;
-- A new owner must be one that could have made it, and whom we may become.
DO $$
BEGIN
    EXECUTE format('GRANT cog_platform TO %I WITH SET TRUE', current_user);
END
$$;
GRANT CREATE ON SCHEMA public TO cog_platform;
ALTER FUNCTION gateway_admit(bytea, text, integer, integer) OWNER TO cog_platform;
REVOKE CREATE ON SCHEMA public FROM cog_platform;
--rollback DROP FUNCTION gateway_admit(bytea, text, integer, integer);
