//! What people said is sealed in the database, opens in its own place alone, and is erased with its key.

use std::sync::Arc;

use serde_json::json;
use server::app::{App, Given};
use server::auth::keys;
use server::chance::{Chance, Clock};
use server::config::Config;
use server::octets;
use server::problem::Problem;
use server::retain::{self, Retained};
use server::store::carry::{self, Table};
use server::store::idempotency::{self, Kept};
use server::store::{
    By, Error, Vault, drafts, erasures, events, files, notices, papers, people, rewrap, throttles, verify,
};
use server::work::upkeep::{Share, scrub};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};

use crate::apply::sent;
use crate::browser::Browser;
use crate::desk_town::{employ, staff};
use crate::restart::change;
use crate::town::{STATE, TOWN, Town, bundle};

const MOBILE: &str = "9876543210";
const NUMBER: &str = "SPA/RVT/2026-27/000001";
const DAY_MS: i64 = 86_400_000;

/// Tables in which people's words stand.
const WORDS: [&str; 4] = ["cases", "events", "drafts", "records"];

/// Every row of these tables, as it is stored of the town.
pub(crate) async fn stored(town: &Town, tables: &[&str]) -> String {
    let mut tx = town.app.store.read_all().await.unwrap();
    carry::turn_to(&mut tx, TOWN).await.unwrap();
    let mut all = String::new();
    for name in tables {
        let table = Table::named(name).unwrap();
        let look = |line: &str| {
            all.push_str(line);
            all.push('\n');
            Ok(())
        };
        carry::rows(&mut tx, table, look).await.unwrap();
    }
    all
}

/// Runs a statement past the store.
pub(crate) async fn past_the_store(town: &Town, sql: &str) {
    let (url, sql) = (town.app.config.database_or_own(), AssertSqlSafe(sql.to_owned()));
    if url.starts_with("postgres") {
        let mut conn = PgConnection::connect(&url).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut conn).await.unwrap();
        conn.close().await.unwrap();
    } else {
        let mut conn = SqliteConnection::connect(&url).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut conn).await.unwrap();
        conn.close().await.unwrap();
    }
}

pub(crate) async fn is_whole(town: &Town) {
    for tenant in [TOWN, STATE] {
        let mut tx = town.app.store.read(tenant).await.unwrap();
        assert_eq!(verify::verify(&mut tx, None).await.unwrap(), [], "{tenant}");
    }
}

#[tokio::test]
async fn priv_03_what_people_said_is_sealed_and_read_as_before() {
    let town = Town::open().await;
    let case = sent(&mut Browser::new(&town), MOBILE).await;
    town.officer(&case, "clerk", "ask", "Which street do you mean?").await;
    let stored = stored(&town, &WORDS).await;
    assert!(stored.contains("sealed"), "{stored}");
    for said in ["Asha Snacks", "Momos", "Asha Rao", "Which street do you mean?"] {
        assert!(!stored.contains(said), "{said} can be read in {stored}");
    }
    assert_eq!(town.case(&case).await.answers.text("stall_name"), Some("Asha Snacks"));
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let history = events::history(&mut tx, &case).await.unwrap();
    assert!(history.iter().any(|event| event.outcome["comment"] == "Which street do you mean?"));
    assert!(history.iter().any(|event| event.command["answers"]["stall_name"] == "Asha Snacks"));
    drop(tx);
    is_whole(&town).await;
}

#[tokio::test]
async fn priv_03_what_a_town_writes_to_people_is_sealed_and_read_as_before() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let case = sent(&mut browser, MOBILE).await;
    town.work().await;
    let stored = stored(&town, &["notices"]).await;
    assert!(stored.contains("sealed:c."), "{stored}");
    assert!(!stored.contains("is received") && !stored.contains(NUMBER), "{stored}");
    browser.get(&format!("/{TOWN}/cases/{case}")).await.expect(200, &format!("Application {NUMBER} is received."));
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let told = notices::by_case(&mut tx, &case).await.unwrap();
    assert!(told.iter().all(|notice| notice.text.contains(NUMBER)) && !told.is_empty(), "{told:?}");
    let again = notices::find(&mut tx, &told[0].id).await.unwrap();
    assert_eq!(again.as_ref(), told.first());
    drop(tx);
    // The same words in another row do not open.
    past_the_store(&town, "update notices set id = 'moved'").await;
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let moved = notices::find(&mut tx, "moved").await.unwrap_err();
    assert!(moved.to_string().contains("does not open"), "{moved}");
}

#[tokio::test]
async fn priv_03_names_and_numbers_of_people_are_sealed_and_found() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    browser.sign_in(MOBILE).await;
    let mut tx = town.app.store.read_all().await.unwrap();
    carry::turn_to(&mut tx, STATE).await.unwrap();
    let mut stored = String::new();
    let look = |line: &str| {
        stored.push_str(line);
        Ok(())
    };
    carry::rows(&mut tx, Table::named("people").unwrap(), look).await.unwrap();
    drop(tx);
    assert!(stored.contains("sealed:t."), "{stored}");
    assert!(!stored.contains(MOBILE) && !stored.contains("Asha"), "{stored}");
    let mut tx = town.app.store.begin(STATE).await.unwrap();
    let asha = people::by_mobile(&mut tx, MOBILE).await.unwrap().unwrap();
    assert_eq!((asha.name.as_str(), asha.mobile.as_deref()), ("Asha Rao", Some(MOBILE)));
    assert_eq!(people::by_mobile(&mut tx, "9876543211").await.unwrap(), None);
    let found = people::with_mobiles(&mut tx, &[MOBILE.to_owned(), "9876543211".to_owned()]).await.unwrap();
    assert_eq!(found.get(MOBILE), Some(&(asha.id.clone(), "Asha Rao".to_owned())));
    // Nobody else gets the same number.
    let other = people::Person { id: "other".to_owned(), ..asha };
    let taken = people::save(&mut tx, By::system(1), &other).await.unwrap_err();
    assert!(matches!(taken, Error::Taken(_)), "{taken}");
}

#[tokio::test]
async fn priv_03_no_two_nonces_are_the_same() {
    let town = Town::open().await;
    sent(&mut Browser::new(&town), MOBILE).await;
    town.wait_ms(31_000);
    sent(&mut Browser::new(&town), "9876543211").await;
    let stored = stored(&town, &WORDS).await;
    let marks = ["\\\"sealed\\\":\\\"c.", "\\\"sealed\\\":\\\"t."];
    let sealed = marks.iter().flat_map(|mark| stored.split(mark).skip(1)).map(|rest| &rest[..32]);
    let mut nonces: Vec<&str> = sealed.collect();
    let count = nonces.len();
    assert!(count > 6, "{count}");
    nonces.sort_unstable();
    nonces.dedup();
    assert_eq!(nonces.len(), count);
}

#[tokio::test]
async fn priv_03_what_is_sealed_opens_in_its_own_place_alone() {
    let town = Town::open().await;
    let case = sent(&mut Browser::new(&town), MOBILE).await;
    let sheet = |page: &'static str| drafts::Sheet { case: &case, page, person: "p" };
    let mut tx = town.app.store.begin(TOWN).await.unwrap();
    drafts::keep(&mut tx, sheet("stall"), &json!({ "stall_name": "Secret" }), 1).await.unwrap();
    tx.commit().await.unwrap();
    assert!(!stored(&town, &["drafts"]).await.contains("Secret"));
    // The same key and the same words, in another row.
    past_the_store(
        &town,
        "insert into drafts select tenant, case_id, 'owners', person, body, at_ms from drafts where person = 'p'",
    )
    .await;
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let found = drafts::find(&mut tx, sheet("stall")).await.unwrap().unwrap();
    assert_eq!(found["stall_name"], "Secret");
    let moved = drafts::find(&mut tx, sheet("owners")).await.unwrap_err();
    assert!(moved.to_string().contains("does not open"), "{moved}");
}

#[tokio::test]
async fn priv_03_without_the_right_master_key_nothing_starts() {
    let town = Town::open().await;
    sent(&mut Browser::new(&town), MOBILE).await;
    let Town { app, router, data } = town;
    let now_ms = app.clock.now_ms();
    drop((router, app));
    let other = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    std::fs::write(data.path().join("keys/master.key"), other).unwrap();
    let config = Config { data_dir: data.path().to_owned(), demo: true, filling: true, ..Config::default() };
    let given = Given { clock: Clock::at(now_ms), chance: Chance::seeded(7), bundle: Some(bundle()) };
    let error = App::open(config, given).await.unwrap_err();
    assert!(format!("{error:#}").contains("another master key"), "{error:#}");
}

#[tokio::test]
async fn priv_03_the_master_key_is_changed_and_the_one_before_is_no_longer_needed() {
    let town = Town::open().await;
    let case = sent(&mut Browser::new(&town), MOBILE).await;
    let now_ms = town.app.clock.now_ms();
    let kept = Kept { body_hash: "h".to_owned(), answer: "{\"name\":\"Asha Rao\"}".to_owned(), at_ms: now_ms };
    let mut tx = town.app.store.begin(TOWN).await.unwrap();
    idempotency::keep(&mut tx, "k", &kept).await.unwrap();
    throttles::hit(&mut tx, "password:asha", now_ms, DAY_MS).await.unwrap();
    tx.commit().await.unwrap();
    let masters = keys::rotate(town.data.path(), &Chance::System).unwrap();
    assert_eq!(
        masters,
        keys::rotate(town.data.path(), &Chance::System).unwrap(),
        "an attempt goes on where one stopped"
    );
    let vault = Vault::new(masters, Arc::new(|purpose: &[&str]| Chance::System.bytes_for::<32>(purpose)));
    let tenants = town.app.store.sealed_tenants().await.unwrap();
    assert!(tenants.contains(&TOWN.to_owned()) && tenants.contains(&STATE.to_owned()), "{tenants:?}");
    for tenant in &tenants {
        for changed in [true, false] {
            let mut tx = town.app.store.begin(tenant).await.unwrap();
            assert_eq!(rewrap(&mut tx, &vault).await.unwrap(), changed, "{tenant}");
            tx.commit().await.unwrap();
        }
    }
    // Served meanwhile.
    assert_eq!(town.case(&case).await.answers.text("stall_name"), Some("Asha Snacks"));
    let old = keys::rotated(town.data.path(), 1).unwrap();
    std::fs::remove_file(old).unwrap();
    let town = town.again(|_| ()).await;
    assert_eq!(town.case(&case).await.answers.text("stall_name"), Some("Asha Snacks"));
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    assert_eq!(idempotency::find(&mut tx, "k").await.unwrap(), Some(kept));
    assert_eq!(throttles::count(&mut tx, "password:asha", now_ms, DAY_MS).await.unwrap(), 1);
    drop(tx);
    is_whole(&town).await;
}

/// What comes of the cases of the stall permit.
async fn retained(town: &Town, dry: bool) -> Retained {
    let library = town.app.library.now();
    let service = library.catalogue.service(TOWN, "stall-permit").unwrap();
    retain::service(&town.app, &town.tenant(), service, dry).await.unwrap()
}

#[tokio::test]
async fn priv_04_priv_05_what_was_kept_long_enough_is_erased_and_the_rest_stays() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let case = sent(&mut browser, MOBILE).await;
    town.officer(&case, "clerk", "forward", "").await;
    town.officer(&case, "officer", "reject", "The lane is too narrow.").await;
    town.work().await;
    let paper = browser.get(&format!("/{TOWN}/cases/{case}")).await.link(&format!("/{TOWN}/cases/{case}/papers/"));

    town.wait_ms(8 * 365 * DAY_MS);
    assert_eq!(retained(&town, false).await, Retained::default(), "two leap days are still to come");
    town.wait_ms(3 * DAY_MS);
    let due = Retained { erased: vec![NUMBER.to_owned()], ..Retained::default() };
    assert_eq!(retained(&town, true).await, due);
    assert_eq!(town.case(&case).await.answers.text("stall_name"), Some("Asha Snacks"), "that was a dry run");
    assert_eq!(retained(&town, false).await, due);
    assert_eq!(retained(&town, false).await, Retained::default(), "once");

    let kept = town.case(&case).await;
    assert!(kept.answers.0.is_empty());
    assert_eq!((kept.number.as_deref(), kept.state.as_str()), (Some(NUMBER), "rejected"));
    assert!(!stored(&town, &["seal_keys"]).await.contains(&case), "its key is destroyed");
    let left = stored(&town, &["cases", "events", "index_terms", "notices", "drafts"]).await.to_lowercase();
    for gone in ["asha snacks", "narrow", MOBILE] {
        assert!(!left.contains(gone), "{gone} is left in {left}");
    }
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let history = events::history(&mut tx, &case).await.unwrap();
    assert!(history.iter().all(|event| event.outcome["comment"].as_str().unwrap_or_default().is_empty()));
    assert!(history.iter().all(|event| event.command["answers"]["stall_name"].is_null()));
    let erased = history.last().unwrap();
    assert_eq!((&erased.command["word"], &erased.command["facts"]["keep_for"]), (&json!("erase"), &json!("8 years")));
    drop(tx);
    is_whole(&town).await;

    let mut browser = Browser::new(&town);
    browser.sign_in(MOBILE).await;
    let page = browser.get(&format!("/{TOWN}/cases/{case}")).await;
    page.expect(200, NUMBER).expect(200, "was erased on").expect(200, "Answers and messages were erased");
    assert!(!page.html.contains("Asha Snacks"));
    let paper = browser.get(&paper).await;
    assert!(paper.bytes.starts_with(b"%PDF-"), "what was issued stays");
}

#[tokio::test]
async fn priv_04_files_that_people_sent_go_with_the_case() {
    let town = Town::open().await;
    let case = sent(&mut Browser::new(&town), MOBILE).await;
    town.officer(&case, "clerk", "forward", "").await;
    town.officer(&case, "officer", "reject", "The lane is too narrow.").await;
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let sent = files::by_case(&mut tx, &case).await.unwrap();
    drop(tx);
    let [proof] = &sent[..] else { panic!("one file was sent, and not {sent:?}") };
    let sha = &proof.sha256;
    let path = town.data.path().join("files").join(TOWN).join(&sha[..2]).join(&sha[2..4]).join(sha);
    assert!(path.is_file());
    town.wait_ms((8 * 365 + 3) * DAY_MS);
    assert_eq!(retained(&town, false).await.erased, [NUMBER]);
    // It was put a moment ago, and who knows who is putting it again.
    assert_eq!(retain::files(&town.app, &town.tenant()).await.unwrap(), 0);
    let file = std::fs::File::options().append(true).open(&path).unwrap();
    file.set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
    assert_eq!(retain::files(&town.app, &town.tenant()).await.unwrap(), 1);
    assert!(!path.exists());
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    assert!(files::by_case(&mut tx, &case).await.unwrap().is_empty());
    drop(tx);
    is_whole(&town).await;
}

#[tokio::test]
async fn priv_05_people_read_how_long_a_file_is_kept_and_it_has_a_key_of_its_own() {
    let asked = "label: Proof of identity, type: file";
    let own = format!("{asked}, keep_for: 90 days");
    let town = Town::defined(|_| (), |bundle| change(bundle, "stall-permit/form.yaml", asked, &own)).await;
    let mut browser = Browser::new(&town);
    let case = sent(&mut browser, MOBILE).await;
    let page = browser.get(&format!("/{TOWN}/my/profile")).await;
    page.expect(200, "Proof of identity: kept until 90 days after the case has ended").expect(200, "8 years");
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let sent = files::by_case(&mut tx, &case).await.unwrap();
    drop(tx);
    let [proof] = &sent[..] else { panic!("one file was sent, and not {sent:?}") };
    assert!(stored(&town, &["seal_keys"]).await.contains(&proof.id));
    assert!(octets::of_file(&town.app, TOWN, proof).await.unwrap().starts_with(b"%PDF-"));

    town.officer(&case, "clerk", "forward", "").await;
    town.officer(&case, "officer", "reject", "The lane is too narrow.").await;
    town.wait_ms(90 * DAY_MS);
    let due = Retained { files: vec![format!("{NUMBER} owners.proof")], ..Retained::default() };
    assert_eq!(retained(&town, false).await, due);
    assert!(!stored(&town, &["seal_keys"]).await.contains(&proof.id));
    let answers = town.case(&case).await.answers.to_json();
    assert_eq!((&answers["stall_name"], &answers["owners"]), (&json!("Asha Snacks"), &json!([{ "name": "Asha Rao" }])));
    is_whole(&town).await;
    let mut browser = Browser::new(&town);
    browser.sign_in(MOBILE).await;
    let page = browser.get(&format!("/{TOWN}/cases/{case}")).await;
    page.expect(200, NUMBER).expect(200, "Files that were kept long enough were erased").expect(200, "Asha Snacks");
}

#[tokio::test]
async fn priv_03_numbers_that_things_are_found_by_are_blind() {
    let town = Town::open().await;
    sent(&mut Browser::new(&town), MOBILE).await;
    let terms = stored(&town, &["index_terms"]).await;
    assert!(!terms.contains(MOBILE) && terms.contains("\"="), "{terms}");
    // Names are looked for by their beginnings, and stand there.
    assert!(terms.contains("asha snacks"), "{terms}");
    employ(&town, TOWN, ("meera", "Meera Joshi"), ("stall-permit", "clerk", "")).await;
    let mut meera = staff(&town, "meera").await;
    for (typed, found) in [(MOBILE, true), ("987654", false), ("9876543211", false), ("asha s", true)] {
        let typed = typed.replace(' ', "+");
        let page = meera.get(&format!("/{TOWN}/desk/inbox?q={typed}")).await;
        assert_eq!(page.html.contains(NUMBER), found, "{typed}: {}", page.text());
    }
    is_whole(&town).await;
}

/// What lies on the disk under a digest.
fn on_disk(town: &Town, sha: &str) -> Vec<u8> {
    let path = town.data.path().join("files").join(TOWN).join(&sha[..2]).join(&sha[2..4]).join(sha);
    std::fs::read(path).unwrap()
}

#[tokio::test]
async fn priv_03_octets_of_files_and_papers_are_sealed_and_handed_out_as_before() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let case = sent(&mut browser, MOBILE).await;
    town.work().await;
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let sent = files::by_case(&mut tx, &case).await.unwrap().remove(0);
    let issued = papers::by_case(&mut tx, &case).await.unwrap().remove(0);
    drop(tx);
    for sha in [&sent.sha256, &issued.sha256] {
        let kept = on_disk(&town, sha);
        assert!(!kept.windows(5).any(|some| some == b"%PDF-"), "{}", String::from_utf8_lossy(&kept));
        assert!(kept.starts_with(b"NAGARSEAL1\n"));
    }
    for path in [format!("files/{}", sent.id), format!("papers/{}.pdf", issued.id)] {
        let page = browser.get(&format!("/{TOWN}/cases/{case}/{path}")).await;
        assert!(page.status == 200 && page.bytes.starts_with(b"%PDF-"), "{path}: {}", page.status);
    }
    assert_eq!(sent.name, "id.pdf");
    assert!(!stored(&town, &["files"]).await.contains("id.pdf"), "nor what it was called");
    assert_eq!(sent.size, i64::try_from(crate::apply::PDF.len()).unwrap(), "what people see is what they sent");
    assert_eq!(scrub(&town.app, Share::WHOLE).await.unwrap(), 0, "it is proved without a key");
    // The same octets under another name have another key.
    let moved = files::File { id: "other".to_owned(), ..sent };
    let refused = octets::of_file(&town.app, TOWN, &moved).await.unwrap_err();
    assert!(format!("{refused:?}").contains("does not open"), "{refused:?}");
}

#[tokio::test]
async fn priv_04_what_a_register_shows_is_read_after_the_case_was_erased_and_nothing_else() {
    let paying = crate::gateway::open().await;
    let (mut browser, case) = paying.approved().await;
    let page = paying.begin(&mut browser, &case).await;
    let back = paying.choose(&page, "succeed").await;
    browser.get(&back).await.expect(200, "Payment received");
    let town = &paying.town;
    town.work().await;
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let shown = files::by_case(&mut tx, &case).await.unwrap();
    drop(tx);
    assert!(!shown.is_empty(), "the permit keeps what was answered");
    town.wait_ms((8 * 365 + 3) * DAY_MS);
    assert_eq!(retained(town, false).await.erased, [NUMBER]);
    let keys = stored(town, &["seal_keys"]).await;
    assert!(!keys.contains(&format!("\"{case}\"")) && keys.contains(&shown[0].id), "{keys}");
    let tenant = town.tenant();
    for file in &shown {
        let bytes = octets::of_file(&town.app, &tenant.id, file).await.unwrap();
        assert!(bytes.starts_with(b"%PDF-"));
        // Without the key that was kept for it there is nothing left to make one of.
        past_the_store(town, &format!("delete from seal_keys where id = '{}'", file.id)).await;
        let gone = octets::of_file(&town.app, &tenant.id, file).await.unwrap_err();
        assert!(matches!(gone, Problem::NotFound), "{gone:?}");
    }
    is_whole(town).await;
}

#[tokio::test]
async fn priv_05_what_a_court_needs_is_kept_until_it_is_let_go() {
    let town = Town::open().await;
    let case = sent(&mut Browser::new(&town), MOBILE).await;
    town.officer(&case, "clerk", "forward", "").await;
    town.officer(&case, "officer", "reject", "The lane is too narrow.").await;
    let by = By::system(town.app.clock.now_ms());
    let mut tx = town.app.store.begin(TOWN).await.unwrap();
    erasures::hold(&mut tx, by, &case, "Order 12 of the High Court").await.unwrap();
    tx.commit().await.unwrap();
    town.wait_ms((8 * 365 + 3) * DAY_MS);
    assert_eq!(retained(&town, false).await, Retained::default());
    let mut tx = town.app.store.begin(TOWN).await.unwrap();
    assert!(erasures::release(&mut tx, by, &case).await.unwrap());
    assert!(!erasures::release(&mut tx, by, &case).await.unwrap(), "nothing holds it any more");
    tx.commit().await.unwrap();
    assert_eq!(retained(&town, false).await.erased, [NUMBER]);
    is_whole(&town).await;
}

#[tokio::test]
async fn priv_05_what_is_still_open_is_kept() {
    let town = Town::open().await;
    let case = sent(&mut Browser::new(&town), MOBILE).await;
    town.wait_ms(20 * 365 * DAY_MS);
    assert_eq!(retain::all(&town.app).await.unwrap(), 0, "it has not ended");
    assert_eq!(town.case(&case).await.answers.text("stall_name"), Some("Asha Snacks"));
}
