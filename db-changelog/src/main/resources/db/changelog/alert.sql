--liquibase formatted sql

--changeset cognitionos:alert-settings
--comment: What a tenant wants to be told of; without a row what the code begins with. A meter without a row has the tenant's thresholds, one with none is never told of.
CREATE TABLE alert_settings (
    tenant_id  uuid PRIMARY KEY REFERENCES tenants,
    thresholds integer[] NOT NULL,
    recipients text[] NOT NULL,
    version    bigint NOT NULL CHECK (version > 0),
    updated_at timestamptz NOT NULL,
    updated_by text NOT NULL
);
COMMENT ON COLUMN alert_settings.thresholds IS 'percent, ascending';
COMMENT ON COLUMN alert_settings.recipients IS 'billing_email, or roles of members';
CREATE TABLE alert_meters (
    tenant_id  uuid NOT NULL,
    meter      text NOT NULL REFERENCES meters,
    thresholds integer[] NOT NULL,
    PRIMARY KEY (tenant_id, meter),
    FOREIGN KEY (tenant_id) REFERENCES alert_settings
);
SELECT protect_tenant_table('alert_settings', 'SELECT, INSERT, UPDATE', 'SELECT');
SELECT protect_tenant_table('alert_meters', 'SELECT, INSERT, UPDATE, DELETE', 'SELECT');
--rollback DROP TABLE alert_meters, alert_settings;

--changeset cognitionos:alert-budgets
--comment: What a usage month is meant to cost. It tells and never refuses; a spending cap refuses.
CREATE TABLE budgets (
    tenant_id    uuid NOT NULL REFERENCES tenants,
    id           uuid NOT NULL,
    name         text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    basis        text NOT NULL CHECK (basis IN ('overage', 'total')),
    meter        text REFERENCES meters,
    amount_cents bigint NOT NULL CHECK (amount_cents > 0),
    thresholds   integer[] NOT NULL,
    version      bigint NOT NULL CHECK (version > 0),
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CHECK (meter IS NULL OR basis = 'overage')
);
COMMENT ON COLUMN budgets.meter IS 'NULL: of all of them';
SELECT protect_tenant_table('budgets', 'SELECT, INSERT, UPDATE, DELETE', 'SELECT');
--rollback DROP TABLE budgets;

--changeset cognitionos:alert-alerts
--comment: What was told, in the transaction that queued the mails and webhooks of it. The key is what makes it once a period.
CREATE TABLE alerts (
    tenant_id       uuid NOT NULL REFERENCES tenants,
    id              uuid NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('usage', 'budget', 'anomaly')),
    subject         text NOT NULL,
    meter           text REFERENCES meters,
    budget_id       uuid,
    name            text NOT NULL,
    currency        char(3),
    period_start    timestamptz NOT NULL,
    period_end      timestamptz NOT NULL,
    threshold       integer NOT NULL,
    bound           numeric(30, 6) NOT NULL,
    value           numeric(30, 6) NOT NULL,
    detail          text,
    triggered_at    timestamptz NOT NULL,
    created_at      timestamptz NOT NULL,
    mailed_to       text[] NOT NULL,
    acknowledged_at timestamptz,
    acknowledged_by text,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, kind, subject, period_start, threshold, bound),
    CHECK (period_start < period_end),
    CHECK ((kind = 'budget') = (budget_id IS NOT NULL)),
    CHECK ((acknowledged_at IS NULL) = (acknowledged_by IS NULL))
);
COMMENT ON COLUMN alerts.subject IS 'the meter of an allowance or an anomaly, the id of a budget';
COMMENT ON COLUMN alerts.name IS 'as it was called then';
COMMENT ON COLUMN alerts.bound IS 'what the threshold is a percentage of: the allowance in the meter''s units, the budget in minor units';
COMMENT ON COLUMN alerts.triggered_at IS 'by the tenant''s clock';
CREATE INDEX alerts_newest ON alerts (tenant_id, created_at DESC, id DESC);
SELECT protect_tenant_table('alerts', 'SELECT, INSERT, UPDATE', 'SELECT');
--rollback DROP TABLE alerts;

--changeset cognitionos:alert-watches
--comment: What the last look at a tenant found: until one of its counters passes what is said here, its basis changes or the time comes, nobody need look again.
CREATE TABLE alert_watches (
    tenant_id       uuid PRIMARY KEY REFERENCES tenants,
    basis           text NOT NULL,
    fingerprint     text NOT NULL,
    period_start    timestamptz NOT NULL,
    period_end      timestamptz NOT NULL,
    always          boolean NOT NULL,
    next_quantities jsonb NOT NULL,
    look_at         timestamptz,
    looked_at       timestamptz NOT NULL
);
COMMENT ON COLUMN alert_watches.basis IS 'the subscription, its version and the settings that limits come from';
COMMENT ON COLUMN alert_watches.always IS 'any use may matter, as with a budget';
COMMENT ON COLUMN alert_watches.next_quantities IS 'by meter what it must come to; a meter that is not in it matters no more';
COMMENT ON COLUMN alert_watches.look_at IS 'by the tenant''s clock: a mean level rises without a further event';
CREATE INDEX alert_watches_due ON alert_watches (look_at) WHERE look_at IS NOT NULL;
SELECT protect_tenant_table('alert_watches', 'SELECT, INSERT, UPDATE, DELETE', 'SELECT');
--rollback DROP TABLE alert_watches;

--changeset cognitionos:alert-marks splitStatements:false rollbackSplitStatements:false
--comment: Meters whose usage was rolled up since somebody looked, and no meter where limits may have changed. Days that are not rolled up yet are in usage_pending; so ingestion does nothing for alerts.
CREATE TABLE alert_marks (
    tenant_id uuid NOT NULL,
    meter     text NOT NULL,
    marked_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, meter)
);
SELECT protect_tenant_table('alert_marks', 'SELECT, INSERT, UPDATE, DELETE', 'SELECT, INSERT, UPDATE, DELETE');
CREATE FUNCTION mark_rolled_up() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS
$$
BEGIN
    INSERT INTO alert_marks (tenant_id, meter, marked_at)
    SELECT tenant_id, meter, clock_timestamp() FROM gone GROUP BY tenant_id, meter ORDER BY tenant_id, meter
    ON CONFLICT (tenant_id, meter) DO UPDATE SET marked_at = excluded.marked_at;
    RETURN NULL;
END
$$;
CREATE TRIGGER usage_pending_rolled_up AFTER DELETE ON usage_pending
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION mark_rolled_up();
CREATE FUNCTION mark_terms() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS
$$
BEGIN
    INSERT INTO alert_marks (tenant_id, meter, marked_at) VALUES (NEW.tenant_id, '', clock_timestamp())
    ON CONFLICT (tenant_id, meter) DO UPDATE SET marked_at = excluded.marked_at;
    RETURN NULL;
END
$$;
CREATE TRIGGER subscription_events_mark AFTER INSERT ON subscription_events
    FOR EACH ROW EXECUTE FUNCTION mark_terms();
CREATE TRIGGER tenant_settings_mark AFTER UPDATE ON tenant_settings
    FOR EACH ROW WHEN (ROW (OLD.max_executions_per_month, OLD.max_storage_gb)
        IS DISTINCT FROM ROW (NEW.max_executions_per_month, NEW.max_storage_gb))
    EXECUTE FUNCTION mark_terms();
--rollback DROP TRIGGER tenant_settings_mark ON tenant_settings;
--rollback DROP TRIGGER subscription_events_mark ON subscription_events;
--rollback DROP TRIGGER usage_pending_rolled_up ON usage_pending;
--rollback DROP FUNCTION mark_terms();
--rollback DROP FUNCTION mark_rolled_up();
--rollback DROP TABLE alert_marks;

--changeset cognitionos:alert-anomalies
--comment: Days that are unlike the tenant's own history, with what was known of it then. The first index makes each once a day and meter, whatever the bound was by then.
ALTER TABLE alerts
    DROP COLUMN detail,
    ADD COLUMN usual   numeric,
    ADD COLUMN low     numeric,
    ADD COLUMN high    numeric,
    ADD COLUMN history numeric[],
    ADD CONSTRAINT alerts_anomaly CHECK (CASE kind WHEN 'anomaly'
        THEN usual IS NOT NULL AND low IS NOT NULL AND high IS NOT NULL AND history IS NOT NULL
        ELSE usual IS NULL AND low IS NULL AND high IS NULL AND history IS NULL END);
COMMENT ON COLUMN alerts.threshold IS 'percent of the bound; 0 of an anomaly';
COMMENT ON COLUMN alerts.usual IS 'what was expected of the whole day';
COMMENT ON COLUMN alerts.low IS 'at or below it a day has all but stopped; 0 where that is not judged';
COMMENT ON COLUMN alerts.high IS 'above it a day is an anomaly';
COMMENT ON COLUMN alerts.history IS 'the days before, oldest first';
CREATE UNIQUE INDEX alerts_one_anomaly ON alerts (tenant_id, subject, period_start) WHERE kind = 'anomaly';
CREATE INDEX alerts_anomalies ON alerts (tenant_id, period_start) WHERE kind = 'anomaly';
ALTER TABLE alert_settings
    ADD COLUMN anomalies        text NOT NULL DEFAULT 'normal' CHECK (anomalies IN ('off', 'low', 'normal', 'high')),
    ADD COLUMN anomalies_except text[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN alert_settings.anomalies IS 'how sensitive';
COMMENT ON COLUMN alert_settings.anomalies_except IS 'meters of which it is never told';
ALTER TABLE alert_watches
    ADD COLUMN days_at        timestamptz DEFAULT 'epoch',
    ADD COLUMN day_quantities jsonb NOT NULL DEFAULT '{}';
COMMENT ON COLUMN alert_watches.days_at IS 'by the tenant''s clock, when the days are to be compared with its history again; NULL where nothing is used';
COMMENT ON COLUMN alert_watches.day_quantities IS 'by meter what the month must come to before today is unlike it';
--rollback ALTER TABLE alert_watches DROP COLUMN days_at, DROP COLUMN day_quantities;
--rollback ALTER TABLE alert_settings DROP COLUMN anomalies, DROP COLUMN anomalies_except;
--rollback DROP INDEX alerts_anomalies, alerts_one_anomaly;
--rollback ALTER TABLE alerts NO FORCE ROW LEVEL SECURITY;
--rollback DELETE FROM alerts WHERE kind = 'anomaly';
--rollback ALTER TABLE alerts FORCE ROW LEVEL SECURITY;
--rollback ALTER TABLE alerts DROP CONSTRAINT alerts_anomaly, DROP COLUMN usual, DROP COLUMN low, DROP COLUMN high, DROP COLUMN history, ADD COLUMN detail text;
