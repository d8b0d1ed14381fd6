//! Filling in a page: what was typed so far, what the form sent, what button was pressed.
//!
//! Whatever was typed is kept as a draft until it is accepted: so a page can be left, shown in
//! another language, or taken up on another phone, with every letter that was typed.

use std::collections::{BTreeMap, BTreeSet};

use engine::base::Answers;
use engine::form::{self, Ctx, Field, FieldError, Kind, Page, Problem as Wrong};
use engine::service::Service;
use serde_json::{Value as Json, json};
use ui_gen::FieldView;
use ui_gen::from_engine::typed::{self, Typed};
use ui_gen::from_engine::{Asking, field_at, fields, inner};

use super::asked::is_asked;
use super::{earlier, sent_back, upload};
use crate::http::ask::Ask;
use crate::http::body::Part;
use crate::http::limits;
use crate::problem::Problem;
use crate::store::drafts;

/// A page that is being filled in.
pub struct Filling<'a> {
    ask: &'a Ask,
    service: &'a Service,
    page: &'a Page,
    typed: Typed,
    /// What was wrong with files, by path, in words.
    unfit: BTreeMap<String, String>,
    queries: BTreeMap<String, String>,
    /// Whether a question waits until its condition is known to hold.
    waits: bool,
}

/// The button that was pressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Button {
    /// Go on: the page is complete.
    Continue,
    /// Show the page again, with what was typed.
    Again,
    /// The same, in this language; see [`Ask::only_shows`].
    Language(String),
    /// Come back later.
    Leave,
}

impl<'a> Filling<'a> {
    /// Takes up a page where it was left: the draft, or what was answered.
    pub async fn load(ask: &'a Ask, service: &'a Service, page: &'a Page) -> Result<Self, Problem> {
        let mut tx = ask.app.store.read(&ask.tenant().id).await?;
        let draft = drafts::find(&mut tx, sheet(ask, page)).await?;
        let typed = match draft {
            Some(Json::Object(draft)) => draft,
            _ => typed::of_answers(&page.fields, &ask.case().answers),
        };
        let (unfit, queries) = Default::default();
        Ok(Self { ask, service, page, typed, unfit, queries, waits: false })
    }

    /// The same, where a question waits until its condition is known to hold: on a page of everything,
    /// what the condition looks at is not answered yet.
    #[must_use]
    pub fn waiting(mut self) -> Self {
        self.waits = true;
        self
    }

    /// Takes what the form sent, and keeps its files.
    pub async fn take(&mut self) -> Result<Button, Problem> {
        let sent = &self.ask.form().sent;
        // Boxes that were not on the page were not unticked.
        let shown = self.fields();
        typed::take(&shown, &mut self.typed, sent)?;
        self.stay_open();
        for part in &self.ask.form().files {
            self.store(part).await?;
        }
        let chosen = self.ask.field("_reuse")?;
        if !chosen.is_empty() {
            let (path, file) = earlier::take(self.ask, &self.page.fields, chosen).await?;
            if !typed::put_file(&mut self.typed, &path, file) {
                return Err(Problem::BadRequest("a file for an item that is not there"));
            }
        }
        for (name, values) in sent {
            if let (Some(path), [value]) = (name.strip_suffix("._query"), values.as_slice()) {
                let words: String = value.trim().chars().take(limits::SEARCH).collect();
                self.queries.insert(path.to_owned(), words);
            }
        }
        self.press()
    }

    /// Keeps open what was open on the page: an entry that was begun there, and one inside the entry that is open.
    fn stay_open(&mut self) {
        let open = self.typed.get("_open").and_then(Json::as_str).unwrap_or_default();
        let inside = |path: &&String| open.is_empty() || path.starts_with(&format!("{open}."));
        let mut shown = self.ask.form().sent.get("_open").into_iter().flatten();
        let inner = shown.rfind(inside).cloned();
        if let Some(path) = inner {
            self.typed.insert("_open".to_owned(), Json::from(path));
        }
    }

    fn press(&mut self) -> Result<Button, Problem> {
        let pressed = |name: &str| self.ask.field(name).map(str::to_owned);
        let (leave, add, edit, remove) = (pressed("_leave")?, pressed("_add")?, pressed("_edit")?, pressed("_remove")?);
        if self.ask.only_shows() {
            return Ok(Button::Language(self.ask.lang.clone()));
        }
        if !leave.is_empty() {
            return Ok(Button::Leave);
        }
        if !add.is_empty() {
            self.add(&add);
            return Ok(Button::Again);
        }
        if !edit.is_empty() {
            self.typed.insert("_open".to_owned(), Json::from(edit));
            return Ok(Button::Again);
        }
        if !remove.is_empty() {
            if field_at(&self.page.fields, &remove).is_some() {
                typed::remove(&mut self.typed, &remove);
                self.typed.remove("_open");
            }
            return Ok(Button::Again);
        }
        for shows in ["_upload", "_reuse", "_search"] {
            if !pressed(shows)?.is_empty() {
                return Ok(Button::Again);
            }
        }
        typed::without_empty_items(&self.page.fields, &mut self.typed);
        Ok(Button::Continue)
    }

    /// Another item of a list, if there is room for one.
    fn add(&mut self, path: &str) {
        let Some(Kind::List { max, .. }) = field_at(&self.page.fields, path).map(|field| &field.kind) else { return };
        let mut items = typed::at(&self.typed, path).and_then(Json::as_array).cloned().unwrap_or_default();
        if items.len() < *max {
            items.push(json!({}));
            self.typed.insert("_open".to_owned(), Json::from(format!("{path}.{}", items.len() - 1)));
            typed::put(&mut self.typed, path, Json::Array(items));
        }
    }

    /// Keeps an uploaded file and puts it where it was asked for.
    async fn store(&mut self, part: &Part) -> Result<(), Problem> {
        match upload::keep(self.ask, field_at(&self.page.fields, &part.field), part).await? {
            Ok(file) => {
                if !typed::put_file(&mut self.typed, &part.field, file) {
                    return Err(Problem::BadRequest("a file for an item that is not there"));
                }
            }
            Err(said) => drop(self.unfit.insert(part.field.clone(), said)),
        }
        Ok(())
    }

    /// Whether a file was not taken.
    pub fn is_unfit(&self) -> bool {
        !self.unfit.is_empty()
    }

    /// Whether something was searched for, which only this answer shows.
    pub fn is_searching(&self) -> Result<bool, Problem> {
        Ok(!self.ask.field("_search")?.is_empty())
    }

    /// What was typed, in the shape in which the engine judges it.
    pub fn answers(&self) -> Json {
        typed::answers(&self.fields(), &self.typed)
    }

    /// The questions that may be answered: all of them, unless an officer marked some.
    fn fields(&self) -> Vec<Field> {
        let given = typed::answers(&self.page.fields, &self.typed);
        let open = sent_back::fields(self.ask, self.service, self.page, &given);
        self.page.fields.iter().filter(|field| open.contains(&field.name)).cloned().collect()
    }

    /// What is known with what was typed in its place.
    fn known(&self) -> Answers {
        let mut known = self.ask.case().answers.clone();
        for field in self.fields() {
            known.0.remove(field.name.as_str());
        }
        known.0.extend(Answers::from_json(&self.answers()).0);
        known
    }

    /// Which questions are asked, given what was typed so far.
    fn asked(&self) -> impl Fn(&str) -> bool + '_ {
        let known = self.known();
        let open = self.typed.get("_open").and_then(Json::as_str).unwrap_or_default().to_owned();
        let (today, facts) = (self.ask.now().day(), form::facts(&self.service.form, &known));
        move |path: &str| match path.strip_suffix('.') {
            // Around an entry that is open, so is all that it stands in.
            Some(item) => item == open || open.starts_with(path),
            None => is_asked(
                &self.page.fields,
                &path.split('.').collect::<Vec<_>>(),
                &known,
                &facts,
                (today, &self.service.lists, !self.waits),
            ),
        }
    }

    /// Conditional questions that are on the page now: the form says so when it comes back, and a
    /// question that was not there yet is not reproached for having no answer.
    pub fn seen(&self) -> String {
        let asked = self.asked();
        let names = self
            .page
            .fields
            .iter()
            .filter(|field| field.when.is_some() && asked(&field.name))
            .map(|field| field.name.as_str());
        names.collect::<Vec<_>>().join(",")
    }

    /// The questions of the page on whose answers others depend, by their names, a space between them.
    pub fn decides(&self) -> String {
        let mut names = BTreeSet::new();
        read_by(&self.page.fields, &mut names);
        names.into_iter().collect::<Vec<_>>().join(" ")
    }

    /// Errors without those of questions that the person has not seen yet.
    pub fn fair(&self, errors: Vec<FieldError>) -> Result<Vec<FieldError>, Problem> {
        let seen: Vec<&str> = self.ask.query("seen")?.split(',').collect();
        let new = |error: &FieldError| {
            let name = error.path.split('.').next().unwrap_or_default();
            let conditional = self.page.fields.iter().any(|field| field.name == *name && field.when.is_some());
            conditional
                && !seen.contains(&name)
                && matches!(error.problem, Wrong::Missing | Wrong::NotConfirmed | Wrong::TooFew(_))
        };
        Ok(errors.into_iter().filter(|error| !new(error)).collect())
    }

    /// What else is wrong with what was typed, beside files that were not taken: all of it is told at once.
    pub fn faults(&self) -> Result<Vec<FieldError>, Problem> {
        let ctx = Ctx {
            today: self.ask.now().day(),
            lists: &self.service.lists,
            places: &self.ask.tenant().places,
            known: &self.ask.case().answers,
            named: None,
            identity: &self.ask.tenant().identity_numbers,
        };
        let judged = form::accept_page(&self.service.form, self.page, &self.answers(), &ctx);
        self.fair(judged.err().unwrap_or_default())
    }

    /// The questions as they are drawn.
    pub fn views(&self, errors: &[FieldError]) -> Vec<FieldView> {
        let asked = self.asked();
        let base = self.ask.at_case("/files/");
        let file_href = |id: &str| if id.is_empty() { String::new() } else { format!("{base}{id}") };
        let asking = Asking {
            words: self.ask.words(),
            tenant: self.ask.tenant(),
            errors,
            asked: &asked,
            queries: &self.queries,
            file_href: &file_href,
            remarks: &sent_back::remarks(self.ask.case(), self.page),
        };
        let mut views = fields::views(&self.fields(), &self.typed, &asking);
        for (path, text) in &self.unfit {
            fields::reproach(&mut views, path, text);
        }
        views
    }

    /// Keeps what was typed until it is accepted.
    pub async fn keep(&self) -> Result<(), Problem> {
        let mut tx = self.ask.app.store.begin(&self.ask.tenant().id).await?;
        let typed = Json::Object(self.typed.clone());
        drafts::keep(&mut tx, sheet(self.ask, self.page), &typed, self.ask.app.clock.now_ms()).await?;
        Ok(tx.commit().await?)
    }

    /// Forgets what was typed: it was accepted.
    pub async fn forget(&self) -> Result<(), Problem> {
        let mut tx = self.ask.app.store.begin(&self.ask.tenant().id).await?;
        drafts::remove(&mut tx, sheet(self.ask, self.page)).await?;
        Ok(tx.commit().await?)
    }
}

/// Where what is typed is kept: with whoever types. What is not handed in yet is kept with the
/// applicant, so that it can be taken up at another counter too, and at home.
fn sheet<'a>(ask: &'a Ask, page: &'a Page) -> drafts::Sheet<'a> {
    let case = ask.case();
    let person = if case.number.is_none() { case.applicant.as_str() } else { ask.who.person().unwrap_or_default() };
    drafts::Sheet { case: &case.id, page: &page.name, person }
}

/// What the conditions of these questions look at.
pub(super) fn read_by<'a>(fields: &'a [Field], names: &mut BTreeSet<&'a str>) {
    for field in fields {
        names.extend(field.when.iter().flat_map(|when| &when.fields).map(String::as_str));
        read_by(inner(field), names);
    }
}
