//! Figures of a town, drawn and as tables.

use serde::Serialize;

/// `/{tenant}/desk/figures`: what was received, decided and waits, and what was to be paid.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Figures {
    /// The first day that is looked at, formatted.
    pub from: String,
    /// The last day, formatted.
    pub until: String,
    /// The same figures as a table for spreadsheets.
    pub csv: String,
    /// The charts, each with its table.
    pub charts: Vec<Chart>,
}

/// A chart, and the table that says the same.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Chart {
    /// What its parts are named after on the page.
    pub id: String,
    /// What it shows.
    pub title: String,
    /// How its numbers are meant.
    pub about: String,
    /// That not every row is drawn; empty where all are.
    pub note: String,
    /// What a row is: a month, a ward.
    pub of: String,
    /// What is counted in each row, three things at most.
    pub series: Vec<String>,
    /// Whether it is money that is counted, in hundredths.
    pub money: bool,
    /// The rows of the table.
    pub rows: Vec<ChartRow>,
    /// The drawing; empty where there is nothing to draw.
    pub svg: String,
}

/// A row of a chart.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ChartRow {
    /// Which month, which ward.
    pub label: String,
    /// How many, one for each of the series.
    pub counts: Vec<Counted>,
}

/// A number, to be drawn and to be read.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Counted {
    /// As long as its bar is.
    pub count: i64,
    /// The same, formatted.
    pub text: String,
}
