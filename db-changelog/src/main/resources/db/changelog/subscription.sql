--liquibase formatted sql

--changeset cognitionos:subscription-subscriptions
CREATE TABLE subscriptions (
    tenant_id            uuid NOT NULL REFERENCES tenants,
    id                   uuid NOT NULL,
    tier                 text NOT NULL,
    plan_version         integer NOT NULL,
    billing_cycle        text NOT NULL CHECK (billing_cycle IN ('monthly', 'yearly')),
    currency             char(3) NOT NULL,
    status               text NOT NULL
        CHECK (status IN ('trialing', 'active', 'past_due', 'unpaid', 'paused', 'canceled')),
    time_zone            text NOT NULL,
    anchor               timestamptz NOT NULL,
    current_period_start timestamptz NOT NULL,
    current_period_end   timestamptz NOT NULL,
    usage_period_start   timestamptz NOT NULL,
    usage_period_end     timestamptz NOT NULL,
    next_due_at          timestamptz,
    trial_start          timestamptz,
    trial_end            timestamptz,
    canceled_at          timestamptz,
    cancel_at_period_end boolean NOT NULL DEFAULT false,
    ended_at             timestamptz,
    created_at           timestamptz NOT NULL,
    updated_at           timestamptz NOT NULL,
    version              bigint NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tier, plan_version) REFERENCES plan_versions,
    CHECK (current_period_start < current_period_end),
    CHECK (usage_period_start < usage_period_end),
    CHECK ((status = 'canceled') = (ended_at IS NOT NULL)),
    CHECK ((status = 'canceled') = (next_due_at IS NULL))
);
COMMENT ON COLUMN subscriptions.usage_period_start IS 'allowances are per month, also in a yearly plan; everything before this instant has been invoiced';
COMMENT ON COLUMN subscriptions.next_due_at IS 'when billing must next look at it: the end of the trial or of the usage month';
CREATE UNIQUE INDEX subscriptions_one_live ON subscriptions (tenant_id) WHERE status <> 'canceled';
CREATE INDEX subscriptions_due ON subscriptions (next_due_at) WHERE next_due_at IS NOT NULL;
SELECT protect_tenant_table('subscriptions', 'SELECT, INSERT, UPDATE', 'SELECT');
--rollback DROP TABLE subscriptions;

--changeset cognitionos:subscription-events
--comment: The history that an invoice is computed from: what was subscribed to from when on.
CREATE TABLE subscription_events (
    tenant_id       uuid NOT NULL,
    subscription_id uuid NOT NULL,
    position        integer NOT NULL,
    kind            text NOT NULL
        CHECK (kind IN ('started', 'trial_started', 'trial_converted', 'trial_lapsed', 'canceled')),
    at              timestamptz NOT NULL,
    tier            text NOT NULL,
    plan_version    integer NOT NULL,
    billing_cycle   text NOT NULL,
    reason          text,
    PRIMARY KEY (tenant_id, subscription_id, position),
    FOREIGN KEY (tenant_id, subscription_id) REFERENCES subscriptions,
    FOREIGN KEY (tier, plan_version) REFERENCES plan_versions
);
CREATE TRIGGER subscription_events_append_only BEFORE UPDATE OR DELETE ON subscription_events
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
SELECT protect_tenant_table('subscription_events', 'SELECT, INSERT', 'SELECT');
--rollback DROP TABLE subscription_events;

--changeset cognitionos:subscription-past-due-since
--comment: The grace of a tenant that is behind with a payment counts from here.
ALTER TABLE subscriptions ADD COLUMN past_due_since timestamptz;
--rollback ALTER TABLE subscriptions DROP COLUMN past_due_since;

--changeset cognitionos:subscription-changes
--comment: A change may be known before or after it takes effect, and may move the calendar. NULL stands for "at".
--comment: after_due: what fell due at that instant had been invoiced before.
ALTER TABLE subscription_events
    ADD COLUMN recorded_at timestamptz,
    ADD COLUMN anchor timestamptz,
    ADD COLUMN after_due boolean NOT NULL DEFAULT false,
    DROP CONSTRAINT subscription_events_kind_check,
    ADD CONSTRAINT subscription_events_kind_check CHECK (kind IN ('started', 'trial_started', 'trial_converted',
        'trial_lapsed', 'upgraded', 'downgraded', 'paused', 'resumed', 'canceled'));
ALTER TABLE subscriptions
    ADD COLUMN pending_tier text,
    ADD COLUMN pending_plan_version integer,
    ADD COLUMN pending_billing_cycle text CHECK (pending_billing_cycle IN ('monthly', 'yearly')),
    ADD FOREIGN KEY (pending_tier, pending_plan_version) REFERENCES plan_versions,
    ADD CONSTRAINT subscriptions_pending_whole CHECK (
        num_nulls(pending_tier, pending_plan_version, pending_billing_cycle) IN (0, 3)),
    ADD CONSTRAINT subscriptions_one_pending CHECK (NOT cancel_at_period_end OR pending_tier IS NULL);
--rollback ALTER TABLE subscriptions DROP COLUMN pending_tier, DROP COLUMN pending_plan_version, DROP COLUMN pending_billing_cycle; ALTER TABLE subscription_events DROP COLUMN recorded_at, DROP COLUMN anchor, DROP COLUMN after_due, DROP CONSTRAINT subscription_events_kind_check, ADD CONSTRAINT subscription_events_kind_check CHECK (kind IN ('started', 'trial_started', 'trial_converted', 'trial_lapsed', 'canceled'));

--changeset cognitionos:subscription-moved
--comment: Onto another version of its plan.
ALTER TABLE subscription_events
    DROP CONSTRAINT subscription_events_kind_check,
    ADD CONSTRAINT subscription_events_kind_check CHECK (kind IN ('started', 'trial_started', 'trial_converted',
        'trial_lapsed', 'upgraded', 'downgraded', 'moved', 'paused', 'resumed', 'canceled'));
ALTER TABLE plan_contracts ADD CONSTRAINT plan_contracts_tenant FOREIGN KEY (tenant_id) REFERENCES tenants;
--rollback ALTER TABLE plan_contracts DROP CONSTRAINT plan_contracts_tenant; ALTER TABLE subscription_events DROP CONSTRAINT subscription_events_kind_check, ADD CONSTRAINT subscription_events_kind_check CHECK (kind IN ('started', 'trial_started', 'trial_converted', 'trial_lapsed', 'upgraded', 'downgraded', 'paused', 'resumed', 'canceled'));

--changeset cognitionos:subscription-pending-at
--comment: What waits may wait for any instant: pending_at NULL stands for the end of the period.
ALTER TABLE subscriptions
    ADD COLUMN pending_action text CHECK (pending_action IN ('change', 'cancel', 'anchor')),
    ADD COLUMN pending_at timestamptz,
    ADD COLUMN pending_anchor timestamptz,
    ADD COLUMN pending_reason text;
ALTER TABLE subscriptions NO FORCE ROW LEVEL SECURITY;
UPDATE subscriptions SET pending_action = CASE WHEN cancel_at_period_end THEN 'cancel' ELSE 'change' END
WHERE cancel_at_period_end OR pending_tier IS NOT NULL;
ALTER TABLE subscriptions FORCE ROW LEVEL SECURITY;
ALTER TABLE subscriptions
    DROP COLUMN cancel_at_period_end,
    ADD CONSTRAINT subscriptions_pending_what CHECK (
        (pending_tier IS NOT NULL) = (pending_action IS NOT DISTINCT FROM 'change')
        AND (pending_anchor IS NOT NULL) = (pending_action IS NOT DISTINCT FROM 'anchor')),
    ADD CONSTRAINT subscriptions_pending_when CHECK (pending_at IS NULL OR pending_action IS NOT NULL);
COMMENT ON COLUMN subscriptions.next_due_at IS
    'when billing must next look at it: the end of the trial or of the usage month, or what waits before it';
--rollback ALTER TABLE subscriptions ADD COLUMN cancel_at_period_end boolean NOT NULL DEFAULT false, NO FORCE ROW LEVEL SECURITY;
--rollback UPDATE subscriptions SET cancel_at_period_end = pending_action IS NOT DISTINCT FROM 'cancel';
--rollback ALTER TABLE subscriptions FORCE ROW LEVEL SECURITY, DROP COLUMN pending_action, DROP COLUMN pending_at, DROP COLUMN pending_anchor, DROP COLUMN pending_reason, ADD CONSTRAINT subscriptions_one_pending CHECK (NOT cancel_at_period_end OR pending_tier IS NULL);

--changeset cognitionos:subscription-anchor-moved
ALTER TABLE subscription_events
    DROP CONSTRAINT subscription_events_kind_check,
    ADD CONSTRAINT subscription_events_kind_check CHECK (kind IN ('started', 'trial_started', 'trial_converted',
        'trial_lapsed', 'upgraded', 'downgraded', 'moved', 'anchor_moved', 'paused', 'resumed', 'canceled'));
--rollback ALTER TABLE subscription_events DROP CONSTRAINT subscription_events_kind_check, ADD CONSTRAINT subscription_events_kind_check CHECK (kind IN ('started', 'trial_started', 'trial_converted', 'trial_lapsed', 'upgraded', 'downgraded', 'moved', 'paused', 'resumed', 'canceled'));

--changeset cognitionos:subscription-next-invoice
--comment: The id that the invoice of the running usage month will have, so that its draft can be looked at before.
ALTER TABLE subscriptions ADD COLUMN next_invoice_id uuid NOT NULL DEFAULT gen_random_uuid();
ALTER TABLE subscriptions ALTER COLUMN next_invoice_id DROP DEFAULT;
--rollback ALTER TABLE subscriptions DROP COLUMN next_invoice_id;

--changeset cognitionos:subscription-add-ons
--comment: The add-ons that are held, by code; as pending ones those that are had differently then, 0 for one that goes.
ALTER TABLE subscription_events
    ADD COLUMN add_ons text NOT NULL DEFAULT '{}' CHECK (add_ons IS JSON OBJECT),
    DROP CONSTRAINT subscription_events_kind_check,
    ADD CONSTRAINT subscription_events_kind_check CHECK (kind IN ('started', 'trial_started', 'trial_converted',
        'trial_lapsed', 'upgraded', 'downgraded', 'moved', 'anchor_moved', 'add_ons_changed', 'paused', 'resumed',
        'canceled'));
ALTER TABLE subscriptions
    ADD COLUMN add_ons text NOT NULL DEFAULT '{}' CHECK (add_ons IS JSON OBJECT),
    ADD COLUMN pending_add_ons text CHECK (pending_add_ons IS JSON OBJECT),
    DROP CONSTRAINT subscriptions_pending_what,
    ADD CONSTRAINT subscriptions_pending_what CHECK (
        (num_nonnulls(pending_tier, pending_add_ons) > 0) = (pending_action IS NOT DISTINCT FROM 'change')
        AND (pending_anchor IS NOT NULL) = (pending_action IS NOT DISTINCT FROM 'anchor'));
--rollback ALTER TABLE subscriptions DROP CONSTRAINT subscriptions_pending_what, DROP COLUMN add_ons, DROP COLUMN pending_add_ons, ADD CONSTRAINT subscriptions_pending_what CHECK ((pending_tier IS NOT NULL) = (pending_action IS NOT DISTINCT FROM 'change') AND (pending_anchor IS NOT NULL) = (pending_action IS NOT DISTINCT FROM 'anchor'));
--rollback ALTER TABLE subscription_events DROP COLUMN add_ons, DROP CONSTRAINT subscription_events_kind_check, ADD CONSTRAINT subscription_events_kind_check CHECK (kind IN ('started', 'trial_started', 'trial_converted', 'trial_lapsed', 'upgraded', 'downgraded', 'moved', 'anchor_moved', 'paused', 'resumed', 'canceled'));

--changeset cognitionos:subscription-terms-end
--comment: When the contract that it is on ends: it is due then.
ALTER TABLE subscriptions ADD COLUMN terms_end timestamptz;
--rollback ALTER TABLE subscriptions DROP COLUMN terms_end;

--changeset cognitionos:subscription-trial-notice
--comment: When a tenant is told that its trial ends: it is due then. NULL once it has been told.
ALTER TABLE subscriptions ADD COLUMN trial_notice_at timestamptz, NO FORCE ROW LEVEL SECURITY;
UPDATE subscriptions SET trial_notice_at = trial_end - interval '3 days',
    next_due_at = least(next_due_at, trial_end - interval '3 days')
WHERE status = 'trialing' AND trial_end - interval '3 days' > trial_start;
ALTER TABLE subscriptions FORCE ROW LEVEL SECURITY;
--rollback ALTER TABLE subscriptions NO FORCE ROW LEVEL SECURITY;
--rollback UPDATE subscriptions SET next_due_at = least(usage_period_end, pending_at, terms_end) WHERE trial_notice_at IS NOT NULL;
--rollback ALTER TABLE subscriptions FORCE ROW LEVEL SECURITY, DROP COLUMN trial_notice_at;

--changeset cognitionos:subscription-stopped
--comment: A period that begins while the tenant is suspended for not paying is not charged.
ALTER TABLE subscriptions ADD COLUMN stopped boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN subscriptions.stopped IS 'not charged since a period began while the tenant was suspended for not paying';
CREATE INDEX subscriptions_stopped ON subscriptions (tenant_id) WHERE stopped;
ALTER TABLE subscription_events
    DROP CONSTRAINT subscription_events_kind_check,
    ADD CONSTRAINT subscription_events_kind_check CHECK (kind IN ('started', 'trial_started', 'trial_converted',
        'trial_lapsed', 'upgraded', 'downgraded', 'moved', 'anchor_moved', 'add_ons_changed', 'paused', 'resumed',
        'suspended', 'reinstated', 'canceled'));
--rollback ALTER TABLE subscription_events DROP CONSTRAINT subscription_events_kind_check, ADD CONSTRAINT subscription_events_kind_check CHECK (kind IN ('started', 'trial_started', 'trial_converted', 'trial_lapsed', 'upgraded', 'downgraded', 'moved', 'anchor_moved', 'add_ons_changed', 'paused', 'resumed', 'canceled'));
--rollback DROP INDEX subscriptions_stopped;
--rollback ALTER TABLE subscriptions DROP COLUMN stopped;
