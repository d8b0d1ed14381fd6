//! `/{tenant}/pay/{registry}/{record}`: what is owed on a record today, why, and paying it.

use engine::base::date::add_days;
use engine::base::{Day, Money};
use engine::billing::{Bill, BillPart};
use engine::case::{RecordBill, Rise};
use engine::service::Service;
use engine::template::format;
use ui_gen::Page;
use ui_gen::view::common::{ErrorLink, Paper, Row};
use ui_gen::view::dues::{Dues as View, DuesPart};
use ui_gen::view::money::{Bill as BillView, BillLine};

use super::known::{self, Known};
use super::{count, paid};
use crate::bills;
use crate::dues::Dues;
use crate::http::ask::{Answer, Ask};
use crate::http::citizen::{statement, tell};
use crate::http::order::{self, Wanted};
use crate::http::when;

/// `GET /{tenant}/pay/{registry}/{record}`
pub async fn page(ask: &Ask) -> Answer {
    count(ask).await?;
    let known = Known::load(ask).await?;
    let bill = known.dues.bill(ask.now().day())?;
    draw(ask, &known, &bill, "", 200)
}

fn draw(ask: &Ask, known: &Known, bill: &RecordBill, error: &str, status: u16) -> Answer {
    let (words, record) = (ask.words(), &known.dues.record);
    let href = known::href(ask, record);
    let owed = bill.total.paise() > 0;
    let online = owed && ask.app.gateway(&ask.tenant().id).is_some();
    let fields = match known.dues.least(bill.total) {
        Some(least) if online => vec![order::question(ask, (least, bill.total), error)?],
        _ => Vec::new(),
    };
    let mut errors = Vec::new();
    if !error.is_empty() && fields.is_empty() {
        errors.push(ErrorLink { target: String::new(), text: error.to_owned() });
    }
    let view = View {
        what: known.what.clone(),
        number: record.number.clone(),
        rows: rows(ask, known, bill.credit),
        total: if owed { tell::money(ask, bill.total) } else { String::new() },
        rise: if owed { rise(ask, &known.dues) } else { String::new() },
        due: bill.due_on.filter(|_| owed).map(|day| when::due_day(words, day, ask.now())),
        parts: parts(ask, &known.dues, bill),
        action: if online { href.clone() } else { String::new() },
        fields,
        errors,
        counter: if owed { statement::counter(ask) } else { Vec::new() },
        papers: if owed { papers(ask, known, &href) } else { Vec::new() },
        another: ask.at("/pay"),
    };
    ask.page(Page::Dues(view)).back(ask.at("/pay")).status(status).answer()
}

fn rows(ask: &Ask, known: &Known, credit: Money) -> Vec<Row> {
    let words = ask.words();
    let credit = if credit.is_zero() { String::new() } else { tell::money(ask, credit) };
    let mut rows = vec![
        Row::new(words.get("dues.holder"), &known.holder),
        Row::new(words.get("dues.where"), &known.place),
        Row::new(words.get("dues.credit"), credit),
    ];
    rows.retain(|row| !row.lines.is_empty());
    rows
}

/// What waiting will cost, in a sentence.
fn rise(ask: &Ask, dues: &Dues) -> String {
    let today = ask.now().day();
    let Some(rise) = dues.rise(today) else { return String::new() };
    let key = match (ends_rebate(dues, today, rise), rise.until == today) {
        (true, true) => "dues.rebate_today",
        (true, false) => "dues.rebate",
        (false, true) => "dues.rise_today",
        (false, false) => "dues.rise",
    };
    ask.words().say(key, &[("day", &format::day(rise.until)), ("amount", &tell::money(ask, rise.more))])
}

/// Whether more is owed then because less is taken off, rather than because something is added. A rounding
/// of the day may be taken off too, so what is lost has to be most of the rise.
fn ends_rebate(dues: &Dues, today: Day, rise: Rise) -> bool {
    let taken_off = |day: Day| -> Option<Money> {
        let bill = dues.bill(day).ok()?;
        let of_day = bill.bills.iter().flat_map(|bill| &bill.parts).flat_map(|part| &part.of_day);
        Some(of_day.map(|(_, amount)| *amount).filter(|amount| amount.paise() < 0).sum())
    };
    let lost = taken_off(add_days(rise.until, 1)).zip(taken_off(today)).map(|(then, now)| then - now);
    lost.is_some_and(|lost| lost + lost > rise.more)
}

/// The bill on paper, where the service that bills has one.
fn papers(ask: &Ask, known: &Known, href: &str) -> Vec<Paper> {
    let has = bills::template(&known.dues).is_some();
    let title = ask.words().get("dues.paper");
    let paper = Paper { title, href: format!("{href}/bill"), detail: "PDF".to_owned(), ..Paper::default() };
    has.then_some(paper).into_iter().collect()
}

/// Every demand with what it is made of, the oldest first.
fn parts(ask: &Ask, dues: &Dues, bill: &RecordBill) -> Vec<DuesPart> {
    let parts = bill.parts();
    let single = parts.len() == 1;
    let view = |(at, part): (usize, &BillPart)| {
        let service = &dues.accounts[at].0;
        DuesPart {
            title: bills::title(service, part, &ask.tenant().calendar, &ask.lang),
            due: ask.words().say("dues.due", &[("day", &format::day(part.due_on))]),
            bill: of_part(ask, service, part),
            open: single,
        }
    };
    parts.into_iter().map(view).collect()
}

fn of_part(ask: &Ask, service: &Service, part: &BillPart) -> BillView {
    let whole = Bill {
        day: ask.now().day(),
        parts: Vec::new(),
        lines: part.lines.clone(),
        total: part.total,
        steps: part.steps.clone(),
        due_on: Some(part.due_on),
    };
    let mut view = tell::bill(ask, service, &whole);
    let note = ask.words().get("dues.if_today");
    let of_day = |line: &BillLine, (name, _): &&(engine::base::Name, Money)| {
        service.billing.as_ref().is_some_and(|billing| tell::head(billing, name, &ask.lang) == line.label)
    };
    for line in &mut view.lines {
        if part.of_day.iter().any(|charge| of_day(line, &charge)) {
            line.note.clone_from(&note);
        }
    }
    view
}

/// `POST /{tenant}/pay/{registry}/{record}`: asks the gateway for one order over everything that is owed,
/// and sends the payer there.
pub async fn pay(ask: &Ask) -> Answer {
    count(ask).await?;
    let known = Known::load(ask).await?;
    let words = ask.words();
    let bill = known.dues.bill(ask.now().day())?;
    if ask.only_shows() || bill.total.paise() <= 0 {
        return draw(ask, &known, &bill, "", 200);
    }
    let Some(gateway) = ask.app.gateway(&ask.tenant().id) else {
        return draw(ask, &known, &bill, &words.get("pay.only_counter"), 422);
    };
    let least = known.dues.least(bill.total);
    let Some(amount) = order::amount(ask, least, bill.total)? else {
        return draw(ask, &known, &bill, &order::wrong_amount(ask, least, bill.total), 422);
    };
    let parts: Vec<(String, Money)> =
        bill.shares(amount).into_iter().map(|(at, share)| (known.dues.accounts[at].1.id.clone(), share)).collect();
    let wanted = Wanted { parts, description: format!("{} {}", known.what, known.dues.record.number) };
    let reference = wanted.reference(ask)?;
    let cases: Vec<&str> = known.dues.accounts.iter().map(|(_, case)| case.id.as_str()).collect();
    if let Some(earlier) = order::unsettled(ask, &cases).await? {
        // The receipt is for whoever paid. Who sent this very form is on the way to it.
        if earlier.reference == reference {
            return ask.redirect(&paid::path(ask, &reference));
        }
        return draw(ask, &known, &bill, &words.get("dues.on_its_way"), 422);
    }
    order::begin(ask, gateway, &wanted, &reference, &paid::path(ask, &reference)).await
}
