-- The inbox is read in the order in which cases are due, state by state: the first page of a million is found without
-- looking at the others, and what is counted beside it without looking at the cases themselves.
drop index cases_by_state;
create index cases_by_state on cases (tenant, service, state, due_ms, opened_ms, id, place, assignee, number);
create index cases_by_assignee on cases (tenant, assignee) where assignee is not null;
