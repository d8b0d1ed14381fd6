//! Dues on a record: finding it, reading its bill and paying it, without signing in.

use serde::Serialize;

use super::common::{Due, ErrorLink, Paper, Row};
use super::field::FieldView;
use super::money::Bill;

/// `/{tenant}/pay`: which record?
#[derive(Debug, Clone, Default, Serialize)]
pub struct FindDues {
    /// Where both forms lead: a number as GET, a name as POST.
    pub action: String,
    /// The number, as typed.
    pub by_number: Vec<FieldView>,
    /// Name and place, as typed.
    pub by_name: Vec<FieldView>,
    /// Whether the second form is open.
    pub open: bool,
    /// Whether something was looked for.
    pub searched: bool,
    /// What was found.
    pub hits: Vec<DuesHit>,
    /// Whether more fits than is shown.
    pub more: bool,
}

/// A record with what is owed on it, in a list.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DuesHit {
    /// Its bill.
    pub href: String,
    /// Its number.
    pub number: String,
    /// What kind of record it is.
    pub what: String,
    /// Who holds it, masked for those who have no right to know; empty where the reader does.
    pub holder: String,
    /// Where it is.
    pub place: String,
    /// What is owed; empty where it is not told in the list.
    pub amount: String,
}

/// Everything that somebody owes on the records he holds.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Owed {
    /// The sum.
    pub total: String,
    /// The records on which something is owed.
    pub records: Vec<DuesHit>,
}

/// `/{tenant}/pay/{registry}/{record}`: the bill of a record.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Dues {
    /// What kind of record it is.
    pub what: String,
    /// Its number.
    pub number: String,
    /// Whose it is, masked, where it is, and what was paid in advance.
    pub rows: Vec<Row>,
    /// What is owed; empty for nothing.
    pub total: String,
    /// How much more it will be, and from when; empty where it stays.
    pub rise: String,
    /// The earliest day by which something is due.
    pub due: Option<Due>,
    /// What is owed, part by part.
    pub parts: Vec<DuesPart>,
    /// Where the form posts; empty where it cannot be paid here.
    pub action: String,
    /// How much, where less than everything may be paid.
    pub fields: Vec<FieldView>,
    /// Errors that belong to no field.
    pub errors: Vec<ErrorLink>,
    /// Where it can be paid in person, a line each.
    pub counter: Vec<String>,
    /// The bill on paper.
    pub papers: Vec<Paper>,
    /// Where another record is looked for.
    pub another: String,
}

/// What is owed for one period, by one service.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DuesPart {
    /// The service and the period.
    pub title: String,
    /// By when.
    pub due: String,
    /// What it is made of.
    pub bill: Bill,
    /// Whether it is open when the page comes.
    pub open: bool,
}
