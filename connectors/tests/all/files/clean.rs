//! What people send, as it is taken: refused for what it is, or made harmless.

use std::io::Cursor;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use connectors::files::clean::{Cleaned, clean};
use connectors::files::{Kind, PutError, Unfit, Upload};
use image::{ImageFormat, Rgb, RgbImage};

use super::{ANY, STRANGERS, pdf, png};

async fn cleaned(upload: Upload<'_>, bytes: &[u8]) -> Result<Cleaned, PutError> {
    clean(upload, Bytes::copy_from_slice(bytes)).await
}

async fn unfit(upload: Upload<'_>, bytes: &[u8]) -> Unfit {
    match cleaned(upload, bytes).await {
        Err(PutError::Unfit(unfit)) => unfit,
        other => panic!("it should not have been taken: {other:?}"),
    }
}

fn picture(format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    RgbImage::from_pixel(40, 30, Rgb([10, 120, 60])).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn holds(bytes: &[u8], trace: &[u8]) -> bool {
    bytes.windows(trace.len()).any(|window| window == trace)
}

#[tokio::test]
async fn file_05_a_photo_is_drawn_anew_before_it_is_kept() {
    let plain = picture(ImageFormat::Jpeg);
    // A remark of whoever edited it, right after the mark of the beginning.
    let remarked = [&plain[..2], &[0xFF_u8, 0xFE, 0, 12], b"by Ash Rao", &plain[2..]].concat();
    assert!(holds(&remarked, b"Ash Rao"));
    let kept = cleaned(ANY, &remarked).await.unwrap();
    assert!(!holds(&kept.bytes, b"Ash Rao"));
    assert_eq!(image::load_from_memory(&kept.bytes).unwrap().into_rgb8().dimensions(), (40, 30));
    for (format, mark) in [(ImageFormat::Png, &b"\x89PNG"[..]), (ImageFormat::WebP, b"RIFF")] {
        let kept = cleaned(ANY, &picture(format)).await.unwrap();
        assert!(kept.bytes.starts_with(mark) && kept.place.is_none(), "{format:?}");
    }
}

#[tokio::test]
async fn file_06_an_active_paper_is_not_taken() {
    assert_eq!(cleaned(ANY, &pdf()).await.unwrap().bytes, pdf(), "a paper stays as it is, to the last octet");
    let active = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/OpenAction<</S/JavaScript/JS(x)>>>>\nendobj\n%%EOF\n";
    assert_eq!(unfit(ANY, active).await, Unfit::Active("JavaScript"));
    let locked = b"%PDF-1.7\ntrailer<</Encrypt 5 0 R>>\n%%EOF\n";
    assert_eq!(unfit(ANY, locked).await, Unfit::Locked);
}

#[tokio::test]
async fn file_01_what_is_none_of_the_kinds_or_two_of_them_is_not_taken() {
    for stranger in STRANGERS {
        assert_eq!(unfit(ANY, stranger).await, Unfit::WrongKind(None), "{stranger:?}");
    }
    let (photo, archive) = (picture(ImageFormat::Jpeg), b"PK\x05\x06\0\0\0\0\x01\0\x01\0\x10\0\0\0\x10\0\0\0\0\0");
    assert_eq!(unfit(ANY, &[&photo[..], archive].concat()).await, Unfit::TwoKinds(Kind::Jpeg));
    for (name, claimed_type) in [("scan.pdf", ""), ("scan.jpg.html", ""), ("scan.jpg", "text/html"), ("x.svg", "")] {
        assert_eq!(unfit(Upload { name, claimed_type, ..ANY }, &photo).await, Unfit::Mismatch(Kind::Jpeg), "{name}");
    }
    // It begins as a photo and is none.
    let noise = [&photo[..200.min(photo.len())], &[0x55; 400]].concat();
    assert!(matches!(cleaned(ANY, &noise).await, Err(PutError::Unfit(_))));
}

#[tokio::test]
async fn file_02_file_03_what_is_too_much_is_refused_before_it_is_opened() {
    assert_eq!(unfit(ANY, b"").await, Unfit::Empty);
    assert_eq!(unfit(Upload { max_bytes: 20, ..ANY }, &pdf()).await, Unfit::TooBig(20));
    let begun = Instant::now();
    assert_eq!(unfit(ANY, &png(50_000, 50_000)).await, Unfit::TooManyPixels(50_000, 50_000));
    // Small enough to be kept, too large to be drawn.
    assert!(matches!(unfit(ANY, &png(14_000, 14_000)).await, Unfit::TooManyPixels(..) | Unfit::Damaged(Kind::Png)));
    assert!(begun.elapsed() < Duration::from_millis(500), "{:?}", begun.elapsed());
}
