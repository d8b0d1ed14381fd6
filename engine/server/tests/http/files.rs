//! Uploads: taken, shown to their owner alone, and refused in words.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Body;
use axum::http::Request;
use connectors::fault::Fault;
use connectors::files::{Digest, PutError, Source, Stored, TakeError, Upload};
use connectors::scan::Found;
use connectors::{Answer, FileStore, Scanner};
use engine::base::Value;
use server::app::App;
use server::config::Config;
use server::http::limits;
use server::work::upkeep::{Share, scrub};

use crate::apply::{self, PDF, at_owners, begun};
use crate::browser::Browser;
use crate::restart::change;
use crate::sealed::stored;
use crate::town::{TOWN, Town};

/// A picture of one pixel.
pub(crate) const PNG: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0, 0, 1, 8,
    6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 0x0d, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0xf8, 0xcf, 0xc0,
    0xf0, 0x1f, 0, 5, 0, 1, 0xff, 0x89, 0x99, 0x3d, 0x1d, 0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
];

#[tokio::test]
async fn file_01_a_photo_is_previewed_kept_and_removed() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let case = begun(&mut browser, "9876543210").await;
    let typed = [("text", "The lamp is broken."), ("photo.lat", "30.3"), ("photo.long", "78.0"), ("_upload", "photo")];
    browser
        .upload(&typed, ("photo", "lamp.png", "image/png", PNG))
        .await
        .expect(200, "lamp.png")
        .expect(200, "The lamp is broken.");
    let shown = browser.page.link(&format!("/{TOWN}/cases/{case}/files/"));
    let file = browser.get(&shown).await.clone();
    assert!(file.bytes.starts_with(b"\x89PNG\r\n\x1a\n"), "the same kind, drawn anew");
    assert_eq!(
        (file.headers["content-type"].as_str(), file.headers["x-content-type-options"].as_str()),
        ("image/png", "nosniff")
    );
    assert!(file.headers["content-security-policy"].starts_with("sandbox"));
    assert!(file.headers["content-disposition"].contains("lamp.png"));
    let mut other = Browser::new(&town);
    other.sign_in("9876543211").await;
    other.get(&shown).await.expect(404, "Page not found");
    browser.get(&format!("/{TOWN}/cases/{case}/form/problem")).await.expect(200, "lamp.png");
    browser.submit(&[("text", "The lamp is broken."), ("_remove", "photo")]).await.expect(200, "The lamp is broken.");
    assert!(!browser.page.html.contains("lamp.png"));
}

#[tokio::test]
async fn the_place_of_a_photo_is_kept_with_it_and_can_be_corrected() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let case = begun(&mut browser, "9876543210").await;
    let boxes = browser.page.inputs("photo.");
    let [lat, long] = boxes.as_slice() else { panic!("two boxes for the place: {boxes:?}") };
    // What the page names is what is sent: the place in the same form as the file.
    let typed =
        [("text", "The lamp is broken."), (lat.as_str(), "30.31"), (long.as_str(), "78.03"), ("_upload", "photo")];
    browser.upload(&typed, ("photo", "lamp.png", "image/png", PNG)).await.expect(200, "lamp.png");
    browser.page.expect(200, "value=\"30.31\"").expect(200, "value=\"78.03\"");
    assert_eq!(browser.page.inputs("photo."), boxes, "the place stays beside the photo");
    browser
        .submit(&[("text", "The lamp is broken."), (lat, "30.32"), (long, "78.03")])
        .await
        .expect(200, "30.32° N, 78.03° E");
    let kept = town.case(&case).await.answers;
    assert_eq!(kept.at("photo.point.lat"), Some(&Value::Text("30.32".to_owned())));
    assert_eq!(kept.at("photo.point.long"), Some(&Value::Text("78.03".to_owned())));
}

/// What the button sends with which a file is taken again.
fn offered(html: &str) -> Option<String> {
    let (_, button) = html.split_once("name=\"_reuse\" value=\"")?;
    button.split('"').next().map(str::to_owned)
}

#[tokio::test]
async fn what_was_sent_before_answers_the_same_question_again() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let first = apply::sent(&mut browser, "9876543210").await;
    let second = at_owners(&mut browser).await;
    browser.page.expect(200, "Use a file that you sent before").expect(200, "id.pdf");
    let chosen = offered(&browser.page.html).unwrap();
    browser.submit(&[("owners.0.name", "Asha Rao"), ("_reuse", &chosen)]).await.expect(200, "id.pdf");
    assert_eq!(offered(&browser.page.html), None, "the question has its file");
    let shown = browser.page.link(&format!("/{TOWN}/cases/{second}/files/"));
    let page = browser.page.clone();
    assert!(browser.get(&shown).await.bytes.starts_with(b"%PDF-"), "it belongs to this case now");
    browser.page = page;
    browser.submit(&[("owners.0.name", "Asha Rao")]).await.expect(200, "What I have said is true");
    let (first, second) = (town.case(&first).await.answers, town.case(&second).await.answers);
    let of = |path: &str| (first.at(path).cloned(), second.at(path).cloned());
    let (before, now) = of("owners.0.proof.name");
    assert!(before.is_some() && before == now, "{before:?}, {now:?}");
    let (before, now) = of("owners.0.proof.id");
    assert!(before.is_some() && now.is_some() && before != now, "each case has a file of its own: {now:?}");
}

#[tokio::test]
async fn a_file_with_a_time_of_its_own_has_a_key_of_its_own_in_each_case() {
    let asked = "label: Proof of identity, type: file";
    let own = format!("{asked}, keep_for: 90 days");
    let town = Town::defined(|_| (), |bundle| change(bundle, "stall-permit/form.yaml", asked, &own)).await;
    let mut browser = Browser::new(&town);
    let first = apply::sent(&mut browser, "9876543210").await;
    let second = at_owners(&mut browser).await;
    let chosen = offered(&browser.page.html).unwrap();
    browser.submit(&[("owners.0.name", "Asha Rao"), ("_reuse", &chosen)]).await.expect(200, "id.pdf");
    let keys = stored(&town, &["seal_keys"]).await;
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    for case in [first, second] {
        let files = server::store::files::by_case(&mut tx, &case).await.unwrap();
        let [proof] = &files[..] else { panic!("one file is of the case, and not {files:?}") };
        assert!(keys.contains(&proof.id), "{proof:?}");
    }
}

#[tokio::test]
async fn az_02_a_file_of_somebody_else_cannot_be_chosen() {
    let town = Town::open().await;
    let mut owner = Browser::new(&town);
    apply::sent(&mut owner, "9876543211").await;
    at_owners(&mut owner).await;
    let chosen = offered(&owner.page.html).unwrap();
    let mut other = Browser::new(&town);
    other.sign_in("9876543210").await;
    let case = at_owners(&mut other).await;
    assert_eq!(offered(&other.page.html), None, "what others sent is not offered");
    other.submit(&[("owners.0.name", "Ravi Negi"), ("_reuse", &chosen)]).await.expect(404, "Page not found");
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let taken = server::store::files::by_case(&mut tx, &case).await.unwrap();
    assert!(taken.is_empty(), "nothing taken to the case: {taken:?}");
}

#[tokio::test]
async fn a_place_that_was_typed_survives_a_photo_that_will_not_do() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    begun(&mut browser, "9876543210").await;
    let typed =
        [("text", "The lamp is broken."), ("photo.lat", "30.31"), ("photo.long", "78.03"), ("_upload", "photo")];
    browser.upload(&typed, ("photo", "lamp.pdf", "application/pdf", PDF)).await.expect(422, "value=\"30.31\"");
    browser.submit(&typed[..3]).await.expect(200, "Check your answers");
    assert!(!browser.page.html.contains("30.31"), "a place without a photo is no answer");
}

#[tokio::test]
async fn file_01_files_that_will_not_do_are_refused_in_words() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    begun(&mut browser, "9876543210").await;
    let typed = [("text", "The lamp is broken."), ("_upload", "photo")];
    browser
        .upload(&typed, ("photo", "lamp.pdf", "application/pdf", PDF))
        .await
        .expect(422, "the file must be one of JPG, PNG")
        .expect(422, "The lamp is broken.");
    browser
        .upload(&[("text", "")], ("photo", "lamp.pdf", "application/pdf", PDF))
        .await
        .expect(422, "the file must be one of JPG, PNG")
        .expect(422, "What do you see: please answer");
    browser.upload(&typed, ("photo", "lamp.png", "image/png", b"")).await.expect(422, "the file is empty");
    browser
        .upload(&typed, ("photo", "lamp.png", "image/png", &PNG[..40]))
        .await
        .expect(422, "the file cannot be opened");
    browser
        .upload(&typed, ("photo", "lamp.png", "image/png", &vec![0; 17 << 20]))
        .await
        .expect(413, "That was too much at once");
    let _ = browser.get(&format!("/{TOWN}/my")).await;
}

#[tokio::test]
async fn a_file_that_nobody_asked_for_is_refused() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    begun(&mut browser, "9876543210").await;
    let page = browser.upload(&[("text", "x")], ("text", "lamp.png", "image/png", PNG)).await;
    assert_eq!(page.status, 400);
}

/// What a telephone makes: a small photo, and beside it the place, the telephone and the owner.
const CAMERA: &[u8] = include_bytes!("specimen/camera.jpg");

fn has(bytes: &[u8], trace: &[u8]) -> bool {
    bytes.windows(trace.len()).any(|window| window == trace)
}

/// The town with something exchanged that requests may use.
pub(crate) async fn exchanged(change: impl FnOnce(&mut App)) -> Town {
    let Town { app, router, data } = Town::open().await;
    drop(router);
    let mut app = (*app).clone();
    change(&mut app);
    let app = Arc::new(app);
    Town { router: server::http::router(&app), app, data }
}

#[tokio::test]
async fn file_05_a_photo_says_its_place_where_that_is_asked_and_nothing_else() {
    assert!(has(CAMERA, b"Asha Rao") && has(CAMERA, b"Exif"));
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let case = begun(&mut browser, "9876543210").await;
    let typed = [("text", "The lamp is broken."), ("_upload", "photo")];
    let page = browser.upload(&typed, ("photo", "lamp.jpg", "image/jpeg", CAMERA)).await;
    page.expect(200, "lamp.jpg").expect(200, "value=\"30.316500\"").expect(200, "value=\"78.032193\"");
    let shown = browser.page.link(&format!("/{TOWN}/cases/{case}/files/"));
    let kept = browser.get(&shown).await.bytes.clone();
    assert!(kept.starts_with(b"\xFF\xD8\xFF"));
    for trace in [&b"Asha Rao"[..], b"Exif", b"Telephone"] {
        assert!(!has(&kept, trace), "{} is in what is kept", String::from_utf8_lossy(trace));
    }
    // What somebody typed goes before what the telephone thought.
    browser.get(&format!("/{TOWN}/cases/{case}/form/problem")).await;
    let typed = [("text", "The lamp is broken."), ("photo.lat", "30.4"), ("photo.long", "78.1"), ("_upload", "photo")];
    let page = browser.upload(&typed, ("photo", "lamp.jpg", "image/jpeg", CAMERA)).await;
    page.expect(200, "value=\"30.4\"").expect(200, "value=\"78.1\"");
}

#[tokio::test]
async fn file_06_a_paper_that_acts_by_itself_is_refused_in_words() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let active = b"%PDF-1.7\n1 0 obj\n<</S/JavaScript/JS(x)>>\nendobj\n%%EOF\n";
    let locked = b"%PDF-1.7\ntrailer<</Encrypt 5 0 R>>\n%%EOF\n";
    browser.sign_in("9876543210").await;
    browser.get(&format!("/{TOWN}/services/stall-permit")).await;
    browser.submit(&[]).await;
    let first: Vec<(&str, &str)> =
        crate::apply::STALL.iter().filter(|(name, _)| *name != "food_kind").copied().collect();
    browser.submit(&first).await.expect(200, "Which food?");
    browser.submit(&crate::apply::STALL).await.expect(200, "Who owns it");
    let owner = [("owners.0.name", "Asha Rao")];
    for (bytes, words) in [(&active[..], "do something by themselves"), (&locked[..], "asks for a password")] {
        let page = browser.upload(&owner, ("owners.0.proof", "id.pdf", "application/pdf", bytes)).await;
        page.expect(422, words).expect(422, "Asha Rao");
    }
}

/// A checker that knows one word, or does not answer at all.
struct Knows(Option<&'static [u8]>);

impl Scanner for Knows {
    fn scan<'a>(&'a self, bytes: &'a [u8]) -> Answer<'a, Found, Fault> {
        Box::pin(std::future::ready(match self.0 {
            None => Err(Fault::temporary("the checker is away")),
            Some(word) if has(bytes, word) => Ok(Found::Virus("Test-Signature".to_owned())),
            Some(_) => Ok(Found::Nothing),
        }))
    }
}

#[tokio::test]
async fn file_06_a_file_with_a_virus_is_refused_in_words() {
    let town = exchanged(|app| app.scanner = Some(Arc::new(Knows(Some(b"a virus"))))).await;
    let mut browser = Browser::new(&town);
    let case = begun(&mut browser, "9876543210").await;
    let typed = [("text", "The lamp is broken."), ("_upload", "photo")];
    let infected = [PNG, b"a virus"].concat();
    let page = browser.upload(&typed, ("photo", "lamp.png", "image/png", &infected)).await;
    page.expect(422, "contains a virus").expect(422, "The lamp is broken.");
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    assert!(server::store::files::by_case(&mut tx, &case).await.unwrap().is_empty());
    drop(tx);
    browser.upload(&typed, ("photo", "lamp.png", "image/png", PNG)).await.expect(200, "lamp.png");
}

#[tokio::test]
async fn file_06_while_the_checker_is_away_no_file_is_taken() {
    let town = exchanged(|app| app.scanner = Some(Arc::new(Knows(None)))).await;
    let mut browser = Browser::new(&town);
    begun(&mut browser, "9876543210").await;
    let typed = [("text", "The lamp is broken."), ("_upload", "photo")];
    let page = browser.upload(&typed, ("photo", "lamp.png", "image/png", PNG)).await;
    assert_eq!(page.status, 503, "{}", page.text());
    assert!(!page.html.contains("the checker"), "what is wrong inside is for the log");
}

#[tokio::test]
async fn file_07_the_kept_files_are_read_again() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let case = begun(&mut browser, "9876543210").await;
    let typed = [("text", "The lamp is broken."), ("_upload", "photo")];
    browser.upload(&typed, ("photo", "lamp.png", "image/png", PNG)).await.expect(200, "lamp.png");
    assert_eq!(scrub(&town.app, Share::WHOLE).await.unwrap(), 0);
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let digest = server::store::files::by_case(&mut tx, &case).await.unwrap()[0].sha256.clone();
    drop(tx);
    let path = town.data.path().join("files").join(TOWN).join(&digest[..2]).join(&digest[2..4]).join(&digest);
    let whole = std::fs::read(&path).unwrap();
    let mut altered = whole.clone();
    altered[20] ^= 1;
    std::fs::write(&path, altered).unwrap();
    assert_eq!(scrub(&town.app, Share::WHOLE).await.unwrap(), 1);
    // One of the nights of a week finds it, and the others have other files to read.
    let mut found = 0;
    for part in 0..7 {
        found += scrub(&town.app, Share { part, of: 7 }).await.unwrap();
    }
    assert_eq!(found, 1);
    let shown = browser.page.link(&format!("/{TOWN}/cases/{case}/files/"));
    assert_eq!(browser.get(&shown).await.status, 500, "nor is it handed out");
    std::fs::remove_file(&path).unwrap();
    assert_eq!(scrub(&town.app, Share::WHOLE).await.unwrap(), 1);
    std::fs::write(&path, whole).unwrap();
    assert_eq!(scrub(&town.app, Share::WHOLE).await.unwrap(), 0);
}

/// A program's upload.
async fn sent(program: &mut Browser<'_>, token: &str, body: Body) -> u16 {
    let request = Request::post(format!("/api/{TOWN}/files?name=deed.pdf"))
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/pdf");
    program.send(request, body).await.status
}

#[tokio::test]
async fn file_08_nobody_sends_files_without_end() {
    let town = Town::open().await;
    let mut program = Browser::new(&town);
    let token = crate::api::token(&town, "9876543210").await;
    for _ in 0..limits::UPLOADED.0 {
        assert_eq!(sent(&mut program, &token, Body::from(PDF)).await, 201);
    }
    assert_eq!(sent(&mut program, &token, Body::from(PDF)).await, 429);
}

/// A file that takes so many octets, as far as the store knows.
async fn takes(town: &Town, id: &str, size: i64) {
    let row = server::store::files::File {
        id: id.to_owned(),
        sha256: "0".repeat(64),
        size,
        kind: "application/pdf".to_owned(),
        name: "deed.pdf".to_owned(),
        case: None,
        field: String::new(),
        person: "somebody".to_owned(),
        at_ms: town.app.clock.now_ms(),
    };
    let mut tx = town.app.store.begin(TOWN).await.unwrap();
    server::store::files::insert(&mut tx, server::store::By::system(row.at_ms), &row).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn file_08_a_whole_town_sends_as_much_as_there_is_room_for_and_is_told_so_in_words() {
    let town = Town::with(|config| {
        config.upload_megabytes = Some(2);
        config.upload_megabytes_of.insert("hilltop".to_owned(), 0);
    })
    .await;
    assert_eq!(town.app.config.room(TOWN), Some(2 << 20));
    assert_eq!((town.app.config.room("hilltop"), Config::default().room(TOWN)), (Some(0), None));
    let mut browser = Browser::new(&town);
    begun(&mut browser, "9876543210").await;
    let token = crate::api::token(&town, "9876543211").await;
    takes(&town, "first", 1 << 20).await;
    assert_eq!(sent(&mut Browser::new(&town), &token, Body::from(PDF)).await, 201, "there is room");
    takes(&town, "second", 1 << 20).await;
    let typed = [("text", "The lamp is broken."), ("_upload", "photo")];
    let page = browser.upload(&typed, ("photo", "lamp.png", "image/png", PNG)).await;
    page.expect(422, "there is no room left for files here").expect(422, "The lamp is broken.");
    assert_eq!(sent(&mut Browser::new(&town), &token, Body::from(PDF)).await, 503);
}

#[tokio::test]
async fn file_02_a_stream_without_end_is_cut_off() {
    let town = Town::open().await;
    let mut program = Browser::new(&town);
    let token = crate::api::token(&town, "9876543210").await;
    let pulled = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&pulled);
    let pieces = std::iter::repeat_with(move || {
        let first = count.fetch_add(1, Ordering::SeqCst) == 0;
        Ok::<_, std::io::Error>(if first { PDF.to_vec() } else { vec![b' '; 100_000] })
    });
    let body = Body::from_stream(futures_util::stream::iter(pieces));
    assert_eq!(sent(&mut program, &token, body).await, 413);
    assert!(pulled.load(Ordering::SeqCst) < 180, "{pulled:?} pieces were pulled");
    let left = std::fs::read_dir(town.data.path().join("files/.incoming")).unwrap().count();
    assert_eq!(left, 0, "nothing of it is left");
}

#[tokio::test]
async fn file_09_however_a_file_is_asked_for_the_same_policy_decides() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let case = begun(&mut browser, "9876543210").await;
    let typed = [("text", "The lamp is broken."), ("_upload", "photo")];
    browser.upload(&typed, ("photo", "lamp.png", "image/png", PNG)).await.expect(200, "lamp.png");
    let at = browser.page.link(&format!("/{TOWN}/cases/{case}/files/"));
    let (mut other, mut nobody) = (Browser::new(&town), Browser::new(&town));
    other.sign_in("9876543211").await;
    nobody.get(&format!("/{TOWN}")).await;
    let ways = || {
        [
            Request::get(&at),
            Request::head(&at),
            Request::get(&at).header("range", "bytes=0-3"),
            Request::get(&at).header("if-none-match", "*"),
            Request::get(&at).header("if-modified-since", "Mon, 06 Apr 2037 00:00:00 GMT"),
            Request::get(format!("{at}?download=1")),
        ]
    };
    for (way, (stranger, citizen)) in ways().into_iter().zip(ways()).enumerate() {
        let refused = [nobody.send(stranger, Body::empty()).await, other.send(citizen, Body::empty()).await];
        assert!(matches!(refused[0].status, 303 | 401), "way {way}: {}", refused[0].status);
        assert_eq!(refused[1].status, 404, "way {way}");
        assert!(refused.iter().all(|page| !has(&page.bytes, b"PNG")), "way {way}");
    }
    for request in ways() {
        let page = browser.send(request, Body::empty()).await;
        assert_eq!(page.status, 200, "whoever may see it sees it");
        assert_eq!(page.headers["x-content-type-options"], "nosniff");
        assert!(page.headers["content-security-policy"].starts_with("sandbox"));
    }
}

/// A store on a disk that is full.
struct Full;

impl FileStore for Full {
    fn put<'a>(&'a self, _: Upload<'a>, _: &'a mut dyn Source) -> Answer<'a, Stored, PutError> {
        Box::pin(std::future::ready(Err(Fault::temporary("the disk is full").into())))
    }
    fn get<'a>(&'a self, _: &'a str, _: &'a Digest) -> Answer<'a, Vec<u8>, TakeError> {
        Box::pin(std::future::ready(Err(TakeError::Missing)))
    }
    fn verify<'a>(&'a self, _: &'a str, _: &'a Digest) -> Answer<'a, (), TakeError> {
        Box::pin(std::future::ready(Err(TakeError::Missing)))
    }
}

#[tokio::test]
async fn file_10_a_full_disk_is_said_in_words_and_leaves_no_half_file() {
    let town = exchanged(|app| app.files = Arc::new(Full)).await;
    let mut browser = Browser::new(&town);
    let case = begun(&mut browser, "9876543210").await;
    let typed = [("text", "The lamp is broken."), ("_upload", "photo")];
    let page = browser.upload(&typed, ("photo", "lamp.png", "image/png", PNG)).await;
    assert_eq!(page.status, 503, "{}", page.text());
    assert!(page.headers.contains_key("retry-after") && !page.html.contains("disk"));
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    assert!(server::store::files::by_case(&mut tx, &case).await.unwrap().is_empty());
}
