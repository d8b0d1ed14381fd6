//! Bytes on their way to a place that others may read: encrypted piece by piece, so that nothing of them
//! can be read, changed, cut off or put elsewhere without the key.
//!
//! A sealed file is `nagar archive 1` and a line feed, 16 octets of salt, 16 octets by which the right key
//! is known, and then pieces of 65,536 octets, the last one shorter, each with its tag of 16 octets
//! (ChaCha20-Poly1305, RFC 8439). The key is made of the secret and the salt by Argon2id (19 MiB, 2 passes),
//! and used for this file alone. The nonce of a piece is its number, as 8 octets with the highest first,
//! three zeros, and 1 if it is the last, else 0. Everything before the first piece is authenticated with
//! each of them.

use std::fmt;
use std::io::{self, Read, Write};

use anyhow::{Context as _, ensure};
use argon2::Argon2;
use chacha20poly1305::aead::AeadInOut as _;
use chacha20poly1305::{ChaCha20Poly1305, KeyInit as _};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

/// What a sealed file begins with.
const MAGIC: &[u8; 16] = b"nagar archive 1\n";
/// Magic, salt, check of the key.
pub const HEADER: usize = 48;
/// Octets of a piece.
pub const PIECE: usize = 64 * 1024;
/// Octets of its tag.
pub const TAG: usize = 16;
/// Octets that a secret has at least.
const SECRET: usize = 16;

/// Why a sealed file cannot be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// It does not begin as one.
    NoArchive,
    /// It was sealed with another key.
    WrongKey,
    /// It ends before its end; or its last piece was changed, which looks the same.
    CutOff,
    /// It is not what was sealed.
    Changed,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoArchive => "this is no archive of this program",
            Self::WrongKey => "the archive was made with another key",
            Self::CutOff => "the archive is cut off, or its end was changed",
            Self::Changed => "the archive was changed after it was made",
        })
    }
}

impl std::error::Error for Broken {}

impl From<Broken> for io::Error {
    fn from(broken: Broken) -> Self {
        Self::new(io::ErrorKind::InvalidData, broken)
    }
}

/// What an archive is sealed with.
#[derive(Clone)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// Takes a passphrase or the content of a file; spaces and line feeds around it do not count.
    ///
    /// # Errors
    /// When it is so short that it could be guessed.
    pub fn new(text: &[u8]) -> anyhow::Result<Self> {
        let text = text.trim_ascii();
        ensure!(text.len() >= SECRET, "the key of an archive has at least {SECRET} characters");
        Ok(Self(text.to_vec()))
    }

    /// A secret that nobody will ever need again.
    pub fn by_chance(bytes: [u8; 32]) -> Self {
        Self(bytes.to_vec())
    }
}

struct Cipher {
    header: [u8; HEADER],
    aead: ChaCha20Poly1305,
    number: u64,
}

impl Cipher {
    /// With the check of the key that belongs to this salt.
    fn new(secret: &Secret, salt: [u8; 16]) -> anyhow::Result<Self> {
        let mut key = [0; 32];
        let made = Argon2::default().hash_password_into(&secret.0, &salt, &mut key);
        made.map_err(|error| anyhow::anyhow!("no key can be made of this secret: {error}"))?;
        let derive = |what: &[u8]| {
            let mut mac =
                <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(&key).context("a key of any length will do")?;
            mac.update(what);
            let bytes: [u8; 32] = mac.finalize().into_bytes().into();
            anyhow::Ok(bytes)
        };
        let mut header = [0; HEADER];
        header[..16].copy_from_slice(MAGIC);
        header[16..32].copy_from_slice(&salt);
        header[32..].copy_from_slice(&derive(b"check")?[..16]);
        Ok(Self { header, aead: ChaCha20Poly1305::new(&derive(b"pieces")?.into()), number: 0 })
    }

    fn nonce(&self, last: bool) -> [u8; 12] {
        let mut nonce = [0; 12];
        nonce[..8].copy_from_slice(&self.number.to_be_bytes());
        nonce[11] = u8::from(last);
        nonce
    }

    fn close(&mut self, piece: &mut Vec<u8>, last: bool) -> io::Result<()> {
        let nonce = self.nonce(last);
        self.number += 1;
        let sealed = self.aead.encrypt_in_place(&nonce.into(), &self.header, piece);
        sealed.map_err(|_| io::Error::other("a piece could not be sealed"))
    }

    fn open(&mut self, piece: &mut Vec<u8>, last: bool) -> Result<(), Broken> {
        let nonce = self.nonce(last);
        self.number += 1;
        let opened = self.aead.decrypt_in_place(&nonce.into(), &self.header, piece);
        opened.map_err(|_| if last { Broken::CutOff } else { Broken::Changed })
    }
}

/// Seals what is written to it. Without [`Sealing::finish`] it counts as cut off.
pub struct Sealing<W: Write> {
    to: W,
    cipher: Cipher,
    piece: Vec<u8>,
}

impl<W: Write> Sealing<W> {
    /// Begins a sealed file; `salt` must never have been used with this secret before.
    ///
    /// # Errors
    /// When no key can be made, or the beginning not be written.
    pub fn begin(mut to: W, secret: &Secret, salt: [u8; 16]) -> anyhow::Result<Self> {
        let cipher = Cipher::new(secret, salt)?;
        to.write_all(&cipher.header)?;
        Ok(Self { to, cipher, piece: Vec::with_capacity(PIECE + TAG) })
    }

    /// Seals the last piece.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> io::Result<W> {
        self.cipher.close(&mut self.piece, true)?;
        self.to.write_all(&self.piece)?;
        self.to.flush()?;
        Ok(self.to)
    }
}

impl<W: Write> Write for Sealing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A full piece is sealed once more is to come: the last one may be full.
        if self.piece.len() == PIECE {
            self.cipher.close(&mut self.piece, false)?;
            self.to.write_all(&self.piece)?;
            self.piece.clear();
        }
        let taken = bytes.len().min(PIECE - self.piece.len());
        self.piece.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// Opens what was sealed.
pub struct Opening<R: Read> {
    from: R,
    cipher: Cipher,
    /// What was read of the file and not opened yet.
    ahead: Vec<u8>,
    /// What was opened, and how much of it was given away.
    piece: (Vec<u8>, usize),
    ended: bool,
}

impl<R: Read> Opening<R> {
    /// Begins to open a sealed file.
    ///
    /// # Errors
    /// A [`Broken`] as the cause, when it is no sealed file or the secret is another.
    pub fn begin(mut from: R, secret: &Secret) -> anyhow::Result<Self> {
        let mut header = Vec::with_capacity(HEADER);
        from.by_ref().take(HEADER as u64).read_to_end(&mut header)?;
        let magic = &header[..header.len().min(MAGIC.len())];
        if magic.is_empty() || magic != &MAGIC[..magic.len()] {
            return Err(Broken::NoArchive.into());
        }
        let salt: Option<[u8; 16]> = header.get(16..32).and_then(|salt| salt.try_into().ok());
        let (Some(salt), true) = (salt, header.len() == HEADER) else { return Err(Broken::CutOff.into()) };
        let cipher = Cipher::new(secret, salt)?;
        if cipher.header[..] != header[..] {
            return Err(Broken::WrongKey.into());
        }
        let mut opening = Self { from, cipher, ahead: Vec::new(), piece: (Vec::new(), 0), ended: false };
        opening.fill()?;
        Ok(opening)
    }

    /// Reads ahead to one octet behind the next piece: whether it is the last is known by that.
    fn fill(&mut self) -> io::Result<()> {
        let wanted = PIECE + TAG + 1 - self.ahead.len();
        self.from.by_ref().take(wanted as u64).read_to_end(&mut self.ahead).map(drop)
    }

    fn next(&mut self) -> io::Result<()> {
        let last = self.ahead.len() <= PIECE + TAG;
        let rest = if last { Vec::new() } else { self.ahead.split_off(PIECE + TAG) };
        let mut piece = std::mem::replace(&mut self.ahead, rest);
        self.cipher.open(&mut piece, last)?;
        (self.piece, self.ended) = ((piece, 0), last);
        self.fill()
    }
}

impl<R: Read> Read for Opening<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        while self.piece.1 == self.piece.0.len() {
            if self.ended {
                return Ok(0);
            }
            self.next()?;
        }
        let rest = &self.piece.0[self.piece.1..];
        let given = rest.len().min(to.len());
        to[..given].copy_from_slice(&rest[..given]);
        self.piece.1 += given;
        Ok(given)
    }
}
