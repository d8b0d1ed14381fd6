//! `/{tenant}/desk/bulk`: one action on several cases, with a look before and a result for each.

use std::collections::BTreeMap;

use engine::base::Name;
use engine::base::limits::COMMENT_CHARS;
use engine::case::{Case, Command, Refusal, choices, command};
use engine::workflow::{Action, Comment};
use ui_gen::view::choice::{Choice, Look, Opt};
use ui_gen::view::common::ErrorLink;
use ui_gen::view::field::Text;
use ui_gen::view::inbox::{BulkConfirm, BulkResult, BulkRow, Hidden};
use ui_gen::{FieldView, Input, Page};

use super::bulk_chosen::{Chosen, MOST, joined, sent};
use super::candidates::{self, Candidate};
use super::filter::Filters;
use super::inbox::{self, matching};
use super::opened::Opened;
use super::reader::Reader;
use super::rows::{self, Around, href};
use super::view_case::{self, refusal, state_of};
use super::view_inbox::is_simple;
use super::{bulk_leads, scope};
use crate::act;
use crate::http::ask::{Answer, Ask};
use crate::http::{dispatch, problem};
use crate::problem::Problem;
use crate::store::cases;
use crate::store::inbox::CaseRow;

/// Cases that are acted on with one press; what is left waits for the next.
const CHUNK: usize = 200;
/// Cases that are shown before.
const SHOWN: usize = 10;

/// What is to be done with each.
enum Deed {
    Claim,
    Assign,
    Release,
    /// Back to whoever had it before.
    Undo,
    Act(Name),
}

impl Deed {
    fn read(word: &str) -> Result<Self, Problem> {
        Ok(match word {
            "claim" => Self::Claim,
            "assign" => Self::Assign,
            "release" => Self::Release,
            "undo" => Self::Undo,
            other => Self::Act(
                dispatch::name(other.strip_prefix("act:").unwrap_or_default())
                    .map_err(|_| Problem::BadRequest("no such thing can be done"))?,
            ),
        })
    }
}

/// `POST /{tenant}/desk/bulk`
pub(crate) async fn take(ask: &Ask) -> Answer {
    let filters = Filters::of(ask)?;
    let word = one(ask, "action")?;
    let deed = Deed::read(word)?;
    let confirmed = one(ask, "confirm")? == "yes";
    // Everything that fits is another everything without the words.
    if filters.lost() && !confirmed {
        return wrong_choice(ask, filters, &ask.words().get("search.lost")).await;
    }
    let chosen = if confirmed { sent(ask, &["case", "cases"]) } else { selected(ask, &filters).await? };
    if chosen.is_empty() {
        return wrong_choice(ask, filters, &ask.words().get("bulk.none")).await;
    }
    if chosen.len() > MOST {
        let text = ask.words().say("bulk.too_many", &[("n", &MOST.to_string())]);
        return wrong_choice(ask, filters, &text).await;
    }
    let rows = find(ask, &chosen).await?;
    if !confirmed || ask.only_shows() {
        return confirm(ask, &filters, (word, &deed), &rows, Wrong::default(), 200).await;
    }
    let comment = one(ask, "comment")?.replace("\r\n", "\n");
    let to = one(ask, "to")?;
    let mut wrong = Wrong::default();
    if matches!(deed, Deed::Assign) && to.is_empty() {
        wrong.to = ask.words().get("refusal.assignee_missing");
    }
    if asked_comment(ask, &deed, &rows).await? == Comment::Required && comment.trim().is_empty() {
        wrong.comment = ask.words().get("refusal.comment_missing");
    }
    if !wrong.to.is_empty() || !wrong.comment.is_empty() {
        return confirm(ask, &filters, (word, &deed), &rows, wrong, 422).await;
    }
    let (now, later) = chosen.split_at(chosen.len().min(CHUNK));
    let mut done = Done { back: sent(ask, &["back"]), ..Done::default() };
    for chosen in now {
        let (row, back) = each(ask, &deed, chosen, to, &comment).await?;
        done.rows.push(row);
        done.back.extend(back);
    }
    result(ask, &filters, (word, &deed), done, later)
}

/// The list again, with what is wrong about the choice of rows.
async fn wrong_choice(ask: &Ask, filters: Filters, why: &str) -> Answer {
    inbox::shown(ask, filters, inbox::Wrong { rows: why, ..inbox::Wrong::default() }, 422).await
}

/// The one value of a field; the form may send several cases, but of everything else one.
fn one<'a>(ask: &'a Ask, name: &str) -> Result<&'a str, Problem> {
    ask.field(name)
}

/// The rows that were ticked, or everything that fits the filters.
async fn selected(ask: &Ask, filters: &Filters) -> Result<Vec<Chosen>, Problem> {
    if one(ask, "all")? != "yes" {
        return Ok(sent(ask, &["case", "cases"]));
    }
    let most = i64::try_from(MOST).unwrap_or(i64::MAX) + 1;
    let all = matching(ask, ask.employee()?, filters, most).await?;
    Ok(all.into_iter().map(|row| Chosen { id: row.id, seen: Some(row.version), had: None }).collect())
}

/// The chosen cases as they are now, in the order of choosing; those that the reader may not see are left out.
async fn find(ask: &Ask, chosen: &[Chosen]) -> Result<Vec<CaseRow>, Problem> {
    let (tenant, employee) = (ask.tenant(), ask.employee()?);
    let ids: Vec<String> = chosen.iter().map(|chosen| chosen.id.clone()).collect();
    let mut known: BTreeMap<String, CaseRow> = BTreeMap::new();
    let mut tx = ask.app.store.read(&tenant.id).await?;
    for some in ids.chunks(500) {
        let rows = cases::among(&mut tx, some).await?.into_iter().filter(|row| scope::may_list(tenant, employee, row));
        known.extend(rows.map(|row| (row.id.clone(), row)));
    }
    Ok(ids.iter().filter_map(|id| known.remove(id)).collect())
}

/// What is wrong with what was asked for all.
#[derive(Default)]
struct Wrong {
    to: String,
    comment: String,
}

async fn confirm(
    ask: &Ask,
    filters: &Filters,
    (word, deed): (&str, &Deed),
    rows: &[CaseRow],
    wrong: Wrong,
    status: u16,
) -> Answer {
    let reader = Reader::of(ask);
    let around = Around::without_fees(ask, rows).await?;
    let shown = &rows[..rows.len().min(SHOWN)];
    let beside = Around::load(ask, shown).await?;
    let title = title(&reader, &around, rows, deed);
    let mut keep = vec![("action", word.to_owned()), ("confirm", "yes".to_owned())];
    let seen = rows.iter().map(|row| Chosen { id: row.id.clone(), seen: Some(row.version), had: None });
    let kept = if matches!(deed, Deed::Undo) { sent(ask, &["case", "cases"]) } else { seen.collect() };
    keep.push(("cases", joined(&kept)));
    let mut fields = Vec::new();
    if matches!(deed, Deed::Assign) {
        let options = colleagues(ask, &around, rows)
            .await?
            .into_iter()
            .map(|colleague| Opt::new(colleague.id, colleague.name))
            .collect();
        let choice = Choice { look: Look::Select, ..Choice::one(options, one(ask, "to")?, "") };
        fields.push(FieldView::new("to", reader.get("give.to"), Input::Choice(choice)).error(wrong.to));
    }
    let asked = asked_comment(ask, deed, rows).await?;
    if asked != Comment::None {
        let text =
            Text { rows: 3, max_length: u32::try_from(COMMENT_CHARS).unwrap_or(0), ..Text::new(one(ask, "comment")?) };
        let field = FieldView::new("comment", reader.get("act.comment"), Input::Textarea(text))
            .hint(reader.get("lead.comment_is_read"))
            .error(wrong.comment);
        fields.push(if asked == Comment::Optional { field.optional() } else { field });
    }
    let groups = match deed {
        Deed::Act(name) => bulk_leads::groups(ask, name, rows).await?,
        _ => Vec::new(),
    };
    let danger =
        actions(&around, rows, deed).into_iter().any(|(service, action)| view_case::is_danger(service, action));
    let view = BulkConfirm {
        title: title.clone(),
        action: format!("{}{}", ask.at("/desk/bulk"), filters.query()),
        keep: keep.into_iter().map(hidden).collect(),
        count: reader.count(i64::try_from(rows.len()).unwrap_or(i64::MAX)),
        rows: shown.iter().map(|row| rows::row(&reader, &beside, row)).collect(),
        more: if rows.len() > SHOWN { (rows.len() - SHOWN).to_string() } else { String::new() },
        text: text(&reader, &around, rows, deed),
        groups,
        fields,
        errors: Vec::<ErrorLink>::new(),
        submit: title,
        danger,
        inbox: format!("{}{}", ask.at("/desk/inbox"), filters.query()),
    };
    ask.page(Page::BulkConfirm(view)).status(status).answer()
}

fn hidden((name, value): (&str, String)) -> Hidden {
    Hidden { name: name.to_owned(), value }
}

/// The action in each of the states in which the chosen cases stand.
fn actions<'a>(around: &'a Around, rows: &[CaseRow], deed: &Deed) -> Vec<(&'a engine::service::Service, &'a Action)> {
    let Deed::Act(name) = deed else { return Vec::new() };
    let mut found: Vec<(&engine::service::Service, &Action)> = Vec::new();
    for row in rows {
        let Some(service) = around.service(row) else { continue };
        if let Some(action) = service.workflow.state(&row.state).and_then(|state| state.action(name))
            && found.iter().all(|(known, other)| known.digest != service.digest || other.at != action.at)
        {
            found.push((service, action));
        }
    }
    found
}

fn title(reader: &Reader<'_>, around: &Around, rows: &[CaseRow], deed: &Deed) -> String {
    match deed {
        Deed::Claim => reader.get("bulk.claim"),
        Deed::Assign => reader.get("bulk.assign"),
        Deed::Release => reader.get("bulk.release"),
        Deed::Undo => reader.get("bulk.undo"),
        Deed::Act(name) => actions(around, rows, deed)
            .first()
            .map_or_else(|| name.to_string(), |(_, action)| reader.text(&action.label).to_owned()),
    }
}

/// What it leads to for each, a sentence each.
fn text(reader: &Reader<'_>, around: &Around, rows: &[CaseRow], deed: &Deed) -> Vec<String> {
    let mut text = Vec::new();
    for (service, action) in actions(around, rows, deed) {
        let to = service.workflow.state(&action.to).expect("checked by unknown-state");
        text.push(reader.say("bulk.to_state", &[("state", reader.text(&to.label))]));
        if !action.notify.is_empty() {
            text.push(reader.get("bulk.told"));
        }
        if action.demand.is_some() {
            text.push(reader.get("bulk.booked"));
        }
    }
    let standing = |row: &&CaseRow| match deed {
        Deed::Act(name) => around
            .service(row)
            .and_then(|service| service.workflow.state(&row.state))
            .is_none_or(|state| state.action(name).is_none()),
        _ => false,
    };
    if !matches!(deed, Deed::Act(_)) {
        text.push(reader.get("give.leads"));
    }
    let not = rows.iter().filter(standing).count();
    if not > 0 {
        text.push(reader.say("bulk.not_all", &[("n", &not.to_string())]));
    }
    text
}

async fn asked_comment(ask: &Ask, deed: &Deed, rows: &[CaseRow]) -> Result<Comment, Problem> {
    let around = Around::without_fees(ask, rows).await?;
    let asked: Vec<Comment> = actions(&around, rows, deed).iter().map(|(_, action)| action.comment).collect();
    Ok([Comment::Required, Comment::Optional]
        .into_iter()
        .find(|comment| asked.contains(comment))
        .unwrap_or(Comment::None))
}

/// Cases of which it is looked up one by one whose work they are.
const LOOKED_AT: usize = 200;

/// Those who can act in every state in which a chosen case stands.
async fn colleagues(ask: &Ask, around: &Around, rows: &[CaseRow]) -> Result<Vec<Candidate>, Problem> {
    let mut common: Option<Vec<Candidate>> = None;
    let mut known: Vec<(String, String, String, Vec<String>)> = Vec::new();
    for row in rows {
        // Of very many only those are offered who work for all departments.
        let departments =
            if rows.len() > LOOKED_AT { vec![String::new()] } else { departments(ask, around, row).await? };
        let kind = (row.service.clone(), row.place.clone(), row.state.clone(), departments);
        let Some(state) = around.service(row).and_then(|service| service.workflow.state(&row.state)) else { continue };
        if known.contains(&kind) {
            continue;
        }
        let everybody = candidates::all(ask, &row.service, &row.place, &kind.3).await?;
        let here = candidates::for_state(&everybody, state, &row.applicant, &around.names);
        known.push(kind);
        common = Some(match common {
            None => here,
            Some(before) => before.into_iter().filter(|one| here.iter().any(|other| other.id == one.id)).collect(),
        });
    }
    Ok(common.unwrap_or_default())
}

/// The departments whose work a case is, where its service has any.
async fn departments(ask: &Ask, around: &Around, row: &CaseRow) -> Result<Vec<String>, Problem> {
    let Some(service) = around.service(row).filter(|service| service.departments.is_some()) else {
        return Ok(Vec::new());
    };
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let case = cases::load(&mut tx, &row.id).await?;
    Ok(case.map(|case| service.departments_of(&case.answers)).unwrap_or_default())
}

/// What is asked of one case, or in words why it is not.
async fn command(
    ask: &Ask,
    (deed, to, comment): (&Deed, &str, &str),
    chosen: &Chosen,
    (case, opened): (&Case, &Opened),
) -> Result<Result<Command, String>, Problem> {
    let reader = Reader::of(ask);
    if !matches!(deed, Deed::Act(_)) && chosen.seen.is_some_and(|seen| seen != case.version) {
        return Ok(Err(refusal(&reader, &Refusal::ChangedMeanwhile)));
    }
    let to = match deed {
        Deed::Act(name) => {
            let open = choices(&opened.service, case, &opened.actor, opened.context(&reader));
            let found = open.iter().find(|choice| choice.action.name == *name);
            if found.is_some_and(|choice| !is_simple(choice.action)) {
                return Ok(Err(reader.get("bulk.one_by_one")));
            }
            return Ok(Ok(Command::Act {
                action: name.clone(),
                comment: comment.to_owned(),
                answers: command::no_answers(),
                assignee: None,
                seen: chosen.seen,
                flags: Vec::new(),
            }));
        }
        Deed::Release => "",
        Deed::Claim => opened.actor.person.as_str(),
        Deed::Assign => to,
        Deed::Undo => chosen.had.as_deref().unwrap_or_default(),
    };
    if to.is_empty() {
        return Ok(Ok(Command::Assign { to: None }));
    }
    let found = person(ask, opened, case, to).await?;
    let found = found.map(|candidate| Command::Assign { to: Some(candidate.assignee()) });
    Ok(found.ok_or_else(|| refusal(&reader, &Refusal::AssigneeCannotAct)))
}

/// Does it to one case, through the one door: what happened, or why not; and how to give the case back,
/// if it has gone to somebody else.
async fn each(
    ask: &Ask,
    deed: &Deed,
    chosen: &Chosen,
    to: &str,
    comment: &str,
) -> Result<(BulkRow, Option<Chosen>), Problem> {
    let reader = Reader::of(ask);
    let Some((case, opened)) = one_case(ask, &chosen.id).await? else {
        let (href, number) = (ask.at("/desk/inbox"), "–".to_owned());
        return Ok((BulkRow { href, number, ok: false, text: reader.get("problem.not_found.title") }, None));
    };
    let number = case.number.clone().unwrap_or_default();
    let row = |ok: bool, text: String| BulkRow { href: href(&reader, &case.id), number: number.clone(), ok, text };
    let command = match command(ask, (deed, to, comment), chosen, (&case, &opened)).await? {
        Ok(command) => command,
        Err(why) => return Ok((row(false, why), None)),
    };
    let key = ask.key()?.map(|key| format!("{key}:{}", case.id));
    match act::act(&ask.app, ask.tenant(), &case.id, &opened.actor, &command, key.as_deref()).await {
        Ok(acted) => {
            let now = state_of(&opened.service, &acted.case);
            let text = match (deed, &acted.case.assignee) {
                (Deed::Act(_), _) => reader.say("bulk.now", &[("state", reader.text(&now.label))]),
                (_, Some(id)) => {
                    let names = super::names::Names::load(&ask.app, ask.tenant(), vec![id.clone()]).await?;
                    reader.say("event.assigned", &[("who", &names.officer(id))])
                }
                (_, None) => reader.get("event.released"),
            };
            let moved =
                acted.case.assignee != case.assignee && matches!(deed, Deed::Claim | Deed::Assign | Deed::Release);
            let had = Some(case.assignee.clone().unwrap_or_default());
            let back = moved.then(|| Chosen { id: case.id.clone(), seen: Some(acted.case.version), had });
            Ok((row(true, text), back))
        }
        Err(Problem::Refused(why)) => Ok((row(false, refusal(&reader, &why)), None)),
        Err(Problem::Conflict) => Ok((row(false, refusal(&reader, &Refusal::ChangedMeanwhile)), None)),
        Err(other @ (Problem::NotFound | Problem::Forbidden)) => {
            Ok((row(false, problem::text(ask, &other).join(" ")), None))
        }
        Err(other) => Err(other),
    }
}

/// Somebody who can act on the case as it stands.
async fn person(ask: &Ask, opened: &Opened, case: &Case, id: &str) -> Result<Option<Candidate>, Problem> {
    let everybody = candidates::all(ask, &case.service, &opened.place, &opened.departments).await?;
    let next = candidates::for_state(&everybody, state_of(&opened.service, case), &case.applicant, &opened.names);
    Ok(next.into_iter().find(|candidate| candidate.id == id))
}

/// A chosen case, if the reader may see it.
pub(crate) async fn one_case(ask: &Ask, id: &str) -> Result<Option<(Case, Opened)>, Problem> {
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let Some(case) = cases::load(&mut tx, id).await? else { return Ok(None) };
    drop(tx);
    match Opened::of(ask, &case).await {
        Ok(opened) => Ok(Some((case, opened))),
        Err(Problem::NotFound) => Ok(None),
        Err(other) => Err(other),
    }
}

/// What was done.
#[derive(Default)]
struct Done {
    rows: Vec<BulkRow>,
    /// The cases that went to somebody else, with who had them before.
    back: Vec<Chosen>,
}

fn result(ask: &Ask, filters: &Filters, (word, deed): (&str, &Deed), done: Done, later: &[Chosen]) -> Answer {
    let (reader, Done { rows, back }) = (Reader::of(ask), done);
    let failed = rows.iter().filter(|row| !row.ok).count();
    let title = match deed {
        Deed::Act(_) => reader.get("bulk.results"),
        _ => reader.get(&format!("bulk.{word}")),
    };
    let keep = [
        ("action", word.to_owned()),
        ("confirm", "yes".to_owned()),
        ("cases", joined(later)),
        ("back", joined(&back)),
        ("to", one(ask, "to")?.to_owned()),
        ("comment", one(ask, "comment")?.to_owned()),
    ];
    let view = BulkResult {
        title,
        done: (rows.len() - failed).to_string(),
        failed: if failed > 0 { failed.to_string() } else { String::new() },
        rows,
        left: if later.is_empty() { String::new() } else { later.len().to_string() },
        action: format!("{}{}", ask.at("/desk/bulk"), filters.query()),
        keep: keep.into_iter().map(hidden).collect(),
        back: if back.is_empty() { String::new() } else { back.len().to_string() },
        undo: [("action", "undo".to_owned()), ("confirm", "yes".to_owned()), ("cases", joined(&back))]
            .into_iter()
            .map(hidden)
            .collect(),
        inbox: format!("{}{}", ask.at("/desk/inbox"), filters.query()),
    };
    ask.page(Page::BulkResult(view)).answer()
}
