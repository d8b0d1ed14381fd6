-- Stocks of numbered things: every move of them, and where each number is.

-- A move stands under the number of the event that vouches for it, and is never changed.
create table stock_moves (
    tenant text not null,
    seq bigint not null,
    stock text not null,
    kind text not null,
    prefix text not null,
    width bigint not null,
    from_serial bigint not null,
    to_serial bigint not null,
    holder text not null,
    taker text,
    of_seq bigint,
    case_id text,
    reason text not null,
    person text not null,
    at_ms bigint not null,
    primary key (tenant, seq)
);
create index stock_moves_by_stock on stock_moves (tenant, stock, seq);

-- A number is there once, whatever becomes of it; `seq` is the move that brought it where it is.
create table stock_numbers (
    tenant text not null,
    stock text not null,
    prefix text not null,
    serial bigint not null,
    width bigint not null,
    state text not null,
    holder text not null,
    seq bigint not null,
    primary key (tenant, stock, prefix, serial)
);
create index stock_numbers_by_holder on stock_numbers (tenant, stock, state, holder, prefix, serial);

-- Behind the wall.
select build_walls();
