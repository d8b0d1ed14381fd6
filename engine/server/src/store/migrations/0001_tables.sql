-- One text for SQLite and PostgreSQL: only text and bigint, the tenant first in every key.
-- Days are ISO text, instants are milliseconds since 1970 UTC, documents are JSON text, flags are words.

create table cases (
    tenant text not null,
    id text not null,
    number text,
    service text not null,
    definition text not null,
    state text not null,
    version bigint not null,
    applicant text not null,
    language text not null,
    opened_ms bigint not null,
    submitted_ms bigint,
    entered_ms bigint not null,
    due_ms bigint,
    promised_ms bigint,
    wake_ms bigint,
    assignee text,
    record_registry text,
    record_number text,
    place text not null,
    body text not null,
    primary key (tenant, id)
);
create unique index cases_by_number on cases (tenant, number);
create index cases_by_state on cases (tenant, service, state, due_ms);
create index cases_by_applicant on cases (tenant, applicant);
create index cases_to_wake on cases (wake_ms) where wake_ms is not null;

create table chains (
    tenant text not null,
    seq bigint not null,
    hash text not null,
    primary key (tenant)
);

create table events (
    tenant text not null,
    seq bigint not null,
    case_id text,
    case_version bigint,
    at_ms bigint not null,
    actor text not null,
    actor_kind text not null,
    command text not null,
    outcome text not null,
    idempotency_key text,
    previous_hash text not null,
    hash text not null,
    primary key (tenant, seq)
);
create unique index events_by_key on events (tenant, idempotency_key);
create index events_by_case on events (tenant, case_id, seq);

create table demands (
    tenant text not null,
    case_id text not null,
    seq bigint not null,
    raised_on text not null,
    due_on text not null,
    status text not null,
    total_paise bigint not null,
    paid_paise bigint not null,
    body text not null,
    primary key (tenant, case_id, seq),
    foreign key (tenant, case_id) references cases (tenant, id)
);
create index demands_by_status on demands (tenant, status, due_on);

create table receipts (
    tenant text not null,
    number text not null,
    case_id text not null,
    seq bigint not null,
    payment_key text not null,
    amount_paise bigint not null,
    mode text not null,
    reference text not null,
    on_day text not null,
    status text not null,
    body text not null,
    printed bigint not null,
    primary key (tenant, number),
    foreign key (tenant, case_id) references cases (tenant, id)
);
create unique index receipts_by_payment on receipts (tenant, payment_key);
create index receipts_by_case on receipts (tenant, case_id, seq);
create index receipts_by_day on receipts (tenant, on_day);

create table cancellations (
    tenant text not null,
    receipt text not null,
    asked_by text not null,
    reason text not null,
    at_ms bigint not null,
    state text not null,
    decided_by text,
    answer text,
    primary key (tenant, receipt),
    foreign key (tenant, receipt) references receipts (tenant, number)
);

create table vouchers (
    tenant text not null,
    number text not null,
    on_day text not null,
    fund text not null,
    kind text not null,
    event_seq bigint not null,
    case_id text not null,
    primary key (tenant, number)
);
create index vouchers_by_event on vouchers (tenant, event_seq);
create index vouchers_by_case on vouchers (tenant, case_id);

create table lines (
    tenant text not null,
    voucher text not null,
    account text not null,
    amount_paise bigint not null,
    primary key (tenant, voucher, account),
    foreign key (tenant, voucher) references vouchers (tenant, number)
);

create table records (
    tenant text not null,
    registry text not null,
    number text not null,
    version bigint not null,
    service text not null,
    case_id text not null,
    holder text not null,
    valid_from text not null,
    valid_until text,
    revoked text not null,
    at_ms bigint not null,
    body text not null,
    primary key (tenant, registry, number, version)
);
create index records_by_holder on records (tenant, holder);
create index records_by_case on records (tenant, case_id);

create table serials (
    tenant text not null,
    series text not null,
    last bigint not null,
    primary key (tenant, series)
);

create table idempotency (
    tenant text not null,
    key text not null,
    body_hash text not null,
    answer text not null,
    at_ms bigint not null,
    primary key (tenant, key)
);

create table jobs (
    tenant text not null,
    id text not null,
    kind text not null,
    key text not null,
    body text not null,
    due_ms bigint not null,
    claimed_until_ms bigint not null,
    epoch bigint not null,
    tries bigint not null,
    state text not null,
    last_error text,
    primary key (tenant, id)
);
create unique index jobs_by_key on jobs (tenant, kind, key);
create index jobs_due on jobs (due_ms) where state = 'waiting';

create table files (
    tenant text not null,
    id text not null,
    sha256 text not null,
    size bigint not null,
    kind text not null,
    name text not null,
    case_id text,
    field text not null,
    person text not null,
    at_ms bigint not null,
    primary key (tenant, id)
);
create index files_by_case on files (tenant, case_id);

create table people (
    tenant text not null,
    id text not null,
    kind text not null,
    mobile text,
    login text,
    name text not null,
    email text,
    password_hash text,
    language text not null,
    disabled text not null,
    at_ms bigint not null,
    primary key (tenant, id)
);
create unique index people_by_mobile on people (tenant, mobile);
create unique index people_by_login on people (tenant, login);

create table appointments (
    tenant text not null,
    person text not null,
    service text not null,
    role text not null,
    place text not null,
    from_day text not null,
    until_day text,
    primary key (tenant, person, service, role, place, from_day)
);

create table sessions (
    tenant text not null,
    hash text not null,
    person text not null,
    kind text not null,
    created_ms bigint not null,
    seen_ms bigint not null,
    expires_ms bigint not null,
    csrf text not null,
    data text not null,
    primary key (tenant, hash)
);
create unique index sessions_by_hash on sessions (hash);
create index sessions_by_person on sessions (tenant, person);

create table otps (
    tenant text not null,
    mobile text not null,
    purpose text not null,
    browser_hash text not null,
    code_hmac text not null,
    expires_ms bigint not null,
    tries bigint not null,
    primary key (tenant, mobile, purpose)
);

create table throttles (
    tenant text not null,
    key text not null,
    from_ms bigint not null,
    count bigint not null,
    primary key (tenant, key)
);

create table notices (
    tenant text not null,
    id text not null,
    case_id text not null,
    notice text not null,
    channel text not null,
    to_masked text not null,
    language text not null,
    text text not null,
    template_digest text not null,
    state text not null,
    at_ms bigint not null,
    primary key (tenant, id)
);
create index notices_by_case on notices (tenant, case_id);

create table papers (
    tenant text not null,
    id text not null,
    case_id text not null,
    document text not null,
    language text not null,
    sha256 text not null,
    code text not null,
    status text not null,
    at_ms bigint not null,
    body text not null,
    primary key (tenant, id)
);
create unique index papers_by_code on papers (tenant, code);
create index papers_by_case on papers (tenant, case_id);

create table index_terms (
    tenant text not null,
    case_id text not null,
    field text not null,
    term text not null,
    primary key (tenant, case_id, field, term),
    foreign key (tenant, case_id) references cases (tenant, id)
);
create index index_terms_by_term on index_terms (tenant, term);

create table definitions (
    tenant text not null,
    digest text not null,
    service text not null,
    files text not null,
    at_ms bigint not null,
    primary key (tenant, digest)
);

create table published (
    tenant text not null,
    service text not null,
    at_ms bigint not null,
    digest text not null,
    primary key (tenant, service, at_ms)
);
