//! The journal as text that other people's programs read: beancount.
//!
//! Every town is a branch of the accounts; at the end stand the balances as we have them, so that
//! whoever checks the file checks us. Each voucher names the case, the record and the receipt that it
//! came of, by the numbers on the papers.

use std::fmt::Write as _;

use anyhow::{Context as _, Result};
use engine::base::date::add_days;
use engine::base::{Day, Money};
use engine::ledger::{AccountClass, Chart};
use engine::tenant::Tenant;

use crate::app::App;
use crate::store::vouchers::{self, Trace, VoucherRow};

/// Vouchers read at a time.
const PAGE: i64 = 2_000;

/// A journal in beancount's text.
#[derive(Clone, Debug, Default)]
pub struct Journal {
    /// The text.
    pub text: String,
    /// Towns that have vouchers.
    pub towns: usize,
    /// How many vouchers it holds.
    pub vouchers: usize,
}

/// The journal of those of `tenants` that have vouchers. `done` is told of each.
///
/// # Errors
/// When a tenant has vouchers and no chart of accounts: what is left out would be missed by nobody.
pub async fn beancount(app: &App, tenants: &[String], done: &mut (dyn FnMut() + Send)) -> Result<Journal> {
    let mut journal = Journal { text: String::from("option \"title\" \"Nagar\"\n"), ..Journal::default() };
    for tenant in tenants {
        let count = town(app, tenant, &mut journal.text).await?;
        journal.towns += usize::from(count > 0);
        journal.vouchers += count;
        done();
    }
    Ok(journal)
}

async fn town(app: &App, id: &str, text: &mut String) -> Result<usize> {
    let mut tx = app.store.read(id).await?;
    let sums = vouchers::trial_balance(&mut tx, None, None, None).await?;
    if sums.is_empty() {
        return Ok(0);
    }
    let loaded = app.library.now();
    let tenant =
        loaded.tenant(id).with_context(|| format!("`{id}` has vouchers, and the definitions do not know it"))?;
    let chart = loaded
        .catalogue
        .services(tenant)
        .find(|service| service.postings.is_some())
        .map(|service| service.chart.clone())
        .with_context(|| format!("`{id}` has vouchers, and none of its services has accounts"))?;
    let currency = &tenant.currency.code;
    let _ = writeln!(text, "\n; {}", tenant.title.in_language("en"));
    for sum in &sums {
        let name = chart.accounts.get(&sum.account).map_or("", |words| words.in_language("en"));
        let _ = writeln!(
            text,
            "1900-01-01 open {} {currency}\n  description: \"{}\"",
            account(&chart, tenant, &sum.account),
            plain(name)
        );
    }
    let (mut last, mut count, mut latest): (Option<VoucherRow>, usize, Option<Day>) = (None, 0, None);
    loop {
        let page = vouchers::journal(&mut tx, last.as_ref(), PAGE).await?;
        let traces = vouchers::traces(&mut tx, &page).await?;
        for voucher in &page {
            write_voucher(text, &chart, tenant, voucher, traces.get(&voucher.event));
            latest = latest.max(Some(voucher.on));
        }
        count += page.len();
        match page.last() {
            Some(end) => last = Some(end.clone()),
            None => break,
        }
    }
    if let Some(latest) = latest {
        for sum in &sums {
            let balance = Money::from_paise(sum.debit_paise - sum.credit_paise).unwrap_or_default();
            let _ = writeln!(
                text,
                "{} balance {} {balance} {currency}",
                add_days(latest, 1),
                account(&chart, tenant, &sum.account)
            );
        }
    }
    Ok(count)
}

fn write_voucher(text: &mut String, chart: &Chart, tenant: &Tenant, voucher: &VoucherRow, trace: Option<&Trace>) {
    let _ = writeln!(
        text,
        "\n{} * \"{}\" \"{}\"\n  event: \"{}\"",
        voucher.on,
        plain(&voucher.kind),
        plain(&voucher.number),
        voucher.event
    );
    let numbers = trace.map(|trace| [("case", &trace.case), ("record", &trace.record), ("receipt", &trace.receipt)]);
    for (key, number) in numbers.into_iter().flatten().filter(|(_, number)| !number.is_empty()) {
        let _ = writeln!(text, "  {key}: \"{}\"", plain(number));
    }
    for (code, paise) in &voucher.lines {
        let amount = Money::from_paise(*paise).unwrap_or_default();
        let _ = writeln!(text, "  {} {amount} {}", account(chart, tenant, code), tenant.currency.code);
    }
}

/// `Assets:DDN:A4501001`: class, town, code.
fn account(chart: &Chart, tenant: &Tenant, code: &str) -> String {
    let class = match chart.class(code) {
        Some(AccountClass::Assets) => "Assets",
        Some(AccountClass::Liabilities) => "Liabilities",
        Some(AccountClass::Income) => "Income",
        Some(AccountClass::Expenses) => "Expenses",
        Some(AccountClass::Equity) | None => "Equity",
    };
    format!("{class}:{}:A{code}", tenant.code)
}

fn plain(text: &str) -> String {
    text.replace(['"', '\\', '\n'], " ")
}
