-- Versions of records say from when they hold, what was decided, and whose act it was. Rows that were
-- there before keep these empty, and the digests that vouch for them: `records::read` knows what they mean.

alter table records add column from_day text;
alter table records add column standing text;
alter table records add column actor text;
alter table records add column role text;

-- What the present version of a record can be found by. Made anew with each version; not vouched for.
create table record_terms (
    tenant text not null,
    registry text not null,
    number text not null,
    field text not null,
    term text not null,
    primary key (tenant, registry, number, field, term)
);
create index record_terms_by_term on record_terms (tenant, registry, term);

-- Which cases name which records in their answers. Made anew with the answers; not vouched for.
create table record_links (
    tenant text not null,
    registry text not null,
    number text not null,
    case_id text not null,
    primary key (tenant, registry, number, case_id)
);
create index record_links_by_case on record_links (tenant, case_id);
