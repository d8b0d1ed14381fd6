-- Short addresses of bills, as messages have them.
create table links (
    tenant text not null,
    code text not null,
    registry text not null,
    number text not null,
    primary key (tenant, code)
);
create unique index links_by_record on links (tenant, registry, number);
