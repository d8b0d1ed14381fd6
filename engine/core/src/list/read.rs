//! CSV to lists. The first line names the columns; each further line is a row.

use std::collections::BTreeMap;
use std::sync::Arc;

use csv::{ReaderBuilder, StringRecord};

use super::checks::{
    bad_header, duplicate_code, empty_label, misplaced_level, missing_translation, parent_after_child, ragged_row,
    unknown_level, unknown_listed_code, unknown_parent,
};
use super::{Entry, LEVEL, List, Vocabulary};
use crate::base::{Few, Name, Text, limits};
use crate::source::checks::{too_large, wrong_name};
use crate::source::scalar::Code;
use crate::source::words::is_language;
use crate::source::{Bundle, Diagnostics, Where, read};

/// The language of the column `label`.
pub const LABEL_LANGUAGE: &str = "en";

/// Reads the code list `path`. Rows need words in each of `languages`; cells of the columns in `listed` must
/// be codes of the lists after which these are called. A list with mistaken rows is returned without them, so
/// that what refers to it is not called wrong too.
pub fn list(
    bundle: &Bundle,
    path: &str,
    languages: &[String],
    listed: &BTreeMap<String, Vocabulary>,
    out: &mut Diagnostics,
) -> Option<List> {
    Reader { listed: Some(listed), ..Reader::new(bundle, path, languages, None, out)? }.rows()
}

/// The columns of the list `path`, as its first line names them.
pub fn columns<'a>(bundle: &'a Bundle, path: &str) -> impl Iterator<Item = &'a str> {
    let first = bundle.bytes(path).and_then(|bytes| bytes.split(|byte| *byte == b'\n').next()).unwrap_or_default();
    std::str::from_utf8(first).unwrap_or_default().split(',').map(|name| name.trim().trim_matches('"'))
}

/// Reads the places `path` of a tenant whose levels are `levels`, from the top.
pub fn places(
    bundle: &Bundle,
    path: &str,
    languages: &[String],
    levels: &[(String, Text)],
    out: &mut Diagnostics,
) -> Option<List> {
    Reader::new(bundle, path, languages, Some(levels), out)?.rows()
}

/// What a column says.
enum Column {
    Code,
    Parent,
    Level,
    Label,
    Translation(String),
    Attribute(String),
}

struct Reader<'a> {
    file: &'a Arc<str>,
    text: &'a str,
    languages: &'a [String],
    levels: Option<&'a [(String, Text)]>,
    /// The lists whose codes columns have, by the name of the column.
    listed: Option<&'a BTreeMap<String, Vocabulary>>,
    out: &'a mut Diagnostics,
    columns: Vec<Column>,
    entries: Vec<Entry>,
    by_code: BTreeMap<String, usize>,
    /// Where each row that was read begins.
    starts: Vec<usize>,
    /// Rows whose parent was not there when they were read: code, parent, place.
    orphans: Vec<(String, String, Where)>,
    wrong: usize,
}

impl<'a> Reader<'a> {
    fn new(
        bundle: &'a Bundle,
        path: &str,
        languages: &'a [String],
        levels: Option<&'a [(String, Text)]>,
        out: &'a mut Diagnostics,
    ) -> Option<Self> {
        let file = bundle.path(path)?;
        let text = read::text(bundle, path, out)?;
        Some(Self {
            file,
            text,
            languages,
            levels,
            listed: None,
            out,
            columns: Vec::new(),
            entries: Vec::new(),
            by_code: BTreeMap::new(),
            starts: Vec::new(),
            orphans: Vec::new(),
            wrong: 0,
        })
    }

    fn rows(mut self) -> Option<List> {
        let mut csv = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(self.text.as_bytes());
        let mut record = StringRecord::new();
        let before = self.out.0.len();
        let mut first = true;
        while csv.read_record(&mut record).expect("text in memory is UTF-8 and cannot fail to be read") {
            let start = record.position().map_or(0, |position| usize::try_from(position.byte()).unwrap_or(usize::MAX));
            let start = start + self.text[start..].bytes().take_while(|b| matches!(b, b'\r' | b'\n')).count();
            if first {
                first = false;
                if !self.header(&record, start) {
                    return None;
                }
                continue;
            }
            if self.entries.len() >= limits::LIST_ROWS {
                self.out.push(too_large::count(&self.cell(start, 0), "rows", limits::LIST_ROWS));
                return None;
            }
            self.wrong = self.out.0.len() - before + self.orphans.len();
            if self.wrong >= limits::DIAGNOSTICS_PER_FILE {
                break;
            }
            self.row(&record, start);
        }
        if first {
            self.out.push(bad_header::missing("code", &Where::file(self.file)));
        }
        self.name_orphans();
        let name = self.file.rsplit('/').next().unwrap_or(self.file).trim_end_matches(".csv");
        Some(List { name: name.to_owned(), entries: self.entries, by_code: self.by_code, ..List::default() })
    }

    fn header(&mut self, record: &StringRecord, start: usize) -> bool {
        let before = self.out.0.len();
        let mut seen: Vec<&str> = Vec::new();
        for (index, name) in record.iter().map(str::trim).enumerate() {
            if seen.contains(&name) {
                self.out.push(bad_header::twice(name, &self.cell(start, index)));
            }
            seen.push(name);
            self.columns.push(match name {
                "code" => Column::Code,
                "parent" => Column::Parent,
                "label" => Column::Label,
                LEVEL if self.levels.is_some() => Column::Level,
                _ if is_language(name) => Column::Translation(name.to_owned()),
                _ => {
                    if !Name::is_valid(name) {
                        self.out.push(bad_header::name(name, &self.cell(start, index)));
                    }
                    Column::Attribute(name.to_owned())
                }
            });
        }
        let needed: &[&str] =
            if self.levels.is_some() { &["code", "parent", LEVEL, "label"] } else { &["code", "parent", "label"] };
        let whole = self.whole(start);
        for name in needed.iter().filter(|name| !seen.contains(name)) {
            self.out.push(bad_header::missing(name, &whole));
        }
        for language in
            self.languages.iter().filter(|language| *language != LABEL_LANGUAGE && !seen.contains(&language.as_str()))
        {
            self.out.push(missing_translation::column(language, &whole));
        }
        self.out.0[before..].iter().all(|d| d.code == missing_translation::MANUAL.code)
    }

    fn row(&mut self, record: &StringRecord, start: usize) {
        if record.len() != self.columns.len() {
            self.out.push(ragged_row::diagnostic(record.len(), self.columns.len(), &self.whole(start)));
            return;
        }
        let mut entry = self.entry();
        let (mut parent, mut level, mut code_at, mut parent_at, mut level_at) = ("", "", 0, 0, 0);
        let mut untranslated: Vec<(usize, usize)> = Vec::new();
        for (index, cell) in record.iter().enumerate() {
            let cell = cell.trim();
            match &self.columns[index] {
                Column::Code => (code_at, entry.code) = (index, cell.to_owned()),
                Column::Parent => (parent_at, parent) = (index, cell),
                Column::Level => (level_at, level) = (index, cell),
                Column::Label if cell.is_empty() => {
                    self.out.push(empty_label::diagnostic(&record[code_at], &self.cell(start, index)));
                }
                Column::Label => entry.label.written.push_str(cell),
                Column::Translation(language) if cell.is_empty() => {
                    if let Some(wanted) = self.languages.iter().position(|wanted| wanted == language) {
                        untranslated.push((index, wanted));
                    }
                }
                Column::Translation(language) => {
                    entry.label.translations.insert(language.clone(), cell.to_owned());
                }
                Column::Attribute(_) if cell.is_empty() => {}
                Column::Attribute(name) => {
                    let words: Vec<String> =
                        cell.split(';').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect();
                    if let Some(vocabulary) = self.listed.and_then(|listed| listed.get(name)) {
                        for word in words.iter().filter(|word| !vocabulary.codes.contains(*word)) {
                            let (list, known) = (&vocabulary.list, vocabulary.codes.iter().map(String::as_str));
                            let at = self.cell(start, index);
                            self.out.push(unknown_listed_code::diagnostic(word, list, known, &at));
                        }
                    }
                    entry.attributes.insert(name.clone(), words);
                }
            }
        }
        for (index, language) in untranslated {
            self.out.push(
                missing_translation::diagnostic(
                    &format!("`{}`", entry.code),
                    &self.languages[language],
                    &self.cell(start, index),
                )
                .help(format!("write them into the column `{}`", self.languages[language])),
            );
        }
        if !self.code(&entry.code, start, code_at) {
            return;
        }
        self.hang(&mut entry, parent, start, parent_at);
        if let Some(levels) = self.levels {
            self.level(&mut entry, level, levels, start, level_at);
        }
        self.by_code.insert(entry.code.clone(), self.entries.len());
        self.starts.push(start);
        self.entries.push(entry);
    }

    /// An empty row with room for what the columns can say, and no more: there are many rows.
    fn entry(&self) -> Entry {
        let count = |wanted: fn(&Column) -> bool| self.columns.iter().filter(|column| wanted(column)).count();
        let translations = Few::with_capacity(count(|column| matches!(column, Column::Translation(_))));
        let attributes = Few::with_capacity(count(|column| matches!(column, Column::Attribute(_) | Column::Level)));
        Entry { label: Text { translations, ..Text::default() }, attributes, ..Entry::default() }
    }

    /// Whether the code can be one and is new.
    fn code(&mut self, code: &str, start: usize, column: usize) -> bool {
        if !Code::is_valid(code) {
            self.out.push(wrong_name::code(code, &self.cell(start, column)));
            return false;
        }
        if let Some(first) = self.by_code.get(code) {
            let first = self.cell(self.starts[*first], column);
            self.out.push(duplicate_code::diagnostic(code, &self.cell(start, column), &first));
            return false;
        }
        true
    }

    /// Hangs the row below its parent.
    fn hang(&mut self, entry: &mut Entry, parent: &str, start: usize, column: usize) {
        if parent.is_empty() {
            return;
        }
        let Some(above) = self.by_code.get(parent).copied() else {
            let at = self.cell(start, column);
            self.orphans.push((entry.code.clone(), parent.to_owned(), at));
            return;
        };
        self.entries[above].has_children = true;
        entry.depth = self.entries[above].depth + 1;
        entry.parent = Some(above);
    }

    /// Checks the level of a place: it must be known, and one below its parent's.
    fn level(&mut self, entry: &mut Entry, level: &str, levels: &[(String, Text)], start: usize, column: usize) {
        let names = levels.iter().map(|(name, _)| name.as_str());
        let Some(rank) = names.clone().position(|name| name == level) else {
            let at = self.cell(start, column);
            self.out.push(unknown_level::diagnostic(level, names, &at));
            return;
        };
        let above = entry.parent.and_then(|parent| self.entries[parent].level());
        let expected = rank.checked_sub(1).map(|above| levels[above].0.as_str());
        let orphan = self.orphans.last().is_some_and(|(code, ..)| *code == entry.code);
        if above != expected && !orphan {
            let at = self.cell(start, column);
            self.out.push(misplaced_level::diagnostic(&entry.code, level, above, expected, &at));
        }
        entry.attributes.insert(LEVEL.to_owned(), vec![level.to_owned()]);
    }

    fn name_orphans(&mut self) {
        for (code, parent, at) in std::mem::take(&mut self.orphans) {
            let found = match self.by_code.get(&parent) {
                Some(row) => parent_after_child::diagnostic(&code, &parent, &at, &self.cell(self.starts[*row], 0)),
                None => unknown_parent::diagnostic(&code, &parent, self.by_code.keys().map(String::as_str), &at),
            };
            self.out.push(found);
        }
    }

    /// The line that begins at `start`.
    fn whole(&self, start: usize) -> Where {
        let end = self.text[start..].find('\n').map_or(self.text.len(), |n| start + n);
        Where { file: Arc::clone(self.file), start, end: start + self.text[start..end].trim_end().len() }
    }

    /// The cell of column `index` in the row that begins at `start`. Found again only when
    /// something is wrong, so that reading need not remember where every cell stands.
    fn cell(&self, start: usize, index: usize) -> Where {
        let (mut column, mut from, mut quoted) = (0, start, false);
        for (offset, byte) in self.text[start..].bytes().enumerate() {
            match byte {
                b'"' => quoted = !quoted,
                b',' if !quoted && column == index => return self.place(from, start + offset),
                b',' if !quoted => (column, from) = (column + 1, start + offset + 1),
                b'\n' if !quoted => return self.place(from, start + offset),
                _ => {}
            }
        }
        self.place(from, self.text.len())
    }

    fn place(&self, start: usize, end: usize) -> Where {
        let end = start + self.text[start..end].trim_end().len();
        Where { file: Arc::clone(self.file), start, end }
    }
}
