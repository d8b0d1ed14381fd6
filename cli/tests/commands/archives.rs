//! Archives, restored elsewhere, and towns that are moved: the drill that an office ought to hold.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use engine::base::Moment;
use engine::base::date::parse_day;
use server::act::{self, Opening};
use server::app::{App, Given};
use server::chance::{Chance, Clock};
use server::config::Config;
use server::work;

use crate::postgres::Schema;
use crate::program::{Run, nagar, word};
use crate::town::{Kept, ask};

const KEY: &str = "an archive of the towns of a test";

async fn app(kept: &Kept, database: Option<String>) -> Arc<App> {
    let config = Config {
        definitions: vec![kept.definitions.path().to_owned()],
        data_dir: kept.data.path().to_owned(),
        database,
        ..Config::default()
    };
    let evening = Moment::at(parse_day("2026-04-06").unwrap(), 18 * 60, 330);
    App::open(config, Given { clock: Clock::at(evening.ms), chance: Chance::seeded(8), bundle: None }).await.unwrap()
}

/// Opens cases until it is told to stop; how many.
async fn keep_acting(app: Arc<App>, tenant: String, stop: Arc<AtomicBool>) -> usize {
    let loaded = app.library.now();
    let tenant = loaded.tenant(&tenant).unwrap();
    let service = loaded.catalogue.services(tenant).find(|service| service.on_record.is_none()).unwrap();
    let mut acts = 0;
    while !stop.load(Ordering::Acquire) {
        let person = format!("busy-{acts}");
        let opening = Opening { applicant: &person, language: &service.language, record: None, key: None };
        act::open(&app, tenant, service, opening).await.unwrap();
        acts += 1;
    }
    acts
}

fn backup(data: &Path, archive: &Path, key: &Path) -> Run {
    nagar(&["backup", "--json", "--data", word(data), "--output", word(archive), "--key-file", word(key)])
}

fn restore(archive: &Path, data: &Path, key: &Path) -> Run {
    nagar(&["restore", word(archive), "--data", word(data), "--key-file", word(key)])
}

/// The first file below a folder.
fn first_file(folder: &Path) -> std::path::PathBuf {
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                return path;
            }
            folders.push(path);
        }
    }
    panic!("there is no file");
}

#[tokio::test(flavor = "multi_thread")]
async fn ops_07_what_was_backed_up_while_it_was_served_is_restored_whole() {
    let kept = Kept::make(3).await;
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let (archive, key) = (at("towns.archive"), at("key"));
    std::fs::write(&key, KEY).unwrap();
    let app = app(&kept, None).await;
    assert!(work::run_due(&app).await.unwrap().jobs > 0, "papers are issued");

    let stop = Arc::new(AtomicBool::new(false));
    let busy = tokio::spawn(keep_acting(Arc::clone(&app), kept.tenant.clone(), Arc::clone(&stop)));
    let (data, to, with) = (kept.data.path().to_owned(), archive.clone(), key.clone());
    let made = tokio::task::spawn_blocking(move || backup(&data, &to, &with)).await.unwrap();
    stop.store(true, Ordering::Release);
    let acts = busy.await.unwrap();
    assert_eq!(made.code, 0, "{}{}", made.out, made.err);
    let made = made.json();
    assert!(acts > 0 && made["rows"].as_u64().unwrap() > 50 && made["files"].as_u64().unwrap() > 0, "{acts} {made}");
    let text = std::fs::read(&archive).unwrap();
    assert!(!text.windows(9).any(|part| part == b"citizen-0"), "nobody reads names in it");
    app.store.clone().close().await;

    let other = at("elsewhere");
    restore(&archive, &other, &key).expect(0, "Every table is the same").expect(0, &kept.tenant);
    nagar(&["verify", "--data", word(&other)]).expect(0, "whole");
    // What was restored is what had been by then: the end of its chain is an event of the town.
    let end = ask(&other, "select hash from chains where seq > 0 order by seq desc limit 1").await.remove(0);
    assert!(ask(kept.data.path(), "select hash from events order by seq").await.contains(&end));

    restore(&archive, &other, &key).expect(2, "is not empty");
    let one = ["restore", word(&archive), "--data", word(&other), "--key-file", word(&key), "--tenant", &kept.tenant];
    nagar(&one).expect(2, "is there already");
    nagar(&["restore", word(&archive), "--data", word(&at("third"))]).expect(2, "NAGAR_BACKUP_KEY");
    assert_eq!(backup(kept.data.path(), &archive, &key).code, 2, "an archive is never written over");

    let file = first_file(&other.join("files").join(&kept.tenant));
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[40] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let digest = file.file_name().unwrap().to_str().unwrap();
    nagar(&["verify", "--data", word(&other)]).expect(1, digest);
    std::fs::remove_file(&file).unwrap();
    nagar(&["verify", "--data", word(&other)]).expect(1, digest);
    let again = backup(&other, &at("again"), &key);
    assert_eq!((again.code, again.json()["missing"][0][1].as_str()), (1, Some(digest)));
    damaged(&archive, &key, folder.path()).await;
}

/// The same drill where a state keeps its towns: on PostgreSQL, while they are served.
#[tokio::test(flavor = "multi_thread")]
async fn ops_07_what_was_backed_up_on_postgresql_while_it_was_served_is_restored_whole() {
    let Some(from) = Schema::make("backup").await else { return };
    let to = Schema::make("restore").await.expect("there was a PostgreSQL just now");
    let (kept, folder) = (Kept::make(3).await, tempfile::tempdir().unwrap());
    let (archive, key, other) = (folder.path().join("a"), folder.path().join("key"), folder.path().join("elsewhere"));
    std::fs::write(&key, KEY).unwrap();
    let lite = format!("sqlite:{}", kept.data.path().join("nagar.db").display());
    nagar(&["move", "--from", &lite, "--to", &from.url()]).expect(0, "whole");
    let app = app(&kept, Some(from.url())).await;
    assert!(work::run_due(&app).await.unwrap().jobs > 0, "papers are issued");

    let stop = Arc::new(AtomicBool::new(false));
    let busy = tokio::spawn(keep_acting(Arc::clone(&app), kept.tenant.clone(), Arc::clone(&stop)));
    let (url, data) = (from.url(), word(kept.data.path()));
    let words = ["backup", "--json", "--database", &url, "--data", data, "--output", word(&archive)];
    let made = tokio::task::block_in_place(|| nagar(&[&words[..], &["--key-file", word(&key)]].concat()));
    stop.store(true, Ordering::Release);
    let acts = busy.await.unwrap();
    assert_eq!(made.code, 0, "{}{}", made.out, made.err);
    let made = made.json();
    assert!(acts > 0 && made["rows"].as_u64().unwrap() > 50 && made["files"].as_u64().unwrap() > 0, "{acts} {made}");
    app.store.clone().close().await;

    let there = to.url();
    let place = ["--database", &there, "--data", word(&other)];
    let again = [&["restore", word(&archive), "--key-file", word(&key)][..], &place].concat();
    nagar(&again).expect(0, "Every table is the same").expect(0, &kept.tenant);
    nagar(&[&["verify"][..], &place].concat()).expect(0, "whole");
    let end = to.ask("select hash from chains where seq > 0 order by seq desc limit 1").await.remove(0);
    assert!(from.ask("select hash from events order by seq").await.contains(&end), "it is what had been by then");
    nagar(&again).expect(2, "is not empty");
    to.remove().await;
    from.remove().await;
}

/// Archives that cannot be trusted leave nothing behind.
async fn damaged(archive: &Path, key: &Path, folder: &Path) {
    let whole = std::fs::read(archive).unwrap();
    let wrong = folder.join("wrong-key");
    std::fs::write(&wrong, "another key altogether").unwrap();
    let mut changed = whole.clone();
    changed[whole.len() / 2] ^= 1;
    let short = whole[..whole.len() - 100].to_vec();
    for (name, bytes, key, words) in [
        ("wrong", whole, wrong.as_path(), "made with another key"),
        ("short", short, key, "cut off"),
        ("changed", changed, key, "changed"),
        ("none", b"PK is no archive".to_vec(), key, "no archive"),
    ] {
        let (file, data) = (folder.join(name), folder.join(format!("{name}-data")));
        std::fs::write(&file, bytes).unwrap();
        restore(&file, &data, key).expect(2, words);
        if data.join("nagar.db").exists() {
            assert!(ask(&data, "select id from cases").await.is_empty(), "{name}: all of it or nothing");
        }
    }
}

#[tokio::test]
async fn a_town_moves_to_another_database_and_back() {
    let kept = Kept::make(2).await;
    let folder = tempfile::tempdir().unwrap();
    let lite = |name: &str| format!("sqlite:{}", folder.path().join(name).display());
    let from = format!("sqlite:{}", kept.data.path().join("nagar.db").display());
    let server = std::env::var("DATABASE_URL").ok();
    let schema = format!("nagar_test_move_{}", std::process::id());
    let between = match &server {
        Some(server) => {
            admin(server, &format!("create schema {schema}")).await;
            let mark = if server.contains('?') { '&' } else { '?' };
            format!("{server}{mark}options=-c%20search_path={schema}")
        }
        None => lite("between.db"),
    };
    let back = lite("nagar.db");
    nagar(&["move", "--from", &from, "--to", &between]).expect(0, "Every table is the same").expect(0, "whole");
    let told = nagar(&["move", "--json", "--from", &between, "--to", &back, "--tenant", &kept.tenant]);
    assert_eq!(told.code, 0, "{}{}", told.out, told.err);
    let told = told.json();
    assert_eq!((told["findings"].as_u64(), told["differing"].as_array().map(Vec::len)), (Some(0), Some(0)));
    let heads = "select tenant || seq || hash from chains where tenant in (select tenant from cases) order by 1";
    assert_eq!(ask(folder.path(), heads).await, ask(kept.data.path(), heads).await);
    nagar(&["move", "--from", &from, "--to", &between]).expect(2, "is not empty");
    nagar(&["move", "--from", &from, "--to", &from]).expect(2, "the same database");
    if let Some(server) = server {
        admin(&server, &format!("drop schema {schema} cascade")).await;
    }
}

async fn admin(server: &str, sql: &str) {
    use sqlx::Connection as _;
    let mut conn = sqlx::PgConnection::connect(server).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned())).execute(&mut conn).await.unwrap();
}
