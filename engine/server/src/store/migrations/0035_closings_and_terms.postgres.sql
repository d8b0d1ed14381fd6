-- Up to which day the books of a town are closed, and who closed them and opened them again. A row stands under the
-- number of the event that vouches for it; the last one says what holds.
create table closings (
    tenant text not null,
    seq bigint not null,
    kind text not null,
    closed_until text not null,
    asked_until text,
    person text not null,
    reason text not null,
    at_ms bigint not null,
    primary key (tenant, seq)
);

create trigger closings_keep before update or delete or truncate on closings for each statement execute function only_added_to();

-- No voucher is written into what is closed, whoever writes it.
create function books_are_open() returns trigger language plpgsql as $$
begin
    if new.on_day <= (select closed_until from closings where tenant = new.tenant order by seq desc limit 1) then
        raise exception 'the books are closed';
    end if;
    return new;
end $$;
create trigger vouchers_open before insert on vouchers for each row execute function books_are_open();

-- Of which cases the files that answer a question had their time, and what is left of the octets to be taken away.
create table answer_erasures (
    tenant text not null,
    case_id text not null,
    field text not null,
    at_ms bigint not null,
    files text not null,
    primary key (tenant, case_id, field)
);

-- Behind the wall.
select build_walls();
revoke update, delete on closings from nagar_tenant;
