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
