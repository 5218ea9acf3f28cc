--liquibase formatted sql

--changeset cognitionos:credit-customer-balances
CREATE TABLE customer_balances (
    tenant_id uuid NOT NULL REFERENCES tenants,
    currency  char(3) NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    cents     bigint NOT NULL CHECK (cents >= 0),
    PRIMARY KEY (tenant_id, currency)
);
CREATE TABLE customer_balance_entries (
    tenant_id  uuid NOT NULL,
    id         uuid NOT NULL,
    currency   char(3) NOT NULL,
    cents      bigint NOT NULL CHECK (cents <> 0),
    invoice_id uuid NOT NULL,
    at         timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, currency) REFERENCES customer_balances,
    FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoices
);
CREATE INDEX customer_balance_entries_by_time ON customer_balance_entries (tenant_id, at);
CREATE TRIGGER customer_balance_entries_append_only BEFORE UPDATE OR DELETE ON customer_balance_entries
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
SELECT protect_tenant_table('customer_balances', 'SELECT, INSERT, UPDATE', 'SELECT');
SELECT protect_tenant_table('customer_balance_entries', 'SELECT, INSERT', 'SELECT');
--rollback DROP TABLE customer_balance_entries, customer_balances;

--changeset cognitionos:credit-carried-over
--comment: A balance below 0 is what an invoice too small to collect has left to the next one.
ALTER TABLE customer_balances DROP CONSTRAINT customer_balances_cents_check;
--rollback ALTER TABLE customer_balances ADD CONSTRAINT customer_balances_cents_check CHECK (cents >= 0);

--changeset cognitionos:credit-by-note
--comment: What a credit note gave back stands beside the invoice that it is for.
ALTER TABLE customer_balance_entries
    ADD COLUMN credit_note_id uuid,
    ADD FOREIGN KEY (tenant_id, credit_note_id) REFERENCES credit_notes;
--rollback ALTER TABLE customer_balance_entries DROP COLUMN credit_note_id;

--changeset cognitionos:credit-prepaid
--comment: What has expired or was voided stands as ended, so that every cent is used, remaining or ended. A void invoice returns what it used.
CREATE TABLE prepaid_credits (
    tenant_id       uuid NOT NULL REFERENCES tenants,
    id              uuid NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('paid', 'promotional')),
    currency        char(3) NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    amount_cents    bigint NOT NULL CHECK (amount_cents > 0),
    remaining_cents bigint NOT NULL CHECK (remaining_cents >= 0),
    used_cents      bigint NOT NULL DEFAULT 0 CHECK (used_cents >= 0),
    ended_cents     bigint NOT NULL DEFAULT 0 CHECK (ended_cents >= 0),
    priority        integer NOT NULL,
    expires_at      timestamptz,
    note            text NOT NULL CHECK (length(note) <= 500),
    granted_at      timestamptz NOT NULL,
    ended_at        timestamptz,
    ended_as        text CHECK (ended_as IN ('expired', 'voided')),
    PRIMARY KEY (tenant_id, id),
    CHECK (remaining_cents + used_cents + ended_cents = amount_cents),
    CHECK ((ended_at IS NULL) = (ended_as IS NULL)),
    CHECK (expires_at > granted_at)
);
CREATE INDEX prepaid_credits_open ON prepaid_credits (tenant_id, currency) WHERE remaining_cents > 0;
CREATE TABLE prepaid_credit_uses (
    tenant_id  uuid NOT NULL,
    credit_id  uuid NOT NULL,
    invoice_id uuid NOT NULL,
    returned   boolean NOT NULL DEFAULT false,
    cents      bigint NOT NULL CHECK (cents <> 0),
    at         timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, credit_id, invoice_id, returned),
    CHECK (returned = (cents < 0)),
    FOREIGN KEY (tenant_id, credit_id) REFERENCES prepaid_credits,
    FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoices
);
CREATE TRIGGER prepaid_credit_uses_append_only BEFORE UPDATE OR DELETE ON prepaid_credit_uses
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
SELECT protect_tenant_table('prepaid_credits', 'SELECT, INSERT, UPDATE', 'SELECT');
SELECT protect_tenant_table('prepaid_credit_uses', 'SELECT, INSERT', 'SELECT');
--rollback DROP TABLE prepaid_credit_uses, prepaid_credits;
