-- Tokens of programs, each of somebody who works for the town: what is kept is a hash.

create table program_tokens (
    tenant text not null,
    id text not null,
    hash text not null,
    person text not null,
    name text not null,
    uses text not null,
    made_ms bigint not null,
    expires_ms bigint not null,
    seen_ms bigint,
    revoked_ms bigint,
    primary key (tenant, id)
);
create unique index program_tokens_by_hash on program_tokens (tenant, hash);
create index program_tokens_by_person on program_tokens (tenant, person);
