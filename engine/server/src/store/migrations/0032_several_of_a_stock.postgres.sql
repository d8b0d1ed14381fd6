-- An action uses up several numbers in one event: what tells moves apart are the event and the numbers. Columns stay as
-- they are, and whoever writes one move for each event goes on doing so.
alter table stock_moves drop constraint stock_moves_pkey,
    add constraint stock_moves_pkey primary key (tenant, seq, stock, prefix, from_serial);
