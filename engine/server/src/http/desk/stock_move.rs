//! `/{tenant}/desk/stocks/{stock}/{deed}`: numbers are received, handed over, or asked to be written off.

use engine::base::{Name, limits as engine_limits};
use engine::case::Refusal;
use engine::service::Service;
use engine::stock::{Range, Stock};
use engine::workflow::Action;
use ui_gen::view::apply::ActionForm;
use ui_gen::view::choice::{Choice, Look, Opt};
use ui_gen::view::field::Text;
use ui_gen::{FieldView, Input, Page};

use super::names::Names;
use super::reader::Reader;
use super::stock::{Found, by, here};
use crate::http::ask::{Answer, Ask};
use crate::problem::Problem;
use crate::store::stocks::{self, Kind, NewMove, STORE, State};
use crate::store::{Tx, appointments};

/// How the store is called among those to whom numbers are handed.
pub(crate) const TO_STORE: &str = "store";

/// What is done.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deed {
    /// Numbers come to the store.
    Receive,
    /// They go on to another holder.
    HandOver,
    /// Somebody asks that they be written off.
    WriteOff,
}

impl Deed {
    /// The one in the address, if the reader may do it.
    fn of(ask: &Ask, found: &Found<'_>) -> Result<Self, Problem> {
        match ask.param("deed") {
            "receive" if found.keeps => Ok(Self::Receive),
            "receive" => Err(Refusal::NotYourRole.into()),
            "hand-over" => Ok(Self::HandOver),
            "write-off" => Ok(Self::WriteOff),
            _ => Err(Problem::NotFound),
        }
    }

    /// The word by which the pages' words call it.
    fn word(self) -> &'static str {
        match self {
            Self::Receive => "receive",
            Self::HandOver => "hand_over",
            Self::WriteOff => "write_off",
        }
    }
}

/// What was typed, and what is wrong with it.
#[derive(Default)]
struct Typed {
    first: String,
    last: String,
    to: String,
    reason: String,
    wrong: [String; 3],
}

/// `GET /{tenant}/desk/stocks/{stock}/{deed}`
pub(crate) async fn show(ask: &Ask) -> Answer {
    let found = Found::load(ask)?;
    let deed = Deed::of(ask, &found)?;
    draw(ask, (&found, deed), &Typed::default(), 200).await
}

/// `POST /{tenant}/desk/stocks/{stock}/{deed}`
pub(crate) async fn take(ask: &Ask) -> Answer {
    let found = Found::load(ask)?;
    let deed = Deed::of(ask, &found)?;
    let field = |name: &str| ask.field(name).map(|value| value.trim().to_owned());
    let mut typed = Typed {
        first: field("first")?,
        last: field("last")?,
        to: if deed == Deed::HandOver { field("to")? } else { String::new() },
        reason: ask.said("reason")?.trim().to_owned(),
        wrong: Default::default(),
    };
    if ask.only_shows() {
        return draw(ask, (&found, deed), &typed, 200).await;
    }
    let range = Range::parse(&typed.first, &typed.last);
    if let Err(wrong) = &range {
        let most = Reader::of(ask).count(engine_limits::STOCK_RANGE);
        typed.wrong[0] = ask.words().say(&format!("stock.range.{}", wrong.word()), &[("n", &most)]);
    }
    let says_nothing = typed.reason.is_empty() && deed != Deed::HandOver;
    if says_nothing || typed.reason.chars().count() > engine_limits::COMMENT_CHARS {
        typed.wrong[2] = ask.words().get("stock.no_reason");
    }
    let known = deed != Deed::HandOver || takers(ask, &found.stock.name).await?.iter().any(|one| one.value == typed.to);
    if !known {
        typed.wrong[1] = ask.words().get("stock.no_taker");
    }
    let Some(range) = range.ok().filter(|_| typed.wrong.iter().all(String::is_empty)) else {
        return draw(ask, (&found, deed), &typed, 422).await;
    };
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    if make(ask, &mut tx, (&found, deed), range, (&typed.to, &typed.reason)).await? {
        tx.commit().await?;
        return ask.redirect(&here(ask));
    }
    tx.rollback().await?;
    let key = if deed == Deed::Receive { "stock.known" } else { "stock.not_held" };
    typed.wrong[0] = ask.words().get(key);
    draw(ask, (&found, deed), &typed, 422).await
}

/// Receives numbers into the store, or moves those that the reader may move. `false` if that cannot be: the stock has,
/// or had, one of them; or they are not the reader's to move.
pub(crate) async fn make(
    ask: &Ask,
    tx: &mut Tx,
    (found, deed): (&Found<'_>, Deed),
    range: Range,
    (to, reason): (&str, &str),
) -> Result<bool, Problem> {
    if deed == Deed::Receive {
        return Ok(stocks::receive(tx, by(ask)?, &found.stock.name, &range, reason).await?);
    }
    moves(ask, tx, (found, deed), range, (to, reason)).await
}

/// Sends numbers on, or asks that they be written off. `false` if the reader does not hold them: of the store whoever
/// keeps the stock hands out, and calls back to it what another holds, saying why.
async fn moves(
    ask: &Ask,
    tx: &mut Tx,
    (found, deed): (&Found<'_>, Deed),
    mut range: Range,
    (to, reason): (&str, &str),
) -> Result<bool, Problem> {
    let stock = found.stock.name.as_str();
    let Some((number, State::Held, holder)) = stocks::at(tx, stock, &range.number(range.first)).await? else {
        return Ok(false);
    };
    range.width = number.width;
    let to = if to == TO_STORE { STORE } else { to };
    let calls_back = deed == Deed::HandOver && to == STORE && !reason.is_empty();
    let may = holder == ask.employee()?.id || (found.keeps && (holder == STORE || calls_back));
    if !may || (deed == Deed::HandOver && to == holder) {
        return Ok(false);
    }
    let (kind, taker) = if deed == Deed::HandOver { (Kind::Sent, Some(to)) } else { (Kind::Asked, None) };
    let new = NewMove { stock, kind, range: &range, holder: &holder, taker, of: None, reason };
    Ok(stocks::step(tx, by(ask)?, &new).await?)
}

/// Those to whom numbers can be handed: the store, whoever keeps the stock, and whoever takes an action that uses it.
pub(crate) async fn takers(ask: &Ask, stock: &Name) -> Result<Vec<Opt>, Problem> {
    let services: Vec<_> = ask.library.catalogue.services(ask.tenant()).collect();
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let mut ids = Vec::new();
    for service in services {
        let Some(known) = service.stocks.iter().find(|known| known.name == *stock) else { continue };
        let held = appointments::on_day(&mut tx, Some(&service.id), ask.now().day()).await?;
        ids.extend(held.into_iter().filter(|held| holds(service, known, &held.role)).map(|held| held.person));
    }
    drop(tx);
    ids.sort();
    ids.dedup();
    let names = Names::load(&ask.app, ask.tenant(), ids.clone()).await?;
    let mut options: Vec<Opt> = ids.iter().map(|id| Opt::new(id, names.officer(id))).collect();
    options.sort_by(|one, other| one.label.cmp(&other.label));
    options.insert(0, Opt::new(TO_STORE, ask.words().get("stock.store")));
    Ok(options)
}

/// Whether a role keeps a stock, or takes an action that uses it.
fn holds(service: &Service, stock: &Stock, role: &Name) -> bool {
    let uses = |action: &&Action| action.uses.iter().any(|uses| uses.stock.value == stock.name);
    let actions = service.workflow.states.iter().flat_map(|state| &state.actions).filter(uses);
    stock.kept_by.iter().chain(actions.flat_map(Action::roles)).any(|known| known.value == *role)
}

async fn draw(ask: &Ask, (found, deed): (&Found<'_>, Deed), typed: &Typed, status: u16) -> Answer {
    let reader = Reader::of(ask);
    let word = deed.word();
    let number = |name: &str, value: &str| {
        let input = Input::Text(Text { width: 20, max_length: 24, ..Text::new(value) });
        FieldView::new(name, reader.get(&format!("stock.{name}")), input)
    };
    let reason = Text { max_length: 2_000, ..Text::new(typed.reason.as_str()) };
    let reason = FieldView::new("reason", reader.get(&format!("stock.{word}_reason")), Input::Textarea(reason))
        .error(typed.wrong[2].as_str());
    let mut fields = vec![
        number("first", &typed.first).hint(reader.get("stock.first_hint")).error(typed.wrong[0].as_str()),
        number("last", &typed.last).hint(reader.get("stock.last_hint")).optional(),
    ];
    if deed == Deed::HandOver {
        let options = takers(ask, &found.stock.name).await?;
        let choice = Choice { look: Look::Select, ..Choice::one(options, &typed.to, "") };
        fields.push(FieldView::new("to", reader.get("stock.to"), Input::Choice(choice)).error(typed.wrong[1].as_str()));
        fields.push(reason.hint(reader.get("stock.call_back")).optional());
    } else {
        fields.push(reason);
    }
    let view = ActionForm {
        service: reader.get("stock.one"),
        number: reader.text(&found.stock.title).to_owned(),
        action: format!("{}/{}", here(ask), ask.param("deed")),
        title: reader.get(&format!("stock.{word}")),
        text: vec![reader.get(&format!("stock.{word}_text"))],
        fields,
        submit: reader.get(&format!("stock.{word}")),
        danger: deed == Deed::WriteOff,
        case: here(ask),
        ..ActionForm::default()
    };
    ask.page(Page::ActionForm(view)).back(here(ask)).status(status).answer()
}
