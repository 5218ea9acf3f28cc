--liquibase formatted sql

--changeset cognitionos:metering-keys
--comment: True uniqueness of an event id per tenant for ever; the records beside it can be dropped by month.
CREATE TABLE usage_keys (
    tenant_id    uuid NOT NULL REFERENCES tenants,
    event_id     text NOT NULL CHECK (length(event_id) BETWEEN 1 AND 255),
    content_hash bytea NOT NULL CHECK (length(content_hash) = 32),
    PRIMARY KEY (tenant_id, event_id)
) PARTITION BY HASH (tenant_id);
CREATE TABLE usage_keys_0 PARTITION OF usage_keys FOR VALUES WITH (MODULUS 4, REMAINDER 0);
CREATE TABLE usage_keys_1 PARTITION OF usage_keys FOR VALUES WITH (MODULUS 4, REMAINDER 1);
CREATE TABLE usage_keys_2 PARTITION OF usage_keys FOR VALUES WITH (MODULUS 4, REMAINDER 2);
CREATE TABLE usage_keys_3 PARTITION OF usage_keys FOR VALUES WITH (MODULUS 4, REMAINDER 3);
SELECT protect_tenant_table('usage_keys', 'SELECT, INSERT', 'SELECT');
--rollback DROP TABLE usage_keys;

--changeset cognitionos:metering-records
CREATE TABLE usage_records (
    tenant_id   uuid NOT NULL,
    event_id    text NOT NULL,
    meter       text NOT NULL,
    quantity    numeric(24, 6) NOT NULL CHECK (quantity >= 0),
    occurred_at timestamptz NOT NULL,
    counted_at  timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    subject     text,
    properties  jsonb
) PARTITION BY RANGE (counted_at);
COMMENT ON COLUMN usage_records.counted_at IS 'occurred_at, or the start of the subscription when it occurred before';
CREATE INDEX usage_records_by_time ON usage_records (tenant_id, meter, counted_at);
CREATE TABLE usage_records_default PARTITION OF usage_records DEFAULT;
SELECT protect_tenant_table('usage_records', 'SELECT, INSERT', 'SELECT');
--rollback DROP TABLE usage_records;

--changeset cognitionos:metering-partitions splitStatements:false
--comment: Partitions belong to the owner, so the application asks for them; a month that already has rows in the default partition stays there.
CREATE FUNCTION usage_partitions_ahead(from_month date, months integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS
$$
DECLARE
    month   date;
    made    integer := 0;
BEGIN
    FOR month IN
        SELECT (date_trunc('month', from_month::timestamp) + make_interval(months => n))::date
        FROM generate_series(0, least(months, 36) - 1) n
    LOOP
        IF to_regclass(format('public.usage_records_%s', to_char(month, 'YYYYMM'))) IS NULL THEN
            BEGIN
                EXECUTE format('CREATE TABLE usage_records_%s PARTITION OF usage_records FOR VALUES FROM (%L) TO (%L)',
                               to_char(month, 'YYYYMM'), month || 'T00:00:00Z', (month + interval '1 month')::date || 'T00:00:00Z');
                made := made + 1;
            EXCEPTION WHEN check_violation THEN
                NULL;
            END;
        END IF;
    END LOOP;
    RETURN made;
END
$$;
REVOKE ALL ON FUNCTION usage_partitions_ahead(date, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION usage_partitions_ahead(date, integer) TO cog_platform;
SELECT usage_partitions_ahead('2026-01-01', 24);
--rollback DROP FUNCTION usage_partitions_ahead(date, integer);

--changeset cognitionos:metering-rollups
--comment: A day in usage_pending has records that its rollup does not know yet; readers take such a day from the records.
CREATE TABLE usage_rollups (
    tenant_id    uuid NOT NULL,
    meter        text NOT NULL REFERENCES meters,
    day          date NOT NULL,
    quantity     numeric(30, 6) NOT NULL,
    events       bigint NOT NULL,
    rolled_up_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, meter, day)
);
CREATE TABLE usage_pending (
    tenant_id  uuid NOT NULL,
    meter      text NOT NULL REFERENCES meters,
    day        date NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, meter, day)
);
SELECT protect_tenant_table('usage_rollups', 'SELECT, INSERT, UPDATE', 'SELECT');
SELECT protect_tenant_table('usage_pending', 'SELECT, INSERT, UPDATE, DELETE', 'SELECT');
--rollback DROP TABLE usage_pending, usage_rollups;

--changeset cognitionos:metering-late-usage
--comment: Events that came after their period was invoiced, and the invoice whose adjustment line made up for them.
CREATE TABLE late_usage (
    tenant_id       uuid NOT NULL,
    event_id        text NOT NULL,
    subscription_id uuid NOT NULL,
    meter           text NOT NULL,
    quantity        numeric(24, 6) NOT NULL,
    counted_at      timestamptz NOT NULL,
    received_at     timestamptz NOT NULL,
    invoice_id      uuid,
    PRIMARY KEY (tenant_id, event_id),
    FOREIGN KEY (tenant_id, subscription_id) REFERENCES subscriptions
);
CREATE INDEX late_usage_open ON late_usage (tenant_id, subscription_id) WHERE invoice_id IS NULL;
SELECT protect_tenant_table('late_usage', 'SELECT, INSERT, UPDATE', 'SELECT');
--rollback DROP TABLE late_usage;

--changeset cognitionos:metering-counters
--comment: What a tenant has used and holds of a sum meter in a usage month, kept in step by the statements that store usage, so that a limit is one conditional update. Periods may overlap (a trial and the calendar of its anchor); each counts for itself.
CREATE TABLE usage_counters (
    tenant_id    uuid NOT NULL,
    id           uuid NOT NULL,
    meter        text NOT NULL REFERENCES meters,
    period_start timestamptz NOT NULL,
    period_end   timestamptz NOT NULL,
    used         numeric(30, 6) NOT NULL CHECK (used >= 0),
    reserved     numeric(30, 6) NOT NULL DEFAULT 0 CHECK (reserved >= 0),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, meter, period_start, period_end),
    CHECK (period_start < period_end)
) WITH (fillfactor = 50);
SELECT protect_tenant_table('usage_counters', 'SELECT, INSERT, UPDATE', 'SELECT');
--rollback DROP TABLE usage_counters;

--changeset cognitionos:metering-reservations
--comment: Quantities that are held for a caller until it commits, releases or lets them expire. expires_at is the system's time also for a test tenant, whose own clock may stand.
CREATE TABLE usage_reservations (
    tenant_id   uuid NOT NULL,
    id          uuid NOT NULL,
    counter_id  uuid NOT NULL,
    meter       text NOT NULL REFERENCES meters,
    quantity    numeric(24, 6) NOT NULL CHECK (quantity > 0),
    state       text NOT NULL CHECK (state IN ('held', 'committed', 'released', 'expired')),
    committed   numeric(24, 6) CHECK (committed >= 0 AND committed <= quantity),
    reserved_at timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    settled_at  timestamptz,
    created_by  text NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, counter_id) REFERENCES usage_counters,
    CHECK ((state = 'committed') = (committed IS NOT NULL)),
    CHECK ((state = 'held') = (settled_at IS NULL))
);
COMMENT ON COLUMN usage_reservations.reserved_at IS 'by the tenant''s clock: a committed quantity counts here';
CREATE INDEX usage_reservations_held ON usage_reservations (expires_at) WHERE state = 'held';
CREATE INDEX usage_reservations_of_counter ON usage_reservations (tenant_id, counter_id) WHERE state = 'held';
SELECT protect_tenant_table('usage_reservations', 'SELECT, INSERT, UPDATE', 'SELECT');
--rollback DROP TABLE usage_reservations;

--changeset cognitionos:metering-api-calls
--comment: API calls that are not usage records yet, in new rows so that no two calls wait for each other. counted_in is the counter that has the calls already.
CREATE TABLE api_call_tail (
    tenant_id  uuid NOT NULL,
    id         bigint NOT NULL GENERATED BY DEFAULT AS IDENTITY,
    key_prefix text NOT NULL,
    at         timestamptz NOT NULL,
    calls      integer NOT NULL DEFAULT 1 CHECK (calls > 0),
    counted_in uuid,
    PRIMARY KEY (tenant_id, id)
);
SELECT protect_tenant_table('api_call_tail', 'SELECT, INSERT, DELETE', 'SELECT');
--rollback DROP TABLE api_call_tail;

--changeset cognitionos:metering-spending-caps
CREATE TABLE spending_caps (
    tenant_id    uuid PRIMARY KEY REFERENCES tenants,
    amount_cents bigint NOT NULL CHECK (amount_cents >= 0),
    updated_at   timestamptz NOT NULL,
    updated_by   text NOT NULL
);
COMMENT ON TABLE spending_caps IS 'The most that a usage month''s overage may cost; no row: no cap';
SELECT protect_tenant_table('spending_caps', 'SELECT, INSERT, UPDATE, DELETE', 'SELECT');
--rollback DROP TABLE spending_caps;

--changeset cognitionos:metering-api-call-grants splitStatements:false rollbackSplitStatements:false
--comment: A decision that need not be made again for each call: until period_end, calls are counted in counter_id up to the ceiling, or in no counter where there is no ceiling, for as long as the facts are those that it was made on.
CREATE TABLE api_call_grants (
    tenant_id    uuid PRIMARY KEY REFERENCES tenants,
    facts        text NOT NULL,
    counter_id   uuid,
    ceiling      numeric(30, 6),
    period_start timestamptz NOT NULL,
    period_end   timestamptz NOT NULL,
    FOREIGN KEY (tenant_id, counter_id) REFERENCES usage_counters,
    CHECK ((counter_id IS NULL) = (ceiling IS NULL)),
    CHECK (period_start < period_end)
);
SELECT protect_tenant_table('api_call_grants', 'SELECT, INSERT, UPDATE', 'SELECT');

-- All that the decision rests on, in a form that is the same on every node.
CREATE FUNCTION api_call_facts(tenant uuid) RETURNS text
    LANGUAGE sql STABLE SET search_path = public, pg_temp AS
$$
    SELECT ROW (s.id, s.status, s.tier, s.plan_version, extract(epoch FROM s.usage_period_start),
                extract(epoch FROM s.usage_period_end),
                (SELECT c.amount_cents FROM spending_caps c WHERE c.tenant_id = s.tenant_id))::text
    FROM subscriptions s
    WHERE s.tenant_id = tenant ORDER BY s.created_at DESC, s.id DESC LIMIT 1
$$;

-- Counts calls by the grant: 2 where it has no ceiling, 1 below its ceiling, 0 and none counted where there is none that
-- holds, or no room for all of them. One
-- statement and its own transaction, behind row security as the tenant, and behind the same locks as whoever closes a
-- month or makes counters.
CREATE FUNCTION count_api_calls(tenant uuid, key_prefix text, number integer, system_now timestamptz, billing bigint,
                                allowance bigint)
    RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS
$$
#variable_conflict use_column
DECLARE
    granted api_call_grants;
    present timestamptz;
BEGIN
    PERFORM set_config('app.tenant_id', count_api_calls.tenant::text, true),
            pg_advisory_xact_lock_shared(hashtextextended(count_api_calls.tenant::text, billing)),
            pg_advisory_xact_lock_shared(hashtextextended(count_api_calls.tenant::text, allowance));
    SELECT * INTO granted FROM api_call_grants g WHERE g.tenant_id = count_api_calls.tenant;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    SELECT coalesce((SELECT k.now FROM test_clocks k WHERE k.tenant_id = count_api_calls.tenant), system_now)
        INTO present;
    IF api_call_facts(count_api_calls.tenant) IS DISTINCT FROM granted.facts
        OR present < granted.period_start OR present >= granted.period_end THEN
        RETURN 0;
    END IF;
    IF granted.ceiling IS NOT NULL THEN
        UPDATE usage_counters c SET used = c.used + number
            WHERE c.tenant_id = count_api_calls.tenant AND c.id = granted.counter_id
              AND c.used + c.reserved + number <= granted.ceiling;
        IF NOT FOUND THEN
            RETURN 0;
        END IF;
    END IF;
    INSERT INTO api_call_tail (tenant_id, key_prefix, at, calls, counted_in)
        VALUES (count_api_calls.tenant, count_api_calls.key_prefix, present, number, granted.counter_id);
    RETURN CASE WHEN granted.ceiling IS NULL THEN 2 ELSE 1 END;
END
$$;
REVOKE ALL ON FUNCTION api_call_facts(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api_call_facts(uuid) TO cog_rt;
REVOKE ALL ON FUNCTION count_api_calls(uuid, text, integer, timestamptz, bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION count_api_calls(uuid, text, integer, timestamptz, bigint, bigint) TO cog_app;
DO $$
BEGIN
    EXECUTE format('GRANT cog_rt TO %I WITH SET TRUE', current_user);
END
$$;
GRANT CREATE ON SCHEMA public TO cog_rt;
ALTER FUNCTION count_api_calls(uuid, text, integer, timestamptz, bigint, bigint) OWNER TO cog_rt;
REVOKE CREATE ON SCHEMA public FROM cog_rt;
--rollback DROP FUNCTION count_api_calls(uuid, text, integer, timestamptz, bigint, bigint);
--rollback DROP FUNCTION api_call_facts(uuid);
--rollback DROP TABLE api_call_grants;

--changeset cognitionos:metering-retractions
--comment: Events that their tenant took back: what they said is kept here, and not in the records. In the late register one stands with the quantity that is missing since.
CREATE TABLE usage_retractions (
    tenant_id    uuid NOT NULL,
    event_id     text NOT NULL,
    meter        text NOT NULL,
    quantity     numeric(24, 6) NOT NULL,
    occurred_at  timestamptz NOT NULL,
    counted_at   timestamptz NOT NULL,
    received_at  timestamptz NOT NULL,
    subject      text,
    properties   jsonb,
    retracted_at timestamptz NOT NULL,
    retracted_by text NOT NULL,
    late         boolean NOT NULL,
    PRIMARY KEY (tenant_id, event_id),
    FOREIGN KEY (tenant_id, event_id) REFERENCES usage_keys
);
CREATE TRIGGER usage_retractions_append_only BEFORE UPDATE OR DELETE ON usage_retractions
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
SELECT protect_tenant_table('usage_retractions', 'SELECT, INSERT', 'SELECT');
GRANT DELETE ON usage_records TO cog_rt;
ALTER TABLE late_usage
    ADD COLUMN kind text NOT NULL DEFAULT 'late' CHECK (kind IN ('late', 'retracted')),
    DROP CONSTRAINT late_usage_pkey,
    ADD PRIMARY KEY (tenant_id, event_id, kind);
CREATE INDEX late_usage_by_time ON late_usage (received_at, tenant_id, event_id);
--rollback DROP INDEX late_usage_by_time; DELETE FROM late_usage WHERE kind = 'retracted'; ALTER TABLE late_usage DROP CONSTRAINT late_usage_pkey, ADD PRIMARY KEY (tenant_id, event_id), DROP COLUMN kind; REVOKE DELETE ON usage_records FROM cog_rt; DROP TABLE usage_retractions;

--changeset cognitionos:metering-facts-of-history splitStatements:false rollbackSplitStatements:false
--comment: In a month of several plans a decision rests on its history too: every entry of it changes the version.
CREATE OR REPLACE FUNCTION api_call_facts(tenant uuid) RETURNS text
    LANGUAGE sql STABLE SET search_path = public, pg_temp AS
$$
    SELECT ROW (s.id, s.version, s.status, s.tier, s.plan_version, extract(epoch FROM s.usage_period_start),
                extract(epoch FROM s.usage_period_end),
                (SELECT c.amount_cents FROM spending_caps c WHERE c.tenant_id = s.tenant_id))::text
    FROM subscriptions s
    WHERE s.tenant_id = tenant ORDER BY s.created_at DESC, s.id DESC LIMIT 1
$$;
--rollback CREATE OR REPLACE FUNCTION api_call_facts(tenant uuid) RETURNS text
--rollback     LANGUAGE sql STABLE SET search_path = public, pg_temp AS
--rollback $$
--rollback     SELECT ROW (s.id, s.status, s.tier, s.plan_version, extract(epoch FROM s.usage_period_start),
--rollback                 extract(epoch FROM s.usage_period_end),
--rollback                 (SELECT c.amount_cents FROM spending_caps c WHERE c.tenant_id = s.tenant_id))::text
--rollback     FROM subscriptions s
--rollback     WHERE s.tenant_id = tenant ORDER BY s.created_at DESC, s.id DESC LIMIT 1
--rollback $$;

--changeset cognitionos:metering-rollups-of-all-kinds splitStatements:false rollbackSplitStatements:false
--comment: A rollup keeps what can be merged, for each hour of its day (ADR 16), and a mark says which hours have changed. Rollups of before know no hours, so all days are marked and made anew.
ALTER TABLE usage_records ADD COLUMN key_prefix text;
COMMENT ON COLUMN usage_records.key_prefix IS 'of the API key that reported it; NULL where none did';
ALTER TABLE usage_retractions ADD COLUMN key_prefix text;
ALTER TABLE usage_pending
    ADD COLUMN hours integer NOT NULL DEFAULT 16777215 CHECK (hours > 0 AND hours < 16777216);
COMMENT ON COLUMN usage_pending.hours IS 'the hours of the day that have changed, a bit each, the first hour is bit 0';
ALTER TABLE usage_rollups
    ADD COLUMN hours numeric[],
    ADD COLUMN hour_events bigint[],
    ADD COLUMN firsts bigint[],
    ADD COLUMN integrals numeric[],
    SET (fillfactor = 70);
COMMENT ON COLUMN usage_rollups.quantity IS 'of the day: the sum, the number, the largest, the number of distinct values, the last';
COMMENT ON COLUMN usage_rollups.hours IS 'the same of each of its 24 hours, NULL without events; of a level the last one in it';
COMMENT ON COLUMN usage_rollups.firsts IS 'of a level: microseconds from the hour''s start to its first reading';
COMMENT ON COLUMN usage_rollups.integrals IS 'of a level: times microseconds, from the first reading to the hour''s end';

CREATE TABLE usage_group_rollups (
    tenant_id uuid NOT NULL,
    meter     text NOT NULL REFERENCES meters,
    dimension text NOT NULL,
    day       date NOT NULL,
    value     text NOT NULL,
    quantity  numeric(30, 6),
    filled    integer NOT NULL,
    hours     numeric[] NOT NULL,
    PRIMARY KEY (tenant_id, meter, dimension, day, value)
) WITH (fillfactor = 70);
COMMENT ON TABLE usage_group_rollups IS 'as usage_rollups, of the events with one value of a dimension; an empty value is none';
COMMENT ON COLUMN usage_group_rollups.filled IS 'the hours that have events, a bit each';
CREATE TABLE usage_distinct (
    tenant_id uuid NOT NULL,
    meter     text NOT NULL REFERENCES meters,
    dimension text NOT NULL,
    day       date NOT NULL,
    value     text NOT NULL,
    thing     text NOT NULL,
    hours     integer NOT NULL,
    PRIMARY KEY (tenant_id, meter, dimension, day, value, thing)
) WITH (fillfactor = 80);
COMMENT ON TABLE usage_distinct IS 'the distinct values of a unique_count, by day: in all, where the dimension is empty, and by the value of each dimension';
COMMENT ON COLUMN usage_distinct.hours IS 'the hours in which it occurs, a bit each';
CREATE TABLE usage_counter_values (
    tenant_id  uuid NOT NULL,
    counter_id uuid NOT NULL,
    value      text NOT NULL,
    events     bigint NOT NULL CHECK (events >= 0),
    PRIMARY KEY (tenant_id, counter_id, value),
    FOREIGN KEY (tenant_id, counter_id) REFERENCES usage_counters
);
COMMENT ON TABLE usage_counter_values IS 'what a counter of a unique_count has counted, so that a value raises it once';
SELECT protect_tenant_table('usage_group_rollups', 'SELECT, INSERT, UPDATE', 'SELECT');
SELECT protect_tenant_table('usage_distinct', 'SELECT, INSERT, UPDATE, DELETE', 'SELECT');
SELECT protect_tenant_table('usage_counter_values', 'SELECT, INSERT, UPDATE, DELETE', 'SELECT');

-- What an event is grouped or told apart by. 255 characters of it, which is as long as a subject is.
CREATE FUNCTION usage_dimension(dimension text, meter text, subject text, key_prefix text, properties jsonb)
    RETURNS text
    LANGUAGE sql IMMUTABLE AS
$$
    SELECT left(CASE dimension
        WHEN 'subject' THEN subject
        WHEN 'key' THEN CASE meter WHEN 'api_calls' THEN coalesce(subject, key_prefix) ELSE key_prefix END
        ELSE properties ->> dimension END, 255)
$$;

-- A level from since to until, in a form that joins to what lies before and after: microseconds to the first reading,
-- level times microseconds from there on, and the last level; NULL without a reading.
CREATE FUNCTION usage_level(tenant uuid, of_meter text, since timestamptz, until timestamptz,
                            OUT events bigint, OUT first bigint, OUT integral numeric, OUT last numeric)
    LANGUAGE sql STABLE AS
$$
    SELECT count(*), min(at), sum(quantity * (next - at)), (array_agg(quantity ORDER BY n DESC))[1]
    FROM (
        SELECT quantity, at, lead(at, 1, (extract(epoch FROM until - since) * 1000000)::bigint) OVER (ORDER BY n) AS next, n
        FROM (
            SELECT u.quantity, (extract(epoch FROM u.counted_at - since) * 1000000)::bigint AS at,
                row_number() OVER (ORDER BY u.counted_at, u.received_at, u.event_id) AS n
            FROM usage_records u
            WHERE u.tenant_id = tenant AND u.meter = of_meter AND u.counted_at >= since AND u.counted_at < until
        ) AS readings
    ) AS levels
$$;
REVOKE ALL ON FUNCTION usage_dimension(text, text, text, text, jsonb) FROM PUBLIC;
REVOKE ALL ON FUNCTION usage_level(uuid, text, timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION usage_dimension(text, text, text, text, jsonb) TO cog_rt, cog_platform;
GRANT EXECUTE ON FUNCTION usage_level(uuid, text, timestamptz, timestamptz) TO cog_rt, cog_platform;

ALTER TABLE usage_records NO FORCE ROW LEVEL SECURITY;
ALTER TABLE usage_pending NO FORCE ROW LEVEL SECURITY;
INSERT INTO usage_pending (tenant_id, meter, day, changed_at)
    SELECT DISTINCT tenant_id, meter, (counted_at AT TIME ZONE 'UTC')::date, now() FROM usage_records
    ON CONFLICT DO NOTHING;
ALTER TABLE usage_records FORCE ROW LEVEL SECURITY;
ALTER TABLE usage_pending FORCE ROW LEVEL SECURITY;
--rollback DROP FUNCTION usage_level(uuid, text, timestamptz, timestamptz);
--rollback DROP FUNCTION usage_dimension(text, text, text, text, jsonb);
--rollback DROP TABLE usage_counter_values, usage_distinct, usage_group_rollups;
--rollback ALTER TABLE usage_rollups RESET (fillfactor), DROP COLUMN integrals, DROP COLUMN firsts, DROP COLUMN hour_events, DROP COLUMN hours;
--rollback ALTER TABLE usage_pending DROP COLUMN hours;
--rollback ALTER TABLE usage_retractions DROP COLUMN key_prefix;
--rollback ALTER TABLE usage_records DROP COLUMN key_prefix;

--changeset cognitionos:metering-ingest-role splitStatements:false rollbackSplitStatements:false
--comment: Stores usage of several tenants in one statement; nobody signs in as it or takes it on, and it can do nothing else.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'cog_ingest') THEN
        CREATE ROLE cog_ingest NOLOGIN;
    END IF;
    EXECUTE format('GRANT cog_ingest TO %I WITH SET TRUE', current_user);
END
$$;
GRANT USAGE ON SCHEMA public TO cog_ingest;
--rollback REVOKE ALL ON SCHEMA public FROM cog_ingest;
--rollback DO $$ BEGIN DROP ROLE cog_ingest; EXCEPTION WHEN dependent_objects_still_exist THEN RAISE NOTICE 'role cog_ingest serves another database of this cluster'; END $$;

--changeset cognitionos:metering-keys-unreferenced
--comment: Every event's key asked for its tenant's row, which costs as much as the key itself. Tenants are never deleted, and who stores has a grant, which refers to its tenant.
ALTER TABLE usage_keys DROP CONSTRAINT usage_keys_tenant_id_fkey;
--rollback ALTER TABLE usage_keys ADD CONSTRAINT usage_keys_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants;

--changeset cognitionos:metering-grants splitStatements:false rollbackSplitStatements:false
--comment: A decision that need not be made again for each event or call: what counts in the month is stored up to the ceiling, for as long as the facts are those that it was made on.
DROP FUNCTION count_api_calls(uuid, text, integer, timestamptz, bigint, bigint);
DROP FUNCTION api_call_facts(uuid);
DROP TABLE api_call_grants;

CREATE TABLE usage_grants (
    tenant_id      uuid NOT NULL REFERENCES tenants,
    meter          text NOT NULL REFERENCES meters,
    facts          text NOT NULL,
    counter_id     uuid,
    ceiling        numeric(30, 6),
    by_event       boolean NOT NULL,
    started_at     timestamptz NOT NULL,
    period_start   timestamptz NOT NULL,
    period_end     timestamptz NOT NULL,
    entitled_until timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, meter),
    FOREIGN KEY (tenant_id, counter_id) REFERENCES usage_counters,
    CHECK ((counter_id IS NULL) = (ceiling IS NULL)),
    CHECK (period_start < period_end)
);
COMMENT ON COLUMN usage_grants.ceiling IS 'what the counter may come to; NULL: there is no limit and no cap';
COMMENT ON COLUMN usage_grants.by_event IS 'whether a counter is raised by one for each event, rather than by its quantity';
COMMENT ON COLUMN usage_grants.started_at IS 'of the subscription: what occurred before counts here';
COMMENT ON COLUMN usage_grants.entitled_until IS 'events count before; calls until period_end';
SELECT protect_tenant_table('usage_grants', 'SELECT, INSERT, UPDATE', 'SELECT');

-- All that a decision rests on, in a form that is the same on every node. Every entry of the history changes the version.
CREATE VIEW usage_facts WITH (security_invoker = true) AS
SELECT s.tenant_id,
       ROW (s.id, s.version, s.status, s.tier, s.plan_version, s.usage_period_start AT TIME ZONE 'UTC',
            s.usage_period_end AT TIME ZONE 'UTC', c.amount_cents, t.max_executions_per_month, t.max_storage_gb)::text AS facts
FROM subscriptions s
LEFT JOIN spending_caps c ON c.tenant_id = s.tenant_id
LEFT JOIN tenant_settings t ON t.tenant_id = s.tenant_id
WHERE s.status <> 'canceled';
GRANT SELECT ON usage_facts TO cog_rt, cog_ingest;

CREATE POLICY ingestion ON subscriptions FOR SELECT TO cog_ingest USING (true);
CREATE POLICY ingestion ON spending_caps FOR SELECT TO cog_ingest USING (true);
CREATE POLICY ingestion ON tenant_settings FOR SELECT TO cog_ingest USING (true);
CREATE POLICY ingestion ON test_clocks FOR SELECT TO cog_ingest USING (true);
CREATE POLICY ingestion ON usage_grants FOR SELECT TO cog_ingest USING (true);
CREATE POLICY ingestion ON usage_keys TO cog_ingest USING (true) WITH CHECK (true);
CREATE POLICY ingestion ON usage_records FOR INSERT TO cog_ingest WITH CHECK (true);
CREATE POLICY ingestion ON usage_pending TO cog_ingest USING (true) WITH CHECK (true);
CREATE POLICY ingestion ON usage_counters TO cog_ingest USING (true) WITH CHECK (true);
GRANT SELECT ON subscriptions, spending_caps, tenant_settings, test_clocks, usage_grants TO cog_ingest;
GRANT SELECT, INSERT ON usage_keys TO cog_ingest;
GRANT INSERT ON usage_records TO cog_ingest;
GRANT SELECT, INSERT, UPDATE ON usage_pending TO cog_ingest;
GRANT SELECT, UPDATE ON usage_counters TO cog_ingest;

-- Stores events that grants cover, of several tenants: one statement, one transaction. What it says has a character for each
-- event: s stored, d stored before with this content, c stored before with another one, - not decided, and nothing is stored.
-- Events come by pairs of tenant and meter; no id of a tenant's comes twice. It waits for nobody who decides on a tenant or
-- bills it: the events of such a tenant are not decided. A ceiling is held against all of a pair's events, whatever becomes
-- of them. Rows are locked in this order: counters with a ceiling, keys, counters without, marks; each by tenant first.
CREATE FUNCTION ingest_usage(tenants uuid[], pair_tenant integer[], pair_meter text[], event_pair integer[], ids text[],
                             micros bigint[], occurred bigint[], subjects text[], properties text[], key_prefixes text[],
                             hashes bytea, system_now timestamptz, billing bigint, allowance bigint)
    RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS
$$
#variable_conflict use_column
DECLARE
    held     boolean[];
    tenant   uuid[];
    present  timestamptz[];
    started  timestamptz[];
    since    timestamptz[];
    until    timestamptz[];
    by_event boolean[];
    counters uuid[];
    ceilings numeric[];
    full_up  integer[];
    outcome  text;
BEGIN
    PERFORM set_config('lock_timeout', '100ms', true);
    SELECT array_agg(pg_try_advisory_xact_lock_shared(hashtextextended(t::text, billing))
                     AND pg_try_advisory_xact_lock_shared(hashtextextended(t::text, allowance)))
        INTO held FROM unnest(tenants) AS t;

    WITH t AS MATERIALIZED (
        SELECT i.n, i.id, f.facts, coalesce(k.now, system_now) AS now
        FROM unnest(tenants, held) WITH ORDINALITY AS i (id, held, n)
        JOIN LATERAL (SELECT facts FROM usage_facts WHERE tenant_id = i.id LIMIT 1) AS f ON i.held
        LEFT JOIN LATERAL (SELECT now FROM test_clocks WHERE tenant_id = i.id LIMIT 1) AS k ON true
    ), g AS MATERIALIZED (
        SELECT i.n, t.now, u.started_at, u.period_start, u.entitled_until, u.by_event, u.counter_id, u.ceiling
        FROM unnest(pair_tenant, pair_meter) WITH ORDINALITY AS i (tenant, meter, n)
        JOIN t ON t.n = i.tenant
        JOIN LATERAL (SELECT * FROM usage_grants WHERE tenant_id = t.id AND meter = i.meter AND facts = t.facts LIMIT 1) AS u
            ON true
    )
    SELECT array_agg(tenants[i.tenant] ORDER BY i.n), array_agg(coalesce(g.now, '-infinity') ORDER BY i.n),
           array_agg(coalesce(g.started_at, 'infinity') ORDER BY i.n),
           array_agg(coalesce(g.period_start, 'infinity') ORDER BY i.n),
           array_agg(coalesce(g.entitled_until, '-infinity') ORDER BY i.n),
           array_agg(coalesce(g.by_event, false) ORDER BY i.n),
           array_agg(g.counter_id ORDER BY i.n), array_agg(g.ceiling ORDER BY i.n)
        INTO tenant, present, started, since, until, by_event, counters, ceilings
        FROM unnest(pair_tenant) WITH ORDINALITY AS i (tenant, n) LEFT JOIN g ON g.n = i.n;

    IF num_nonnulls(VARIADIC ceilings) > 0 THEN
        WITH wanted AS MATERIALIZED (
            SELECT pair, sum(CASE WHEN by_event[pair] THEN 1000000 ELSE micros END) * 0.000001 AS quantity
            FROM unnest(event_pair, micros) AS i (pair, micros)
            WHERE ceilings[pair] IS NOT NULL GROUP BY pair
        ), locked AS MATERIALIZED (
            SELECT w.pair, c.used + c.reserved + w.quantity > ceilings[w.pair] AS above
            FROM wanted w JOIN usage_counters c ON c.tenant_id = tenant[w.pair] AND c.id = counters[w.pair]
            ORDER BY c.tenant_id, c.meter, c.period_start, c.period_end FOR NO KEY UPDATE OF c
        )
        SELECT array_agg(pair) INTO full_up FROM locked WHERE above;
        IF full_up IS NOT NULL THEN
            SELECT array_agg(CASE WHEN i.n = ANY (full_up) THEN '-infinity' ELSE i.at END ORDER BY i.n)
                INTO until FROM unnest(until) WITH ORDINALITY AS i (at, n);
        END IF;
    END IF;

    WITH input AS MATERIALIZED (
        SELECT n, pair, tenant_id, id, quantity, at AS occurred_at, greatest(at, started[pair]) AS counted_at, now, subject,
               properties, key_prefix,
               at <= now + interval '1 hour' AND at >= now - interval '35 days'
                   AND greatest(at, started[pair]) >= since[pair] AND greatest(at, started[pair]) < until[pair] AS covered
        FROM (SELECT n, pair, tenant[pair] AS tenant_id, id, micros * 0.000001 AS quantity, subject, properties, key_prefix,
                     present[pair] AS now,
                     coalesce('epoch'::timestamptz + at * interval '1 microsecond', present[pair]) AS at
              FROM unnest(event_pair, ids, micros, occurred, subjects, properties, key_prefixes)
                  WITH ORDINALITY AS i (pair, id, micros, at, subject, properties, key_prefix, n) OFFSET 0) AS e
    ), stored AS (
        INSERT INTO usage_keys (tenant_id, event_id, content_hash)
        SELECT tenant_id, id, substr(hashes, (n * 32 - 31)::integer, 32) FROM input WHERE covered ORDER BY tenant_id, id
        ON CONFLICT DO NOTHING
        RETURNING tenant_id, event_id
    ), judged AS MATERIALIZED (
        SELECT i.*, s.event_id IS NOT NULL AS fresh
        FROM input i LEFT JOIN stored s ON s.tenant_id = i.tenant_id AND s.event_id = i.id
    ), months AS MATERIALIZED (
        SELECT d.pair, k.tenant_id, k.id, k.period_start, k.period_end
        FROM (SELECT pair, tenant_id, min(counted_at) AS earliest, max(counted_at) AS latest
              FROM judged WHERE fresh GROUP BY 1, 2) AS d
        JOIN usage_counters k ON k.tenant_id = d.tenant_id AND k.meter = pair_meter[d.pair]
            AND k.period_start <= d.latest AND k.period_end > d.earliest
    ), added AS MATERIALIZED (
        SELECT k.tenant_id, k.id, sum(CASE WHEN by_event[i.pair] THEN 1 ELSE i.quantity END) AS quantity
        FROM judged i JOIN months k ON k.pair = i.pair AND i.counted_at >= k.period_start AND i.counted_at < k.period_end
        WHERE i.fresh GROUP BY 1, 2
    ), marked AS (
        INSERT INTO usage_pending (tenant_id, meter, day, changed_at, hours)
        SELECT tenant_id, pair_meter[pair], day, now, hours
        FROM (SELECT pair, tenant_id, (counted_at AT TIME ZONE 'UTC')::date AS day, max(now) AS now,
                     bit_or(1 << extract(hour FROM counted_at AT TIME ZONE 'UTC')::integer) AS hours
              FROM judged WHERE fresh GROUP BY 1, 2, 3) AS d
        ORDER BY 1, 2, 3
        ON CONFLICT (tenant_id, meter, day)
            DO UPDATE SET changed_at = excluded.changed_at, hours = usage_pending.hours | excluded.hours
    ), counted AS (
        UPDATE usage_counters c SET used = c.used + a.quantity
        FROM (SELECT k.tenant_id, k.id, a.quantity FROM added a
              JOIN usage_counters k ON k.tenant_id = a.tenant_id AND k.id = a.id
              ORDER BY k.tenant_id, k.meter, k.period_start, k.period_end FOR NO KEY UPDATE OF k) AS a
        WHERE c.tenant_id = a.tenant_id AND c.id = a.id
    ), records AS (
        INSERT INTO usage_records (tenant_id, event_id, meter, quantity, occurred_at, counted_at, received_at, subject,
                                   properties, key_prefix)
        SELECT tenant_id, id, pair_meter[pair], quantity, occurred_at, counted_at, now, subject, properties::jsonb, key_prefix
        FROM judged WHERE fresh
    )
    SELECT string_agg(CASE WHEN fresh THEN 's' WHEN covered THEN '?' ELSE '-' END, '' ORDER BY n) INTO outcome FROM judged;

    -- In a new snapshot, since another transaction may have stored the same id while this one waited for it.
    IF position('?' IN outcome) > 0 THEN
        SELECT string_agg(CASE WHEN i.said <> '?' THEN i.said
                               WHEN k.content_hash = substr(hashes, (i.n * 32 - 31)::integer, 32) THEN 'd' ELSE 'c' END,
                          '' ORDER BY i.n)
            INTO outcome
            FROM unnest(event_pair, ids, string_to_array(outcome, NULL)) WITH ORDINALITY AS i (pair, id, said, n)
            LEFT JOIN usage_keys k ON i.said = '?' AND k.tenant_id = tenant[i.pair] AND k.event_id = i.id;
    END IF;
    RETURN outcome;
END
$$;

-- Counts calls by the grant: 2 where it has no ceiling, 1 below its ceiling, 0 and none counted where there is none that
-- holds, or no room for all of them. One statement and its own transaction, behind row security as the tenant, and behind
-- the same locks as whoever closes a month or makes counters.
CREATE FUNCTION count_api_calls(tenant uuid, key_prefix text, number integer, system_now timestamptz, billing bigint,
                                allowance bigint)
    RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS
$$
#variable_conflict use_column
DECLARE
    granted usage_grants;
    present timestamptz;
BEGIN
    PERFORM set_config('app.tenant_id', count_api_calls.tenant::text, true),
            pg_advisory_xact_lock_shared(hashtextextended(count_api_calls.tenant::text, billing)),
            pg_advisory_xact_lock_shared(hashtextextended(count_api_calls.tenant::text, allowance));
    SELECT g.* INTO granted FROM usage_grants g JOIN usage_facts f ON f.tenant_id = g.tenant_id AND f.facts = g.facts
        WHERE g.tenant_id = count_api_calls.tenant AND g.meter = 'api_calls';
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    SELECT coalesce((SELECT k.now FROM test_clocks k WHERE k.tenant_id = count_api_calls.tenant), system_now)
        INTO present;
    IF present < granted.period_start OR present >= granted.period_end THEN
        RETURN 0;
    END IF;
    IF granted.ceiling IS NOT NULL THEN
        UPDATE usage_counters c SET used = c.used + number
            WHERE c.tenant_id = count_api_calls.tenant AND c.id = granted.counter_id
              AND c.used + c.reserved + number <= granted.ceiling;
        IF NOT FOUND THEN
            RETURN 0;
        END IF;
    END IF;
    INSERT INTO api_call_tail (tenant_id, key_prefix, at, calls, counted_in)
        VALUES (count_api_calls.tenant, count_api_calls.key_prefix, present, number, granted.counter_id);
    RETURN CASE WHEN granted.ceiling IS NULL THEN 2 ELSE 1 END;
END
$$;
REVOKE ALL ON FUNCTION ingest_usage(uuid[], integer[], text[], integer[], text[], bigint[], bigint[], text[], text[], text[], bytea,
    timestamptz, bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ingest_usage(uuid[], integer[], text[], integer[], text[], bigint[], bigint[], text[], text[], text[], bytea,
    timestamptz, bigint, bigint) TO cog_app;
REVOKE ALL ON FUNCTION count_api_calls(uuid, text, integer, timestamptz, bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION count_api_calls(uuid, text, integer, timestamptz, bigint, bigint) TO cog_app;
GRANT CREATE ON SCHEMA public TO cog_rt, cog_ingest;
ALTER FUNCTION ingest_usage(uuid[], integer[], text[], integer[], text[], bigint[], bigint[], text[], text[], text[], bytea,
    timestamptz, bigint, bigint) OWNER TO cog_ingest;
ALTER FUNCTION count_api_calls(uuid, text, integer, timestamptz, bigint, bigint) OWNER TO cog_rt;
REVOKE CREATE ON SCHEMA public FROM cog_rt, cog_ingest;
--rollback DROP FUNCTION count_api_calls(uuid, text, integer, timestamptz, bigint, bigint);
--rollback DROP FUNCTION ingest_usage(uuid[], integer[], text[], integer[], text[], bigint[], bigint[], text[], text[], text[], bytea, timestamptz, bigint, bigint);
--rollback DROP POLICY ingestion ON subscriptions;
--rollback DROP POLICY ingestion ON spending_caps;
--rollback DROP POLICY ingestion ON tenant_settings;
--rollback DROP POLICY ingestion ON test_clocks;
--rollback DROP POLICY ingestion ON usage_keys;
--rollback DROP POLICY ingestion ON usage_records;
--rollback DROP POLICY ingestion ON usage_pending;
--rollback DROP POLICY ingestion ON usage_counters;
--rollback REVOKE ALL ON subscriptions, spending_caps, tenant_settings, test_clocks, usage_keys, usage_records, usage_pending, usage_counters FROM cog_ingest;
--rollback DROP VIEW usage_facts;
--rollback DROP TABLE usage_grants;
--rollback CREATE TABLE api_call_grants (
--rollback     tenant_id    uuid PRIMARY KEY REFERENCES tenants,
--rollback     facts        text NOT NULL,
--rollback     counter_id   uuid,
--rollback     ceiling      numeric(30, 6),
--rollback     period_start timestamptz NOT NULL,
--rollback     period_end   timestamptz NOT NULL,
--rollback     FOREIGN KEY (tenant_id, counter_id) REFERENCES usage_counters,
--rollback     CHECK ((counter_id IS NULL) = (ceiling IS NULL)),
--rollback     CHECK (period_start < period_end)
--rollback );
--rollback SELECT protect_tenant_table('api_call_grants', 'SELECT, INSERT, UPDATE', 'SELECT');
--rollback
--rollback CREATE FUNCTION api_call_facts(tenant uuid) RETURNS text
--rollback     LANGUAGE sql STABLE SET search_path = public, pg_temp AS
--rollback $$
--rollback     SELECT ROW (s.id, s.version, s.status, s.tier, s.plan_version, extract(epoch FROM s.usage_period_start),
--rollback                 extract(epoch FROM s.usage_period_end),
--rollback                 (SELECT c.amount_cents FROM spending_caps c WHERE c.tenant_id = s.tenant_id))::text
--rollback     FROM subscriptions s
--rollback     WHERE s.tenant_id = tenant ORDER BY s.created_at DESC, s.id DESC LIMIT 1
--rollback $$;
--rollback
--rollback CREATE FUNCTION count_api_calls(tenant uuid, key_prefix text, number integer, system_now timestamptz, billing bigint,
--rollback                                 allowance bigint)
--rollback     RETURNS integer
--rollback     LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS
--rollback $$
--rollback #variable_conflict use_column
--rollback DECLARE
--rollback     granted api_call_grants;
--rollback     present timestamptz;
--rollback BEGIN
--rollback     PERFORM set_config('app.tenant_id', count_api_calls.tenant::text, true),
--rollback             pg_advisory_xact_lock_shared(hashtextextended(count_api_calls.tenant::text, billing)),
--rollback             pg_advisory_xact_lock_shared(hashtextextended(count_api_calls.tenant::text, allowance));
--rollback     SELECT * INTO granted FROM api_call_grants g WHERE g.tenant_id = count_api_calls.tenant;
--rollback     IF NOT FOUND THEN
--rollback         RETURN 0;
--rollback     END IF;
--rollback     SELECT coalesce((SELECT k.now FROM test_clocks k WHERE k.tenant_id = count_api_calls.tenant), system_now)
--rollback         INTO present;
--rollback     IF api_call_facts(count_api_calls.tenant) IS DISTINCT FROM granted.facts
--rollback         OR present < granted.period_start OR present >= granted.period_end THEN
--rollback         RETURN 0;
--rollback     END IF;
--rollback     IF granted.ceiling IS NOT NULL THEN
--rollback         UPDATE usage_counters c SET used = c.used + number
--rollback             WHERE c.tenant_id = count_api_calls.tenant AND c.id = granted.counter_id
--rollback               AND c.used + c.reserved + number <= granted.ceiling;
--rollback         IF NOT FOUND THEN
--rollback             RETURN 0;
--rollback         END IF;
--rollback     END IF;
--rollback     INSERT INTO api_call_tail (tenant_id, key_prefix, at, calls, counted_in)
--rollback         VALUES (count_api_calls.tenant, count_api_calls.key_prefix, present, number, granted.counter_id);
--rollback     RETURN CASE WHEN granted.ceiling IS NULL THEN 2 ELSE 1 END;
--rollback END
--rollback $$;
--rollback REVOKE ALL ON FUNCTION api_call_facts(uuid) FROM PUBLIC;
--rollback GRANT EXECUTE ON FUNCTION api_call_facts(uuid) TO cog_rt;
--rollback REVOKE ALL ON FUNCTION count_api_calls(uuid, text, integer, timestamptz, bigint, bigint) FROM PUBLIC;
--rollback GRANT EXECUTE ON FUNCTION count_api_calls(uuid, text, integer, timestamptz, bigint, bigint) TO cog_app;
--rollback DO $$
--rollback BEGIN
--rollback     EXECUTE format('GRANT cog_rt TO %I WITH SET TRUE', current_user);
--rollback END
--rollback $$;
--rollback GRANT CREATE ON SCHEMA public TO cog_rt;
--rollback ALTER FUNCTION count_api_calls(uuid, text, integer, timestamptz, bigint, bigint) OWNER TO cog_rt;
--rollback REVOKE CREATE ON SCHEMA public FROM cog_rt;

--changeset cognitionos:metering-retention splitStatements:false rollbackSplitStatements:false
--comment: Months of records are dropped whole once nobody needs them. A level holds until the next reading, however long ago it was read, so the last one of each is kept in a partition before all months.
CREATE FUNCTION usage_records_dropped(keep_from date) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '2s' AS
$$
DECLARE
    month   text;
    beyond  timestamptz;
    gone    integer := 0;
BEGIN
    FOR month IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'usage_records'::regclass AND c.relname ~ '^usage_records_[0-9]{6}$'
          AND to_date(right(c.relname, 6), 'YYYYMM') + interval '1 month' <= keep_from
        ORDER BY c.relname
    LOOP
        beyond := ((to_date(right(month, 6), 'YYYYMM') + interval '1 month')::date || 'T00:00:00Z')::timestamptz;
        LOCK TABLE usage_records IN ACCESS EXCLUSIVE MODE;
        CREATE TEMP TABLE levels (LIKE usage_records) ON COMMIT DROP;
        EXECUTE format('INSERT INTO levels SELECT DISTINCT ON (r.tenant_id, r.meter) r.* FROM (
                SELECT * FROM %I UNION ALL SELECT * FROM usage_records_before
                UNION ALL SELECT * FROM usage_records_default WHERE counted_at < %L) r
            JOIN meters m ON m.code = r.meter AND m.aggregation = ''time_weighted''
            ORDER BY r.tenant_id, r.meter, r.counted_at DESC, r.received_at DESC, r.event_id DESC', month, beyond);
        ALTER TABLE usage_records DETACH PARTITION usage_records_before;
        EXECUTE format('DROP TABLE %I', month);
        DELETE FROM usage_records_default WHERE counted_at < beyond;
        TRUNCATE usage_records_before;
        INSERT INTO usage_records_before SELECT * FROM levels;
        DROP TABLE levels;
        EXECUTE format('ALTER TABLE usage_records ATTACH PARTITION usage_records_before FOR VALUES FROM (MINVALUE) TO (%L)', beyond);
        gone := gone + 1;
    END LOOP;
    RETURN gone;
END
$$;
CREATE TABLE usage_records_before PARTITION OF usage_records FOR VALUES FROM (MINVALUE) TO ('0001-01-01T00:00:00Z');
COMMENT ON TABLE usage_records_before IS 'the last levels of months that were dropped';

-- Records of months without a partition of their own, which are never dropped: how many, and of which months.
CREATE FUNCTION usage_records_astray() RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$
    SELECT count(*) || ' of ' || min(to_char(counted_at AT TIME ZONE 'UTC', 'YYYY-MM')) || ' to '
           || max(to_char(counted_at AT TIME ZONE 'UTC', 'YYYY-MM'))
    FROM usage_records_default HAVING count(*) > 0
$$;
REVOKE ALL ON FUNCTION usage_records_dropped(date) FROM PUBLIC;
REVOKE ALL ON FUNCTION usage_records_astray() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION usage_records_dropped(date), usage_records_astray() TO cog_platform;
--rollback DROP FUNCTION usage_records_astray();
--rollback DROP FUNCTION usage_records_dropped(date);
--rollback DROP TABLE usage_records_before;

--changeset cognitionos:metering-fresh-marks splitStatements:false rollbackSplitStatements:false
--comment: A rollup takes the marks of hours before it makes them, and takes them away after: what comes meanwhile marks an hour as fresh again, and nobody waits. The values of a unique_count are counted where its grant says what they are.
ALTER TABLE usage_pending ADD COLUMN fresh integer NOT NULL DEFAULT 16777215, SET (fillfactor = 50);
COMMENT ON COLUMN usage_pending.hours IS 'the hours of the day that are to be read from the records, a bit each, the first hour is bit 0';
COMMENT ON COLUMN usage_pending.fresh IS 'of these, the hours that have changed since a rollup took their marks';
COMMENT ON COLUMN usage_pending.changed_at IS 'by the database''s clock';
ALTER TABLE usage_grants ADD COLUMN unique_by text;
COMMENT ON COLUMN usage_grants.unique_by IS 'of a unique_count: what its values are; by_event is true then, since no event raises its counter by more than one';
CREATE POLICY ingestion ON usage_counter_values TO cog_ingest USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON usage_counter_values TO cog_ingest;

-- As before, and of a tenant that somebody else decides on or bills it says h: a try later may do. Rows are locked in this
-- order: counters with a ceiling, keys, values of a unique_count, counters without a ceiling, marks; each by tenant first.
CREATE OR REPLACE FUNCTION ingest_usage(tenants uuid[], pair_tenant integer[], pair_meter text[], event_pair integer[], ids text[],
                             micros bigint[], occurred bigint[], subjects text[], properties text[], key_prefixes text[],
                             hashes bytea, system_now timestamptz, billing bigint, allowance bigint)
    RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS
$$
#variable_conflict use_column
DECLARE
    held     boolean[];
    tenant   uuid[];
    present  timestamptz[];
    started  timestamptz[];
    since    timestamptz[];
    until    timestamptz[];
    by_event boolean[];
    told_by  text[];
    counters uuid[];
    ceilings numeric[];
    full_up  integer[];
    outcome  text;
BEGIN
    PERFORM set_config('lock_timeout', '100ms', true);
    SELECT array_agg(pg_try_advisory_xact_lock_shared(hashtextextended(t::text, billing))
                     AND pg_try_advisory_xact_lock_shared(hashtextextended(t::text, allowance)))
        INTO held FROM unnest(tenants) AS t;

    WITH t AS MATERIALIZED (
        SELECT i.n, i.id, f.facts, coalesce(k.now, system_now) AS now
        FROM unnest(tenants, held) WITH ORDINALITY AS i (id, held, n)
        JOIN LATERAL (SELECT facts FROM usage_facts WHERE tenant_id = i.id LIMIT 1) AS f ON i.held
        LEFT JOIN LATERAL (SELECT now FROM test_clocks WHERE tenant_id = i.id LIMIT 1) AS k ON true
    ), g AS MATERIALIZED (
        SELECT i.n, t.now, u.started_at, u.period_start, u.entitled_until, u.by_event, u.unique_by,
               u.counter_id, u.ceiling
        FROM unnest(pair_tenant, pair_meter) WITH ORDINALITY AS i (tenant, meter, n)
        JOIN t ON t.n = i.tenant
        JOIN LATERAL (SELECT * FROM usage_grants WHERE tenant_id = t.id AND meter = i.meter AND facts = t.facts LIMIT 1) AS u
            ON true
    )
    SELECT array_agg(tenants[i.tenant] ORDER BY i.n), array_agg(coalesce(g.now, '-infinity') ORDER BY i.n),
           array_agg(coalesce(g.started_at, 'infinity') ORDER BY i.n),
           array_agg(coalesce(g.period_start, 'infinity') ORDER BY i.n),
           array_agg(coalesce(g.entitled_until, '-infinity') ORDER BY i.n),
           array_agg(coalesce(g.by_event, false) ORDER BY i.n), array_agg(g.unique_by ORDER BY i.n),
           array_agg(g.counter_id ORDER BY i.n), array_agg(g.ceiling ORDER BY i.n)
        INTO tenant, present, started, since, until, by_event, told_by, counters, ceilings
        FROM unnest(pair_tenant) WITH ORDINALITY AS i (tenant, n) LEFT JOIN g ON g.n = i.n;

    IF num_nonnulls(VARIADIC ceilings) > 0 THEN
        WITH wanted AS MATERIALIZED (
            SELECT pair, sum(CASE WHEN by_event[pair] THEN 1000000 ELSE micros END) * 0.000001 AS quantity
            FROM unnest(event_pair, micros) AS i (pair, micros)
            WHERE ceilings[pair] IS NOT NULL GROUP BY pair
        ), locked AS MATERIALIZED (
            SELECT w.pair, c.used + c.reserved + w.quantity > ceilings[w.pair] AS above
            FROM wanted w JOIN usage_counters c ON c.tenant_id = tenant[w.pair] AND c.id = counters[w.pair]
            ORDER BY c.tenant_id, c.meter, c.period_start, c.period_end FOR NO KEY UPDATE OF c
        )
        SELECT array_agg(pair) INTO full_up FROM locked WHERE above;
        IF full_up IS NOT NULL THEN
            SELECT array_agg(CASE WHEN i.n = ANY (full_up) THEN '-infinity' ELSE i.at END ORDER BY i.n)
                INTO until FROM unnest(until) WITH ORDINALITY AS i (at, n);
        END IF;
    END IF;

    WITH input AS MATERIALIZED (
        SELECT n, pair, tenant_id, id, quantity, at AS occurred_at, greatest(at, started[pair]) AS counted_at, now, subject,
               properties, key_prefix, value,
               at <= now + interval '1 hour' AND at >= now - interval '35 days'
                   AND greatest(at, started[pair]) >= since[pair] AND greatest(at, started[pair]) < until[pair]
                   AND (told_by[pair] IS NULL OR coalesce(octet_length(value) BETWEEN 1 AND 255, false)) AS covered
        FROM (SELECT n, pair, tenant[pair] AS tenant_id, id, micros * 0.000001 AS quantity, subject, properties, key_prefix,
                     present[pair] AS now,
                     coalesce('epoch'::timestamptz + at * interval '1 microsecond', present[pair]) AS at,
                     CASE WHEN told_by[pair] IS NULL THEN NULL WHEN told_by[pair] = 'subject' THEN subject
                         WHEN jsonb_typeof(properties::jsonb -> told_by[pair]) IN ('string', 'number', 'boolean')
                         THEN properties::jsonb ->> told_by[pair] END AS value
              FROM unnest(event_pair, ids, micros, occurred, subjects, properties, key_prefixes)
                  WITH ORDINALITY AS i (pair, id, micros, at, subject, properties, key_prefix, n) OFFSET 0) AS e
    ), stored AS (
        INSERT INTO usage_keys (tenant_id, event_id, content_hash)
        SELECT tenant_id, id, substr(hashes, (n * 32 - 31)::integer, 32) FROM input WHERE covered ORDER BY tenant_id, id
        ON CONFLICT DO NOTHING
        RETURNING tenant_id, event_id
    ), judged AS MATERIALIZED (
        SELECT i.*, s.event_id IS NOT NULL AS fresh
        FROM input i LEFT JOIN stored s ON s.tenant_id = i.tenant_id AND s.event_id = i.id
    ), months AS MATERIALIZED (
        SELECT d.pair, k.tenant_id, k.id, k.period_start, k.period_end
        FROM (SELECT pair, tenant_id, min(counted_at) AS earliest, max(counted_at) AS latest
              FROM judged WHERE fresh GROUP BY 1, 2) AS d
        JOIN usage_counters k ON k.tenant_id = d.tenant_id AND k.meter = pair_meter[d.pair]
            AND k.period_start <= d.latest AND k.period_end > d.earliest
    ), things AS (
        INSERT INTO usage_counter_values (tenant_id, counter_id, value, events)
        SELECT k.tenant_id, k.id, i.value, count(*)
        FROM judged i JOIN months k ON k.pair = i.pair AND i.counted_at >= k.period_start AND i.counted_at < k.period_end
        WHERE i.fresh AND i.value IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
        ON CONFLICT (tenant_id, counter_id, value) DO UPDATE SET events = usage_counter_values.events + excluded.events
        RETURNING tenant_id, counter_id, old.events IS NULL OR old.events = 0 AS is_new
    ), added AS MATERIALIZED (
        SELECT k.tenant_id, k.id, sum(CASE WHEN by_event[i.pair] THEN 1 ELSE i.quantity END) AS quantity
        FROM judged i JOIN months k ON k.pair = i.pair AND i.counted_at >= k.period_start AND i.counted_at < k.period_end
        WHERE i.fresh AND i.value IS NULL GROUP BY 1, 2
        UNION ALL
        SELECT tenant_id, counter_id, count(*) FROM things WHERE is_new GROUP BY 1, 2
    ), marked AS (
        INSERT INTO usage_pending (tenant_id, meter, day, changed_at, hours)
        SELECT tenant_id, pair_meter[pair], day, now(), hours
        FROM (SELECT pair, tenant_id, (counted_at AT TIME ZONE 'UTC')::date AS day,
                     bit_or(1 << extract(hour FROM counted_at AT TIME ZONE 'UTC')::integer) AS hours
              FROM judged WHERE fresh GROUP BY 1, 2, 3) AS d
        -- A fresh mark stays until a rollup has had ALLOWANCE alone: no two wait for each other at it.
        WHERE NOT EXISTS (
            SELECT FROM usage_pending p
            WHERE p.tenant_id = d.tenant_id AND p.meter = pair_meter[d.pair] AND p.day = d.day
              AND p.hours & p.fresh & d.hours = d.hours AND p.changed_at > now() - interval '5 seconds')
        ORDER BY 1, 2, 3
        ON CONFLICT (tenant_id, meter, day)
            DO UPDATE SET changed_at = excluded.changed_at, hours = usage_pending.hours | excluded.hours,
                fresh = usage_pending.fresh | excluded.hours
    ), counted AS (
        UPDATE usage_counters c SET used = c.used + a.quantity
        FROM (SELECT k.tenant_id, k.id, a.quantity FROM added a
              JOIN usage_counters k ON k.tenant_id = a.tenant_id AND k.id = a.id
              ORDER BY k.tenant_id, k.meter, k.period_start, k.period_end FOR NO KEY UPDATE OF k) AS a
        WHERE c.tenant_id = a.tenant_id AND c.id = a.id
    ), records AS (
        INSERT INTO usage_records (tenant_id, event_id, meter, quantity, occurred_at, counted_at, received_at, subject,
                                   properties, key_prefix)
        SELECT tenant_id, id, pair_meter[pair], quantity, occurred_at, counted_at, now, subject, properties::jsonb, key_prefix
        FROM judged WHERE fresh
    )
    SELECT string_agg(CASE WHEN fresh THEN 's' WHEN covered THEN '?' WHEN held[pair_tenant[pair]] THEN '-' ELSE 'h' END, ''
                      ORDER BY n) INTO outcome FROM judged;

    -- In a new snapshot, since another transaction may have stored the same id while this one waited for it.
    IF position('?' IN outcome) > 0 THEN
        SELECT string_agg(CASE WHEN i.said <> '?' THEN i.said
                               WHEN k.content_hash = substr(hashes, (i.n * 32 - 31)::integer, 32) THEN 'd' ELSE 'c' END,
                          '' ORDER BY i.n)
            INTO outcome
            FROM unnest(event_pair, ids, string_to_array(outcome, NULL)) WITH ORDINALITY AS i (pair, id, said, n)
            LEFT JOIN usage_keys k ON i.said = '?' AND k.tenant_id = tenant[i.pair] AND k.event_id = i.id;
    END IF;
    RETURN outcome;
END
$$;
--rollback CREATE OR REPLACE FUNCTION ingest_usage(tenants uuid[], pair_tenant integer[], pair_meter text[], event_pair integer[], ids text[],
--rollback                              micros bigint[], occurred bigint[], subjects text[], properties text[], key_prefixes text[],
--rollback                              hashes bytea, system_now timestamptz, billing bigint, allowance bigint)
--rollback     RETURNS text
--rollback     LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS
--rollback $$
--rollback #variable_conflict use_column
--rollback DECLARE
--rollback     held     boolean[];
--rollback     tenant   uuid[];
--rollback     present  timestamptz[];
--rollback     started  timestamptz[];
--rollback     since    timestamptz[];
--rollback     until    timestamptz[];
--rollback     by_event boolean[];
--rollback     counters uuid[];
--rollback     ceilings numeric[];
--rollback     full_up  integer[];
--rollback     outcome  text;
--rollback BEGIN
--rollback     PERFORM set_config('lock_timeout', '100ms', true);
--rollback     SELECT array_agg(pg_try_advisory_xact_lock_shared(hashtextextended(t::text, billing))
--rollback                      AND pg_try_advisory_xact_lock_shared(hashtextextended(t::text, allowance)))
--rollback         INTO held FROM unnest(tenants) AS t;
--rollback
--rollback     WITH t AS MATERIALIZED (
--rollback         SELECT i.n, i.id, f.facts, coalesce(k.now, system_now) AS now
--rollback         FROM unnest(tenants, held) WITH ORDINALITY AS i (id, held, n)
--rollback         JOIN LATERAL (SELECT facts FROM usage_facts WHERE tenant_id = i.id LIMIT 1) AS f ON i.held
--rollback         LEFT JOIN LATERAL (SELECT now FROM test_clocks WHERE tenant_id = i.id LIMIT 1) AS k ON true
--rollback     ), g AS MATERIALIZED (
--rollback         SELECT i.n, t.now, u.started_at, u.period_start, u.entitled_until, u.by_event, u.counter_id, u.ceiling
--rollback         FROM unnest(pair_tenant, pair_meter) WITH ORDINALITY AS i (tenant, meter, n)
--rollback         JOIN t ON t.n = i.tenant
--rollback         JOIN LATERAL (SELECT * FROM usage_grants WHERE tenant_id = t.id AND meter = i.meter AND facts = t.facts LIMIT 1) AS u
--rollback             ON true
--rollback     )
--rollback     SELECT array_agg(tenants[i.tenant] ORDER BY i.n), array_agg(coalesce(g.now, '-infinity') ORDER BY i.n),
--rollback            array_agg(coalesce(g.started_at, 'infinity') ORDER BY i.n),
--rollback            array_agg(coalesce(g.period_start, 'infinity') ORDER BY i.n),
--rollback            array_agg(coalesce(g.entitled_until, '-infinity') ORDER BY i.n),
--rollback            array_agg(coalesce(g.by_event, false) ORDER BY i.n),
--rollback            array_agg(g.counter_id ORDER BY i.n), array_agg(g.ceiling ORDER BY i.n)
--rollback         INTO tenant, present, started, since, until, by_event, counters, ceilings
--rollback         FROM unnest(pair_tenant) WITH ORDINALITY AS i (tenant, n) LEFT JOIN g ON g.n = i.n;
--rollback
--rollback     IF num_nonnulls(VARIADIC ceilings) > 0 THEN
--rollback         WITH wanted AS MATERIALIZED (
--rollback             SELECT pair, sum(CASE WHEN by_event[pair] THEN 1000000 ELSE micros END) * 0.000001 AS quantity
--rollback             FROM unnest(event_pair, micros) AS i (pair, micros)
--rollback             WHERE ceilings[pair] IS NOT NULL GROUP BY pair
--rollback         ), locked AS MATERIALIZED (
--rollback             SELECT w.pair, c.used + c.reserved + w.quantity > ceilings[w.pair] AS above
--rollback             FROM wanted w JOIN usage_counters c ON c.tenant_id = tenant[w.pair] AND c.id = counters[w.pair]
--rollback             ORDER BY c.tenant_id, c.meter, c.period_start, c.period_end FOR NO KEY UPDATE OF c
--rollback         )
--rollback         SELECT array_agg(pair) INTO full_up FROM locked WHERE above;
--rollback         IF full_up IS NOT NULL THEN
--rollback             SELECT array_agg(CASE WHEN i.n = ANY (full_up) THEN '-infinity' ELSE i.at END ORDER BY i.n)
--rollback                 INTO until FROM unnest(until) WITH ORDINALITY AS i (at, n);
--rollback         END IF;
--rollback     END IF;
--rollback
--rollback     WITH input AS MATERIALIZED (
--rollback         SELECT n, pair, tenant_id, id, quantity, at AS occurred_at, greatest(at, started[pair]) AS counted_at, now, subject,
--rollback                properties, key_prefix,
--rollback                at <= now + interval '1 hour' AND at >= now - interval '35 days'
--rollback                    AND greatest(at, started[pair]) >= since[pair] AND greatest(at, started[pair]) < until[pair] AS covered
--rollback         FROM (SELECT n, pair, tenant[pair] AS tenant_id, id, micros * 0.000001 AS quantity, subject, properties, key_prefix,
--rollback                      present[pair] AS now,
--rollback                      coalesce('epoch'::timestamptz + at * interval '1 microsecond', present[pair]) AS at
--rollback               FROM unnest(event_pair, ids, micros, occurred, subjects, properties, key_prefixes)
--rollback                   WITH ORDINALITY AS i (pair, id, micros, at, subject, properties, key_prefix, n) OFFSET 0) AS e
--rollback     ), stored AS (
--rollback         INSERT INTO usage_keys (tenant_id, event_id, content_hash)
--rollback         SELECT tenant_id, id, substr(hashes, (n * 32 - 31)::integer, 32) FROM input WHERE covered ORDER BY tenant_id, id
--rollback         ON CONFLICT DO NOTHING
--rollback         RETURNING tenant_id, event_id
--rollback     ), judged AS MATERIALIZED (
--rollback         SELECT i.*, s.event_id IS NOT NULL AS fresh
--rollback         FROM input i LEFT JOIN stored s ON s.tenant_id = i.tenant_id AND s.event_id = i.id
--rollback     ), months AS MATERIALIZED (
--rollback         SELECT d.pair, k.tenant_id, k.id, k.period_start, k.period_end
--rollback         FROM (SELECT pair, tenant_id, min(counted_at) AS earliest, max(counted_at) AS latest
--rollback               FROM judged WHERE fresh GROUP BY 1, 2) AS d
--rollback         JOIN usage_counters k ON k.tenant_id = d.tenant_id AND k.meter = pair_meter[d.pair]
--rollback             AND k.period_start <= d.latest AND k.period_end > d.earliest
--rollback     ), added AS MATERIALIZED (
--rollback         SELECT k.tenant_id, k.id, sum(CASE WHEN by_event[i.pair] THEN 1 ELSE i.quantity END) AS quantity
--rollback         FROM judged i JOIN months k ON k.pair = i.pair AND i.counted_at >= k.period_start AND i.counted_at < k.period_end
--rollback         WHERE i.fresh GROUP BY 1, 2
--rollback     ), marked AS (
--rollback         INSERT INTO usage_pending (tenant_id, meter, day, changed_at, hours)
--rollback         SELECT tenant_id, pair_meter[pair], day, now, hours
--rollback         FROM (SELECT pair, tenant_id, (counted_at AT TIME ZONE 'UTC')::date AS day, max(now) AS now,
--rollback                      bit_or(1 << extract(hour FROM counted_at AT TIME ZONE 'UTC')::integer) AS hours
--rollback               FROM judged WHERE fresh GROUP BY 1, 2, 3) AS d
--rollback         ORDER BY 1, 2, 3
--rollback         ON CONFLICT (tenant_id, meter, day)
--rollback             DO UPDATE SET changed_at = excluded.changed_at, hours = usage_pending.hours | excluded.hours
--rollback     ), counted AS (
--rollback         UPDATE usage_counters c SET used = c.used + a.quantity
--rollback         FROM (SELECT k.tenant_id, k.id, a.quantity FROM added a
--rollback               JOIN usage_counters k ON k.tenant_id = a.tenant_id AND k.id = a.id
--rollback               ORDER BY k.tenant_id, k.meter, k.period_start, k.period_end FOR NO KEY UPDATE OF k) AS a
--rollback         WHERE c.tenant_id = a.tenant_id AND c.id = a.id
--rollback     ), records AS (
--rollback         INSERT INTO usage_records (tenant_id, event_id, meter, quantity, occurred_at, counted_at, received_at, subject,
--rollback                                    properties, key_prefix)
--rollback         SELECT tenant_id, id, pair_meter[pair], quantity, occurred_at, counted_at, now, subject, properties::jsonb, key_prefix
--rollback         FROM judged WHERE fresh
--rollback     )
--rollback     SELECT string_agg(CASE WHEN fresh THEN 's' WHEN covered THEN '?' ELSE '-' END, '' ORDER BY n) INTO outcome FROM judged;
--rollback
--rollback     -- In a new snapshot, since another transaction may have stored the same id while this one waited for it.
--rollback     IF position('?' IN outcome) > 0 THEN
--rollback         SELECT string_agg(CASE WHEN i.said <> '?' THEN i.said
--rollback                                WHEN k.content_hash = substr(hashes, (i.n * 32 - 31)::integer, 32) THEN 'd' ELSE 'c' END,
--rollback                           '' ORDER BY i.n)
--rollback             INTO outcome
--rollback             FROM unnest(event_pair, ids, string_to_array(outcome, NULL)) WITH ORDINALITY AS i (pair, id, said, n)
--rollback             LEFT JOIN usage_keys k ON i.said = '?' AND k.tenant_id = tenant[i.pair] AND k.event_id = i.id;
--rollback     END IF;
--rollback     RETURN outcome;
--rollback END
--rollback $$;
--rollback REVOKE ALL ON usage_counter_values FROM cog_ingest;
--rollback DROP POLICY ingestion ON usage_counter_values;
--rollback ALTER TABLE usage_grants NO FORCE ROW LEVEL SECURITY;
--rollback DELETE FROM usage_grants WHERE unique_by IS NOT NULL;
--rollback ALTER TABLE usage_grants FORCE ROW LEVEL SECURITY;
--rollback ALTER TABLE usage_grants DROP COLUMN unique_by;
--rollback ALTER TABLE usage_pending RESET (fillfactor), DROP COLUMN fresh;
--rollback COMMENT ON COLUMN usage_pending.hours IS 'the hours of the day that have changed, a bit each, the first hour is bit 0';

--changeset cognitionos:metering-uploads
--comment: Files of usage. A file is kept in parts of rows that are read already, a line's number before its cells; a part that left no rejected row goes at once, the others once the file is old.
CREATE TABLE usage_uploads (
    tenant_id   uuid NOT NULL REFERENCES tenants,
    id          uuid NOT NULL,
    file_name   text NOT NULL CHECK (length(file_name) BETWEEN 1 AND 255),
    bytes       bigint NOT NULL CHECK (bytes >= 0),
    header      text[] NOT NULL,
    separator   text NOT NULL,
    rows        integer NOT NULL CHECK (rows >= 0),
    doubtful    integer NOT NULL CHECK (doubtful BETWEEN 0 AND rows),
    notes       text[] NOT NULL,
    status      text NOT NULL CHECK (status IN ('refused', 'checked', 'queued', 'running', 'completed', 'stopped', 'failed')),
    reason      text,
    uploaded_by text NOT NULL,
    created_at  timestamptz NOT NULL,
    started_at  timestamptz,
    ended_at    timestamptz,
    tries       integer NOT NULL DEFAULT 0,
    read        integer NOT NULL DEFAULT 0,
    taken       integer NOT NULL DEFAULT 0,
    duplicates  integer NOT NULL DEFAULT 0,
    rejected    integer NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant_id, id),
    CHECK (read BETWEEN 0 AND rows),
    CHECK (read = taken + duplicates + rejected),
    CHECK ((status IN ('completed', 'stopped', 'failed')) = (ended_at IS NOT NULL)),
    CHECK (status <> 'completed' OR read = rows),
    CHECK ((status IN ('refused', 'failed')) = (reason IS NOT NULL))
);
COMMENT ON COLUMN usage_uploads.doubtful IS 'rows that could not be taken as they stood when the file was read; the first are in notes';
CREATE INDEX usage_uploads_due ON usage_uploads (tenant_id, id) WHERE status IN ('queued', 'running');
SELECT protect_tenant_table('usage_uploads', 'SELECT, INSERT, UPDATE, DELETE', 'SELECT, DELETE');

CREATE TABLE usage_upload_parts (
    tenant_id uuid NOT NULL,
    upload_id uuid NOT NULL,
    position  integer NOT NULL,
    rows      integer NOT NULL CHECK (rows > 0),
    content   text NOT NULL,
    taken_in  boolean NOT NULL DEFAULT false,
    PRIMARY KEY (tenant_id, upload_id, position),
    FOREIGN KEY (tenant_id, upload_id) REFERENCES usage_uploads ON DELETE CASCADE
);
SELECT protect_tenant_table('usage_upload_parts', 'SELECT, INSERT, UPDATE, DELETE', 'SELECT, DELETE');

CREATE TABLE usage_upload_rejections (
    tenant_id uuid NOT NULL,
    upload_id uuid NOT NULL,
    part      integer NOT NULL,
    row       integer NOT NULL,
    code      text NOT NULL,
    detail    text NOT NULL,
    PRIMARY KEY (tenant_id, upload_id, part, row),
    FOREIGN KEY (tenant_id, upload_id, part) REFERENCES usage_upload_parts ON DELETE CASCADE
);
COMMENT ON COLUMN usage_upload_rejections.row IS 'its place in the part, from 0';
SELECT protect_tenant_table('usage_upload_rejections', 'SELECT, INSERT', 'SELECT, DELETE');
--rollback DROP TABLE usage_upload_rejections, usage_upload_parts, usage_uploads;

--changeset cognitionos:metering-reservations-by-expiry
--comment: A look at a counter asks for the reservations that have expired, not for all that are held.
CREATE INDEX usage_reservations_due ON usage_reservations (tenant_id, counter_id, expires_at) WHERE state = 'held';
DROP INDEX usage_reservations_of_counter;
--rollback CREATE INDEX usage_reservations_of_counter ON usage_reservations (tenant_id, counter_id) WHERE state = 'held';
--rollback DROP INDEX usage_reservations_due;

--changeset cognitionos:metering-allowances-at-once splitStatements:false
--comment: A look at an allowance and a hold on one, by a standing that was read before: one statement and its own transaction each, behind row security as the tenant. Nothing comes back once the facts have changed, on which that standing rests.
CREATE FUNCTION allowance_taken(tenant uuid, meter text, expected_facts text, month_start timestamptz, month_end timestamptz,
                                system_now timestamptz)
    RETURNS TABLE (present timestamptz, counter_id uuid, used numeric, reserved numeric)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS
$$
#variable_conflict use_column
BEGIN
    PERFORM set_config('app.tenant_id', allowance_taken.tenant::text, true);
    RETURN QUERY
        SELECT coalesce(k.now, system_now), c.id, c.used, c.reserved - coalesce((
                   SELECT sum(r.quantity) FROM usage_reservations r
                   WHERE r.tenant_id = c.tenant_id AND r.counter_id = c.id AND r.state = 'held'
                     AND r.expires_at <= system_now), 0)
        FROM usage_facts f
        LEFT JOIN test_clocks k ON k.tenant_id = f.tenant_id
        LEFT JOIN usage_counters c ON c.tenant_id = f.tenant_id AND c.meter = allowance_taken.meter
            AND c.period_start = month_start AND c.period_end = month_end
        WHERE f.tenant_id = allowance_taken.tenant AND f.facts = expected_facts;
END
$$;

-- Behind the same locks as whoever closes a month or makes counters. Nothing is held where there is no counter, no room below
-- the ceiling, or the tenant's present lies outside of the month or of what may be used of it.
CREATE FUNCTION hold_allowance(tenant uuid, meter text, expected_facts text, month_start timestamptz, month_end timestamptz,
                               entitled_until timestamptz, wanted numeric, ceiling numeric, reservation uuid,
                               expires timestamptz, holder text, system_now timestamptz, billing bigint, allowance bigint)
    RETURNS TABLE (present timestamptz, held boolean)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS
$$
#variable_conflict use_column
DECLARE
    counter uuid;
BEGIN
    PERFORM set_config('app.tenant_id', hold_allowance.tenant::text, true),
            pg_advisory_xact_lock_shared(hashtextextended(hold_allowance.tenant::text, billing)),
            pg_advisory_xact_lock_shared(hashtextextended(hold_allowance.tenant::text, allowance));
    SELECT coalesce(k.now, system_now) INTO present
        FROM usage_facts f LEFT JOIN test_clocks k ON k.tenant_id = f.tenant_id
        WHERE f.tenant_id = hold_allowance.tenant AND f.facts = expected_facts;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    held := false;
    IF present >= month_start AND present < month_end AND present < entitled_until THEN
        UPDATE usage_counters c SET reserved = c.reserved + wanted
            WHERE c.tenant_id = hold_allowance.tenant AND c.meter = hold_allowance.meter
              AND c.period_start = month_start AND c.period_end = month_end
              AND (ceiling IS NULL OR c.used + c.reserved + wanted <= ceiling)
            RETURNING c.id INTO counter;
        held := FOUND;
    END IF;
    IF held THEN
        INSERT INTO usage_reservations
            (tenant_id, id, counter_id, meter, quantity, state, reserved_at, expires_at, created_by)
            VALUES (hold_allowance.tenant, reservation, counter, hold_allowance.meter, wanted, 'held', present, expires, holder);
    END IF;
    RETURN NEXT;
END
$$;
REVOKE ALL ON FUNCTION allowance_taken(uuid, text, text, timestamptz, timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION allowance_taken(uuid, text, text, timestamptz, timestamptz, timestamptz) TO cog_app;
REVOKE ALL ON FUNCTION hold_allowance(uuid, text, text, timestamptz, timestamptz, timestamptz, numeric, numeric, uuid, timestamptz,
    text, timestamptz, bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hold_allowance(uuid, text, text, timestamptz, timestamptz, timestamptz, numeric, numeric, uuid, timestamptz,
    text, timestamptz, bigint, bigint) TO cog_app;
GRANT CREATE ON SCHEMA public TO cog_rt;
ALTER FUNCTION allowance_taken(uuid, text, text, timestamptz, timestamptz, timestamptz) OWNER TO cog_rt;
ALTER FUNCTION hold_allowance(uuid, text, text, timestamptz, timestamptz, timestamptz, numeric, numeric, uuid, timestamptz,
    text, timestamptz, bigint, bigint) OWNER TO cog_rt;
REVOKE CREATE ON SCHEMA public FROM cog_rt;
--rollback DROP FUNCTION hold_allowance(uuid, text, text, timestamptz, timestamptz, timestamptz, numeric, numeric, uuid, timestamptz, text, timestamptz, bigint, bigint);
--rollback DROP FUNCTION allowance_taken(uuid, text, text, timestamptz, timestamptz, timestamptz);

--changeset cognitionos:metering-reservations-meter
--comment: The counter of a reservation is of that meter already. By this key every reservation of every tenant locked the one row of the meter.
ALTER TABLE usage_reservations DROP CONSTRAINT usage_reservations_meter_fkey;
--rollback ALTER TABLE usage_reservations ADD CONSTRAINT usage_reservations_meter_fkey FOREIGN KEY (meter) REFERENCES meters;
