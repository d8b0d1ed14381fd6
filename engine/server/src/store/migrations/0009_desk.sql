-- What employees keep for themselves at the desk.

create table saved_views (
    tenant text not null,
    person text not null,
    name text not null,
    query text not null,
    at_ms bigint not null,
    primary key (tenant, person, name)
);

create table leaves (
    tenant text not null,
    person text not null,
    from_day text not null,
    until_day text not null,
    stand_in text not null,
    primary key (tenant, person)
);
