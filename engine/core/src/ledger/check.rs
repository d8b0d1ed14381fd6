//! From `postings.yaml` and `accounts.yaml` to the model.

use std::collections::BTreeMap;

use super::checks::{cannot_balance, missing_mode, unknown_account, unposted_head};
use super::yaml::{AccountsYaml, CashDifferenceYaml, PostingsYaml};
use super::{CashDifference, Chart, Pair, Postings, Side};
use crate::base::Name;
use crate::billing::{Billing, CASH, ONLINE};
use crate::source::{At, Diagnostics, Where};

/// The chart of accounts that `yaml` describes.
pub(crate) fn chart(yaml: AccountsYaml, out: &mut Diagnostics) -> Chart {
    let places: Vec<_> = yaml.accounts.0.iter().map(|(code, _)| (code.value.0.clone(), code.at.clone())).collect();
    let accounts: BTreeMap<_, _> = yaml.accounts.0.into_iter().map(|(code, words)| (code.value.0, words.0)).collect();
    let mut collection = BTreeMap::new();
    for (mode, account) in yaml.collection.0 {
        if !accounts.contains_key(&account.value.0) {
            out.push(unknown_account::diagnostic(
                "account",
                &account.value.0,
                &account.at,
                accounts.keys().map(String::as_str),
            ));
        }
        collection.insert(mode.value.to_string(), account.value.0);
    }
    let classes: BTreeMap<_, _> =
        yaml.classes.0.into_iter().map(|(start, class)| (start.value.0, class.value)).collect();
    for (code, at) in &places {
        if !classes.keys().any(|start| code.starts_with(start.as_str())) {
            out.push(unknown_account::diagnostic("class of", code, at, classes.keys().map(String::as_str)));
        }
    }
    let funds = yaml.funds.0.into_iter().map(|(name, words)| (name.value, words.0)).collect();
    let mut chart = Chart { accounts, funds, classes, collection, cash_difference: None };
    chart.cash_difference = yaml.cash_difference.map(|written| cash_difference(written, &chart, out));
    chart
}

/// Where the difference of a till is booked: from and to the account of cash.
fn cash_difference(yaml: CashDifferenceYaml, chart: &Chart, out: &mut Diagnostics) -> CashDifference {
    if !chart.funds.contains_key(&yaml.fund.value) {
        let known = chart.funds.keys().map(Name::as_str);
        out.push(unknown_account::diagnostic("fund", &yaml.fund, &yaml.fund.at, known));
    }
    for account in [&yaml.short, &yaml.over] {
        if !chart.accounts.contains_key(&account.value.0) {
            let known = chart.accounts.keys().map(String::as_str);
            out.push(unknown_account::diagnostic("account", &account.value.0, &account.at, known));
        }
    }
    if chart.collection(CASH).is_none() {
        out.push(missing_mode::diagnostic(CASH, &yaml.fund.at));
    }
    CashDifference { fund: yaml.fund.value, short: yaml.short.value.0, over: yaml.over.value.0 }
}

/// The postings that `yaml` describes.
pub(crate) fn postings(yaml: PostingsYaml) -> Postings {
    let pair = |pair: super::yaml::PairYaml| Pair { debit: pair.debit, credit: pair.credit };
    Postings {
        fund: yaml.fund,
        heads: yaml.heads.0.into_iter().map(|(name, account)| (name.value, account.map(|code| code.0))).collect(),
        demand: pair(yaml.demand),
        opening: yaml.opening.map(pair),
        receipt: pair(yaml.receipt),
        unapplied: pair(yaml.unapplied),
        dishonour: yaml.dishonour.map(pair),
        refund: yaml.refund.map(pair),
        set_off: yaml.set_off.map(pair),
        at: yaml.at,
    }
}

/// What is wrong between postings, heads and chart.
pub(crate) fn agree(postings: &Postings, billing: &Billing, chart: &Chart, out: &mut Diagnostics) {
    let known = || chart.accounts.keys().map(String::as_str);
    if !chart.funds.contains_key(&postings.fund.value) {
        out.push(unknown_account::diagnostic(
            "fund",
            &postings.fund,
            &postings.fund.at,
            chart.funds.keys().map(Name::as_str),
        ));
    }
    if chart.collection(ONLINE).is_none() {
        out.push(missing_mode::diagnostic(ONLINE, &postings.receipt.debit.at));
    }
    for head in &billing.heads {
        if !postings.heads.contains_key(&head.name) {
            out.push(unposted_head::missing(&head.name, &head.at, postings.heads.keys().map(Name::as_str)));
        }
    }
    for (head, account) in &postings.heads {
        if !billing.heads.iter().any(|known| known.name == *head) {
            out.push(unposted_head::needless(head, &account.at, billing.heads.iter().map(|head| head.name.as_str())));
        }
        if !chart.accounts.contains_key(&account.value) {
            out.push(unknown_account::diagnostic("account", account, &account.at, known()));
        }
    }
    for side in [&postings.demand, &postings.receipt, &postings.unapplied]
        .into_iter()
        .chain(&postings.opening)
        .chain(&postings.dishonour)
        .chain(&postings.refund)
        .chain(&postings.set_off)
        .flat_map(|pair| [&pair.debit, &pair.credit])
    {
        if let Side::Account(code) = &side.value
            && !chart.accounts.contains_key(code)
        {
            out.push(unknown_account::diagnostic("account", code, &side.at, known()));
        }
    }
    balance(postings, out);
}

/// The sides must be such that every voucher balances and the receivable comes back to nothing.
fn balance(postings: &Postings, out: &mut Diagnostics) {
    let mut wrong =
        |event: &str, at: &Where, label: &str, help: &str| out.push(cannot_balance::diagnostic(event, at, label, help));
    let receivable = |side: &At<Side>| matches!(side.value, Side::Account(_));
    if postings.demand.credit.value != Side::Heads {
        wrong("demand", &postings.demand.credit.at, "a demand credits what is charged", "write `credit: heads`");
    }
    if !receivable(&postings.demand.debit) {
        wrong("demand", &postings.demand.debit.at, "no money has come in yet", "name the account of receivables");
    }
    further(postings, &mut wrong);
    for (event, pair) in [("receipt", &postings.receipt), ("unapplied", &postings.unapplied)] {
        if pair.debit.value != Side::Collection {
            wrong(event, &pair.debit.at, "money comes in by a mode of payment", "write `debit: collection`");
        }
        if !receivable(&pair.credit) {
            wrong(event, &pair.credit.at, "the other side must be one account", "name an account");
        }
    }
    if receivable(&postings.receipt.credit)
        && receivable(&postings.demand.debit)
        && postings.receipt.credit.value != postings.demand.debit.value
    {
        wrong(
            "receipt",
            &postings.receipt.credit.at,
            "the demand put it on another account",
            "use the account that `demand` debits",
        );
    }
    if postings.unapplied.credit.value == postings.demand.debit.value {
        wrong(
            "unapplied",
            &postings.unapplied.credit.at,
            "this is the account of what people owe",
            "name an account of what is owed to people",
        );
    }
}

/// The sides of what not every service books: balances brought forward, cheques that come back, refunds.
fn further(postings: &Postings, wrong: &mut impl FnMut(&str, &Where, &str, &str)) {
    let receivable = |side: &At<Side>| matches!(side.value, Side::Account(_));
    if let Some(opening) = &postings.opening {
        if opening.debit.value != postings.demand.debit.value {
            wrong(
                "opening",
                &opening.debit.at,
                "a demand puts it on another account",
                "use the account that `demand` debits",
            );
        }
        if !receivable(&opening.credit) || opening.credit.value == opening.debit.value {
            wrong(
                "opening",
                &opening.credit.at,
                "the other side must be one other account",
                "name the account of balances brought forward",
            );
        }
    }
    if let Some(dishonour) = &postings.dishonour {
        if dishonour.debit.value != postings.receipt.credit.value {
            wrong(
                "dishonour",
                &dishonour.debit.at,
                "what the cheque had settled would not be owed again",
                "use the account that `receipt` credits",
            );
        }
        if dishonour.credit.value != Side::Collection {
            wrong("dishonour", &dishonour.credit.at, "the bank keeps the money", "write `credit: collection`");
        }
    }
    leaving(postings, "refund", postings.refund.as_ref(), "name the account of the bank", wrong);
    let waits = "name an account of what is owed to people, on which it waits for the other bill";
    leaving(postings, "set_off", postings.set_off.as_ref(), waits, wrong);
}

/// The sides by which money that waited leaves.
fn leaving(
    postings: &Postings,
    event: &str,
    pair: Option<&Pair>,
    help: &str,
    wrong: &mut impl FnMut(&str, &Where, &str, &str),
) {
    let Some(pair) = pair else { return };
    if pair.debit.value != postings.unapplied.credit.value {
        wrong(
            event,
            &pair.debit.at,
            "this is not where money waits that is paid back",
            "use the account that `unapplied` credits",
        );
    }
    if !matches!(pair.credit.value, Side::Account(_)) || pair.credit.value == pair.debit.value {
        wrong(event, &pair.credit.at, "the money must leave an account", help);
    }
}
