-- Of which departments somebody is given cases: codes with spaces between; empty for all.
alter table appointments add column departments text;
