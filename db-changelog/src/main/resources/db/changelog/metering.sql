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
ALTER TABLE usage_pending ALTER COLUMN hours DROP DEFAULT;
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
INSERT INTO usage_pending (tenant_id, meter, day, changed_at, hours)
    SELECT DISTINCT tenant_id, meter, (counted_at AT TIME ZONE 'UTC')::date, now(), 16777215 FROM usage_records
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
