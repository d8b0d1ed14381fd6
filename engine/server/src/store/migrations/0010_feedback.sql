-- How people found these pages, in stars and words. Nobody is named, and no case.
create table feedback (
    tenant text not null,
    id text not null,
    at_ms bigint not null,
    service text not null,
    stars bigint not null,
    words text not null,
    primary key (tenant, id)
);
create index feedback_by_time on feedback (tenant, at_ms);
