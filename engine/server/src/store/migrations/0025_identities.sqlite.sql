-- How somebody who works for the town is known at an identity provider: by its own name for the person, or by a mail
-- address until the first sign-in has told that name.

create table identities (
    tenant text not null,
    person text not null,
    issuer text not null,
    subject text,
    email text,
    entered_ms bigint not null,
    bound_ms bigint,
    primary key (tenant, person, issuer)
);
-- Nobody is two people.
create unique index identities_by_subject on identities (tenant, issuer, subject) where subject is not null;
create unique index identities_by_email on identities (tenant, issuer, email) where email is not null;
