//! `/{tenant}/desk/tills`: the tills of those who take money over the counter. Each is opened by its owner,
//! who counts it (`till_count`); another person confirms the count. Of an absent owner, somebody counts who may
//! confirm counts, and a third person confirms.

use std::collections::BTreeSet;
use std::sync::Arc;

use engine::base::{Money, Name};
use engine::billing::Billing;
use engine::case::{ActorKind, Refusal, voucher_number};
use engine::registry::{NumberFacts, NumberFormat, Serials};
use engine::service::Service;
use engine::tenant::Tenant;
use engine::till;
use ui_gen::view::apply::ActionForm;
use ui_gen::view::choice::{Choice, Opt};
use ui_gen::view::common::{ActionLink, Tone};
use ui_gen::view::field::Text;
use ui_gen::view::till::Tills;
use ui_gen::{FieldView, Input, Page};

use super::names::Names;
use super::opened::Opened;
use super::reader::Reader;
use super::{collect, rows, scope, view_money, view_till};
use crate::auth::Employee;
use crate::http::ask::{Answer, Ask};
use crate::library::Loaded;
use crate::problem::Problem;
use crate::store::receipts::{self, Kept};
use crate::store::tills::{self, NewTill, Till, TillState};
use crate::store::vouchers::{self, VoucherRow};
use crate::store::{self, By, Tx, cancellations, cases, retry, serials};

/// Tills of a list.
const LISTED: i64 = 50;
/// Counts that wait, on one's own desk.
const WAITING: i64 = 5;
/// Characters of what is said with a decision or a difference.
pub(super) const SAID: usize = 500;

/// Whether somebody holds a role, wherever it holds, to which `may` agrees.
fn holds(library: &Loaded, tenant: &Tenant, employee: &Employee, may: impl Fn(&Billing, &[Name]) -> bool) -> bool {
    scope::services(library, tenant, employee).into_iter().any(|service| {
        let roles = scope::clerk(employee, &service.id).roles;
        service.billing.as_ref().is_some_and(|billing| may(billing, &roles))
    })
}

/// Whether somebody takes money over the counter, and so has a till.
pub(crate) fn collects(library: &Loaded, tenant: &Tenant, employee: &Employee) -> bool {
    holds(library, tenant, employee, Billing::collected_by)
}

/// Whether somebody confirms the counts of others: whoever agrees that receipts are taken back.
pub(crate) fn confirms(library: &Loaded, tenant: &Tenant, employee: &Employee) -> bool {
    holds(library, tenant, employee, Billing::cancelled_by)
}

/// Whether somebody sees tills: whoever has them, confirms them or audits.
pub(crate) fn sees(library: &Loaded, tenant: &Tenant, employee: &Employee) -> bool {
    employee.audits() || collects(library, tenant, employee) || confirms(library, tenant, employee)
}

/// A service of the town that charges: its accounts are those of all.
pub(crate) fn that_charges(ask: &Ask) -> Option<&Arc<Service>> {
    ask.library.catalogue.services(ask.tenant()).find(|service| service.billing.is_some())
}

/// The address of a till.
pub(crate) fn href(reader: &Reader<'_>, number: &str) -> String {
    format!("/{}/desk/tills/{}", reader.tenant.id, view_money::segment(number))
}

/// Who does something with a till.
pub(super) fn by(ask: &Ask) -> Result<By<'_>, Problem> {
    Ok(By { person: &ask.employee()?.id, kind: ActorKind::Employee, at_ms: ask.now().ms })
}

/// The next number of a series, held until the transaction ends.
async fn draw_number(tx: &mut Tx, ask: &Ask, format: &NumberFormat) -> store::Result<(String, Serials)> {
    let tenant = ask.tenant();
    let facts = NumberFacts { tenant: &tenant.code, day: ask.now().day(), calendar: &tenant.calendar };
    let mut drawn = serials::load(tx, &[format.series(facts)]).await?;
    Ok((format.draw(facts, &mut drawn), drawn))
}

/// Where a clerk goes before money is taken: to open a till, or to count that of another day.
pub(super) fn first(ask: &Ask, opened: &Opened) -> Option<String> {
    match &opened.till {
        Some(till) if till.on != ask.now().day() => Some(href(&Reader::of(ask), &till.number)),
        None if ask.tenant().tills.needed => Some(ask.at(&format!("/desk/till?case={}", ask.case().id))),
        _ => None,
    }
}

/// A till with what is in it.
pub(crate) struct Found {
    pub(crate) till: Till,
    pub(crate) receipts: Vec<Kept>,
    /// The cases of the receipts whose pages the reader may see.
    pub(crate) seen: BTreeSet<String>,
    /// What was posted of it.
    pub(crate) voucher: Option<VoucherRow>,
    /// Receipts that somebody asked to take back, and those that were: with who asked and who agreed.
    pub(crate) taken_back: Vec<cancellations::Cancellation>,
    pub(crate) names: Names,
    pub(crate) mine: bool,
    /// Whether the reader counted it in the place of its owner.
    pub(crate) counted_it: bool,
    pub(crate) confirms: bool,
}

impl Found {
    /// The till in the address: for its owner, for those who confirm counts, and for auditors; for everybody
    /// else there is none.
    pub(crate) async fn load(ask: &Ask) -> Result<Self, Problem> {
        let (tenant, employee) = (ask.tenant(), ask.employee()?);
        let mut tx = ask.app.store.read(&tenant.id).await?;
        let till = tills::find(&mut tx, ask.param("till")).await?.ok_or(Problem::NotFound)?;
        let (mine, confirms) = (till.person == employee.id, confirms(&ask.library, tenant, employee));
        if !mine && !confirms && !employee.audits() {
            return Err(Problem::NotFound);
        }
        let receipts = receipts::of_till(&mut tx, &till.number).await?;
        let mut taken_back = cancellations::waiting(&mut tx).await?;
        taken_back.retain(|asked| receipts.iter().any(|kept| kept.receipt.number == asked.receipt));
        for kept in receipts.iter().filter(|kept| kept.receipt.cancelled) {
            taken_back.extend(cancellations::find(&mut tx, &kept.receipt.number).await?);
        }
        let seen = seen(ask, &mut tx, &receipts).await?;
        let voucher = match &till.voucher {
            Some(number) => vouchers::find(&mut tx, number).await?,
            None => None,
        };
        drop(tx);
        let mut people = vec![till.person.clone()];
        people.extend(till.decided.iter().map(|(person, _)| person.clone()));
        people.extend(till.stood_in().map(|instead| instead.person.clone()));
        people.extend(
            taken_back.iter().flat_map(|asked| [Some(asked.asked_by.clone()), asked.decided_by.clone()]).flatten(),
        );
        let names = Names::load(&ask.app, tenant, people).await?;
        let counted_it = till.stood_in().is_some_and(|instead| instead.person == employee.id);
        Ok(Self { till, receipts, seen, voucher, taken_back, names, mine, counted_it, confirms })
    }

    /// Whether the reader decides on the count.
    pub(crate) fn decides(&self) -> bool {
        self.confirms && !self.mine && !self.counted_it && self.till.state == TillState::Counted
    }
}

/// Those of the cases of `receipts` that the reader may open.
async fn seen(ask: &Ask, tx: &mut Tx, receipts: &[Kept]) -> Result<BTreeSet<String>, Problem> {
    let ids: BTreeSet<String> = receipts.iter().map(|kept| kept.case.clone()).collect();
    let ids: Vec<String> = ids.into_iter().collect();
    let mut seen = BTreeSet::new();
    for some in ids.chunks(500) {
        for row in cases::among(tx, some).await? {
            if scope::reads(ask.tenant(), ask.employee()?, &row.service, &row.place) {
                seen.insert(row.id);
            }
        }
    }
    Ok(seen)
}

/// `GET /{tenant}/desk/tills`
pub(crate) async fn list(ask: &Ask) -> Answer {
    let (tenant, employee) = (ask.tenant(), ask.employee()?);
    let (collects, confirms) = (collects(&ask.library, tenant, employee), confirms(&ask.library, tenant, employee));
    let all = confirms || employee.audits();
    if !collects && !all {
        return Err(Refusal::NotYourRole.into());
    }
    let mut tx = ask.app.store.read(&tenant.id).await?;
    let found = tills::latest(&mut tx, (!all).then_some(employee.id.as_str()), LISTED).await?;
    let open = tills::open_of(&mut tx, &employee.id).await?;
    drop(tx);
    let names = Names::load(&ask.app, tenant, found.iter().map(|till| till.person.clone()).collect()).await?;
    let reader = Reader::of(ask);
    let link =
        |href: String, key: &str| ActionLink { href, text: reader.get(key), primary: true, ..ActionLink::default() };
    let action = match open {
        Some(till) => Some(link(href(&reader, &till.number), "till.to_open")),
        None => collects.then(|| link(ask.at("/desk/till"), "till.open")),
    };
    let rows = found.iter().map(|till| view_till::row(&reader, &names, till)).collect();
    ask.page(Page::Tills(Tills { actions: action.into_iter().collect(), rows })).back(ask.at("/desk")).answer()
}

/// Counts of others that the reader may confirm, for the desk's first page.
pub(super) async fn waiting(ask: &Ask, reader: &Reader<'_>) -> Result<Vec<ActionLink>, Problem> {
    let (tenant, employee) = (ask.tenant(), ask.employee()?);
    if !confirms(&ask.library, tenant, employee) {
        return Ok(Vec::new());
    }
    let mut tx = ask.app.store.read(&tenant.id).await?;
    let mut waiting = tills::standing(&mut tx, TillState::Counted, WAITING).await?;
    drop(tx);
    let counted_it = |till: &Till| till.stood_in().is_some_and(|instead| instead.person == employee.id);
    waiting.retain(|till| till.person != employee.id && !counted_it(till));
    let names = Names::load(&ask.app, tenant, waiting.iter().map(|till| till.person.clone()).collect()).await?;
    let link = |till: Till| ActionLink {
        href: href(reader, &till.number),
        text: reader.say("till.to_confirm", &[("till", &till.number)]),
        hint: format!("{}, {}", names.officer(&till.person), reader.day(till.on)),
        ..ActionLink::default()
    };
    Ok(waiting.into_iter().map(link).collect())
}

/// What was typed to open a till, and what is wrong with it.
#[derive(Default)]
struct Opening {
    counter: String,
    float: String,
    wrong: [String; 2],
}

/// `GET /{tenant}/desk/till`
pub(crate) async fn show_open(ask: &Ask) -> Answer {
    if let Some(till) = own(ask).await? {
        return ask.redirect(&href(&Reader::of(ask), &till.number));
    }
    draw_open(ask, &Opening::default(), 200)
}

/// The till that the reader has open; refused to those who take no money.
async fn own(ask: &Ask) -> Result<Option<Till>, Problem> {
    let employee = ask.employee()?;
    if !collects(&ask.library, ask.tenant(), employee) {
        return Err(Refusal::NotYourRole.into());
    }
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    Ok(tills::open_of(&mut tx, &employee.id).await?)
}

fn draw_open(ask: &Ask, typed: &Opening, status: u16) -> Answer {
    let reader = Reader::of(ask);
    let counters = &ask.tenant().tills.counters;
    let options = counters.iter().map(|(name, words)| Opt::new(name, reader.text(words))).collect();
    let counter =
        FieldView::new("counter", reader.get("till.counter"), Input::Choice(Choice::one(options, &typed.counter, "")))
            .error(&typed.wrong[0]);
    let unit = ask.tenant().currency.symbol.clone();
    let float = Input::Money(Text { width: 10, unit, ..Text::new(&typed.float) });
    let float = FieldView::new("float", reader.get("till.float"), float)
        .hint(reader.get("till.float_hint"))
        .error(&typed.wrong[1]);
    let case = ask.query("case")?;
    let after = if case.is_empty() { String::new() } else { format!("?case={}", view_money::segment(case)) };
    let view = ActionForm {
        service: reader.get("desk.title"),
        number: ask.employee()?.name.clone(),
        action: ask.at(&format!("/desk/till{after}")),
        title: reader.get("till.open"),
        text: vec![reader.say("till.open_text", &[("day", &reader.day(ask.now().day()))])],
        fields: (!counters.is_empty()).then_some(counter).into_iter().chain([float]).collect(),
        submit: reader.get("till.open"),
        case: ask.at("/desk/tills"),
        ..ActionForm::default()
    };
    ask.page(Page::ActionForm(view)).back(ask.at("/desk/tills")).status(status).answer()
}

/// An amount as people type it; may be nothing, but not less.
pub(super) fn typed_sum(text: &str) -> Option<Money> {
    Money::parse(&collect::digits(text)).filter(|amount| !amount.is_negative())
}

/// `POST /{tenant}/desk/till`
pub(crate) async fn open(ask: &Ask) -> Answer {
    let mut typed = Opening {
        counter: ask.field("counter")?.to_owned(),
        float: ask.field("float")?.trim().to_owned(),
        wrong: Default::default(),
    };
    if ask.only_shows() {
        return draw_open(ask, &typed, 200);
    }
    let reader = Reader::of(ask);
    if let Some(till) = own(ask).await? {
        return ask.redirect(&href(&reader, &till.number));
    }
    let counters = &ask.tenant().tills.counters;
    if !counters.is_empty() && counters.iter().all(|(name, _)| *name != typed.counter) {
        typed.wrong[0] = reader.get("till.choose_counter");
    }
    let Some(float) = typed_sum(&typed.float).filter(|_| typed.wrong[0].is_empty()) else {
        if typed_sum(&typed.float).is_none() {
            typed.wrong[1] = reader.get("till.no_sum");
        }
        return draw_open(ask, &typed, 422);
    };
    let counter = if counters.is_empty() { "" } else { typed.counter.as_str() };
    let who = by(ask)?;
    let begun = || async {
        let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
        let (number, drawn) = draw_number(&mut tx, ask, &till::number()).await?;
        let new = NewTill { number: &number, counter, on: ask.now().day(), float };
        if !tills::open(&mut tx, who, new, &drawn).await? {
            tx.rollback().await?;
            return Ok(None);
        }
        tx.commit().await?;
        Ok(Some(number))
    };
    let Some(number) = retry(store::Error::is_passing, begun).await? else {
        // The same button, pressed twice.
        return ask.redirect(&ask.at("/desk/till"));
    };
    match ask.query("case")? {
        "" => ask.redirect(&href(&reader, &number)),
        case => ask.redirect(&format!("{}/collect", rows::href(&reader, &view_money::segment(case)))),
    }
}

/// `GET /{tenant}/desk/tills/{till}`
pub(crate) async fn page(ask: &Ask) -> Answer {
    let found = Found::load(ask).await?;
    draw(ask, &found, "", "", 200)
}

fn draw(ask: &Ask, found: &Found, typed: &str, wrong: &str, status: u16) -> Answer {
    let reader = Reader::of(ask);
    let view = view_till::sheet(&reader, that_charges(ask).map(AsRef::as_ref), found, (typed, wrong))?;
    let mut shown = ask.page(Page::Till(view)).back(ask.at("/desk/tills")).status(status);
    if found.till.state == TillState::Open && found.till.on != ask.now().day() {
        shown = shown.notice(Tone::Warn, reader.get("refusal.till_of_another_day"));
    }
    shown.answer()
}

/// `POST /{tenant}/desk/tills/{till}`: confirms what was counted, or sends it back.
pub(crate) async fn decide(ask: &Ask) -> Answer {
    let found = Found::load(ask).await?;
    let said = ask.said("reason")?.trim();
    if ask.only_shows() {
        return draw(ask, &found, said, "", 200);
    }
    if found.mine || (found.counted_it && found.till.state == TillState::Counted) {
        return Err(Refusal::SamePersonActedBefore.into());
    }
    if !found.decides() {
        // Somebody decided meanwhile.
        return ask.redirect(&href(&Reader::of(ask), &found.till.number));
    }
    let too_long = said.chars().count() > SAID;
    match ask.field("decision")? {
        "close" if !too_long => close(ask, &found.till.number, said).await?,
        "again" if !too_long && !said.is_empty() => {
            let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
            tills::send_back(&mut tx, by(ask)?, &found.till.number, said).await?;
            tx.commit().await?;
        }
        "close" | "again" => return draw(ask, &found, said, &ask.words().get("till.say_why"), 422),
        _ => return Err(Problem::BadRequest("a decision that is none")),
    }
    ask.redirect(&href(&Reader::of(ask), &found.till.number))
}

/// Confirms the count, and posts what is missing or left over where the accounts say where to.
async fn close(ask: &Ask, number: &str, said: &str) -> Result<(), Problem> {
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    let till = tills::find(&mut tx, number).await?.ok_or(Problem::NotFound)?;
    let counted = till.counted.filter(|_| till.state == TillState::Counted).ok_or(Problem::Conflict)?;
    let (difference, chart) = (counted.cash_difference(), that_charges(ask).map(|service| &service.chart));
    let booked = match chart.filter(|chart| chart.cash_difference.is_some() && !difference.is_zero()) {
        Some(chart) => {
            let (number, drawn) = draw_number(&mut tx, ask, &voucher_number()).await?;
            till::voucher(chart, difference, number, ask.now().day()).map(|voucher| (voucher, drawn))
        }
        None => None,
    };
    let booked = booked.as_ref().map(|(voucher, drawn)| (voucher, drawn));
    if !tills::close(&mut tx, by(ask)?, number, said, booked).await? {
        return Err(Problem::Conflict);
    }
    Ok(tx.commit().await?)
}
