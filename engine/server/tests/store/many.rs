//! Many at once.

use std::collections::BTreeSet;
use std::sync::Arc;

use server::store::verify::verify;
use server::store::{By, EVERYBODY, Error, events, jobs, receipts, retry, serials, throttles, vouchers};
use tokio::task::JoinSet;

use crate::database::on_each;
use crate::town::{NOW, TOWN, act, act_in, approved, draw, moved, open, paid, payment};

#[test]
fn pay_13_six_hundred_and_forty_draws_give_six_hundred_and_forty_numbers() {
    on_each(|database| async move {
        let store = database.open().await;
        let mut tasks = JoinSet::new();
        for _ in 0..32 {
            let store = store.clone();
            tasks.spawn(async move {
                let mut drawn = Vec::new();
                for _ in 0..20 {
                    let number = retry(Error::is_passing, || async {
                        let mut tx = store.begin(TOWN).await?;
                        let mut held = serials::load(&mut tx, &["N/#".to_owned()]).await?;
                        let number = draw(&mut held, "N/#");
                        serials::save(&mut tx, By::system(NOW), &held).await?;
                        tx.commit().await?;
                        Ok::<_, Error>(number)
                    });
                    drawn.push(number.await.unwrap());
                }
                drawn
            });
        }
        let drawn: BTreeSet<String> = tasks.join_all().await.into_iter().flatten().collect();
        assert_eq!((drawn.len(), drawn.last().unwrap().as_str()), (640, "N/000640"));
        let mut tx = store.read(TOWN).await.unwrap();
        assert_eq!(events::head(&mut tx).await.unwrap().seq, 640);
    });
}

#[test]
fn con_06_no_update_of_a_case_is_lost() {
    on_each(|database| async move {
        let store = database.open().await;
        open(&store, "c1").await;
        let mut tasks = JoinSet::new();
        for _ in 0..32 {
            let store = store.clone();
            tasks.spawn(async move {
                for _ in 0..20 {
                    act(&store, "c1", None, |case, serials| moved(case, "draft", serials)).await.unwrap();
                }
            });
        }
        tasks.join_all().await;
        let mut tx = store.read(TOWN).await.unwrap();
        let case = server::store::cases::load(&mut tx, "c1").await.unwrap().unwrap();
        assert_eq!(case.version, 641);
        assert_eq!(verify(&mut tx, None).await.unwrap(), []);
    });
}

#[test]
fn pay_02_two_hundred_callbacks_of_one_payment_give_one_receipt() {
    on_each(|database| async move {
        let store = database.open().await;
        open(&store, "c1").await;
        act(&store, "c1", None, approved).await.unwrap();
        let mut tasks = JoinSet::new();
        for _ in 0..200 {
            let store = store.clone();
            tasks.spawn(async move {
                let once = || async {
                    let mut tx = store.begin(TOWN).await?;
                    server::store::cases::load(&mut tx, "c1").await?;
                    if events::by_key(&mut tx, "p").await?.is_some() {
                        return Ok(0);
                    }
                    act_in(&mut tx, "c1", Some("p"), |case, serials| paid(case, payment("p"), serials)).await?;
                    tx.commit().await?;
                    Ok::<_, Error>(1)
                };
                retry(Error::is_passing, once).await.unwrap()
            });
        }
        assert_eq!(tasks.join_all().await.into_iter().sum::<i32>(), 1);
        let mut tx = store.read(TOWN).await.unwrap();
        assert_eq!(receipts::by_case(&mut tx, "c1").await.unwrap().len(), 1);
        assert_eq!(vouchers::by_case(&mut tx, "c1").await.unwrap().len(), 2);
        let waiting: i64 = jobs::waiting(&mut tx).await.unwrap().iter().map(|waiting| waiting.count).sum();
        assert_eq!(waiting, 2, "one message and one paper");
        assert_eq!(verify(&mut tx, None).await.unwrap(), []);
    });
}

#[test]
fn every_job_is_claimed_once() {
    on_each(|database| async move {
        let store = database.open().await;
        let mut tx = store.begin(TOWN).await.unwrap();
        for at in 0..200 {
            let name = format!("job-{at:03}");
            let job = jobs::NewJob {
                id: &name,
                kind: jobs::Kind::Notice,
                key: &name,
                body: &serde_json::json!({ "at": at }),
                due_ms: NOW,
            };
            assert!(jobs::enqueue(&mut tx, &job).await.unwrap());
            assert!(
                !jobs::enqueue(&mut tx, &jobs::NewJob { id: "other", ..job }).await.unwrap(),
                "the same key is queued once"
            );
        }
        tx.commit().await.unwrap();
        let mut tasks = JoinSet::new();
        for _ in 0..16 {
            let store = store.clone();
            tasks.spawn(async move {
                let mut mine = Vec::new();
                loop {
                    let mut tx = store.begin(EVERYBODY).await.unwrap();
                    let claimed = jobs::claim(&mut tx, NOW, 60_000, 7).await.unwrap();
                    tx.commit().await.unwrap();
                    if claimed.is_empty() {
                        return mine;
                    }
                    mine.extend(claimed.into_iter().map(|job| job.id));
                }
            });
        }
        let claimed: Vec<String> = tasks.join_all().await.into_iter().flatten().collect();
        assert_eq!(claimed.len(), 200);
        assert_eq!(claimed.into_iter().collect::<BTreeSet<_>>().len(), 200);
    });
}

#[test]
fn who_lost_a_job_changes_nothing_about_it() {
    on_each(|database| async move {
        let store = database.open().await;
        let mut tx = store.begin(TOWN).await.unwrap();
        let job =
            jobs::NewJob { id: "j", kind: jobs::Kind::Payment, key: "k", body: &serde_json::json!({}), due_ms: NOW };
        jobs::enqueue(&mut tx, &job).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = store.begin(EVERYBODY).await.unwrap();
        assert_eq!(jobs::claim(&mut tx, NOW - 1, 1_000, 9).await.unwrap(), [], "not before it is due");
        assert_eq!(jobs::next_due(&mut tx).await.unwrap(), Some(NOW));
        let slow = jobs::claim(&mut tx, NOW, 1_000, 9).await.unwrap().remove(0);
        assert_eq!(jobs::claim(&mut tx, NOW + 999, 1_000, 9).await.unwrap(), []);
        let quick = jobs::claim(&mut tx, NOW + 1_000, 1_000, 9).await.unwrap().remove(0);
        assert_eq!((slow.epoch, quick.epoch, quick.tries), (1, 2, 2));
        assert!(!jobs::done(&mut tx, &slow).await.unwrap());
        assert!(!jobs::fail(&mut tx, &slow, "late", NOW, 9).await.unwrap());
        assert!(jobs::fail(&mut tx, &quick, "no answer", NOW, 3).await.unwrap());
        assert_eq!(jobs::claim(&mut tx, NOW + 19_999, 1_000, 9).await.unwrap(), [], "tried again later");
        let third = jobs::claim(&mut tx, NOW + 20_000, 1_000, 9).await.unwrap().remove(0);
        assert!(jobs::fail(&mut tx, &third, "no answer", NOW, 3).await.unwrap());
        assert_eq!(jobs::waiting(&mut tx).await.unwrap()[0].state, "dead");
        assert_eq!(jobs::revive(&mut tx, NOW).await.unwrap(), 1);
        let last = jobs::claim(&mut tx, NOW, 1_000, 9).await.unwrap().remove(0);
        assert!(jobs::done(&mut tx, &last).await.unwrap());
        assert_eq!(jobs::waiting(&mut tx).await.unwrap(), []);
        tx.commit().await.unwrap();
        assert_eq!([1, 2, 3, 40].map(jobs::back_off_ms), [10_000, 20_000, 40_000, 21_600_000]);
    });
}

/// On SQLite these share commits; whoever goes away or fails must not take the others along.
#[test]
fn whoever_goes_away_takes_nobody_along() {
    on_each(|database| async move {
        let store = database.open().await;
        let gate = Arc::new(tokio::sync::Barrier::new(48));
        let mut tasks = JoinSet::new();
        for at in 0..48 {
            let (store, gate) = (store.clone(), gate.clone());
            tasks.spawn(async move {
                gate.wait().await;
                for turn in 0..10 {
                    let key = format!("{at}-{turn}");
                    let mut tx = store.begin(TOWN).await.unwrap();
                    throttles::hit(&mut tx, &key, NOW, 1).await.unwrap();
                    match (at + turn) % 4 {
                        0 => drop(tx),
                        1 => tx.rollback().await.unwrap(),
                        2 => {
                            // Cut off in the middle of its commit: it may be there or not, but whole.
                            let _ = tokio::time::timeout(std::time::Duration::ZERO, tx.commit()).await;
                        }
                        _ => tx.commit().await.unwrap(),
                    }
                }
            });
        }
        tasks.join_all().await;
        let mut tx = store.begin(TOWN).await.unwrap();
        for at in 0..48 {
            for turn in 0..10 {
                let before = throttles::hit(&mut tx, &format!("{at}-{turn}"), NOW, 1).await.unwrap().count - 1;
                match (at + turn) % 4 {
                    0 | 1 => assert_eq!(before, 0, "{at}-{turn} was undone"),
                    2 => {}
                    _ => assert_eq!(before, 1, "{at}-{turn} was committed"),
                }
            }
        }
    });
}
