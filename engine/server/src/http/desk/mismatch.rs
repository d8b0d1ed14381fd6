//! `/{tenant}/desk/mismatches/{order}`: money that is not what was asked, and what becomes of it. One person says so,
//! another agrees, as with receipts that are taken back.

use std::sync::Arc;

use engine::base::{Money, Name};
use engine::billing::ONLINE;
use engine::case::{Actor, Case, Refusal, voucher_number};
use engine::ledger::{Voucher, VoucherKind};
use engine::registry::{NumberFacts, Serials};
use engine::service::Service;
use ui_gen::view::account::Erasing;
use ui_gen::view::choice::{Choice, Opt};
use ui_gen::view::common::{Link, Row, Section};
use ui_gen::view::field::Text;
use ui_gen::{FieldView, Input, Page};

use super::mismatches::{amount, handles, href, kind, stands};
use super::names::Names;
use super::reader::Reader;
use super::till::SAID;
use super::{rows, scope};
use crate::around::known_as;
use crate::finding;
use crate::http::ask::{Answer, Ask};
use crate::powers;
use crate::problem::Problem;
use crate::store::mismatches::{self, ACCEPT, ASKED, Answered, Mismatch, ORDER, Proposal, RETURN, Seen, WAITING};
use crate::store::orders::{self, Order};
use crate::store::{By, Tx, cases, serials};
use crate::work::payments;

/// Characters of the reference by which money goes back.
const REFERENCE: usize = 100;
/// What a second person does with a proposal.
const AGREE: &str = "agree";
const REFUSE: &str = "refuse";

/// A payment that is not what was asked, with the case that it was for.
struct Found {
    aside: Mismatch,
    order: Order,
    case: Case,
    service: Arc<Service>,
    actor: Actor,
    /// Whether the reader is the citizen for one of whose cases it came.
    own: bool,
}

impl Found {
    /// The payment in the address; for whoever has nothing to do with such money of its case there is none.
    async fn load(ask: &Ask) -> Result<Self, Problem> {
        let (tenant, employee) = (ask.tenant(), ask.employee()?);
        let mut tx = ask.app.store.read(&tenant.id).await?;
        let aside = mismatches::find(&mut tx, ask.param("order")).await?.ok_or(Problem::NotFound)?;
        let order = orders::find(&mut tx, &aside.reference).await?.ok_or(Problem::NotFound)?;
        let case = cases::load(&mut tx, &aside.case).await?.ok_or(Problem::NotFound)?;
        let service = ask.app.service_in(&mut tx, tenant, &case.definition).await?;
        let actor = scope::actor(tenant, employee, &case.service, finding::place(&service.form, &case.answers));
        let own = match known_as(&mut tx, tenant, &actor).await? {
            Some(citizen) => is_for(&mut tx, (&order, &case), &citizen).await?,
            None => false,
        };
        drop(tx);
        let found = Self { aside, order, case, service, actor, own };
        if found.may_ask() || employee.audits() { Ok(found) } else { Err(Problem::NotFound) }
    }

    /// Whether the actor may say what becomes of it.
    fn may_ask(&self) -> bool {
        self.service.billing.as_ref().is_some_and(|billing| handles(billing, &self.actor.roles))
    }

    /// Whether the actor may agree to that: whoever agrees that receipts are taken back.
    fn may_decide(&self) -> bool {
        self.service.billing.as_ref().is_some_and(|billing| billing.cancelled_by(&self.actor.roles))
    }

    fn is_own_proposal(&self) -> bool {
        self.aside.state == ASKED && self.aside.asked_by.as_deref() == Some(&self.actor.person)
    }

    /// What refuses that the actor decides on so much.
    async fn beyond(&self, ask: &Ask, tx: &mut Tx) -> Result<Option<Refusal>, Problem> {
        let Some(billing) = &self.service.billing else { return Ok(None) };
        let may = |role: &Name| billing.cancelled_by(std::slice::from_ref(role));
        let about = (self.aside.came().unwrap_or_default(), ask.now().day());
        Ok(powers::above(tx, ask.tenant(), &self.actor, (&*self.service, &self.case), may, about).await?)
    }

    /// What is booked of money that goes back: that it came, and that it went. The numbers are drawn from a series
    /// that the transaction holds.
    async fn vouchers(&self, ask: &Ask, tx: &mut Tx, amount: Money) -> Result<(Vec<Voucher>, Serials), Problem> {
        let (tenant, day, format) = (ask.tenant(), ask.now().day(), voucher_number());
        let facts = NumberFacts { tenant: &tenant.code, day, calendar: &tenant.calendar };
        let mut drawn = serials::load(tx, &[format.series(facts)]).await?;
        let accounts = self.service.postings.as_ref().zip(self.service.chart.collection(ONLINE));
        let Some((postings, account)) = accounts else { return Ok((Vec::new(), drawn)) };
        let [came, back] = postings.passing_lines(account, amount);
        let mut vouchers = Vec::with_capacity(2);
        for (kind, lines) in [(VoucherKind::Receipt, came), (VoucherKind::Refund, back)] {
            let number = format.draw(facts, &mut drawn);
            let voucher = Voucher::new(number, day, postings.fund.value.clone(), kind, &lines);
            vouchers.push(voucher.ok_or_else(|| anyhow::anyhow!("money that goes back moves nothing in the books"))?);
        }
        Ok((vouchers, drawn))
    }
}

/// Whether one of the cases for which an order was begun is this citizen's.
async fn is_for(tx: &mut Tx, (order, first): (&Order, &Case), citizen: &str) -> Result<bool, Problem> {
    if first.applicant == citizen {
        return Ok(true);
    }
    for (id, _) in order.parts.iter().filter(|(id, _)| *id != first.id) {
        if cases::load(tx, id).await?.is_some_and(|case| case.applicant == citizen) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What was typed, and what is wrong with it.
#[derive(Default)]
struct Typed {
    decision: String,
    sent_as: String,
    reason: String,
    wrong: [String; 3],
    /// Whether something else is proposed than what was looked at.
    changed: bool,
}

impl Typed {
    fn of(ask: &Ask) -> Result<Self, Problem> {
        let field = |name: &str| ask.field(name).map(|value| value.trim().to_owned());
        Ok(Self {
            decision: field("decision")?,
            sent_as: field("sent_as")?,
            reason: ask.said("reason")?.trim().to_owned(),
            ..Self::default()
        })
    }

    fn is_wrong(&self) -> bool {
        self.wrong.iter().any(|wrong| !wrong.is_empty())
    }
}

/// `GET /{tenant}/desk/mismatches/{order}`
pub(crate) async fn page(ask: &Ask) -> Answer {
    let found = Found::load(ask).await?;
    draw(ask, &found, &Typed::default(), 200).await
}

/// `POST /{tenant}/desk/mismatches/{order}`: says what becomes of it, or decides on what somebody else said.
pub(crate) async fn take(ask: &Ask) -> Answer {
    let found = Found::load(ask).await?;
    let typed = Typed::of(ask)?;
    if ask.only_shows() {
        return draw(ask, &found, &typed, 200).await;
    }
    if found.own {
        return Err(Refusal::OwnCase.into());
    }
    let decides = [AGREE, REFUSE].contains(&typed.decision.as_str());
    match found.aside.state.as_str() {
        WAITING if !decides => propose(ask, &found, typed).await,
        ASKED if decides => decide(ask, &found, typed).await,
        // The same button, pressed twice; or somebody else was quicker.
        _ => ask.redirect(&href(&Reader::of(ask), &found.aside.reference)),
    }
}

async fn propose(ask: &Ask, found: &Found, mut typed: Typed) -> Answer {
    let reader = Reader::of(ask);
    let bookable = found.aside.came().is_some();
    if !(typed.decision == RETURN || bookable && typed.decision == ACCEPT) {
        typed.wrong[0] = reader.get("mismatch.choose");
    }
    if typed.reason.is_empty() || typed.reason.chars().count() > SAID {
        typed.wrong[2] = reader.get("mismatch.no_reason");
    }
    if typed.is_wrong() {
        return draw(ask, found, &typed, 422).await;
    }
    let reference = &found.aside.reference;
    let proposal = Proposal { decision: &typed.decision, reason: &typed.reason };
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    // Of two proposals the first stands.
    mismatches::ask(&mut tx, By::new(&found.actor, ask.now().ms), reference, proposal).await?;
    tx.commit().await?;
    ask.redirect(&href(&reader, reference))
}

async fn decide(ask: &Ask, found: &Found, mut typed: Typed) -> Answer {
    let agrees = typed.decision == AGREE;
    // Whoever proposed it may take that back, and nothing else.
    if found.is_own_proposal() && agrees {
        return Err(Refusal::SamePersonAsked.into());
    }
    if !found.may_decide() && !found.is_own_proposal() {
        return Err(Refusal::NotYourRole.into());
    }
    let (reader, aside) = (Reader::of(ask), &found.aside);
    let (Some(decision), Some(asked_ms)) = (aside.decision.as_deref(), aside.asked_ms) else {
        return Err(anyhow::anyhow!("something was proposed that is nothing").into());
    };
    // Another proposal than the one that was looked at: it is shown first.
    if ask.query("asked")? != asked_ms.to_string() {
        let again = Typed { changed: true, ..Typed::default() };
        return draw(ask, found, &again, 409).await;
    }
    if typed.reason.chars().count() > SAID || (typed.reason.is_empty() && !agrees) {
        typed.wrong[2] = reader.get("mismatch.no_reason");
    }
    let length = typed.sent_as.chars().count();
    if agrees && decision == RETURN && (length > REFERENCE || (aside.came().is_some() && length == 0)) {
        typed.wrong[1] = reader.get("mismatch.no_reference");
    }
    if typed.is_wrong() {
        return draw(ask, found, &typed, 422).await;
    }
    let seen = Seen { reference: &aside.reference, decision, asked_ms };
    if agrees {
        let sent_as = Some(typed.sent_as.as_str()).filter(|sent_as| decision == RETURN && !sent_as.is_empty());
        agree(ask, found, seen, Answered { answer: &typed.reason, sent_as }).await?;
    } else {
        let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
        mismatches::refuse(&mut tx, By::new(&found.actor, ask.now().ms), seen, &typed.reason).await?;
        tx.commit().await?;
    }
    ask.redirect(&href(&reader, &aside.reference))
}

/// Agrees: what goes back is booked with that, and what is accepted is received at once; if that cannot be, the clock
/// does it.
async fn agree(ask: &Ask, found: &Found, seen: Seen<'_>, answered: Answered<'_>) -> Result<(), Problem> {
    let (app, tenant) = (&ask.app, ask.tenant());
    let mut tx = app.store.begin(&tenant.id).await?;
    if let Some(refusal) = found.beyond(ask, &mut tx).await? {
        return Err(refusal.into());
    }
    let booked = match found.aside.came().filter(|_| seen.decision == RETURN) {
        Some(came) => Some(found.vouchers(ask, &mut tx, came).await?),
        None => None,
    };
    let booked = booked.as_ref().map(|(vouchers, drawn)| (vouchers.as_slice(), drawn));
    if !mismatches::agree(&mut tx, By::new(&found.actor, ask.now().ms), seen, answered, booked).await? {
        return Err(Problem::Conflict);
    }
    let accepts = seen.decision == ACCEPT;
    if accepts {
        payments::receive_at(&mut tx, seen.reference, app.clock.now_ms()).await?;
    }
    tx.commit().await?;
    if accepts && let Err(problem) = payments::receive_accepted(app, tenant, seen.reference).await {
        tracing::error!(
            tenant = tenant.id,
            order = seen.reference,
            ?problem,
            "money that was accepted is received later"
        );
    }
    Ok(())
}

async fn draw(ask: &Ask, found: &Found, typed: &Typed, status: u16) -> Answer {
    let (reader, aside) = (Reader::of(ask), &found.aside);
    let people = [&aside.asked_by, &aside.decided_by].into_iter().flatten().cloned().collect();
    let names = Names::load(&ask.app, ask.tenant(), people).await?;
    let here = href(&reader, &aside.reference);
    let acts = !ask.employee()?.audits() && !found.own;
    let (action, fields) = match (aside.state.as_str(), aside.asked_ms) {
        (WAITING, _) if acts => (here, proposal_fields(&reader, aside, typed)),
        (ASKED, Some(asked_ms)) if acts && (found.may_decide() || found.is_own_proposal()) => {
            (format!("{here}?asked={asked_ms}"), decision_fields(&reader, found, typed))
        }
        _ => (String::new(), Vec::new()),
    };
    let changed = typed.changed.then(|| reader.get("refusal.changed_meanwhile"));
    let own = found.is_own_proposal().then(|| reader.get("mismatch.second_person"));
    let text = changed.into_iter().chain(own).collect();
    let view = Erasing {
        title: reader.get("mismatch.one"),
        text,
        sections: vec![
            Section { title: String::new(), rows: facts(ask, &reader, found)? },
            Section { title: reader.get("mismatch.what_becomes"), rows: decided(&reader, &names, aside) },
        ],
        action,
        fields,
        submit: reader.get("mismatch.button"),
        cancel: ask.at("/desk/mismatches"),
        ..Erasing::default()
    };
    ask.page(Page::Erasing(view)).back(ask.at("/desk/mismatches")).status(status).answer()
}

/// What was asked, and what the gateway says.
fn facts(ask: &Ask, reader: &Reader<'_>, found: &Found) -> Result<Vec<Row>, Problem> {
    let Found { aside, order, case, service, actor, own: _ } = found;
    let number = format!("{}, {}", case.number.as_deref().unwrap_or_default(), reader.text(&service.title));
    let key = reader.get("receipt.for");
    let about = if scope::may_see(case, ask.employee()?, actor) {
        Row { key, links: vec![Link::new(rows::href(reader, &case.id), number)], ..Row::default() }
    } else {
        Row::new(key, number)
    };
    let mut rows = vec![
        about,
        Row::new(reader.get("mismatch.asked"), amount(reader, aside.asked_paise, &order.currency)),
        Row::new(reader.get("mismatch.came"), amount(reader, aside.came_paise, &aside.currency)),
        Row::new(reader.get("mismatch.differs"), kind(reader, aside)),
        Row::new(reader.get("mismatch.gateway"), order.gateway.as_str()),
        Row::new(reader.get("mismatch.payment"), aside.payment.as_deref().unwrap_or_default()),
        Row::new(reader.get("mismatch.order"), aside.reference.as_str()),
        Row::new(reader.get("mismatch.begun"), reader.moment(order.begun_ms)),
        Row::new(reader.get("mismatch.found"), reader.moment(aside.at_ms)),
    ];
    if aside.kind == ORDER {
        rows.push(Row::new(reader.get("mismatch.about"), aside.about.as_str()));
    }
    Ok(rows)
}

/// What people have said to it.
fn decided(reader: &Reader<'_>, names: &Names, aside: &Mismatch) -> Vec<Row> {
    let by = |person: Option<&str>, ms: Option<i64>| {
        let who = person.zip(ms).map(|(person, ms)| format!("{}, {}", names.officer(person), reader.moment(ms)));
        who.unwrap_or_default()
    };
    let mut rows = vec![
        Row::new(reader.get("mismatch.proposed_by"), by(aside.asked_by.as_deref(), aside.asked_ms)),
        Row::new(reader.get("mismatch.reason"), aside.reason.as_deref().unwrap_or_default()),
        Row::new(reader.get("mismatch.sent_as"), aside.sent_as.as_deref().unwrap_or_default()),
        Row::new(reader.get("mismatch.decided_by"), by(aside.decided_by.as_deref(), aside.decided_ms)),
        Row::new(reader.get("mismatch.answer"), aside.answer.as_deref().unwrap_or_default()),
    ];
    rows.retain(|row| !row.lines.is_empty());
    rows.insert(0, Row::new(reader.get("mismatch.stands"), stands(reader, aside)));
    rows
}

fn proposal_fields(reader: &Reader<'_>, aside: &Mismatch, typed: &Typed) -> Vec<FieldView> {
    let option = |word: &str, key: &str, hint: &str| Opt { hint: reader.get(hint), ..Opt::new(word, reader.get(key)) };
    let accept = option(ACCEPT, "mismatch.accept", "mismatch.accept_hint");
    let back = option(RETURN, "mismatch.return", "mismatch.return_hint");
    let options = aside.came().map(|_| accept).into_iter().chain([back]).collect();
    vec![choice(reader, options, typed), reason(reader, typed)]
}

/// Whoever agrees that money goes back sends it, and says by what it is found again.
fn decision_fields(reader: &Reader<'_>, found: &Found, typed: &Typed) -> Vec<FieldView> {
    let reason = reason(reader, typed).hint(reader.get("mismatch.answer_hint")).optional();
    if found.is_own_proposal() {
        let withdraw = vec![Opt::new(REFUSE, reader.get("waits.withdraw"))];
        return vec![choice(reader, withdraw, typed), reason];
    }
    let options = vec![Opt::new(AGREE, reader.get("mismatch.agree")), Opt::new(REFUSE, reader.get("mismatch.refuse"))];
    let mut fields = vec![choice(reader, options, typed), reason];
    if found.aside.decision.as_deref() == Some(RETURN) {
        let most = u32::try_from(REFERENCE).unwrap_or(0);
        let sent_as = Text { width: 20, max_length: most, ..Text::new(typed.sent_as.as_str()) };
        let sent_as = FieldView::new("sent_as", reader.get("mismatch.sent_as"), Input::Text(sent_as))
            .hint(reader.get("mismatch.sent_as_hint"))
            .error(typed.wrong[1].as_str())
            .optional();
        fields.insert(1, sent_as);
    }
    fields
}

fn choice(reader: &Reader<'_>, options: Vec<Opt>, typed: &Typed) -> FieldView {
    let choice = Input::Choice(Choice::one(options, &typed.decision, ""));
    FieldView::new("decision", reader.get("mismatch.what"), choice).error(typed.wrong[0].as_str())
}

fn reason(reader: &Reader<'_>, typed: &Typed) -> FieldView {
    let said = u32::try_from(SAID).unwrap_or(0);
    let reason = Text { rows: 3, max_length: said, ..Text::new(typed.reason.as_str()) };
    FieldView::new("reason", reader.get("mismatch.reason"), Input::Textarea(reason)).error(typed.wrong[2].as_str())
}
