-- One payment may settle what several cases owe on a record: how much of it goes to which case.
create table order_parts (
    tenant text not null,
    reference text not null,
    at bigint not null,
    case_id text not null,
    amount_paise bigint not null,
    primary key (tenant, reference, at),
    foreign key (tenant, reference) references orders (tenant, reference),
    foreign key (tenant, case_id) references cases (tenant, id)
);
create index order_parts_by_case on order_parts (tenant, case_id);
