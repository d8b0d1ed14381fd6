//! What people send, made harmless before it is kept: pictures are drawn anew, so that nothing stays in them but
//! the picture; papers that do something by themselves are refused.
//!
//! Nothing is decoded before its header was looked at, and only so much at the same time as the machine has
//! room for.

use std::io::Cursor;

use axum::body::Bytes;
use tokio::sync::Semaphore;

use super::inspect::{self, Failure, HEAD};
use super::{Kind, PutError, Unfit, Upload, name, pdf, photo};
use crate::control::holds;
use crate::fault::Fault;
use crate::limits::{DRAWN_AT_ONCE, FILE_BYTES};

/// A file as it may be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cleaned {
    /// Its content.
    pub bytes: Bytes,
    /// Where a camera wrote that the picture was taken. It is not in the content any more: whoever has a purpose
    /// for it keeps it, and nobody else.
    pub place: Option<Place>,
}

/// A place, in millionths of a degree, north and east positive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// From -90,000,000 to 90,000,000.
    pub lat: i64,
    /// From -180,000,000 to 180,000,000.
    pub long: i64,
}

impl Place {
    /// Latitude and longitude in degrees with six digits after the point, as people type them.
    pub fn degrees(self) -> (String, String) {
        let text = |millionths: i64| {
            let sign = if millionths < 0 { "-" } else { "" };
            let size = millionths.unsigned_abs();
            format!("{sign}{}.{:06}", size / 1_000_000, size % 1_000_000)
        };
        (text(self.lat), text(self.long))
    }
}

static DRAWING: Semaphore = Semaphore::const_new(DRAWN_AT_ONCE);

/// Makes the content of `upload` harmless, or says why it is not taken.
///
/// # Errors
/// [`Unfit`] because of the file; a fault if the work could not be done.
pub async fn clean(upload: Upload<'_>, bytes: Bytes) -> Result<Cleaned, PutError> {
    let kind = looked_at(&upload, &bytes)?;
    let most = upload.max_bytes.min(FILE_BYTES);
    let _turn = DRAWING.acquire().await.map_err(Fault::temporary)?;
    let work = tokio::task::spawn_blocking(move || harmless(kind, bytes, most));
    Ok(work.await.map_err(Fault::temporary)??)
}

/// What a file is that may be kept, and what it is called. A store that is given octets sealed cannot look any more:
/// whoever seals them looks once more before.
///
/// # Errors
/// Says why it is not taken.
pub fn looked_over(upload: &Upload<'_>, bytes: &Bytes) -> Result<(Kind, String), Unfit> {
    Ok((looked_at(upload, bytes)?, name::shown(upload.name)))
}

/// What the file is, by its first octets and its headers.
fn looked_at(upload: &Upload<'_>, bytes: &Bytes) -> Result<Kind, Unfit> {
    let most = upload.max_bytes.min(FILE_BYTES);
    if bytes.is_empty() {
        return Err(Unfit::Empty);
    }
    if bytes.len() as u64 > most {
        return Err(Unfit::TooBig(most));
    }
    let kind = inspect::kind_of(&bytes[..bytes.len().min(HEAD)]);
    let kind = kind.filter(|kind| upload.allowed.contains(kind)).ok_or(Unfit::WrongKind(kind))?;
    if !name::agrees(upload.name, upload.claimed_type, kind) {
        return Err(Unfit::Mismatch(kind));
    }
    inspect::inspect(&mut Cursor::new(bytes), kind).map_err(|failure| match failure {
        Failure::Unfit(unfit) => unfit,
        // Memory does not fail to be read.
        Failure::Disk(_) => Unfit::Interrupted,
    })?;
    Ok(kind)
}

fn harmless(kind: Kind, bytes: Bytes, most: u64) -> Result<Cleaned, Unfit> {
    match kind {
        Kind::Pdf => {
            if holds("file_06_active_content") {
                pdf::check(&bytes)?;
            }
            Ok(Cleaned { bytes, place: None })
        }
        // Text without anything that acts, and never shown: whoever reads it draws a picture of its own.
        Kind::Dxf => Ok(Cleaned { bytes, place: None }),
        Kind::Svg | Kind::Sealed => Err(Unfit::WrongKind(Some(kind))),
        Kind::Jpeg | Kind::Png | Kind::Webp => {
            let drawn = photo::redraw(kind, &bytes, most)?;
            if holds("file_05_redrawn") { Ok(drawn) } else { Ok(Cleaned { bytes, ..drawn }) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn degrees_are_written_as_people_type_them() {
        let place = Place { lat: 30_316_495, long: -78_032_192 };
        assert_eq!(place.degrees(), ("30.316495".to_owned(), "-78.032192".to_owned()));
        assert_eq!(Place { lat: -5, long: 0 }.degrees(), ("-0.000005".to_owned(), "0.000000".to_owned()));
    }
}
