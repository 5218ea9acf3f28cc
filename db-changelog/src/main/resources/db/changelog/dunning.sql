--liquibase formatted sql

--changeset cognitionos:dunning-policies
--comment: How failed invoices are gone after. A change is a new version, the highest one holds; cases keep that which they began with.
CREATE TABLE dunning_policies (
    version      bigint PRIMARY KEY CHECK (version > 0),
    retry_days   integer[] NOT NULL CHECK (array_length(retry_days, 1) BETWEEN 1 AND 10),
    grace_days   integer NOT NULL CHECK (grace_days BETWEEN 0 AND 90),
    suspend      boolean NOT NULL,
    without_card boolean NOT NULL,
    created_at   timestamptz NOT NULL
);
COMMENT ON COLUMN dunning_policies.retry_days IS 'days after the first failure, ascending';
COMMENT ON COLUMN dunning_policies.grace_days IS 'days from unpaid to the suspension';
COMMENT ON COLUMN dunning_policies.without_card IS 'whether an invoice that no card was there for is gone after from its due date on';
INSERT INTO dunning_policies VALUES (1, '{1,3,5,7}', 7, true, false, now());
CREATE TRIGGER dunning_policies_append_only BEFORE UPDATE OR DELETE ON dunning_policies
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
GRANT SELECT ON dunning_policies TO cog_rt;
GRANT SELECT, INSERT ON dunning_policies TO cog_platform;
--rollback DROP TABLE dunning_policies;

--changeset cognitionos:dunning-cases
--comment: An invoice that is gone after, at most one case each. step: how many of the policy's retries are over.
CREATE TABLE dunning_cases (
    tenant_id       uuid NOT NULL,
    id              uuid NOT NULL,
    invoice_id      uuid NOT NULL,
    policy_version  bigint NOT NULL REFERENCES dunning_policies,
    state           text NOT NULL CHECK (state IN ('active', 'recovered', 'exhausted', 'closed')),
    step            integer NOT NULL DEFAULT 0 CHECK (step >= 0),
    began_at        timestamptz NOT NULL,
    next_at         timestamptz,
    card_at         timestamptz,
    unpaid_at       timestamptz,
    ended_at        timestamptz,
    failure_code    text,
    declined_card   uuid,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, invoice_id),
    FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoices,
    FOREIGN KEY (tenant_id, declined_card) REFERENCES payment_methods,
    CHECK ((state = 'active') = (next_at IS NOT NULL)),
    CHECK ((state IN ('recovered', 'closed')) = (ended_at IS NOT NULL)),
    CHECK (card_at IS NULL OR state IN ('active', 'exhausted'))
);
COMMENT ON COLUMN dunning_cases.card_at IS 'another card is to be tried, aside from the steps';
COMMENT ON COLUMN dunning_cases.declined_card IS 'a card whose bank said not to try it again';
CREATE INDEX dunning_cases_open ON dunning_cases (tenant_id, next_at) WHERE state IN ('active', 'exhausted');
SELECT protect_tenant_table('dunning_cases', 'SELECT, INSERT, UPDATE', 'SELECT');
--rollback DROP TABLE dunning_cases;

--changeset cognitionos:dunning-card-notices
--comment: What was said about a card that ends, once each.
CREATE TABLE card_notices (
    tenant_id         uuid NOT NULL,
    payment_method_id uuid NOT NULL,
    kind              text NOT NULL CHECK (kind IN ('last_month', 'last_day')),
    sent_at           timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, payment_method_id, kind),
    FOREIGN KEY (tenant_id, payment_method_id) REFERENCES payment_methods
);
SELECT protect_tenant_table('card_notices', 'SELECT, INSERT', 'SELECT');
--rollback DROP TABLE card_notices;
