-- An action uses up several numbers in one event: what tells moves apart are the event and the numbers. Columns stay as
-- they are, and whoever writes one move for each event goes on doing so.
create table several_moves (
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
    primary key (tenant, seq, stock, prefix, from_serial)
);
insert into several_moves select tenant, seq, stock, kind, prefix, width, from_serial, to_serial, holder, taker, of_seq, case_id,
    reason, person, at_ms from stock_moves;
drop table stock_moves;
alter table several_moves rename to stock_moves;
create index stock_moves_by_stock on stock_moves (tenant, stock, seq);
