-- A number in small letters is a column, so that both databases look it up alike.
alter table records add column typed text generated always as (lower(number)) virtual;
drop index records_by_typed;
create index records_by_typed on records (tenant, registry, typed);
