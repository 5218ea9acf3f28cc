--liquibase formatted sql

--changeset cognitionos:kernel-roles splitStatements:false rollbackSplitStatements:false
--comment: The application signs in as cog_app, which may do nothing itself: each transaction takes on cog_rt (one tenant, by row security) or cog_platform (the named cross-tenant role).
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'cog_rt') THEN
        CREATE ROLE cog_rt NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'cog_platform') THEN
        CREATE ROLE cog_platform NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'cog_app') THEN
        CREATE ROLE cog_app LOGIN NOINHERIT;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'cog_jobs') THEN
        CREATE ROLE cog_jobs LOGIN;
    END IF;
    EXECUTE 'GRANT cog_rt, cog_platform TO cog_app WITH INHERIT FALSE, SET TRUE';
    EXECUTE format('GRANT cog_jobs TO %I WITH SET TRUE', current_user);
END
$$;
GRANT USAGE ON SCHEMA public TO cog_rt, cog_platform;
--rollback DO $$ DECLARE r text; BEGIN EXECUTE 'REVOKE ALL ON SCHEMA public FROM cog_rt, cog_platform'; FOREACH r IN ARRAY ARRAY['cog_app','cog_jobs','cog_platform','cog_rt'] LOOP BEGIN EXECUTE format('DROP ROLE %I', r); EXCEPTION WHEN dependent_objects_still_exist THEN RAISE NOTICE 'role % serves another database of this cluster', r; END; END LOOP; END $$;

--changeset cognitionos:kernel-batch-schema
--comment: The Jakarta Batch job repository; Open Liberty makes its tables there.
CREATE SCHEMA batch AUTHORIZATION cog_jobs;
--rollback DROP SCHEMA batch CASCADE;

--changeset cognitionos:kernel-current-tenant splitStatements:false
--comment: After a commit a transaction-local setting reads as the empty string, hence nullif.
CREATE FUNCTION current_tenant() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('app.tenant_id', true), '')::uuid;
--rollback DROP FUNCTION current_tenant();

--changeset cognitionos:kernel-protect splitStatements:false
--comment: The one way a table becomes tenant data: row security, forced, and the two roles' rights.
CREATE FUNCTION protect_tenant_table(target regclass, runtime_rights text, platform_rights text,
                                     tenant_column name DEFAULT 'tenant_id') RETURNS void
    LANGUAGE plpgsql AS
$$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
    EXECUTE format('CREATE POLICY own_tenant ON %s TO cog_rt USING (%I = current_tenant()) WITH CHECK (%I = current_tenant())',
                   target, tenant_column, tenant_column);
    EXECUTE format('CREATE POLICY all_tenants ON %s TO cog_platform USING (true) WITH CHECK (true)', target);
    EXECUTE format('GRANT %s ON %s TO cog_rt', runtime_rights, target);
    EXECUTE format('GRANT %s ON %s TO cog_platform', platform_rights, target);
END
$$;
--rollback DROP FUNCTION protect_tenant_table(regclass, text, text, name);

--changeset cognitionos:kernel-refuse-change splitStatements:false
CREATE FUNCTION refuse_change() RETURNS trigger
    LANGUAGE plpgsql AS
$$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END
$$;
--rollback DROP FUNCTION refuse_change();

--changeset cognitionos:kernel-installation
--comment: What this installation remembers of itself, such as that the demo world was told.
CREATE TABLE installation (
    key   text PRIMARY KEY,
    value text NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON installation TO cog_platform;
--rollback DROP TABLE installation;

--changeset cognitionos:kernel-leases splitStatements:false
--comment: What one node at a time may work on. Times are the database's. The fence only ever rises, also from one lease to the next, so a row may go; as part of a key it can be changed only once nobody holds the row, while a heartbeat passes.
CREATE SEQUENCE lease_fences;
CREATE TABLE leases (
    name   text PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 200),
    fence  bigint NOT NULL DEFAULT nextval('lease_fences'),
    holder text NOT NULL,
    until  timestamptz NOT NULL,
    UNIQUE (name, fence)
);
COMMENT ON COLUMN leases.until IS 'from then on any node may take it; until one does, the holder may still go on';
GRANT SELECT, INSERT, UPDATE, DELETE ON leases TO cog_platform;
GRANT USAGE ON SEQUENCE lease_fences TO cog_platform;

-- Whether the lease is still that one; if so nobody takes it before this transaction ends, and the transaction ends if its
-- node falls silent in the middle.
CREATE FUNCTION hold_lease(lease text, expected bigint) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS
$$
BEGIN
    PERFORM set_config('idle_in_transaction_session_timeout', '10s', true);
    PERFORM FROM leases l WHERE l.name = lease AND l.fence = expected FOR KEY SHARE;
    RETURN FOUND;
END
$$;
REVOKE ALL ON FUNCTION hold_lease(text, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hold_lease(text, bigint) TO cog_app, cog_rt, cog_platform;
--rollback DROP FUNCTION hold_lease(text, bigint);
--rollback DROP TABLE leases;
--rollback DROP SEQUENCE lease_fences;
