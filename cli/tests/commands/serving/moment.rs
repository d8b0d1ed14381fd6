//! A copy of a database and its log bring back any moment, as docs/operations.md says how.

use std::path::Path;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use super::cluster::{Cluster, DEADLINE};
use crate::program::{nagar, word};
use crate::town::Kept;

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_and_its_log_bring_back_the_moment_before_a_mistake() {
    let Some(cluster) = Cluster::archiving() else { return };
    let kept = Kept::make(2).await;
    tokio::task::block_in_place(|| goes_back(&cluster, kept.data.path()));
}

fn goes_back(cluster: &Cluster, data: &Path) {
    let lite = format!("sqlite:{}", data.join("nagar.db").display());
    let ends = "select tenant || ' ' || seq || ' ' || hash from chains order by 1";
    let copy = cluster.copied();
    // The town comes after the copy: it is in the log alone.
    nagar(&["move", "--from", &lite, "--to", &cluster.url()]).expect(0, "whole");
    let (chains, moment) = (cluster.ask(ends), cluster.ask("select clock_timestamp()"));
    assert!(!chains.is_empty());
    cluster.ask("drop table receipts cascade");
    let piece = cluster.ask("select pg_walfile_name(pg_current_wal_lsn())");
    cluster.ask("select pg_switch_wal()");
    let (piece, begun) = (format!("{}/{piece}", cluster.kept_log()), Instant::now());
    let (_nobody, calls) = mpsc::channel::<()>();
    while !Path::new(&piece).exists() {
        assert!(begun.elapsed() < DEADLINE, "{piece} is not kept");
        // Between two looks a moment passes in which nobody calls.
        let _ = calls.recv_timeout(Duration::from_millis(20));
    }
    copy.goes_back_to(cluster, &moment);
    assert_eq!(copy.ask(ends), chains, "everything is there that was there then");
    nagar(&["verify", "--database", &copy.url(), "--data", word(data)]).expect(0, "whole");
}
