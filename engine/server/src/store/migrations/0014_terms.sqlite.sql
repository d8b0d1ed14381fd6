-- Terms are all key: kept as the key alone, they are written once and not twice.
create table terms_of_cases (
    tenant text not null,
    case_id text not null,
    field text not null,
    term text not null,
    primary key (tenant, case_id, field, term),
    foreign key (tenant, case_id) references cases (tenant, id)
) without rowid;
insert into terms_of_cases select tenant, case_id, field, term from index_terms;
drop table index_terms;
alter table terms_of_cases rename to index_terms;
create index index_terms_by_term on index_terms (tenant, term);

create table terms_of_records (
    tenant text not null,
    registry text not null,
    number text not null,
    field text not null,
    term text not null,
    primary key (tenant, registry, number, field, term)
) without rowid;
insert into terms_of_records select tenant, registry, number, field, term from record_terms;
drop table record_terms;
alter table terms_of_records rename to record_terms;
create index record_terms_by_term on record_terms (tenant, registry, term);

-- A name in a place is a term of its own: of a large register, a place or a name alone has thousands of records.
insert into record_terms (tenant, registry, number, field, term)
    select n.tenant, n.registry, n.number, n.field, p.term || n.term from record_terms n
    join record_terms p on p.tenant = n.tenant and p.registry = n.registry and p.number = n.number
    where p.field = 'place' and p.term like '@%' and n.field not in ('number', 'place') and n.term like '~%'
    on conflict do nothing;
delete from record_terms where field = 'place' and term like '@%' and term not like '%~%';

-- A number is found however it is typed.
create index records_by_typed on records (tenant, registry, lower(number));

-- The cases about a record are found whichever service they are of.
drop index cases_by_record;
create index cases_by_record on cases (tenant, record_registry, record_number, service);
