//! Small things that many pages show.

use serde::Serialize;

/// What a colour would say. Every use has words beside it, so colour never speaks alone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Nothing in particular.
    #[default]
    Neutral,
    /// On its way; for information.
    Info,
    /// Done, granted, paid.
    Good,
    /// Needs attention soon.
    Warn,
    /// Refused, overdue, failed.
    Bad,
}

/// A link with its text.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Link {
    /// Where it leads.
    pub href: String,
    /// What it says.
    pub text: String,
}

impl Link {
    /// A link to `href` that says `text`.
    pub fn new(href: impl Into<String>, text: impl Into<String>) -> Self {
        Self { href: href.into(), text: text.into() }
    }
}

/// A link in a menu or a row of tabs.
#[derive(Debug, Clone, Default, Serialize)]
pub struct NavLink {
    /// Where it leads.
    pub href: String,
    /// What it says.
    pub text: String,
    /// A figure beside the text; empty for none.
    pub count: String,
    /// Whether it is the page being read.
    pub current: bool,
}

/// A short word on a coloured ground: a state, a result.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Tag {
    /// The word.
    pub text: String,
    /// The ground's colour.
    pub tone: Tone,
}

impl Tag {
    /// A tag that says `text`.
    pub fn new(text: impl Into<String>, tone: Tone) -> Self {
        Self { text: text.into(), tone }
    }
}

/// A message at the top of a page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Notice {
    /// Its colour and, for `Good` and `Bad`, its word (done, problem).
    pub tone: Tone,
    /// What it says.
    pub text: String,
}

/// A day by which something is due.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Due {
    /// The day, formatted: `31/03/2027`.
    pub date: String,
    /// The day as `2027-03-31`, for machines.
    pub iso: String,
    /// In words: *overdue by 3 days*, *due tomorrow*, *paused*.
    pub label: String,
    /// `Good` in time, `Warn` near, `Bad` overdue, `Neutral` paused or none.
    pub tone: Tone,
}

/// A term and what is known of it, in a list of such.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Row {
    /// The term.
    pub key: String,
    /// The value, one line each; none means *not provided*.
    pub lines: Vec<String>,
    /// Files or pages that are (part of) the value.
    pub links: Vec<Link>,
    /// The same for pictures, which are shown in small.
    pub pictures: Vec<Link>,
    /// Where the value can be changed; the link's hidden text is the term.
    pub change: Option<String>,
}

impl Row {
    /// A term with one line of value; an empty value counts as not provided.
    pub fn new(key: impl Into<String>, value: impl Into<String>) -> Self {
        let value = value.into();
        let lines = if value.is_empty() { Vec::new() } else { vec![value] };
        Self { key: key.into(), lines, ..Self::default() }
    }

    /// The same row, changeable at `href`.
    #[must_use]
    pub fn change(mut self, href: impl Into<String>) -> Self {
        self.change = Some(href.into());
        self
    }
}

/// Rows under one heading.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Section {
    /// The heading; empty for none.
    pub title: String,
    /// What stands under it.
    pub rows: Vec<Row>,
}

/// An entry of the error summary that belongs to no field of the page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ErrorLink {
    /// The id of the element it leads to, without `#`; empty for none.
    pub target: String,
    /// What is wrong and what to do.
    pub text: String,
}

/// A paper or file that can be opened.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Paper {
    /// Its name.
    pub title: String,
    /// Where it is.
    pub href: String,
    /// Format and size: `PDF, 85 kB`.
    pub detail: String,
    /// Address of a small picture of it, for images.
    pub thumb: Option<String>,
    /// Who signed it, with which key and when, in words; empty where it is not signed.
    pub signed: String,
    /// How often a copy was fetched, and when last, in words; empty where none was.
    pub fetched: String,
    /// Where anybody can verify it; empty where nobody can.
    pub verify: String,
}

/// Something that can be done: a link to the page that shows what it leads to.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ActionLink {
    /// The page of the action.
    pub href: String,
    /// The action's name.
    pub text: String,
    /// A few words more; empty for none.
    pub hint: String,
    /// The one that is usually meant: drawn as the main button.
    pub primary: bool,
    /// Refusing, cancelling, withdrawing: drawn as a warning.
    pub danger: bool,
}

/// One thing that happened.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Happening {
    /// What.
    pub title: String,
    /// When, formatted; the time is left out where it is not known.
    pub when: String,
    /// When, as ISO text for machines.
    pub iso: String,
    /// Who, by post or role; empty for none.
    pub who: String,
    /// What was said with it; empty for none.
    pub text: String,
    /// Whether only the desk may see it.
    pub internal: bool,
    /// Files that came with it.
    pub papers: Vec<Paper>,
}

/// A stage of the way ahead.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Stage {
    /// What the stage is.
    pub text: String,
    /// Where the case stands towards it.
    pub at: StageAt,
}

/// Whether a stage is behind, present or ahead.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StageAt {
    /// Behind.
    Done,
    /// Here.
    Now,
    /// Ahead.
    #[default]
    Later,
}

/// A list cut into pages.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Pager {
    /// How many there are.
    pub total: String,
    /// Number of the first one shown.
    pub from: String,
    /// Number of the last one shown.
    pub to: String,
    /// The page before.
    pub prev: Option<String>,
    /// The page after.
    pub next: Option<String>,
}

/// A message that was sent, and what became of it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Sent {
    /// To whom: a masked number or address.
    pub to: String,
    /// SMS, e-mail.
    pub channel: String,
    /// When, formatted.
    pub when: String,
    /// The words.
    pub text: String,
    /// Delivered, waiting, failed.
    pub state: Tag,
}
