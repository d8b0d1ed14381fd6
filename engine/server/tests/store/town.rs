//! A town with one invented service, and outcomes as the engine would decide them.

use engine::base::date::parse_day;
use engine::base::{Answers, Day, Money, Name, Value};
use engine::billing::{Charged, Demand, DemandLine, DemandStatus, Part, Payment, Receipt};
use engine::case::{Actor, ActorKind};
use engine::case::{Case, Command, Event, NoticeOrder, Outcome, PaperOrder, RecordChange};
use engine::fees::{RateUsed, Step, Steps};
use engine::ledger::{Line, Voucher, VoucherKind};
use engine::notice::Recipient;
use engine::registry::{Record, Serials, Standing};
use server::store::cases::{self, Finding};
use server::store::record::{Recording, record};
use server::store::{By, Result, Store, Tx, json, serials};

pub(crate) const TOWN: &str = "rampur";
pub(crate) const NOW: i64 = 1_767_225_600_000;
pub(crate) const CASES: &str = "APP/#";
pub(crate) const VOUCHERS: &str = "VR/#";
pub(crate) const RECEIPTS: &str = "RC/#";
pub(crate) const RECORDS: &str = "DOG/#";

pub(crate) fn day(text: &str) -> Day {
    parse_day(text).unwrap()
}

pub(crate) fn money(paise: i64) -> Money {
    Money::from_paise(paise).unwrap()
}

pub(crate) fn officer() -> Actor {
    Actor { person: "officer-1".to_owned(), kind: ActorKind::Employee, roles: vec![Name::new("verifier")] }
}

pub(crate) fn by(actor: &Actor) -> By<'_> {
    By::new(actor, NOW)
}

pub(crate) fn new_case(id: &str) -> Case {
    let mut answers = Answers::default();
    answers.set("owner_name", Value::Text("आशा राव".to_owned()));
    answers.set("dogs", Value::Int(2));
    answers.set("kinds", Value::List(vec![Value::Text("spitz".to_owned()), Value::Flag(true)]));
    Case {
        id: id.to_owned(),
        number: None,
        service: "dog-license".to_owned(),
        definition: "d1".to_owned(),
        state: Name::new("draft"),
        version: 1,
        applicant: "asha".to_owned(),
        language: "hi".to_owned(),
        opened_ms: NOW,
        submitted_ms: None,
        entered_ms: NOW,
        clock_ms: None,
        due_ms: Some(NOW + 1_000),
        promised_ms: None,
        wake_ms: None,
        assignee: None,
        answers,
        record: None,
        demands: Vec::new(),
        receipts: Vec::new(),
        acted: Vec::new(),
        fired: Vec::new(),
        flags: Vec::new(),
        waiting: Vec::new(),
        parent: None,
        children: Vec::new(),
        reserved: Vec::new(),
        programs: Vec::new(),
        offered: None,
    }
}

pub(crate) fn terms() -> Vec<(String, String)> {
    vec![("owner_name".to_owned(), "Asha  Rao".to_owned()), ("breed".to_owned(), "Spitz".to_owned())]
}

pub(crate) async fn open(store: &Store, id: &str) -> Case {
    let mut tx = store.begin(TOWN).await.unwrap();
    let case = open_in(&mut tx, id).await;
    tx.commit().await.unwrap();
    case
}

pub(crate) async fn open_in(tx: &mut Tx, id: &str) -> Case {
    let case = new_case(id);
    let finding = Finding { place: "ward-1", terms: Some(&terms()) };
    cases::insert_open(tx, &case, by(&officer()), None, finding).await.unwrap();
    case
}

/// The next number of a series, as `CASES` and its like write them.
pub(crate) fn draw(serials: &mut Serials, series: &str) -> String {
    let last = serials.last.entry(series.to_owned()).or_insert(0);
    *last += 1;
    series.replace('#', &format!("{last:06}"))
}

/// The case, moved to `state` and nothing else.
pub(crate) fn moved(before: &Case, state: &str, serials: Serials) -> Outcome {
    let mut case = before.clone();
    case.version += 1;
    case.state = Name::new(state);
    let event = Event {
        command: "act",
        action: Some(Name::new("forward")),
        role: Some(Name::new("verifier")),
        from: before.state.clone(),
        to: case.state.clone(),
        comment: "देख लिया".to_owned(),
        public: true,
        changed: vec![("dogs".to_owned(), serde_json::json!(1), serde_json::json!(2))],
        demands: Vec::new(),
        receipt: None,
    };
    Outcome {
        case,
        event,
        vouchers: Vec::new(),
        records: Vec::new(),
        notices: Vec::new(),
        papers: Vec::new(),
        serials,
        opens: Vec::new(),
        voids: Vec::new(),
        asks: Vec::new(),
        uses: Vec::new(),
    }
}

fn line(account: &str, paise: i64) -> Line {
    Line { account: account.to_owned(), amount: money(paise) }
}

/// The case gets its number, and owes 500 and a rebate of 50.
pub(crate) fn approved(before: &Case, mut serials: Serials) -> Outcome {
    let number = draw(&mut serials, CASES);
    let voucher = draw(&mut serials, VOUCHERS);
    let mut outcome = moved(before, "payment", serials);
    outcome.case.number = Some(number);
    outcome.case.submitted_ms = Some(NOW + 5);
    outcome.case.wake_ms = Some(NOW + 9_000);
    outcome.case.acted = vec![(Name::new("verifier"), "officer-1".to_owned())];
    outcome.case.fired = vec![Name::new("remind")];
    let rate = RateUsed { name: "fee[spitz]".to_owned(), value: "500".to_owned(), authority: "Council".to_owned() };
    let demand = Demand {
        seq: 1,
        raised_on: day("2026-01-01"),
        due_on: day("2026-01-31"),
        period: None,
        opening: false,
        lines: vec![
            DemandLine { head: Name::new("fee"), amount: money(50_000), paid: Money::ZERO },
            DemandLine { head: Name::new("rebate"), amount: money(-5_000), paid: Money::ZERO },
        ],
        status: DemandStatus::Open,
        steps: vec![Step {
            name: "fee".to_owned(),
            value: "500".to_owned(),
            rates: vec![rate],
            rounded: Some(("499.6".to_owned(), "500".to_owned())),
        }]
        .into(),
        rates_from: day("2025-04-01"),
        authority: "Council".to_owned(),
        notes: Vec::new(),
        answers: Some(Answers([("since".to_owned(), Value::Int(2020))].into_iter().collect())),
    };
    outcome.case.demands = vec![demand.clone()];
    outcome.event.demands = vec![demand];
    let lines = [line("4313001", 45_000), line("1401101", -50_000), line("1401199", 5_000)];
    outcome.vouchers =
        vec![Voucher::new(voucher, day("2026-01-01"), Name::new("general"), VoucherKind::Demand, &lines).unwrap()];
    outcome.notices = vec![NoticeOrder { notice: Name::new("payment_due"), to: Recipient::Applicant }];
    outcome
}

pub(crate) fn payment(key: &str) -> Payment {
    let (mode, reference) = ("online".to_owned(), "REF".to_owned());
    Payment::of_one(key.to_owned(), NOW, Part { amount: money(45_000), mode, reference, instrument: None })
}

/// The money came; the license is granted.
pub(crate) fn paid(before: &Case, payment: Payment, mut serials: Serials) -> Outcome {
    let (receipt, voucher, record) =
        (draw(&mut serials, RECEIPTS), draw(&mut serials, VOUCHERS), draw(&mut serials, RECORDS));
    let mut outcome = moved(before, "licensed", serials);
    let demand = &mut outcome.case.demands[0];
    demand.status = DemandStatus::Settled;
    for line in &mut demand.lines {
        line.paid = line.amount;
    }
    let receipt = Receipt {
        number: receipt,
        payment,
        on: day("2026-01-02"),
        till: None,
        charged: vec![Charged { demand: 1, on: day("2026-01-02"), heads: Vec::new(), steps: Steps::default() }],
        applied: demand.lines.iter().map(|line| (1, line.head.clone(), line.amount)).collect(),
        unapplied: Money::ZERO,
        refunded: Money::ZERO,
        returned: Vec::new(),
        cancelled: false,
    };
    outcome.event.demands.clone_from(&outcome.case.demands);
    outcome.event.receipt = Some(receipt.clone());
    outcome.case.receipts.push(receipt);
    outcome.case.wake_ms = None;
    outcome.case.record = Some((Name::new("dogs"), record.clone()));
    let lines = [line("4502101", 45_000), line("4313001", -45_000)];
    outcome.vouchers =
        vec![Voucher::new(voucher, day("2026-01-02"), Name::new("general"), VoucherKind::Receipt, &lines).unwrap()];
    let record = Record {
        registry: Name::new("dogs"),
        number: record,
        version: 1,
        service: "dog-license".to_owned(),
        case: before.id.clone(),
        validity_by: before.id.clone(),
        actor: "officer".to_owned(),
        role: Some(Name::new("approver")),
        from: day("2026-01-02"),
        holder: "asha".to_owned(),
        answers: before.answers.clone(),
        valid_from: day("2026-01-02"),
        valid_until: Some(day("2026-12-31")),
        standing: Standing::Active,
        came_of: Vec::new(),
        became: Vec::new(),
    };
    outcome.records = vec![RecordChange { grant: Name::new("license"), record }];
    outcome.papers = vec![PaperOrder { document: Name::new("license") }];
    outcome
}

/// Records what `decide` makes of the case, in a transaction that the caller commits.
pub(crate) async fn act_in(
    tx: &mut Tx,
    id: &str,
    key: Option<&str>,
    decide: impl FnOnce(&Case, Serials) -> Outcome,
) -> Result<Case> {
    let before = cases::load(tx, id).await?.expect("the case is there");
    let held = serials::load(tx, &[CASES, VOUCHERS, RECEIPTS, RECORDS].map(str::to_owned)).await?;
    let outcome = decide(&before, held);
    let command = json::command(&Command::Elapse);
    let finding = Finding { place: "ward-1", terms: None };
    record(
        tx,
        Recording {
            before: &before,
            outcome: &outcome,
            command: &command,
            by: by(&officer()),
            key,
            finding,
            opens: false,
        },
    )
    .await?;
    Ok(outcome.case)
}

/// The same, committed.
pub(crate) async fn act(
    store: &Store,
    id: &str,
    key: Option<&str>,
    decide: impl FnOnce(&Case, Serials) -> Outcome,
) -> Result<Case> {
    let mut tx = store.begin(TOWN).await?;
    let case = act_in(&mut tx, id, key, decide).await?;
    tx.commit().await?;
    Ok(case)
}

/// A case that went all the way.
pub(crate) async fn licensed(store: &Store, id: &str) -> Case {
    open(store, id).await;
    act(store, id, None, approved).await.unwrap();
    act(store, id, None, |case, serials| paid(case, payment(&format!("pay-{id}")), serials)).await.unwrap()
}
