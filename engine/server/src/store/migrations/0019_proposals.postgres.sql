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

-- Behind the wall: whoever publishes looks at no town.
select build_walls();
grant select, insert on proposals to nagar_everybody;
create policy everybody on proposals to nagar_everybody using (true);
revoke update, delete on proposals from nagar_tenant;
