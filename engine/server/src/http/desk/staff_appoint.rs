//! `/{tenant}/desk/staff/{person}/appoint`: somebody is given a post, from a day on.

use engine::base::{Day, Money, Name};
use engine::case::ActorKind;
use ui_gen::view::apply::ActionForm;
use ui_gen::view::choice::{Choice, OptionGroup};
use ui_gen::view::field::Text;
use ui_gen::{FieldView, Input, Page};

use super::reader::Reader;
use super::{posts, staff, staff_wait};
use crate::auth::policy::is_audit;
use crate::http::ask::{Answer, Ask};
use crate::http::when;
use crate::problem::Problem;
use crate::store::appointments::{self, Appointment};
use crate::store::people::Person;
use crate::store::{By, Tx, events};

/// What was typed.
#[derive(Default)]
struct Typed {
    post: String,
    place: String,
    departments: Vec<String>,
    from: String,
    until: String,
    most: String,
}

/// What is wrong with each field: keys of words, empty for nothing.
#[derive(Default)]
struct Wrong {
    post: &'static str,
    place: &'static str,
    departments: &'static str,
    from: &'static str,
    until: &'static str,
    most: &'static str,
}

impl Wrong {
    fn is_nothing(&self) -> bool {
        let all = [self.post, self.place, self.departments, self.from, self.until, self.most];
        all.iter().all(|key| key.is_empty())
    }
}

/// `GET /{tenant}/desk/staff/{person}/appoint`
pub(crate) async fn page(ask: &Ask) -> Answer {
    let person = staff::another(ask).await?;
    let typed = Typed { from: Reader::of(ask).day(ask.now().day()), ..Typed::default() };
    draw(ask, &person, &typed, &Wrong::default(), 200)
}

fn draw(ask: &Ask, person: &Person, typed: &Typed, wrong: &Wrong, status: u16) -> Answer {
    let words = ask.words();
    let said = |key: &str| if key.is_empty() { String::new() } else { words.get(key) };
    let short = |value: &str| Input::Text(Text { width: 10, max_length: 20, ..Text::new(value) });
    let mut fields = vec![
        FieldView::new("post", words.get("staff.post"), Input::Choice(posts::choice(ask, &typed.post)))
            .error(said(wrong.post)),
        FieldView::new("place", words.get("staff.place"), Input::Choice(posts::places(ask, &typed.place)))
            .hint(words.get("staff.place_hint"))
            .error(said(wrong.place))
            .optional(),
    ];
    let sections = posts::sections(ask);
    if !sections.is_empty() {
        let chosen: Vec<&str> = typed.departments.iter().map(String::as_str).collect();
        let group = OptionGroup { label: String::new(), options: sections };
        let input = Input::Choices(Choice::many(vec![group], &chosen));
        let field = FieldView::new("departments", words.get("staff.departments"), input);
        fields.push(field.hint(words.get("staff.departments_hint")).error(said(wrong.departments)).optional());
    }
    fields.push(day_field(ask, "from", &typed.from, said(wrong.from)).hint(words.get("leave.day_hint")));
    fields
        .push(day_field(ask, "until", &typed.until, said(wrong.until)).hint(words.get("staff.until_hint")).optional());
    fields.push(
        FieldView::new("most", words.get("staff.most"), short(&typed.most))
            .hint(words.get("staff.most_hint"))
            .error(said(wrong.most))
            .optional(),
    );
    let back = staff::href(ask, &person.id);
    let view = ActionForm {
        service: words.get("staff.title"),
        number: person.name.clone(),
        action: format!("{back}/appoint"),
        title: words.get("staff.appoint"),
        text: vec![words.get("staff.appoint_text"), words.get("waits.post_text")],
        fields,
        submit: words.get("staff.appoint_button"),
        case: back.clone(),
        ..ActionForm::default()
    };
    ask.page(Page::ActionForm(view)).back(back).status(status).answer()
}

/// A question for a day.
pub(super) fn day_field(ask: &Ask, name: &str, value: &str, error: String) -> FieldView {
    let input = Input::Text(Text { width: 10, max_length: 10, ..Text::new(value) });
    FieldView::new(name, ask.words().get(&format!("staff.{name}")), input).error(error)
}

/// `POST /{tenant}/desk/staff/{person}/appoint`
pub(crate) async fn take(ask: &Ask) -> Answer {
    let person = staff::another(ask).await?;
    let field = |name: &str| ask.field(name).map(|value| value.trim().to_owned());
    let typed = Typed {
        post: field("post")?,
        place: field("place")?,
        departments: ask.form().sent.get("departments").cloned().unwrap_or_default(),
        from: field("from")?,
        until: field("until")?,
        most: field("most")?,
    };
    if ask.only_shows() {
        return draw(ask, &person, &typed, &Wrong::default(), 200);
    }
    let mut wrong = Wrong::default();
    let judged = judge(ask, &person, &typed, &mut wrong);
    let Some(appointment) = judged.filter(|_| wrong.is_nothing()) else {
        return draw(ask, &person, &typed, &wrong, 422);
    };
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    // What two appoint at the same time may not go together.
    events::hold(&mut tx).await?;
    if is_held(&mut tx, &appointment).await? {
        drop(tx);
        return draw(ask, &person, &typed, &Wrong { post: "staff.held", ..wrong }, 422);
    }
    if mixes(&mut tx, &appointment).await? {
        drop(tx);
        return draw(ask, &person, &typed, &Wrong { post: "staff.audits_alone", ..wrong }, 422);
    }
    if waits(ask, &appointment) {
        drop(tx);
        return staff_wait::ask_for_post(ask, &person, &appointment, None).await;
    }
    let by = By { person: &ask.employee()?.id, kind: ActorKind::Employee, at_ms: ask.now().ms };
    appointments::save(&mut tx, by, &appointment).await?;
    tx.commit().await?;
    ask.redirect(&staff::href(ask, &person.id))
}

/// Whether a post is given only when a second administrator has agreed.
pub(super) fn waits(ask: &Ask, wanted: &Appointment) -> bool {
    posts::weighs(ask, wanted) && connectors::control::holds("az_14_posts_with_weight")
}

/// Whether the person has this very post from this very day.
pub(super) async fn is_held(tx: &mut Tx, wanted: &Appointment) -> Result<bool, Problem> {
    let held = appointments::ever(tx, &wanted.person).await?;
    Ok(held.iter().any(|held| posts::key(held) == posts::key(wanted)))
}

/// Whether the person would audit on a day on which another post is held: nobody looks over the own shoulder.
pub(super) async fn mixes(tx: &mut Tx, wanted: &Appointment) -> Result<bool, Problem> {
    let reaches = |one: &Appointment, other: &Appointment| one.until.is_none_or(|until| other.from <= until);
    let held = appointments::ever(tx, &wanted.person).await?;
    Ok(held.iter().any(|held| is_audit(held) != is_audit(wanted) && reaches(held, wanted) && reaches(wanted, held)))
}

/// The appointment that was typed; notes what is wrong with it.
fn judge(ask: &Ask, person: &Person, typed: &Typed, wrong: &mut Wrong) -> Option<Appointment> {
    if !posts::offers(&posts::choice(ask, ""), &typed.post) {
        wrong.post = "staff.post_missing";
    }
    if !typed.place.is_empty() && !posts::offers(&posts::places(ask, ""), &typed.place) {
        wrong.place = "staff.unknown";
    }
    let sections = posts::sections(ask);
    if !typed.departments.iter().all(|code| sections.iter().any(|section| section.value == *code)) {
        wrong.departments = "staff.unknown";
    }
    let (from, until) = days(ask, (&typed.from, &typed.until), (&mut wrong.from, &mut wrong.until));
    let most = Money::parse(&engine::form::html::ascii(&typed.most)).filter(|most| most.paise() > 0);
    if !typed.most.is_empty() && most.is_none() {
        wrong.most = "staff.amount_wrong";
    }
    let (service, role) = typed.post.split_once('|')?;
    Some(Appointment {
        person: person.id.clone(),
        service: service.to_owned(),
        role: Name::new(role),
        place: typed.place.clone(),
        from: from?,
        until,
        departments: typed.departments.clone(),
        most,
        held_for: None,
    })
}

/// The first and the last day as they were typed; notes what is wrong with them. Nothing is given for days that
/// are over.
pub(super) fn days(
    ask: &Ask,
    (from, until): (&str, &str),
    (wrong_from, wrong_until): (&mut &'static str, &mut &'static str),
) -> (Option<Day>, Option<Day>) {
    let (first, last) = (when::typed_day(from), when::typed_day(until));
    match first {
        None => *wrong_from = "staff.day_wrong",
        Some(first) if first < ask.now().day() => *wrong_from = "staff.day_past",
        Some(_) => {}
    }
    match (first, last) {
        (_, None) if !until.is_empty() => *wrong_until = "staff.day_wrong",
        (Some(first), Some(last)) if last < first => *wrong_until = "staff.day_order",
        _ => {}
    }
    (first, last)
}
