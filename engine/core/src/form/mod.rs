//! What is asked, and whether an answer will do.

pub mod accept;
mod answer;
mod check;
pub mod checks;
pub mod display;
mod facts;
mod fieldset;
mod files;
mod fit;
mod given;
pub mod html;
mod kind;
mod limit;
mod locale;
pub mod mask;
mod problem;
mod questions;
mod record;
mod schema;
mod unit;
mod yaml;

use std::sync::Arc;

use rust_decimal::Decimal;

use crate::base::{Day, Money, Name, Span, Text};
use crate::identity::CheckDigit;
use crate::list::List;
use crate::rule::Condition;
use crate::source::{At, Where};

pub use accept::{Ctx, accept_form, accept_known, accept_page, complete, is_asked, merge};
pub use answer::{is_email, is_forbidden};
pub use check::{Known, compile};
pub use display::{Row, Section, Style, sections, show};
pub(crate) use facts::facts_of_record;
pub use facts::{facts, facts_among, facts_of, seen};
pub use fieldset::Fieldsets;
pub use files::{fieldset_locale_schema, fieldset_schema, file_schema};
pub use fit::Fit;
pub use html::{amount, day, from_pairs, mobile};
pub use kind::{FIELD_TYPES, FieldType};
pub(crate) use limit::day_limit;
pub use locale::{each_text, missing_translations, translate};
pub use mask::mask;
pub use problem::{FieldError, Problem};
pub use questions::{Questions, missing as missing_in_questions, translate as translate_questions};
pub use record::{Named, Stands, links, named, names_record};
pub use schema::{page_schema, schema};
pub use unit::{ListedUnit, Unit, counted_in};

/// The role that every service has: whoever applied. A page of which nothing is said is answered in it.
pub const APPLICANT: &str = "applicant";

/// Who answers a page, if that is a program.
pub const PROGRAM: &str = "program";

/// The questions of a service, page by page.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// Pages in the order they are asked; towns whose lists do not matter to a page share it.
    pub pages: Vec<Arc<Page>>,
    /// Whether the applicant answers them in any order, from a list.
    pub tasks: bool,
}

/// A page: one topic.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its name, used in addresses.
    pub name: Name,
    /// The heading.
    pub title: Text,
    /// One sentence below the heading.
    pub hint: Option<Text>,
    /// Who answers it; `None` for the applicant.
    pub by: Option<Name>,
    /// Others who may answer it: officers and the applicant with an action of theirs, and whoever holds a record also
    /// where he edits.
    pub with: Vec<Name>,
    /// The program that answers it, if one does.
    pub program: Option<Program>,
    /// Whether the applicant reads what an officer answered here.
    pub public: bool,
    /// What its answers are needed for, where no question says it for itself.
    pub purpose: Option<Text>,
    /// Asked only if this holds.
    pub when: Option<Condition>,
    /// The questions.
    pub fields: Vec<Field>,
    /// What the answers must meet together.
    pub checks: Vec<Fit>,
    /// Where the page is written.
    pub at: Where,
}

impl Page {
    /// Whether the applicant answers it: as a page of the application, or with an action, alone or as well as others.
    pub fn is_applicants(&self) -> bool {
        self.by.as_ref().is_none_or(|by| *by == *APPLICANT) || self.with.iter().any(|with| *with == *APPLICANT)
    }

    /// Whether the applicant reads what others answer here: since the page says so, or since either may answer it.
    pub fn is_shown(&self) -> bool {
        let by_others = self.by.as_ref().is_some_and(|by| *by != *APPLICANT);
        by_others && (self.public || self.is_applicants())
    }
}

/// The program that answers a page.
#[derive(Clone, Debug)]
pub struct Program {
    /// Its name.
    pub name: At<Name>,
    /// What it is told: by its own name, the question of this form.
    pub takes: Vec<(At<Name>, At<Name>)>,
    /// The questions of the page that it calls otherwise, each with that name.
    pub gives: Vec<(At<Name>, At<Name>)>,
}

/// Whether the desk can search by an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Searchable {
    /// It cannot.
    #[default]
    No,
    /// It finds it alone, and calls the case by it.
    Alone,
    /// It finds it together with another such answer beside it, or with the place: it says little by itself, as the
    /// number of a house.
    WithPlace,
}

impl Searchable {
    /// Whether it is found alone.
    pub fn alone(self) -> bool {
        self == Self::Alone
    }

    /// Whether it is found together with what stands beside it.
    pub fn with_place(self) -> bool {
        self == Self::WithPlace
    }
}

/// A question.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "one for each thing that is said of it with yes or no")]
pub struct Field {
    /// Its name, unique in the form (or in its group).
    pub name: Name,
    /// The question.
    pub label: Text,
    /// One short sentence of help.
    pub hint: Option<Text>,
    /// Whether it may be left empty.
    pub optional: bool,
    /// Asked only if this holds; otherwise its answer is dropped.
    pub when: Option<Condition>,
    /// A list has exactly one item if this holds.
    pub one_when: Option<Condition>,
    /// A list has at least two items if this holds.
    pub several_when: Option<Condition>,
    /// Of a list: the questions that no two items may answer alike, all of them together.
    pub differ: Vec<Name>,
    /// In what a number is counted, if that is said.
    pub unit: Option<Unit>,
    /// Whether the desk can search by it.
    pub searchable: Searchable,
    /// Whether words may hold a number that looks like one by which a person is known: it asks for another number.
    pub other_number: bool,
    /// Whether it tells something about a person, and is masked where it is not needed.
    pub personal: bool,
    /// Whether that is so much a person's own that it is hidden whole, and told in no list, message or search.
    pub sensitive: bool,
    /// What the answer is needed for, in the words of the notice; nothing where that is said of its page or service.
    pub purpose: Option<Text>,
    /// How long a file that answers it is kept once the case has ended, where that is shorter than for the case.
    pub keep_for: Option<At<Span>>,
    /// What kind of answer.
    pub kind: Kind,
    /// Where the words of its options are written, if they stand with it.
    pub options_at: Vec<Where>,
    /// Where the field is written.
    pub at: Where,
}

/// Kinds of answers.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Words; several lines if `lines` is more than one.
    Text {
        /// The least characters.
        min_length: usize,
        /// The most characters.
        max_length: usize,
        /// How many lines there is room for.
        lines: usize,
        /// What the whole text must fit.
        pattern: Option<Pattern>,
    },
    /// A whole number.
    Number {
        /// The least.
        min: Option<i64>,
        /// The most.
        max: Option<i64>,
        /// Whether people read it with its digits in groups; a year is read as it is.
        grouped: bool,
    },
    /// An exact number with at most `places` decimals.
    Decimal {
        /// The least.
        min: Option<Decimal>,
        /// The most.
        max: Option<Decimal>,
        /// The most decimals.
        places: u32,
    },
    /// An amount in rupees.
    Money {
        /// The least; nothing if nothing is said.
        min: Option<Money>,
        /// The most.
        max: Option<Money>,
    },
    /// A day.
    Date {
        /// The first day.
        min: Option<DayLimit>,
        /// The last day.
        max: Option<DayLimit>,
    },
    /// Yes or no.
    YesNo,
    /// One of several.
    Choice {
        /// What may be chosen.
        options: Options,
    },
    /// Several of several.
    Choices {
        /// What may be chosen.
        options: Options,
        /// The least that are chosen.
        min: usize,
        /// The most that are chosen.
        max: usize,
    },
    /// An Indian mobile number: ten digits, the first 6 to 9.
    Phone,
    /// A mail address.
    Email,
    /// A file of one of these kinds (`pdf`, `jpeg`, `png`), at most `max_bytes`.
    File {
        /// The kinds that may be sent.
        kinds: Vec<String>,
        /// The most bytes.
        max_bytes: u64,
    },
    /// A photo; with `place`, also where it was taken.
    Photo {
        /// Whether it also says where it was taken.
        place: bool,
        /// The most bytes.
        max_bytes: u64,
    },
    /// A place of the town, of this level.
    Place {
        /// The level to choose from.
        level: Name,
    },
    /// The number of a record.
    Record {
        /// The registry.
        registry: Name,
        /// Whether it must count today.
        active: bool,
    },
    /// A point on the map.
    Point,
    /// One to five.
    Rating,
    /// Something to be read and confirmed.
    Declaration,
    /// A repeated group.
    List {
        /// The least items.
        min: usize,
        /// The most items.
        max: usize,
        /// What is asked of each.
        fields: Vec<Field>,
    },
    /// A group asked together.
    Group {
        /// What is asked.
        fields: Vec<Field>,
    },
}

/// A limit of a date: a fixed day, or one that moves with the day of asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayLimit {
    /// This very day.
    On(Day),
    /// `today`, `today + 30 days`, `today - 5 days`.
    Today(i64),
}

/// A pattern that an answer must fit, with a word about it.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// A regular expression (linear time).
    pub regex: regex_lite::Regex,
    /// An example that fits, shown to people.
    pub example: String,
    /// How the last character follows from the others, if it does.
    pub check: Option<CheckDigit>,
}

impl Pattern {
    /// Whether `text` fits as a whole.
    pub fn fits(&self, text: &str) -> bool {
        self.regex.is_match(text) && self.check.is_none_or(|check| check.holds(text))
    }
}

/// What may be chosen.
#[derive(Clone, Debug)]
pub enum Options {
    /// Written in place: code and words.
    Here(Vec<(String, Text)>),
    /// A list by name. Its rows come with the tenant.
    List(Arc<List>),
}

impl Form {
    /// Puts `lists` in the place of those of the same names.
    pub fn use_lists(&mut self, lists: &[Arc<List>]) {
        for page in self.pages.iter_mut().filter(|page| has_other_lists(&page.fields, lists)) {
            use_lists(&mut Arc::make_mut(page).fields, lists);
        }
    }

    /// The page called `name`.
    pub fn page(&self, name: &str) -> Option<&Page> {
        self.all_pages().find(|page| page.name == *name)
    }

    /// The pages that `role` answers; `None` is the applicant.
    pub fn pages_by<'a>(&'a self, role: Option<&'a str>) -> impl Iterator<Item = &'a Page> {
        self.all_pages().filter(move |page| page.by.as_deref() == role)
    }

    /// Every page, whoever answers it.
    pub fn all_pages(&self) -> impl Iterator<Item = &Page> + Clone {
        self.pages.iter().map(AsRef::as_ref)
    }

    /// Every field of the form in the order of asking, not looking into groups and lists.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.pages.iter().flat_map(|page| &page.fields)
    }

    /// The questions whose files are kept for a time of their own: the names that lead to each, with points between
    /// them, and how long.
    pub fn terms(&self) -> Vec<(String, Span)> {
        let mut found = Vec::new();
        self.fields().for_each(|field| terms(field, "", &mut found));
        found
    }

    /// The registries whose records answers may name.
    pub fn named_registries(&self) -> impl Iterator<Item = &Name> {
        let mut found = std::collections::BTreeSet::new();
        registries(self.fields(), &mut found);
        found.into_iter()
    }

    /// The field called `name`, not looking into groups and lists.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields().find(|field| field.name == *name)
    }

    /// The question at a dotted path, as errors name it: `owners.0.mobile`.
    pub fn at(&self, path: &str) -> Option<&Field> {
        let mut names = path.split('.').filter(|part| part.parse::<usize>().is_err());
        let mut field = self.field(names.next()?)?;
        for name in names {
            let (Kind::Group { fields } | Kind::List { fields, .. }) = &field.kind else { return Some(field) };
            field = fields.iter().find(|one| one.name == *name)?;
        }
        Some(field)
    }
}

fn registries<'a>(fields: impl Iterator<Item = &'a Field>, found: &mut std::collections::BTreeSet<&'a Name>) {
    for field in fields {
        match &field.kind {
            Kind::Record { registry, .. } => {
                found.insert(registry);
            }
            Kind::Group { fields } | Kind::List { fields, .. } => registries(fields.iter(), found),
            _ => {}
        }
    }
}

/// Whether `fields` use lists that `lists` have other ones for.
fn has_other_lists(fields: &[Field], lists: &[Arc<List>]) -> bool {
    let is_other = |list: &Arc<List>| other_list(list, lists).is_some();
    fields.iter().any(|field| {
        let of_unit = matches!(&field.unit, Some(Unit::Listed(listed)) if is_other(&listed.words));
        of_unit
            || match &field.kind {
                Kind::Choice { options: Options::List(list) } | Kind::Choices { options: Options::List(list), .. } => {
                    is_other(list)
                }
                Kind::List { fields, .. } | Kind::Group { fields } => has_other_lists(fields, lists),
                _ => false,
            }
    })
}

/// The list of the same name that is another than `list`.
fn other_list<'a>(list: &Arc<List>, lists: &'a [Arc<List>]) -> Option<&'a Arc<List>> {
    lists.iter().find(|other| other.name == list.name).filter(|other| !Arc::ptr_eq(other, list))
}

fn use_lists(fields: &mut [Field], lists: &[Arc<List>]) {
    let other = |list: &mut Arc<List>| {
        if let Some(other) = other_list(list, lists) {
            *list = Arc::clone(other);
        }
    };
    for field in fields {
        if let Some(Unit::Listed(listed)) = &mut field.unit {
            other(&mut listed.words);
        }
        match &mut field.kind {
            Kind::Choice { options: Options::List(list) } | Kind::Choices { options: Options::List(list), .. } => {
                other(list);
            }
            Kind::List { fields, .. } | Kind::Group { fields } => use_lists(fields, lists),
            _ => {}
        }
    }
}

fn terms(field: &Field, within: &str, found: &mut Vec<(String, Span)>) {
    let path = format!("{within}{}", field.name);
    if let Kind::List { fields, .. } | Kind::Group { fields } = &field.kind {
        let within = format!("{path}.");
        for inner in fields {
            terms(inner, &within, found);
        }
    }
    found.extend(field.keep_for.as_ref().map(|term| (path, term.value)));
}

impl Field {
    /// The list from which one thing is chosen, of a question that asks for that.
    pub fn chosen_from(&self) -> Option<&List> {
        match &self.kind {
            Kind::Choice { options: Options::List(list) } => Some(list),
            _ => None,
        }
    }
}

impl Options {
    /// How many things can be chosen.
    pub fn count(&self) -> usize {
        match self {
            Self::Here(options) => options.len(),
            Self::List(list) => list.choices().count(),
        }
    }

    /// Whether `code` may be chosen.
    pub fn has(&self, code: &str) -> bool {
        match self {
            Self::Here(options) => options.iter().any(|(known, _)| known == code),
            Self::List(list) => list.is_choice(code),
        }
    }

    /// The words for `code`.
    pub fn label(&self, code: &str) -> Option<&Text> {
        match self {
            Self::Here(options) => options.iter().find(|(known, _)| known == code).map(|(_, words)| words),
            Self::List(list) => list.get(code).map(|entry| &entry.label),
        }
    }
}
