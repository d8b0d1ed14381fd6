//! What the disk promises besides.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use connectors::Answer;
use connectors::files::{Digest, PutError, Source, TakeError, Unfit, Upload};
use tempfile::tempdir;

use super::{ANY, conforms, open, pdf, put};

#[tokio::test]
async fn the_disk_conforms() {
    let dir = tempdir().unwrap();
    conforms(open(dir.path())).await;
    assert_eq!(std::fs::read_dir(dir.path().join("files/.incoming")).unwrap().count(), 0, "nothing refused is left");
    assert_eq!(all_files(dir.path()).len(), 6);
}

fn all_files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(all_files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

#[tokio::test]
async fn file_04_a_file_is_found_by_its_content_and_never_by_its_name() {
    let dir = tempdir().unwrap();
    let store = open(dir.path());
    let long = format!("{}.pdf", "क".repeat(4_000));
    for (name, shown) in [
        ("../../../x.pdf", "x.pdf"),
        ("NUL.pdf", "NUL.pdf"),
        ("a\r\nb\".pdf", "ab\".pdf"),
        (long.as_str(), ""),
        ("/etc/passwd", "passwd"),
    ] {
        let stored = put(&store, Upload { name, ..ANY }, &pdf()).await.unwrap();
        if !shown.is_empty() {
            assert_eq!(stored.name, shown);
        }
        let digest = stored.digest.to_string();
        let expected = dir.path().join("files/town").join(&digest[..2]).join(&digest[2..4]).join(&digest);
        assert_eq!(all_files(dir.path()), [expected]);
    }
    for tenant in ["", "..", "a/b", "Town", ".incoming", "a.b", &"x".repeat(65)] {
        assert!(matches!(put(&store, Upload { tenant, ..ANY }, &pdf()).await, Err(PutError::Fault(_))), "{tenant}");
        let digest = Digest::parse(&"0".repeat(64)).unwrap();
        assert_eq!(store.get(tenant, &digest).await, Err(TakeError::Missing), "{tenant}");
    }
}

#[tokio::test]
async fn file_07_what_was_altered_on_the_disk_is_noticed_and_mended_by_the_same_file() {
    let dir = tempdir().unwrap();
    let store = open(dir.path());
    let stored = put(&store, ANY, &pdf()).await.unwrap();
    let path = all_files(dir.path()).remove(0);
    let mut altered = pdf();
    altered[12] ^= 1;
    for content in [altered, Vec::new(), [pdf(), pdf()].concat()] {
        std::fs::write(&path, content).unwrap();
        assert_eq!(store.get("town", &stored.digest).await, Err(TakeError::Altered));
        assert_eq!(store.verify("town", &stored.digest).await, Err(TakeError::Altered));
        put(&store, ANY, &pdf()).await.unwrap();
        assert_eq!(store.verify("town", &stored.digest).await, Ok(()));
    }
}

#[tokio::test]
async fn the_same_file_put_by_many_at_once_is_one_file() {
    let dir = tempdir().unwrap();
    let store = open(dir.path());
    let mut puts = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let store = Arc::clone(&store);
        puts.spawn(async move { put(&store, ANY, &pdf()).await.unwrap().digest });
    }
    let digests = puts.join_all().await;
    assert!(digests.iter().all(|digest| *digest == digests[0]));
    assert_eq!(all_files(dir.path()).len(), 1);
}

/// A sender who says what is to come, piece by piece, and counts how much was taken.
struct Sender<F> {
    piece: F,
    taken: usize,
}

impl<F: FnMut(usize) -> Result<Option<Vec<u8>>, String> + Send> Source for Sender<F> {
    fn next(&mut self) -> Answer<'_, Option<Vec<u8>>, String> {
        let piece = (self.piece)(self.taken);
        self.taken += 1;
        Box::pin(std::future::ready(piece))
    }
}

#[tokio::test]
async fn file_02_an_endless_upload_is_cut_at_the_limit() {
    let dir = tempdir().unwrap();
    let store = open(dir.path());
    let mut sender = Sender { piece: |turn| Ok(Some(if turn == 0 { pdf() } else { vec![b' '; 100_000] })), taken: 0 };
    let upload = Upload { max_bytes: u64::MAX, ..ANY };
    let refused = store.put(upload, &mut sender).await.unwrap_err();
    assert_eq!(refused, PutError::Unfit(Unfit::TooBig(30 * 1024 * 1024 + 64)), "the store has a limit of its own");
    assert!(sender.taken < 330, "{}", sender.taken);
    assert!(all_files(dir.path()).is_empty());
}

#[tokio::test]
async fn file_02_a_wrong_kind_is_refused_before_the_rest_is_read() {
    let dir = tempdir().unwrap();
    let store = open(dir.path());
    // The first octets come one at a time.
    let text = b"MZ this is a program of some length";
    let mut sender = Sender { piece: |turn| Ok(Some(vec![text[turn % text.len()]])), taken: 0 };
    let refused = store.put(ANY, &mut sender).await.unwrap_err();
    assert_eq!(refused, PutError::Unfit(Unfit::WrongKind(None)));
    assert_eq!(sender.taken, 16);
}

/// A sender who never goes on.
struct Stalled;

impl Source for Stalled {
    fn next(&mut self) -> Answer<'_, Option<Vec<u8>>, String> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test]
async fn file_02_an_upload_that_breaks_off_leaves_nothing() {
    let dir = tempdir().unwrap();
    let store = open(dir.path());
    let mut sender = Sender {
        piece: |turn| {
            if turn < 3 { Ok(Some(pdf())) } else { Err("gone".to_owned()) }
        },
        taken: 0,
    };
    assert_eq!(store.put(ANY, &mut sender).await.unwrap_err(), PutError::Unfit(Unfit::Interrupted));
    assert!(all_files(dir.path()).is_empty());

    // A sender who never goes on, and a request that is dropped.
    let mut stalled = Stalled;
    let mut upload = store.put(ANY, &mut stalled);
    assert!(std::future::poll_fn(|context| std::task::Poll::Ready(upload.as_mut().poll(context))).await.is_pending());
    assert_eq!(all_files(dir.path()).len(), 1, "it is on its way");
    drop(upload);
    assert!(all_files(dir.path()).is_empty());
}

#[tokio::test]
async fn file_08_remains_of_old_uploads_are_cleared_away_and_young_ones_are_left() {
    let dir = tempdir().unwrap();
    open(dir.path());
    let incoming = dir.path().join("files/.incoming");
    let (old, young) = (incoming.join("upload_old"), incoming.join("upload_young"));
    std::fs::write(&young, "x").unwrap();
    let file = std::fs::File::create(&old).unwrap();
    file.set_modified(std::time::SystemTime::now() - std::time::Duration::from_hours(25)).unwrap();
    open(dir.path());
    assert!(!old.exists() && young.exists());
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_reads_what_was_kept() {
    use std::os::unix::fs::PermissionsExt;

    let dir = tempdir().unwrap();
    put(&open(dir.path()), ANY, &pdf()).await.unwrap();
    let mode = std::fs::metadata(&all_files(dir.path())[0]).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_digest_is_read_as_it_is_written_and_no_other_way() {
    let text = "0123456789abcdef".repeat(4);
    assert_eq!(Digest::parse(&text).unwrap().to_string(), text);
    for wrong in [text.to_uppercase(), text[1..].to_owned(), format!("{text}00"), "../".repeat(21) + "x", String::new()]
    {
        assert_eq!(Digest::parse(&wrong), None, "{wrong}");
    }
}
