--liquibase formatted sql

--changeset cognitionos:flag-feature-flags
CREATE TABLE feature_flags (
    key                text PRIMARY KEY CHECK (key ~ '^[a-z][a-z0-9_]{0,62}$'),
    enabled_globally   boolean NOT NULL,
    enabled_tiers      text[] NOT NULL,
    rollout_percentage integer NOT NULL CHECK (rollout_percentage BETWEEN 0 AND 100),
    updated_at         timestamptz NOT NULL,
    version            bigint NOT NULL
);
GRANT SELECT ON feature_flags TO cog_rt;
GRANT SELECT, INSERT, UPDATE ON feature_flags TO cog_platform;
--rollback DROP TABLE feature_flags;

--changeset cognitionos:flag-tenants
--comment: enabled_tenant_ids, a row each: a tenant may see that it is named, and not who else is.
CREATE TABLE feature_flag_tenants (
    tenant_id uuid NOT NULL REFERENCES tenants,
    flag      text NOT NULL REFERENCES feature_flags,
    PRIMARY KEY (tenant_id, flag)
);
CREATE INDEX feature_flag_tenants_by_flag ON feature_flag_tenants (flag);
SELECT protect_tenant_table('feature_flag_tenants', 'SELECT', 'SELECT, INSERT, DELETE');
--rollback DROP TABLE feature_flag_tenants;

--changeset cognitionos:flag-seed
INSERT INTO feature_flags (key, enabled_globally, enabled_tiers, rollout_percentage, updated_at, version) VALUES
    ('plugins_enabled', false, ARRAY['pro', 'team', 'enterprise'], 0, '2020-01-01Z', 1),
    ('custom_models', false, ARRAY['team', 'enterprise'], 0, '2020-01-01Z', 1),
    ('priority_execution', false, ARRAY['pro', 'team', 'enterprise'], 0, '2020-01-01Z', 1),
    ('advanced_analytics', false, ARRAY['team', 'enterprise'], 0, '2020-01-01Z', 1),
    ('api_v4', false, ARRAY[]::text[], 0, '2020-01-01Z', 1);
--rollback DELETE FROM feature_flags;
