-- What people were told about their data before they gave it, and when they said that they had read it.

create table consents (
    tenant text not null,
    person text not null,
    at_ms bigint not null,
    town text not null,
    version text not null,
    language text not null,
    primary key (tenant, person, at_ms),
    foreign key (tenant, person) references people (tenant, id)
);
