//! `/{tenant}/desk/books`: up to which day the books are closed, who closed them, and who opened them again. Whoever
//! agrees that receipts are taken back closes them; to open them again two such people are needed.

use engine::base::Day;
use engine::case::Refusal;
use ui_gen::view::account::Erasing;
use ui_gen::view::choice::{Choice, Opt};
use ui_gen::view::common::{Row, Section};
use ui_gen::view::field::Text;
use ui_gen::{FieldView, Input, Page};

use super::names::Names;
use super::reader::Reader;
use super::till::{self, SAID};
use crate::http::ask::{Answer, Ask};
use crate::http::when;
use crate::problem::Problem;
use crate::store::closings::{self, ASKED, CLOSED, Closing};

/// Deeds that the page shows.
const SHOWN: i64 = 50;
/// What can be done, as the form says it. Whoever agrees says to which asking, by its number: another one may come while
/// the page is read.
const CLOSE: &str = "close";
const ASK: &str = "ask";
const AGREE: &str = "agree-";

/// What was typed, and what is wrong with it.
#[derive(Default)]
struct Typed {
    deed: String,
    day: String,
    reason: String,
    wrong: [String; 3],
}

/// Whether whoever asks closes the books here.
fn closes(ask: &Ask) -> Result<bool, Problem> {
    Ok(till::confirms(&ask.library, ask.tenant(), ask.employee()?))
}

/// `GET /{tenant}/desk/books`
pub(crate) async fn page(ask: &Ask) -> Answer {
    if !closes(ask)? && !ask.employee()?.audits() {
        return Err(Refusal::NotYourRole.into());
    }
    draw(ask, &Typed::default(), 200).await
}

/// `POST /{tenant}/desk/books`
pub(crate) async fn take(ask: &Ask) -> Answer {
    if !closes(ask)? {
        return Err(Refusal::NotYourRole.into());
    }
    let field = |name: &str| ask.field(name).map(|value| value.trim().to_owned());
    let reason = ask.said("reason")?.trim().to_owned();
    let mut typed = Typed { deed: field("deed")?, day: field("day")?, reason, wrong: Default::default() };
    if ask.only_shows() {
        return draw(ask, &typed, 200).await;
    }
    let reader = Reader::of(ask);
    if typed.reason.is_empty() || typed.reason.chars().count() > SAID {
        typed.wrong[2] = reader.get("closing.no_reason");
    }
    let day = when::typed_day(&typed.day);
    match typed.deed.as_str() {
        CLOSE if day.is_none_or(|day| day >= ask.now().day()) => typed.wrong[1] = reader.get("closing.not_over"),
        ASK if day.is_none() => typed.wrong[1] = reader.get("closing.not_closed"),
        CLOSE | ASK => {}
        deed if agreed_to(deed).is_some() => {}
        _ => typed.wrong[0] = reader.get("closing.choose"),
    }
    if typed.wrong.iter().all(String::is_empty) {
        typed.wrong[1] = done(ask, &typed, day).await?.map_or_else(String::new, |wrong| reader.get(wrong));
    }
    if typed.wrong.iter().any(|wrong| !wrong.is_empty()) {
        return draw(ask, &typed, 422).await;
    }
    ask.redirect(&ask.at("/desk/books"))
}

/// The number of the asking to which somebody agrees, if that is what is done.
fn agreed_to(deed: &str) -> Option<i64> {
    deed.strip_prefix(AGREE)?.parse().ok()
}

/// Does what was asked, or says what is wrong with the day.
async fn done(ask: &Ask, typed: &Typed, day: Option<Day>) -> Result<Option<&'static str>, Problem> {
    let by = till::by(ask)?;
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    let (done, wrong) = match (typed.deed.as_str(), day) {
        (CLOSE, Some(day)) => (closings::close(&mut tx, by, day, &typed.reason).await?, "closing.not_over"),
        (ASK, Some(day)) => (closings::ask(&mut tx, by, day, &typed.reason).await?, "closing.not_closed"),
        (deed, _) => {
            let asked = agreed_to(deed).unwrap_or_default();
            (closings::agree(&mut tx, by, asked, &typed.reason).await?, "")
        }
    };
    match (done, wrong) {
        (true, _) => tx.commit().await?,
        (false, "") => {
            let last = closings::last(&mut tx).await?;
            let own = last.is_some_and(|last| last.asked.is_some() && last.person == by.person);
            // Else somebody has asked for something else meanwhile, or nobody asks any more.
            return Err(if own { Refusal::SamePersonActedBefore.into() } else { Problem::Conflict });
        }
        (false, wrong) => return Ok(Some(wrong)),
    }
    Ok(None)
}

async fn draw(ask: &Ask, typed: &Typed, status: u16) -> Answer {
    let reader = Reader::of(ask);
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let all = closings::latest(&mut tx, SHOWN).await?;
    drop(tx);
    let names = Names::load(&ask.app, ask.tenant(), all.iter().map(|one| one.person.clone()).collect()).await?;
    let stands = match all.first() {
        Some(last) => reader.say("closing.closed", &[("day", &reader.day(last.until))]),
        None => reader.get("closing.none"),
    };
    let row = |one: &Closing| {
        let lines = vec![told(&reader, one), names.officer(&one.person), one.reason.clone()];
        Row { key: reader.moment(one.at_ms), lines, ..Row::default() }
    };
    let trail = Section { title: reader.get("closing.trail"), rows: all.iter().map(row).collect() };
    let view = Erasing {
        title: reader.get("closing.title"),
        text: vec![stands, reader.get("closing.text")],
        sections: if all.is_empty() { Vec::new() } else { vec![trail] },
        action: if closes(ask)? { ask.at("/desk/books") } else { String::new() },
        fields: fields(ask, &reader, typed, all.first())?,
        submit: reader.get("closing.button"),
        cancel: ask.at("/desk"),
        ..Erasing::default()
    };
    ask.page(Page::Erasing(view)).back(ask.at("/desk")).status(status).answer()
}

/// What was done, in words.
fn told(reader: &Reader<'_>, one: &Closing) -> String {
    let (key, day) = match one.kind.as_str() {
        CLOSED => ("closing.closed", one.until),
        ASKED => ("closing.asked", one.asked.unwrap_or(one.until)),
        _ => ("closing.opened", one.until),
    };
    reader.say(key, &[("day", &reader.day(day))])
}

fn fields(ask: &Ask, reader: &Reader<'_>, typed: &Typed, last: Option<&Closing>) -> Result<Vec<FieldView>, Problem> {
    let me = &ask.employee()?.id;
    let mut options = vec![Opt::new(CLOSE, reader.get("closing.close"))];
    if last.is_some() {
        options.push(Opt { hint: reader.get("closing.ask_hint"), ..Opt::new(ASK, reader.get("closing.ask")) });
    }
    if let Some(asked) = last.filter(|last| last.asked.is_some() && last.person != *me) {
        let deed = format!("{AGREE}{}", asked.seq);
        options.push(Opt { hint: told(reader, asked), ..Opt::new(deed, reader.get("closing.agree")) });
    }
    let deed = Input::Choice(Choice::one(options, &typed.deed, ""));
    let day = Input::Text(Text { width: 10, max_length: 10, ..Text::new(typed.day.as_str()) });
    let said = u32::try_from(SAID).unwrap_or(0);
    let reason = Input::Textarea(Text { rows: 3, max_length: said, ..Text::new(typed.reason.as_str()) });
    Ok(vec![
        FieldView::new("deed", reader.get("closing.what"), deed).error(typed.wrong[0].as_str()),
        FieldView::new("day", reader.get("closing.day"), day)
            .hint(reader.get("closing.day_hint"))
            .error(typed.wrong[1].as_str())
            .optional(),
        FieldView::new("reason", reader.get("closing.reason"), reason).error(typed.wrong[2].as_str()),
    ])
}
