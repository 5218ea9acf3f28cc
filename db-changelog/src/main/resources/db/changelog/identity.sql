--liquibase formatted sql

--changeset cognitionos:identity-users
--comment: A person may be a member of several tenants, so users belong to the platform; only cog_platform reads them.
CREATE TABLE users (
    id            uuid PRIMARY KEY,
    email         text NOT NULL CHECK (email = lower(email)),
    name          text NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
    password_hash text NOT NULL,
    created_at    timestamptz NOT NULL,
    CONSTRAINT users_email_unique UNIQUE (email)
);
GRANT SELECT, INSERT, UPDATE ON users TO cog_platform;
--rollback DROP TABLE users;

--changeset cognitionos:identity-memberships
CREATE TABLE memberships (
    tenant_id  uuid NOT NULL REFERENCES tenants,
    user_id    uuid NOT NULL REFERENCES users,
    role       text NOT NULL CHECK (role IN ('owner', 'admin', 'billing', 'developer', 'viewer')),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, user_id)
);
CREATE INDEX memberships_by_user ON memberships (user_id);
SELECT protect_tenant_table('memberships', 'SELECT, INSERT, UPDATE, DELETE', 'SELECT, INSERT');
--rollback DROP TABLE memberships;

--changeset cognitionos:identity-users-sign-in
--comment: Who comes by their employer's identity provider has no password. Rolling back makes such people's sign-in impossible, not their rows.
ALTER TABLE users ALTER COLUMN password_hash DROP NOT NULL;
ALTER TABLE users
    ADD COLUMN email_verified_at timestamptz,
    ADD COLUMN last_seen_at      timestamptz;
--rollback UPDATE users SET password_hash = '-' WHERE password_hash IS NULL;
--rollback ALTER TABLE users ALTER COLUMN password_hash SET NOT NULL, DROP COLUMN email_verified_at, DROP COLUMN last_seen_at;

--changeset cognitionos:identity-second-factors
--comment: Secrets are sealed for their user. last_step is the time step of the last code that was taken, so that a code is good once; a pending secret counts when a code of it was shown.
CREATE TABLE second_factors (
    user_id        uuid PRIMARY KEY REFERENCES users,
    secret         bytea,
    pending_secret bytea,
    last_step      bigint NOT NULL DEFAULT 0,
    enrolled_at    timestamptz,
    CHECK ((secret IS NULL) = (enrolled_at IS NULL))
);
GRANT SELECT, INSERT, UPDATE, DELETE ON second_factors TO cog_platform;
CREATE TABLE recovery_codes (
    user_id uuid NOT NULL REFERENCES users,
    mac     bytea NOT NULL CHECK (length(mac) = 32),
    PRIMARY KEY (user_id, mac)
);
GRANT SELECT, INSERT, DELETE ON recovery_codes TO cog_platform;
--rollback DROP TABLE recovery_codes;
--rollback DROP TABLE second_factors;

--changeset cognitionos:identity-sessions
--comment: A session that ended is gone. only_tenant: let in by that tenant's identity provider and good for it alone.
CREATE TABLE user_sessions (
    id           uuid PRIMARY KEY,
    user_id      uuid NOT NULL REFERENCES users,
    only_tenant  uuid REFERENCES tenants,
    started_at   timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL CHECK (last_seen_at >= started_at),
    address      text,
    agent        text
);
CREATE INDEX user_sessions_by_user ON user_sessions (user_id);
GRANT SELECT, INSERT, UPDATE, DELETE ON user_sessions TO cog_platform;
--rollback DROP TABLE user_sessions;

--changeset cognitionos:identity-throttle
--comment: subject is a MAC of the account or the place, known or not. A guess is a failure until it proves right.
CREATE TABLE guess_counts (
    kind       text NOT NULL,
    subject    bytea NOT NULL CHECK (length(subject) = 32),
    failures   integer NOT NULL CHECK (failures > 0),
    counted_at timestamptz NOT NULL,
    held_until timestamptz,
    PRIMARY KEY (kind, subject)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON guess_counts TO cog_platform;
CREATE TABLE attempt_windows (
    kind     text NOT NULL,
    subject  bytea NOT NULL CHECK (length(subject) = 32),
    attempts timestamptz[] NOT NULL,
    PRIMARY KEY (kind, subject)
);
COMMENT ON COLUMN attempt_windows.attempts IS 'the last ones, oldest first';
GRANT SELECT, INSERT, UPDATE, DELETE ON attempt_windows TO cog_platform;
--rollback DROP TABLE attempt_windows;
--rollback DROP TABLE guess_counts;

--changeset cognitionos:identity-invitations
--comment: An invitation that was taken or withdrawn is gone; the audit log remembers it.
CREATE TABLE invitations (
    tenant_id  uuid NOT NULL REFERENCES tenants,
    id         uuid NOT NULL,
    email      text NOT NULL CHECK (email = lower(email)),
    role       text NOT NULL CHECK (role IN ('owner', 'admin', 'billing', 'developer', 'viewer')),
    token_mac  bytea NOT NULL CHECK (length(token_mac) = 32),
    invited_by text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL CHECK (expires_at > created_at),
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT invitations_email_unique UNIQUE (tenant_id, email),
    CONSTRAINT invitations_token_unique UNIQUE (token_mac)
);
SELECT protect_tenant_table('invitations', 'SELECT, INSERT, DELETE', 'SELECT');
CREATE TABLE platform_invitations (
    id         uuid PRIMARY KEY,
    email      text NOT NULL CHECK (email = lower(email)),
    role       text NOT NULL CHECK (role IN ('operator', 'finance', 'reviewer')),
    token_mac  bytea NOT NULL CHECK (length(token_mac) = 32),
    invited_by text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL CHECK (expires_at > created_at),
    CONSTRAINT platform_invitations_email_unique UNIQUE (email),
    CONSTRAINT platform_invitations_token_unique UNIQUE (token_mac)
);
GRANT SELECT, INSERT, DELETE ON platform_invitations TO cog_platform;
--rollback DROP TABLE platform_invitations;
--rollback DROP TABLE invitations;

--changeset cognitionos:identity-platform-roles
CREATE TABLE platform_roles (
    user_id    uuid NOT NULL REFERENCES users,
    role       text NOT NULL CHECK (role IN ('operator', 'finance', 'reviewer')),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, role)
);
GRANT SELECT, INSERT, DELETE ON platform_roles TO cog_platform;
--rollback DROP TABLE platform_roles;

--changeset cognitionos:identity-password-resets
--comment: One open link a person; asking again makes the earlier one void.
CREATE TABLE password_resets (
    user_id    uuid PRIMARY KEY REFERENCES users,
    token_mac  bytea NOT NULL CHECK (length(token_mac) = 32),
    expires_at timestamptz NOT NULL,
    CONSTRAINT password_resets_token_unique UNIQUE (token_mac)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON password_resets TO cog_platform;
--rollback DROP TABLE password_resets;

--changeset cognitionos:identity-sign-ups
--comment: What somebody asked for who has not followed the link of the mail yet. Several links of one address stay good, or anybody could make another's void.
CREATE TABLE sign_ups (
    token_mac  bytea PRIMARY KEY CHECK (length(token_mac) = 32),
    email      text NOT NULL CHECK (email = lower(email)),
    name       text NOT NULL,
    company    text NOT NULL,
    pro_trial  boolean NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX sign_ups_by_email ON sign_ups (email);
GRANT SELECT, INSERT, DELETE ON sign_ups TO cog_platform;
--rollback DROP TABLE sign_ups;
