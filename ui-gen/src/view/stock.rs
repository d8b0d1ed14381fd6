//! Stocks of numbered things: who holds what, what waits for another person, and what became of the rest.

use serde::Serialize;

use super::common::{ActionLink, Link, Tag};
use super::field::FieldView;

/// `/{tenant}/desk/stocks/{stock}`
#[derive(Debug, Clone, Default, Serialize)]
pub struct Stock {
    /// What is in it.
    pub title: String,
    /// The other stocks of the town.
    pub links: Vec<Link>,
    /// What can be done: receive, hand over, write off.
    pub actions: Vec<ActionLink>,
    /// Numbers that wait for somebody.
    pub waiting: Vec<StockWaiting>,
    /// Where the buttons post that answer them (`decision`, with `move`).
    pub decide: String,
    /// What the reader holds.
    pub mine: Vec<StockRun>,
    /// The register over some time; none where the reader does not keep the stock.
    pub register: Option<StockRegister>,
}

/// Numbers on their way, or such as are to be written off.
#[derive(Debug, Clone, Default, Serialize)]
pub struct StockWaiting {
    /// By what they are named when they are answered.
    pub id: String,
    /// The numbers, and how many they are.
    pub title: String,
    /// From whom to whom, or who asks.
    pub text: String,
    /// What was said with it; empty for nothing.
    pub reason: String,
    /// When.
    pub when: String,
    /// What the reader may answer; nothing where it waits for others.
    pub answers: Vec<StockAnswer>,
}

/// A button that answers.
#[derive(Debug, Clone, Default, Serialize)]
pub struct StockAnswer {
    /// What it sends.
    pub value: String,
    /// What it says.
    pub text: String,
    /// Whether it is the one that is usually meant.
    pub primary: bool,
}

/// Numbers that follow each other and stand alike.
#[derive(Debug, Clone, Default, Serialize)]
pub struct StockRun {
    /// The first and the last.
    pub range: String,
    /// How many.
    pub count: String,
    /// Held, on its way, used, written off, never received.
    pub state: Tag,
    /// Who has them, or had them last; empty where nobody ever had.
    pub holder: String,
}

/// The register of a stock.
#[derive(Debug, Clone, Default, Serialize)]
pub struct StockRegister {
    /// Where the days are sent (GET).
    pub action: String,
    /// The first and the last day.
    pub fields: Vec<FieldView>,
    /// The days that are shown.
    pub heading: String,
    /// By holder, and all together last.
    pub rows: Vec<StockAccount>,
    /// Every number, in order.
    pub runs: Vec<StockRun>,
    /// That there are more than are shown; empty where all are.
    pub more: String,
}

/// What a holder had over some time.
#[derive(Debug, Clone, Default, Serialize)]
pub struct StockAccount {
    /// Who.
    pub holder: String,
    /// Before it.
    pub opening: String,
    /// What came.
    pub came: String,
    /// What went on.
    pub went: String,
    /// What cases used up.
    pub used: String,
    /// What was written off.
    pub written_off: String,
    /// After it.
    pub closing: String,
}
