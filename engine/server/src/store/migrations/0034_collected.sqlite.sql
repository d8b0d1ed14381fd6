-- What came in of demands, by the event that brought it or took it back, and up to which event that is kept. It is made
-- of events and can be made again of them: so no command waits for it, the version before may go on writing, and no
-- archive carries it.
create table collected (
    tenant text not null,
    seq bigint not null,
    case_id text not null,
    at_ms bigint not null,
    paise bigint not null,
    primary key (tenant, seq)
);
-- The sum of a year is read of the index alone.
create index collected_by_time on collected (tenant, at_ms, seq, case_id, paise);

create table collected_until (
    tenant text not null,
    seq bigint not null,
    hash text not null,
    primary key (tenant)
);
