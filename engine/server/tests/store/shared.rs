//! One commit for all who wait, on SQLite: who is told what, and what is there afterwards, when some of them fail,
//! say nothing or go away.

use std::pin::Pin;
use std::time::Duration;

use futures_util::FutureExt as _;
use server::store::events::RecordedEvent;
use server::store::verify::{Finding, verify};
use server::store::{By, Error, Store, Tx, events, serials};
use tokio::task::JoinHandle;

use crate::database::Database;
use crate::town::{NOW, TOWN};

/// Somebody who waits for his turn.
type Queued = Pin<Box<dyn Future<Output = Result<Tx, Error>>>>;
/// What somebody will be told who commits.
type End = JoinHandle<Result<(), Error>>;

/// How many share one commit at most.
const GROUP: usize = 64;

/// What somebody does in his turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Does {
    /// Writes, and commits.
    Write,
    /// Commits, and has said nothing.
    Nothing,
    /// Fails with his first statement, and commits nonetheless.
    FailFirst,
    /// Fails after he wrote, and commits nonetheless.
    FailLater,
    /// Writes, and undoes it.
    Undo,
    /// Writes, and goes away.
    Leave,
    /// Writes, and goes away while it is undone.
    LeaveUndoing,
    /// Goes away, and has said nothing.
    LeaveSilent,
}

/// A store in which one event has happened.
async fn begun() -> (Database, Store) {
    let database = Database::lite();
    let store = database.open().await;
    let mut tx = store.begin(TOWN).await.unwrap();
    note(&mut tx, "begun").await.unwrap();
    tx.commit().await.unwrap();
    (database, store)
}

async fn note(tx: &mut Tx, word: &str) -> Result<RecordedEvent, Error> {
    events::note(tx, By::system(NOW), None, word, serde_json::Value::Null).await
}

/// Takes a place in the queue, while somebody else has the turn.
fn queued(store: &Store) -> Queued {
    let store = store.clone();
    let mut begin: Queued = Box::pin(async move { store.begin(TOWN).await });
    assert!(begin.as_mut().now_or_never().is_none(), "somebody else has the turn");
    begin
}

/// Writes at the end of the chain as it is in the database, which is not where it is in the shared transaction.
async fn fail(store: &Store, tx: &mut Tx) {
    let mut seen = store.read(TOWN).await.unwrap();
    serials::load(&mut seen, &[]).await.unwrap();
    tx.go_on_from(seen.looked().unwrap());
    assert!(matches!(note(tx, "failed").await, Err(Error::Taken(_))));
}

/// Has a turn; nothing to be told for whoever does not commit.
async fn turn(store: &Store, mut tx: Tx, word: &str, does: Does) -> Option<End> {
    match does {
        Does::Nothing | Does::LeaveSilent => {}
        Does::FailFirst => fail(store, &mut tx).await,
        Does::FailLater => {
            note(&mut tx, word).await.unwrap();
            fail(store, &mut tx).await;
        }
        Does::Write | Does::Undo | Does::Leave | Does::LeaveUndoing => drop(note(&mut tx, word).await.unwrap()),
    }
    match does {
        Does::Write | Does::Nothing | Does::FailFirst | Does::FailLater => return Some(tokio::spawn(tx.commit())),
        Does::Undo => tx.rollback().await.unwrap(),
        Does::LeaveUndoing => assert!(tx.rollback().now_or_never().is_none(), "the database was not asked"),
        Does::Leave | Does::LeaveSilent => drop(tx),
    }
    None
}

/// All of them have their turns one after the other, and wait from the beginning. Each is told what he did, and what
/// is there is what was committed.
async fn have_turns(store: &Store, all: &[Does]) {
    let before = words(store).await.len();
    let gate = store.begin(TOWN).await.unwrap();
    let queue: Vec<Queued> = all.iter().map(|_| queued(store)).collect();
    drop(gate);
    let (mut ends, mut kept) = (Vec::new(), Vec::new());
    for (at, (begin, &does)) in queue.into_iter().zip(all).enumerate() {
        let tx = begin.await.unwrap();
        let word = at.to_string();
        ends.push(turn(store, tx, &word, does).await);
        if does == Does::Write {
            kept.push(word);
        }
    }
    for (at, (end, does)) in ends.into_iter().zip(all).enumerate() {
        let Some(end) = end else { continue };
        let told = end.await.unwrap();
        assert_eq!(told.is_ok(), matches!(does, Does::Write | Does::Nothing), "{at} of {all:?}: {told:?}");
    }
    // Whoever comes after all of them is in nobody's way, and nobody in his.
    let mut tx = store.begin(TOWN).await.unwrap();
    note(&mut tx, "ended").await.unwrap();
    tx.commit().await.unwrap();
    kept.push("ended".to_owned());
    assert_eq!(words(store).await[before..], kept, "{all:?}");
}

/// What happened, which is in order.
async fn words(store: &Store) -> Vec<String> {
    let mut tx = store.read(TOWN).await.unwrap();
    let all = events::all(&mut tx, 0, 10_000).await.unwrap();
    all.iter().map(|event| event.command["word"].as_str().unwrap().to_owned()).collect()
}

async fn findings(store: &Store) -> Vec<Finding> {
    let mut tx = store.read(TOWN).await.unwrap();
    verify(&mut tx, None).await.unwrap()
}

/// Whatever is done between two who write, and whatever after that: each savepoint is followed by each way to end.
#[tokio::test]
async fn whatever_one_does_the_others_are_told_what_is_there() {
    // The first statement of whoever fails with it fails because somebody wrote before him.
    let each = [
        Does::Write,
        Does::Nothing,
        Does::FailFirst,
        Does::FailLater,
        Does::Undo,
        Does::Leave,
        Does::LeaveUndoing,
        Does::LeaveSilent,
    ];
    let (_database, store) = begun().await;
    for first in each {
        for second in each {
            have_turns(&store, &[Does::Write, first, second, Does::Write]).await;
            have_turns(&store, &[Does::Write, Does::Write, first, second]).await;
        }
    }
    assert_eq!(findings(&store).await, []);
}

/// Whoever goes away while what he wrote is undone: that is undone once, and not once more with what others wrote.
#[tokio::test]
async fn nobody_is_undone_with_whoever_goes_away_while_he_is_undone() {
    let (_database, store) = begun().await;
    have_turns(&store, &[Does::Write, Does::LeaveUndoing, Does::Write]).await;
    have_turns(&store, &[Does::LeaveUndoing, Does::Write, Does::LeaveUndoing, Does::LeaveUndoing, Does::Write]).await;
    assert_eq!(findings(&store).await, []);
}

#[tokio::test]
async fn more_than_one_commit_carries_are_all_told_what_is_there() {
    let others = [Does::Nothing, Does::FailFirst, Does::Undo, Does::LeaveUndoing, Does::FailLater, Does::Leave];
    let all: Vec<Does> =
        (0..3 * GROUP).map(|at| if at % 5 == 3 { others[at / 5 % others.len()] } else { Does::Write }).collect();
    let (_database, store) = begun().await;
    have_turns(&store, &all).await;
    assert_eq!(findings(&store).await, []);
}

#[tokio::test]
async fn a_commit_that_carries_enough_waits_for_nobody_else() {
    let (_database, store) = begun().await;
    let gate = store.begin(TOWN).await.unwrap();
    let mut queue: Vec<Queued> = (0..GROUP + 2).map(|_| queued(&store)).collect();
    let last = queue.pop().unwrap();
    let next = queue.pop().unwrap();
    drop(gate);
    let mut ends: Vec<End> = Vec::new();
    for begin in queue {
        let tx = begin.await.unwrap();
        assert!(ends.iter().all(|end| !end.is_finished()), "nobody is told before the commit");
        ends.extend(turn(&store, tx, "written", Does::Write).await);
    }
    // The turn is held by one and wanted by another, and still those before are told.
    let mut next = next.await.unwrap();
    note(&mut next, "next").await.unwrap();
    for end in ends {
        tokio::time::timeout(Duration::from_mins(1), end).await.unwrap().unwrap().unwrap();
    }
    assert_eq!(words(&store).await.len(), 1 + GROUP);
    next.rollback().await.unwrap();
    last.await.unwrap().commit().await.unwrap();
    assert_eq!(words(&store).await.len(), 1 + GROUP);
}

#[tokio::test]
async fn whoever_waits_for_a_turn_and_gives_up_holds_nobody_up() {
    let (_database, store) = begun().await;
    let mut tx = store.begin(TOWN).await.unwrap();
    note(&mut tx, "written").await.unwrap();
    let next = queued(&store);
    let end = tokio::spawn(tx.commit());
    // So far that the commit is left to whoever waits, if anything of this runtime goes on.
    for _ in 0..16 {
        tokio::task::yield_now().await;
    }
    drop(next);
    end.await.unwrap().unwrap();
    assert_eq!(words(&store).await, ["begun", "written"]);
}

/// How far the database came with a first statement that nobody waits for any more is not known; who is told that he
/// committed is there, and who is told that he did not is not.
#[tokio::test]
async fn whoever_goes_away_with_his_first_statement_makes_nobody_be_told_what_is_not_so() {
    let (_database, store) = begun().await;
    let gate = store.begin(TOWN).await.unwrap();
    let queue: Vec<Queued> = (0..5).map(|_| queued(&store)).collect();
    drop(gate);
    let (mut ends, mut kept) = (Vec::new(), vec!["begun".to_owned()]);
    for (at, begin) in queue.into_iter().enumerate() {
        let mut tx = begin.await.unwrap();
        let word = at.to_string();
        if at == 2 {
            drop(note(&mut tx, &word).now_or_never());
            drop(tx);
        } else {
            let end = turn(&store, tx, &word, Does::Write).await;
            ends.extend(end.map(|end| (word, end)));
        }
    }
    for (word, end) in ends {
        match end.await.unwrap() {
            Ok(()) => kept.push(word),
            Err(error) => assert!(error.is_passing(), "{word}: {error}"),
        }
    }
    assert_eq!((words(&store).await, findings(&store).await), (kept.clone(), Vec::new()));
    assert!(kept.ends_with(&["3".to_owned(), "4".to_owned()]), "who comes later is not concerned: {kept:?}");
}
