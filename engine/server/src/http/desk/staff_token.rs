//! `/{tenant}/desk/staff/{person}/token` and `…/tokens/{token}/revoke`: a program is given a token that works for
//! somebody, and a token is taken back.

use engine::base::date::add_days;
use engine::base::{Day, Moment};
use engine::case::ActorKind;
use ui_gen::view::apply::ActionForm;
use ui_gen::view::choice::{Choice, Opt, OptionGroup};
use ui_gen::view::common::{ActionLink, Tag, Tone};
use ui_gen::view::field::Text;
use ui_gen::view::staff::Post;
use ui_gen::{FieldView, Input, Page};

use super::reader::Reader;
use super::staff::{self, Shown};
use super::staff_appoint::day_field;
use crate::auth::program::{self, Use};
use crate::http::again::{self, Came};
use crate::http::ask::{Answer, Ask};
use crate::http::{limits, when};
use crate::problem::Problem;
use crate::store::By;
use crate::store::people::Person;
use crate::store::program_tokens::{self, ProgramToken};

/// The longest term of a token, in days.
const LONGEST: i64 = 366;
/// The term that is offered, in days.
const OFFERED: i64 = 90;

/// What was typed, and what is wrong with it: keys of words, empty for nothing.
#[derive(Default)]
struct Typed {
    name: String,
    uses: Vec<String>,
    until: String,
    wrong: [&'static str; 3],
}

/// What a use is called.
fn called(reader: &Reader<'_>, one: Use) -> String {
    reader.get(&format!("token.{}", one.word()))
}

/// `GET /{tenant}/desk/staff/{person}/token`
pub(crate) async fn page(ask: &Ask) -> Answer {
    let person = staff::another(ask).await?;
    let until = Reader::of(ask).day(add_days(ask.now().day(), OFFERED));
    draw(ask, &person, &Typed { until, ..Typed::default() }, 200)
}

fn draw(ask: &Ask, person: &Person, typed: &Typed, status: u16) -> Answer {
    let reader = Reader::of(ask);
    let said = |key: &str| if key.is_empty() { String::new() } else { reader.get(key) };
    let name = Text { width: 30, autocomplete: "off".to_owned(), ..Text::new(&typed.name) };
    let options = Use::ALL.into_iter().map(|one| Opt::new(one.word(), called(&reader, one))).collect();
    let chosen: Vec<&str> = typed.uses.iter().map(String::as_str).collect();
    let uses = Choice::many(vec![OptionGroup { label: String::new(), options }], &chosen);
    let back = staff::href(ask, &person.id);
    let view = ActionForm {
        service: reader.get("staff.title"),
        number: person.name.clone(),
        action: format!("{back}/token"),
        title: reader.get("token.add"),
        text: vec![reader.get("token.add_text")],
        fields: vec![
            FieldView::new("name", reader.get("token.name"), Input::Text(name)).error(said(typed.wrong[0])),
            FieldView::new("uses", reader.get("token.uses"), Input::Choices(uses)).error(said(typed.wrong[1])),
            day_field(ask, "until", &typed.until, said(typed.wrong[2])).hint(reader.get("leave.day_hint")),
        ],
        submit: reader.get("token.add_button"),
        case: back.clone(),
        ..ActionForm::default()
    };
    ask.page(Page::ActionForm(view)).back(back).status(status).answer()
}

/// `POST /{tenant}/desk/staff/{person}/token`
pub(crate) async fn make(ask: &Ask) -> Answer {
    let person = staff::another(ask).await?;
    let mut typed = Typed {
        name: ask.field("name")?.split_whitespace().collect::<Vec<_>>().join(" "),
        uses: ask.form().sent.get("uses").cloned().unwrap_or_default(),
        until: ask.field("until")?.trim().to_owned(),
        wrong: [""; 3],
    };
    if ask.only_shows() {
        return draw(ask, &person, &typed, 200);
    }
    let Some((uses, until)) = judge(ask, &mut typed) else { return draw(ask, &person, &typed, 422) };
    let now = ask.now();
    let (secret, hash) = program::make(&ask.app);
    let token = ProgramToken {
        id: ask.app.chance.ordered_id(now.ms),
        hash,
        person: person.id.clone(),
        name: typed.name,
        uses: uses.iter().map(|one| one.word()).collect::<Vec<_>>().join(" "),
        made_ms: now.ms,
        // The last day is included.
        expires_ms: Moment::at(add_days(until, 1), 0, now.offset_minutes).ms,
        seen_ms: None,
        revoked_ms: None,
    };
    let by = By { person: &ask.employee()?.id, kind: ActorKind::Employee, at_ms: now.ms };
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    program_tokens::insert(&mut tx, by, &token).await?;
    tx.commit().await?;
    let shown = staff::draw(ask, &person, Shown { token: &secret, ..Shown::default() }).await?;
    Ok(again::came(shown, Came::ToASecret))
}

/// The uses and the last day, if nothing is wrong.
fn judge(ask: &Ask, typed: &mut Typed) -> Option<(Vec<Use>, Day)> {
    let odd = |c: char| engine::form::is_forbidden(c, false) || "<>{}".contains(c);
    let long = typed.name.chars().count() > limits::STAFF_NAME;
    if !typed.name.chars().any(char::is_alphanumeric) || long || typed.name.chars().any(odd) {
        typed.wrong[0] = "token.name_missing";
    }
    let uses = program::uses(&typed.uses.join(" "));
    if uses.is_empty() || uses.len() != typed.uses.len() {
        typed.wrong[1] = "token.uses_missing";
    }
    let today = ask.now().day();
    let until = when::typed_day(&typed.until);
    if until.is_none_or(|until| until < today || add_days(today, LONGEST) < until) {
        typed.wrong[2] = "token.until_wrong";
    }
    until.filter(|_| typed.wrong == [""; 3]).map(|until| (uses, until))
}

/// A token as the page of its person shows it.
pub(super) fn row(ask: &Ask, token: &ProgramToken, looks: bool) -> Post {
    let (reader, now_ms) = (Reader::of(ask), ask.now().ms);
    let state = match () {
        () if token.revoked_ms.is_some() => Tag::new(reader.get("token.revoked"), Tone::Bad),
        () if token.holds(now_ms) => Tag::new(reader.get("token.holds"), Tone::Good),
        () => Tag::new(reader.get("staff.over"), Tone::Neutral),
    };
    let used = match token.seen_ms {
        Some(ms) => reader.say("token.seen", &[("when", &reader.moment(ms))]),
        None => reader.get("token.never"),
    };
    let revoke = ActionLink {
        href: format!("{}/tokens/{}/revoke", staff::href(ask, &token.person), token.id),
        text: reader.get("token.revoke"),
        ..ActionLink::default()
    };
    // The last moment is the end of the last day.
    let (from, until) = (reader.day_of(token.made_ms), reader.day_of(token.expires_ms - 1));
    Post {
        role: token.name.clone(),
        service: String::new(),
        about: program::uses(&token.uses).into_iter().map(|one| called(&reader, one)).chain([used]).collect(),
        span: reader.say("staff.from_until", &[("from", &from), ("until", &until)]),
        state,
        actions: if looks || !token.holds(now_ms) { Vec::new() } else { vec![revoke] },
    }
}

/// The person and the token in the address, which still holds.
async fn held(ask: &Ask) -> Result<(Person, ProgramToken), Problem> {
    let person = staff::another(ask).await?;
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let all = program_tokens::of_person(&mut tx, &person.id).await?;
    let wanted = all.into_iter().find(|token| token.id == ask.param("token") && token.holds(ask.now().ms));
    Ok((person, wanted.ok_or(Problem::NotFound)?))
}

/// `GET /{tenant}/desk/staff/{person}/tokens/{token}/revoke`
pub(crate) async fn revoke_page(ask: &Ask) -> Answer {
    let (person, token) = held(ask).await?;
    let (words, back) = (ask.words(), staff::href(ask, &person.id));
    let view = ActionForm {
        service: words.get("staff.title"),
        number: person.name,
        action: format!("{back}/tokens/{}/revoke", token.id),
        title: words.say("token.revoke_title", &[("name", &token.name)]),
        text: vec![words.get("token.revoke_text")],
        submit: words.get("token.revoke"),
        danger: true,
        case: back.clone(),
        ..ActionForm::default()
    };
    ask.page(Page::ActionForm(view)).back(back).answer()
}

/// `POST /{tenant}/desk/staff/{person}/tokens/{token}/revoke`
pub(crate) async fn revoke(ask: &Ask) -> Answer {
    if ask.only_shows() {
        return revoke_page(ask).await;
    }
    let (person, token) = held(ask).await?;
    let by = By { person: &ask.employee()?.id, kind: ActorKind::Employee, at_ms: ask.now().ms };
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    program_tokens::revoke(&mut tx, by, &token).await?;
    tx.commit().await?;
    ask.redirect(&staff::href(ask, &person.id))
}
