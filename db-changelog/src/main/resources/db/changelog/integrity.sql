--liquibase formatted sql

--changeset cognitionos:integrity-checks
--comment: Checks of what is stored, and what they found. Of the platform. An owner may be somebody who does not exist, so it refers to nothing.
CREATE TABLE integrity_checks (
    id           uuid PRIMARY KEY,
    status       text NOT NULL CHECK (status IN ('queued', 'running', 'completed', 'failed')),
    requested_by text NOT NULL,
    created_at   timestamptz NOT NULL,
    ended_at     timestamptz,
    reason       text,
    CHECK ((status IN ('completed', 'failed')) = (ended_at IS NOT NULL))
);
CREATE UNIQUE INDEX integrity_checks_one_at_a_time ON integrity_checks ((true)) WHERE status IN ('queued', 'running');
CREATE TABLE integrity_findings (
    check_id  uuid NOT NULL REFERENCES integrity_checks ON DELETE CASCADE,
    invariant text NOT NULL,
    offenders bigint NOT NULL CHECK (offenders >= 0),
    took_ms   bigint NOT NULL,
    PRIMARY KEY (check_id, invariant)
);
CREATE TABLE integrity_offenders (
    check_id  uuid NOT NULL,
    invariant text NOT NULL,
    position  integer NOT NULL,
    owner     uuid,
    what      text NOT NULL,
    PRIMARY KEY (check_id, invariant, position),
    FOREIGN KEY (check_id, invariant) REFERENCES integrity_findings ON DELETE CASCADE
);
GRANT SELECT, INSERT, UPDATE, DELETE ON integrity_checks, integrity_findings, integrity_offenders TO cog_platform;
--rollback DROP TABLE integrity_offenders, integrity_findings, integrity_checks;
