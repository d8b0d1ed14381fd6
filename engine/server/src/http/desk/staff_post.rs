//! `/{tenant}/desk/staff/{person}/posts/{post}/…`: a post ends, or is handed over.

use engine::base::Day;
use engine::base::date::add_days;
use engine::case::ActorKind;
use ui_gen::view::apply::ActionForm;
use ui_gen::view::choice::{Choice, Opt, OptionGroup};
use ui_gen::{FieldView, Input, Page};

use super::reader::Reader;
use super::staff_appoint::{day_field, days, is_held, mixes, waits};
use super::{posts, staff, staff_wait};
use crate::http::ask::{Answer, Ask};
use crate::http::when;
use crate::problem::Problem;
use crate::store::By;
use crate::store::appointments::{self, Appointment};
use crate::store::people::{self, Person};

/// For a while: somebody stands in for the holder.
const LEND: &str = "lend";
/// For good: the charge is handed over.
const CHARGE: &str = "charge";

/// The person and the post in the address, which is not over.
async fn held(ask: &Ask) -> Result<(Person, Appointment), Problem> {
    let person = staff::another(ask).await?;
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let wanted = ask.param("post");
    let found = appointments::ever(&mut tx, &person.id).await?.into_iter().find(|held| posts::key(held) == wanted);
    let today = ask.now().day();
    let lasting = found.filter(|held| held.until.is_none_or(|until| today <= until && held.from <= until));
    Ok((person, lasting.ok_or(Problem::NotFound)?))
}

/// A form about a post.
fn form(ask: &Ask, person: &Person, held: &Appointment, deed: &str) -> ActionForm {
    let (words, back) = (ask.words(), staff::href(ask, &person.id));
    let (title, text, submit) = if deed == "end" {
        ("staff.end_title", "staff.end_text", "staff.end")
    } else {
        ("staff.lend_title", "staff.lend_text", "staff.lend")
    };
    ActionForm {
        service: posts::service(ask, held),
        number: person.name.clone(),
        action: format!("{back}/posts/{}/{deed}", posts::key(held)),
        title: words.say(title, &[("role", &posts::role(ask, held))]),
        text: vec![words.get(text)],
        submit: words.get(submit),
        danger: deed == "end",
        case: back,
        ..ActionForm::default()
    }
}

/// `GET /{tenant}/desk/staff/{person}/posts/{post}/end`
pub(crate) async fn end_page(ask: &Ask) -> Answer {
    let (person, held) = held(ask).await?;
    let today = Reader::of(ask).day(ask.now().day());
    draw_end(ask, &person, &held, &today, "", 200)
}

fn draw_end(ask: &Ask, person: &Person, held: &Appointment, typed: &str, wrong: &str, status: u16) -> Answer {
    let said = if wrong.is_empty() { String::new() } else { ask.words().get(wrong) };
    let field = day_field(ask, "until", typed, said).hint(ask.words().get("leave.day_hint"));
    let view = ActionForm { fields: vec![field], ..form(ask, person, held, "end") };
    let back = staff::href(ask, &person.id);
    ask.page(Page::ActionForm(view)).back(back).status(status).answer()
}

/// `POST /{tenant}/desk/staff/{person}/posts/{post}/end`
pub(crate) async fn end(ask: &Ask) -> Answer {
    let (person, held) = held(ask).await?;
    let typed = ask.field("until")?.trim();
    if ask.only_shows() {
        return draw_end(ask, &person, &held, typed, "", 200);
    }
    let Some(until) = when::typed_day(typed) else {
        return draw_end(ask, &person, &held, typed, "staff.day_wrong", 422);
    };
    if until < posts::yesterday(ask) {
        return draw_end(ask, &person, &held, typed, "staff.day_past", 422);
    }
    // Whoever prolongs a post gives it.
    if held.until.is_some_and(|last| last < until) {
        return draw_end(ask, &person, &held, typed, "staff.day_later", 422);
    }
    let by = By { person: &ask.employee()?.id, kind: ActorKind::Employee, at_ms: ask.now().ms };
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    appointments::save(&mut tx, by, &Appointment { until: Some(until), ..held }).await?;
    tx.commit().await?;
    ask.redirect(&staff::href(ask, &person.id))
}

/// What was typed to hand a post over.
#[derive(Default)]
struct Typed {
    kind: String,
    to: String,
    from: String,
    until: String,
}

/// What is wrong with each field: keys of words, empty for nothing.
#[derive(Default)]
struct Wrong {
    kind: &'static str,
    to: &'static str,
    from: &'static str,
    until: &'static str,
}

/// A post that can be handed over: what somebody looks after for another is not passed on.
async fn own(ask: &Ask) -> Result<(Person, Appointment), Problem> {
    let (person, held) = held(ask).await?;
    if held.held_for.is_some() { Err(Problem::NotFound) } else { Ok((person, held)) }
}

/// `GET /{tenant}/desk/staff/{person}/posts/{post}/lend`
pub(crate) async fn lend_page(ask: &Ask) -> Answer {
    let (person, held) = own(ask).await?;
    let from = Reader::of(ask).day(ask.now().day());
    let typed = Typed { kind: LEND.to_owned(), from, ..Typed::default() };
    draw_lend(ask, &person, &held, &typed, &Wrong::default(), 200).await
}

async fn draw_lend(
    ask: &Ask,
    person: &Person,
    held: &Appointment,
    typed: &Typed,
    wrong: &Wrong,
    status: u16,
) -> Answer {
    let words = ask.words();
    let said = |key: &str| if key.is_empty() { String::new() } else { words.get(key) };
    let kinds = vec![Opt::new(LEND, words.get("staff.kind_lend")), Opt::new(CHARGE, words.get("staff.kind_charge"))];
    let view = ActionForm {
        fields: vec![
            FieldView::new("kind", words.get("staff.kind"), Input::Choice(Choice::one(kinds, &typed.kind, "")))
                .error(said(wrong.kind)),
            FieldView::new("to", words.get("staff.to"), Input::Choice(colleagues(ask, held, &typed.to).await?))
                .error(said(wrong.to)),
            day_field(ask, "from", &typed.from, said(wrong.from)).hint(words.get("leave.day_hint")),
            day_field(ask, "until", &typed.until, said(wrong.until)).hint(words.get("staff.until_hint")).optional(),
        ],
        ..form(ask, person, held, "lend")
    };
    ask.page(Page::ActionForm(view)).back(staff::href(ask, &person.id)).status(status).answer()
}

/// Everybody to whom a post can be handed over: neither the holder nor whoever hands it over.
async fn colleagues(ask: &Ask, held: &Appointment, chosen: &str) -> Result<Choice, Problem> {
    let me = &ask.employee()?.id;
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let all = people::employees(&mut tx).await?;
    let fits = |person: &&Person| !person.disabled && person.id != held.person && person.id != *me;
    let options = all.iter().filter(fits).map(|person| Opt::new(&person.id, &person.name)).collect();
    Ok(posts::select(vec![OptionGroup { label: String::new(), options }], chosen))
}

/// `POST /{tenant}/desk/staff/{person}/posts/{post}/lend`
pub(crate) async fn lend(ask: &Ask) -> Answer {
    let (person, held) = own(ask).await?;
    let field = |name: &str| ask.field(name).map(|value| value.trim().to_owned());
    let typed = Typed { kind: field("kind")?, to: field("to")?, from: field("from")?, until: field("until")? };
    if ask.only_shows() {
        return draw_lend(ask, &person, &held, &typed, &Wrong::default(), 200).await;
    }
    let mut wrong = Wrong::default();
    let days = judge(ask, &held, &typed, &mut wrong).await?;
    let Some((from, until)) = days else { return draw_lend(ask, &person, &held, &typed, &wrong, 422).await };
    // Nobody gives more than the holder has.
    let until = held.until.map_or(until, |own| Some(until.map_or(own, |until| until.min(own))));
    let held_for = (typed.kind == LEND).then(|| person.id.clone());
    let given = Appointment { person: typed.to.clone(), from, until, held_for, ..held.clone() };
    let by = By { person: &ask.employee()?.id, kind: ActorKind::Employee, at_ms: ask.now().ms };
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    let (held_already, mixed) = (is_held(&mut tx, &given).await?, mixes(&mut tx, &given).await?);
    if held_already || mixed {
        drop(tx);
        wrong.to = if held_already { "staff.held" } else { "staff.audits_alone" };
        return draw_lend(ask, &person, &held, &typed, &wrong, 422).await;
    }
    if waits(ask, &given) {
        let to = people::find(&mut tx, &given.person).await?.ok_or(Problem::NotFound)?;
        drop(tx);
        let ends = (typed.kind == CHARGE).then_some(&held);
        return staff_wait::ask_for_post(ask, &to, &given, ends).await;
    }
    appointments::save(&mut tx, by, &given).await?;
    if typed.kind == CHARGE {
        appointments::save(&mut tx, by, &Appointment { until: Some(add_days(from, -1)), ..held }).await?;
    }
    tx.commit().await?;
    ask.redirect(&staff::href(ask, &person.id))
}

/// The first and the last day, if nothing is wrong.
async fn judge(
    ask: &Ask,
    held: &Appointment,
    typed: &Typed,
    wrong: &mut Wrong,
) -> Result<Option<(Day, Option<Day>)>, Problem> {
    if typed.kind != LEND && typed.kind != CHARGE {
        wrong.kind = "staff.unknown";
    }
    if !posts::offers(&colleagues(ask, held, "").await?, &typed.to) {
        wrong.to = "staff.unknown";
    }
    let (from, until) = days(ask, (&typed.from, &typed.until), (&mut wrong.from, &mut wrong.until));
    if typed.kind == LEND && typed.until.is_empty() {
        wrong.until = "staff.until_missing";
    }
    if from.is_some_and(|from| held.until.is_some_and(|own| own < from)) {
        wrong.from = "staff.day_order";
    }
    let fits = [wrong.kind, wrong.to, wrong.from, wrong.until].iter().all(|key| key.is_empty());
    Ok(from.filter(|_| fits).map(|from| (from, until)))
}
