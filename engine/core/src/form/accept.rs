//! Whether answers will do. Strict: what is wrong is said, all of it, and nothing is guessed.
//!
//! What people type is brought into this shape by [`super::html`]; what programs send is taken as
//! it is. Answers to questions that are not asked, because their `when` does not hold, are dropped.

use std::sync::Arc;

use serde_json::Value as Json;

use super::answer;
use super::facts;
use super::fit;
use super::given::{Given, GivenMap};
use super::{Field, FieldError, Form, Kind, Named, Page, Problem};
use crate::base::{Answers, Day, Value};
use crate::identity::{self, IdentityNumber};
use crate::list::List;
use crate::rule::{Condition, Seen};

/// What an answer may depend on.
#[derive(Clone, Copy, Debug)]
pub struct Ctx<'a> {
    /// The day of asking, in the tenant.
    pub today: Day,
    /// The code lists that conditions may look into.
    pub lists: &'a [Arc<List>],
    /// The places of the town.
    pub places: &'a List,
    /// What was answered before, on other pages and by other people.
    pub known: &'a Answers,
    /// The records that answers name; `None` where they are not judged.
    pub named: Option<&'a [Named]>,
    /// The numbers by which people are known, which no words may hold; none where what is judged was accepted before.
    pub identity: &'a [IdentityNumber],
}

/// Takes the answers of one page. The result has the answers of this page alone; [`merge`] puts
/// them to the others.
pub fn accept_page(form: &Form, page: &Page, json: &Json, ctx: &Ctx<'_>) -> Result<Answers, Vec<FieldError>> {
    let Some(given) = json.as_object() else {
        return Err(vec![FieldError { path: String::new(), problem: Problem::WrongKind }]);
    };
    Reader::new(form, &[page], ctx).pages(given)
}

/// Takes the answers of all pages that `role` answers; `None` is the applicant.
pub fn accept_form(form: &Form, role: Option<&str>, json: &Json, ctx: &Ctx<'_>) -> Result<Answers, Vec<FieldError>> {
    let Some(given) = json.as_object() else {
        return Err(vec![FieldError { path: String::new(), problem: Problem::WrongKind }]);
    };
    let pages: Vec<&Page> = form.pages_by(role).collect();
    Reader::new(form, &pages, ctx).pages(given)
}

/// Looks once more, and as a whole, at answers that were kept page by page: those of `role` in
/// `answers`, without what is no longer asked. Answers of others in `answers` are left out.
pub fn complete(form: &Form, role: Option<&str>, answers: &Answers, ctx: &Ctx<'_>) -> Result<Answers, Vec<FieldError>> {
    let pages: Vec<&Page> = form.pages_by(role).collect();
    let mut reader = Reader::new(form, &pages, ctx);
    reader.strangers_allowed = true;
    reader.pages(answers)
}

/// Takes whatever is given of the answers to all pages, those of officers too: what a register that was
/// kept elsewhere knows. Nothing has to be answered; what is answered must do.
pub fn accept_known(form: &Form, json: &Json, ctx: &Ctx<'_>) -> Result<Answers, Vec<FieldError>> {
    let Some(given) = json.as_object() else {
        return Err(vec![FieldError { path: String::new(), problem: Problem::WrongKind }]);
    };
    let pages: Vec<&Page> = form.all_pages().collect();
    let mut reader = Reader::new(form, &pages, ctx);
    reader.may_lack = true;
    reader.pages(given)
}

/// `answers` with those of `page` in the place of what stood there.
pub fn merge(mut answers: Answers, page: &Page, new: Answers) -> Answers {
    for field in &page.fields {
        answers.0.remove(&*field.name);
    }
    answers.0.extend(new.0);
    answers
}

/// Whether the page is asked.
pub fn is_asked(form: &Form, page: &Page, ctx: &Ctx<'_>) -> bool {
    let nothing = Answers::default();
    let level = Level { fields: &[], answers: &nothing, outer: None };
    Reader::new(form, &[], ctx).holds(page.when.as_ref(), &level)
}

/// The answers read so far on one level of nesting, for conditions.
pub(super) struct Level<'a> {
    fields: &'a [Field],
    answers: &'a Answers,
    outer: Option<&'a Level<'a>>,
}

pub(super) struct Reader<'a> {
    form: &'a Form,
    pub(super) ctx: &'a Ctx<'a>,
    /// The path of the group that is being read, with a dot at its end.
    prefix: String,
    errors: Vec<FieldError>,
    /// The pages that are being read.
    pages: &'a [&'a Page],
    /// Whether names that nobody asked are passed over: they belong to other pages.
    strangers_allowed: bool,
    /// Whether questions may stay without an answer.
    may_lack: bool,
}

impl<'a> Reader<'a> {
    fn new(form: &'a Form, pages: &'a [&'a Page], ctx: &'a Ctx<'a>) -> Self {
        Self { form, ctx, prefix: String::new(), errors: Vec::new(), pages, strangers_allowed: false, may_lack: false }
    }

    fn pages<M: GivenMap<Item: Given<Map = M>>>(mut self, given: &M) -> Result<Answers, Vec<FieldError>> {
        let pages = self.pages;
        if !self.strangers_allowed {
            for name in given
                .names()
                .filter(|name| !pages.iter().any(|page| page.fields.iter().any(|field| field.name == **name)))
            {
                self.errors.push(FieldError { path: name.to_owned(), problem: Problem::NotAsked });
            }
        }
        let mut answers = Answers::default();
        for page in pages {
            let asked = self.holds(page.when.as_ref(), &Level { fields: &[], answers: &answers, outer: None });
            if asked {
                self.fields(&page.fields, given, &mut answers, None);
                self.fit(page, &answers);
            }
        }
        if self.errors.is_empty() { Ok(answers) } else { Err(self.errors) }
    }

    /// Says which answers of a page do not fit each other, as far as they were given.
    fn fit(&mut self, page: &Page, answers: &Answers) {
        let level = Level { fields: &[], answers, outer: None };
        let given = |name: &String| matches!(self.answer(name, &level), Some((_, Some(_))));
        let wrong: Vec<FieldError> = page
            .checks
            .iter()
            .filter(|check| check.that.fields.iter().all(given) && !self.holds(Some(&check.that), &level))
            .map(|check| FieldError {
                path: check.beside.to_string(),
                problem: Problem::Disagrees(check.otherwise.clone()),
            })
            .collect();
        self.errors.extend(wrong);
    }

    fn fields<M: GivenMap<Item: Given<Map = M>>>(
        &mut self,
        fields: &[Field],
        given: &M,
        answers: &mut Answers,
        outer: Option<&Level<'_>>,
    ) {
        for field in fields {
            if field.when.is_some() && !self.holds(field.when.as_ref(), &Level { fields, answers, outer }) {
                continue;
            }
            let value = match given.item(&field.name) {
                Some(item) => self.field(field, item, &Level { fields, answers, outer }),
                None => self.absent(field, &Level { fields, answers, outer }),
            };
            if let Some(value) = value {
                answers.0.insert(field.name.to_string(), value);
            }
        }
    }

    /// Nothing was given for `field`. A group that must be answered says which of its questions
    /// are missing, so that pages can show it beside them.
    fn absent(&mut self, field: &Field, level: &Level<'_>) -> Option<Value> {
        if field.optional || self.may_lack {
            return None;
        }
        let before = self.errors.len();
        if let Kind::Group { fields } = &field.kind {
            self.inside(&field.name, |reader| {
                reader.fields(fields, &Answers::default(), &mut Answers::default(), Some(level));
            });
        }
        if self.errors.len() == before {
            self.wrong(
                field,
                if matches!(field.kind, Kind::Declaration) { Problem::NotConfirmed } else { Problem::Missing },
            );
        }
        None
    }

    fn field<G: Given>(&mut self, field: &Field, given: &G, level: &Level<'_>) -> Option<Value> {
        match &field.kind {
            Kind::List { min, max, fields } => {
                let bounds = match (&field.one_when, &field.several_when) {
                    (Some(one), _) if self.holds(Some(one), level) => (1, 1),
                    (_, Some(several)) if self.holds(Some(several), level) => ((*min).max(2), *max),
                    _ => (*min, *max),
                };
                self.list(field, given, bounds, fields, level)
            }
            Kind::Group { fields } => {
                let Some(map) = given.map() else { return self.wrong(field, Problem::WrongKind) };
                let inner = self.group(&field.name, fields, map, level);
                (!field.optional || !inner.0.is_empty()).then_some(Value::Map(inner))
            }
            kind => match self.read(field, kind, given) {
                Ok(value) => value,
                Err((part, problem)) => {
                    let dot = if part.is_empty() { "" } else { "." };
                    self.errors.push(FieldError { path: format!("{}{}{dot}{part}", self.prefix, field.name), problem });
                    None
                }
            },
        }
    }

    /// Reads an answer that is neither a list nor a group. Words hold no whole number by which a person is known,
    /// unless another number is asked for. What was accepted once is not refused for it afterwards.
    fn read<G: Given>(&self, field: &Field, kind: &Kind, given: &G) -> Result<Option<Value>, answer::Wrong> {
        let value = answer::read(kind, field.optional, given, self.ctx)?;
        if let (Kind::Text { pattern: None, .. }, Some(Value::Text(text))) = (kind, &value)
            && !field.other_number
            && !self.strangers_allowed
            && let Some(whole) = identity::find(text, self.ctx.identity)
        {
            return Err(("", Problem::IdentityNumber(whole)));
        }
        Ok(value)
    }

    fn list<G: Given>(
        &mut self,
        field: &Field,
        given: &G,
        (min, max): (usize, usize),
        fields: &[Field],
        level: &Level<'_>,
    ) -> Option<Value> {
        let Some(items) = given.items() else { return self.wrong(field, Problem::WrongKind) };
        if items.len() < min && !self.may_lack {
            self.wrong(field, Problem::TooFew(min));
        }
        if items.len() > max {
            return self.wrong(field, Problem::TooMany(max));
        }
        let mut read = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let name = format!("{}.{index}", field.name);
            match item.map() {
                Some(map) => read.push(Value::Map(self.group(&name, fields, map, level))),
                None => {
                    self.errors
                        .push(FieldError { path: format!("{}{name}", self.prefix), problem: Problem::WrongKind });
                }
            }
        }
        self.errors.extend(fit::alike(field, &read, &format!("{}{}", self.prefix, field.name)));
        (!field.optional || !read.is_empty()).then_some(Value::List(read))
    }

    fn group<M: GivenMap<Item: Given<Map = M>>>(
        &mut self,
        name: &str,
        fields: &[Field],
        given: &M,
        level: &Level<'_>,
    ) -> Answers {
        let mut answers = Answers::default();
        self.inside(name, |reader| {
            for name in given.names().filter(|name| !fields.iter().any(|field| field.name == **name)) {
                reader.errors.push(FieldError { path: format!("{}{name}", reader.prefix), problem: Problem::NotAsked });
            }
            reader.fields(fields, given, &mut answers, Some(level));
        });
        answers
    }

    fn inside(&mut self, name: &str, read: impl FnOnce(&mut Self)) {
        let length = self.prefix.len();
        self.prefix.push_str(name);
        self.prefix.push('.');
        read(self);
        self.prefix.truncate(length);
    }

    fn wrong(&mut self, field: &Field, problem: Problem) -> Option<Value> {
        self.errors.push(FieldError { path: format!("{}{}", self.prefix, field.name), problem });
        None
    }

    /// Whether the condition holds. One that cannot be evaluated counts as holding: a question too
    /// many is better than an answer lost.
    fn holds(&self, condition: Option<&Condition>, level: &Level<'_>) -> bool {
        let Some(condition) = condition else { return true };
        let see = |name: &str| match self.answer(name, level) {
            Some((kind, value)) => facts::see(kind, value),
            None => Seen::Nothing,
        };
        let look = |path: &[rhai::ImmutableString]| match path {
            [name] => Some(see(name)),
            _ => None,
        };
        let all = || condition.fields.iter().map(|name| (name.as_str().into(), see(name).into())).collect();
        condition.asks(self.ctx.today, self.ctx.lists, &look, all).unwrap_or(true)
    }

    /// The answer to `name` as a condition sees it: of the nearest level that asks it.
    fn answer<'b>(&'b self, name: &str, level: &'b Level<'_>) -> Option<(&'b Kind, Option<&'b Value>)> {
        let mut next = Some(level);
        while let Some(level) = next {
            if level.outer.is_none() {
                let field = self.form.field(name)?;
                return Some((&field.kind, level.answers.get(name).or_else(|| self.before(name))));
            }
            if let Some(field) = level.fields.iter().find(|field| field.name == *name) {
                return Some((&field.kind, level.answers.get(name)));
            }
            next = level.outer;
        }
        None
    }

    /// What was answered before to a question that is not being read now. Of those that are, only
    /// the new answers count: an answer that was just dropped must not come back.
    fn before(&self, name: &str) -> Option<&Value> {
        let read_now = self.pages.iter().any(|page| page.fields.iter().any(|field| field.name == *name));
        if read_now { None } else { self.ctx.known.get(name) }
    }
}
