//! `/{tenant}/desk/stocks/{stock}`: what somebody holds of a stock of numbered things, what waits for an answer, and for
//! whoever keeps it the register of all of it.

use std::sync::Arc;

use chrono::Datelike as _;
use engine::base::date::add_days;
use engine::base::{Day, Moment};
use engine::case::{ActorKind, Refusal};
use engine::service::Service;
use engine::stock::Stock;
use ui_gen::Page;
use ui_gen::view::common::{ActionLink, Link};
use ui_gen::view::stock as view;

use super::names::Names;
use super::reader::Reader;
use super::{scope, view_stock};
use crate::auth::Employee;
use crate::http::ask::{Answer, Ask};
use crate::http::{limits, when};
use crate::problem::Problem;
use crate::store::stocks::{self, Kind, Move, NewMove, STORE};
use crate::store::{By, Tx};

/// A stock, and what the reader may do with it.
pub(crate) struct Found<'a> {
    pub(crate) stock: &'a Stock,
    /// Whether the reader receives it, hands it out and sees who holds what.
    pub(crate) keeps: bool,
    /// Whether the reader agrees when numbers are written off.
    pub(crate) writes_off: bool,
}

/// The stocks of these services, each once.
pub(super) fn all<'a>(services: &[&'a Arc<Service>]) -> Vec<&'a Stock> {
    let mut all: Vec<&'a Stock> = Vec::new();
    for &service in services {
        for stock in &service.stocks {
            if all.iter().all(|known| known.name != stock.name) {
                all.push(stock);
            }
        }
    }
    all
}

impl<'a> Found<'a> {
    /// A stock of the reader's services.
    fn of(ask: &Ask, services: &[&'a Arc<Service>], stock: &'a Stock) -> Result<Self, Problem> {
        let (mut keeps, mut writes_off) = (false, false);
        for service in services {
            let roles = scope::clerk(ask.employee()?, &service.id).roles;
            for same in service.stocks.iter().filter(|other| other.name == stock.name) {
                keeps |= same.kept_by.iter().any(|role| roles.contains(&role.value));
                writes_off |= same.written_off_by.iter().any(|role| roles.contains(&role.value));
            }
        }
        Ok(Self { stock, keeps, writes_off })
    }

    /// The stock in the address, if one of the reader's services has it.
    pub(crate) fn load(ask: &'a Ask) -> Result<Self, Problem> {
        let services = scope::services(&ask.library, ask.tenant(), ask.employee()?);
        let stock = all(&services).into_iter().find(|stock| *stock.name == *ask.param("stock"));
        Self::of(ask, &services, stock.ok_or(Problem::NotFound)?)
    }

    /// Every stock that one of the reader's services has.
    pub(crate) fn every(ask: &'a Ask) -> Result<Vec<Self>, Problem> {
        let services = scope::services(&ask.library, ask.tenant(), ask.employee()?);
        all(&services).into_iter().map(|stock| Self::of(ask, &services, stock)).collect()
    }

    /// Whether the reader sees who holds what.
    pub(crate) fn sees_all(&self, reader: &Employee) -> bool {
        self.keeps || self.writes_off || reader.audits()
    }

    /// What the reader may answer to a move that waits: the word of the button, and what then happens.
    pub(crate) fn answers(&self, me: &str, waits: &Move) -> Vec<(&'static str, Kind)> {
        let mut answers = Vec::new();
        if waits.kind == Kind::Asked {
            if waits.person == me {
                // Whoever asked may think better of it, and agrees to nothing.
                answers.push(("keep", Kind::Kept));
            } else if self.writes_off {
                answers.extend([("agree", Kind::WrittenOff), ("keep", Kind::Kept)]);
            }
            return answers;
        }
        // What comes back to the store is counted in by somebody else than the sender.
        let takes = match waits.taker.as_deref() {
            Some(STORE) => self.keeps && waits.person != me,
            taker => taker == Some(me),
        };
        if takes {
            answers.push(("take", Kind::Taken));
        }
        if takes || waits.person == me || self.keeps {
            answers.push(("return", Kind::Returned));
        }
        answers
    }
}

/// The page of the stock in the address.
pub(super) fn here(ask: &Ask) -> String {
    ask.at(&format!("/desk/stocks/{}", ask.param("stock")))
}

/// Who does something with a stock.
pub(super) fn by(ask: &Ask) -> Result<By<'_>, Problem> {
    Ok(By { person: &ask.employee()?.id, kind: ActorKind::Employee, at_ms: ask.now().ms })
}

/// `GET /{tenant}/desk/stocks/{stock}`
pub(crate) async fn page(ask: &Ask) -> Answer {
    let found = Found::load(ask)?;
    let (reader, employee) = (Reader::of(ask), ask.employee()?);
    let name = found.stock.name.as_str();
    let days = Days::of(ask)?;
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let waiting = stocks::waiting(&mut tx, name).await?;
    let mine = stocks::runs(&mut tx, name, Some(&employee.id), limits::STOCK_RUNS).await?;
    let register = if found.sees_all(employee) {
        let accounts = stocks::accounts(&mut tx, name, days.ms(ask.now())).await?;
        Some((accounts, stocks::runs(&mut tx, name, None, limits::STOCK_RUNS).await?))
    } else {
        None
    };
    drop(tx);
    let mut people: Vec<String> = Vec::new();
    for waits in &waiting {
        people.extend([waits.holder.clone(), waits.person.clone()]);
        people.extend(waits.taker.clone());
    }
    if let Some((accounts, runs)) = &register {
        people.extend(accounts.keys().cloned());
        people.extend(runs.iter().map(|run| run.holder.clone()));
    }
    let names = Names::load(&ask.app, ask.tenant(), people).await?;
    let asked = waiting.iter().map(|waits| {
        let answers = found.answers(&employee.id, waits);
        let words: Vec<&str> = answers.iter().map(|(word, _)| *word).collect();
        view_stock::waiting(&reader, &names, waits, &words)
    });
    let view = view::Stock {
        title: reader.text(&found.stock.title).to_owned(),
        links: others(ask, &reader, found.stock)?,
        actions: actions(ask, &reader, &found)?,
        waiting: asked.collect(),
        decide: here(ask),
        mine: mine.iter().map(|run| view_stock::run(&reader, &names, run)).collect(),
        register: register.map(|(accounts, runs)| {
            let (from, until) = (days.from, days.until);
            let register = view_stock::register(&reader, &names, &accounts, &runs);
            let heading = reader.say("calendar.from_to", &[("from", &reader.day(from)), ("until", &reader.day(until))]);
            view::StockRegister { action: here(ask), fields: days.fields(&reader), heading, ..register }
        }),
    };
    ask.page(Page::Stock(view)).back(ask.at("/desk")).answer()
}

/// The other stocks that the reader sees.
fn others(ask: &Ask, reader: &Reader<'_>, shown: &Stock) -> Result<Vec<Link>, Problem> {
    let services = scope::services(&ask.library, ask.tenant(), ask.employee()?);
    let link = |stock: &Stock| Link::new(ask.at(&format!("/desk/stocks/{}", stock.name)), reader.text(&stock.title));
    Ok(all(&services).into_iter().filter(|stock| stock.name != shown.name).map(link).collect())
}

fn actions(ask: &Ask, reader: &Reader<'_>, found: &Found<'_>) -> Result<Vec<ActionLink>, Problem> {
    if ask.employee()?.audits() {
        return Ok(Vec::new());
    }
    let link = |path: &str, key: &str| ActionLink {
        href: format!("{}/{path}", here(ask)),
        text: reader.get(key),
        ..ActionLink::default()
    };
    let receive = found.keeps.then(|| link("receive", "stock.receive"));
    let others = [link("hand-over", "stock.hand_over"), link("write-off", "stock.write_off")];
    Ok(receive.into_iter().chain(others).collect())
}

/// The days that the register is about.
struct Days {
    from: Day,
    until: Day,
    /// What was typed of them, and whether one of them is none.
    typed: [(String, bool); 2],
}

impl Days {
    /// As they are typed; this month up to now where they are not.
    fn of(ask: &Ask) -> Result<Self, Problem> {
        let today = ask.now().day();
        let month = today.with_day(1).unwrap_or(today);
        let read = |name: &str, otherwise: Day| -> Result<(Day, (String, bool)), Problem> {
            let typed = ask.query(name)?;
            let day = if typed.is_empty() { Some(otherwise) } else { when::typed_day(typed) };
            Ok((day.unwrap_or(otherwise), (typed.to_owned(), day.is_none())))
        };
        let ((from, first), (until, last)) = (read("from", month)?, read("until", today)?);
        Ok(Self { from, until: until.max(from), typed: [first, last] })
    }

    /// From which instant on, and before which.
    fn ms(&self, now: Moment) -> (i64, i64) {
        let start = |day: Day| Moment::at(day, 0, now.offset_minutes).ms;
        (start(self.from), start(add_days(self.until, 1)))
    }

    fn fields(&self, reader: &Reader<'_>) -> Vec<ui_gen::FieldView> {
        let shown = [("from", self.from), ("until", self.until)];
        let field = |((name, day), (typed, wrong)): ((&str, Day), &(String, bool))| {
            let value = if *wrong { typed.clone() } else { reader.day(day) };
            let error = if *wrong { reader.get("leave.no_day") } else { String::new() };
            view_stock::day(reader, name, value).error(error)
        };
        shown.into_iter().zip(&self.typed).map(field).collect()
    }
}

/// `POST /{tenant}/desk/stocks/{stock}`: answers a move that waits.
pub(crate) async fn decide(ask: &Ask) -> Answer {
    if ask.only_shows() {
        return page(ask).await;
    }
    let found = Found::load(ask)?;
    let seq: i64 = ask.field("move")?.parse().map_err(|_| Problem::BadRequest("a move that is none"))?;
    let word = ask.field("decision")?;
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    if answer(ask, &mut tx, &found, (seq, word)).await? {
        tx.commit().await?;
    } else {
        tx.rollback().await?;
    }
    ask.redirect(&here(ask))
}

/// Answers a move that waits. `false` if it waits no more: somebody answered meanwhile.
pub(crate) async fn answer(
    ask: &Ask,
    tx: &mut Tx,
    found: &Found<'_>,
    (seq, word): (i64, &str),
) -> Result<bool, Problem> {
    let me = &ask.employee()?.id;
    let all = stocks::waiting(tx, &found.stock.name).await?;
    let Some(waits) = all.iter().find(|waits| waits.seq == seq) else { return Ok(false) };
    let answers = found.answers(me, waits);
    let Some((_, kind)) = answers.into_iter().find(|(known, _)| *known == word) else {
        let own = waits.person == *me && found.writes_off;
        let refusal = if own { Refusal::SamePersonActedBefore } else { Refusal::NotYourRole };
        return Err(refusal.into());
    };
    let new = NewMove {
        stock: &found.stock.name,
        kind,
        range: &waits.range,
        holder: &waits.holder,
        taker: waits.taker.as_deref().filter(|_| kind == Kind::Taken),
        of: Some(seq),
        reason: "",
    };
    Ok(stocks::step(tx, by(ask)?, &new).await?)
}

/// What waits for the reader in stocks, for the desk's first page.
pub(super) async fn waiting(ask: &Ask, reader: &Reader<'_>) -> Result<Vec<ActionLink>, Problem> {
    let employee = ask.employee()?;
    let services = scope::services(&ask.library, ask.tenant(), employee);
    let seen = all(&services);
    if seen.is_empty() || employee.audits() {
        return Ok(Vec::new());
    }
    let mut links = Vec::new();
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    for stock in seen {
        let found = Found::of(ask, &services, stock)?;
        for waits in stocks::waiting(&mut tx, &stock.name).await? {
            let answers = found.answers(&employee.id, &waits);
            // What somebody began is no task of the same person.
            let begun = waits.kind == Kind::Asked && waits.person == employee.id;
            if !begun && answers.iter().any(|(_, kind)| *kind != Kind::Returned) {
                links.push(ActionLink {
                    href: ask.at(&format!("/desk/stocks/{}", stock.name)),
                    text: reader.say("stock.to_confirm", &[("what", reader.text(&stock.title))]),
                    hint: waits.range.to_string(),
                    ..ActionLink::default()
                });
            }
        }
    }
    Ok(links)
}
