--liquibase formatted sql

--changeset cognitionos:invoicing-seller
--comment: The seller entity that invoices are made out by; numbers run per seller.
CREATE TABLE sellers (
    code       text PRIMARY KEY,
    name       text NOT NULL,
    address    text NOT NULL,
    country    char(2) NOT NULL,
    tax_number text
);
INSERT INTO sellers (code, name, address, country) VALUES
    ('default', 'CognitionOS', '1 Example Street, Springfield', 'US');
GRANT SELECT ON sellers TO cog_rt, cog_platform;
--rollback DROP TABLE sellers;

--changeset cognitionos:invoicing-numbers
--comment: A locked counter row, never a sequence: a number that was taken in a rolled back transaction must come again.
CREATE TABLE invoice_numbers (
    seller text NOT NULL REFERENCES sellers,
    series text NOT NULL CHECK (series IN ('INV', 'TEST')),
    year   integer NOT NULL,
    last   bigint NOT NULL CHECK (last > 0),
    PRIMARY KEY (seller, series, year)
);
GRANT SELECT, INSERT, UPDATE ON invoice_numbers TO cog_rt;
GRANT SELECT ON invoice_numbers TO cog_platform;
--rollback DROP TABLE invoice_numbers;

--changeset cognitionos:invoicing-invoices
CREATE TABLE invoices (
    tenant_id             uuid NOT NULL REFERENCES tenants,
    id                    uuid NOT NULL,
    subscription_id       uuid NOT NULL,
    kind                  text NOT NULL CHECK (kind IN ('start', 'period', 'final')),
    seller                text NOT NULL REFERENCES sellers,
    number                text,
    status                text NOT NULL CHECK (status IN ('draft', 'open', 'paid', 'void', 'uncollectible')),
    currency              char(3) NOT NULL,
    subtotal_cents        bigint NOT NULL,
    discount_cents        bigint NOT NULL DEFAULT 0 CHECK (discount_cents >= 0),
    tax_cents             bigint NOT NULL DEFAULT 0 CHECK (tax_cents >= 0),
    total_cents           bigint NOT NULL CHECK (total_cents >= 0),
    amount_paid_cents     bigint NOT NULL DEFAULT 0,
    balance_applied_cents bigint NOT NULL DEFAULT 0 CHECK (balance_applied_cents >= 0),
    period_start          timestamptz NOT NULL,
    period_end            timestamptz NOT NULL,
    buyer_name            text NOT NULL,
    buyer_email           text NOT NULL,
    finalized_at          timestamptz,
    due_date              timestamptz,
    paid_at               timestamptz,
    created_at            timestamptz NOT NULL,
    version               bigint NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, subscription_id) REFERENCES subscriptions,
    CONSTRAINT invoices_once_per_period UNIQUE (tenant_id, subscription_id, period_start, kind),
    CONSTRAINT invoices_number_unique UNIQUE (seller, number),
    CHECK (total_cents = subtotal_cents - discount_cents + tax_cents),
    CHECK (amount_paid_cents BETWEEN 0 AND total_cents - balance_applied_cents),
    CHECK ((status = 'draft') = (number IS NULL)),
    CHECK ((number IS NULL) = (finalized_at IS NULL))
);
CREATE INDEX invoices_unpaid ON invoices (tenant_id, due_date) WHERE status = 'open';
CREATE TABLE invoice_lines (
    tenant_id    uuid NOT NULL,
    invoice_id   uuid NOT NULL,
    position     integer NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('plan', 'overage', 'adjustment')),
    description  text NOT NULL,
    meter        text REFERENCES meters,
    plan         text NOT NULL,
    quantity     numeric(30, 6) NOT NULL,
    unit_price   numeric(30, 12) NOT NULL,
    amount_cents bigint NOT NULL,
    period_start timestamptz NOT NULL,
    period_end   timestamptz NOT NULL,
    proration    boolean NOT NULL,
    PRIMARY KEY (tenant_id, invoice_id, position),
    FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoices
);
CREATE INDEX invoice_lines_by_meter ON invoice_lines (tenant_id, meter, period_start) WHERE meter IS NOT NULL;
SELECT protect_tenant_table('invoices', 'SELECT, INSERT, UPDATE', 'SELECT');
SELECT protect_tenant_table('invoice_lines', 'SELECT, INSERT', 'SELECT');
ALTER TABLE late_usage ADD FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoices;
--rollback DROP TABLE invoice_lines; ALTER TABLE late_usage DROP CONSTRAINT late_usage_tenant_id_invoice_id_fkey; DROP TABLE invoices;

--changeset cognitionos:invoicing-immutable splitStatements:false
--comment: A finalised invoice only moves through its states and its payment; everything printed on it stays.
CREATE FUNCTION guard_invoice() RETURNS trigger
    LANGUAGE plpgsql AS
$$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'an invoice cannot be deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.status <> 'draft' AND (OLD.tenant_id, OLD.id, OLD.subscription_id, OLD.kind, OLD.seller, OLD.number, OLD.currency,
            OLD.subtotal_cents, OLD.discount_cents, OLD.tax_cents, OLD.total_cents, OLD.period_start, OLD.period_end,
            OLD.buyer_name, OLD.buyer_email, OLD.finalized_at, OLD.due_date, OLD.created_at)
        IS DISTINCT FROM (NEW.tenant_id, NEW.id, NEW.subscription_id, NEW.kind, NEW.seller, NEW.number, NEW.currency,
            NEW.subtotal_cents, NEW.discount_cents, NEW.tax_cents, NEW.total_cents, NEW.period_start, NEW.period_end,
            NEW.buyer_name, NEW.buyer_email, NEW.finalized_at, NEW.due_date, NEW.created_at) THEN
        RAISE EXCEPTION 'a finalised invoice does not change' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN (('draft', 'open'), ('open', 'paid'),
            ('open', 'void'), ('open', 'uncollectible'), ('uncollectible', 'paid')) THEN
        RAISE EXCEPTION 'an invoice does not go from % to %', OLD.status, NEW.status
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER invoices_guard BEFORE UPDATE OR DELETE ON invoices
    FOR EACH ROW EXECUTE FUNCTION guard_invoice();

CREATE FUNCTION guard_invoice_line() RETURNS trigger
    LANGUAGE plpgsql AS
$$
BEGIN
    IF TG_OP <> 'INSERT' OR NOT EXISTS (
            SELECT FROM invoices WHERE tenant_id = NEW.tenant_id AND id = NEW.invoice_id AND status = 'draft') THEN
        RAISE EXCEPTION 'the lines of a finalised invoice do not change' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER invoice_lines_guard BEFORE INSERT OR UPDATE OR DELETE ON invoice_lines
    FOR EACH ROW EXECUTE FUNCTION guard_invoice_line();

CREATE FUNCTION check_invoice_sum() RETURNS trigger
    LANGUAGE plpgsql AS
$$
BEGIN
    IF NEW.status <> 'draft' AND NEW.subtotal_cents <> (
            SELECT coalesce(sum(amount_cents), 0) FROM invoice_lines
            WHERE tenant_id = NEW.tenant_id AND invoice_id = NEW.id) THEN
        RAISE EXCEPTION 'the lines of invoice % do not sum to its subtotal', NEW.number
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER invoices_sum AFTER INSERT OR UPDATE OF status ON invoices
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_invoice_sum();
--rollback DROP TRIGGER invoices_sum ON invoices; DROP TRIGGER invoice_lines_guard ON invoice_lines; DROP TRIGGER invoices_guard ON invoices; DROP FUNCTION check_invoice_sum(); DROP FUNCTION guard_invoice_line(); DROP FUNCTION guard_invoice();

--changeset cognitionos:invoicing-runs
CREATE TABLE invoice_runs (
    id             uuid PRIMARY KEY,
    as_of          timestamptz NOT NULL,
    dry_run        boolean NOT NULL,
    status         text NOT NULL CHECK (status IN ('queued', 'running', 'completed', 'stopped', 'failed')),
    stop_requested boolean NOT NULL DEFAULT false,
    requested_by   text NOT NULL,
    created_at     timestamptz NOT NULL,
    started_at     timestamptz,
    ended_at       timestamptz,
    execution_id   bigint
);
GRANT SELECT, INSERT, UPDATE ON invoice_runs TO cog_platform;
GRANT SELECT ON invoice_runs TO cog_rt;
CREATE TABLE invoice_run_tenants (
    tenant_id    uuid NOT NULL REFERENCES tenants,
    run_id       uuid NOT NULL REFERENCES invoice_runs,
    status       text NOT NULL CHECK (status IN ('pending', 'done', 'failed')),
    reason       text,
    invoices     integer NOT NULL DEFAULT 0,
    amount_cents bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant_id, run_id)
);
COMMENT ON COLUMN invoice_run_tenants.invoices IS 'raised in the same transaction as the invoice itself, so a crash cannot make them differ';
CREATE INDEX invoice_run_tenants_by_run ON invoice_run_tenants (run_id, status, tenant_id);
SELECT protect_tenant_table('invoice_run_tenants', 'SELECT, UPDATE', 'SELECT, INSERT, UPDATE');
--rollback DROP TABLE invoice_run_tenants, invoice_runs;

--changeset cognitionos:invoicing-changes
--comment: An invoice for a change of plan, and lines that carry what is given back over to the customer's balance.
ALTER TABLE invoices
    DROP CONSTRAINT invoices_kind_check,
    ADD CONSTRAINT invoices_kind_check CHECK (kind IN ('start', 'period', 'change', 'final')),
    DROP CONSTRAINT invoices_once_per_period;
CREATE UNIQUE INDEX invoices_once_per_period ON invoices (tenant_id, subscription_id, period_start, kind)
    WHERE kind <> 'change';
ALTER TABLE invoice_lines
    DROP CONSTRAINT invoice_lines_kind_check,
    ADD CONSTRAINT invoice_lines_kind_check CHECK (kind IN ('plan', 'overage', 'adjustment', 'balance'));
--rollback DROP INDEX invoices_once_per_period; ALTER TABLE invoices ADD CONSTRAINT invoices_once_per_period UNIQUE (tenant_id, subscription_id, period_start, kind), DROP CONSTRAINT invoices_kind_check, ADD CONSTRAINT invoices_kind_check CHECK (kind IN ('start', 'period', 'final')); ALTER TABLE invoice_lines DROP CONSTRAINT invoice_lines_kind_check, ADD CONSTRAINT invoice_lines_kind_check CHECK (kind IN ('plan', 'overage', 'adjustment'));

--changeset cognitionos:invoicing-amounts
--comment: Discounts, taxes, prepaid credits and what is carried over. total = subtotal - discount + tax - the tax that prices include.
ALTER TABLE invoices
    ADD COLUMN tax_included_cents bigint NOT NULL DEFAULT 0,
    ADD COLUMN tax_treatment text NOT NULL DEFAULT 'standard'
        CHECK (tax_treatment IN ('standard', 'reverse_charge', 'exempt')),
    ADD COLUMN prepaid_applied_cents bigint NOT NULL DEFAULT 0 CHECK (prepaid_applied_cents >= 0),
    ADD COLUMN carried_over_cents bigint NOT NULL DEFAULT 0 CHECK (carried_over_cents >= 0),
    ADD COLUMN credited_cents bigint NOT NULL DEFAULT 0 CHECK (credited_cents >= 0),
    ADD COLUMN buyer_address text,
    ADD COLUMN buyer_country char(2),
    ADD COLUMN buyer_region text,
    ADD COLUMN buyer_tax_number text,
    DROP CONSTRAINT invoices_discount_cents_check,
    DROP CONSTRAINT invoices_tax_cents_check,
    DROP CONSTRAINT invoices_balance_applied_cents_check,
    DROP CONSTRAINT invoices_check,
    DROP CONSTRAINT invoices_check1,
    ADD CONSTRAINT invoices_total CHECK (
        total_cents = subtotal_cents - discount_cents + tax_cents - tax_included_cents),
    ADD CONSTRAINT invoices_paid CHECK (
        amount_paid_cents >= 0 AND amount_paid_cents + credited_cents <= total_cents - balance_applied_cents);
COMMENT ON COLUMN invoices.balance_applied_cents IS 'all of the total that is not to be paid in money: prepaid credits, the balance and what is carried over; below 0 where an earlier invoice left more to collect';
COMMENT ON COLUMN invoices.credited_cents IS 'what credit notes took off the amount due; the only figure that changes after finalisation besides the payment';
COMMENT ON COLUMN invoices.discount_cents IS 'below 0 where credits take back more of a discount than the charges are granted';
CREATE TABLE invoice_line_discounts (
    tenant_id   uuid NOT NULL,
    invoice_id  uuid NOT NULL,
    position    integer NOT NULL,
    discount_id uuid NOT NULL,
    cents       bigint NOT NULL CHECK (cents <> 0),
    PRIMARY KEY (tenant_id, invoice_id, position, discount_id),
    FOREIGN KEY (tenant_id, invoice_id, position) REFERENCES invoice_lines
);
CREATE TABLE invoice_line_taxes (
    tenant_id  uuid NOT NULL,
    invoice_id uuid NOT NULL,
    position   integer NOT NULL,
    ordinal    integer NOT NULL,
    code       text NOT NULL,
    percent    numeric(9, 6) NOT NULL CHECK (percent BETWEEN 0 AND 100),
    inclusive  boolean NOT NULL,
    cents      bigint NOT NULL,
    PRIMARY KEY (tenant_id, invoice_id, position, ordinal),
    FOREIGN KEY (tenant_id, invoice_id, position) REFERENCES invoice_lines
);
COMMENT ON COLUMN invoice_line_taxes.cents IS 'the line''s share of the tax, which is rounded once on the invoice; a tax of 0 cents is a row too';
CREATE TRIGGER invoice_line_discounts_guard BEFORE INSERT OR UPDATE OR DELETE ON invoice_line_discounts
    FOR EACH ROW EXECUTE FUNCTION guard_invoice_line();
CREATE TRIGGER invoice_line_taxes_guard BEFORE INSERT OR UPDATE OR DELETE ON invoice_line_taxes
    FOR EACH ROW EXECUTE FUNCTION guard_invoice_line();
SELECT protect_tenant_table('invoice_line_discounts', 'SELECT, INSERT', 'SELECT');
SELECT protect_tenant_table('invoice_line_taxes', 'SELECT, INSERT', 'SELECT');
--rollback DROP TABLE invoice_line_taxes, invoice_line_discounts; ALTER TABLE invoices DROP CONSTRAINT invoices_total, DROP CONSTRAINT invoices_paid, DROP COLUMN tax_included_cents, DROP COLUMN tax_treatment, DROP COLUMN prepaid_applied_cents, DROP COLUMN carried_over_cents, DROP COLUMN credited_cents, DROP COLUMN buyer_address, DROP COLUMN buyer_country, DROP COLUMN buyer_region, DROP COLUMN buyer_tax_number, ADD CONSTRAINT invoices_discount_cents_check CHECK (discount_cents >= 0), ADD CONSTRAINT invoices_tax_cents_check CHECK (tax_cents >= 0), ADD CONSTRAINT invoices_balance_applied_cents_check CHECK (balance_applied_cents >= 0), ADD CONSTRAINT invoices_check CHECK (total_cents = subtotal_cents - discount_cents + tax_cents), ADD CONSTRAINT invoices_check1 CHECK (amount_paid_cents BETWEEN 0 AND total_cents - balance_applied_cents);

--changeset cognitionos:invoicing-immutable-but-payment splitStatements:false rollbackSplitStatements:false
--comment: Names what may change rather than what may not, so that a new column is protected from its first day. An open invoice may become void in full or paid by a credit note.
CREATE OR REPLACE FUNCTION guard_invoice() RETURNS trigger
    LANGUAGE plpgsql AS
$$
DECLARE
    changing CONSTANT text[] := ARRAY['status', 'amount_paid_cents', 'credited_cents', 'paid_at', 'version'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'an invoice cannot be deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.status <> 'draft' THEN
        IF to_jsonb(OLD) - changing IS DISTINCT FROM to_jsonb(NEW) - changing THEN
            RAISE EXCEPTION 'a finalised invoice does not change' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    IF OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN (('draft', 'open'), ('open', 'paid'),
            ('open', 'void'), ('open', 'uncollectible'), ('uncollectible', 'paid')) THEN
        RAISE EXCEPTION 'an invoice does not go from % to %', OLD.status, NEW.status
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE OR REPLACE FUNCTION check_invoice_sum() RETURNS trigger
    LANGUAGE plpgsql AS
$$
DECLARE
    lines bigint;
    discounts bigint;
    taxes bigint;
    included bigint;
BEGIN
    IF NEW.status <> 'draft' THEN
        SELECT coalesce(sum(amount_cents), 0) INTO lines FROM invoice_lines
            WHERE tenant_id = NEW.tenant_id AND invoice_id = NEW.id;
        SELECT coalesce(sum(cents), 0) INTO discounts FROM invoice_line_discounts
            WHERE tenant_id = NEW.tenant_id AND invoice_id = NEW.id;
        SELECT coalesce(sum(cents), 0), coalesce(sum(cents) FILTER (WHERE inclusive), 0) INTO taxes, included
            FROM invoice_line_taxes WHERE tenant_id = NEW.tenant_id AND invoice_id = NEW.id;
        IF (NEW.subtotal_cents, NEW.discount_cents, NEW.tax_cents, NEW.tax_included_cents)
                IS DISTINCT FROM (lines, discounts, taxes, included) THEN
            RAISE EXCEPTION 'the lines of invoice % do not sum to its amounts', NEW.number
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NULL;
END
$$;
--rollback CREATE OR REPLACE FUNCTION guard_invoice() RETURNS trigger
--rollback     LANGUAGE plpgsql AS
--rollback $$
--rollback BEGIN
--rollback     IF TG_OP = 'DELETE' THEN
--rollback         RAISE EXCEPTION 'an invoice cannot be deleted' USING ERRCODE = 'integrity_constraint_violation';
--rollback     END IF;
--rollback     IF OLD.status <> 'draft' AND (OLD.tenant_id, OLD.id, OLD.subscription_id, OLD.kind, OLD.seller, OLD.number, OLD.currency,
--rollback             OLD.subtotal_cents, OLD.discount_cents, OLD.tax_cents, OLD.total_cents, OLD.period_start, OLD.period_end,
--rollback             OLD.buyer_name, OLD.buyer_email, OLD.finalized_at, OLD.due_date, OLD.created_at)
--rollback         IS DISTINCT FROM (NEW.tenant_id, NEW.id, NEW.subscription_id, NEW.kind, NEW.seller, NEW.number, NEW.currency,
--rollback             NEW.subtotal_cents, NEW.discount_cents, NEW.tax_cents, NEW.total_cents, NEW.period_start, NEW.period_end,
--rollback             NEW.buyer_name, NEW.buyer_email, NEW.finalized_at, NEW.due_date, NEW.created_at) THEN
--rollback         RAISE EXCEPTION 'a finalised invoice does not change' USING ERRCODE = 'integrity_constraint_violation';
--rollback     END IF;
--rollback     IF OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN (('draft', 'open'), ('open', 'paid'),
--rollback             ('open', 'void'), ('open', 'uncollectible'), ('uncollectible', 'paid')) THEN
--rollback         RAISE EXCEPTION 'an invoice does not go from % to %', OLD.status, NEW.status
--rollback             USING ERRCODE = 'integrity_constraint_violation';
--rollback     END IF;
--rollback     RETURN NEW;
--rollback END
--rollback $$;
--rollback CREATE OR REPLACE FUNCTION check_invoice_sum() RETURNS trigger
--rollback     LANGUAGE plpgsql AS
--rollback $$
--rollback BEGIN
--rollback     IF NEW.status <> 'draft' AND NEW.subtotal_cents <> (
--rollback             SELECT coalesce(sum(amount_cents), 0) FROM invoice_lines
--rollback             WHERE tenant_id = NEW.tenant_id AND invoice_id = NEW.id) THEN
--rollback         RAISE EXCEPTION 'the lines of invoice % do not sum to its subtotal', NEW.number
--rollback             USING ERRCODE = 'integrity_constraint_violation';
--rollback     END IF;
--rollback     RETURN NULL;
--rollback END
--rollback $$;

--changeset cognitionos:invoicing-documents
--comment: Documents as they were made, once each. document_id is the invoice's own id, or that of a credit note on it.
CREATE TABLE invoice_documents (
    tenant_id   uuid NOT NULL,
    document_id uuid NOT NULL,
    invoice_id  uuid NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('pdf', 'cii', 'ubl')),
    content     bytea NOT NULL,
    sha256      bytea NOT NULL CHECK (sha256 = sha256(content)),
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, document_id, kind),
    FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoices
);
CREATE TRIGGER invoice_documents_append_only BEFORE UPDATE OR DELETE ON invoice_documents
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
SELECT protect_tenant_table('invoice_documents', 'SELECT, INSERT', 'SELECT');
--rollback DROP TABLE invoice_documents;

--changeset cognitionos:invoicing-commitments
--comment: What a month is lifted to, or kept to, by what was agreed.
ALTER TABLE invoice_lines
    DROP CONSTRAINT invoice_lines_kind_check,
    ADD CONSTRAINT invoice_lines_kind_check CHECK (kind IN ('plan', 'overage', 'adjustment', 'commitment', 'balance'));
--rollback ALTER TABLE invoice_lines DROP CONSTRAINT invoice_lines_kind_check, ADD CONSTRAINT invoice_lines_kind_check CHECK (kind IN ('plan', 'overage', 'adjustment', 'balance'));

--changeset cognitionos:invoicing-charges
--comment: What finance adds to a tenant's next invoice, once.
CREATE TABLE one_off_charges (
    tenant_id    uuid NOT NULL REFERENCES tenants,
    id           uuid NOT NULL,
    description  text NOT NULL,
    amount_cents bigint NOT NULL CHECK (amount_cents > 0),
    currency     char(3) NOT NULL,
    created_at   timestamptz NOT NULL,
    invoice_id   uuid,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoices
);
COMMENT ON COLUMN one_off_charges.invoice_id IS 'the invoice it is on; NULL: waits for the next one';
CREATE INDEX one_off_charges_waiting ON one_off_charges (tenant_id, created_at) WHERE invoice_id IS NULL;
SELECT protect_tenant_table('one_off_charges', 'SELECT, INSERT, UPDATE (invoice_id), DELETE', 'SELECT');
ALTER TABLE invoice_lines
    DROP CONSTRAINT invoice_lines_kind_check,
    ADD CONSTRAINT invoice_lines_kind_check CHECK (
        kind IN ('plan', 'overage', 'adjustment', 'commitment', 'charge', 'balance'));
--rollback DROP TABLE one_off_charges; ALTER TABLE invoice_lines DROP CONSTRAINT invoice_lines_kind_check, ADD CONSTRAINT invoice_lines_kind_check CHECK (kind IN ('plan', 'overage', 'adjustment', 'commitment', 'balance'));

--changeset cognitionos:invoicing-charges-stay splitStatements:false
CREATE FUNCTION keep_invoiced_charge() RETURNS trigger
    LANGUAGE plpgsql AS
$$
BEGIN
    IF OLD.invoice_id IS NOT NULL THEN
        RAISE EXCEPTION 'an invoiced charge does not change' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END
$$;
CREATE TRIGGER one_off_charges_keep BEFORE UPDATE OR DELETE ON one_off_charges
    FOR EACH ROW EXECUTE FUNCTION keep_invoiced_charge();
--rollback DROP TRIGGER one_off_charges_keep ON one_off_charges; DROP FUNCTION keep_invoiced_charge();

--changeset cognitionos:invoicing-credit-notes
--comment: What was taken off finalised invoices. A note is issued whole, in one transaction, and never changes.
ALTER TABLE invoice_numbers
    DROP CONSTRAINT invoice_numbers_series_check,
    ADD CONSTRAINT invoice_numbers_series_check CHECK (series IN ('INV', 'TEST', 'CN', 'TEST-CN'));
CREATE TABLE credit_notes (
    tenant_id          uuid NOT NULL REFERENCES tenants,
    id                 uuid NOT NULL,
    invoice_id         uuid NOT NULL,
    seller             text NOT NULL REFERENCES sellers,
    number             text NOT NULL,
    currency           char(3) NOT NULL,
    reason             text NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
    subtotal_cents     bigint NOT NULL,
    discount_cents     bigint NOT NULL,
    tax_cents          bigint NOT NULL,
    tax_included_cents bigint NOT NULL,
    total_cents        bigint NOT NULL CHECK (total_cents >= 0),
    reduced_due_cents  bigint NOT NULL CHECK (reduced_due_cents >= 0),
    refund_cents       bigint NOT NULL CHECK (refund_cents >= 0),
    to_balance_cents   bigint NOT NULL CHECK (to_balance_cents >= 0),
    issued_at          timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoices,
    CONSTRAINT credit_notes_number_unique UNIQUE (seller, number),
    CONSTRAINT credit_notes_total CHECK (
        total_cents = subtotal_cents - discount_cents + tax_cents - tax_included_cents),
    CONSTRAINT credit_notes_use CHECK (total_cents = reduced_due_cents + refund_cents + to_balance_cents)
);
CREATE INDEX credit_notes_of_invoice ON credit_notes (tenant_id, invoice_id);
CREATE INDEX credit_notes_by_time ON credit_notes (tenant_id, issued_at, id);
CREATE TABLE credit_note_lines (
    tenant_id      uuid NOT NULL,
    credit_note_id uuid NOT NULL,
    position       integer NOT NULL,
    invoice_id     uuid NOT NULL,
    amount_cents   bigint NOT NULL CHECK (amount_cents <> 0),
    discount_cents bigint NOT NULL,
    PRIMARY KEY (tenant_id, credit_note_id, position),
    FOREIGN KEY (tenant_id, credit_note_id) REFERENCES credit_notes,
    FOREIGN KEY (tenant_id, invoice_id, position) REFERENCES invoice_lines
);
COMMENT ON COLUMN credit_note_lines.position IS 'of the line on its invoice; amounts have that line''s sign';
CREATE INDEX credit_note_lines_of_invoice ON credit_note_lines (tenant_id, invoice_id);
CREATE TABLE credit_note_line_taxes (
    tenant_id      uuid NOT NULL,
    credit_note_id uuid NOT NULL,
    position       integer NOT NULL,
    ordinal        integer NOT NULL,
    code           text NOT NULL,
    percent        numeric(9, 6) NOT NULL,
    inclusive      boolean NOT NULL,
    cents          bigint NOT NULL,
    PRIMARY KEY (tenant_id, credit_note_id, position, ordinal),
    FOREIGN KEY (tenant_id, credit_note_id, position) REFERENCES credit_note_lines
);
CREATE TRIGGER credit_notes_append_only BEFORE UPDATE OR DELETE ON credit_notes
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER credit_note_lines_append_only BEFORE UPDATE OR DELETE ON credit_note_lines
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER credit_note_line_taxes_append_only BEFORE UPDATE OR DELETE ON credit_note_line_taxes
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
SELECT protect_tenant_table('credit_notes', 'SELECT, INSERT', 'SELECT');
SELECT protect_tenant_table('credit_note_lines', 'SELECT, INSERT', 'SELECT');
SELECT protect_tenant_table('credit_note_line_taxes', 'SELECT, INSERT', 'SELECT');
--rollback DROP TABLE credit_note_line_taxes, credit_note_lines, credit_notes; DELETE FROM invoice_numbers WHERE series IN ('CN', 'TEST-CN'); ALTER TABLE invoice_numbers DROP CONSTRAINT invoice_numbers_series_check, ADD CONSTRAINT invoice_numbers_series_check CHECK (series IN ('INV', 'TEST'));

--changeset cognitionos:invoicing-credit-note-sums splitStatements:false rollbackSplitStatements:false
--comment: At commit, whatever was inserted: a note is the sum of its lines, and all notes of an invoice are at most the invoice. The invoice's row is locked, so that two notes at once see each other.
CREATE FUNCTION check_credit_note() RETURNS trigger
    LANGUAGE plpgsql AS
$$
DECLARE
    note credit_notes;
    target uuid;
    invoiced bigint;
    credited bigint;
    lines bigint;
    discounts bigint;
    taxes bigint;
    included bigint;
BEGIN
    IF TG_TABLE_NAME = 'credit_notes' THEN
        target := NEW.id;
    ELSE
        target := NEW.credit_note_id;
    END IF;
    SELECT * INTO note FROM credit_notes WHERE tenant_id = NEW.tenant_id AND id = target;
    SELECT coalesce(sum(amount_cents), 0), coalesce(sum(discount_cents), 0) INTO lines, discounts
        FROM credit_note_lines
        WHERE tenant_id = note.tenant_id AND credit_note_id = note.id AND invoice_id = note.invoice_id;
    SELECT coalesce(sum(cents), 0), coalesce(sum(cents) FILTER (WHERE inclusive), 0) INTO taxes, included
        FROM credit_note_line_taxes WHERE tenant_id = note.tenant_id AND credit_note_id = note.id;
    IF (note.subtotal_cents, note.discount_cents, note.tax_cents, note.tax_included_cents)
            IS DISTINCT FROM (lines, discounts, taxes, included) THEN
        RAISE EXCEPTION 'the lines of credit note % do not sum to its amounts', note.number
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT total_cents INTO invoiced FROM invoices
        WHERE tenant_id = note.tenant_id AND id = note.invoice_id AND status IN ('open', 'paid') FOR UPDATE;
    SELECT sum(total_cents) INTO credited FROM credit_notes
        WHERE tenant_id = note.tenant_id AND invoice_id = note.invoice_id;
    IF invoiced IS NULL OR credited > invoiced THEN
        RAISE EXCEPTION 'credit note % takes more off its invoice than there is', note.number
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER credit_notes_sum AFTER INSERT ON credit_notes
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_credit_note();
CREATE CONSTRAINT TRIGGER credit_note_lines_sum AFTER INSERT ON credit_note_lines
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_credit_note();
CREATE CONSTRAINT TRIGGER credit_note_line_taxes_sum AFTER INSERT ON credit_note_line_taxes
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_credit_note();
--rollback DROP TRIGGER credit_note_line_taxes_sum ON credit_note_line_taxes; DROP TRIGGER credit_note_lines_sum ON credit_note_lines; DROP TRIGGER credit_notes_sum ON credit_notes; DROP FUNCTION check_credit_note();

--changeset cognitionos:invoicing-collection-minimums
--comment: What is not worth collecting is carried over to the next invoice; without a row everything is collected.
CREATE TABLE collection_minimums (
    currency   char(3) PRIMARY KEY CHECK (currency ~ '^[A-Z]{3}$'),
    cents      bigint NOT NULL CHECK (cents >= 0),
    updated_at timestamptz NOT NULL
);
GRANT SELECT ON collection_minimums TO cog_rt;
GRANT SELECT, INSERT, UPDATE ON collection_minimums TO cog_platform;
--rollback DROP TABLE collection_minimums;

--changeset cognitionos:invoicing-add-on-lines
ALTER TABLE invoice_lines
    DROP CONSTRAINT invoice_lines_kind_check,
    ADD CONSTRAINT invoice_lines_kind_check CHECK (
        kind IN ('plan', 'add_on', 'overage', 'adjustment', 'commitment', 'charge', 'balance'));
COMMENT ON COLUMN invoice_lines.plan IS 'whose price it is, by code: a plan''s, of an add-on''s line the add-on''s';
--rollback COMMENT ON COLUMN invoice_lines.plan IS NULL; ALTER TABLE invoice_lines DROP CONSTRAINT invoice_lines_kind_check, ADD CONSTRAINT invoice_lines_kind_check CHECK (kind IN ('plan', 'overage', 'adjustment', 'commitment', 'charge', 'balance'));
--changeset cognitionos:invoicing-seller-versions
--comment: The seller as it was. A change of it is a new version; a document keeps that of its day. Documents from before it keep what was known.
CREATE TABLE seller_versions (
    seller              text NOT NULL REFERENCES sellers,
    version             bigint NOT NULL CHECK (version > 0),
    name                text NOT NULL,
    address             text NOT NULL,
    country             char(2) NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
    tax_number          text,
    registration_number text,
    email               text,
    iban                text,
    bic                 text CHECK (bic IS NULL OR iban IS NOT NULL),
    payment_terms       text,
    created_at          timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (seller, version)
);
INSERT INTO seller_versions (seller, version, name, address, country, tax_number)
    SELECT code, 1, name, address, country, tax_number FROM sellers;
ALTER TABLE seller_versions ALTER COLUMN created_at DROP DEFAULT;
ALTER TABLE sellers
    ADD COLUMN version bigint NOT NULL DEFAULT 1,
    DROP COLUMN name,
    DROP COLUMN address,
    DROP COLUMN country,
    DROP COLUMN tax_number,
    ADD FOREIGN KEY (code, version) REFERENCES seller_versions (seller, version) DEFERRABLE INITIALLY DEFERRED;
COMMENT ON COLUMN sellers.version IS 'the present one';
ALTER TABLE invoices ADD COLUMN seller_version bigint DEFAULT 1;
ALTER TABLE invoices
    ALTER COLUMN seller_version DROP DEFAULT,
    ADD CONSTRAINT invoices_seller_version CHECK (status = 'draft' OR seller_version IS NOT NULL),
    ADD CONSTRAINT invoices_seller_as_it_was FOREIGN KEY (seller, seller_version) REFERENCES seller_versions;
ALTER TABLE credit_notes ADD COLUMN seller_version bigint NOT NULL DEFAULT 1;
ALTER TABLE credit_notes
    ALTER COLUMN seller_version DROP DEFAULT,
    ADD CONSTRAINT credit_notes_seller_as_it_was FOREIGN KEY (seller, seller_version) REFERENCES seller_versions;
CREATE TRIGGER seller_versions_append_only BEFORE UPDATE OR DELETE ON seller_versions
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
GRANT SELECT ON seller_versions TO cog_rt;
GRANT SELECT, INSERT ON seller_versions TO cog_platform;
GRANT UPDATE (version) ON sellers TO cog_platform;
--rollback ALTER TABLE invoices DROP COLUMN seller_version; ALTER TABLE credit_notes DROP COLUMN seller_version; ALTER TABLE sellers ADD COLUMN name text, ADD COLUMN address text, ADD COLUMN country char(2), ADD COLUMN tax_number text; UPDATE sellers SET name = v.name, address = v.address, country = v.country, tax_number = v.tax_number FROM seller_versions v WHERE v.seller = code AND v.version = sellers.version; ALTER TABLE sellers ALTER COLUMN name SET NOT NULL, ALTER COLUMN address SET NOT NULL, ALTER COLUMN country SET NOT NULL, DROP COLUMN version; REVOKE UPDATE ON sellers FROM cog_platform; DROP TABLE seller_versions;

--changeset cognitionos:invoicing-credits-written-down
--comment: What a credit line gives back of a charge is decided once, as the later of both is finalised. Notes and withdrawals come after it and cannot move it.
CREATE TABLE invoice_line_credits (
    tenant_id         uuid NOT NULL,
    invoice_id        uuid NOT NULL,
    position          integer NOT NULL,
    ordinal           integer NOT NULL CHECK (ordinal > 0),
    charge_invoice_id uuid NOT NULL,
    charge_position   integer NOT NULL,
    cents             bigint NOT NULL CHECK (cents > 0),
    discount_cents    bigint NOT NULL CHECK (discount_cents BETWEEN 0 AND cents),
    ahead             boolean NOT NULL,
    PRIMARY KEY (tenant_id, invoice_id, position, ordinal),
    FOREIGN KEY (tenant_id, invoice_id, position) REFERENCES invoice_lines,
    FOREIGN KEY (tenant_id, charge_invoice_id, charge_position) REFERENCES invoice_lines,
    CHECK (NOT ahead OR discount_cents = 0)
);
COMMENT ON COLUMN invoice_line_credits.cents IS 'what of the charge is given back, before discounts';
COMMENT ON COLUMN invoice_line_credits.discount_cents IS 'what discounts had taken off that part';
COMMENT ON COLUMN invoice_line_credits.ahead IS 'whether the charge was not invoiced before: no discount was granted on that part of it';
CREATE INDEX invoice_line_credits_charge ON invoice_line_credits (tenant_id, charge_invoice_id);
CREATE TRIGGER invoice_line_credits_append_only BEFORE UPDATE OR DELETE ON invoice_line_credits
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
SELECT protect_tenant_table('invoice_line_credits', 'SELECT, INSERT', 'SELECT');
--rollback DROP TABLE invoice_line_credits;

--changeset cognitionos:invoicing-run-restarts
--comment: So often a run was begun anew after its job broke off for no tenant's fault.
ALTER TABLE invoice_runs ADD COLUMN restarts integer NOT NULL DEFAULT 0 CHECK (restarts >= 0);
--rollback ALTER TABLE invoice_runs DROP COLUMN restarts;

--changeset cognitionos:invoicing-run-scope
--comment: A run of some tenants says nothing of the others, and is compared accordingly. Of earlier runs only those of the timer are known to be of all live tenants, of the others it is not known; the amounts of earlier runs are in the currency of the latest subscription.
ALTER TABLE invoice_runs ADD COLUMN scope text NOT NULL DEFAULT 'unknown'
    CHECK (scope IN ('all', 'live', 'named', 'unknown'));
UPDATE invoice_runs SET scope = 'live' WHERE requested_by = 'timer';
ALTER TABLE invoice_run_tenants ADD COLUMN currency text;
COMMENT ON COLUMN invoice_runs.scope IS 'of whom it tells all that is due; live is all but test tenants; unknown says nothing of those who are not in it';
COMMENT ON COLUMN invoice_run_tenants.currency IS 'of the invoices';
--rollback ALTER TABLE invoice_run_tenants DROP COLUMN currency; ALTER TABLE invoice_runs DROP COLUMN scope;
