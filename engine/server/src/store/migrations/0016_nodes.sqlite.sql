-- Several nodes on one database: what is published for all of them, and which of them does what comes round.
-- Nothing of this is a town's own: the tenant is empty.

create table bundles (
    tenant text not null,
    digest text not null,
    files text not null,
    at_ms bigint not null,
    primary key (tenant, digest)
);

create table publications (
    tenant text not null,
    seq bigint not null,
    digest text not null,
    person text not null,
    at_ms bigint not null,
    primary key (tenant, seq)
);

create table rounds (
    tenant text not null,
    schedule text not null,
    period_ms bigint not null,
    claimed_until_ms bigint not null,
    epoch bigint not null,
    state text not null,
    primary key (tenant, schedule, period_ms)
);

create index rounds_begun on rounds (tenant, schedule, period_ms) where state = 'begun';
