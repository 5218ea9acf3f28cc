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
