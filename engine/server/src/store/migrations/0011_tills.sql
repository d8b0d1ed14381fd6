-- Tills: what an employee takes over the counter between opening and counting.

create table tills (
    tenant text not null,
    number text not null,
    person text not null,
    counter text not null,
    on_day text not null,
    opened_ms bigint not null,
    float_paise bigint not null,
    state text not null,
    counted_ms bigint,
    count text,
    decided_by text,
    decided_ms bigint,
    answer text,
    voucher text,
    primary key (tenant, number)
);
-- Nobody has two drawers at once.
create unique index tills_open on tills (tenant, person) where state = 'open';
create index tills_by_person on tills (tenant, person, opened_ms);
create index tills_by_state on tills (tenant, state, opened_ms);

-- In which till the money of a receipt was put; rows that were there before keep this empty.
alter table receipts add column till text;
create index receipts_by_till on receipts (tenant, till) where till is not null;
