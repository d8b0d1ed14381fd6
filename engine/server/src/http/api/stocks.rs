//! Stocks of numbered things, for programs that work for somebody of the office: who holds what, and the moves that this
//! person may make at the desk.

use engine::base::limits as engine_limits;
use engine::case::Refusal;
use engine::stock::{Range, RangeWrong};
use serde_json::{Value as Json, json};

use super::once::Once;
use crate::http::ask::{self, Answer, Ask};
use crate::http::desk::Names;
use crate::http::desk::stock::{self, Found};
use crate::http::desk::stock_move::{self, Deed, TO_STORE};
use crate::http::{limits, when};
use crate::problem::Problem;
use crate::store::stocks::{self, Move, Run, STORE};
use crate::store::{Error, events};

/// `GET /api/{tenant}/stocks`: the stocks of the person's services, and what the person is to them.
pub async fn list(ask: &Ask) -> Answer {
    let told = |found: Found<'_>| {
        json!({
            "stock": found.stock.name.as_str(),
            "title": found.stock.title.in_language(&ask.lang),
            "keeps": found.keeps,
            "writes_off": found.writes_off,
        })
    };
    let all: Vec<Json> = Found::every(ask)?.into_iter().map(told).collect();
    Ok(ask::json(200, &json!({ "stocks": all })))
}

/// `GET /api/{tenant}/stocks/{stock}`: what the person holds and what waits for an answer; and where the person sees
/// it at the desk, how many each holder has, and every number in order.
pub async fn stock(ask: &Ask) -> Answer {
    let (found, employee) = (Found::load(ask)?, ask.employee()?);
    let name = found.stock.name.as_str();
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let waiting = stocks::waiting(&mut tx, name).await?;
    let mine = stocks::runs(&mut tx, name, Some(&employee.id), limits::STOCK_RUNS).await?;
    let all = if found.sees_all(employee) {
        let accounts = stocks::accounts(&mut tx, name, (0, ask.now().ms + 1)).await?;
        Some((accounts, stocks::runs(&mut tx, name, None, limits::STOCK_RUNS).await?))
    } else {
        None
    };
    drop(tx);
    let asked = |waits: &Move| {
        let answers = found.answers(&employee.id, waits);
        let mut told = numbers(&waits.range);
        told["move"] = json!(waits.seq);
        told["kind"] = json!(waits.kind.word());
        told["holder"] = json!(holder(&waits.holder));
        told["to"] = json!(waits.taker.as_deref().map(holder));
        told["by"] = json!(waits.person);
        told["at"] = json!(when::iso(ask.now().with_ms(waits.at_ms)));
        told["reason"] = json!(waits.reason);
        told["may"] = answers.iter().map(|(word, _)| *word).collect();
        told
    };
    let mut told = json!({
        "stock": name,
        "title": found.stock.title.in_language(&ask.lang),
        "mine": mine.iter().map(run).collect::<Vec<Json>>(),
        "waiting": waiting.iter().map(asked).collect::<Vec<Json>>(),
    });
    if let Some((accounts, runs)) = all {
        let names = Names::load(&ask.app, ask.tenant(), accounts.keys().cloned().collect()).await?;
        let called = |id: &str| if id == STORE { ask.words().get("stock.store") } else { names.officer(id) };
        let holds = accounts
            .iter()
            .map(|(id, account)| json!({ "holder": holder(id), "name": called(id), "holds": account.closing() }));
        told["holders"] = holds.collect();
        told["numbers"] = runs.iter().map(run).collect();
    }
    Ok(ask::json(200, &told))
}

/// Numbers that follow each other.
fn numbers(range: &Range) -> Json {
    let printed = |serial: i64| range.number(serial).to_string();
    json!({ "first": printed(range.first), "last": printed(range.last), "count": range.count() })
}

fn run(run: &Run) -> Json {
    let mut told = numbers(&run.range);
    told["state"] = json!(run.state.word());
    told["holder"] = json!(holder(&run.holder));
    told
}

/// A holder as programs name it: the key of a person, or the store.
fn holder(id: &str) -> &str {
    if id == STORE { TO_STORE } else { id }
}

/// A member of a body that is text; empty where it was not sent.
fn text<'a>(body: &'a Json, name: &str) -> &'a str {
    body[name].as_str().unwrap_or_default().trim()
}

/// What is to be done.
enum Wanted<'a> {
    /// A range is moved: to whom, and what is said with it.
    Move(Deed, Range, (&'a str, &'a str)),
    /// A move that waits is answered with a word.
    Answer(i64, &'a str),
}

impl<'a> Wanted<'a> {
    async fn of(ask: &Ask, found: &Found<'_>, body: &'a Json) -> Result<Self, Problem> {
        let text = |name: &str| text(body, name);
        let deed = match text("do") {
            "receive" if found.keeps => Deed::Receive,
            "receive" => return Err(Refusal::NotYourRole.into()),
            "hand_over" => Deed::HandOver,
            "write_off" => Deed::WriteOff,
            word @ ("take" | "return" | "agree" | "keep") => {
                let waits = body["move"].as_i64().ok_or(Problem::BadRequest("`move` is missing"))?;
                return Ok(Self::Answer(waits, word));
            }
            _ => return Err(Problem::BadRequest("`do` is nothing that can be done")),
        };
        let wrong = |wrong: RangeWrong| match wrong {
            RangeWrong::NoNumber => "`first` or `last` is no number of a stock",
            RangeWrong::Unlike => "`first` and `last` do not begin alike, or have not as many digits",
            RangeWrong::Backwards => "`last` is before `first`",
            RangeWrong::TooMany => "these are more numbers than are moved at once",
        };
        let range = Range::parse(text("first"), text("last")).map_err(|why| Problem::BadRequest(wrong(why)))?;
        let (to, reason) = (text("to"), text("reason"));
        if reason.is_empty() && deed != Deed::HandOver {
            return Err(Refusal::CommentMissing.into());
        }
        if reason.chars().count() > engine_limits::COMMENT_CHARS {
            return Err(Refusal::CommentTooLong(engine_limits::COMMENT_CHARS).into());
        }
        ask.takes(reason)?;
        if deed == Deed::HandOver {
            let takers = stock_move::takers(ask, &found.stock.name).await?;
            if takers.iter().all(|taker| taker.value != to) {
                return Err(Problem::BadRequest("`to` is nobody who can hold these"));
            }
        }
        Ok(Self::Move(deed, range, (to, reason)))
    }

    /// Why it was not done, where nothing else says so.
    fn refusal(&self) -> Problem {
        match self {
            Self::Move(Deed::Receive, ..) => Problem::BadRequest("one of these numbers was received before"),
            Self::Move(..) => Refusal::NotYours.into(),
            Self::Answer(..) => Problem::Conflict,
        }
    }
}

/// `POST /api/{tenant}/stocks/{stock}/moves`: `{"do": …, "first": …, "last": …, "to": …, "reason": …}` receives numbers,
/// hands them over or asks that they be written off; `{"do": …, "move": …}` answers such a move.
pub async fn make(ask: &Ask) -> Answer {
    let body = super::body(ask)?;
    for (name, value) in body.as_object().into_iter().flatten() {
        let fits = match name.as_str() {
            "do" | "first" | "last" | "to" | "reason" => value.is_string(),
            "move" => value.is_i64(),
            _ => return Err(Problem::BadRequest("a member that is not known")),
        };
        if !fits {
            return Err(Problem::BadRequest("a member of a kind that is not taken there"));
        }
    }
    let once = Once::of(ask, body.to_string().as_bytes())?;
    if let Some(answer) = once.answered(ask).await? {
        return Ok(ask::json(201, &answer));
    }
    let found = Found::load(ask)?;
    let wanted = Wanted::of(ask, &found, body).await?;
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    let made = match &wanted {
        Wanted::Move(deed, range, said) => stock_move::make(ask, &mut tx, (&found, *deed), range.clone(), *said).await,
        Wanted::Answer(waits, word) => stock::answer(ask, &mut tx, &found, (*waits, *word)).await,
    };
    if !matches!(made, Ok(true)) {
        drop(tx);
        // The same request may have been quicker, while this one waited for it.
        if let Some(answer) = once.answered(ask).await? {
            return Ok(ask::json(201, &answer));
        }
        return Err(made.err().unwrap_or_else(|| wanted.refusal()));
    }
    let seq = events::head(&mut tx).await?.seq;
    let answer = json!({ "stock": found.stock.name.as_str(), "do": body["do"], "move": seq });
    match once.keep_with(ask, &mut tx, &answer).await {
        Ok(()) => tx.commit().await?,
        Err(Error::Taken(_)) => {
            drop(tx);
            let answer = once.answered(ask).await?.ok_or(Problem::Conflict)?;
            return Ok(ask::json(201, &answer));
        }
        Err(error) => return Err(error.into()),
    }
    Ok(ask::json(201, &answer))
}
