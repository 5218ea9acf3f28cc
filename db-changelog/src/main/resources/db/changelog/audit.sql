--liquibase formatted sql

--changeset cognitionos:audit-log
--comment: A chain per tenant: hash is a MAC over the row and the hash before it, so it cannot be computed from the database alone. The head says where the chain ends, or a cut-off tail would go unnoticed. No reference from the log to tenants: its check would lock the tenant's row at every entry.
CREATE TABLE billing_audit_heads (
    tenant_id uuid PRIMARY KEY REFERENCES tenants,
    seq       bigint NOT NULL CHECK (seq >= 0),
    hash      bytea NOT NULL CHECK (length(hash) = 32),
    seal      bytea NOT NULL CHECK (length(seal) = 32)
);
CREATE TABLE billing_audit_log (
    tenant_id      uuid NOT NULL REFERENCES billing_audit_heads,
    seq            bigint NOT NULL,
    id             uuid NOT NULL,
    at             timestamptz NOT NULL,
    business_at    timestamptz NOT NULL,
    actor          text NOT NULL,
    actor_platform boolean NOT NULL,
    door           text NOT NULL,
    address        text,
    agent          text,
    action         text NOT NULL,
    target         text NOT NULL,
    before         jsonb,
    after          jsonb,
    prev_hash      bytea NOT NULL CHECK (length(prev_hash) = 32),
    hash           bytea NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (tenant_id, seq)
);
COMMENT ON COLUMN billing_audit_log.at IS 'real time; business_at is the tenant''s own clock';
SELECT protect_tenant_table('billing_audit_heads', 'SELECT', 'SELECT, INSERT, UPDATE');
SELECT protect_tenant_table('billing_audit_log', 'SELECT', 'SELECT, INSERT');
CREATE TRIGGER billing_audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON billing_audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER billing_audit_heads_stay BEFORE DELETE OR TRUNCATE ON billing_audit_heads
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--rollback DROP TABLE billing_audit_log, billing_audit_heads;

--changeset cognitionos:audit-platform-log
--comment: The same for what the platform does that is no tenant's: one chain.
CREATE TABLE platform_audit_head (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    seq      bigint NOT NULL CHECK (seq >= 0),
    hash     bytea NOT NULL CHECK (length(hash) = 32),
    seal     bytea NOT NULL CHECK (length(seal) = 32)
);
CREATE TABLE platform_audit_log (
    seq            bigint PRIMARY KEY,
    id             uuid NOT NULL,
    at             timestamptz NOT NULL,
    business_at    timestamptz NOT NULL,
    actor          text NOT NULL,
    actor_platform boolean NOT NULL,
    door           text NOT NULL,
    address        text,
    agent          text,
    action         text NOT NULL,
    target         text NOT NULL,
    before         jsonb,
    after          jsonb,
    prev_hash      bytea NOT NULL CHECK (length(prev_hash) = 32),
    hash           bytea NOT NULL CHECK (length(hash) = 32)
);
GRANT SELECT, INSERT, UPDATE ON platform_audit_head TO cog_platform;
GRANT SELECT, INSERT ON platform_audit_log TO cog_platform;
CREATE TRIGGER platform_audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON platform_audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER platform_audit_head_stays BEFORE DELETE OR TRUNCATE ON platform_audit_head
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--rollback DROP TABLE platform_audit_log, platform_audit_head;
