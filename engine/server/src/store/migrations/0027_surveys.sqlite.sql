-- Surveys. Who has answered and what was answered have no key in common: no row, and no order of rows, tells of an
-- answer whose it is.

-- Who has answered: a keyed hash of the person. Gone when the survey ends.
create table survey_tokens (
    tenant text not null,
    survey text not null,
    token text not null,
    primary key (tenant, survey, token)
);

-- Answers that wait until there are enough of them to be put among the others together; sealed. Gone when it ends.
create table survey_waiting (
    tenant text not null,
    survey text not null,
    body text not null,
    primary key (tenant, survey)
);

-- What was answered, under a random key: without a time, a person, a session or a device.
create table survey_answers (
    tenant text not null,
    survey text not null,
    id text not null,
    body text not null,
    primary key (tenant, survey, id)
);

-- Surveys that have ended: nothing is added to them any more.
create table survey_ends (
    tenant text not null,
    survey text not null,
    at_ms bigint not null,
    primary key (tenant, survey)
);
