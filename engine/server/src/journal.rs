//! The journal as text that other people's programs read: beancount.
//!
//! Every town is a branch of the accounts; at the end stand the balances as we have them, so that
//! whoever checks the file checks us.

use std::fmt::Write as _;

use anyhow::Result;
use engine::base::date::add_days;
use engine::base::{Day, Money};
use engine::ledger::{AccountClass, Chart};
use engine::tenant::Tenant;

use crate::app::App;
use crate::store::vouchers::{self, VoucherRow};

/// Vouchers read at a time.
const PAGE: i64 = 2_000;

/// The journal of `tenants` in beancount's text, and how many vouchers it holds.
pub async fn beancount(app: &App, tenants: &[&Tenant]) -> Result<(String, usize)> {
    let mut text = String::from("option \"title\" \"Nagar\"\n");
    let mut count = 0;
    for tenant in tenants {
        count += town(app, tenant, &mut text).await?;
    }
    Ok((text, count))
}

async fn town(app: &App, tenant: &Tenant, text: &mut String) -> Result<usize> {
    let loaded = app.library.now();
    let Some(chart) = loaded
        .catalogue
        .services(tenant)
        .find(|service| service.postings.is_some())
        .map(|service| service.chart.clone())
    else {
        return Ok(0);
    };
    let mut tx = app.store.read(&tenant.id).await?;
    let sums = vouchers::trial_balance(&mut tx, None, None, None).await?;
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
        for voucher in &page {
            write_voucher(text, &chart, tenant, voucher);
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

fn write_voucher(text: &mut String, chart: &Chart, tenant: &Tenant, voucher: &VoucherRow) {
    let _ = writeln!(
        text,
        "\n{} * \"{}\" \"{}\"\n  event: \"{}\"",
        voucher.on,
        plain(&voucher.kind),
        plain(&voucher.number),
        voucher.event
    );
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
