-- What happened and what was booked is only added to; the database itself refuses anything else.
create trigger events_keep before update on events begin select raise(abort, 'events are only added to'); end;
create trigger events_stay before delete on events begin select raise(abort, 'events are only added to'); end;
create trigger vouchers_keep before update on vouchers begin select raise(abort, 'vouchers are only added to'); end;
create trigger vouchers_stay before delete on vouchers begin select raise(abort, 'vouchers are only added to'); end;
create trigger lines_keep before update on lines begin select raise(abort, 'lines are only added to'); end;
create trigger lines_stay before delete on lines begin select raise(abort, 'lines are only added to'); end;
create trigger records_keep before update on records begin select raise(abort, 'records are only added to'); end;
create trigger records_stay before delete on records begin select raise(abort, 'records are only added to'); end;
