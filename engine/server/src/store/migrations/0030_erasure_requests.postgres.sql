-- What people ask to have erased, and what an officer decided about it. What was said with it, and why it was decided
-- so, is sealed with the key of the tenant.
create table erasure_requests (
    tenant text not null,
    id text not null,
    person text not null,
    language text not null,
    words text not null,
    asked_ms bigint not null,
    state text not null,
    decided_by text,
    decided_ms bigint,
    reason text,
    done_ms bigint,
    primary key (tenant, id)
);
-- Whoever has asked waits for the answer before asking again.
create unique index erasure_requests_open on erasure_requests (tenant, person) where state = 'asked';
create index erasure_requests_by_person on erasure_requests (tenant, person);

-- Behind the wall.
select build_walls();
