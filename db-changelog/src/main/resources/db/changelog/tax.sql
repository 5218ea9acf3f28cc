--liquibase formatted sql

--changeset cognitionos:tax-rates
--comment: A rate never changes, or what was invoiced by it could not be explained any more; it only ends.
CREATE TABLE tax_rates (
    id         uuid PRIMARY KEY,
    code       text NOT NULL CHECK (code ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
    percent    numeric(9, 6) NOT NULL CHECK (percent BETWEEN 0 AND 100),
    inclusive  boolean NOT NULL,
    country    char(2) NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
    region     text CHECK (region ~ '^[A-Z0-9]{1,3}$'),
    categories text[] NOT NULL,
    valid_from date NOT NULL,
    valid_to   date,
    created_at timestamptz NOT NULL,
    CHECK (valid_from < valid_to)
);
COMMENT ON COLUMN tax_rates.categories IS 'tax categories of lines; none is all of them';
COMMENT ON COLUMN tax_rates.valid_to IS 'the first day on which it no longer is in force';
CREATE INDEX tax_rates_by_country ON tax_rates (country, code, valid_from);
GRANT SELECT ON tax_rates TO cog_rt;
GRANT SELECT, INSERT, UPDATE (valid_to) ON tax_rates TO cog_platform;
--rollback DROP TABLE tax_rates;
