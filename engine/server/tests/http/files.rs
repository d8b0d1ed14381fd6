//! Uploads: taken, shown to their owner alone, and refused in words.

use engine::base::Value;

use crate::apply::{PDF, begun};
use crate::browser::Browser;
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
    assert_eq!((file.bytes.as_slice(), file.headers["content-type"].as_str()), (PNG, "image/png"));
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
        .expect(422, "the file must be one of JPEG, PNG")
        .expect(422, "The lamp is broken.");
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
