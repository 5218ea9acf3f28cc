--liquibase formatted sql

--changeset cognitionos:tenancy-tenants
CREATE TABLE tenants (
    id                 uuid PRIMARY KEY,
    name               text NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
    slug               text NOT NULL CHECK (slug ~ '^[a-z][a-z0-9-]{2,62}$'),
    status             text NOT NULL CHECK (status IN ('pending', 'trial', 'active', 'suspended', 'churned')),
    owner_email        text NOT NULL,
    billing_email      text NOT NULL,
    tier               text NOT NULL,
    plan_version       integer NOT NULL,
    trial_ends_at      timestamptz,
    test_mode          boolean NOT NULL,
    time_zone          text NOT NULL DEFAULT 'UTC',
    payment_terms_days integer NOT NULL DEFAULT 7 CHECK (payment_terms_days BETWEEN 0 AND 365),
    suspended_at       timestamptz,
    suspended_reason   text,
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    version            bigint NOT NULL,
    CONSTRAINT tenants_slug_unique UNIQUE (slug),
    FOREIGN KEY (tier, plan_version) REFERENCES plan_versions,
    CHECK ((status = 'suspended') = (suspended_at IS NOT NULL))
);
COMMENT ON COLUMN tenants.tier IS 'the plan whose limits hold; the subscription component keeps it in step';
SELECT protect_tenant_table('tenants', 'SELECT, INSERT, UPDATE', 'SELECT', 'id');
--rollback DROP TABLE tenants;

--changeset cognitionos:tenancy-settings
--comment: Only what differs from the plan; NULL follows the plan, so an override survives a change of plan.
CREATE TABLE tenant_settings (
    tenant_id                 uuid PRIMARY KEY REFERENCES tenants,
    max_users                 bigint CHECK (max_users >= 0),
    max_agents                bigint CHECK (max_agents >= 0),
    max_workflows             bigint CHECK (max_workflows >= 0),
    max_executions_per_month  bigint CHECK (max_executions_per_month >= 0),
    max_storage_gb            bigint CHECK (max_storage_gb >= 0),
    api_rate_limit_per_minute bigint CHECK (api_rate_limit_per_minute > 0),
    enable_plugins            boolean,
    enable_custom_models      boolean,
    enable_priority_execution boolean,
    custom_domain             text,
    webhook_url               text,
    metadata                  jsonb NOT NULL DEFAULT '{}',
    version                   bigint NOT NULL
);
SELECT protect_tenant_table('tenant_settings', 'SELECT, INSERT, UPDATE', 'SELECT');
--rollback DROP TABLE tenant_settings;

--changeset cognitionos:tenancy-test-clocks
--comment: target is set while the clock is on its way there.
CREATE TABLE test_clocks (
    tenant_id uuid PRIMARY KEY REFERENCES tenants,
    now       timestamptz NOT NULL,
    target    timestamptz CHECK (target >= now)
);
SELECT protect_tenant_table('test_clocks', 'SELECT, INSERT, UPDATE', 'SELECT');
--rollback DROP TABLE test_clocks;

--changeset cognitionos:tenancy-billing-profiles
--comment: Whom invoices are made out to. tax_exempt is the platform's word, the rest the tenant's own.
CREATE TABLE billing_profiles (
    tenant_id     uuid PRIMARY KEY REFERENCES tenants,
    legal_name    text CHECK (length(legal_name) BETWEEN 1 AND 255),
    address_line1 text CHECK (length(address_line1) BETWEEN 1 AND 255),
    address_line2 text CHECK (length(address_line2) BETWEEN 1 AND 255),
    postal_code   text CHECK (length(postal_code) BETWEEN 1 AND 20),
    city          text CHECK (length(city) BETWEEN 1 AND 255),
    region        text CHECK (region ~ '^[A-Z0-9]{1,3}$'),
    country       char(2) CHECK (country ~ '^[A-Z]{2}$'),
    tax_number    text CHECK (length(tax_number) BETWEEN 1 AND 50),
    tax_exempt    boolean NOT NULL,
    updated_at    timestamptz NOT NULL,
    version       bigint NOT NULL,
    CHECK (region IS NULL OR country IS NOT NULL)
);
SELECT protect_tenant_table('billing_profiles', 'SELECT, INSERT, UPDATE', 'SELECT');
--rollback DROP TABLE billing_profiles;

--changeset cognitionos:tenancy-suspended-for-non-payment
--comment: Who is suspended for not paying is let in again by paying; who was suspended by an operator is not.
ALTER TABLE tenants
    ADD COLUMN suspended_for_non_payment boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT tenants_suspended_for CHECK (NOT suspended_for_non_payment OR status = 'suspended');
--rollback ALTER TABLE tenants DROP COLUMN suspended_for_non_payment;
