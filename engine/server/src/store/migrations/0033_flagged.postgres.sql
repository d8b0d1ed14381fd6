-- What is marked in a case to be corrected may be sealed with the answers; that something is stands beside it, or what
-- is marked stands there in the clear. The database reads it there itself: so it is right of the rows that there are, and
-- of those that the version before goes on writing.
alter table cases add column flagged bigint generated always as
    (case when strpos(body, '"flagged":true') > 0 or strpos(body, '"flags":[[') > 0 then 1 else 0 end) stored;
-- In the order of `cases_by_state`: the few cases in which something is marked are listed and counted without a look at
-- the others of their state.
create index cases_flagged on cases (tenant, service, state, due_ms, opened_ms, id, place, assignee, number, flagged)
    where flagged = 1;
-- What a person has elsewhere is counted beside them: an officer may have had a hundred thousand cases, of which few are
-- marked, or stand where their applicants are waited for. All that is counted by stands in the second index; without it,
-- SQLite rather looked through `cases_by_state` for the whole town. Lists go on reading `cases_by_assignee`.
create index cases_flagged_by_assignee on cases (tenant, assignee, flagged) where flagged = 1;
create index cases_held on cases (tenant, assignee, state, service, due_ms, place, number, id) where assignee is not null;
