//! Whoever changes a row past the store is found out.

use engine::scenario::walk::{Chance as _, Seeded};
use serde_json::json;
use server::store::events::Head;
use server::store::staff_requests::{self, Kind};
use server::store::verify::{Finding, verify};
use server::store::{By, appointments, cancellations, definitions, erasure_requests, events, files, papers, people};

use crate::database::{Database, on_each};
use crate::erasing::request;
use crate::people::{appointment, definition, file, paper, person};
use crate::town::{NOW, TOWN, act, approved, by, licensed, officer, open};

/// What somebody does, and the check and table that tell.
const DEEDS: &[(&str, &str, &str)] = &[
    ("update events set outcome = replace(outcome, 'licensed', 'rejected') where seq = 3", "chain", "events"),
    ("update events set actor = 'somebody' where seq = 2", "chain", "events"),
    ("update events set at_ms = at_ms + 1 where seq = 2", "chain", "events"),
    ("update events set command = '{}' where seq = 2", "chain", "events"),
    ("update events set idempotency_key = 'x' where seq = 2", "chain", "events"),
    ("update events set tenant = 'elsewhere' where seq = 2", "chain", "events"),
    ("delete from events where seq = 2", "chain", "events"),
    ("delete from events where seq = (select max(seq) from events)", "chain", "events"),
    (
        "update events set seq = 1000 where seq = 2; update events set seq = 2 where seq = 3; update events set seq = 3 where seq = 1000",
        "chain",
        "events",
    ),
    (
        "insert into events select tenant, seq + 1, case_id, case_version, at_ms, actor, actor_kind, command, outcome, 'again', hash, hash \
      from events where seq = (select max(seq) from events)",
        "chain",
        "events",
    ),
    ("update chains set hash = 'x'", "chain", "events"),
    ("update cases set state = 'licensed' where id = 'c2'", "fold", "cases"),
    ("update cases set assignee = 'friend' where id = 'c2'", "fold", "cases"),
    ("update cases set version = version + 1 where id = 'c2'", "fold", "cases"),
    ("update cases set number = 'APP/000009' where id = 'c2'", "numbers", "serials"),
    ("update cases set body = replace(body, 'spitz', 'poodle') where id = 'c2'", "rows", "cases"),
    ("update cases set due_ms = due_ms + 1 where id = 'c2'", "rows", "cases"),
    ("update cases set due_ms = null where id = 'c2'", "clocks", "cases"),
    ("update cases set promised_ms = 5 where id = 'c2'", "clocks", "cases"),
    ("update cases set entered_ms = entered_ms + 1 where id = 'c2'", "clocks", "cases"),
    ("update cases set place = 'ward-9' where id = 'c2'", "rows", "cases"),
    ("update cases set id = 'c9' where id = 'c3'", "fold", "cases"),
    ("delete from cases where id = 'c3'", "fold", "cases"),
    (
        "insert into cases select tenant, 'c8', null, service, definition, state, version, applicant, language, opened_ms, submitted_ms, \
      entered_ms, due_ms, promised_ms, wake_ms, assignee, record_registry, record_number, place, body from cases where id = 'c3'",
        "fold",
        "cases",
    ),
    ("update index_terms set term = 'nobody' where case_id = 'c2' and field = 'breed'", "rows", "index_terms"),
    ("delete from index_terms where case_id = 'c2'", "rows", "index_terms"),
    ("insert into index_terms values ('rampur', 'c2', 'x', 'y')", "rows", "index_terms"),
    ("update demands set status = 'settled' where case_id = 'c2'", "books", "demands"),
    ("update demands set paid_paise = total_paise where case_id = 'c2'", "fold", "cases"),
    (
        "update demands set total_paise = 100, body = replace(body, '50000', '5100') where case_id = 'c2'",
        "books",
        "cases",
    ),
    ("update demands set due_on = '2027-01-01' where case_id = 'c2'", "rows", "demands"),
    ("delete from demands where case_id = 'c2'", "rows", "demands"),
    ("update receipts set amount_paise = 1", "books", "receipts"),
    ("update receipts set status = 'cancelled'", "books", "receipts"),
    (
        "update receipts set status = 'cancelled', body = replace(body, '\"cancelled\":false', '\"cancelled\":true')",
        "books",
        "demands",
    ),
    ("update receipts set mode = 'cash'", "rows", "receipts"),
    ("update cancellations set decided_by = 'friend', state = 'agreed'", "rows", "cancellations"),
    ("update vouchers set on_day = '2025-01-01' where number = 'VR/000001'", "rows", "vouchers"),
    ("update vouchers set case_id = 'c3' where number = 'VR/000001'", "books", "vouchers"),
    ("update lines set amount_paise = 1 where account = '4502101'", "books", "vouchers"),
    ("update lines set account = '9999999' where account = '4502101'", "rows", "lines"),
    ("delete from lines where voucher = 'VR/000003'", "books", "vouchers"),
    ("insert into lines values ('rampur', 'VR/000001', '1', 5), ('rampur', 'VR/000001', '2', -5)", "rows", "lines"),
    ("update records set valid_until = '2099-12-31'", "rows", "records"),
    ("update records set holder = 'friend'", "rows", "records"),
    ("update records set from_day = '2020-01-01'", "rows", "records"),
    ("update records set standing = 'suspended'", "rows", "records"),
    ("update records set role = null, actor = null, standing = null, from_day = null", "rows", "records"),
    ("delete from records", "numbers", "serials"),
    (
        "insert into records (tenant, registry, number, version, service, case_id, holder, valid_from, valid_until, revoked, at_ms, body, \
      from_day, standing, actor, role) select tenant, registry, number, 2, service, case_id, 'friend', valid_from, valid_until, revoked, at_ms, body, \
      from_day, standing, actor, role from records",
        "rows",
        "records",
    ),
    ("update serials set last = 7 where series = 'RC/#'", "numbers", "serials"),
    ("delete from serials where series = 'RC/#'", "numbers", "serials"),
    ("delete from jobs where kind = 'paper'", "jobs", "jobs"),
    ("update files set sha256 = 'cc'", "rows", "files"),
    ("delete from files", "rows", "files"),
    ("update erasure_requests set state = 'granted'", "rows", "erasure_requests"),
    ("update staff_requests set asked_by = 'friend'", "rows", "staff_requests"),
    ("update staff_requests set state = 'agreed'", "rows", "staff_requests"),
    ("update papers set status = 'valid'", "rows", "papers"),
    ("update papers set body = '{}'", "rows", "papers"),
    ("update people set password_hash = 'known'", "rows", "people"),
    ("update people set disabled = 'yes'", "rows", "people"),
    ("update appointments set role = 'approver'", "rows", "appointments"),
    ("update appointments set most_paise = 1", "rows", "appointments"),
    ("update appointments set held_for = 'friend'", "rows", "appointments"),
    (
        "insert into appointments values ('rampur', 'friend', '*', 'approver', '', '2020-01-01', null, null, null, null)",
        "rows",
        "appointments",
    ),
    ("update definitions set files = '{\"a\":1}'", "rows", "definitions"),
    ("update published set digest = 'd0'", "rows", "published"),
];

pub(crate) async fn fill(database: &Database) -> Head {
    let store = database.open().await;
    licensed(&store, "c1").await;
    open(&store, "c2").await;
    act(&store, "c2", None, approved).await.unwrap();
    open(&store, "c3").await;
    let actor = officer();
    let mut tx = store.begin(TOWN).await.unwrap();
    files::insert(&mut tx, by(&actor), &file("f1", "c1")).await.unwrap();
    papers::insert(&mut tx, by(&actor), &paper("p1", "c1")).await.unwrap();
    papers::set_status(&mut tx, by(&actor), "p1", "cancelled").await.unwrap();
    people::save(&mut tx, by(&actor), &person("asha")).await.unwrap();
    erasure_requests::ask(&mut tx, by(&actor), &request("r1", "asha", NOW)).await.unwrap();
    appointments::save(&mut tx, by(&actor), &appointment("asha")).await.unwrap();
    let asked = staff_requests::Request {
        id: "w1".to_owned(),
        kind: Kind::Password,
        person: "asha".to_owned(),
        body: json!({}),
        asked_by: actor.person.clone(),
        asked_ms: NOW,
    };
    assert!(staff_requests::ask(&mut tx, by(&actor), &asked, json!({}), 0).await.unwrap());
    assert!(!staff_requests::ask(&mut tx, by(&actor), &asked, json!({}), 0).await.unwrap(), "it waits already");
    definitions::publish(&mut tx, By::system(NOW), &definition("d1")).await.unwrap();
    cancellations::ask(&mut tx, by(&actor), "RC/000001", "bounced", None).await.unwrap();
    assert_eq!(verify(&mut tx, None).await.unwrap(), []);
    let head = events::head(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    store.close().await;
    head
}

/// Takes the guards away that even the owner of the database would have to take away first.
pub(crate) async fn disarm(database: &Database) {
    for table in ["events", "vouchers", "lines", "records"] {
        let on = if database.is_pg() { format!(" on {table}") } else { String::new() };
        database.sql(&format!("drop trigger {table}_keep{on}")).await;
        if !database.is_pg() {
            database.sql(&format!("drop trigger {table}_stay")).await;
        }
    }
}

/// `sql` without regard for foreign keys, as a determined hand would.
fn forced(database: &Database, sql: &str) -> String {
    if database.is_pg() {
        format!("set session_replication_role = replica; {sql}")
    } else {
        format!("pragma foreign_keys = off; {sql}")
    }
}

/// Every table that a deed changes.
const TABLES: &[&str] = &[
    "appointments",
    "cancellations",
    "cases",
    "chains",
    "definitions",
    "demands",
    "erasure_requests",
    "events",
    "files",
    "index_terms",
    "jobs",
    "lines",
    "papers",
    "people",
    "published",
    "receipts",
    "records",
    "serials",
    "staff_requests",
    "vouchers",
];

/// Puts a table back as it was saved.
fn back(table: &str) -> String {
    // What the database reckons by itself is not put back.
    let columns = match table {
        "cases" => {
            "tenant, id, number, service, definition, state, version, applicant, language, opened_ms, \
             submitted_ms, entered_ms, due_ms, promised_ms, wake_ms, assignee, record_registry, \
             record_number, place, body"
        }
        "records" => {
            "tenant, registry, number, version, service, case_id, holder, valid_from, valid_until, revoked, \
             at_ms, body, from_day, standing, actor, role"
        }
        _ => "*",
    };
    let into = if columns == "*" { String::new() } else { format!(" ({columns})") };
    format!("delete from {table}; insert into {table}{into} select {columns} from saved_{table}")
}

fn for_each_table(statement: impl Fn(&str) -> String) -> String {
    TABLES.iter().map(|table| statement(table)).collect()
}

async fn findings(database: &Database, anchor: Option<&Head>) -> Vec<Finding> {
    let store = database.open().await;
    let mut tx = store.read(TOWN).await.unwrap();
    let findings = verify(&mut tx, anchor).await.unwrap();
    drop(tx);
    store.close().await;
    findings
}

#[test]
fn aud_02_every_deed_is_found() {
    on_each(|database| async move {
        let head = fill(&database).await;
        disarm(&database).await;
        assert_eq!(findings(&database, Some(&head)).await, []);
        database.sql(&for_each_table(|table| format!("create table saved_{table} as select * from {table}; "))).await;
        let restore = for_each_table(|table| format!("{}; ", back(table)));
        let store = database.open().await;
        for (sql, check, table) in DEEDS {
            database.sql(&forced(&database, &format!("begin; {sql}; commit"))).await;
            let mut tx = store.read(TOWN).await.unwrap();
            let found = verify(&mut tx, None).await.unwrap();
            drop(tx);
            assert!(found.iter().any(|one| (one.check, one.table) == (*check, *table)), "{sql}: {found:#?}");
            database.sql(&forced(&database, &format!("begin; {restore}; commit"))).await;
        }
        let mut tx = store.read(TOWN).await.unwrap();
        assert_eq!(verify(&mut tx, Some(&head)).await.unwrap(), [], "everything is as it was");
    });
}

#[test]
fn aud_02_a_tail_that_was_cut_off_cleanly_is_missed_by_its_anchor() {
    on_each(|database| async move {
        let head = fill(&database).await;
        disarm(&database).await;
        let last = head.seq;
        // The last event asked for a cancellation: without a trace, but for what was published.
        let cut = format!(
            "delete from cancellations; delete from events where seq = {last}; \
             update chains set seq = {0}, hash = (select hash from events where seq = {0})",
            last - 1
        );
        database.sql(&forced(&database, &cut)).await;
        assert_eq!(findings(&database, None).await, []);
        let found = findings(&database, Some(&head)).await;
        assert_eq!((found.len(), found[0].check, found[0].row.as_str()), (1, "chain", last.to_string().as_str()));
    });
}

#[test]
fn aud_02_a_day_has_one_end_whoever_writes_it_down() {
    on_each(|database| async move {
        fill(&database).await;
        let store = database.open().await;
        let mut ends = Vec::new();
        for (at_ms, day) in [(NOW, "2026-04-06"), (NOW + 5, "2026-04-06"), (NOW + 9, "2026-04-07")] {
            let mut tx = store.begin(TOWN).await.unwrap();
            ends.push(events::end_day(&mut tx, at_ms, day).await.unwrap());
            tx.commit().await.unwrap();
        }
        assert_eq!(ends[0], ends[1], "the first stays");
        assert_eq!(ends[2].end.seq, ends[0].end.seq + 1, "an end is itself in the chain");
        let mut tx = store.read(TOWN).await.unwrap();
        assert_eq!(events::day_ends(&mut tx, 10).await.unwrap(), [ends[2].clone(), ends[0].clone()]);
        assert_eq!(events::day_ends(&mut tx, 1).await.unwrap(), [ends[2].clone()]);
        for end in &ends {
            assert_eq!(verify(&mut tx, Some(&end.end)).await.unwrap(), []);
        }
        drop(tx);
        store.close().await;
    });
}

#[test]
fn aud_04_a_finding_names_the_first_bad_row_and_counts_the_others() {
    on_each(|database| async move {
        fill(&database).await;
        database.sql("update cases set wake_ms = 5 where id <> 'c1'").await;
        let found = findings(&database, None).await;
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].row.as_str(), found[0].what.ends_with("; and 1 more")), ("c2", true));
    });
}

/// Tables that are tampered with by chance: what tells their rows apart, their texts, their numbers.
const SHEETS: [(&str, &str, &str, &str); 5] = [
    (
        "events",
        "seq",
        "tenant case_id actor actor_kind command outcome idempotency_key previous_hash hash",
        "seq case_version at_ms",
    ),
    ("vouchers", "number", "tenant number on_day fund kind case_id", "event_seq"),
    ("lines", "voucher, account", "tenant voucher account", "amount_paise"),
    (
        "receipts",
        "number",
        "tenant number case_id payment_key mode reference on_day status body till",
        "seq amount_paise",
    ),
    ("files", "id", "tenant id sha256 kind name case_id field person", "size at_ms"),
];

/// Edits and deletions where nobody asks for more with `TAMPER=1000`.
const EDITS: usize = 60;

/// An edit or a deletion of one row, by chance.
fn deed(chance: &mut Seeded) -> (&'static str, String) {
    fn one<'a>(chance: &mut Seeded, of: &'a str) -> &'a str {
        let words: Vec<&str> = of.split(' ').collect();
        words[usize::try_from(chance.below(words.len() as u64)).unwrap()]
    }
    let (table, key, texts, numbers) = SHEETS[usize::try_from(chance.below(SHEETS.len() as u64)).unwrap()];
    let row = format!(
        "where ({key}) = (select {key} from {table} order by {key} limit 1 offset {} % (select count(*) from {table}))",
        chance.below(1_000)
    );
    let sql = match chance.below(5) {
        0 => format!("delete from {table} {row}"),
        1 => {
            let (column, by) = (one(chance, numbers), chance.between(1_000, 9_999));
            format!("update {table} set {column} = coalesce({column}, 0) + {by} {row}")
        }
        2 => {
            let column = one(chance, texts);
            format!("update {table} set {column} = coalesce({column}, '') || 'x' {row}")
        }
        _ => {
            let (column, at) = (one(chance, texts), chance.below(40));
            format!(
                "update {table} set {column} = substr(coalesce({column}, ''), 1, {at}) || '~' || substr(coalesce({column}, ''), {}) {row}",
                at + 2
            )
        }
    };
    (table, sql)
}

#[test]
fn aud_02_whatever_chance_does_to_a_row_is_found() {
    let edits = std::env::var("TAMPER").ok().and_then(|edits| edits.parse().ok()).unwrap_or(EDITS);
    on_each(move |database| async move {
        fill(&database).await;
        disarm(&database).await;
        database.sql(&for_each_table(|table| format!("create table saved_{table} as select * from {table}; "))).await;
        let store = database.open().await;
        let mut chance = Seeded(2_026);
        for _ in 0..edits {
            let (table, sql) = deed(&mut chance);
            database.sql(&forced(&database, &sql)).await;
            let mut tx = store.read(TOWN).await.unwrap();
            let found = verify(&mut tx, None).await.unwrap();
            drop(tx);
            assert!(!found.is_empty(), "{sql}");
            database.sql(&forced(&database, &format!("begin; {}; commit", back(table)))).await;
        }
        let mut tx = store.read(TOWN).await.unwrap();
        assert_eq!(verify(&mut tx, None).await.unwrap(), [], "everything is as it was");
    });
}
