//! Files: what every store does, and what the disk promises besides.

mod clean;
mod disk;

use std::path::Path;
use std::sync::Arc;

use connectors::files::{Digest, FilesConfig, Kind, PutError, Stored, TakeError, Unfit, Upload, put_bytes};
use connectors::{FileStore, open_files};

use crate::support::around;

fn open(dir: &Path) -> Arc<dyn FileStore> {
    let config: FilesConfig = serde_json::from_str(r#"{ "type": "disk", "path": "files" }"#).unwrap();
    open_files(&config, &around(dir)).unwrap()
}

const ANY: Upload = Upload { tenant: "town", name: "", claimed_type: "", allowed: &Kind::ALL, max_bytes: 5_000_000 };

/// The beginnings of files that are none of the kinds: markup, programs, archives, and too little of anything.
const STRANGERS: [&[u8]; 13] = [
    b"<!doctype html><script>alert(1)</script>",
    b"<html><script>",
    b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>",
    b"GIF89a/*\x00\x00\x00\x00*/=1;alert(1)",
    b"PK\x03\x04 an office document",
    b"MZ a program",
    b"\x7fELF a program",
    b"#!/bin/sh\n",
    b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 an old office document",
    b"x",
    b"\x89PNG",
    b"\xFF\xD8",
];

fn pdf() -> Vec<u8> {
    b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF\n".to_vec()
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes.extend(b"\x08\x06\0\0\0\0\0\0\0");
    bytes.extend(b"\0\0\0\0IEND\xAE\x42\x60\x82");
    bytes
}

/// A JPEG with `segments` segments of metadata, each of 60,000 octets, before its frame header.
fn jpeg(width: u16, height: u16, segments: usize) -> Vec<u8> {
    let mut bytes = vec![0xFF, 0xD8];
    for _ in 0..segments {
        bytes.extend([0xFF, 0xE1]);
        bytes.extend(60_002_u16.to_be_bytes());
        bytes.extend(std::iter::repeat_n(7, 60_000));
    }
    bytes.extend([0xFF, 0xC2, 0, 17, 8]);
    bytes.extend(height.to_be_bytes());
    bytes.extend(width.to_be_bytes());
    bytes.extend([3, 1, 0x11, 0, 2, 0x11, 1, 3, 0x11, 1]);
    bytes.extend([0xFF, 0xD9]);
    bytes
}

/// The extended form of WebP.
fn webp(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"RIFF\x16\0\0\0WEBPVP8X\x0A\0\0\0\0\0\0\0".to_vec();
    bytes.extend(&(width - 1).to_le_bytes()[..3]);
    bytes.extend(&(height - 1).to_le_bytes()[..3]);
    bytes
}

async fn put(store: &Arc<dyn FileStore>, upload: Upload<'_>, bytes: &[u8]) -> Result<Stored, PutError> {
    put_bytes(store, upload, bytes).await
}

async fn unfit(store: &Arc<dyn FileStore>, upload: Upload<'_>, bytes: &[u8]) -> Unfit {
    match put(store, upload, bytes).await {
        Err(PutError::Unfit(unfit)) => unfit,
        other => panic!("it should not have been taken: {other:?}"),
    }
}

/// What every file store does.
async fn conforms(store: Arc<dyn FileStore>) {
    for (bytes, kind) in [
        (pdf(), Kind::Pdf),
        (png(4_000, 3_000), Kind::Png),
        (jpeg(16_320, 12_240, 3), Kind::Jpeg),
        (webp(800, 600), Kind::Webp),
        (b"  0\r\nSECTION\r\n  2\r\nENTITIES\r\n  0\r\nENDSEC\r\n  0\r\nEOF\r\n".to_vec(), Kind::Dxf),
        (b"999\na comment\n0\nSECTION\n0\nEOF\n".to_vec(), Kind::Dxf),
    ] {
        let stored = put(&store, ANY, &bytes).await.unwrap();
        assert_eq!((stored.kind, stored.size), (kind, bytes.len() as u64));
        assert_eq!(store.get("town", &stored.digest).await, Ok(bytes.clone()));
        assert_eq!(store.verify("town", &stored.digest).await, Ok(()));
        // The same content again is the same file; in another town it is not there.
        assert_eq!(put(&store, ANY, &bytes).await.unwrap(), stored);
        assert_eq!(store.get("village", &stored.digest).await, Err(TakeError::Missing));
        assert_eq!(store.verify("village", &stored.digest).await, Err(TakeError::Missing));
    }
    let nobody = Digest::parse(&"0".repeat(64)).unwrap();
    assert_eq!(store.get("town", &nobody).await, Err(TakeError::Missing));
    refuses_what_is_unfit(&store).await;
    refuses_huge_and_damaged_files(&store).await;
    refuses_two_kinds(&store).await;
}

async fn refuses_what_is_unfit(store: &Arc<dyn FileStore>) {
    assert_eq!(unfit(store, ANY, b"").await, Unfit::Empty);
    assert_eq!(unfit(store, Upload { max_bytes: 20, ..ANY }, &pdf()).await, Unfit::TooBig(20));
    let pictures = Upload { allowed: &[Kind::Jpeg, Kind::Png], ..ANY };
    assert_eq!(unfit(store, pictures, &pdf()).await, Unfit::WrongKind(Some(Kind::Pdf)));
    for stranger in STRANGERS {
        assert_eq!(unfit(store, ANY, stranger).await, Unfit::WrongKind(None), "{stranger:?}");
    }
    for (name, claimed_type) in
        [("scan.jpg", ""), ("scan.pdf.exe", ""), ("scan.pdf", "text/html"), ("scan.svg", "application/pdf")]
    {
        assert_eq!(
            unfit(store, Upload { name, claimed_type, ..ANY }, &pdf()).await,
            Unfit::Mismatch(Kind::Pdf),
            "{name}"
        );
    }
}

async fn refuses_huge_and_damaged_files(store: &Arc<dyn FileStore>) {
    for (width, height) in [(50_000, 50_000), (1, 20_001), (16_000, 16_000), (u32::MAX, u32::MAX)] {
        assert_eq!(unfit(store, ANY, &png(width, height)).await, Unfit::TooManyPixels(width, height));
    }
    assert_eq!(unfit(store, ANY, &jpeg(50_000, 50_000, 0)).await, Unfit::TooManyPixels(50_000, 50_000));
    assert_eq!(unfit(store, ANY, &webp(50_000, 50_000)).await, Unfit::TooManyPixels(50_000, 50_000));
    for (bytes, kind) in [
        (png(0, 10), Kind::Png),
        (png(10, 10)[..40].to_vec(), Kind::Png),
        (jpeg(10, 0, 0), Kind::Jpeg),
        (jpeg(10, 10, 1)[..60_000].to_vec(), Kind::Jpeg),
        (b"\xFF\xD8\xFF\xDA\0\x08................".to_vec(), Kind::Jpeg),
        (b"\xFF\xD8\xFF\xE1\0\0................".to_vec(), Kind::Jpeg),
        (webp(10, 10)[..29].to_vec(), Kind::Webp),
        (pdf()[..40].to_vec(), Kind::Pdf),
    ] {
        assert_eq!(unfit(store, ANY, &bytes).await, Unfit::Damaged(kind), "{kind:?} of {}", bytes.len());
    }
    // More segments than any camera writes, and no picture: given up, not walked for ever.
    let mut endless = vec![0xFF, 0xD8];
    endless.extend([0xFF, 0xE1, 0, 2].repeat(100_000));
    assert_eq!(unfit(store, ANY, &endless).await, Unfit::Damaged(Kind::Jpeg));
}

async fn refuses_two_kinds(store: &Arc<dyn FileStore>) {
    let archive_end = b"PK\x05\x06\0\0\0\0\x01\0\x01\0\x10\0\0\0\x10\0\0\0\0\0";
    for (mut bytes, kind) in [(pdf(), Kind::Pdf), (jpeg(10, 10, 0), Kind::Jpeg)] {
        bytes.extend(archive_end);
        assert_eq!(unfit(store, ANY, &bytes).await, Unfit::TwoKinds(kind));
    }
    // An archive whose comment is the rest of a PDF.
    let tail = b"\n%%EOF\n";
    let mut commented = pdf();
    commented.extend(&archive_end[..20]);
    commented.extend(u16::try_from(tail.len()).unwrap().to_le_bytes());
    commented.extend(tail);
    assert_eq!(unfit(store, ANY, &commented).await, Unfit::TwoKinds(Kind::Pdf));
    for markup in ["<script>alert(1)</script>", "<HTML>", "<svg onload=x>", "<!DocType html>", "<?php x"] {
        let bytes = [b"%PDF-1.4\n".as_slice(), markup.as_bytes(), b"\n%%EOF"].concat();
        assert_eq!(unfit(store, ANY, &bytes).await, Unfit::TwoKinds(Kind::Pdf), "{markup}");
    }
    // A PDF that begins as something else is that something else.
    let disguised = [b"GIF89a/*".as_slice(), &pdf()].concat();
    assert_eq!(unfit(store, ANY, &disguised).await, Unfit::WrongKind(None));
}
