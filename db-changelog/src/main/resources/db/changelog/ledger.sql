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

--changeset cognitionos:ledger-descriptions
--comment: What a transaction is about, for people; the line of the invoice whose revenue it recognises; real currencies only.
ALTER TABLE ledger_transactions
    ADD COLUMN line integer CHECK (line > 0),
    ADD COLUMN description text NOT NULL DEFAULT '' CHECK (length(description) <= 500),
    DROP CONSTRAINT ledger_transactions_kind_check,
    ADD CONSTRAINT ledger_transactions_kind_check
        CHECK (kind IN ('invoice_finalized', 'payment_succeeded', 'revenue_recognized')),
    ADD CONSTRAINT ledger_transactions_currency_check CHECK (currency IN (
        'AED', 'AFN', 'ALL', 'AMD', 'AOA', 'ARS', 'AUD', 'AWG', 'AZN', 'BAM', 'BBD', 'BDT', 'BGN', 'BHD', 'BIF',
        'BMD', 'BND', 'BOB', 'BRL', 'BSD', 'BTN', 'BWP', 'BYN', 'BZD', 'CAD', 'CDF', 'CHF', 'CLF', 'CLP', 'CNY',
        'COP', 'CRC', 'CUP', 'CVE', 'CZK', 'DJF', 'DKK', 'DOP', 'DZD', 'EGP', 'ERN', 'ETB', 'EUR', 'FJD', 'FKP',
        'GBP', 'GEL', 'GHS', 'GIP', 'GMD', 'GNF', 'GTQ', 'GYD', 'HKD', 'HNL', 'HTG', 'HUF', 'IDR', 'ILS', 'INR',
        'IQD', 'IRR', 'ISK', 'JMD', 'JOD', 'JPY', 'KES', 'KGS', 'KHR', 'KMF', 'KPW', 'KRW', 'KWD', 'KYD', 'KZT',
        'LAK', 'LBP', 'LKR', 'LRD', 'LSL', 'LYD', 'MAD', 'MDL', 'MGA', 'MKD', 'MMK', 'MNT', 'MOP', 'MRU', 'MUR',
        'MVR', 'MWK', 'MXN', 'MYR', 'MZN', 'NAD', 'NGN', 'NIO', 'NOK', 'NPR', 'NZD', 'OMR', 'PAB', 'PEN', 'PGK',
        'PHP', 'PKR', 'PLN', 'PYG', 'QAR', 'RON', 'RSD', 'RUB', 'RWF', 'SAR', 'SBD', 'SCR', 'SDG', 'SEK', 'SGD',
        'SHP', 'SLE', 'SOS', 'SRD', 'SSP', 'STN', 'SVC', 'SYP', 'SZL', 'THB', 'TJS', 'TMT', 'TND', 'TOP', 'TRY',
        'TTD', 'TWD', 'TZS', 'UAH', 'UGX', 'USD', 'UYU', 'UZS', 'VED', 'VES', 'VND', 'VUV', 'WST', 'XAF', 'XCD',
        'XCG', 'XOF', 'XPF', 'YER', 'ZAR', 'ZMW', 'ZWG')),
    DROP CONSTRAINT ledger_posted_once;
CREATE UNIQUE INDEX ledger_posted_once ON ledger_transactions (tenant_id, kind, reference_id)
    WHERE kind <> 'revenue_recognized';
CREATE UNIQUE INDEX ledger_recognized_once ON ledger_transactions (tenant_id, reference_id, line, posted_at)
    WHERE kind = 'revenue_recognized';
CREATE INDEX ledger_transactions_by_time ON ledger_transactions (tenant_id, posted_at, id);
CREATE INDEX ledger_transactions_of_all_by_time ON ledger_transactions (posted_at, id);
--rollback DROP INDEX ledger_transactions_of_all_by_time, ledger_transactions_by_time, ledger_recognized_once, ledger_posted_once;
--rollback ALTER TABLE ledger_transactions ADD CONSTRAINT ledger_posted_once UNIQUE (tenant_id, kind, reference_id), DROP CONSTRAINT ledger_transactions_currency_check, DROP CONSTRAINT ledger_transactions_kind_check, ADD CONSTRAINT ledger_transactions_kind_check CHECK (kind IN ('invoice_finalized', 'payment_succeeded')), DROP COLUMN description, DROP COLUMN line;

--changeset cognitionos:ledger-closed splitStatements:false
--comment: Entries come with their transaction: nothing is added to one that was posted, not even what balances in itself.
CREATE FUNCTION guard_ledger_entry() RETURNS trigger
    LANGUAGE plpgsql AS
$$
BEGIN
    IF NOT EXISTS (SELECT FROM ledger_transactions
            WHERE tenant_id = NEW.tenant_id AND id = NEW.transaction_id AND xmin = pg_current_xact_id()::xid) THEN
        RAISE EXCEPTION 'ledger transaction % is posted already, or does not exist', NEW.transaction_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER ledger_entries_guard BEFORE INSERT ON ledger_entries
    FOR EACH ROW EXECUTE FUNCTION guard_ledger_entry();
CREATE TRIGGER ledger_transactions_keep BEFORE TRUNCATE ON ledger_transactions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_entries_keep BEFORE TRUNCATE ON ledger_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--rollback DROP TRIGGER ledger_entries_keep ON ledger_entries; DROP TRIGGER ledger_transactions_keep ON ledger_transactions; DROP TRIGGER ledger_entries_guard ON ledger_entries; DROP FUNCTION guard_ledger_entry();

--changeset cognitionos:ledger-revenue-schedules
--comment: When what was invoiced ahead is earned. The plan is what is left to spread; a credit note replaces it by a smaller one.
CREATE TABLE revenue_schedules (
    tenant_id    uuid NOT NULL REFERENCES tenants,
    invoice_id   uuid NOT NULL,
    position     integer NOT NULL CHECK (position > 0),
    currency     char(3) NOT NULL,
    test_mode    boolean NOT NULL,
    period_start timestamptz NOT NULL,
    period_end   timestamptz NOT NULL,
    line_cents   bigint NOT NULL CHECK (line_cents <> 0),
    plan_start   timestamptz NOT NULL,
    plan_cents   bigint NOT NULL,
    earned_until timestamptz NOT NULL,
    next_at      timestamptz,
    PRIMARY KEY (tenant_id, invoice_id, position),
    FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoices,
    CHECK (period_start <= plan_start AND plan_start <= earned_until AND earned_until <= period_end
        AND plan_start < period_end),
    CHECK (next_at > earned_until AND next_at <= period_end),
    CHECK (plan_cents BETWEEN least(line_cents, 0) AND greatest(line_cents, 0))
);
CREATE INDEX revenue_schedules_due ON revenue_schedules (next_at, tenant_id) WHERE NOT test_mode;
CREATE INDEX revenue_schedules_of_tenant ON revenue_schedules (tenant_id, next_at) WHERE next_at IS NOT NULL;
SELECT protect_tenant_table('revenue_schedules', 'SELECT, INSERT, UPDATE', 'SELECT');
--rollback DROP TABLE revenue_schedules;

--changeset cognitionos:ledger-revenue-schedules-of-old-invoices
--comment: What was deferred before there were schedules would else be deferred for ever.
INSERT INTO revenue_schedules (tenant_id, invoice_id, currency, test_mode, position, period_start, period_end, line_cents,
    plan_start, plan_cents, earned_until, next_at)
SELECT i.tenant_id, i.id, i.currency, t.test_mode, l.position, l.period_start, l.period_end, l.amount_cents,
    l.period_start, l.amount_cents, l.period_start, least(l.period_end,
        (date_trunc('month', l.period_start AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC')
FROM invoices i JOIN invoice_lines l ON l.tenant_id = i.tenant_id AND l.invoice_id = i.id JOIN tenants t ON t.id = i.tenant_id
WHERE i.finalized_at < l.period_end AND l.kind = 'plan' AND l.amount_cents <> 0;
--rollback DELETE FROM revenue_schedules;

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

--changeset cognitionos:ledger-prepaid-credits
ALTER TABLE ledger_transactions
    DROP CONSTRAINT ledger_transactions_kind_check,
    ADD CONSTRAINT ledger_transactions_kind_check CHECK (kind IN ('invoice_finalized', 'payment_succeeded',
        'revenue_recognized', 'credit_note_issued', 'refund_succeeded', 'refund_failed', 'invoice_voided',
        'invoice_written_off', 'write_off_reversed', 'prepaid_granted', 'prepaid_expired', 'prepaid_voided'));
--rollback ALTER TABLE ledger_transactions DROP CONSTRAINT ledger_transactions_kind_check, ADD CONSTRAINT ledger_transactions_kind_check CHECK (kind IN ('invoice_finalized', 'payment_succeeded', 'revenue_recognized', 'credit_note_issued', 'refund_succeeded', 'refund_failed', 'invoice_voided', 'invoice_written_off', 'write_off_reversed'));

--changeset cognitionos:ledger-fees-and-disputes
--comment: What the provider keeps for itself, and what cardholders' banks take back.
ALTER TABLE ledger_transactions
    DROP CONSTRAINT ledger_transactions_kind_check,
    ADD CONSTRAINT ledger_transactions_kind_check CHECK (kind IN ('invoice_finalized', 'payment_succeeded',
        'revenue_recognized', 'credit_note_issued', 'refund_succeeded', 'refund_failed', 'invoice_voided',
        'invoice_written_off', 'write_off_reversed', 'prepaid_granted', 'prepaid_expired', 'prepaid_voided',
        'provider_fee', 'dispute_opened', 'dispute_fee', 'dispute_won', 'dispute_lost'));
ALTER TABLE ledger_entries
    DROP CONSTRAINT ledger_entries_account_check,
    ADD CONSTRAINT ledger_entries_account_check CHECK (account IN ('receivable', 'revenue', 'deferred_revenue', 'tax',
        'cash', 'customer_credit', 'refunds', 'bad_debt', 'provider_fees', 'disputes', 'dispute_losses'));
--rollback ALTER TABLE ledger_entries DROP CONSTRAINT ledger_entries_account_check, ADD CONSTRAINT ledger_entries_account_check CHECK (account IN ('receivable', 'revenue', 'deferred_revenue', 'tax', 'cash', 'customer_credit', 'refunds', 'bad_debt')); ALTER TABLE ledger_transactions DROP CONSTRAINT ledger_transactions_kind_check, ADD CONSTRAINT ledger_transactions_kind_check CHECK (kind IN ('invoice_finalized', 'payment_succeeded', 'revenue_recognized', 'credit_note_issued', 'refund_succeeded', 'refund_failed', 'invoice_voided', 'invoice_written_off', 'write_off_reversed', 'prepaid_granted', 'prepaid_expired', 'prepaid_voided'));

--changeset cognitionos:ledger-posted-again
--comment: A bank may decide a dispute a second time; the line then says which time it is.
DROP INDEX ledger_posted_once;
CREATE UNIQUE INDEX ledger_posted_once ON ledger_transactions (tenant_id, kind, reference_id, coalesce(line, 1))
    WHERE kind <> 'revenue_recognized';
--rollback DROP INDEX ledger_posted_once; CREATE UNIQUE INDEX ledger_posted_once ON ledger_transactions (tenant_id, kind, reference_id) WHERE kind <> 'revenue_recognized';

--changeset cognitionos:ledger-refunds-written-off
ALTER TABLE ledger_transactions
    DROP CONSTRAINT ledger_transactions_kind_check,
    ADD CONSTRAINT ledger_transactions_kind_check CHECK (kind IN ('invoice_finalized', 'payment_succeeded',
        'revenue_recognized', 'credit_note_issued', 'refund_succeeded', 'refund_failed', 'refund_written_off',
        'invoice_voided', 'invoice_written_off', 'write_off_reversed', 'prepaid_granted', 'prepaid_expired',
        'prepaid_voided', 'provider_fee', 'dispute_opened', 'dispute_fee', 'dispute_won', 'dispute_lost'));
--rollback ALTER TABLE ledger_transactions DROP CONSTRAINT ledger_transactions_kind_check, ADD CONSTRAINT ledger_transactions_kind_check CHECK (kind IN ('invoice_finalized', 'payment_succeeded', 'revenue_recognized', 'credit_note_issued', 'refund_succeeded', 'refund_failed', 'invoice_voided', 'invoice_written_off', 'write_off_reversed', 'prepaid_granted', 'prepaid_expired', 'prepaid_voided', 'provider_fee', 'dispute_opened', 'dispute_fee', 'dispute_won', 'dispute_lost'));

--changeset cognitionos:ledger-schedules-due
--comment: Of what is earned nothing falls due any more; a run that earns the last of a month's lines has no entry to write.
DROP INDEX revenue_schedules_due;
CREATE INDEX revenue_schedules_due ON revenue_schedules (next_at, tenant_id) WHERE next_at IS NOT NULL AND NOT test_mode;
--rollback DROP INDEX revenue_schedules_due; CREATE INDEX revenue_schedules_due ON revenue_schedules (next_at, tenant_id) WHERE NOT test_mode;
