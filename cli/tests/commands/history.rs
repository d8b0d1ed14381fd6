//! The invented history of a demonstration: the same on every run, whole, and as much as was asked.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use server::app::{App, Given};
use server::archive::{self, Manifest};
use server::chance::{Chance, Clock};
use server::config::Config;
use server::demo::{self, Made, Plan};
use server::store::verify;
use tempfile::TempDir;

use crate::postgres::Schema;
use crate::program::{Run, nagar, word};
use crate::town;

/// The present of these histories: the evening of 1 August 2026 in UTC.
const NOW_MS: i64 = 1_785_600_000_000;
const DAY_MS: i64 = 86_400_000;

/// Cases of each service where the databases are compared; `HISTORY` says others.
const CASES: usize = 5;

/// Definitions with one town, in which a short history plays.
struct Stage {
    definitions: TempDir,
    town: String,
}

impl Stage {
    /// `least` is said of the first service that has a history.
    fn set(cases: usize, least: &str) -> Self {
        let definitions = town::definitions();
        let root = definitions.path();
        let state = fs::read_dir(root.join("tenants")).unwrap().next().unwrap().unwrap().path();
        let is_town = |path: &Path| path.join("tenant.yaml").exists();
        let town = fs::read_dir(&state).unwrap().map(|entry| entry.unwrap().path()).find(|path| is_town(path)).unwrap();
        let town = town.file_name().unwrap().to_str().unwrap().to_owned();
        let cast =
            format!("people: [Asha Rao, Ravi Rao]\nstaff: [Mira Sen]\ntowns: {{ {town}: 1 }}\noffices: [{town}]\n");
        fs::write(state.join("demo.yaml"), cast).unwrap();
        let mut folders: Vec<_> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
        folders.sort();
        for (order, path) in
            folders.iter().map(|folder| folder.join("demo.yaml")).filter(|path| path.exists()).enumerate()
        {
            let text = fs::read_to_string(&path).unwrap();
            let counts = ["cases:", "waiting:", "at_least:"];
            let kept = text.lines().filter(|line| counts.iter().all(|count| !line.starts_with(count)));
            let least = if order == 0 { least } else { "" };
            let kept: Vec<&str> = kept.collect();
            fs::write(&path, format!("cases: {cases}\nwaiting: {}\n{least}\n{}\n", cases / 6, kept.join("\n")))
                .unwrap();
        }
        Self { definitions, town }
    }

    /// Whether cases of a service are about a record, or name one.
    fn is_about_records(&self, service: &str) -> bool {
        let said = |file: &str| fs::read_to_string(self.definitions.path().join(service).join(file)).unwrap();
        said("service.yaml").lines().any(|line| line.starts_with("on_record:"))
            || said("form.yaml").contains("type: record")
    }

    async fn play(&self, data: &Path, percent: usize) -> (Arc<App>, anyhow::Result<Made>) {
        self.play_on(None, data, percent).await
    }

    /// On a database that is not the one in the folder.
    async fn play_on(&self, database: Option<String>, data: &Path, percent: usize) -> (Arc<App>, anyhow::Result<Made>) {
        let config = Config {
            definitions: vec![self.definitions.path().to_owned()],
            data_dir: data.to_owned(),
            filling: database.is_none(),
            database,
            demo: true,
            ..Config::default()
        };
        let given = Given { clock: Clock::at(NOW_MS), chance: Chance::seeded(7), bundle: None };
        let app = App::open(config, given).await.unwrap();
        let made = demo::make(&app, Plan { seed: 7, now_ms: NOW_MS, percent }, &mut |_, _| ()).await;
        (app, made)
    }

    /// The ends of all chains: they stand for everything that was done, in its order.
    async fn ends(&self, app: &App, data: &Path) -> Vec<String> {
        let mut tx = app.store.read(&self.town).await.unwrap();
        let findings = verify::verify(&mut tx, None).await.unwrap();
        assert!(findings.is_empty(), "the history is not whole");
        drop(tx);
        town::ask(data, "select tenant || ' ' || seq || ' ' || hash from chains order by tenant").await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_seed_gives_the_same_history_again_and_nothing_of_it_is_out_of_place() {
    let stage = Stage::set(30, "at_least: { cases: 30, towns: 1 }");
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (first, made) = stage.play(one.path(), 100).await;
    let made = made.unwrap();
    // A service about records opens as many as there are records for.
    let (about, others): (Vec<_>, Vec<_>) = made.cases.iter().partition(|(service, _)| stage.is_about_records(service));
    assert!(others.len() >= 2 && others.iter().all(|(_, cases)| **cases == 30), "{made:?}");
    assert!(!about.is_empty() && about.iter().all(|(_, cases)| (1..=30).contains(*cases)), "{made:?}");
    assert!(made.records.values().sum::<usize>() > 10, "{made:?}");
    assert!(made.acts > 300, "{made:?}");
    let (second, again) = stage.play(two.path(), 100).await;
    let again = again.unwrap();
    assert_eq!((&made.records, made.acts, made.papers), (&again.records, again.acts, again.papers));
    assert_eq!(stage.ends(&first, one.path()).await, stage.ends(&second, two.path()).await);

    // Some cases wait where somebody has to act, and what officers did they did while the office was open.
    let open = town::ask(one.path(), "select id from cases where number is not null and due_ms is not null").await;
    assert!(open.len() > 5, "{open:?}");
    let acted = town::ask(one.path(), "select cast(at_ms as text) from events where actor_kind = 'employee'").await;
    let minute = |at_ms: &String| (at_ms.parse::<i64>().unwrap() / 60_000 + 330).rem_euclid(24 * 60);
    assert!(acted.len() > 100 && acted.iter().map(minute).all(|minute| (9 * 60..18 * 60).contains(&minute)));

    // Papers carry the day on which they were asked for.
    let printed = town::ask(one.path(), "select cast(at_ms as text) from papers").await;
    let printed: Vec<i64> = printed.iter().map(|at_ms| at_ms.parse().unwrap()).collect();
    assert_eq!(printed.len(), made.papers);
    assert!(made.papers > 0);
    let within = |at_ms: &i64| (NOW_MS - 400 * DAY_MS..NOW_MS - 2 * DAY_MS).contains(at_ms);
    assert!(printed.iter().all(within), "{printed:?}");
    assert!(printed.iter().any(|at_ms| *at_ms < NOW_MS - 60 * DAY_MS), "{printed:?}");
}

/// The sums of every table.
async fn sums(app: &App) -> Manifest {
    let tenants = app.store.tenants().await.unwrap();
    archive::sums(&app.store, &tenants, || ()).await.unwrap()
}

/// Every service with a history, with registers that are billed, tills, stocks and papers: what officers, applicants
/// and the calendar do leaves the same rows on both databases.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_seed_gives_the_same_history_on_both_databases() {
    let Some(schema) = Schema::make("history").await else { return };
    let cases = std::env::var("HISTORY").ok().and_then(|cases| cases.parse().ok()).unwrap_or(CASES);
    let stage = Stage::set(cases, "");
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (first, made) = stage.play(one.path(), 100).await;
    let (second, again) = stage.play_on(Some(schema.url()), two.path(), 100).await;
    let (made, again) = (made.unwrap(), again.unwrap());
    assert_eq!((&made.cases, &made.records, &made.refused), (&again.cases, &again.records, &again.refused));
    assert!(made.acts > 100 && made.acts == again.acts && made.papers == again.papers, "{made:?} {again:?}");
    assert_eq!(sums(&first).await.differing(&sums(&second).await), []);
    first.store.clone().close().await;
    second.store.clone().close().await;
    schema.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_history_that_falls_short_is_none() {
    let stage = Stage::set(5, "at_least: { records: 6 }");
    let data = tempfile::tempdir().unwrap();
    let (_, made) = stage.play(data.path(), 100).await;
    let error = made.unwrap_err().to_string();
    assert!(error.contains("records, fewer than 6"), "{error}");
    let small = tempfile::tempdir().unwrap();
    stage.play(small.path(), 50).await.1.expect("half a history is not held to what the whole has");
}

/// Another database may be that of a town at work, and a file in the folder the history of another day.
#[test]
fn a_demonstration_keeps_to_the_database_that_it_was_made_in() {
    let data = tempfile::tempdir().unwrap();
    let history = data.path().join("nagar.db");
    let demo = |more: &[&str]| -> Run {
        let words = ["demo", "--small", "--no-serve", "--port", "0", "--data", word(data.path())];
        nagar(&[&words[..], more].concat())
    };
    fs::write(&history, "a history").unwrap();
    let away = "postgres://nobody@127.0.0.1:1/none";
    let failed = demo(&["--database", away]);
    assert_ne!(failed.code, 0, "nobody answers there: {failed:?}");
    assert_eq!(fs::read_to_string(&history).unwrap(), "a history", "what has nothing to do with it stays");

    fs::write(data.path().join("demo.json"), "{}").unwrap();
    for more in [&["--database", away][..], &["--database", "sqlite::memory:"]] {
        let refused = demo(more);
        assert!(refused.code != 0 && refused.err.contains("was made in another database"), "{refused:?}");
    }
    fs::write(data.path().join("demo.json"), r#"{ "database": "0123" }"#).unwrap();
    let refused = demo(&[]);
    assert!(refused.code != 0 && refused.err.contains("was made in another database"), "{refused:?}");
}
