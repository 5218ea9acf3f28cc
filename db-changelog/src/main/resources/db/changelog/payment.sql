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
