--liquibase formatted sql

--changeset cognitionos:coupon-coupons
--comment: What a coupon gives never changes. Only the platform reads them: a code is worth money to whoever knows it.
CREATE TABLE coupons (
    code            text PRIMARY KEY CHECK (code ~ '^[A-Z0-9][A-Z0-9_-]{0,62}$'),
    name            text NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
    percent         numeric(7, 4) CHECK (percent > 0 AND percent <= 100),
    amount_cents    bigint CHECK (amount_cents > 0),
    currency        char(3) CHECK (currency ~ '^[A-Z]{3}$'),
    periods         integer CHECK (periods > 0),
    plans           text[] NOT NULL,
    kinds           text[] NOT NULL,
    priority        integer NOT NULL,
    keeps_rest      boolean NOT NULL,
    max_redemptions integer CHECK (max_redemptions > 0),
    redemptions     integer NOT NULL DEFAULT 0 CHECK (redemptions >= 0),
    redeem_by       timestamptz,
    created_at      timestamptz NOT NULL,
    archived_at     timestamptz,
    CHECK ((percent IS NULL) <> (amount_cents IS NULL)),
    CHECK ((amount_cents IS NULL) = (currency IS NULL)),
    CHECK (redemptions <= max_redemptions)
);
COMMENT ON COLUMN coupons.periods IS 'billing periods for which it applies, 1 for a single invoice; NULL for ever';
COMMENT ON COLUMN coupons.keeps_rest IS 'what an amount has left over goes to the next invoice';
GRANT SELECT, INSERT, UPDATE (redemptions, archived_at) ON coupons TO cog_platform;
--rollback DROP TABLE coupons;

--changeset cognitionos:coupon-redemptions
--comment: One coupon once per tenant, also after it was removed, with what it promised. The state is what the last invoice left.
CREATE TABLE coupon_redemptions (
    tenant_id     uuid NOT NULL REFERENCES tenants,
    id            uuid NOT NULL,
    coupon        text NOT NULL REFERENCES coupons,
    name          text NOT NULL,
    percent       numeric(7, 4),
    amount_cents  bigint,
    currency      char(3),
    periods       integer,
    plans         text[] NOT NULL,
    kinds         text[] NOT NULL,
    priority      integer NOT NULL,
    keeps_rest    boolean NOT NULL,
    redeemed_at   timestamptz NOT NULL,
    removed_at    timestamptz,
    periods_used  integer NOT NULL DEFAULT 0 CHECK (periods_used >= 0),
    last_period   timestamptz,
    carried_cents bigint NOT NULL DEFAULT 0 CHECK (carried_cents >= 0),
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT coupon_redeemed_once UNIQUE (tenant_id, coupon)
);
COMMENT ON COLUMN coupon_redemptions.last_period IS 'start of the billing period that began the last of periods_used';
SELECT protect_tenant_table('coupon_redemptions', 'SELECT, INSERT, UPDATE', 'SELECT');
--rollback DROP TABLE coupon_redemptions;

--changeset cognitionos:coupon-uses
--comment: What each invoice used up, to be given back where it is void.
CREATE TABLE coupon_uses (
    tenant_id      uuid NOT NULL,
    redemption_id  uuid NOT NULL,
    invoice_id     uuid NOT NULL,
    period         timestamptz NOT NULL,
    in_period      boolean NOT NULL,
    given_cents    bigint NOT NULL,
    carried_change bigint NOT NULL,
    returned_at    timestamptz,
    PRIMARY KEY (tenant_id, redemption_id, invoice_id),
    FOREIGN KEY (tenant_id, redemption_id) REFERENCES coupon_redemptions
);
COMMENT ON COLUMN coupon_uses.in_period IS 'whether it began the billing period, or had the percentage in it';
COMMENT ON COLUMN coupon_uses.given_cents IS 'what it has of the coupon beyond what its credit lines took back';
COMMENT ON COLUMN coupon_uses.carried_change IS 'by how much it changed what the redemption carries over';
SELECT protect_tenant_table('coupon_uses', 'SELECT, INSERT, UPDATE (returned_at)', 'SELECT');
--rollback DROP TABLE coupon_uses;
