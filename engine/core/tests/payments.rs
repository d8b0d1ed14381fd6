//! Money to the millisecond and in parts, and changes of a register around the turn of a year, by the rules
//! of the property tax that ships.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod folder;

use engine::base::date::parse_day;
use engine::base::{Answers, Day, Moment, Money, Name};
use engine::billing::{DemandStatus, Instrument, NoteKind, ONLINE, Part, Payment, is_instrument};
use engine::case::{self, Actor, ActorKind, Case, Command, Context, Outcome, Refusal, TakeOver, decide, open};
use engine::ledger::Voucher;
use engine::registry::Record;
use engine::service::Service;
use engine::tenant::Tenant;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use folder::compiled;

/// Minutes that the clocks of the town are ahead of UTC.
const OFFSET: i32 = 330;

fn day(text: &str) -> Day {
    parse_day(text).unwrap()
}

/// The first millisecond of a day.
fn midnight(text: &str) -> Moment {
    Moment::at(day(text), 0, OFFSET)
}

/// The last millisecond before a day.
fn before(text: &str) -> Moment {
    let begins = midnight(text);
    begins.with_ms(begins.ms - 1)
}

fn paise(paise: i64) -> Money {
    Money::from_paise(paise).unwrap()
}

fn rupees(amount: i64) -> Money {
    paise(amount * 100)
}

fn shipped() -> (Service, Tenant) {
    compiled(&folder::shipped(), "property-tax")
}

/// A house that is let, whose tax of a year is a tenth of its annual value.
fn house(square_feet: &str) -> Json {
    json!({
        "property_type": "BUILTUP_INDEPENDENT", "area_unit": "sq_ft", "tax_area": "ORDINARY", "road_width": "UNDER_12",
        "land_area": "1400", "ownership": "INDIVIDUAL_SINGLEOWNER", "as_stated": true,
        "units": [{ "part": {
            "floor": "G", "usage": "RESIDENTIAL", "occupancy": "UNOCCUPIED", "construction": "PUCCA", "built_in": 1990,
            "inner_known": false, "built_up_area": square_feet,
        } }],
    })
}

/// A case by which a record is billed, in the town of the rules.
struct Account<'a> {
    service: &'a Service,
    tenant: &'a Tenant,
    case: Case,
    record: Record,
}

impl<'a> Account<'a> {
    /// A house of 1,000 square feet that was taken over on `since`, when nothing was owed on it.
    fn open((service, tenant): &'a (Service, Tenant), since: &str) -> Self {
        let now = midnight(since);
        let case = open(service, "account", "holder", "en", &Context::new(now, tenant)).unwrap();
        let taken = TakeOver {
            grant: Name::new("property"),
            number: Some("OLD-1".to_owned()),
            since: None,
            answers: Answers::from_json(&house("1000")),
            owed: Vec::new(),
            owing: Name::new("assessed"),
            settled: Name::new("settled"),
            source: "row 1".to_owned(),
        };
        let context = Context::new(now, tenant);
        let outcome = decide(service, &case, &Actor::system(), &Command::TakeOver(Box::new(taken)), context).unwrap();
        Self { service, tenant, case: outcome.case, record: outcome.records[0].record.clone() }
    }

    fn bring(&mut self, command: &Command, now: Moment) -> Result<Outcome, Refusal> {
        self.bring_by(&Actor::system(), command, now)
    }

    fn bring_by(&mut self, actor: &Actor, command: &Command, now: Moment) -> Result<Outcome, Refusal> {
        let context = Context::new(now, self.tenant).about(Some(&self.record), Money::ZERO);
        let outcome = decide(self.service, &self.case, actor, command, context)?;
        // So it is whatever is brought: a day that is over, and with it a month or a year, takes no voucher (LED-02).
        assert!(outcome.vouchers.iter().all(|voucher| voucher.on() == now.day()), "a voucher of another day");
        let posted: Money = outcome.vouchers.iter().flat_map(Voucher::lines).map(|line| line.amount).sum();
        assert_eq!(posted, Money::ZERO, "the books balance");
        self.case = outcome.case.clone();
        Ok(outcome)
    }

    fn period(&mut self, of: &str, now: Moment) -> Result<Outcome, Refusal> {
        self.bring(&Command::Period { day: day(of) }, now)
    }

    /// Money that was begun at one instant and is here at another.
    fn pay(&mut self, amount: Money, begun: Moment, now: Moment) -> Outcome {
        let key = format!("payment {}", self.case.receipts.len());
        let part = Part { amount, mode: ONLINE.to_owned(), reference: String::new(), instrument: None };
        let payment = Payment::of_one(key, begun.ms, part);
        self.bring(&Command::Receive(payment), now).unwrap()
    }

    fn due(&self, on: Day) -> Money {
        case::bill(self.service, &self.case, on).unwrap().total
    }

    fn owed(&self) -> Money {
        self.case.demands.iter().map(engine::billing::Demand::owed).sum()
    }

    /// Another case changes the area of the house in the register, from this instant on.
    fn measured(&mut self, square_feet: &str, on: &str) {
        self.record.version += 1;
        "another".clone_into(&mut self.record.case);
        self.record.from = day(on);
        self.record.answers = Answers::from_json(&house(square_feet));
    }
}

#[test]
fn pay_11_the_last_millisecond_of_a_day_is_still_of_it_and_the_first_of_the_next_is_not() {
    let town = shipped();
    let mut billed = Account::open(&town, "2026-04-01");
    billed.period("2026-04-01", midnight("2026-04-01")).unwrap();
    // The tax is 1,440 and 144. The first day of each stretch, what is due until it begins and from then on.
    for (next, until, then) in
        [("2026-04-16", 1_368, 1_440), ("2026-10-01", 1_440, 1_584), ("2027-04-01", 1_584, 1_757)]
    {
        let (last, first) = (before(next), midnight(next));
        assert_eq!((billed.due(last.day()), billed.due(first.day())), (rupees(until), rupees(then)), "{next}");
        for (begun, due) in [(last, until), (first, then)] {
            // The gateway may be slow: it counts when the payer began.
            for late_ms in [0, 1, 3 * 3_600_000] {
                let mut payer = Account { case: billed.case.clone(), record: billed.record.clone(), ..billed };
                payer.pay(rupees(due), begun, begun.with_ms(begun.ms + late_ms));
                assert_eq!(payer.case.state, *"settled", "{due} begun {late_ms} ms before it came, around {next}");
                assert_eq!(payer.case.receipts[0].unapplied, Money::ZERO);
            }
        }
        let mut late = Account { case: billed.case.clone(), record: billed.record.clone(), ..billed };
        late.pay(rupees(until), first, first);
        assert_eq!(late.case.state, *"assessed", "what was enough is not enough a millisecond later");
        assert!(late.owed() > Money::ZERO);
    }
}

#[test]
fn pay_11_a_year_is_billed_from_its_first_millisecond_on() {
    let town = shipped();
    let mut account = Account::open(&town, "2026-05-01");
    assert_eq!(account.period("2027-04-01", before("2027-04-01")).unwrap_err(), Refusal::NotYet);
    account.period("2026-04-01", before("2027-04-01")).unwrap();
    account.period("2027-04-01", midnight("2027-04-01")).unwrap();
    let days: Vec<String> = account.case.demands.iter().map(|demand| demand.raised_on.to_string()).collect();
    assert_eq!(days, ["2027-03-31", "2027-04-01"], "each by the clocks of the town");
}

#[test]
fn led_02_whatever_comes_late_is_booked_on_the_day_it_comes_and_not_in_the_year_that_is_over() {
    let town = shipped();
    let mut account = Account::open(&town, "2025-04-01");
    // The tax of a year is raised in the next, begun to be paid before its end, and here after it.
    let of_old_year = account.period("2025-04-01", midnight("2026-03-31")).unwrap();
    let due = account.due(day("2026-03-31"));
    let paid = account.pay(due, before("2026-04-01"), midnight("2026-04-02"));
    // A year later it turns out to have been a mistake.
    let cashiers = &account.service.billing.as_ref().unwrap().cancels;
    let roles: Vec<Name> = cashiers.iter().map(|role| role.value.clone()).collect();
    let cashier = Actor { person: "cashier".to_owned(), kind: ActorKind::Employee, roles };
    let mistaken = Command::CancelReceipt {
        receipt: account.case.receipts[0].number.clone(),
        reason: "Of another house.".to_owned(),
        asked_by: "another".to_owned(),
        dishonoured: None,
    };
    let taken_back = account.bring_by(&cashier, &mistaken, midnight("2027-04-05")).unwrap();
    let days = |outcome: &Outcome| -> Vec<String> {
        outcome.vouchers.iter().map(|voucher| voucher.on().to_string()).collect()
    };
    assert!(days(&of_old_year).iter().all(|on| on == "2026-03-31"));
    assert!(!paid.vouchers.is_empty() && days(&paid).iter().all(|on| on == "2026-04-02"));
    assert!(!taken_back.vouchers.is_empty() && days(&taken_back).iter().all(|on| on == "2027-04-05"));
}

#[test]
fn what_changed_before_the_year_began_reaches_the_old_year_though_the_new_one_is_billed_first() {
    let town = shipped();
    for paid in [false, true] {
        let mut account = Account::open(&town, "2025-04-01");
        account.period("2025-04-01", midnight("2025-04-01")).unwrap();
        assert_eq!(account.owed(), rupees(1_584));
        if paid {
            account.pay(rupees(1_584), midnight("2025-05-01"), midnight("2025-05-01"));
        }
        // On the last evening of the year; the clock has not looked at the account since.
        account.measured("2000", "2026-03-31");
        account.period("2026-04-01", midnight("2026-04-01")).unwrap();
        let totals: Vec<Money> = account.case.demands.iter().map(engine::billing::Demand::total).collect();
        assert_eq!(totals, [rupees(3_168), rupees(3_168)], "twice the house, in both years");
        let notes = &account.case.demands[0].notes;
        assert_eq!((notes.len(), notes[0].kind), (1, NoteKind::Revision));
        assert_eq!(account.case.state, *"assessed");
        assert_eq!(account.owed(), rupees(if paid { 4_752 } else { 6_336 }));
        // Nothing is left to follow.
        let now = midnight("2026-04-02");
        assert_eq!(account.bring(&Command::Elapse, now).unwrap_err(), Refusal::NotYet);
    }
}

#[test]
fn a_change_that_holds_from_the_new_year_leaves_the_old_one_alone() {
    let town = shipped();
    let mut account = Account::open(&town, "2025-04-01");
    account.period("2025-04-01", midnight("2025-04-01")).unwrap();
    account.measured("2000", "2026-04-01");
    account.period("2026-04-01", midnight("2026-04-01")).unwrap();
    let totals: Vec<Money> = account.case.demands.iter().map(engine::billing::Demand::total).collect();
    assert_eq!(totals, [rupees(1_584), rupees(3_168)]);
    assert!(account.case.demands[0].notes.is_empty());
}

fn part(amount: Money, mode: &str) -> Part {
    let instrument = Instrument { number: "100001".into(), bank: "SBIN0000001".into(), dated: day("2026-10-01") };
    let instrument = is_instrument(mode).then_some(instrument);
    Part { amount, mode: mode.to_owned(), reference: String::new(), instrument }
}

/// What vouchers move on an account.
fn moved(outcome: &Outcome, account: &str) -> Money {
    let lines = outcome.vouchers.iter().flat_map(Voucher::lines);
    lines.filter(|line| line.account == account).map(|line| line.amount).sum()
}

/// Whoever may take receipts back agrees to what another asked for.
fn take_back(account: &mut Account<'_>, dishonoured: Option<usize>, on: Day) -> Result<Outcome, Refusal> {
    let roles = account.service.billing.iter().flat_map(|billing| &billing.cancels).map(|role| role.value.clone());
    let cashier = Actor { person: "cashier".to_owned(), kind: ActorKind::Employee, roles: roles.collect() };
    let receipt = account.case.receipts[0].number.clone();
    let (reason, asked_by) = ("It came back.".to_owned(), "another".to_owned());
    let command = Command::CancelReceipt { receipt, reason, asked_by, dishonoured };
    account.bring_by(&cashier, &command, Moment::at(on, 600, OFFSET))
}

/// A house on which 5,500 rupees of a year that is over were owed, paid by a cheque and, to the amount that is due and
/// seven paise beyond it, online.
fn paid_by_two(town: &(Service, Tenant), cheque: Money, on: Day) -> (Account<'_>, Outcome) {
    let at = Moment::at(on, 600, OFFSET);
    let mut account = taken_over(town, &[(2025, 500_000, 50_000)]);
    let online = account.due(on) - cheque + paise(7);
    let payment = Payment::of("two".to_owned(), at.ms, vec![part(cheque, "cheque"), part(online, ONLINE)]).unwrap();
    let taken = account.bring(&Command::Receive(payment), at).unwrap();
    (account, taken)
}

#[test]
fn what_comes_by_two_modes_is_booked_where_each_comes_in_and_leaves_from_there() {
    let town = shipped();
    let (on, cheque) = (day("2026-10-01"), paise(300_001));
    let due = taken_over(&town, &[(2025, 500_000, 50_000)]).due(on);
    let (mut account, taken) = paid_by_two(&town, cheque, on);
    let online = due - cheque + paise(7);
    assert_eq!(account.case.receipts[0].unapplied, paise(7));
    assert_eq!((moved(&taken, "4501003"), moved(&taken, "4502101")), (cheque, online));
    assert_eq!(moved(&taken, "3504102"), paise(-7));
    let back = take_back(&mut account, None, on).unwrap();
    assert!(account.case.receipts[0].cancelled);
    assert_eq!((moved(&back, "4501003"), moved(&back, "4502101")), (-cheque, -online));
    assert_eq!((moved(&back, "3504102"), account.owed()), (paise(7), rupees(5_500)));
}

#[test]
fn a_cheque_that_comes_back_is_taken_back_alone() {
    let town = shipped();
    let (on, cheque) = (day("2026-10-01"), paise(300_001));
    let (mut account, _) = paid_by_two(&town, cheque, on);
    let charged = account.case.receipts[0].charged.clone();
    assert!(!charged.is_empty(), "the year is late: there is interest");
    let back = take_back(&mut account, Some(0), day("2026-10-05")).unwrap();
    let receipt = account.case.receipts[0].clone();
    assert!(!receipt.cancelled && receipt.returned == [0]);
    assert_eq!((receipt.stands(), receipt.unapplied), (receipt.payment.parts[1].amount, Money::ZERO));
    assert_eq!(receipt.charged, charged, "the interest until that day stays, and is not charged again");
    assert_eq!((moved(&back, "4501003"), moved(&back, "4502101")), (-cheque, Money::ZERO));
    // The seven paise are used up, and the return costs 200 rupees.
    assert_eq!((moved(&back, "3504102"), account.owed()), (paise(7), cheque - paise(7) + rupees(200)));
    let again = take_back(&mut account, Some(0), day("2026-10-06")).unwrap_err();
    assert_eq!(again, Refusal::NoInstrument, "it comes back once");
    let rest = take_back(&mut account, None, day("2026-10-06")).unwrap();
    assert!(account.case.receipts[0].cancelled);
    assert_eq!((moved(&rest, "4501003"), moved(&rest, "4502101")), (Money::ZERO, -receipt.stands()));
    assert_eq!(account.owed(), rupees(5_700), "as if nothing had come, but for the return");
}

#[test]
fn a_return_is_charged_for_though_what_stands_pays_for_all() {
    let town = shipped();
    let on = day("2026-10-01");
    let at = Moment::at(on, 600, OFFSET);
    let mut account = taken_over(&town, &[(2025, 500_000, 50_000)]);
    let parts = vec![part(paise(500), "cheque"), part(account.due(on), ONLINE)];
    let payment = Payment::of("two".to_owned(), at.ms, parts).unwrap();
    account.bring(&Command::Receive(payment), at).unwrap();
    let back = take_back(&mut account, Some(0), day("2026-10-05")).unwrap();
    assert_eq!((moved(&back, "4501003"), moved(&back, "3504102")), (paise(-500), paise(500)));
    assert_eq!((account.owed(), account.case.receipts[0].unapplied), (rupees(200), Money::ZERO));
}

#[test]
fn a_rebate_goes_with_the_cheque_without_which_the_whole_is_not_paid() {
    let town = shipped();
    let on = day("2026-04-20");
    let at = Moment::at(on, 600, OFFSET);
    let mut account = taken_over(&town, &[(2026, 100_500, 10_000)]);
    // Of 1,105 a tenth of the tax is let off, and what is left is rounded.
    let parts = vec![part(rupees(705), "cheque"), part(rupees(300), ONLINE)];
    account.bring(&Command::Receive(Payment::of("two".to_owned(), at.ms, parts).unwrap()), at).unwrap();
    assert_eq!((account.owed(), account.case.receipts[0].charged.len()), (Money::ZERO, 1));
    take_back(&mut account, Some(0), day("2026-04-25")).unwrap();
    assert!(account.case.receipts[0].charged.is_empty(), "neither the rebate nor what rounded it");
    assert_eq!(account.owed(), rupees(1_105 - 300 + 200));
}

#[test]
fn modes_that_do_not_make_the_amount_are_no_payment() {
    let town = shipped();
    let at = Moment::at(day("2026-10-01"), 600, OFFSET);
    let mut account = taken_over(&town, &[(2025, 500_000, 50_000)]);
    let two = Payment::of("two".to_owned(), at.ms, vec![part(paise(100), "cheque"), part(paise(50), ONLINE)]).unwrap();
    let less = Payment { amount: paise(151), ..two.clone() };
    let nothing = Payment { parts: vec![part(paise(150), "cheque"), part(Money::ZERO, ONLINE)], ..two.clone() };
    let twice = Payment { parts: vec![part(paise(100), "cheque"), part(paise(50), "cheque")], ..two.clone() };
    for wrong in [less, nothing, twice] {
        assert_eq!(account.bring(&Command::Receive(wrong), at).unwrap_err(), Refusal::NotAnAmount);
    }
    let unknown = Payment { parts: vec![part(paise(100), ONLINE), part(paise(50), "shells")], ..two.clone() };
    assert_eq!(account.bring(&Command::Receive(unknown), at).unwrap_err(), Refusal::UnknownMode);
    account.bring(&Command::Receive(two), at).unwrap();
}

/// Years that are owed, amounts in paise, and the day on which all of it is paid.
fn owing() -> impl Strategy<Value = (Vec<(i32, i64, i64)>, Day)> {
    let years = prop::collection::btree_map(2019..2027_i32, (1..5_000_000_i64, 0..500_000_i64), 1..4);
    let days = (0..500_i64).prop_map(|after| engine::base::date::add_days(day("2026-04-01"), after));
    let listed = years.prop_map(|years| years.into_iter().map(|(year, (tax, other))| (year, tax, other)).collect());
    (listed, days)
}

/// A house on which such amounts were owed when it was taken over.
fn taken_over<'a>(town: &'a (Service, Tenant), years: &[(i32, i64, i64)]) -> Account<'a> {
    let (service, tenant) = town;
    let now = midnight("2026-04-01");
    let case = open(service, "account", "holder", "en", &Context::new(now, tenant)).unwrap();
    let owed = |(year, tax, other): &(i32, i64, i64)| case::Owed {
        day: day(&format!("{year}-04-01")),
        heads: vec![(Name::new("tax_residential"), paise(*tax)), (Name::new("sanitation_tax"), paise(*other))],
    };
    let taken = TakeOver {
        grant: Name::new("property"),
        number: Some("OLD-1".to_owned()),
        since: None,
        answers: Answers::from_json(&house("1000")),
        owed: years.iter().map(owed).collect(),
        owing: Name::new("assessed"),
        settled: Name::new("settled"),
        source: "row 1".to_owned(),
    };
    let context = Context::new(now, tenant);
    let outcome = decide(service, &case, &Actor::system(), &Command::TakeOver(Box::new(taken)), context).unwrap();
    Account { service, tenant, case: outcome.case, record: outcome.records[0].record.clone() }
}

#[test]
fn what_the_day_adds_and_takes_off_on_one_account_moves_nothing() {
    // So small a part leaves on the account of interest, penalty and the like as much as it takes off.
    let town = shipped();
    let on = day("2026-10-01");
    let mut account = taken_over(&town, &[(2022, 2_357_237, 378_506), (2026, 2_711_688, 204_195)]);
    let due = account.due(on);
    let part = paise(due.paise() / 10_000);
    let outcome = account.pay(part, Moment::at(on, 600, OFFSET), Moment::at(on, 600, OFFSET));
    assert!(outcome.vouchers.iter().all(|voucher| !voucher.lines().is_empty()));
    assert_eq!(account.due(on) + part, due);
}

#[test]
fn what_rounded_a_rebate_goes_with_it() {
    let town = shipped();
    let on = day("2026-04-20");
    let at = Moment::at(on, 600, OFFSET);
    let mut account = taken_over(&town, &[(2026, 100_500, 10_000)]);
    // Of 1,105 a tenth of the tax is let off, 100.50: that leaves 1,004.50, which is 1,005 whole rupees.
    assert_eq!(account.due(on), rupees(1_005));
    account.pay(rupees(300), at, at);
    assert_eq!((account.owed(), account.due(on)), (rupees(805), rupees(805)));
    account.pay(rupees(805), at, at);
    assert_eq!((account.owed(), account.case.receipts[1].unapplied), (Money::ZERO, Money::ZERO));
}

#[test]
fn pay_10_paying_in_parts_never_makes_it_less() {
    let town = shipped();
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig { cases: 400, ..ProptestConfig::default() });
    let parts = prop::collection::vec(1..10_000_u32, 1..8);
    runner
        .run(&(owing(), parts, any::<bool>()), |((years, on), parts, whole_rupees)| {
            let at = Moment::at(on, 600, OFFSET);
            let mut account = taken_over(&town, &years);
            let at_once = account.due(on);
            let mut gave = Money::ZERO;
            for part in parts {
                // Each part is so many ten-thousandths of what is left.
                let due = account.due(on).paise();
                let mut amount = i64::try_from(i128::from(due) * i128::from(part) / 10_000).unwrap();
                if whole_rupees {
                    amount -= amount % 100;
                }
                if amount <= 0 || amount >= due {
                    continue;
                }
                account.pay(paise(amount), at, at);
                gave = gave + paise(amount);
                let left = account.due(on);
                prop_assert!(!whole_rupees || left.paise() % 100 == 0, "{left} is left of {at_once}");
            }
            let rest = account.due(on);
            if rest.paise() > 0 {
                account.pay(rest, at, at);
                gave = gave + rest;
            }
            prop_assert!(gave >= at_once, "{gave} in parts, {at_once} at once");
            let open = account.case.demands.iter().filter(|demand| demand.status == DemandStatus::Open).count();
            prop_assert_eq!(open, 0, "everything is settled");
            prop_assert!(account.case.receipts.iter().all(|receipt| receipt.unapplied == Money::ZERO));
            Ok(())
        })
        .unwrap();
}
