-- What an administrator asks for somebody who works for the town, and what waits for another's word: that of the person,
-- or that of a second administrator.
create table staff_requests (
    tenant text not null,
    id text not null,
    kind text not null,
    person text not null,
    body text not null,
    asked_by text not null,
    asked_ms bigint not null,
    state text not null,
    decided_by text,
    decided_ms bigint,
    primary key (tenant, id)
);
create index staff_requests_waiting on staff_requests (tenant, asked_ms) where state = 'asked';
