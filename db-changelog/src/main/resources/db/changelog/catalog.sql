--liquibase formatted sql

--changeset cognitionos:catalog-meters
CREATE TABLE meters (
    code        text PRIMARY KEY,
    aggregation text NOT NULL CHECK (aggregation IN ('sum', 'time_weighted')),
    unit        text NOT NULL,
    position    integer NOT NULL
);
INSERT INTO meters (code, aggregation, unit, position) VALUES
    ('executions', 'sum', 'execution', 1),
    ('tokens', 'sum', 'token', 2),
    ('api_calls', 'sum', 'API call', 3),
    ('storage_mb', 'time_weighted', 'MB', 4),
    ('plugin_calls', 'sum', 'plugin call', 5);
GRANT SELECT ON meters TO cog_rt, cog_platform;
--rollback DROP TABLE meters;

--changeset cognitionos:catalog-plans
--comment: A version never changes once it is there; a subscription keeps the version it was made with until it is moved.
CREATE TABLE plan_versions (
    tier       text NOT NULL CHECK (tier IN ('free', 'pro', 'team', 'enterprise')),
    version    integer NOT NULL CHECK (version > 0),
    name       text NOT NULL,
    position   integer NOT NULL,
    custom     boolean NOT NULL DEFAULT false,
    valid_from timestamptz NOT NULL,
    PRIMARY KEY (tier, version)
);
CREATE TABLE plan_prices (
    tier          text NOT NULL,
    version       integer NOT NULL,
    billing_cycle text NOT NULL CHECK (billing_cycle IN ('monthly', 'yearly')),
    currency      char(3) NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    amount_cents  bigint NOT NULL CHECK (amount_cents >= 0),
    timing        text NOT NULL CHECK (timing IN ('in_advance', 'in_arrears')),
    PRIMARY KEY (tier, version, billing_cycle, currency),
    FOREIGN KEY (tier, version) REFERENCES plan_versions
);
CREATE TABLE plan_meters (
    tier              text NOT NULL,
    version           integer NOT NULL,
    meter             text NOT NULL REFERENCES meters,
    included          numeric(24, 6) CHECK (included >= 0),
    overage_cents     numeric(24, 12) CHECK (overage_cents >= 0),
    overage_per       numeric(24, 6) CHECK (overage_per > 0),
    PRIMARY KEY (tier, version, meter),
    FOREIGN KEY (tier, version) REFERENCES plan_versions,
    CHECK ((overage_cents IS NULL) = (overage_per IS NULL))
);
COMMENT ON COLUMN plan_meters.included IS 'per month; NULL is unlimited';
COMMENT ON COLUMN plan_meters.overage_cents IS 'cents per overage_per units above the included ones; NULL: refused there, or nothing to refuse when unlimited';
CREATE TABLE plan_features (
    tier    text NOT NULL,
    version integer NOT NULL,
    feature text NOT NULL,
    enabled boolean,
    amount  bigint CHECK (amount >= 0),
    PRIMARY KEY (tier, version, feature),
    FOREIGN KEY (tier, version) REFERENCES plan_versions,
    CHECK (enabled IS NULL OR amount IS NULL)
);
COMMENT ON TABLE plan_features IS 'enabled: a yes or no; amount: a number, where NULL in both is unlimited';
GRANT SELECT ON plan_versions, plan_prices, plan_meters, plan_features TO cog_rt, cog_platform;
--rollback DROP TABLE plan_features, plan_meters, plan_prices, plan_versions;

--changeset cognitionos:catalog-seed
INSERT INTO plan_versions (tier, version, name, position, custom, valid_from) VALUES
    ('free', 1, 'Free', 1, false, '2020-01-01Z'),
    ('pro', 1, 'Pro', 2, false, '2020-01-01Z'),
    ('team', 1, 'Team', 3, false, '2020-01-01Z'),
    ('enterprise', 1, 'Enterprise', 4, true, '2020-01-01Z');
INSERT INTO plan_prices (tier, version, billing_cycle, currency, amount_cents, timing) VALUES
    ('free', 1, 'monthly', 'USD', 0, 'in_arrears'),
    ('free', 1, 'yearly', 'USD', 0, 'in_arrears'),
    ('pro', 1, 'monthly', 'USD', 4900, 'in_arrears'),
    ('pro', 1, 'yearly', 'USD', 49000, 'in_advance'),
    ('team', 1, 'monthly', 'USD', 19900, 'in_arrears'),
    ('team', 1, 'yearly', 'USD', 199000, 'in_advance'),
    ('enterprise', 1, 'monthly', 'USD', 0, 'in_arrears'),
    ('enterprise', 1, 'yearly', 'USD', 0, 'in_arrears');
INSERT INTO plan_meters (tier, version, meter, included, overage_cents, overage_per) VALUES
    ('free', 1, 'executions', 100, NULL, NULL),
    ('free', 1, 'tokens', 100000, NULL, NULL),
    ('free', 1, 'api_calls', 1000, NULL, NULL),
    ('free', 1, 'storage_mb', 1000, NULL, NULL),
    ('pro', 1, 'executions', 10000, 10, 1),
    ('pro', 1, 'tokens', 10000000, 2, 1000),
    ('pro', 1, 'api_calls', 100000, 0.1, 1),
    ('pro', 1, 'storage_mb', 10000, 50, 1024),
    ('team', 1, 'executions', 100000, 10, 1),
    ('team', 1, 'tokens', 100000000, 2, 1000),
    ('team', 1, 'api_calls', 1000000, 0.1, 1),
    ('team', 1, 'storage_mb', 100000, 50, 1024),
    ('enterprise', 1, 'executions', NULL, NULL, NULL),
    ('enterprise', 1, 'tokens', NULL, NULL, NULL),
    ('enterprise', 1, 'api_calls', NULL, NULL, NULL),
    ('enterprise', 1, 'storage_mb', NULL, NULL, NULL);
INSERT INTO plan_meters (tier, version, meter)
    SELECT tier, version, 'plugin_calls' FROM plan_versions;
INSERT INTO plan_features (tier, version, feature, enabled, amount)
    SELECT p.tier, 1, f.feature, f.enabled, f.amount
    FROM plan_versions p
    CROSS JOIN LATERAL (VALUES
        ('seats', NULL::boolean, CASE p.tier WHEN 'free' THEN 5 WHEN 'pro' THEN 10 WHEN 'team' THEN 50 END::bigint),
        ('agents', NULL, CASE p.tier WHEN 'free' THEN 2 WHEN 'pro' THEN 10 WHEN 'team' THEN 50 END),
        ('workflows', NULL, CASE p.tier WHEN 'free' THEN 5 WHEN 'pro' THEN 100 WHEN 'team' THEN 500 END),
        ('api_requests_per_minute', NULL,
            CASE p.tier WHEN 'free' THEN 60 WHEN 'pro' THEN 300 WHEN 'team' THEN 1000 ELSE 10000 END),
        ('api_keys', NULL, CASE p.tier WHEN 'free' THEN 1 WHEN 'pro' THEN 5 WHEN 'team' THEN 20 END),
        ('plugins', p.tier <> 'free', NULL),
        ('custom_models', p.tier IN ('team', 'enterprise'), NULL),
        ('priority_execution', p.tier <> 'free', NULL),
        ('advanced_analytics', p.tier IN ('team', 'enterprise'), NULL),
        ('sso', p.tier IN ('team', 'enterprise'), NULL)
    ) AS f (feature, enabled, amount);
--rollback DELETE FROM plan_features; DELETE FROM plan_meters; DELETE FROM plan_prices; DELETE FROM plan_versions;

--changeset cognitionos:catalog-months-at-their-end
--comment: A month is owed as a whole as it begins and invoiced as it ends, so that a change in it is settled at once (ADR 2).
ALTER TABLE plan_prices
    DROP CONSTRAINT plan_prices_timing_check,
    ADD CONSTRAINT plan_prices_timing_check CHECK (timing IN ('in_advance', 'at_period_end', 'in_arrears'));
UPDATE plan_prices SET timing = 'at_period_end' WHERE version = 1 AND timing = 'in_arrears';
--rollback UPDATE plan_prices SET timing = 'in_arrears' WHERE version = 1 AND timing = 'at_period_end'; ALTER TABLE plan_prices DROP CONSTRAINT plan_prices_timing_check, ADD CONSTRAINT plan_prices_timing_check CHECK (timing IN ('in_advance', 'in_arrears'));

--changeset cognitionos:catalog-as-data
--comment: Meters and plans are made at run time. What a version says is one document, since it is made, copied and sold as a whole; what the gate asks of it for each request stays in a table of its own.
ALTER TABLE meters ADD COLUMN name text;
UPDATE meters SET name = CASE code
    WHEN 'executions' THEN 'Executions' WHEN 'tokens' THEN 'Tokens' WHEN 'api_calls' THEN 'API calls'
    WHEN 'storage_mb' THEN 'Storage' WHEN 'plugin_calls' THEN 'Plugin calls' ELSE code END;
ALTER TABLE meters ALTER COLUMN name SET NOT NULL;
GRANT INSERT ON meters TO cog_platform;
CREATE TABLE plans (
    tier       text PRIMARY KEY CHECK (tier ~ '^[a-z][a-z0-9_]{0,62}$'),
    position   integer NOT NULL UNIQUE CHECK (position > 0)
);
COMMENT ON COLUMN plans.position IS 'from the smallest to the largest: whether a change is an upgrade';
INSERT INTO plans (tier, position) SELECT DISTINCT tier, position * 100 FROM plan_versions;
GRANT SELECT ON plans TO cog_rt, cog_platform;
GRANT INSERT, UPDATE ON plans TO cog_platform;
ALTER TABLE plan_versions
    DROP CONSTRAINT plan_versions_tier_check,
    ADD CONSTRAINT plan_versions_plan FOREIGN KEY (tier) REFERENCES plans,
    ADD COLUMN status text NOT NULL DEFAULT 'published',
    ADD COLUMN valid_to timestamptz,
    ADD COLUMN terms jsonb,
    ALTER COLUMN valid_from DROP NOT NULL;
UPDATE plan_versions v SET terms = jsonb_build_object(
    'name', v.name,
    'custom', v.custom,
    'grain', 'second',
    'prices', (SELECT coalesce(jsonb_agg(jsonb_build_object('billing_cycle', p.billing_cycle, 'currency', p.currency::text,
            'amount_cents', p.amount_cents, 'timing', p.timing) ORDER BY p.currency, p.billing_cycle), '[]')
        FROM plan_prices p WHERE p.tier = v.tier AND p.version = v.version),
    'meters', (SELECT coalesce(jsonb_agg(jsonb_build_object('meter', a.meter, 'included', trim_scale(a.included),
            'prices', CASE WHEN a.overage_cents IS NULL THEN '[]'::jsonb
                ELSE jsonb_build_array(jsonb_build_object('currency', 'USD', 'model', 'per_unit',
                    'unit_cents', trim_scale(a.overage_cents), 'per', trim_scale(a.overage_per))) END) ORDER BY m.position), '[]')
        FROM plan_meters a JOIN meters m ON m.code = a.meter WHERE a.tier = v.tier AND a.version = v.version),
    'commitments', '[]'::jsonb,
    'features', (SELECT coalesce(jsonb_object_agg(f.feature,
            CASE WHEN f.enabled IS NULL THEN to_jsonb(f.amount) ELSE to_jsonb(f.enabled) END), '{}')
        FROM plan_features f WHERE f.tier = v.tier AND f.version = v.version));
ALTER TABLE plan_versions
    DROP COLUMN name,
    DROP COLUMN position,
    DROP COLUMN custom,
    ALTER COLUMN status DROP DEFAULT,
    ADD CONSTRAINT plan_versions_status CHECK (status IN ('draft', 'published', 'archived', 'contract')),
    ADD CONSTRAINT plan_versions_terms CHECK ((status = 'contract') = (terms IS NULL)),
    ADD CONSTRAINT plan_versions_validity CHECK (valid_from < valid_to),
    ADD CONSTRAINT plan_versions_sold_from CHECK (status <> 'published' OR valid_from IS NOT NULL),
    ADD CONSTRAINT plan_versions_one_at_a_time EXCLUDE USING gist (
        int8range(hashtext(tier), hashtext(tier), '[]') WITH &&, tstzrange(valid_from, valid_to) WITH &&)
        WHERE (status = 'published');
COMMENT ON COLUMN plan_versions.valid_to IS 'not sold from there on; NULL is open';
COMMENT ON COLUMN plan_versions.terms IS 'prices, meters and features; those of a contract are with its tenant';
COMMENT ON TABLE plan_features IS 'what the gate looks up for each request: a copy of the features that a version says';
ALTER TABLE plan_versions ENABLE ROW LEVEL SECURITY;
CREATE POLICY sold ON plan_versions TO cog_rt USING (status <> 'draft');
CREATE POLICY everything ON plan_versions TO cog_platform USING (true) WITH CHECK (true);
GRANT INSERT, UPDATE ON plan_versions TO cog_platform;
GRANT INSERT ON plan_features TO cog_platform;
REVOKE SELECT ON plan_features FROM cog_rt;
DROP TABLE plan_prices, plan_meters;
--rollback CREATE TABLE plan_prices (tier text NOT NULL, version integer NOT NULL, billing_cycle text NOT NULL CHECK (billing_cycle IN ('monthly', 'yearly')), currency char(3) NOT NULL CHECK (currency ~ '^[A-Z]{3}$'), amount_cents bigint NOT NULL CHECK (amount_cents >= 0), timing text NOT NULL CONSTRAINT plan_prices_timing_check CHECK (timing IN ('in_advance', 'at_period_end', 'in_arrears')), PRIMARY KEY (tier, version, billing_cycle, currency), FOREIGN KEY (tier, version) REFERENCES plan_versions);
--rollback CREATE TABLE plan_meters (tier text NOT NULL, version integer NOT NULL, meter text NOT NULL REFERENCES meters, included numeric(24, 6) CHECK (included >= 0), overage_cents numeric(24, 12) CHECK (overage_cents >= 0), overage_per numeric(24, 6) CHECK (overage_per > 0), PRIMARY KEY (tier, version, meter), FOREIGN KEY (tier, version) REFERENCES plan_versions, CHECK ((overage_cents IS NULL) = (overage_per IS NULL)));
--rollback INSERT INTO plan_prices SELECT v.tier, v.version, p->>'billing_cycle', p->>'currency', (p->>'amount_cents')::bigint, p->>'timing' FROM plan_versions v, jsonb_array_elements(v.terms->'prices') p;
--rollback INSERT INTO plan_meters SELECT v.tier, v.version, m->>'meter', (m->>'included')::numeric, (m->'prices'->0->>'unit_cents')::numeric, (m->'prices'->0->>'per')::numeric FROM plan_versions v, jsonb_array_elements(v.terms->'meters') m;
--rollback GRANT SELECT ON plan_prices, plan_meters, plan_features TO cog_rt, cog_platform;
--rollback REVOKE INSERT ON plan_features FROM cog_platform;
--rollback REVOKE INSERT, UPDATE ON plan_versions FROM cog_platform;
--rollback DROP POLICY sold ON plan_versions;
--rollback DROP POLICY everything ON plan_versions;
--rollback ALTER TABLE plan_versions DISABLE ROW LEVEL SECURITY;
--rollback ALTER TABLE plan_versions ADD COLUMN name text, ADD COLUMN position integer, ADD COLUMN custom boolean NOT NULL DEFAULT false;
--rollback UPDATE plan_versions v SET name = v.terms->>'name', custom = (v.terms->>'custom')::boolean, position = (SELECT p.position / 100 FROM plans p WHERE p.tier = v.tier);
--rollback ALTER TABLE plan_versions ALTER COLUMN name SET NOT NULL, ALTER COLUMN position SET NOT NULL, DROP CONSTRAINT plan_versions_plan, DROP CONSTRAINT plan_versions_one_at_a_time, DROP CONSTRAINT plan_versions_terms, DROP CONSTRAINT plan_versions_status, DROP CONSTRAINT plan_versions_validity, DROP CONSTRAINT plan_versions_sold_from, DROP COLUMN status, DROP COLUMN valid_to, DROP COLUMN terms, ALTER COLUMN valid_from SET NOT NULL, ADD CONSTRAINT plan_versions_tier_check CHECK (tier IN ('free', 'pro', 'team', 'enterprise'));
--rollback DROP TABLE plans;
--rollback REVOKE INSERT ON meters FROM cog_platform;
--rollback ALTER TABLE meters DROP COLUMN name;

--changeset cognitionos:catalog-sold-never-changes splitStatements:false
--comment: A draft changes freely; what was sold once only ends.
CREATE FUNCTION keep_plan_version() RETURNS trigger
    LANGUAGE plpgsql AS
$$
BEGIN
    IF OLD.status = 'draft' THEN
        RETURN NEW;
    END IF;
    IF OLD.status IN ('published', 'archived')
        AND (NEW.status = OLD.status OR OLD.status = 'published' AND NEW.status = 'archived')
        AND (NEW.valid_to IS NOT DISTINCT FROM OLD.valid_to OR OLD.valid_to IS NULL)
        AND (NEW.tier, NEW.version, NEW.terms) = (OLD.tier, OLD.version, OLD.terms)
        AND NEW.valid_from IS NOT DISTINCT FROM OLD.valid_from THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'version % of the plan % never changes', OLD.version, OLD.tier
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER plan_versions_keep BEFORE UPDATE ON plan_versions FOR EACH ROW EXECUTE FUNCTION keep_plan_version();
CREATE TRIGGER plan_features_append_only BEFORE UPDATE OR DELETE ON plan_features
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER plan_versions_stay BEFORE DELETE ON plan_versions FOR EACH ROW EXECUTE FUNCTION refuse_change();
--rollback DROP TRIGGER plan_versions_stay ON plan_versions; DROP TRIGGER plan_features_append_only ON plan_features; DROP TRIGGER plan_versions_keep ON plan_versions; DROP FUNCTION keep_plan_version();

--changeset cognitionos:catalog-seed-for-any-clock
--comment: A test tenant's clock may start in any year, and the seeded plans are to be had there. No sale changes by it.
ALTER TABLE plan_versions DISABLE TRIGGER plan_versions_keep;
UPDATE plan_versions SET valid_from = '1970-01-01Z'
    WHERE version = 1 AND tier IN ('free', 'pro', 'team', 'enterprise') AND valid_from = '2020-01-01Z';
ALTER TABLE plan_versions ENABLE TRIGGER plan_versions_keep;
--rollback ALTER TABLE plan_versions DISABLE TRIGGER plan_versions_keep;
--rollback UPDATE plan_versions SET valid_from = '2020-01-01Z' WHERE version = 1 AND tier IN ('free', 'pro', 'team', 'enterprise') AND valid_from = '1970-01-01Z';
--rollback ALTER TABLE plan_versions ENABLE TRIGGER plan_versions_keep;

--changeset cognitionos:catalog-contracts
--comment: What a tenant has agreed on for itself: a version of a plan that nobody else sees more of than that there is one.
CREATE TABLE plan_contracts (
    tenant_id  uuid NOT NULL,
    tier       text NOT NULL,
    version    integer NOT NULL,
    valid_from timestamptz NOT NULL,
    valid_to   timestamptz,
    terms      jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, tier, version),
    FOREIGN KEY (tier, version) REFERENCES plan_versions,
    CHECK (valid_from < valid_to)
);
CREATE TRIGGER plan_contracts_append_only BEFORE UPDATE OR DELETE ON plan_contracts
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
SELECT protect_tenant_table('plan_contracts', 'SELECT', 'SELECT, INSERT');
--rollback DROP TABLE plan_contracts;

--changeset cognitionos:catalog-add-ons
--comment: What is had on top of a plan, in versions as plans are.
CREATE TABLE add_ons (
    code text PRIMARY KEY CHECK (code ~ '^[a-z][a-z0-9_]{0,62}$')
);
CREATE TABLE add_on_versions (
    code       text NOT NULL REFERENCES add_ons,
    version    integer NOT NULL CHECK (version > 0),
    status     text NOT NULL CHECK (status IN ('draft', 'published', 'archived')),
    valid_from timestamptz,
    valid_to   timestamptz,
    terms      jsonb NOT NULL,
    PRIMARY KEY (code, version),
    CHECK (valid_from < valid_to),
    CHECK (status <> 'published' OR valid_from IS NOT NULL),
    CONSTRAINT add_on_versions_one_at_a_time EXCLUDE USING gist (
        int8range(hashtext(code), hashtext(code), '[]') WITH &&, tstzrange(valid_from, valid_to) WITH &&)
        WHERE (status = 'published')
);
COMMENT ON COLUMN add_on_versions.valid_to IS 'not sold from there on; NULL is open';
GRANT SELECT ON add_ons, add_on_versions TO cog_rt, cog_platform;
GRANT INSERT, UPDATE ON add_ons, add_on_versions TO cog_platform;
ALTER TABLE add_on_versions ENABLE ROW LEVEL SECURITY;
CREATE POLICY sold ON add_on_versions TO cog_rt USING (status <> 'draft');
CREATE POLICY everything ON add_on_versions TO cog_platform USING (true) WITH CHECK (true);
--rollback DROP TABLE add_on_versions, add_ons;

--changeset cognitionos:catalog-add-ons-never-change splitStatements:false
CREATE FUNCTION keep_add_on_version() RETURNS trigger
    LANGUAGE plpgsql AS
$$
BEGIN
    IF OLD.status = 'draft' THEN
        RETURN NEW;
    END IF;
    IF (NEW.status = OLD.status OR OLD.status = 'published' AND NEW.status = 'archived')
        AND (NEW.valid_to IS NOT DISTINCT FROM OLD.valid_to OR OLD.valid_to IS NULL)
        AND (NEW.code, NEW.version, NEW.terms) = (OLD.code, OLD.version, OLD.terms)
        AND NEW.valid_from IS NOT DISTINCT FROM OLD.valid_from THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'version % of the add-on % never changes', OLD.version, OLD.code
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER add_on_versions_keep BEFORE UPDATE ON add_on_versions
    FOR EACH ROW EXECUTE FUNCTION keep_add_on_version();
CREATE TRIGGER add_on_versions_stay BEFORE DELETE ON add_on_versions FOR EACH ROW EXECUTE FUNCTION refuse_change();
--rollback DROP TRIGGER add_on_versions_stay ON add_on_versions; DROP TRIGGER add_on_versions_keep ON add_on_versions; DROP FUNCTION keep_add_on_version();

--changeset cognitionos:catalog-kinds-of-meters
--comment: unique_by is what a unique_count tells apart: the subject, or a property of the events. dimensions are the properties that usage can be shown by, besides those of every meter.
ALTER TABLE meters
    DROP CONSTRAINT meters_aggregation_check,
    ADD CONSTRAINT meters_aggregation_check
        CHECK (aggregation IN ('sum', 'count', 'max', 'unique_count', 'latest', 'time_weighted')),
    ADD COLUMN unique_by text,
    ADD COLUMN dimensions text[] NOT NULL DEFAULT '{}',
    ADD CONSTRAINT meters_unique_by CHECK ((aggregation = 'unique_count') = (unique_by IS NOT NULL));
--rollback ALTER TABLE meters DROP CONSTRAINT meters_unique_by, DROP COLUMN dimensions, DROP COLUMN unique_by, DROP CONSTRAINT meters_aggregation_check, ADD CONSTRAINT meters_aggregation_check CHECK (aggregation IN ('sum', 'time_weighted'));
