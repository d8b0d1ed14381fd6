-- What is found by a term is read from the index alone.
drop index record_terms_by_term;
create index record_terms_by_term on record_terms (tenant, registry, term, number, field);

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
