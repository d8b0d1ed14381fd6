//! `/{tenant}/desk/leave`: an employee says from when until when he is away, and who stands in.

use std::collections::BTreeMap;

use engine::base::Day;
use ui_gen::view::apply::ActionForm;
use ui_gen::view::choice::{Choice, Look, Opt};
use ui_gen::view::field::Text;
use ui_gen::{FieldView, Input, Page};

use super::names::Names;
use super::reader::Reader;
use super::scope;
use crate::http::ask::{Answer, Ask};
use crate::http::when;
use crate::problem::Problem;
use crate::store::leaves::{self, Leave};
use crate::store::{By, appointments};

/// Who is away today, by the key of the person.
#[derive(Clone, Debug, Default)]
pub(crate) struct Away(BTreeMap<String, (Day, String)>);

impl Away {
    /// Looks up who is away, and the names of those who stand in.
    pub(crate) async fn load(ask: &Ask) -> Result<Self, Problem> {
        let today = ask.now().day();
        let mut tx = ask.app.store.read(&ask.tenant().id).await?;
        let mut found = leaves::from_day(&mut tx, today).await?;
        drop(tx);
        found.retain(|leave| leave.from <= today);
        if found.is_empty() {
            return Ok(Self::default());
        }
        let ids = found.iter().map(|leave| leave.stand_in.clone()).collect();
        let names = Names::load(&ask.app, ask.tenant(), ids).await?;
        let away = |leave: Leave| {
            let name = if leave.stand_in.is_empty() { String::new() } else { names.officer(&leave.stand_in) };
            (leave.person, (leave.until, name))
        };
        Ok(Self(found.into_iter().map(away).collect()))
    }

    /// A name, with until when its bearer is away and who stands in.
    pub(crate) fn beside(&self, reader: &Reader<'_>, id: &str, name: String) -> String {
        let Some((until, stand_in)) = self.0.get(id) else { return name };
        let key = if stand_in.is_empty() { "leave.away" } else { "leave.away_for" };
        let away = reader.say(key, &[("day", &reader.day(*until)), ("who", stand_in)]);
        if name.is_empty() { away } else { format!("{name} – {away}") }
    }
}

/// What was typed, and what is wrong with it.
#[derive(Default)]
struct Typed {
    from: String,
    until: String,
    stand_in: String,
    wrong: [String; 3],
}

/// `GET /{tenant}/desk/leave`
pub(crate) async fn page(ask: &Ask) -> Answer {
    let mut typed = Typed::default();
    if let Some(leave) = mine(ask).await? {
        let reader = Reader::of(ask);
        typed.from = reader.day(leave.from);
        typed.until = reader.day(leave.until);
        typed.stand_in = leave.stand_in;
    }
    draw(ask, &typed, 200).await
}

async fn mine(ask: &Ask) -> Result<Option<Leave>, Problem> {
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let all = leaves::from_day(&mut tx, ask.now().day()).await?;
    let me = &ask.employee()?.id;
    Ok(all.into_iter().find(|leave| leave.person == *me))
}

/// `POST /{tenant}/desk/leave`
pub(crate) async fn take(ask: &Ask) -> Answer {
    let field = |name: &str| ask.field(name).map(|value| value.trim().to_owned());
    let mut typed =
        Typed { from: field("from")?, until: field("until")?, stand_in: field("stand_in")?, wrong: Default::default() };
    if ask.only_shows() {
        return draw(ask, &typed, 200).await;
    }
    let person = ask.employee()?.id.clone();
    let by = By { person: &person, kind: engine::case::ActorKind::Employee, at_ms: ask.now().ms };
    if typed.from.is_empty() && typed.until.is_empty() {
        let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
        leaves::remove(&mut tx, by, &person).await?;
        tx.commit().await?;
        return ask.redirect(&ask.at("/desk"));
    }
    let known = typed.stand_in.is_empty() || colleagues(ask).await?.iter().any(|one| one.value == typed.stand_in);
    let days = judged(ask, &mut typed, known);
    let Some((from, until)) = days else { return draw(ask, &typed, 422).await };
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    let leave = Leave { person: person.clone(), from, until, stand_in: typed.stand_in.clone() };
    leaves::save(&mut tx, by, &leave).await?;
    tx.commit().await?;
    ask.redirect(&ask.at("/desk"))
}

/// The first and the last day, if nothing is wrong.
fn judged(ask: &Ask, typed: &mut Typed, known: bool) -> Option<(Day, Day)> {
    let (from, until) = (when::typed_day(&typed.from), when::typed_day(&typed.until));
    let reader = Reader::of(ask);
    if from.is_none() {
        typed.wrong[0] = reader.get("leave.no_day");
    }
    match (from, until) {
        (_, None) => typed.wrong[1] = reader.get("leave.no_day"),
        (Some(from), Some(until)) if until < from || until < ask.now().day() => {
            typed.wrong[1] = reader.get("leave.too_early");
        }
        _ => {}
    }
    if !known {
        typed.wrong[2] = reader.get("refusal.assignee_cannot_act");
    }
    let fits = typed.wrong.iter().all(String::is_empty);
    from.zip(until).filter(|_| fits)
}

/// Those who hold a role in a service of the person's, by name.
async fn colleagues(ask: &Ask) -> Result<Vec<Opt>, Problem> {
    let employee = ask.employee()?;
    let services = scope::services(&ask.library, ask.tenant(), employee);
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let mut ids = Vec::new();
    for service in services {
        let held = appointments::on_day(&mut tx, Some(&service.id), ask.now().day()).await?;
        ids.extend(held.into_iter().map(|held| held.person).filter(|person| *person != employee.id));
    }
    drop(tx);
    ids.sort();
    ids.dedup();
    let names = Names::load(&ask.app, ask.tenant(), ids.clone()).await?;
    let mut options: Vec<Opt> = ids.iter().map(|id| Opt::new(id, names.officer(id))).collect();
    options.sort_by(|one, other| one.label.cmp(&other.label));
    Ok(options)
}

async fn draw(ask: &Ask, typed: &Typed, status: u16) -> Answer {
    let reader = Reader::of(ask);
    let day = |name: &str, value: &str, wrong: &str| {
        let input = Input::Text(Text { width: 10, max_length: 10, ..Text::new(value) });
        FieldView::new(name, reader.get(&format!("leave.{name}")), input)
            .hint(reader.get("leave.day_hint"))
            .error(wrong)
    };
    let choice = Choice { look: Look::Select, ..Choice::one(colleagues(ask).await?, &typed.stand_in, "") };
    let stand_in = FieldView::new("stand_in", reader.get("leave.stand_in"), Input::Choice(choice))
        .hint(reader.get("leave.stand_in_hint"))
        .error(&typed.wrong[2]);
    let view = ActionForm {
        service: reader.get("desk.title"),
        number: ask.employee()?.name.clone(),
        action: ask.at("/desk/leave"),
        title: reader.get("leave.title"),
        text: vec![reader.get("leave.text"), reader.get("leave.take_back")],
        fields: vec![
            day("from", &typed.from, &typed.wrong[0]),
            day("until", &typed.until, &typed.wrong[1]),
            stand_in.optional(),
        ],
        submit: reader.get("leave.button"),
        case: ask.at("/desk"),
        ..ActionForm::default()
    };
    ask.page(Page::ActionForm(view)).back(ask.at("/desk")).status(status).answer()
}
