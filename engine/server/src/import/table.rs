//! Tables as people keep them: CSV files, and workbooks of spreadsheet programs.

use std::io::Cursor;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail, ensure};
use calamine::{Data, Reader as _, open_workbook_auto_from_rs};
use engine::base::limits;
use engine::import::Cells;
use engine::source::suggest;
use unicode_normalization::{UnicodeNormalization as _, is_nfc};

/// A table: its headings, and its rows with the lines they stand on.
#[derive(Debug)]
pub struct Table {
    /// What stands above each column.
    pub headings: Vec<String>,
    /// Rows that are not empty: the line, counted from 1 as spreadsheets do, and the cells.
    pub rows: Vec<(usize, Row)>,
}

/// The cells of a row, without space around them, one behind the other in one text: a table has millions, and a text
/// of its own for each would take three times as much memory.
#[derive(Debug)]
pub struct Row {
    text: Box<str>,
    /// Where each cell ends.
    ends: Box<[usize]>,
}

impl Row {
    fn of(cells: impl Iterator<Item = impl AsRef<str>>) -> Self {
        let (mut text, mut ends) = (String::new(), Vec::new());
        for cell in cells {
            let cell = cell.as_ref().trim();
            // As what people type is kept: what can be written in two ways in one of them.
            if is_nfc(cell) {
                text.push_str(cell);
            } else {
                text.extend(cell.nfc());
            }
            ends.push(text.len());
        }
        Self { text: text.into(), ends: ends.into() }
    }

    /// What stands in the cell at a place; nothing where the row has ended before.
    pub fn cell(&self, at: usize) -> &str {
        let Some(end) = self.ends.get(at) else { return "" };
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..*end]
    }

    /// The cells, in their order.
    fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len()).map(|at| self.cell(at))
    }

    fn is_blank(&self) -> bool {
        self.text.is_empty()
    }
}

impl Table {
    /// Reads a file by its ending: `.csv`, or `.xlsx`, `.xls`, `.ods` (the sheet called `sheet`, or the first).
    ///
    /// # Errors
    /// When it cannot be read, is none of these, or is larger than a table may be.
    pub fn read(path: &Path, sheet: Option<&str>) -> Result<Self> {
        let bytes = std::fs::read(path).with_context(|| format!("reading {}", path.display()))?;
        let most = limits::IMPORT_BYTES;
        ensure!(bytes.len() <= most, "{} has more than {} MB", path.display(), most / 1_000_000);
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or("").to_lowercase();
        let mut lines = match ending.as_str() {
            "csv" => csv_lines(&bytes)?,
            "xlsx" | "xls" | "xlsb" | "ods" => book_lines(bytes, sheet)?,
            _ => bail!("{}: a table ends in .csv, .xlsx, .xls or .ods", path.display()),
        }
        .into_iter()
        .filter(|(_, row)| !row.is_blank());
        let (_, headings) = lines.next().with_context(|| format!("{} is empty", path.display()))?;
        let headings = told_apart(&headings)?;
        let rows: Vec<_> = lines.collect();
        ensure!(
            rows.len() <= limits::IMPORT_ROWS,
            "more than {} rows: cut the table into several",
            limits::IMPORT_ROWS
        );
        Ok(Self { headings, rows })
    }

    /// The table below the row that has all of `columns`, and the cells above that row: banks write there whose
    /// account it is. Where the first lines have no such row, it is the table as it was.
    ///
    /// # Errors
    /// When two of its columns are called alike.
    pub fn below(mut self, columns: &[&str]) -> Result<(Vec<String>, Self)> {
        let wanted: Vec<String> = columns.iter().map(|column| spaced(column)).collect();
        let has_all = |cells: &[String]| wanted.iter().all(|column| cells.contains(column));
        let has = |row: &Row| has_all(&row.cells().map(spaced).collect::<Vec<_>>());
        let at = self.rows.iter().take(LINES_ABOVE).position(|(_, row)| has(row));
        let Some(at) = at.filter(|_| !has_all(&self.headings)) else { return Ok((Vec::new(), self)) };
        let rows = self.rows.split_off(at + 1);
        let (_, headings) = self.rows.pop().expect("the row was found");
        let mut above = self.headings;
        above.extend(self.rows.iter().flat_map(|(_, row)| row.cells().map(str::to_owned)));
        Ok((above, Self { headings: told_apart(&headings)?, rows }))
    }

    /// Where each of `columns` stands.
    ///
    /// # Errors
    /// When one is missing; all of them are said.
    pub fn places<'a>(&self, columns: &[&'a str]) -> Result<Vec<(&'a str, usize)>> {
        let (mut found, mut missing) = (Vec::new(), Vec::new());
        for column in columns {
            if let Some(at) = self.headings.iter().position(|heading| *heading == spaced(column)) {
                found.push((*column, at));
                continue;
            }
            let near = suggest(column, self.headings.iter().map(String::as_str));
            let hint = near.map_or_else(String::new, |near| format!(" (is it `{near}`?)"));
            missing.push(format!("`{column}`{hint}"));
        }
        ensure!(
            missing.is_empty(),
            "the table has no column {}; its columns are: {}",
            missing.join(", "),
            self.headings.join(", ")
        );
        Ok(found)
    }
}

/// How many lines there may be above the headings.
const LINES_ABOVE: usize = 60;

/// What stands above the columns, each told from the others.
fn told_apart(row: &Row) -> Result<Vec<String>> {
    let headings: Vec<String> = row.cells().map(spaced).collect();
    for (at, heading) in headings.iter().enumerate().filter(|(_, heading)| !heading.is_empty()) {
        ensure!(!headings[..at].contains(heading), "two columns are called `{heading}`: nobody can say which is meant");
    }
    Ok(headings)
}

/// The cells of a row by heading, those of `places` alone.
pub fn cells(row: &Row, places: &[(&str, usize)]) -> Cells {
    places.iter().map(|(column, at)| ((*column).to_owned(), row.cell(*at).to_owned())).collect()
}

/// A heading without line breaks, and with one space between words.
fn spaced(heading: &str) -> String {
    heading.trim_start_matches('\u{feff}').split_whitespace().collect::<Vec<_>>().join(" ")
}

type Lines = Vec<(usize, Row)>;

fn csv_lines(bytes: &[u8]) -> Result<Lines> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()].split(|byte| *byte == b'\n').count();
        anyhow!("line {line} is not in UTF-8: save the table as \"CSV UTF-8\" in the spreadsheet program")
    })?;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let (mut lines, mut record) = (Vec::new(), csv::StringRecord::new());
    while reader.read_record(&mut record).context("the table cannot be read")? {
        let line = record.position().map_or(0, |at| line_at(text, at));
        lines.push((line, Row::of(record.iter())));
    }
    Ok(lines)
}

/// The line on which a row begins. The reader stands before the second half of a line break, and before
/// empty lines.
fn line_at(text: &str, at: &csv::Position) -> usize {
    let rest = text.as_bytes().get(usize::try_from(at.byte()).unwrap_or(usize::MAX)..).unwrap_or_default();
    let breaks = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).filter(|byte| **byte == b'\n').count();
    usize::try_from(at.line()).unwrap_or(usize::MAX) + breaks
}

fn book_lines(bytes: Vec<u8>, sheet: Option<&str>) -> Result<Lines> {
    let mut book = open_workbook_auto_from_rs(Cursor::new(bytes)).context("the workbook cannot be read")?;
    let names = book.sheet_names();
    let name = match sheet {
        Some(name) if !names.iter().any(|known| known == name) => {
            bail!("the workbook has no sheet `{name}`; its sheets are: {}", names.join(", "))
        }
        Some(name) => name.to_owned(),
        None => names.first().context("the workbook has no sheet")?.clone(),
    };
    let range = book.worksheet_range(&name).with_context(|| format!("the sheet `{name}` cannot be read"))?;
    let first = range.start().map_or(0, |(row, _)| row as usize);
    let lines = range.rows().enumerate();
    Ok(lines.map(|(at, cells)| (first + at + 1, Row::of(cells.iter().map(written)))).collect())
}

/// A cell as a person would type it.
fn written(cell: &Data) -> String {
    match cell {
        Data::Empty | Data::Error(_) => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Int(number) => number.to_string(),
        Data::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        // A spreadsheet has no other numbers: 1440 is stored as 1440.0. The shortest text that reads as
        // the same number is what was typed.
        Data::Float(number) => format!("{number}"),
        Data::DateTime(at) => {
            let (year, month, day, ..) = at.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
    }
}
