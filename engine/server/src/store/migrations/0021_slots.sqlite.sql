-- Places in calendars: who has which, and what the office has closed.

-- A place is had once. Whose time is over has it no more: whoever takes it next writes over it.
create table slots (
    tenant text not null,
    calendar text not null,
    resource text not null,
    day text not null,
    part text not null,
    place bigint not null,
    case_id text not null,
    until_ms bigint,
    at_ms bigint not null,
    primary key (tenant, calendar, resource, day, part, place),
    foreign key (tenant, case_id) references cases (tenant, id)
);
create index slots_by_case on slots (tenant, case_id);

-- What was closed and opened again stays here.
create table blocks (
    tenant text not null,
    id text not null,
    calendar text not null,
    resource text not null,
    from_day text not null,
    until_day text not null,
    reason text not null,
    person text not null,
    at_ms bigint not null,
    lifted_by text,
    lifted_ms bigint,
    primary key (tenant, id)
);
create index blocks_by_resource on blocks (tenant, calendar, resource, until_day);
