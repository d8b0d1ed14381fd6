//! Named characters: XML knows five, authors of HTML use a few more.

use crate::Error;

/// The named characters understood besides XML's own five.
const NAMES: &[(&str, &str)] = &[
    ("nbsp", "\u{a0}"),
    ("ensp", "\u{2002}"),
    ("emsp", "\u{2003}"),
    ("thinsp", "\u{2009}"),
    ("zwnj", "\u{200c}"),
    ("zwj", "\u{200d}"),
    ("ndash", "–"),
    ("mdash", "—"),
    ("minus", "−"),
    ("times", "×"),
    ("divide", "÷"),
    ("plusmn", "±"),
    ("frac12", "½"),
    ("frac14", "¼"),
    ("frac34", "¾"),
    ("deg", "°"),
    ("sup2", "²"),
    ("sup3", "³"),
    ("micro", "µ"),
    ("middot", "·"),
    ("bull", "•"),
    ("hellip", "…"),
    ("lsquo", "‘"),
    ("rsquo", "’"),
    ("ldquo", "“"),
    ("rdquo", "”"),
    ("laquo", "«"),
    ("raquo", "»"),
    ("copy", "©"),
    ("reg", "®"),
    ("trade", "™"),
    ("sect", "§"),
    ("para", "¶"),
    ("dagger", "†"),
    ("pound", "£"),
    ("euro", "€"),
    ("cent", "¢"),
    ("yen", "¥"),
];

/// The text with HTML's named characters written out; XML's own are left to the XML reader.
///
/// A lone `&` is left too, so that the reader complains of it at its place.
pub(super) fn expand(html: &str) -> Result<String, Error> {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let name = &rest[1..];
        let length = name.bytes().take_while(u8::is_ascii_alphanumeric).take(32).count();
        let named = length > 0 && name.as_bytes().get(length) == Some(&b';');
        let name = &name[..length];
        if !named || matches!(name, "amp" | "lt" | "gt" | "quot" | "apos") {
            out.push('&');
            rest = &rest[1..];
            continue;
        }
        let Some((_, text)) = NAMES.iter().find(|(known, _)| *known == name) else {
            let line = html[..html.len() - rest.len()].bytes().filter(|b| *b == b'\n').count();
            return Err(Error::UnknownEntity { name: name.to_owned(), line: line as u32 + 1 });
        };
        out.push_str(text);
        rest = &rest[length + 2..];
    }
    out.push_str(rest);
    Ok(out)
}
