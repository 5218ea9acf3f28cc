--liquibase formatted sql

--changeset cognitionos:sso-settings
--comment: The secret is sealed for its tenant. vouched: saved by an owner or the operator, so that owners may come in by it.
CREATE TABLE sso_settings (
    tenant_id     uuid PRIMARY KEY REFERENCES tenants,
    issuer        text NOT NULL CHECK (length(issuer) BETWEEN 8 AND 512),
    client_id     text NOT NULL CHECK (length(client_id) BETWEEN 1 AND 255),
    client_secret bytea NOT NULL,
    domains       text[] NOT NULL CHECK (cardinality(domains) BETWEEN 1 AND 50),
    default_role  text NOT NULL CHECK (default_role IN ('admin', 'billing', 'developer', 'viewer')),
    provision     boolean NOT NULL,
    required      boolean NOT NULL,
    vouched       boolean NOT NULL,
    updated_at    timestamptz NOT NULL
);
SELECT protect_tenant_table('sso_settings', 'SELECT, INSERT, UPDATE, DELETE', 'SELECT');
--rollback DROP TABLE sso_settings;

--changeset cognitionos:sso-identities
--comment: Who a provider's subject is. Gone with the membership, so that a removed member is nobody to the provider.
CREATE TABLE sso_identities (
    tenant_id uuid NOT NULL,
    issuer    text NOT NULL CHECK (length(issuer) <= 512),
    subject   text NOT NULL CHECK (length(subject) BETWEEN 1 AND 255),
    user_id   uuid NOT NULL,
    linked_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, issuer, subject),
    CONSTRAINT sso_identities_one_a_person UNIQUE (tenant_id, issuer, user_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES memberships (tenant_id, user_id) ON DELETE CASCADE
);
SELECT protect_tenant_table('sso_identities', 'SELECT, DELETE', 'SELECT, INSERT');
--rollback DROP TABLE sso_identities;
