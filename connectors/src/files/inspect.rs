//! What a file is, by its content. Headers are read, nothing is ever decoded, so that a file made to
//! swell on opening costs us as little as any other.

use std::io::{self, Read, Seek, SeekFrom};

use super::{Kind, SEAL, Unfit};
use crate::control::holds;
use crate::limits::{JPEG_SEGMENTS, PICTURE_PIXELS, PICTURE_SIDE};

/// How many octets tell the kind of a file.
pub(super) const HEAD: usize = 16;

/// The kind a file's first octets speak of. A PDF must begin with its mark: readers that look for
/// it further in are what makes files of two kinds possible.
pub(super) fn kind_of(head: &[u8]) -> Option<Kind> {
    if head.starts_with(b"%PDF-") {
        Some(Kind::Pdf)
    } else if head.starts_with(&[0xFF, 0xD8, 0xFF]) {
        Some(Kind::Jpeg)
    } else if head.starts_with(b"\x89PNG\r\n\x1A\n") {
        Some(Kind::Png)
    } else if head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP") {
        Some(Kind::Webp)
    } else if begins_as_dxf(head) {
        Some(Kind::Dxf)
    } else if head.starts_with(b"<svg xmlns=\"http") {
        // As programs of ours begin one; whatever else is markup is of no kind.
        Some(Kind::Svg)
    } else if head.starts_with(SEAL) {
        Some(Kind::Sealed)
    } else {
        None
    }
}

/// Looks whether a file of this kind is whole, of one kind only, and of a reasonable size in pixels.
pub(super) fn inspect<F: Read + Seek>(file: &mut F, kind: Kind) -> Result<(), Failure> {
    let dimensions = match kind {
        Kind::Pdf => pdf(file)?,
        Kind::Jpeg => Some(jpeg(file)?.ok_or(Unfit::Damaged(kind))?),
        Kind::Png => Some(png(file)?.ok_or(Unfit::Damaged(kind))?),
        Kind::Webp => Some(webp(file)?.ok_or(Unfit::Damaged(kind))?),
        Kind::Dxf => dxf(file)?,
        // It is markup: whoever keeps one has drawn it, for `clean` takes none. What is sealed was looked at before,
        // and does nothing as it is.
        Kind::Svg | Kind::Sealed => return Ok(()),
    };
    if let Some((width, height)) = dimensions {
        if width == 0 || height == 0 {
            return Err(Unfit::Damaged(kind).into());
        }
        let large = width.max(height) > PICTURE_SIDE || u64::from(width) * u64::from(height) > PICTURE_PIXELS;
        if large && holds("file_03_pixels") {
            return Err(Unfit::TooManyPixels(width, height).into());
        }
    }
    if holds("file_01_two_kinds") && (has_markup(file)? || ends_as_archive(file)?) {
        return Err(Unfit::TwoKinds(kind).into());
    }
    Ok(())
}

/// Why a file does not pass: its own fault, or the disk's.
#[derive(Debug)]
pub(super) enum Failure {
    Unfit(Unfit),
    Disk(io::Error),
}

impl From<Unfit> for Failure {
    fn from(unfit: Unfit) -> Self {
        Self::Unfit(unfit)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Disk(error)
    }
}

type Dimensions = (u32, u32);

/// A PDF ends with `%%EOF` in its last 1,024 octets (ISO 32000-1, note 18 of annex H); else it was cut off.
fn pdf<F: Read + Seek>(file: &mut F) -> Result<Option<Dimensions>, Failure> {
    let (tail, _) = tail(file, 1_024)?;
    if tail.windows(5).any(|window| window == b"%%EOF") { Ok(None) } else { Err(Unfit::Damaged(Kind::Pdf).into()) }
}

/// Whether the first octets are those of a DXF in text form: the group code `0` on a line of its own, and `SECTION`;
/// or `999`, with which comments begin.
fn begins_as_dxf(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    match head.strip_prefix(b"0").map(<[u8]>::trim_ascii_start) {
        // The head is short: of the word, as much as is there.
        Some(rest) => rest.len() >= 3 && rest.iter().zip(b"SECTION").all(|(found, wanted)| found == wanted),
        None => head.strip_prefix(b"999").is_some_and(|rest| rest.starts_with(b"\n") || rest.starts_with(b"\r\n")),
    }
}

/// A DXF in text form has its first section after nothing but comments, no octet of nothing, and `EOF` as its last
/// word; else it is cut off, or is no drawing.
fn dxf<F: Read + Seek>(file: &mut F) -> Result<Option<Dimensions>, Failure> {
    let head = head(file, 4_096)?;
    let text = String::from_utf8_lossy(&head);
    let mut lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
    let begins = loop {
        match (lines.next(), lines.next()) {
            (Some("999"), Some(_)) => {}
            (code, word) => break code == Some("0") && word == Some("SECTION"),
        }
    };
    let (tail, _) = tail(file, 1_024)?;
    let plain = !head.contains(&0) && !tail.contains(&0);
    if begins && plain && tail.trim_ascii_end().ends_with(b"EOF") {
        Ok(None)
    } else {
        Err(Unfit::Damaged(Kind::Dxf).into())
    }
}

/// The first chunk of a PNG is `IHDR`, 13 octets long, and the last is an empty `IEND`.
fn png<F: Read + Seek>(file: &mut F) -> io::Result<Option<Dimensions>> {
    let head = head(file, 26)?;
    if head.len() < 26 || head[8..16] != *b"\0\0\0\x0DIHDR" {
        return Ok(None);
    }
    let (tail, _) = tail(file, 12)?;
    let whole = tail == *b"\0\0\0\0IEND\xAE\x42\x60\x82";
    Ok(whole.then(|| (big_endian(&head[16..20]), big_endian(&head[20..24]))))
}

/// Walks the segments of a JPEG to the frame header. What follows the picture is not looked at,
/// because telephones put more pictures there.
fn jpeg<F: Read + Seek>(file: &mut F) -> io::Result<Option<Dimensions>> {
    file.seek(SeekFrom::Start(2))?;
    for _ in 0..JPEG_SEGMENTS {
        let Some([0xFF, mut marker]) = take::<2>(file)? else {
            return Ok(None);
        };
        while marker == 0xFF {
            let Some([next]) = take::<1>(file)? else {
                return Ok(None);
            };
            marker = next;
        }
        match marker {
            // Markers without content.
            0x01 | 0xD0..=0xD7 => {}
            // Frame headers: precision, height, width.
            0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => {
                return Ok(take::<7>(file)?.map(|[_, _, _, high_h, low_h, high_w, low_w]| {
                    (u32::from(u16::from_be_bytes([high_w, low_w])), u32::from(u16::from_be_bytes([high_h, low_h])))
                }));
            }
            // The scan or the end before any frame header.
            0x00 | 0xD8..=0xDA => return Ok(None),
            _ => {
                let Some(length) = take::<2>(file)?.map(u16::from_be_bytes).filter(|length| *length >= 2) else {
                    return Ok(None);
                };
                file.seek(SeekFrom::Current(i64::from(length) - 2))?;
            }
        }
    }
    Ok(None)
}

/// The three forms of `WebP`: lossy, lossless, extended. The container states its own length.
fn webp<F: Read + Seek>(file: &mut F) -> io::Result<Option<Dimensions>> {
    let head = head(file, 30)?;
    if head.len() < 30 {
        return Ok(None);
    }
    let stated = u64::from(u32::from_le_bytes([head[4], head[5], head[6], head[7]])) + 8;
    if file.seek(SeekFrom::End(0))? < stated {
        return Ok(None);
    }
    let fourteen = |low: u8, high: u8| u32::from(u16::from_le_bytes([low, high]) & 0x3FFF);
    Ok(match &head[12..16] {
        b"VP8 " if head[23..26] == [0x9D, 0x01, 0x2A] => {
            Some((fourteen(head[26], head[27]), fourteen(head[28], head[29])))
        }
        b"VP8L" if head[20] == 0x2F => {
            let bits = u32::from_le_bytes([head[21], head[22], head[23], head[24]]);
            Some(((bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1))
        }
        b"VP8X" => {
            let side = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], 0]) + 1;
            Some((side(24), side(27)))
        }
        _ => None,
    })
}

/// Whether the beginning, which is as far as browsers sniff, holds markup or a script.
fn has_markup<F: Read + Seek>(file: &mut F) -> io::Result<bool> {
    const MARKS: [&[u8]; 6] = [b"<!doctype", b"<html", b"<script", b"<svg", b"<iframe", b"<?php"];
    let mut head = head(file, 1_024)?;
    head.make_ascii_lowercase();
    Ok(MARKS.iter().any(|mark| head.windows(mark.len()).any(|window| window == *mark)))
}

/// Whether the end is that of a ZIP archive: its end record, 22 octets and a comment that reaches
/// exactly to the end of the file (APPNOTE 4.3.16). Chance does not make that.
fn ends_as_archive<F: Read + Seek>(file: &mut F) -> io::Result<bool> {
    const RECORD: usize = 22;
    let (tail, _) = tail(file, RECORD as u64 + u64::from(u16::MAX))?;
    Ok((0..=tail.len().saturating_sub(RECORD)).any(|at| {
        let record = &tail[at..];
        record.len() >= RECORD
            && record.starts_with(b"PK\x05\x06")
            && usize::from(u16::from_le_bytes([record[20], record[21]])) == record.len() - RECORD
    }))
}

fn head<F: Read + Seek>(file: &mut F, length: u64) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(0))?;
    let mut bytes = Vec::new();
    file.take(length).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The last octets of a file, at most `length`, and the size of the whole.
fn tail<F: Read + Seek>(file: &mut F, length: u64) -> io::Result<(Vec<u8>, u64)> {
    let size = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(size.saturating_sub(length)))?;
    let mut bytes = Vec::new();
    file.take(length).read_to_end(&mut bytes)?;
    Ok((bytes, size))
}

/// The next `N` octets; `None` if the file ends before.
fn take<const N: usize>(file: &mut impl Read) -> io::Result<Option<[u8; N]>> {
    let mut bytes = [0; N];
    match file.read_exact(&mut bytes) {
        Ok(()) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

fn big_endian(four: &[u8]) -> u32 {
    u32::from_be_bytes(four.try_into().expect("four octets were sliced"))
}
