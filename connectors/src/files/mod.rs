//! Files that people bring: kept by what they contain, never by what they are called.

pub mod clean;
pub mod disk;
mod incoming;
mod inspect;
mod name;
mod pdf;
mod photo;

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::Answer;
use crate::fault::Fault;
use crate::hex;

/// Where files are kept: `files: { type: disk, path: files }`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum FilesConfig {
    /// In a directory of this machine.
    Disk(disk::DiskConfig),
}

/// The kinds of file that can be told by their content, and so be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Portable Document Format (ISO 32000).
    Pdf,
    /// JPEG (ISO/IEC 10918).
    Jpeg,
    /// Portable Network Graphics (ISO/IEC 15948).
    Png,
    /// `WebP` (RFC 9649).
    Webp,
    /// A drawing as Drawing Exchange Format, in its text form. Nothing of it is ever shown as it came.
    Dxf,
    /// Scalable Vector Graphics that a program of ours has drawn; nobody can send one.
    Svg,
    /// Octets that were sealed before they came here. What is in them was looked at before; nobody can send such.
    Sealed,
}

/// What sealed octets begin with.
pub const SEAL: &[u8] = b"NAGARSEAL1\n";

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 7] = [Self::Pdf, Self::Jpeg, Self::Png, Self::Webp, Self::Dxf, Self::Svg, Self::Sealed];

    /// Those that people send.
    pub const SENT: [Self; 5] = [Self::Pdf, Self::Jpeg, Self::Png, Self::Webp, Self::Dxf];

    /// The media type to serve it with.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Dxf => "application/dxf",
            Self::Svg => "image/svg+xml",
            Self::Sealed => "application/vnd.nagar.sealed",
        }
    }

    /// What definitions and answers call it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Dxf => "dxf",
            Self::Svg => "svg",
            Self::Sealed => "sealed",
        }
    }

    /// The kind that has this media type.
    pub fn of_media_type(media_type: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.media_type() == media_type)
    }

    /// The extensions its files have, the usual one first.
    pub fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Jpeg => &["jpg", "jpeg", "jpe", "jfif"],
            Self::Png => &["png"],
            Self::Webp => &["webp"],
            Self::Dxf => &["dxf"],
            Self::Svg => &["svg"],
            Self::Sealed => &["sealed"],
        }
    }
}

/// What is said about a file before it is read. Of the name only a cleaned copy is returned.
#[derive(Debug, Clone, Copy)]
pub struct Upload<'a> {
    /// The town it is for.
    pub tenant: &'a str,
    /// What the sender calls it.
    pub name: &'a str,
    /// The media type the sender claims; empty and `application/octet-stream` claim nothing.
    pub claimed_type: &'a str,
    /// The kinds that are wanted here.
    pub allowed: &'a [Kind],
    /// The largest size wanted here, in octets; the store has a limit of its own beside.
    pub max_bytes: u64,
}

/// A file was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// What it is called from now on.
    pub digest: Digest,
    /// Its size in octets.
    pub size: u64,
    /// What it is, by its content.
    pub kind: Kind,
    /// The sender's name for it, fit to be shown: without path, control characters or tricks.
    pub name: String,
}

/// The SHA-256 of a file's content, by which it is called.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest([u8; 32]);

impl Digest {
    pub(crate) fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Reads 64 lower-case hexadecimal digits; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        hex::decode(text).and_then(|bytes| bytes.try_into().ok()).map(Self)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(&self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl TryFrom<String> for Digest {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("not 64 lower-case hexadecimal digits")
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.to_string()
    }
}

/// Where the bytes of an upload come from, piece by piece.
pub trait Source: Send {
    /// The next piece; `None` at the end. An error says why the sender broke off.
    fn next(&mut self) -> Answer<'_, Option<Vec<u8>>, String>;
}

/// Bytes that are all here already.
impl Source for &[u8] {
    fn next(&mut self) -> Answer<'_, Option<Vec<u8>>, String> {
        let piece = (!self.is_empty()).then(|| {
            let (head, tail) = self.split_at(self.len().min(64 * 1024));
            *self = tail;
            head.to_vec()
        });
        Box::pin(std::future::ready(Ok(piece)))
    }
}

/// Why a file is not taken. Each has its own words on the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfit {
    /// It has no content.
    Empty,
    /// It is larger than this many octets.
    TooBig(u64),
    /// Its content is none of the kinds wanted; the kind is given if it is a known one.
    WrongKind(Option<Kind>),
    /// Its content is of this kind, but its name or claimed type says another.
    Mismatch(Kind),
    /// It begins as a file of this kind and is not whole.
    Damaged(Kind),
    /// It can be read as two kinds of file, which only serves to deceive.
    TwoKinds(Kind),
    /// It is a picture of so many pixels that opening it would exhaust a machine.
    TooManyPixels(u32, u32),
    /// It does something by itself when it is opened, or brings something along: a script, a program, another file.
    Active(&'static str),
    /// It is encrypted, so that nobody can look into it.
    Locked,
    /// It is small and becomes huge when it is opened.
    Swells(Kind),
    /// A checker knows it to do harm, by this name.
    Virus(String),
    /// There is no room left for it: whoever keeps the files allows no more.
    Full,
    /// The sender broke off.
    Interrupted,
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the file is empty"),
            Self::TooBig(limit) => write!(f, "the file is larger than {limit} octets"),
            Self::WrongKind(Some(kind)) => write!(f, "a {} is not wanted here", kind.media_type()),
            Self::WrongKind(None) => f.write_str("the content is of no kind that is wanted"),
            Self::Mismatch(kind) => {
                write!(f, "the content is {}, and its name or type says otherwise", kind.media_type())
            }
            Self::Damaged(kind) => write!(f, "the {} is damaged or cut off", kind.media_type()),
            Self::TwoKinds(kind) => {
                write!(f, "the {} is something else as well", kind.media_type())
            }
            Self::TooManyPixels(width, height) => {
                write!(f, "a picture of {width} × {height} pixels is too large")
            }
            Self::Active(what) => write!(f, "it does something by itself: {what}"),
            Self::Locked => f.write_str("it is encrypted"),
            Self::Swells(kind) => write!(f, "the {} becomes huge when it is opened", kind.media_type()),
            Self::Virus(name) => write!(f, "the checker knows it as {name}"),
            Self::Full => f.write_str("there is no room left for files"),
            Self::Interrupted => f.write_str("the upload broke off"),
        }
    }
}

/// Why nothing was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PutError {
    /// Because of the file.
    Unfit(Unfit),
    /// Because of the store: a full disk, a tenant's name that is none.
    Fault(Fault),
}

impl From<Unfit> for PutError {
    fn from(unfit: Unfit) -> Self {
        Self::Unfit(unfit)
    }
}

impl From<Fault> for PutError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl fmt::Display for PutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unfit(unfit) => unfit.fmt(f),
            Self::Fault(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for PutError {}

/// Why a kept file cannot be handed out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TakeError {
    /// There is no such file for this town.
    Missing,
    /// It is there, and not what was put: an alarm.
    Altered,
    /// The store failed.
    Fault(Fault),
}

impl fmt::Display for TakeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("there is no such file"),
            Self::Altered => f.write_str("the file is not what was put"),
            Self::Fault(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for TakeError {}

/// Keeps bytes that are all here already: [`crate::FileStore::put`] in one call.
///
/// # Errors
/// As [`crate::FileStore::put`].
pub async fn put_bytes(
    store: &Arc<dyn crate::FileStore>,
    upload: Upload<'_>,
    mut bytes: &[u8],
) -> Result<Stored, PutError> {
    store.put(upload, &mut bytes).await
}
