--liquibase formatted sql

--changeset cognitionos:webhook-endpoints
--comment: Secrets are sealed for their endpoint. No events: all of them.
CREATE TABLE webhook_endpoints (
    tenant_id           uuid NOT NULL REFERENCES tenants,
    id                  uuid NOT NULL,
    url                 text NOT NULL CHECK (length(url) BETWEEN 8 AND 2000),
    description         text NOT NULL CHECK (length(description) <= 500),
    events              text[] NOT NULL,
    enabled             boolean NOT NULL,
    disabled_reason     text CHECK (disabled_reason IN ('failing', 'gone')),
    secret              bytea NOT NULL,
    former_secret       bytea,
    former_secret_until timestamptz,
    failing_since       timestamptz,
    succeeded_at        timestamptz,
    created_at          timestamptz NOT NULL,
    updated_at          timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CHECK (disabled_reason IS NULL OR NOT enabled),
    CHECK ((former_secret IS NULL) = (former_secret_until IS NULL))
);
COMMENT ON COLUMN webhook_endpoints.disabled_reason IS 'NULL where somebody disabled it';
COMMENT ON COLUMN webhook_endpoints.failing_since IS 'the first failure after which nothing got through';
SELECT protect_tenant_table('webhook_endpoints', 'SELECT, INSERT, UPDATE, DELETE', 'SELECT');
--rollback DROP TABLE webhook_endpoints;

--changeset cognitionos:webhook-events
--comment: What happened, as receivers read it; only what some endpoint wants. The id is the webhook-id.
CREATE TABLE webhook_events (
    tenant_id   uuid NOT NULL REFERENCES tenants,
    id          uuid NOT NULL,
    type        text NOT NULL,
    happened_at timestamptz NOT NULL,
    payload     text NOT NULL,
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
COMMENT ON COLUMN webhook_events.happened_at IS 'by the tenant''s clock';
SELECT protect_tenant_table('webhook_events', 'SELECT, INSERT', 'SELECT, DELETE');
--rollback DROP TABLE webhook_events;

--changeset cognitionos:webhook-deliveries
--comment: An event on its way to an endpoint. tries counts since began_at, when it was last sent off; attempts counts all.
CREATE TABLE webhook_deliveries (
    tenant_id       uuid NOT NULL,
    id              uuid NOT NULL,
    endpoint_id     uuid NOT NULL,
    event_id        uuid NOT NULL,
    status          text NOT NULL CHECK (status IN ('pending', 'delivered', 'failed')),
    attempts        integer NOT NULL DEFAULT 0,
    tries           integer NOT NULL DEFAULT 0,
    began_at        timestamptz NOT NULL,
    next_attempt_at timestamptz,
    leased_until    timestamptz,
    created_at      timestamptz NOT NULL,
    settled_at      timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, endpoint_id, event_id),
    FOREIGN KEY (tenant_id, endpoint_id) REFERENCES webhook_endpoints ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, event_id) REFERENCES webhook_events,
    CHECK ((status = 'pending') = (next_attempt_at IS NOT NULL)),
    CHECK ((status = 'pending') = (settled_at IS NULL))
);
COMMENT ON COLUMN webhook_deliveries.leased_until IS 'somebody is at it until then; NULL: nobody is';
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (next_attempt_at) WHERE status = 'pending';
CREATE INDEX webhook_deliveries_leased ON webhook_deliveries (tenant_id, endpoint_id) WHERE leased_until IS NOT NULL;
CREATE INDEX webhook_deliveries_newest ON webhook_deliveries (tenant_id, endpoint_id, created_at DESC, id DESC);
CREATE INDEX webhook_deliveries_of_event ON webhook_deliveries (tenant_id, event_id);
CREATE INDEX webhook_deliveries_settled ON webhook_deliveries (settled_at) WHERE settled_at IS NOT NULL;
SELECT protect_tenant_table('webhook_deliveries', 'SELECT, INSERT, UPDATE', 'SELECT, UPDATE, DELETE');
--rollback DROP TABLE webhook_deliveries;

--changeset cognitionos:webhook-attempts
CREATE TABLE webhook_attempts (
    tenant_id   uuid NOT NULL,
    delivery_id uuid NOT NULL,
    number      integer NOT NULL CHECK (number >= 1),
    at          timestamptz NOT NULL,
    duration_ms integer NOT NULL CHECK (duration_ms >= 0),
    status_code integer,
    reply       text NOT NULL CHECK (length(reply) <= 1000),
    error       text,
    PRIMARY KEY (tenant_id, delivery_id, number),
    FOREIGN KEY (tenant_id, delivery_id) REFERENCES webhook_deliveries ON DELETE CASCADE,
    CHECK ((status_code IS NULL) = (error IS NOT NULL))
);
SELECT protect_tenant_table('webhook_attempts', 'SELECT, INSERT', 'SELECT');
--rollback DROP TABLE webhook_attempts;

--changeset cognitionos:webhook-of-settings
--comment: The tenant setting webhook_url is an endpoint. One that was set before gets its endpoint when it is set anew.
ALTER TABLE webhook_endpoints ADD COLUMN of_settings boolean NOT NULL DEFAULT false;
CREATE UNIQUE INDEX webhook_endpoints_of_settings ON webhook_endpoints (tenant_id) WHERE of_settings;
--rollback ALTER TABLE webhook_endpoints DROP COLUMN of_settings;
