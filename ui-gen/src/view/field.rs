//! A question on a page: what is asked, what was answered, what is wrong with it.
//!
//! HTML names are dotted paths: `address.street`, `owners.0.name`. A date has three inputs,
//! `started_on.day`, `.month` and `.year`. Buttons that keep the page open are called `_add`
//! (value: the list), `_edit` and `_remove` (value: `owners.1`), `_upload` (value: the field)
//! and `_search` (value: the field; the words looked for are in `<field>._query`).

use serde::Serialize;

/// One question, ready to be drawn.
#[derive(Debug, Clone, Default, Serialize)]
pub struct FieldView {
    /// Dotted path: the HTML name and id.
    pub name: String,
    /// The question.
    pub label: String,
    /// One short sentence of help; empty for none.
    pub hint: String,
    /// What is wrong and what to do; empty for nothing.
    pub error: String,
    /// Whether it may be left empty; only then is it marked.
    pub optional: bool,
    /// Whether it is shown but cannot be changed.
    pub disabled: bool,
    /// What an officer said about the answer when sending the case back; empty for none.
    pub remark: String,
    /// The answer given earlier, where it is being corrected; empty for none.
    pub earlier: String,
    /// The heading of the questions that begin with this one, on a page of many; empty for none.
    pub part: String,
    /// How it is answered, and what was typed.
    #[serde(flatten)]
    pub input: Input,
}

impl FieldView {
    /// A required question without hint or error.
    pub fn new(name: impl Into<String>, label: impl Into<String>, input: Input) -> Self {
        Self { name: name.into(), label: label.into(), input, ..Self::default() }
    }

    /// The same question with a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// The same question with something wrong about its answer.
    #[must_use]
    pub fn error(mut self, error: impl Into<String>) -> Self {
        self.error = error.into();
        self
    }

    /// The same question, which may be left empty.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// The id of the first control that the error summary should lead to.
    pub fn target(&self) -> String {
        match &self.input {
            Input::Date(date) => {
                let part = match date.wrong {
                    DatePart::Month => "month",
                    DatePart::Year => "year",
                    DatePart::All | DatePart::Day => "day",
                };
                format!("{}.{part}", self.name)
            }
            Input::Point(_) => format!("{}.lat", self.name),
            Input::Choice(choice) | Input::Place(choice) if choice.look == Look::Search => {
                format!("{}._query", self.name)
            }
            _ => self.name.clone(),
        }
    }

    /// Appends `(target, text)` for every error in this question and those inside it.
    pub fn collect_errors(&self, into: &mut Vec<(String, String)>) {
        if !self.error.is_empty() {
            into.push((self.target(), self.error.clone()));
        }
        match &self.input {
            Input::Group(group) => group.fields.iter().for_each(|f| f.collect_errors(into)),
            Input::List(list) => {
                for field in list.items.iter().flat_map(|item| &item.fields) {
                    field.collect_errors(into);
                }
            }
            _ => {}
        }
    }

    /// Whether this question, or one inside it, takes files.
    pub fn takes_files(&self) -> bool {
        match &self.input {
            Input::File(_) | Input::Photo(_) => true,
            Input::Group(group) => group.fields.iter().any(Self::takes_files),
            Input::List(list) => list.items.iter().flat_map(|item| &item.fields).any(Self::takes_files),
            _ => false,
        }
    }
}

/// How a question is answered. Values are as typed, so that a wrong answer is kept.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Input {
    /// One line.
    Text(Text),
    /// Several lines.
    Textarea(Text),
    /// A whole number.
    Number(Text),
    /// A number with decimals.
    Decimal(Text),
    /// An amount in rupees (or the unit given).
    Money(Text),
    /// A password: never sent back, so its value stays empty.
    Password(Text),
    /// A mobile number.
    Phone(Text),
    /// An e-mail address.
    Email(Text),
    /// A day in three parts.
    Date(Date),
    /// Yes or no.
    YesNo(YesNo),
    /// One of several.
    Choice(Choice),
    /// Any of several.
    Choices(Choice),
    /// A ward or locality: as a choice, grouped by its parent.
    Place(Choice),
    /// A document.
    File(Files),
    /// A photograph, with the place where it was taken.
    Photo(Files),
    /// A place on the map, in degrees.
    Point(Point),
    /// One to five.
    Rating(Rating),
    /// The same questions again and again.
    List(List),
    /// Questions that belong together.
    Group(Group),
    /// Something to be read and confirmed: the label, and one box (value `yes`).
    Declaration(Declaration),
    /// Words without a question.
    Statement(Paragraphs),
}

impl Default for Input {
    fn default() -> Self {
        Self::Text(Text::default())
    }
}

/// What was typed, and how wide the box is.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Text {
    /// As typed.
    pub value: String,
    /// Longest answer in characters; 0 for no limit.
    pub max_length: u32,
    /// Width in characters, one of 2, 4, 6, 10, 20, 30; 0 for full.
    pub width: u8,
    /// Token for the browser's memory (`name`, `street-address`); empty for none.
    pub autocomplete: String,
    /// What the figure is counted in (`m²`, `persons`); for money the sign, `₹` when empty.
    pub unit: String,
    /// Lines of a textarea; 0 for the usual five.
    pub rows: u8,
}

impl Text {
    /// A box holding `value`.
    pub fn new(value: impl Into<String>) -> Self {
        Self { value: value.into(), ..Self::default() }
    }
}

/// A day in three parts, as typed.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Date {
    /// Day of the month.
    pub day: String,
    /// Month, 1 to 12.
    pub month: String,
    /// Year, four digits.
    pub year: String,
    /// Which part is wrong, where there is an error.
    pub wrong: DatePart,
}

/// The part of a date that is wrong.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DatePart {
    /// All of it.
    #[default]
    All,
    /// The day.
    Day,
    /// The month.
    Month,
    /// The year.
    Year,
}

/// Yes, no, or not yet answered.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct YesNo {
    /// The answer.
    pub value: Option<bool>,
}

/// Confirmed or not.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Declaration {
    /// Whether the box is ticked.
    pub value: bool,
}

/// One to five, or not yet answered.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Rating {
    /// The answer, 1 to 5; 0 for none.
    pub value: u8,
}

/// A place on the map, as typed. Its HTML names end in `.lat` and `.long`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Point {
    /// Latitude in degrees.
    pub lat: String,
    /// Longitude in degrees.
    pub long: String,
}

/// Words without a question.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Paragraphs {
    /// Paragraphs.
    pub paragraphs: Vec<String>,
}

/// Questions that belong together.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Group {
    /// The questions, their names beginning with the group's.
    pub fields: Vec<FieldView>,
}

/// The same questions again and again. Items already answered are shown as cards.
#[derive(Debug, Clone, Default, Serialize)]
pub struct List {
    /// The items, in order.
    pub items: Vec<Item>,
    /// Whether another may be added.
    pub can_add: bool,
    /// What one item is called: *Owner*.
    pub item: String,
}

/// One item of a list: open, with questions, or closed, with what was answered.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Item {
    /// Path of the item: `owners.0`.
    pub name: String,
    /// Heading: *Owner 1*, or better the name given.
    pub title: String,
    /// Questions of an open item; none for a closed one.
    pub fields: Vec<FieldView>,
    /// Answers of a closed item.
    pub rows: Vec<super::common::Row>,
    /// Whether it may be removed.
    pub can_remove: bool,
}

/// Files asked for, and those already there.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Files {
    /// What the browser offers: `.pdf,.jpg,.png`.
    pub accept: String,
    /// In words: *PDF, JPG or PNG, up to 5 MB*.
    pub limits: String,
    /// Whether a phone should open its camera.
    pub camera: bool,
    /// Whether another file may be added to those already there.
    pub can_add: bool,
    /// What has been uploaded.
    pub files: Vec<Upload>,
    /// What the person sent for such a question before, which can be taken again.
    pub sent_before: Vec<SentBefore>,
    /// Where a photograph was taken; none where that is not asked.
    pub place: Option<Point>,
}

/// A file that was sent before.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SentBefore {
    /// What its button sends: the question and the file.
    pub value: String,
    /// The file's own name.
    pub file: String,
    /// Size in words.
    pub size: String,
    /// The day on which it was sent.
    pub day: String,
}

/// A file already uploaded.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Upload {
    /// Path of the file within the answers: `id_proof.0`, sent by the remove button.
    pub name: String,
    /// The file's own name.
    pub file: String,
    /// Size in words: `85 kB`.
    pub size: String,
    /// Where it can be seen.
    pub href: String,
    /// A small picture, for images.
    pub thumb: Option<String>,
}

pub use super::choice::{Choice, Look, Opt, OptionGroup};
