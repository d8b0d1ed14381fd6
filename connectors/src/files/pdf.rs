//! Papers that do something by themselves: run a script, start a program, carry other files.
//!
//! A PDF is a heap of objects in which an action is a name, `/JavaScript` or `/Launch`. Names are looked for in the
//! whole file, wherever a reader might be led to find an object, and in the streams that hold objects once they
//! are inflated. A paper that cannot be looked into, because it is encrypted or packed in a rare way, is refused.

use std::io::Read as _;

use flate2::read::ZlibDecoder;

use super::{Kind, Unfit};
use crate::limits::{PDF_DICTIONARY_BYTES, PDF_INFLATED_BYTES, PDF_OBJECTS};

/// Names of what does something, or brings something along (ISO 32000-2, 12.6.4, 7.11.4, 12.7.6).
static ACTIVE: [&[u8]; 8] =
    [b"JavaScript", b"Launch", b"EmbeddedFile", b"EmbeddedFiles", b"RichMedia", b"SubmitForm", b"ImportData", b"GoToE"];
/// Longest name that is read whole; longer ones mean nothing here.
const NAME: usize = 16;

/// Refuses a paper that does something by itself, that cannot be looked into, or that swells.
pub(super) fn check(bytes: &[u8]) -> Result<(), Unfit> {
    if count(bytes, b" obj", PDF_OBJECTS) == PDF_OBJECTS {
        return Err(Unfit::Swells(Kind::Pdf));
    }
    look(bytes)?;
    let mut room = PDF_INFLATED_BYTES;
    let mut from = 0;
    while let Some(at) = find(&bytes[from..], b"stream").map(|at| from + at) {
        from = at + 6;
        let ends = at >= 3 && &bytes[at - 3..at] == b"end";
        if ends || !holds_objects(dictionary(bytes, at))? {
            continue;
        }
        let inflated = inflated(&bytes[from..], room)?;
        room -= inflated.len() as u64;
        look(&inflated)?;
    }
    Ok(())
}

/// Looks for names of what must not be there.
fn look(bytes: &[u8]) -> Result<(), Unfit> {
    let mut from = 0;
    while let Some(at) = find(&bytes[from..], b"/").map(|at| from + at) {
        let (name, length, end) = name(&bytes[at + 1..]);
        let name = &name[..length];
        from = at + 1;
        let follows = || bytes[at + 1 + end..].iter().copied().find(|byte| !byte.is_ascii_whitespace());
        match name {
            b"Encrypt" if follows().is_some_and(|byte| byte.is_ascii_digit() || byte == b'<') => {
                return Err(Unfit::Locked);
            }
            // Three letters turn up by chance in a compressed picture; with what must follow they do not.
            b"XFA" if follows().is_some_and(|byte| byte.is_ascii_digit() || byte == b'[') => {
                return Err(Unfit::Active("XFA"));
            }
            _ => {}
        }
        if let Some(active) = ACTIVE.iter().copied().find(|active| *active == name) {
            return Err(Unfit::Active(std::str::from_utf8(active).unwrap_or_default()));
        }
    }
    Ok(())
}

/// The name that begins here, with `#4A` read as the letter it stands for; how long it is, and where it ends.
fn name(bytes: &[u8]) -> ([u8; NAME], usize, usize) {
    let (mut name, mut length, mut at) = ([0; NAME], 0, 0);
    while let Some(byte) = bytes.get(at) {
        let hidden = |from: usize| bytes.get(from).and_then(|digit| char::from(*digit).to_digit(16));
        let (letter, step) = match (byte, hidden(at + 1), hidden(at + 2)) {
            (b'#', Some(high), Some(low)) => (u8::try_from(high * 16 + low).unwrap_or(b'#'), 3),
            (byte, ..) if is_regular(*byte) => (*byte, 1),
            _ => break,
        };
        if length == NAME {
            // Too long to be one that is looked for.
            return (name, 0, at);
        }
        name[length] = letter;
        length += 1;
        at += step;
    }
    (name, length, at)
}

/// A character that can stand in a name (ISO 32000-2, 7.2.3).
fn is_regular(byte: u8) -> bool {
    !matches!(
        byte,
        0 | b'\t' | b'\n' | 0x0C | b'\r' | b' ' | b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%'
    )
}

/// What stands before a stream, back to the beginning of its object.
fn dictionary(bytes: &[u8], stream: usize) -> &[u8] {
    let before = &bytes[stream.saturating_sub(PDF_DICTIONARY_BYTES)..stream];
    let begins = before.windows(3).rposition(|window| window == b"obj").map_or(0, |at| at + 3);
    &before[begins..]
}

/// Whether a stream holds objects and must be looked into. Readers find them by `/First` and `/N`, whatever the
/// type is called.
fn holds_objects(dictionary: &[u8]) -> Result<bool, Unfit> {
    let (mut objects, mut flate, mut strange) = (false, 0, false);
    let mut from = 0;
    while let Some(at) = find(&dictionary[from..], b"/").map(|at| from + at) {
        let (name, length, _) = name(&dictionary[at + 1..]);
        from = at + 1;
        match &name[..length] {
            b"ObjStm" | b"First" => objects = true,
            b"FlateDecode" | b"Fl" => flate += 1,
            b"Predictor" | b"Crypt" => strange = true,
            other => strange |= other.ends_with(b"Decode"),
        }
    }
    if objects && (strange || flate > 1) {
        return Err(Unfit::Active("ObjStm"));
    }
    Ok(objects && flate == 1)
}

/// The content of a stream, at most `most` octets of it.
fn inflated(after_word: &[u8], most: u64) -> Result<Vec<u8>, Unfit> {
    let skipped = after_word.iter().take(2).take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let mut inflated = Vec::new();
    let read = ZlibDecoder::new(&after_word[skipped..]).take(most + 1).read_to_end(&mut inflated);
    if inflated.len() as u64 > most {
        return Err(Unfit::Swells(Kind::Pdf));
    }
    // What a reader would get out of a broken stream is looked at as well, and then it is refused.
    if read.is_err() {
        look(&inflated)?;
        return Err(Unfit::Damaged(Kind::Pdf));
    }
    Ok(inflated)
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    let (first, rest) = wanted.split_first()?;
    let mut from = 0;
    loop {
        let at = from + bytes.get(from..)?.iter().position(|byte| byte == first)?;
        if bytes[at + 1..].starts_with(rest) {
            return Some(at);
        }
        from = at + 1;
    }
}

/// How often `wanted` is there, counted up to `most`.
fn count(bytes: &[u8], wanted: &[u8], most: usize) -> usize {
    let (mut from, mut count) = (0, 0);
    while let Some(at) = find(&bytes[from..], wanted).filter(|_| count < most) {
        from += at + wanted.len();
        count += 1;
    }
    count
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

    use std::io::Write as _;
    use std::time::{Duration, Instant};

    use super::*;

    fn paper(objects: &str) -> Vec<u8> {
        format!("%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\n{objects}\ntrailer<</Root 1 0 R>>\n%%EOF\n").into_bytes()
    }

    /// A paper whose objects are packed away.
    fn packed(objects: &[u8], dictionary: &str) -> Vec<u8> {
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        zlib.write_all(objects).unwrap();
        let packed = zlib.finish().unwrap();
        let head = format!("2 0 obj\n<<{dictionary}/Length {}>>\nstream\r\n", packed.len());
        [&b"%PDF-1.7\n"[..], head.as_bytes(), &packed, b"\nendstream\nendobj\n%%EOF\n"].concat()
    }

    #[test]
    fn file_06_a_paper_that_does_something_by_itself_is_refused() {
        for object in [
            "2 0 obj<</S/JavaScript/JS(app.alert(1))>>endobj",
            "2 0 obj<</S /J#61vaScript /JS 3 0 R>>endobj",
            "2 0 obj<</S/#4Aava#53cript>>endobj",
            "2 0 obj<</Type/Action/S/Launch/F(cmd.exe)>>endobj",
            "2 0 obj<</Names<</EmbeddedFiles 3 0 R>>>>endobj",
            "2 0 obj<</Type/EmbeddedFile>>stream\nx\nendstream endobj",
            "2 0 obj<</Subtype/RichMedia>>endobj",
            "2 0 obj<</S/SubmitForm>>endobj",
            "2 0 obj<</AcroForm<</XFA [ (a) 3 0 R ]>>>>endobj",
            "2 0 obj<</AcroForm<</XFA 3 0 R>>>>endobj",
            // A reader can be led into the middle of what looks like a picture.
            "2 0 obj<</Subtype/Image>>stream\n3 0 obj<</S/JavaScript>>endobj\nendstream endobj",
        ] {
            assert!(matches!(check(&paper(object)), Err(Unfit::Active(_))), "{object}");
        }
        for object in [
            "2 0 obj<</S/URI/URI(https://town.example)>>endobj",
            "2 0 obj<</S/GoTo/D[3 0 R/Fit]>>endobj",
            "2 0 obj<</Title(On JavaScript and Launch)>>endobj",
            "2 0 obj<</JavaScriptless 1/Launching 2/XFA/Encryption>>endobj",
        ] {
            assert_eq!(check(&paper(object)), Ok(()), "{object}");
        }
        assert_eq!(check(&paper("trailer<</Encrypt 9 0 R>>")), Err(Unfit::Locked));
        assert_eq!(check(&paper("trailer<</Encrypt<</Filter/Standard>>>>")), Err(Unfit::Locked));
    }

    #[test]
    fn file_06_what_is_packed_away_is_looked_into() {
        let hidden = b"3 0 <</S/JavaScript/JS(x)>>";
        for dictionary in
            ["/Type/ObjStm/N 1/First 4/Filter/FlateDecode", "/N 1/First 4/Filter[/FlateDecode]", "/First 4/Filter/Fl"]
        {
            assert!(matches!(check(&packed(hidden, dictionary)), Err(Unfit::Active("JavaScript"))), "{dictionary}");
            assert_eq!(check(&packed(b"3 0 <</Title(x)>>", dictionary)), Ok(()), "{dictionary}");
        }
        for dictionary in [
            "/Type/ObjStm/First 4/Filter[/ASCII85Decode/FlateDecode]",
            "/Type/ObjStm/First 4/Filter[/FlateDecode/FlateDecode]",
            "/Type/ObjStm/First 4/Filter/LZWDecode",
            "/Type/ObjStm/First 4/Filter/FlateDecode/DecodeParms<</Predictor 12>>",
        ] {
            assert_eq!(check(&packed(b"3 0 <<>>", dictionary)), Err(Unfit::Active("ObjStm")), "{dictionary}");
        }
        let mut broken = packed(hidden, "/Type/ObjStm/First 4/Filter/FlateDecode");
        let at = find(&broken, b"stream\r\n").unwrap() + 9;
        broken[at] ^= 0xFF;
        assert!(check(&broken).is_err());
    }

    #[test]
    fn file_03_a_paper_that_swells_is_refused_soon() {
        let bomb = packed(&vec![b' '; 40 << 20], "/Type/ObjStm/N 1/First 4/Filter/FlateDecode");
        assert!(bomb.len() < 200_000);
        let many = paper(&"2 0 obj\n".repeat(1_000_000));
        for bytes in [bomb, many] {
            let begun = Instant::now();
            assert_eq!(check(&bytes), Err(Unfit::Swells(Kind::Pdf)));
            let most = Duration::from_millis(if cfg!(debug_assertions) { 5_000 } else { 500 });
            assert!(begun.elapsed() < most, "{:?}", begun.elapsed());
        }
    }

    #[test]
    fn whatever_comes_is_looked_through_without_fail() {
        let whole = packed(b"3 0 <</Title(x)>>", "/Type/ObjStm/N 1/First 4/Filter/FlateDecode");
        for length in 0..whole.len() {
            let _ = check(&whole[..length]);
        }
        for at in 0..whole.len() {
            let mut altered = whole.clone();
            altered[at] = altered[at].wrapping_mul(31).wrapping_add(7);
            let _ = check(&altered);
        }
        for odd in [&b"/"[..], b"/#", b"/#4", b"stream", b"endstream", b"obj stream\r"] {
            let _ = check(odd);
        }
    }
}
