//! The desk's list of cases, and acting on several at once.

use serde::Serialize;

use super::common::{Due, ErrorLink, Link, NavLink, Pager, Tag};
use super::field::FieldView;

/// `/{tenant}/desk/inbox`. The address is the view: it can be kept and shared.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Inbox {
    /// What is being looked at: *All cases*, or a saved view's name.
    pub title: String,
    /// Where filters and search lead (POST); parameters are the filters' names and `q`.
    pub action: String,
    /// What is searched for (`q`).
    pub query: String,
    /// Parameters that the filter form must keep (`sort`), as name and text.
    pub keep: Vec<Hidden>,
    /// The filters.
    pub filters: Vec<Filter>,
    /// The first day of receipt that is asked for, `2027-03-31`; empty for none (`from`).
    pub from: String,
    /// The last day; empty for none (`until`).
    pub until: String,
    /// What is wrong with the first day; empty for nothing.
    pub from_error: String,
    /// What is wrong with the last day; empty for nothing.
    pub until_error: String,
    /// The filters in force, each a link that removes it.
    pub tags: Vec<Link>,
    /// The list without any filter.
    pub clear: String,
    /// Saved views.
    pub views: Vec<NavLink>,
    /// Keeping this list under a name.
    pub save: SaveView,
    /// The columns, in the order of the rows' own fields.
    pub columns: Vec<Column>,
    /// The cases.
    pub rows: Vec<InboxRow>,
    /// Where in the list we are.
    pub pager: Pager,
    /// The same list as a file.
    pub csv: String,
    /// Where the chosen rows post (`case` once for each; `action`; `all` = the query for all).
    pub bulk_action: String,
    /// What can be done with several.
    pub bulk: Vec<super::choice::Opt>,
    /// Whether *all that match* can be chosen, and how many that are; empty for no.
    pub select_all: String,
    /// What is wrong with the choice of rows; empty for nothing.
    pub error: String,
}

/// Keeping a list under a name, and forgetting it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SaveView {
    /// Where both forms post: `name` keeps the list under that name, `forget` takes a name away.
    pub action: String,
    /// The name under which this list is kept; empty for none.
    pub kept: String,
    /// The name as it was typed.
    pub name: String,
    /// What is wrong with it; empty for nothing.
    pub error: String,
}

/// A value carried along in a form.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Hidden {
    /// Its name.
    pub name: String,
    /// Its text.
    pub value: String,
}

/// One filter: several boxes under a heading.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Filter {
    /// The parameter.
    pub name: String,
    /// The heading.
    pub title: String,
    /// The boxes.
    pub options: Vec<FilterOption>,
}

/// One box of a filter.
#[derive(Debug, Clone, Default, Serialize)]
pub struct FilterOption {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// How many it would show.
    pub count: String,
    /// Whether it is ticked.
    pub chosen: bool,
}

/// A column's heading, which sorts.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Column {
    /// The heading.
    pub title: String,
    /// The same list sorted by it; none for a column that does not sort.
    pub href: Option<String>,
    /// `ascending`, `descending`, or empty when the list is not sorted by it.
    pub sort: String,
}

/// One case of the list. An empty text is shown as a dash.
#[derive(Debug, Clone, Default, Serialize)]
pub struct InboxRow {
    /// What the box of the row sends.
    pub id: String,
    /// Its page.
    pub href: String,
    /// Its number.
    pub number: String,
    /// The service.
    pub service: String,
    /// The applicant, masked.
    pub applicant: String,
    /// Ward or locality.
    pub place: String,
    /// Where it stands.
    pub state: Tag,
    /// Who has it; empty for nobody.
    pub assignee: String,
    /// When it came, formatted.
    pub received: String,
    /// By when.
    pub due: Option<Due>,
    /// Paid, owed; none where there is no fee.
    pub fee: Option<Tag>,
    /// Whether its box is ticked.
    pub chosen: bool,
}

/// Before an action on several cases: which, and why.
#[derive(Debug, Clone, Default, Serialize)]
pub struct BulkConfirm {
    /// The action, as a heading.
    pub title: String,
    /// Where the form posts.
    pub action: String,
    /// What the form carries along: the cases, the action, `confirm`.
    pub keep: Vec<Hidden>,
    /// How many cases.
    pub count: String,
    /// The first of them.
    pub rows: Vec<InboxRow>,
    /// How many more there are than are shown; empty for none.
    pub more: String,
    /// What it leads to for each, a sentence each.
    pub text: Vec<String>,
    /// What it leads to in full, once for each state that the cases stand in.
    pub groups: Vec<BulkGroup>,
    /// What is asked: to whom, for which reason.
    pub fields: Vec<FieldView>,
    /// Errors that belong to no field.
    pub errors: Vec<ErrorLink>,
    /// The name of the button.
    pub submit: String,
    /// Whether it refuses or cancels.
    pub danger: bool,
    /// The list, to go back without acting.
    pub inbox: String,
}

/// What an action leads to for the cases of one state.
#[derive(Debug, Clone, Default, Serialize)]
pub struct BulkGroup {
    /// How many cases.
    pub count: String,
    /// The case whose consequences are shown in full.
    pub sample: String,
    /// What it leads to for that one.
    pub consequences: super::desk::Consequences,
    /// What falls due and is posted in all.
    pub totals: Vec<super::money::BillLine>,
    /// For how many it cannot be done, and why.
    pub refused: Vec<String>,
}

/// What became of an action on several cases, one by one.
#[derive(Debug, Clone, Default, Serialize)]
pub struct BulkResult {
    /// The action.
    pub title: String,
    /// How many succeeded.
    pub done: String,
    /// How many did not; empty for none.
    pub failed: String,
    /// Each case.
    pub rows: Vec<BulkRow>,
    /// How many are left for the next press; empty for none.
    pub left: String,
    /// Where the form for those posts.
    pub action: String,
    /// What it carries along.
    pub keep: Vec<Hidden>,
    /// How many can be given back to whoever had them before; empty for none.
    pub back: String,
    /// What the form for that carries along.
    pub undo: Vec<Hidden>,
    /// The list.
    pub inbox: String,
}

/// What became of one of several.
#[derive(Debug, Clone, Default, Serialize)]
pub struct BulkRow {
    /// Its page.
    pub href: String,
    /// Its number.
    pub number: String,
    /// Whether it was done.
    pub ok: bool,
    /// What happened, or why not.
    pub text: String,
}
