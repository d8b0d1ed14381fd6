-- What people typed and have not yet sent, and what was asked of a gateway.

create table drafts (
    tenant text not null,
    case_id text not null,
    page text not null,
    person text not null,
    body text not null,
    at_ms bigint not null,
    primary key (tenant, case_id, page, person),
    foreign key (tenant, case_id) references cases (tenant, id)
);

create table orders (
    tenant text not null,
    reference text not null,
    case_id text not null,
    gateway text not null,
    gateway_order text,
    amount_paise bigint not null,
    currency text not null,
    begun_ms bigint not null,
    state text not null,
    note text not null,
    primary key (tenant, reference),
    foreign key (tenant, case_id) references cases (tenant, id)
);
create unique index orders_by_gateway on orders (tenant, gateway, gateway_order);
create index orders_by_case on orders (tenant, case_id, begun_ms);
