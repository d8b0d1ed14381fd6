-- What proves who signs in, which devices are known, and with what powers somebody holds a post.

create table second_factors (
    tenant text not null,
    person text not null,
    secret text not null,
    begun_ms bigint not null,
    confirmed_ms bigint,
    last_step bigint not null,
    primary key (tenant, person)
);

create table recovery_codes (
    tenant text not null,
    person text not null,
    code text not null,
    used_ms bigint,
    primary key (tenant, person, code)
);

-- Passwords that somebody else has seen: they hold until their bearer has signed in once.
create table first_passwords (
    tenant text not null,
    person text not null,
    at_ms bigint not null,
    primary key (tenant, person)
);

create table devices (
    tenant text not null,
    hash text not null,
    person text not null,
    agent text not null,
    trusted_ms bigint not null,
    seen_ms bigint not null,
    expires_ms bigint not null,
    primary key (tenant, hash)
);
create index devices_by_person on devices (tenant, person);

-- Only added to: under which mobile number somebody was known until when.
create table mobile_changes (
    tenant text not null,
    person text not null,
    at_ms bigint not null,
    mobile text not null,
    primary key (tenant, person, at_ms)
);

-- Up to which amount somebody may decide; nothing for any.
alter table appointments add column most_paise bigint;
-- Whose post it is that somebody looks after for a while; nothing for an own one.
alter table appointments add column held_for text;

-- Behind the wall. What has run out is swept away for all tenants at once.
select build_walls();
grant select, delete on devices to nagar_everybody;
create policy everybody on devices to nagar_everybody using (true);
revoke update, delete on mobile_changes from nagar_tenant;
