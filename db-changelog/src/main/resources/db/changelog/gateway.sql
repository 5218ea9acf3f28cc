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
