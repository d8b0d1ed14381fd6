//! Formats of numbers.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::source::Found;
use crate::report::{Place, Report};

/// Formats by their names.
pub(super) type Formats = BTreeMap<String, (Place, String)>;

/// Reads the formats, and says what is wrong with them.
pub(super) fn formats(found: &Found, report: &mut Report) -> Formats {
    let mut formats = Formats::new();
    for (place, row) in found.rows("IdFormat") {
        let (name, format) = (text(row, "idname"), text(row, "format"));
        let sign = |c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || ".-_".contains(c));
        if name.is_empty() || name.chars().any(sign) {
            let what = format!("`{name}` is no name of a format: mostly a text that was replaced in the wrong place");
            report.defect("number-name", &place.at("idname"), what);
        }
        if format.contains("[fy:yyyy]") {
            let what = format!("`{format}` gives a broken year: `[fy:yyyy]` comes out as 2022-0");
            report.defect("number-year", &place.at("format"), what);
        }
        if !format.contains("[SEQ") && !format.contains("[d{") {
            report.defect(
                "number-without-count",
                &place.at("format"),
                format!("`{format}` gives the same number twice"),
            );
        }
        if formats.insert(name.to_owned(), (place.clone(), format.to_owned())).is_some() {
            report.defect("format-twice", place, format!("the format `{name}` stands twice"));
        }
    }
    formats
}

fn text<'a>(row: &'a Json, key: &str) -> &'a str {
    row[key].as_str().unwrap_or_default().trim()
}

/// `TL/[CITY.CODE]/[fy:yyyy-yy]/[SEQ_TL_[TENANT_ID]]` as `TL/{tenant}/{fy}/{serial:6}`. What has no meaning here
/// is left out.
pub(super) fn number(format: &str) -> String {
    let mut number = String::new();
    let mut rest = format;
    while let Some(open) = rest.find('[') {
        number.push_str(&rest[..open]);
        let end = closing(&rest[open..]).map_or(rest.len(), |length| open + length);
        let hole = rest[open..end].trim_start_matches('[').trim_end_matches(']');
        if hole.starts_with("SEQ") {
            number.push_str("{serial:6}");
        } else if hole.starts_with("fy") {
            number.push_str("{fy}");
        } else if hole.starts_with("cy") && hole.contains("yyyy") {
            number.push_str("{year}");
        } else if hole.to_lowercase().starts_with("city") || hole.to_lowercase().starts_with("tenant") {
            number.push_str("{tenant}");
        }
        rest = &rest[end..];
    }
    number.push_str(rest);
    while number.contains("//") || number.contains("--") {
        number = number.replace("//", "/").replace("--", "-");
    }
    number.trim_matches(['/', '-']).to_owned()
}

/// How long the hole is that `text` begins with; holes may lie inside of each other.
fn closing(text: &str) -> Option<usize> {
    let mut open = 0_usize;
    for (at, letter) in text.char_indices() {
        match letter {
            '[' => open += 1,
            ']' => open = open.saturating_sub(1),
            _ => {}
        }
        if open == 0 {
            return Some(at + letter.len_utf8());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_of_others_become_ours() {
        for (theirs, ours) in [
            ("TL/[CITY.CODE]/[fy:yyyy-yy]/[SEQ_RCPT_TL_[TENANT_ID]]", "TL/{tenant}/{fy}/{serial:6}"),
            ("AA-PT-[cy:yyyy-MM-dd]-[SEQ_EG_PT_PTID]", "AA-PT-{year}-{serial:6}"),
            ("PG_[cy:yyyy_MM_dd]_[SEQ_PG]_[d{2}]", "PG_{year}_{serial:6}_"),
            ("[SEQ_X", "{serial:6}"),
        ] {
            assert_eq!(number(theirs), ours, "{theirs}");
        }
    }
}
