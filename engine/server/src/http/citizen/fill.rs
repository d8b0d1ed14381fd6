//! Filling in a page: what was typed so far, what the form sent, what button was pressed.
//!
//! Whatever was typed is kept as a draft until it is accepted: so a page can be left, shown in
//! another language, or taken up on another phone, with every letter that was typed.

use std::collections::BTreeMap;
use std::sync::Arc;

use connectors::files::{Kind as FileKind, PutError, Unfit, Upload, put_bytes};
use engine::base::{Answers, Day, Value};
use engine::case::Case;
use engine::form::{self, Ctx, Field, FieldError, Kind, Page, Problem as Wrong};
use engine::list::List;
use engine::rule::Facts;
use engine::service::Service;
use engine::tenant::Tenant;
use serde_json::{Value as Json, json};
use ui_gen::FieldView;
use ui_gen::from_engine::typed::{self, Typed};
use ui_gen::from_engine::{Asking, field_at, fields, say};

use crate::auth::otp;
use crate::http::ask::Ask;
use crate::http::body::Part;
use crate::http::limits;
use crate::problem::Problem;
use crate::store::{By, drafts, files};

/// A page that is being filled in.
pub struct Filling<'a> {
    ask: &'a Ask,
    service: &'a Service,
    page: &'a Page,
    typed: Typed,
    /// What was wrong with files, by path, in words.
    unfit: BTreeMap<String, String>,
    queries: BTreeMap<String, String>,
    remarks: BTreeMap<String, String>,
}

/// The button that was pressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Button {
    /// Go on: the page is complete.
    Continue,
    /// Show the page again, with what was typed.
    Again,
    /// The same, in another language.
    Language(String),
    /// Come back later.
    Leave,
}

/// The pages that the applicant of a case is asked, with what is known so far.
pub fn asked_pages<'a>(service: &'a Service, tenant: &Tenant, case: &Case, today: Day) -> Vec<&'a Page> {
    let ctx = Ctx { today, lists: &service.lists, places: &tenant.places, known: &case.answers };
    service.form.pages_by(None).filter(|page| form::is_asked(&service.form, page, &ctx)).collect()
}

impl<'a> Filling<'a> {
    /// Takes up a page where it was left: the draft, or what was answered.
    pub async fn load(ask: &'a Ask, service: &'a Service, page: &'a Page) -> Result<Self, Problem> {
        let mut tx = ask.app.store.read(&ask.tenant().id).await?;
        let draft = drafts::find(&mut tx, &ask.case().id, &page.name).await?;
        let typed = match draft {
            Some(Json::Object(draft)) => draft,
            _ => begun(&page.fields, &ask.case().answers),
        };
        let (unfit, queries, remarks) = Default::default();
        Ok(Self { ask, service, page, typed, unfit, queries, remarks })
    }

    /// Takes what the form sent, and keeps its files.
    pub async fn take(&mut self) -> Result<Button, Problem> {
        let sent = &self.ask.form().sent;
        typed::take(&self.page.fields, &mut self.typed, sent)?;
        for part in &self.ask.form().files {
            self.store(part).await?;
        }
        for (name, values) in sent {
            if let (Some(path), [value]) = (name.strip_suffix("._query"), values.as_slice()) {
                let words: String = value.trim().chars().take(limits::SEARCH).collect();
                self.queries.insert(path.to_owned(), words);
            }
        }
        self.press()
    }

    fn press(&mut self) -> Result<Button, Problem> {
        let pressed = |name: &str| self.ask.field(name).map(str::to_owned);
        let (lang, leave, add, edit, remove) = (pressed("_lang")?, pressed("_leave")?, pressed("_add")?, pressed("_edit")?, pressed("_remove")?);
        if !lang.is_empty() {
            return Ok(Button::Language(lang));
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
        if !pressed("_upload")?.is_empty() || !pressed("_search")?.is_empty() {
            return Ok(Button::Again);
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
        let ask = self.ask;
        let field = field_at(&self.page.fields, &part.field);
        let (kinds, max_bytes): (Vec<String>, u64) = match field.map(|field| &field.kind) {
            Some(Kind::File { kinds, max_bytes }) => (kinds.clone(), *max_bytes),
            Some(Kind::Photo { max_bytes, .. }) => (["jpeg", "png"].map(str::to_owned).to_vec(), *max_bytes),
            _ => return Err(Problem::BadRequest("a file that nobody asked for")),
        };
        let person = ask.who.person().unwrap_or_default();
        let mut tx = ask.app.store.begin(&ask.tenant().state).await?;
        otp::throttle(&mut tx, &format!("uploaded:{person}"), ask.app.clock.now_ms(), limits::UPLOADED).await?;
        tx.commit().await?;
        let allowed: Vec<FileKind> = kinds.iter().filter_map(|kind| kind_of(kind)).collect();
        let upload = Upload { tenant: &ask.tenant().id, name: &part.name, claimed_type: &part.claimed, allowed: &allowed, max_bytes };
        let stored = match put_bytes(&ask.app.files, upload, &part.bytes).await {
            Ok(stored) => stored,
            Err(PutError::Unfit(unfit)) => {
                let said = unfit_words(ask, field, &unfit, &kinds, max_bytes);
                self.unfit.insert(part.field.clone(), said);
                return Ok(());
            }
            Err(PutError::Fault(fault)) => return Err(fault.into()),
        };
        let (id, kind) = (ask.app.chance.id(), word_of(stored.kind));
        let file = json!({ "id": id, "name": stored.name, "kind": kind, "size": stored.size, "sha256": stored.digest.to_string() });
        let row = files::File {
            id,
            sha256: stored.digest.to_string(),
            size: i64::try_from(stored.size).unwrap_or(i64::MAX),
            kind: stored.kind.media_type().to_owned(),
            name: stored.name,
            case: Some(ask.case().id.clone()),
            field: part.field.clone(),
            person: person.to_owned(),
            at_ms: ask.app.clock.now_ms(),
        };
        let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
        let kind = if ask.who.employee().is_some() { engine::case::ActorKind::Employee } else { engine::case::ActorKind::Citizen };
        files::insert(&mut tx, By { person, kind, at_ms: row.at_ms }, &row).await?;
        tx.commit().await?;
        if !typed::put(&mut self.typed, &part.field, file) {
            return Err(Problem::BadRequest("a file for an item that is not there"));
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
        typed::answers(&self.page.fields, &self.typed)
    }

    /// Which questions are asked, given what was typed so far.
    fn asked(&self) -> impl Fn(&str) -> bool + '_ {
        let known = form::merge(self.ask.case().answers.clone(), self.page, Answers::from_json(&self.answers()));
        let open = self.typed.get("_open").and_then(Json::as_str).unwrap_or_default().to_owned();
        let (today, facts) = (self.ask.now().day(), form::facts(&self.service.form, &known));
        move |path: &str| match path.strip_suffix('.') {
            Some(item) => item == open,
            None => is_asked(&self.page.fields, &path.split('.').collect::<Vec<_>>(), &known, &facts, (today, &self.service.lists)),
        }
    }

    /// Conditional questions that are on the page now: the form says so when it comes back, and a
    /// question that was not there yet is not reproached for having no answer.
    pub fn seen(&self) -> String {
        let asked = self.asked();
        let names = self.page.fields.iter().filter(|field| field.when.is_some() && asked(&field.name)).map(|field| field.name.as_str());
        names.collect::<Vec<_>>().join(",")
    }

    /// Errors without those of questions that the person has not seen yet.
    pub fn fair(&self, errors: Vec<FieldError>) -> Result<Vec<FieldError>, Problem> {
        let seen: Vec<&str> = self.ask.query("seen")?.split(',').collect();
        let new = |error: &FieldError| {
            let name = error.path.split('.').next().unwrap_or_default();
            let conditional = self.page.fields.iter().any(|field| field.name == *name && field.when.is_some());
            conditional && !seen.contains(&name) && matches!(error.problem, Wrong::Missing | Wrong::NotConfirmed | Wrong::TooFew(_))
        };
        Ok(errors.into_iter().filter(|error| !new(error)).collect())
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
            remarks: &self.remarks,
        };
        let mut views = fields::views(&self.page.fields, &self.typed, &asking);
        for (path, text) in &self.unfit {
            fields::reproach(&mut views, path, text);
        }
        views
    }

    /// Keeps what was typed until it is accepted.
    pub async fn keep(&self) -> Result<(), Problem> {
        let mut tx = self.ask.app.store.begin(&self.ask.tenant().id).await?;
        drafts::keep(&mut tx, &self.ask.case().id, &self.page.name, &Json::Object(self.typed.clone()), self.ask.app.clock.now_ms()).await?;
        Ok(tx.commit().await?)
    }

    /// Forgets what was typed: it was accepted.
    pub async fn forget(&self) -> Result<(), Problem> {
        let mut tx = self.ask.app.store.begin(&self.ask.tenant().id).await?;
        drafts::remove(&mut tx, &self.ask.case().id, &self.page.name).await?;
        Ok(tx.commit().await?)
    }
}

/// What was answered before, as it would be typed; a list that needs an item begins with one open.
fn begun(fields: &[Field], answers: &Answers) -> Typed {
    let mut typed = typed::of_answers(fields, answers);
    for field in fields {
        if let (Kind::List { min: 1.., .. }, None) = (&field.kind, typed.get(field.name.as_str())) {
            typed.insert(field.name.to_string(), json!([{}]));
            typed.entry("_open").or_insert_with(|| Json::from(format!("{}.0", field.name)));
        }
    }
    typed
}

/// Whether the question at a path is asked: its condition holds, and that of every group around it.
/// A condition inside a group or an item sees the answers there first.
fn is_asked(fields: &[Field], parts: &[&str], answers: &Answers, facts: &Facts, conditions: (Day, &[Arc<List>])) -> bool {
    let [name, rest @ ..] = parts else { return true };
    let Some(field) = fields.iter().find(|field| field.name == **name) else { return false };
    let (today, lists) = conditions;
    if field.when.as_ref().is_some_and(|when| !when.holds(facts, today, lists).unwrap_or(true)) {
        return false;
    }
    let (inner, rest) = match (&field.kind, rest) {
        (Kind::Group { .. }, rest) => (answers.get(name), rest),
        (Kind::List { .. }, [index, rest @ ..]) => (answers.at(&format!("{name}.{index}")), rest),
        _ => return true,
    };
    let nothing = Answers::default();
    let inner = if let Some(Value::Map(inner)) = inner { inner } else { &nothing };
    let fields = ui_gen::from_engine::inner(field);
    let mut facts = facts.clone();
    facts.extend(form::facts_of(fields, inner));
    is_asked(fields, rest, inner, &facts, conditions)
}

fn kind_of(word: &str) -> Option<FileKind> {
    FileKind::ALL.into_iter().find(|kind| word_of(*kind) == word)
}

fn word_of(kind: FileKind) -> &'static str {
    kind.media_type().rsplit('/').next().unwrap_or_default()
}

/// Why a file was not taken, in words.
fn unfit_words(ask: &Ask, field: Option<&Field>, unfit: &Unfit, kinds: &[String], max_bytes: u64) -> String {
    let (words, label) = (ask.words(), field.map(|field| field.label.in_language(&ask.lang)).unwrap_or_default());
    let key = match unfit {
        Unfit::Empty => "file_empty",
        Unfit::TooBig(_) | Unfit::TooManyPixels(..) => "file_too_big",
        Unfit::WrongKind(_) | Unfit::Mismatch(_) => "wrong_file_kind",
        Unfit::Damaged(_) | Unfit::TwoKinds(_) => "file_damaged",
        Unfit::Interrupted => "file_interrupted",
    };
    let n = if key == "file_too_big" { say::size(max_bytes) } else { kinds.join(", ").to_uppercase() };
    words.say(&format!("answer.{key}"), &[("label", label), ("n", &n)])
}
