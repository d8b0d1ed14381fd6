-- The second wall: whoever serves sees the rows of one tenant, and cannot change what is only added to.
--
-- `nagar_tenant` is the role of every transaction of a tenant, `nagar_everybody` that of the few that look
-- at all of them: clocks, jobs, sessions and what ends by itself. Neither owns anything. The owner, who
-- migrates, is behind no wall, so that a migration changes the rows of all tenants.
do $$ begin
    create role nagar_tenant nologin;
exception when duplicate_object or unique_violation then null;
end $$;
do $$ begin
    create role nagar_everybody nologin;
exception when duplicate_object or unique_violation then null;
end $$;
do $$ begin
    if not (select rolsuper from pg_roles where rolname = current_user) then
        execute format('grant nagar_tenant, nagar_everybody to %I', current_user);
    end if;
    execute format('grant usage on schema %I to nagar_tenant, nagar_everybody', current_schema());
end $$;

-- A number in small letters is a column: behind the wall an index of an expression is of no use, since the
-- database does not know that `lower` tells nobody anything.
alter table records add column typed text collate "C" generated always as (lower(number)) stored;
drop index records_by_typed;
create index records_by_typed on records (tenant, registry, typed);

-- Builds the wall around a table that has a tenant.
create function wall_around(walled regclass) returns void language plpgsql as $$
begin
    execute format('alter table %s enable row level security', walled);
    execute format('create policy own on %s to nagar_tenant using (tenant = current_setting(''nagar.tenant'', true))', walled);
    execute format('grant select, insert, update, delete on %s to nagar_tenant', walled);
end $$;

-- Builds the wall around every table that has none yet: called whenever tables were brought up to date, so
-- that none is forgotten. What has no tenant is for whoever serves.
create function build_walls() returns void language plpgsql as $$
declare
    open record;
begin
    perform pg_advisory_xact_lock(hashtext('build_walls'));
    for open in
        select t.oid::regclass as called, exists (
            select 1 from pg_attribute a where a.attrelid = t.oid and a.attname = 'tenant' and not a.attisdropped) as owned
        from pg_class t join pg_namespace n on n.oid = t.relnamespace
        where n.nspname = current_schema() and t.relkind = 'r' and not t.relrowsecurity and t.relname <> '_sqlx_migrations'
    loop
        if open.owned then
            perform wall_around(open.called);
        elsif not has_table_privilege('nagar_tenant', open.called, 'select') then
            execute format('grant select, insert, update, delete on %s to nagar_tenant, nagar_everybody', open.called);
        end if;
    end loop;
end $$;

select build_walls();
revoke update, delete on events, vouchers, lines, records from nagar_tenant;

-- People are of the state: a town sees those who applied there, or hold a record of it.
create policy applicants on people for select to nagar_tenant using (kind = 'citizen' and (
    exists (select 1 from cases c where c.tenant = current_setting('nagar.tenant', true) and c.applicant = people.id)
    or exists (select 1 from records r where r.tenant = current_setting('nagar.tenant', true) and r.holder = people.id)));

-- What looks at all tenants.
grant select (tenant, id, version, wake_ms) on cases to nagar_everybody;
create policy everybody on cases for select to nagar_everybody using (true);
grant select on chains to nagar_everybody;
create policy everybody on chains for select to nagar_everybody using (true);
grant select, update on jobs to nagar_everybody;
create policy everybody on jobs to nagar_everybody using (true);
grant select, delete on sessions, otps, throttles, idempotency to nagar_everybody;
create policy everybody on sessions to nagar_everybody using (true);
create policy everybody on otps to nagar_everybody using (true);
create policy everybody on throttles to nagar_everybody using (true);
create policy everybody on idempotency to nagar_everybody using (true);

-- Who serves sees which version the tables have.
grant select on _sqlx_migrations to nagar_tenant;
