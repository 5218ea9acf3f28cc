--liquibase formatted sql

--changeset cognitionos:mail-mails
--comment: Of the platform, not a tenant's: a mail goes to a person, and its body may hold a link that lets in. The body is sealed for the mail, and gone once it is sent or given up.
CREATE TABLE mails (
    id              uuid PRIMARY KEY,
    sender_tenant   uuid REFERENCES tenants,
    recipient       text NOT NULL,
    subject         text NOT NULL CHECK (length(subject) BETWEEN 1 AND 200),
    body            bytea,
    state           text NOT NULL CHECK (state IN ('queued', 'sent', 'failed')),
    attempts        integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL,
    created_at      timestamptz NOT NULL,
    settled_at      timestamptz,
    last_error      text,
    CHECK ((state = 'queued') = (body IS NOT NULL)),
    CHECK ((state = 'queued') = (settled_at IS NULL))
);
COMMENT ON COLUMN mails.sender_tenant IS 'in whose name it is sent; NULL for the platform';
CREATE INDEX mails_queued ON mails (next_attempt_at) WHERE state = 'queued';
GRANT SELECT, INSERT, UPDATE, DELETE ON mails TO cog_platform;
--rollback DROP TABLE mails;
