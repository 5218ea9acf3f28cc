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
