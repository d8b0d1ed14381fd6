-- Money that came through a gateway and is not what was asked: what the gateway told of it, what one person wants done
-- with it and why, and what another said to that.
create table mismatches (
    tenant text not null,
    reference text not null,
    case_id text not null,
    kind text not null,
    asked_paise bigint not null,
    came_paise bigint not null,
    currency text not null,
    payment text,
    about text not null,
    at_ms bigint not null,
    state text not null,
    decision text,
    asked_by text,
    asked_ms bigint,
    reason text,
    sent_as text,
    decided_by text,
    decided_ms bigint,
    answer text,
    primary key (tenant, reference)
);
create index mismatches_undecided on mismatches (tenant, at_ms) where state in ('waiting', 'asked');

-- Of orders that were put aside before there was a place for them, the gateway is asked once more what came.
insert into jobs (tenant, id, kind, key, body, due_ms, claimed_until_ms, epoch, tries, state, last_error)
select tenant, 'payment:' || reference || ':aside', 'payment', reference || ':aside', '{"v":1,"order":"' || reference || '"}',
    0, 0, 0, 0, 'waiting', null
from orders where state = 'mismatch';
update orders set state = 'open', note = '' where state = 'mismatch';
