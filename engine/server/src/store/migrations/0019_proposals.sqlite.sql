-- What somebody would have served next, and what two people signed before it was. Only added to.

create table proposals (
    tenant text not null,
    seq bigint not null,
    digest text not null,
    person text not null,
    at_ms bigint not null,
    signature text not null,
    primary key (tenant, seq, digest, person)
);

alter table publications add column proposed_by text;
alter table publications add column proposal text;
alter table publications add column signature text;
