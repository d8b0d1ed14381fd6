//! What a sender calls a file: shown to people, and believed by nobody.

use super::Kind;
use crate::control::holds;
use crate::limits::FILE_NAME_CHARS;

/// The name as it may be shown: the last part of a path, without control characters and without the
/// marks that turn the direction of writing, which make `fdp.exe` out of `exe.pdf`.
pub(super) fn shown(name: &str) -> String {
    if !holds("file_04_name") {
        return name.to_owned();
    }
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let clean: String = last.chars().filter(|letter| !letter.is_control() && !turns(*letter)).collect();
    let clean = clean.trim().trim_start_matches('.').trim();
    match clean.char_indices().nth(FILE_NAME_CHARS) {
        None if clean.is_empty() => "file".to_owned(),
        None => clean.to_owned(),
        // The end of a name tells more than its middle: it has the extension.
        Some(_) => {
            let letters: Vec<char> = clean.chars().collect();
            let (start, end) = (FILE_NAME_CHARS - 21, letters.len() - 20);
            letters[..start].iter().chain(&['…']).chain(&letters[end..]).collect()
        }
    }
}

/// The invisible marks of direction (Unicode Standard Annex 9, 2), and the byte order mark.
fn turns(letter: char) -> bool {
    matches!(letter, '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// Whether name and claimed type agree with what the content is. A name without extension and a
/// type that says nothing agree with everything.
pub(super) fn agrees(name: &str, claimed_type: &str, kind: Kind) -> bool {
    if !holds("file_01_name_and_type") {
        return true;
    }
    let claimed = claimed_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let type_agrees = match claimed.as_str() {
        "" | "application/octet-stream" => true,
        "image/jpg" | "image/pjpeg" => kind == Kind::Jpeg,
        "application/x-pdf" => kind == Kind::Pdf,
        "image/x-png" => kind == Kind::Png,
        "image/vnd.dxf" | "image/x-dxf" | "application/x-dxf" | "text/plain" => kind == Kind::Dxf,
        other => other == kind.media_type(),
    };
    let extension = shown(name).rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    type_agrees && extension.is_none_or(|extension| kind.extensions().contains(&extension.as_str()))
}

#[cfg(test)]
mod tests {
    use super::{agrees, shown};
    use crate::files::Kind;

    #[test]
    fn file_04_names_are_cleaned() {
        for (name, clean) in [
            ("deed.pdf", "deed.pdf"),
            ("किराया अनुबंध.pdf", "किराया अनुबंध.pdf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\x\\deed.pdf", "deed.pdf"),
            ("a\r\nSet-Cookie: b.pdf", "aSet-Cookie: b.pdf"),
            ("photo\u{202E}gpj.exe", "photogpj.exe"),
            ("..", "file"),
            ("", "file"),
            ("\0", "file"),
            (".htaccess", "htaccess"),
        ] {
            assert_eq!(shown(name), clean, "{name:?}");
        }
    }

    #[test]
    fn file_04_a_long_name_keeps_its_extension() {
        let long = format!("{}.pdf", "क".repeat(4_000));
        let clean = shown(&long);
        assert_eq!(clean.chars().count(), 120);
        assert!(clean.ends_with("क.pdf") && clean.contains('…'));
        let fits = format!("{}.pdf", "a".repeat(116));
        assert_eq!(shown(&fits), fits);
    }

    #[test]
    fn file_01_names_and_types_agree_or_not() {
        for (name, claimed) in
            [("a.JPG", "image/jpeg"), ("a", ""), ("a.b.jpeg", "image/jpg; q=1"), ("x.jpg", "application/octet-stream")]
        {
            assert!(agrees(name, claimed, Kind::Jpeg), "{name} {claimed}");
        }
        for (name, claimed) in
            [("a.pdf", ""), ("a.jpg", "text/html"), ("a.jpg.exe", "image/jpeg"), ("a.jpg", "image/png"), ("a.", "")]
        {
            assert!(!agrees(name, claimed, Kind::Jpeg), "{name} {claimed}");
        }
    }
}
