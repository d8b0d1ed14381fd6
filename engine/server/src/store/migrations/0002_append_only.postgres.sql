-- What happened and what was booked is only added to; the database itself refuses anything else.
create function only_added_to() returns trigger language plpgsql as $$
begin
    raise exception '% are only added to', tg_table_name;
end $$;
create trigger events_keep before update or delete or truncate on events for each statement execute function only_added_to();
create trigger vouchers_keep before update or delete or truncate on vouchers for each statement execute function only_added_to();
create trigger lines_keep before update or delete or truncate on lines for each statement execute function only_added_to();
create trigger records_keep before update or delete or truncate on records for each statement execute function only_added_to();
