--liquibase formatted sql

--changeset cognitionos:ledger-journal
CREATE TABLE ledger_transactions (
    tenant_id    uuid NOT NULL REFERENCES tenants,
    id           uuid NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('invoice_finalized', 'payment_succeeded')),
    reference_id uuid NOT NULL,
    currency     char(3) NOT NULL,
    test_mode    boolean NOT NULL,
    posted_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT ledger_posted_once UNIQUE (tenant_id, kind, reference_id)
);
CREATE TABLE ledger_entries (
    tenant_id      uuid NOT NULL,
    transaction_id uuid NOT NULL,
    position       integer NOT NULL,
    account        text NOT NULL CHECK (account IN
        ('receivable', 'revenue', 'deferred_revenue', 'tax', 'cash', 'customer_credit', 'refunds')),
    debit_cents    bigint NOT NULL CHECK (debit_cents >= 0),
    credit_cents   bigint NOT NULL CHECK (credit_cents >= 0),
    PRIMARY KEY (tenant_id, transaction_id, position),
    FOREIGN KEY (tenant_id, transaction_id) REFERENCES ledger_transactions,
    CHECK ((debit_cents = 0) <> (credit_cents = 0))
);
CREATE INDEX ledger_entries_by_account ON ledger_entries (tenant_id, account);
SELECT protect_tenant_table('ledger_transactions', 'SELECT, INSERT', 'SELECT');
SELECT protect_tenant_table('ledger_entries', 'SELECT, INSERT', 'SELECT');
CREATE TRIGGER ledger_transactions_append_only BEFORE UPDATE OR DELETE ON ledger_transactions
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_entries_append_only BEFORE UPDATE OR DELETE ON ledger_entries
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
--rollback DROP TABLE ledger_entries, ledger_transactions;

--changeset cognitionos:ledger-balanced splitStatements:false
--comment: Checked at commit for both tables, so neither a header alone nor a later entry can unbalance a transaction.
CREATE FUNCTION check_ledger_balance() RETURNS trigger
    LANGUAGE plpgsql AS
$$
DECLARE
    target uuid;
    entries integer;
    difference bigint;
BEGIN
    IF TG_TABLE_NAME = 'ledger_entries' THEN
        target := NEW.transaction_id;
    ELSE
        target := NEW.id;
    END IF;
    SELECT count(*), coalesce(sum(debit_cents) - sum(credit_cents), 0) INTO entries, difference
    FROM ledger_entries WHERE tenant_id = NEW.tenant_id AND transaction_id = target;
    IF entries < 2 OR difference <> 0 THEN
        RAISE EXCEPTION 'ledger transaction % is not balanced', target USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER ledger_transactions_balanced AFTER INSERT ON ledger_transactions
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_ledger_balance();
CREATE CONSTRAINT TRIGGER ledger_entries_balanced AFTER INSERT ON ledger_entries
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_ledger_balance();
--rollback DROP TRIGGER ledger_entries_balanced ON ledger_entries; DROP TRIGGER ledger_transactions_balanced ON ledger_transactions; DROP FUNCTION check_ledger_balance();

--changeset cognitionos:ledger-corrections
--comment: What credit notes, refunds, void and written-off invoices move; bad_debt is what is no longer hoped for.
ALTER TABLE ledger_transactions
    DROP CONSTRAINT ledger_transactions_kind_check,
    ADD CONSTRAINT ledger_transactions_kind_check CHECK (kind IN ('invoice_finalized', 'payment_succeeded',
        'revenue_recognized', 'credit_note_issued', 'refund_succeeded', 'refund_failed', 'invoice_voided',
        'invoice_written_off', 'write_off_reversed'));
ALTER TABLE ledger_entries
    DROP CONSTRAINT ledger_entries_account_check,
    ADD CONSTRAINT ledger_entries_account_check CHECK (account IN ('receivable', 'revenue', 'deferred_revenue', 'tax',
        'cash', 'customer_credit', 'refunds', 'bad_debt'));
--rollback ALTER TABLE ledger_entries DROP CONSTRAINT ledger_entries_account_check, ADD CONSTRAINT ledger_entries_account_check CHECK (account IN ('receivable', 'revenue', 'deferred_revenue', 'tax', 'cash', 'customer_credit', 'refunds')); ALTER TABLE ledger_transactions DROP CONSTRAINT ledger_transactions_kind_check, ADD CONSTRAINT ledger_transactions_kind_check CHECK (kind IN ('invoice_finalized', 'payment_succeeded'));
