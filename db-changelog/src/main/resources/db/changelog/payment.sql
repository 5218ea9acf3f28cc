--liquibase formatted sql

--changeset cognitionos:payment-methods
CREATE TABLE payment_methods (
    tenant_id    uuid NOT NULL REFERENCES tenants,
    id           uuid NOT NULL,
    provider     text NOT NULL CHECK (provider IN ('mock', 'stripe')),
    provider_ref text NOT NULL,
    type         text NOT NULL,
    brand        text NOT NULL,
    last4        char(4) NOT NULL,
    exp_month    integer NOT NULL CHECK (exp_month BETWEEN 1 AND 12),
    exp_year     integer NOT NULL,
    is_default   boolean NOT NULL,
    created_at   timestamptz NOT NULL,
    removed_at   timestamptz,
    version      bigint NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX payment_methods_one_default ON payment_methods (tenant_id) WHERE is_default AND removed_at IS NULL;
SELECT protect_tenant_table('payment_methods', 'SELECT, INSERT, UPDATE', 'SELECT');
--rollback DROP TABLE payment_methods;

--changeset cognitionos:payment-payments
--comment: At most one payment of an invoice is under way or done: a second charge is impossible, not just unlikely.
CREATE TABLE payments (
    tenant_id         uuid NOT NULL,
    id                uuid NOT NULL,
    invoice_id        uuid NOT NULL,
    payment_method_id uuid NOT NULL,
    amount_cents      bigint NOT NULL CHECK (amount_cents > 0),
    currency          char(3) NOT NULL,
    status            text NOT NULL CHECK (status IN ('processing', 'succeeded', 'failed')),
    provider          text NOT NULL,
    provider_ref      text,
    failure_code      text,
    created_at        timestamptz NOT NULL,
    settled_at        timestamptz,
    version           bigint NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoices,
    FOREIGN KEY (tenant_id, payment_method_id) REFERENCES payment_methods,
    CHECK ((status = 'processing') = (settled_at IS NULL))
);
CREATE UNIQUE INDEX payments_one_charge ON payments (tenant_id, invoice_id) WHERE status IN ('processing', 'succeeded');
SELECT protect_tenant_table('payments', 'SELECT, INSERT, UPDATE', 'SELECT');
--rollback DROP TABLE payments;

--changeset cognitionos:payment-mock-provider
--comment: The mock provider's own world, as Stripe has one: it knows methods and charges, not tenants.
CREATE TABLE mock_payment_methods (
    ref   text PRIMARY KEY,
    token text NOT NULL
);
CREATE TABLE mock_charges (
    ref             text PRIMARY KEY,
    idempotency_key text NOT NULL UNIQUE,
    method_ref      text NOT NULL REFERENCES mock_payment_methods,
    amount_cents    bigint NOT NULL CHECK (amount_cents > 0),
    currency        char(3) NOT NULL,
    failure_code    text,
    created_at      timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT ON mock_payment_methods, mock_charges TO cog_platform;
--rollback DROP TABLE mock_charges, mock_payment_methods;

--changeset cognitionos:payment-refunds
--comment: Money on its way back for a credit note. A refund that the provider refuses becomes credit on the balance.
CREATE TABLE refunds (
    tenant_id      uuid NOT NULL,
    id             uuid NOT NULL,
    payment_id     uuid NOT NULL,
    credit_note_id uuid NOT NULL,
    amount_cents   bigint NOT NULL CHECK (amount_cents > 0),
    currency       char(3) NOT NULL,
    status         text NOT NULL CHECK (status IN ('processing', 'succeeded', 'failed')),
    provider_ref   text,
    failure_code   text,
    created_at     timestamptz NOT NULL,
    settled_at     timestamptz,
    version        bigint NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, payment_id) REFERENCES payments,
    FOREIGN KEY (tenant_id, credit_note_id) REFERENCES credit_notes,
    CHECK ((status = 'processing') = (settled_at IS NULL))
);
CREATE UNIQUE INDEX refunds_one_a_note ON refunds (tenant_id, credit_note_id);
SELECT protect_tenant_table('refunds', 'SELECT, INSERT, UPDATE', 'SELECT');
CREATE TABLE mock_refunds (
    ref             text PRIMARY KEY,
    idempotency_key text NOT NULL UNIQUE,
    charge_ref      text NOT NULL REFERENCES mock_charges,
    amount_cents    bigint NOT NULL CHECK (amount_cents > 0),
    currency        char(3) NOT NULL,
    failure_code    text,
    created_at      timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT ON mock_refunds TO cog_platform;
--rollback DROP TABLE mock_refunds, refunds;

--changeset cognitionos:payment-provider-customers
--comment: Who a tenant is at a provider. The key is what the provider is asked with, again after a crash; the times are real ones, as the provider's are.
CREATE TABLE provider_customers (
    tenant_id    uuid NOT NULL REFERENCES tenants,
    provider     text NOT NULL CHECK (provider IN ('mock', 'stripe')),
    id           uuid NOT NULL,
    provider_ref text,
    begun_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, provider)
);
CREATE UNIQUE INDEX provider_customers_of_one_tenant ON provider_customers (provider, provider_ref);
SELECT protect_tenant_table('provider_customers', 'SELECT, INSERT, UPDATE', 'SELECT');
CREATE TABLE mock_customers (
    ref             text PRIMARY KEY,
    idempotency_key text NOT NULL UNIQUE
);
GRANT SELECT, INSERT ON mock_customers TO cog_platform;
ALTER TABLE payment_methods NO FORCE ROW LEVEL SECURITY;
ALTER TABLE provider_customers NO FORCE ROW LEVEL SECURITY;
INSERT INTO provider_customers (tenant_id, provider, id, provider_ref)
SELECT tenant_id, provider, uuidv7(), 'cus_' || replace(tenant_id::text, '-', '')
FROM payment_methods WHERE provider = 'mock' GROUP BY tenant_id, provider;
INSERT INTO mock_customers (ref, idempotency_key) SELECT provider_ref, id FROM provider_customers WHERE provider = 'mock';
ALTER TABLE provider_customers FORCE ROW LEVEL SECURITY;
ALTER TABLE payment_methods FORCE ROW LEVEL SECURITY;
--rollback DROP TABLE mock_customers, provider_customers;

--changeset cognitionos:payment-outcomes
--comment: begun_at is real time, whatever the tenant's clock says: for a day the provider knows our key. The fee is null until it is known.
ALTER TABLE payments
    ADD COLUMN begun_at     timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN decline_code text,
    ADD COLUMN retryable    boolean,
    ADD COLUMN fee_cents    bigint,
    ADD COLUMN fee_currency char(3),
    ADD CHECK ((fee_cents IS NULL) = (fee_currency IS NULL));
ALTER TABLE payments NO FORCE ROW LEVEL SECURITY;
UPDATE payments SET fee_cents = 0, fee_currency = currency WHERE status = 'succeeded';
UPDATE payments SET retryable = true WHERE status = 'failed';
ALTER TABLE payments FORCE ROW LEVEL SECURITY;
ALTER TABLE payments ADD CHECK ((status = 'failed') = (retryable IS NOT NULL));
CREATE UNIQUE INDEX payments_by_provider_ref ON payments (provider, provider_ref);
CREATE INDEX payments_unsettled ON payments (tenant_id) WHERE status = 'processing';
CREATE INDEX payments_without_fee ON payments (tenant_id) WHERE status = 'succeeded' AND fee_cents IS NULL;
ALTER TABLE refunds ADD COLUMN begun_at timestamptz NOT NULL DEFAULT now();
--rollback ALTER TABLE refunds DROP COLUMN begun_at;
--rollback DROP INDEX payments_without_fee, payments_unsettled, payments_by_provider_ref;
--rollback ALTER TABLE payments DROP COLUMN fee_currency, DROP COLUMN fee_cents, DROP COLUMN retryable, DROP COLUMN decline_code, DROP COLUMN begun_at;

--changeset cognitionos:payment-released-cards
--comment: A removed card is taken from the customer at the provider too, now or later. released_at is real time.
ALTER TABLE payment_methods ADD COLUMN released_at timestamptz;
ALTER TABLE payment_methods NO FORCE ROW LEVEL SECURITY;
UPDATE payment_methods SET released_at = now() WHERE removed_at IS NOT NULL;
ALTER TABLE payment_methods FORCE ROW LEVEL SECURITY;
CREATE INDEX payment_methods_unreleased ON payment_methods (tenant_id) WHERE removed_at IS NOT NULL AND released_at IS NULL;
DROP INDEX payment_methods_one_default;
CREATE UNIQUE INDEX payment_methods_one_default ON payment_methods (tenant_id, provider)
    WHERE is_default AND removed_at IS NULL;
ALTER TABLE mock_payment_methods ADD COLUMN customer_ref text REFERENCES mock_customers, ADD COLUMN detached boolean NOT NULL DEFAULT false;
GRANT UPDATE ON mock_payment_methods TO cog_platform;
--rollback REVOKE UPDATE ON mock_payment_methods FROM cog_platform;
--rollback ALTER TABLE mock_payment_methods DROP COLUMN detached, DROP COLUMN customer_ref;
--rollback DROP INDEX payment_methods_one_default, payment_methods_unreleased;
--rollback CREATE UNIQUE INDEX payment_methods_one_default ON payment_methods (tenant_id) WHERE is_default AND removed_at IS NULL;
--rollback ALTER TABLE payment_methods DROP COLUMN released_at;

--changeset cognitionos:payment-disputes
--comment: Payments that a cardholder's bank takes back until it is decided who is right.
CREATE TABLE disputes (
    tenant_id    uuid NOT NULL,
    id           uuid NOT NULL,
    payment_id   uuid NOT NULL,
    provider_ref text NOT NULL,
    amount_cents bigint NOT NULL CHECK (amount_cents > 0),
    currency     char(3) NOT NULL,
    reason       text NOT NULL,
    status       text NOT NULL CHECK (status IN ('open', 'won', 'lost')),
    opened_at    timestamptz NOT NULL,
    closed_at    timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, provider_ref),
    FOREIGN KEY (tenant_id, payment_id) REFERENCES payments,
    CHECK ((status = 'open') = (closed_at IS NULL))
);
CREATE INDEX disputes_of_payment ON disputes (tenant_id, payment_id);
SELECT protect_tenant_table('disputes', 'SELECT, INSERT, UPDATE', 'SELECT');
--rollback DROP TABLE disputes;

--changeset cognitionos:payment-provider-events
--comment: What a provider tells by itself, byte for byte as it came, kept before it gets its reply. Of the platform: whose it is is known only once it is looked at. Times are real ones.
CREATE TABLE provider_events (
    id              uuid PRIMARY KEY,
    provider        text NOT NULL CHECK (provider IN ('mock', 'stripe')),
    event_ref       text NOT NULL CHECK (length(event_ref) BETWEEN 1 AND 255),
    type            text NOT NULL CHECK (length(type) BETWEEN 1 AND 255),
    object_ref      text NOT NULL CHECK (length(object_ref) BETWEEN 1 AND 255),
    subject         text NOT NULL CHECK (length(subject) BETWEEN 1 AND 255),
    payload         bytea NOT NULL,
    happened_at     timestamptz NOT NULL,
    received_at     timestamptz NOT NULL,
    status          text NOT NULL CHECK (status IN ('pending', 'processed', 'ignored', 'parked')),
    attempts        integer NOT NULL DEFAULT 0,
    claims          bigint NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL,
    note            text,
    settled_at      timestamptz,
    replays         integer NOT NULL DEFAULT 0,
    UNIQUE (provider, event_ref),
    CHECK ((status = 'pending') = (settled_at IS NULL))
);
COMMENT ON COLUMN provider_events.subject IS 'the payment, card or customer that it is about: those of one are worked on one after another';
COMMENT ON COLUMN provider_events.claims IS 'how often it was taken up: who was overtaken after its lease can no longer settle it';
COMMENT ON COLUMN provider_events.note IS 'what came of it, or why it is not done yet';
CREATE INDEX provider_events_pending ON provider_events (provider, subject, id) WHERE status = 'pending';
CREATE INDEX provider_events_by_status ON provider_events (status, id);
GRANT SELECT, INSERT, UPDATE, DELETE ON provider_events TO cog_platform;
CREATE INDEX payments_by_id ON payments (id);
CREATE INDEX refunds_by_id ON refunds (id);
CREATE INDEX refunds_by_provider_ref ON refunds (provider_ref);
CREATE INDEX payment_methods_by_provider_ref ON payment_methods (provider, provider_ref);
CREATE INDEX disputes_by_provider_ref ON disputes (provider_ref);
--rollback DROP INDEX disputes_by_provider_ref, payment_methods_by_provider_ref, refunds_by_provider_ref, refunds_by_id, payments_by_id;
--rollback DROP TABLE provider_events;

--changeset cognitionos:payment-provider-differences
--comment: Where a provider's books and ours say different things, one row for each thing and way to differ, and the runs that look for them. Of the platform. Times are real ones.
CREATE TABLE reconciliations (
    id           uuid PRIMARY KEY,
    status       text NOT NULL CHECK (status IN ('queued', 'running', 'completed', 'failed')),
    requested_by text NOT NULL,
    compares_from timestamptz NOT NULL,
    created_at   timestamptz NOT NULL,
    seen_at      timestamptz NOT NULL,
    ended_at     timestamptz,
    payments     integer NOT NULL DEFAULT 0,
    refunds      integer NOT NULL DEFAULT 0,
    disputes     integer NOT NULL DEFAULT 0,
    differences  integer NOT NULL DEFAULT 0,
    reason       text
);
CREATE UNIQUE INDEX reconciliations_one_at_a_time ON reconciliations ((true)) WHERE status IN ('queued', 'running');
CREATE TABLE provider_differences (
    id             uuid PRIMARY KEY,
    provider       text NOT NULL CHECK (provider IN ('mock', 'stripe')),
    kind           text NOT NULL CHECK (kind IN ('payment_unsettled', 'payment_succeeded_there', 'payment_not_there',
        'payment_amount', 'payment_unknown_here', 'refund_unsettled', 'refund_unknown_here', 'refund_not_there',
        'refund_amount', 'refund_succeeded_there', 'dispute_not_entered')),
    reference      text NOT NULL,
    payment_ref    text,
    owner          uuid REFERENCES tenants,
    ours           uuid,
    our_state      text,
    their_state    text,
    our_cents      bigint,
    their_cents    bigint,
    our_currency   char(3),
    their_currency char(3),
    happened_at    timestamptz NOT NULL,
    found_at       timestamptz NOT NULL,
    seen_at        timestamptz NOT NULL,
    state          text NOT NULL CHECK (state IN ('open', 'resolved')),
    resolution     text,
    reason         text,
    resolved_by    text,
    resolved_at    timestamptz,
    UNIQUE (provider, kind, reference),
    CHECK ((state = 'open') = (resolved_at IS NULL)),
    CHECK ((state = 'open') = (resolution IS NULL))
);
COMMENT ON COLUMN provider_differences.reference IS 'what the provider calls it; our own id where it has no name there';
COMMENT ON COLUMN provider_differences.owner IS 'the tenant whose it is; NULL where nobody here knows it';
CREATE INDEX provider_differences_by_state ON provider_differences (state, id);
GRANT SELECT, INSERT, UPDATE ON reconciliations, provider_differences TO cog_platform;
--rollback DROP TABLE provider_differences, reconciliations;

--changeset cognitionos:payment-fee-asked
--comment: When the provider was last asked for a fee that it did not know, in real time.
ALTER TABLE payments ADD COLUMN fee_asked_at timestamptz;
CREATE INDEX payments_by_method ON payments (tenant_id, payment_method_id, settled_at);
CREATE INDEX payments_by_begun ON payments (begun_at, id);
CREATE INDEX refunds_of_payment ON refunds (tenant_id, payment_id);
--rollback DROP INDEX refunds_of_payment, payments_by_begun, payments_by_method;
--rollback ALTER TABLE payments DROP COLUMN fee_asked_at;

--changeset cognitionos:payment-customer
--comment: Whom the provider was asked to charge, though the tenant may be another customer there by now.
ALTER TABLE payments ADD COLUMN customer_ref text, NO FORCE ROW LEVEL SECURITY;
ALTER TABLE provider_customers NO FORCE ROW LEVEL SECURITY;
UPDATE payments p SET customer_ref = c.provider_ref FROM provider_customers c
WHERE c.tenant_id = p.tenant_id AND c.provider = p.provider;
ALTER TABLE provider_customers FORCE ROW LEVEL SECURITY;
ALTER TABLE payments FORCE ROW LEVEL SECURITY;
--rollback ALTER TABLE payments DROP COLUMN customer_ref;

--changeset cognitionos:payment-dispute-fees
--comment: What the provider has kept for a dispute so far; it may give that back.
ALTER TABLE disputes ADD COLUMN fee_cents bigint NOT NULL DEFAULT 0, ADD COLUMN fee_currency char(3),
    NO FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger_transactions NO FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger_entries NO FORCE ROW LEVEL SECURITY;
UPDATE disputes d SET fee_cents = e.debit_cents, fee_currency = t.currency
FROM ledger_transactions t JOIN ledger_entries e ON e.tenant_id = t.tenant_id AND e.transaction_id = t.id
WHERE t.tenant_id = d.tenant_id AND t.reference_id = d.id AND t.kind = 'dispute_fee' AND e.account = 'provider_fees';
ALTER TABLE ledger_entries FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger_transactions FORCE ROW LEVEL SECURITY;
ALTER TABLE disputes FORCE ROW LEVEL SECURITY;
--rollback ALTER TABLE disputes DROP COLUMN fee_currency, DROP COLUMN fee_cents;

--changeset cognitionos:payment-refunds-without-a-note
--comment: What was paid back at the provider although nothing was left to credit.
ALTER TABLE refunds ALTER COLUMN credit_note_id DROP NOT NULL;
--rollback ALTER TABLE refunds ALTER COLUMN credit_note_id SET NOT NULL;

--changeset cognitionos:payment-reconciliation-leases
--comment: Whether somebody works on it, its lease tells.
ALTER TABLE reconciliations DROP COLUMN seen_at;
--rollback ALTER TABLE reconciliations ADD COLUMN seen_at timestamptz NOT NULL DEFAULT now();
