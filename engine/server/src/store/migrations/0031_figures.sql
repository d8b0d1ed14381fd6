-- What was received in a month is counted by looking at the cases of that month and at no others. The instant is
-- written once, when a case is handed in, and drafts have none: so the index costs nothing at any later step.
create index cases_by_submission on cases (tenant, submitted_ms) where submitted_ms is not null;
