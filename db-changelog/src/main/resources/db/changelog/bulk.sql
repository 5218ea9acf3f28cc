--liquibase formatted sql

--changeset cognitionos:bulk-role splitStatements:false rollbackSplitStatements:false
--comment: The role of the invoice run, which writes for many tenants in one statement. Like the platform's it sees all of them; what it may do is listed in one place.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'cog_batch') THEN
        CREATE ROLE cog_batch NOLOGIN;
    END IF;
    EXECUTE 'GRANT cog_batch TO cog_app WITH INHERIT FALSE, SET TRUE';
END
$$;
GRANT USAGE ON SCHEMA public TO cog_batch;
--rollback DO $$ BEGIN EXECUTE 'REVOKE ALL ON SCHEMA public FROM cog_batch'; DROP ROLE cog_batch; EXCEPTION WHEN dependent_objects_still_exist THEN RAISE NOTICE 'cog_batch serves another database of this cluster'; END $$;

--changeset cognitionos:bulk-open splitStatements:false
--comment: The one way a table of tenants' data is opened to the invoice run.
CREATE FUNCTION open_to_batch(target regclass, rights text) RETURNS void
    LANGUAGE plpgsql AS
$$
BEGIN
    EXECUTE format('CREATE POLICY many_tenants ON %s TO cog_batch USING (true) WITH CHECK (true)', target);
    EXECUTE format('GRANT %s ON %s TO cog_batch', rights, target);
END
$$;
--rollback DROP FUNCTION open_to_batch(regclass, text);

--changeset cognitionos:bulk-rights splitStatements:true rollbackSplitStatements:false
--comment: No right to delete, and none to write what an invoice is made of.
GRANT SELECT ON meters, plans, add_ons, tax_rates, sellers, seller_versions, collection_minimums, invoice_runs TO cog_batch;
GRANT SELECT, INSERT, UPDATE ON invoice_numbers TO cog_batch;
GRANT EXECUTE ON FUNCTION usage_level(uuid, text, timestamptz, timestamptz) TO cog_batch;
SELECT open_to_batch('plan_versions', 'SELECT'), open_to_batch('add_on_versions', 'SELECT'),
    open_to_batch('plan_contracts', 'SELECT'), open_to_batch('tenants', 'SELECT'),
    open_to_batch('test_clocks', 'SELECT'), open_to_batch('billing_profiles', 'SELECT'),
    open_to_batch('subscriptions', 'SELECT, UPDATE'), open_to_batch('subscription_events', 'SELECT'),
    open_to_batch('coupon_redemptions', 'SELECT'), open_to_batch('usage_records', 'SELECT'),
    open_to_batch('usage_rollups', 'SELECT'), open_to_batch('usage_pending', 'SELECT'),
    open_to_batch('late_usage', 'SELECT'), open_to_batch('api_call_tail', 'SELECT'),
    open_to_batch('one_off_charges', 'SELECT'), open_to_batch('invoices', 'SELECT, INSERT, UPDATE'),
    open_to_batch('invoice_lines', 'SELECT, INSERT'), open_to_batch('invoice_line_taxes', 'SELECT, INSERT'), open_to_batch('invoice_line_discounts', 'SELECT, INSERT'),
    open_to_batch('invoice_run_tenants', 'SELECT, UPDATE'), open_to_batch('ledger_transactions', 'SELECT, INSERT'),
    open_to_batch('ledger_entries', 'SELECT, INSERT'), open_to_batch('revenue_schedules', 'SELECT, INSERT, UPDATE'),
    open_to_batch('customer_balances', 'SELECT'), open_to_batch('prepaid_credits', 'SELECT'),
    open_to_batch('webhook_endpoints', 'SELECT, UPDATE (updated_at)'), open_to_batch('webhook_events', 'INSERT'),
    open_to_batch('webhook_deliveries', 'INSERT');
--rollback DO $$ DECLARE t regclass; BEGIN FOR t IN SELECT polrelid::regclass FROM pg_policy WHERE polname = 'many_tenants' LOOP EXECUTE format('DROP POLICY many_tenants ON %s; REVOKE ALL ON %s FROM cog_batch', t, t); END LOOP; END $$; REVOKE ALL ON meters, plans, add_ons, tax_rates, sellers, seller_versions, collection_minimums, invoice_runs, invoice_numbers FROM cog_batch; REVOKE UPDATE (updated_at) ON webhook_endpoints FROM cog_batch; REVOKE ALL ON FUNCTION usage_level(uuid, text, timestamptz, timestamptz) FROM cog_batch;

--changeset cognitionos:bulk-credit-lines
--comment: Most tenants have none, which is asked for at each invoice.
CREATE INDEX invoice_lines_credits ON invoice_lines (tenant_id, period_end) WHERE amount_cents < 0;
--rollback DROP INDEX invoice_lines_credits;

--changeset cognitionos:bulk-line-guards splitStatements:false rollbackSplitStatements:false
--comment: What is added is looked at once a statement, not row by row: a run adds a thousand lines in one.
CREATE FUNCTION guard_added_invoice_lines() RETURNS trigger
    LANGUAGE plpgsql AS
$$
BEGIN
    IF EXISTS (SELECT FROM (SELECT DISTINCT tenant_id, invoice_id FROM added) a WHERE NOT EXISTS (
            SELECT FROM invoices i WHERE i.tenant_id = a.tenant_id AND i.id = a.invoice_id AND i.status = 'draft')) THEN
        RAISE EXCEPTION 'the lines of a finalised invoice do not change' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$;
DROP TRIGGER invoice_lines_guard ON invoice_lines;
DROP TRIGGER invoice_line_discounts_guard ON invoice_line_discounts;
DROP TRIGGER invoice_line_taxes_guard ON invoice_line_taxes;
CREATE TRIGGER invoice_lines_guard BEFORE UPDATE OR DELETE ON invoice_lines
    FOR EACH ROW EXECUTE FUNCTION guard_invoice_line();
CREATE TRIGGER invoice_line_discounts_guard BEFORE UPDATE OR DELETE ON invoice_line_discounts
    FOR EACH ROW EXECUTE FUNCTION guard_invoice_line();
CREATE TRIGGER invoice_line_taxes_guard BEFORE UPDATE OR DELETE ON invoice_line_taxes
    FOR EACH ROW EXECUTE FUNCTION guard_invoice_line();
CREATE TRIGGER invoice_lines_added AFTER INSERT ON invoice_lines REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION guard_added_invoice_lines();
CREATE TRIGGER invoice_line_discounts_added AFTER INSERT ON invoice_line_discounts REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION guard_added_invoice_lines();
CREATE TRIGGER invoice_line_taxes_added AFTER INSERT ON invoice_line_taxes REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION guard_added_invoice_lines();
--rollback DROP TRIGGER invoice_lines_added ON invoice_lines; DROP TRIGGER invoice_line_discounts_added ON invoice_line_discounts; DROP TRIGGER invoice_line_taxes_added ON invoice_line_taxes; DROP TRIGGER invoice_lines_guard ON invoice_lines; DROP TRIGGER invoice_line_discounts_guard ON invoice_line_discounts; DROP TRIGGER invoice_line_taxes_guard ON invoice_line_taxes; DROP FUNCTION guard_added_invoice_lines(); CREATE TRIGGER invoice_lines_guard BEFORE INSERT OR UPDATE OR DELETE ON invoice_lines FOR EACH ROW EXECUTE FUNCTION guard_invoice_line(); CREATE TRIGGER invoice_line_discounts_guard BEFORE INSERT OR UPDATE OR DELETE ON invoice_line_discounts FOR EACH ROW EXECUTE FUNCTION guard_invoice_line(); CREATE TRIGGER invoice_line_taxes_guard BEFORE INSERT OR UPDATE OR DELETE ON invoice_line_taxes FOR EACH ROW EXECUTE FUNCTION guard_invoice_line();

--changeset cognitionos:bulk-ledger-guards splitStatements:false rollbackSplitStatements:false
--comment: Entries are balanced as the statement ends that adds them, not only at the commit: one look for all that it adds. A header without entries is still found at the commit.
CREATE FUNCTION guard_added_ledger_entries() RETURNS trigger
    LANGUAGE plpgsql AS
$$
DECLARE
    target uuid;
BEGIN
    SELECT a.transaction_id INTO target FROM (SELECT DISTINCT tenant_id, transaction_id FROM added) a WHERE NOT EXISTS (
        SELECT FROM ledger_transactions t
        WHERE t.tenant_id = a.tenant_id AND t.id = a.transaction_id AND t.xmin = pg_current_xact_id()::xid) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'ledger transaction % is posted already, or does not exist', target
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT a.transaction_id INTO target FROM (SELECT DISTINCT tenant_id, transaction_id FROM added) a
        JOIN ledger_entries e ON e.tenant_id = a.tenant_id AND e.transaction_id = a.transaction_id
        GROUP BY a.tenant_id, a.transaction_id
        HAVING count(*) < 2 OR sum(e.debit_cents) <> sum(e.credit_cents) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'ledger transaction % is not balanced', target USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$;
DROP TRIGGER ledger_entries_guard ON ledger_entries;
DROP TRIGGER ledger_entries_balanced ON ledger_entries;
DROP FUNCTION guard_ledger_entry();
CREATE TRIGGER ledger_entries_added AFTER INSERT ON ledger_entries REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION guard_added_ledger_entries();
--rollback DROP TRIGGER ledger_entries_added ON ledger_entries; DROP FUNCTION guard_added_ledger_entries(); CREATE FUNCTION guard_ledger_entry() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT EXISTS (SELECT FROM ledger_transactions WHERE tenant_id = NEW.tenant_id AND id = NEW.transaction_id AND xmin = pg_current_xact_id()::xid) THEN RAISE EXCEPTION 'ledger transaction % is posted already, or does not exist', NEW.transaction_id USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$; CREATE TRIGGER ledger_entries_guard BEFORE INSERT ON ledger_entries FOR EACH ROW EXECUTE FUNCTION guard_ledger_entry(); CREATE CONSTRAINT TRIGGER ledger_entries_balanced AFTER INSERT ON ledger_entries DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_ledger_balance();

--changeset cognitionos:bulk-ledger-at-once splitStatements:false rollbackSplitStatements:false
--comment: A transaction is posted with its entries by one statement; what it adds is looked at once, as it ends. The keys that this look proves are kept as what they say and are not checked row by row a second time: what they point at can be neither changed nor removed.
CREATE FUNCTION guard_added_ledger_transactions() RETURNS trigger
    LANGUAGE plpgsql AS
$$
DECLARE
    target uuid;
BEGIN
    SELECT a.id INTO target FROM added a WHERE NOT EXISTS (
        SELECT FROM ledger_entries e WHERE e.tenant_id = a.tenant_id AND e.transaction_id = a.id) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'ledger transaction % has no entries', target USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (SELECT FROM (SELECT DISTINCT tenant_id FROM added) a WHERE NOT EXISTS (
            SELECT FROM tenants t WHERE t.id = a.tenant_id)) THEN
        RAISE EXCEPTION 'a ledger transaction of no tenant' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE OR REPLACE FUNCTION guard_added_ledger_entries() RETURNS trigger
    LANGUAGE plpgsql AS
$$
DECLARE
    target uuid;
BEGIN
    SELECT a.transaction_id INTO target FROM (SELECT DISTINCT tenant_id, transaction_id FROM added) a WHERE NOT EXISTS (
        SELECT FROM ledger_transactions t
        WHERE t.tenant_id = a.tenant_id AND t.id = a.transaction_id AND t.xmin = pg_current_xact_id()::xid) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'ledger transaction % is posted already, or does not exist', target
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT a.transaction_id INTO target
        FROM (SELECT tenant_id, transaction_id, count(*) AS entries FROM added GROUP BY 1, 2) a
        JOIN ledger_entries e ON e.tenant_id = a.tenant_id AND e.transaction_id = a.transaction_id
        GROUP BY a.tenant_id, a.transaction_id
        HAVING count(*) < 2 OR count(*) <> max(a.entries) OR sum(e.debit_cents) <> sum(e.credit_cents) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'ledger transaction % is not balanced, or was added to', target USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$;
DROP TRIGGER ledger_transactions_balanced ON ledger_transactions;
DROP FUNCTION check_ledger_balance();
CREATE TRIGGER ledger_transactions_added AFTER INSERT ON ledger_transactions REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION guard_added_ledger_transactions();
ALTER TABLE ledger_transactions ALTER CONSTRAINT ledger_transactions_tenant_id_fkey NOT ENFORCED;
ALTER TABLE ledger_entries ALTER CONSTRAINT ledger_entries_tenant_id_transaction_id_fkey NOT ENFORCED;
DROP INDEX ledger_entries_by_account;
--rollback CREATE OR REPLACE FUNCTION guard_added_ledger_entries() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE target uuid; BEGIN SELECT a.transaction_id INTO target FROM (SELECT DISTINCT tenant_id, transaction_id FROM added) a WHERE NOT EXISTS ( SELECT FROM ledger_transactions t WHERE t.tenant_id = a.tenant_id AND t.id = a.transaction_id AND t.xmin = pg_current_xact_id()::xid) LIMIT 1; IF FOUND THEN RAISE EXCEPTION 'ledger transaction % is posted already, or does not exist', target USING ERRCODE = 'integrity_constraint_violation'; END IF; SELECT a.transaction_id INTO target FROM (SELECT DISTINCT tenant_id, transaction_id FROM added) a JOIN ledger_entries e ON e.tenant_id = a.tenant_id AND e.transaction_id = a.transaction_id GROUP BY a.tenant_id, a.transaction_id HAVING count(*) < 2 OR sum(e.debit_cents) <> sum(e.credit_cents) LIMIT 1; IF FOUND THEN RAISE EXCEPTION 'ledger transaction % is not balanced', target USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NULL; END $$;
--rollback CREATE INDEX ledger_entries_by_account ON ledger_entries (tenant_id, account); ALTER TABLE ledger_entries ALTER CONSTRAINT ledger_entries_tenant_id_transaction_id_fkey ENFORCED; ALTER TABLE ledger_transactions ALTER CONSTRAINT ledger_transactions_tenant_id_fkey ENFORCED; DROP TRIGGER ledger_transactions_added ON ledger_transactions; DROP FUNCTION guard_added_ledger_transactions(); CREATE FUNCTION check_ledger_balance() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE target uuid; entries integer; difference bigint; BEGIN IF TG_TABLE_NAME = 'ledger_entries' THEN target := NEW.transaction_id; ELSE target := NEW.id; END IF; SELECT count(*), coalesce(sum(debit_cents) - sum(credit_cents), 0) INTO entries, difference FROM ledger_entries WHERE tenant_id = NEW.tenant_id AND transaction_id = target; IF entries < 2 OR difference <> 0 THEN RAISE EXCEPTION 'ledger transaction % is not balanced', target USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NULL; END $$; CREATE CONSTRAINT TRIGGER ledger_transactions_balanced AFTER INSERT ON ledger_transactions DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_ledger_balance();

--changeset cognitionos:bulk-keys-at-once splitStatements:false rollbackSplitStatements:false
--comment: As in the ledger, of lines, of what hangs on them and of schedules: whether the invoice and the line are there is asked once a statement.
CREATE OR REPLACE FUNCTION guard_added_invoice_lines() RETURNS trigger
    LANGUAGE plpgsql AS
$$
BEGIN
    -- Whoever finalises an invoice of an earlier transaction waits for what is added to it, and counts it.
    PERFORM FROM invoices i WHERE (i.tenant_id, i.id) IN (SELECT tenant_id, invoice_id FROM added)
        AND i.xmin <> pg_current_xact_id()::xid ORDER BY i.tenant_id, i.id FOR KEY SHARE;
    IF EXISTS (SELECT FROM (SELECT DISTINCT tenant_id, invoice_id FROM added) a WHERE NOT EXISTS (
            SELECT FROM invoices i WHERE i.tenant_id = a.tenant_id AND i.id = a.invoice_id AND i.status = 'draft')) THEN
        RAISE EXCEPTION 'the lines of a finalised invoice do not change' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE FUNCTION guard_added_line_amounts() RETURNS trigger
    LANGUAGE plpgsql AS
$$
BEGIN
    -- Whoever finalises an invoice of an earlier transaction waits for what is added to it, and counts it.
    PERFORM FROM invoices i WHERE (i.tenant_id, i.id) IN (SELECT tenant_id, invoice_id FROM added)
        AND i.xmin <> pg_current_xact_id()::xid ORDER BY i.tenant_id, i.id FOR KEY SHARE;
    IF EXISTS (SELECT FROM added a WHERE NOT EXISTS (SELECT FROM invoice_lines l
            WHERE l.tenant_id = a.tenant_id AND l.invoice_id = a.invoice_id AND l.position = a.position)) THEN
        RAISE EXCEPTION 'an amount of no line' USING ERRCODE = 'foreign_key_violation';
    END IF;
    IF EXISTS (SELECT FROM (SELECT DISTINCT tenant_id, invoice_id FROM added) a WHERE NOT EXISTS (
            SELECT FROM invoices i WHERE i.tenant_id = a.tenant_id AND i.id = a.invoice_id AND i.status = 'draft')) THEN
        RAISE EXCEPTION 'the lines of a finalised invoice do not change' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$;
DROP TRIGGER invoice_line_discounts_added ON invoice_line_discounts;
DROP TRIGGER invoice_line_taxes_added ON invoice_line_taxes;
CREATE TRIGGER invoice_line_discounts_added AFTER INSERT ON invoice_line_discounts REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION guard_added_line_amounts();
CREATE TRIGGER invoice_line_taxes_added AFTER INSERT ON invoice_line_taxes REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION guard_added_line_amounts();
ALTER TABLE invoice_lines ALTER CONSTRAINT invoice_lines_tenant_id_invoice_id_fkey NOT ENFORCED;
ALTER TABLE invoice_line_discounts ALTER CONSTRAINT invoice_line_discounts_tenant_id_invoice_id_position_fkey NOT ENFORCED;
ALTER TABLE invoice_line_taxes ALTER CONSTRAINT invoice_line_taxes_tenant_id_invoice_id_position_fkey NOT ENFORCED;

CREATE FUNCTION guard_added_revenue_schedules() RETURNS trigger
    LANGUAGE plpgsql AS
$$
BEGIN
    IF EXISTS (SELECT FROM (SELECT DISTINCT tenant_id, invoice_id FROM added) a WHERE NOT EXISTS (
            SELECT FROM invoices i WHERE i.tenant_id = a.tenant_id AND i.id = a.invoice_id)) THEN
        RAISE EXCEPTION 'a revenue schedule of no invoice' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER revenue_schedules_added AFTER INSERT ON revenue_schedules REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION guard_added_revenue_schedules();
CREATE TRIGGER invoices_stay BEFORE UPDATE OF tenant_id, id ON invoices
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER revenue_schedules_stay BEFORE UPDATE OF tenant_id, invoice_id, position ON revenue_schedules
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
ALTER TABLE revenue_schedules ALTER CONSTRAINT revenue_schedules_tenant_id_fkey NOT ENFORCED;
ALTER TABLE revenue_schedules ALTER CONSTRAINT revenue_schedules_tenant_id_invoice_id_fkey NOT ENFORCED;
--rollback CREATE OR REPLACE FUNCTION guard_added_invoice_lines() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT FROM (SELECT DISTINCT tenant_id, invoice_id FROM added) a WHERE NOT EXISTS ( SELECT FROM invoices i WHERE i.tenant_id = a.tenant_id AND i.id = a.invoice_id AND i.status = 'draft')) THEN RAISE EXCEPTION 'the lines of a finalised invoice do not change' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NULL; END $$;
--rollback ALTER TABLE revenue_schedules ALTER CONSTRAINT revenue_schedules_tenant_id_invoice_id_fkey ENFORCED; ALTER TABLE revenue_schedules ALTER CONSTRAINT revenue_schedules_tenant_id_fkey ENFORCED; DROP TRIGGER revenue_schedules_stay ON revenue_schedules; DROP TRIGGER invoices_stay ON invoices; DROP TRIGGER revenue_schedules_added ON revenue_schedules; DROP FUNCTION guard_added_revenue_schedules(); ALTER TABLE invoice_line_taxes ALTER CONSTRAINT invoice_line_taxes_tenant_id_invoice_id_position_fkey ENFORCED; ALTER TABLE invoice_line_discounts ALTER CONSTRAINT invoice_line_discounts_tenant_id_invoice_id_position_fkey ENFORCED; ALTER TABLE invoice_lines ALTER CONSTRAINT invoice_lines_tenant_id_invoice_id_fkey ENFORCED; DROP TRIGGER invoice_line_discounts_added ON invoice_line_discounts; DROP TRIGGER invoice_line_taxes_added ON invoice_line_taxes; DROP FUNCTION guard_added_line_amounts(); CREATE TRIGGER invoice_line_discounts_added AFTER INSERT ON invoice_line_discounts REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION guard_added_invoice_lines(); CREATE TRIGGER invoice_line_taxes_added AFTER INSERT ON invoice_line_taxes REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION guard_added_invoice_lines();

--changeset cognitionos:bulk-sums-at-once splitStatements:false rollbackSplitStatements:false
--comment: An invoice is the sum of its lines as the statement ends that finalises it; nothing can be added after that. Of a hundred at once it is asked once, while others wait for the next number.
CREATE FUNCTION guard_finalised_invoices() RETURNS trigger
    LANGUAGE plpgsql AS
$$
DECLARE
    wrong text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NOT EXISTS (SELECT FROM before WHERE status = 'draft') THEN
            RETURN NULL;
        END IF;
    END IF;
    SELECT c.number INTO wrong FROM changed c
        CROSS JOIN LATERAL (SELECT coalesce(sum(amount_cents), 0) AS cents FROM invoice_lines
            WHERE tenant_id = c.tenant_id AND invoice_id = c.id) AS l
        CROSS JOIN LATERAL (SELECT coalesce(sum(cents), 0) AS cents FROM invoice_line_discounts
            WHERE tenant_id = c.tenant_id AND invoice_id = c.id) AS d
        CROSS JOIN LATERAL (SELECT coalesce(sum(cents), 0) AS cents, coalesce(sum(cents) FILTER (WHERE inclusive), 0) AS included
            FROM invoice_line_taxes WHERE tenant_id = c.tenant_id AND invoice_id = c.id) AS t
        WHERE c.status <> 'draft' AND (c.subtotal_cents, c.discount_cents, c.tax_cents, c.tax_included_cents)
            IS DISTINCT FROM (l.cents, d.cents, t.cents, t.included) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the lines of invoice % do not sum to its amounts', wrong
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$;
DROP TRIGGER invoices_sum ON invoices;
DROP FUNCTION check_invoice_sum();
CREATE TRIGGER invoices_added AFTER INSERT ON invoices REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION guard_finalised_invoices();
CREATE TRIGGER invoices_changed AFTER UPDATE ON invoices REFERENCING OLD TABLE AS before NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION guard_finalised_invoices();
--rollback DROP TRIGGER invoices_changed ON invoices; DROP TRIGGER invoices_added ON invoices; DROP FUNCTION guard_finalised_invoices(); CREATE FUNCTION check_invoice_sum() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE lines bigint; discounts bigint; taxes bigint; included bigint; BEGIN IF NEW.status <> 'draft' THEN SELECT coalesce(sum(amount_cents), 0) INTO lines FROM invoice_lines WHERE tenant_id = NEW.tenant_id AND invoice_id = NEW.id; SELECT coalesce(sum(cents), 0) INTO discounts FROM invoice_line_discounts WHERE tenant_id = NEW.tenant_id AND invoice_id = NEW.id; SELECT coalesce(sum(cents), 0), coalesce(sum(cents) FILTER (WHERE inclusive), 0) INTO taxes, included FROM invoice_line_taxes WHERE tenant_id = NEW.tenant_id AND invoice_id = NEW.id; IF (NEW.subtotal_cents, NEW.discount_cents, NEW.tax_cents, NEW.tax_included_cents) IS DISTINCT FROM (lines, discounts, taxes, included) THEN RAISE EXCEPTION 'the lines of invoice % do not sum to its amounts', NEW.number USING ERRCODE = 'integrity_constraint_violation'; END IF; END IF; RETURN NULL; END $$; CREATE CONSTRAINT TRIGGER invoices_sum AFTER INSERT OR UPDATE OF status ON invoices DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_invoice_sum();

--changeset cognitionos:bulk-guards-by-key splitStatements:false rollbackSplitStatements:false
--comment: The guards look up a hundred keys as such. Asked as a set, a table of ten thousand was read for them, at each statement.
CREATE OR REPLACE FUNCTION guard_added_invoice_lines() RETURNS trigger
    LANGUAGE plpgsql AS
$$
BEGIN
    -- Whoever finalises an invoice of an earlier transaction waits for what is added to it, and counts it.
    PERFORM FROM (SELECT DISTINCT tenant_id, invoice_id FROM added ORDER BY 1, 2) a CROSS JOIN LATERAL (SELECT FROM invoices i
        WHERE i.tenant_id = a.tenant_id AND i.id = a.invoice_id AND i.xmin <> pg_current_xact_id()::xid FOR KEY SHARE) AS earlier;
    IF EXISTS (SELECT FROM (SELECT DISTINCT tenant_id, invoice_id FROM added) a WHERE NOT EXISTS (
            SELECT FROM invoices i WHERE i.tenant_id = a.tenant_id AND i.id = a.invoice_id AND i.status = 'draft')) THEN
        RAISE EXCEPTION 'the lines of a finalised invoice do not change' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE OR REPLACE FUNCTION guard_added_line_amounts() RETURNS trigger
    LANGUAGE plpgsql AS
$$
BEGIN
    -- Whoever finalises an invoice of an earlier transaction waits for what is added to it, and counts it.
    PERFORM FROM (SELECT DISTINCT tenant_id, invoice_id FROM added ORDER BY 1, 2) a CROSS JOIN LATERAL (SELECT FROM invoices i
        WHERE i.tenant_id = a.tenant_id AND i.id = a.invoice_id AND i.xmin <> pg_current_xact_id()::xid FOR KEY SHARE) AS earlier;
    IF EXISTS (SELECT FROM added a WHERE NOT EXISTS (SELECT FROM invoice_lines l
            WHERE l.tenant_id = a.tenant_id AND l.invoice_id = a.invoice_id AND l.position = a.position)) THEN
        RAISE EXCEPTION 'an amount of no line' USING ERRCODE = 'foreign_key_violation';
    END IF;
    IF EXISTS (SELECT FROM (SELECT DISTINCT tenant_id, invoice_id FROM added) a WHERE NOT EXISTS (
            SELECT FROM invoices i WHERE i.tenant_id = a.tenant_id AND i.id = a.invoice_id AND i.status = 'draft')) THEN
        RAISE EXCEPTION 'the lines of a finalised invoice do not change' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE OR REPLACE FUNCTION guard_added_ledger_transactions() RETURNS trigger
    LANGUAGE plpgsql AS
$$
DECLARE
    target uuid;
BEGIN
    SELECT a.id INTO target FROM added a WHERE NOT EXISTS (
        SELECT FROM ledger_entries e WHERE e.tenant_id = a.tenant_id AND e.transaction_id = a.id) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'ledger transaction % has no entries', target USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (SELECT FROM (SELECT DISTINCT tenant_id FROM added) a
            WHERE (SELECT t.id FROM tenants t WHERE t.id = a.tenant_id) IS NULL) THEN
        RAISE EXCEPTION 'a ledger transaction of no tenant' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END
$$;
--rollback CREATE OR REPLACE FUNCTION guard_added_invoice_lines() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM FROM invoices i WHERE (i.tenant_id, i.id) IN (SELECT tenant_id, invoice_id FROM added) AND i.xmin <> pg_current_xact_id()::xid ORDER BY i.tenant_id, i.id FOR KEY SHARE; IF EXISTS (SELECT FROM (SELECT DISTINCT tenant_id, invoice_id FROM added) a WHERE NOT EXISTS ( SELECT FROM invoices i WHERE i.tenant_id = a.tenant_id AND i.id = a.invoice_id AND i.status = 'draft')) THEN RAISE EXCEPTION 'the lines of a finalised invoice do not change' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NULL; END $$;
--rollback CREATE OR REPLACE FUNCTION guard_added_line_amounts() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM FROM invoices i WHERE (i.tenant_id, i.id) IN (SELECT tenant_id, invoice_id FROM added) AND i.xmin <> pg_current_xact_id()::xid ORDER BY i.tenant_id, i.id FOR KEY SHARE; IF EXISTS (SELECT FROM added a WHERE NOT EXISTS (SELECT FROM invoice_lines l WHERE l.tenant_id = a.tenant_id AND l.invoice_id = a.invoice_id AND l.position = a.position)) THEN RAISE EXCEPTION 'an amount of no line' USING ERRCODE = 'foreign_key_violation'; END IF; IF EXISTS (SELECT FROM (SELECT DISTINCT tenant_id, invoice_id FROM added) a WHERE NOT EXISTS ( SELECT FROM invoices i WHERE i.tenant_id = a.tenant_id AND i.id = a.invoice_id AND i.status = 'draft')) THEN RAISE EXCEPTION 'the lines of a finalised invoice do not change' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NULL; END $$;
--rollback CREATE OR REPLACE FUNCTION guard_added_ledger_transactions() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE target uuid; BEGIN SELECT a.id INTO target FROM added a WHERE NOT EXISTS ( SELECT FROM ledger_entries e WHERE e.tenant_id = a.tenant_id AND e.transaction_id = a.id) LIMIT 1; IF FOUND THEN RAISE EXCEPTION 'ledger transaction % has no entries', target USING ERRCODE = 'integrity_constraint_violation'; END IF; IF EXISTS (SELECT FROM (SELECT DISTINCT tenant_id FROM added) a WHERE NOT EXISTS ( SELECT FROM tenants t WHERE t.id = a.tenant_id)) THEN RAISE EXCEPTION 'a ledger transaction of no tenant' USING ERRCODE = 'foreign_key_violation'; END IF; RETURN NULL; END $$;
