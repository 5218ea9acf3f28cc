--liquibase formatted sql

--changeset cognitionos:idempotency-keys
--comment: Only the platform's role reaches these tables, so no tenant can read another's replies whatever its statement says. owner is the tenant whose principal asked, or the nil uuid for the platform's. Neither the key nor the request is kept, only their MACs; the reply is sealed, since it may show a secret.
CREATE TABLE idempotency_keys (
    owner       uuid NOT NULL,
    principal   text NOT NULL,
    key_mac     bytea NOT NULL CHECK (length(key_mac) = 32),
    request_mac bytea NOT NULL CHECK (length(request_mac) = 32),
    status      integer NOT NULL CHECK (status BETWEEN 200 AND 399),
    reply       bytea NOT NULL,
    created_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    PRIMARY KEY (owner, principal, key_mac)
);
CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at);
ALTER TABLE idempotency_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE idempotency_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY platform_only ON idempotency_keys TO cog_platform USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_keys TO cog_platform;
--rollback DROP TABLE idempotency_keys;

--changeset cognitionos:idempotency-effects
--comment: What a request with a key has done in a transaction of its own before its reply, because a payment provider was asked in between: whoever tries again after a crash finds it here and comes to the same end.
CREATE TABLE idempotency_effects (
    owner       uuid NOT NULL,
    principal   text NOT NULL,
    key_mac     bytea NOT NULL CHECK (length(key_mac) = 32),
    what        text NOT NULL,
    request_mac bytea NOT NULL CHECK (length(request_mac) = 32),
    target      uuid NOT NULL,
    expires_at  timestamptz NOT NULL,
    PRIMARY KEY (owner, principal, key_mac, what)
);
CREATE INDEX idempotency_effects_by_expiry ON idempotency_effects (expires_at);
ALTER TABLE idempotency_effects ENABLE ROW LEVEL SECURITY;
ALTER TABLE idempotency_effects FORCE ROW LEVEL SECURITY;
CREATE POLICY platform_only ON idempotency_effects TO cog_platform USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_effects TO cog_platform;
--rollback DROP TABLE idempotency_effects;
