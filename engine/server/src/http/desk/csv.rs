//! Lists as files for spreadsheets (RFC 4180), in which nothing that people typed can become a formula.

use axum::http::{HeaderValue, StatusCode, header};

use crate::http::ask::{self, Answer};

/// A file that grows row by row.
#[derive(Debug)]
pub struct Csv(String);

impl Default for Csv {
    fn default() -> Self {
        Self::new()
    }
}

impl Csv {
    /// An empty file. It begins with a byte order mark, by which spreadsheets know UTF-8.
    pub fn new() -> Self {
        Self("\u{feff}".to_owned())
    }

    /// Adds a row.
    pub fn row<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) {
        for (at, cell) in cells.into_iter().enumerate() {
            if at > 0 {
                self.0.push(',');
            }
            self.cell(cell);
        }
        self.0.push_str("\r\n");
    }

    /// The file as an answer, which browsers keep as `name`.
    ///
    /// # Errors
    /// When the name cannot stand in a header.
    pub fn sent(self, name: &str) -> Answer {
        let mut response = ask::text(StatusCode::OK, "text/csv; charset=utf-8", self.finish());
        let kept = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")).map_err(anyhow::Error::from)?;
        response.headers_mut().insert(header::CONTENT_DISPOSITION, kept);
        Ok(response)
    }

    fn cell(&mut self, text: &str) {
        let marked = if is_formula(text) { format!("'{text}") } else { text.to_owned() };
        if marked.contains(['"', ',', '\n', '\r', '\t', ';']) || marked != marked.trim() {
            self.0.push('"');
            self.0.push_str(&marked.replace('"', "\"\""));
            self.0.push('"');
        } else {
            self.0.push_str(&marked);
        }
    }

    /// The whole file.
    pub fn finish(self) -> String {
        self.0
    }
}

/// Leaves the first `most` rows; whether there were more, which the file must then say.
pub fn cut<T>(rows: &mut Vec<T>, most: i64) -> bool {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let more = rows.len() > most;
    rows.truncate(most);
    more
}

/// Whether a spreadsheet would take this for a formula: the signs that begin one, their full-width
/// and small forms, and white space before them (OWASP, CSV injection). A plain number stays a number.
fn is_formula(text: &str) -> bool {
    if !connectors::control::holds("in_05_formula") {
        return false;
    }
    let number = |text: &str| {
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        !digits.is_empty()
            && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
            && digits.bytes().filter(|byte| *byte == b'.').count() <= 1
    };
    if text.starts_with(['\t', '\r', '\n']) {
        return true;
    }
    let begins =
        |text: &str| text.starts_with(['=', '+', '-', '@', '|', '%', '＝', '＋', '－', '＠', '﹦', '﹢', '﹣', '﹫']);
    begins(text.trim_start()) && !number(text)
}
