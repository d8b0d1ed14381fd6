-- The key of each tenant, sealed with the installation's master key, under an empty id; and the key of each case,
-- sealed with that of its tenant. What a case says is lost for good with its key.
create table seal_keys (
    tenant text not null,
    id text not null,
    wrapped text not null,
    primary key (tenant, id)
);

-- Names and numbers of people are sealed: a number is found by a keyed hash. Rows that were there before have none.
alter table people add column mobile_key text;
create unique index people_by_mobile_key on people (tenant, mobile_key);

-- Of which cases what was said was erased, and when: the key of such a case is destroyed. Bytes of files that nothing
-- names any more are taken away afterwards: until then their digests stand here, with spaces between.
create table erasures (
    tenant text not null,
    case_id text not null,
    at_ms bigint not null,
    files text not null,
    primary key (tenant, case_id),
    foreign key (tenant, case_id) references cases (tenant, id)
);
-- Cases that are kept longer than their term: a court or an audit needs them.
create table holds (
    tenant text not null,
    case_id text not null,
    reason text not null,
    at_ms bigint not null,
    primary key (tenant, case_id),
    foreign key (tenant, case_id) references cases (tenant, id)
);
create index files_by_hash on files (tenant, sha256);
create index papers_by_hash on papers (tenant, sha256);

-- Behind the wall. Whoever changes the master key looks which tenants have a key, and not at the keys.
select build_walls();
grant select (tenant, id) on seal_keys to nagar_everybody;
create policy everybody on seal_keys for select to nagar_everybody using (true);
