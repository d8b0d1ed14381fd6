//! Commands on what is kept: `verify`, `export` and `authenticator`.

use std::collections::BTreeMap;

use crate::program::{nagar, word};
use crate::town::{Kept, ask};

#[tokio::test]
async fn what_is_whole_verifies_and_what_was_altered_is_named() {
    let kept = Kept::make(2).await;
    let data = word(kept.data.path());
    nagar(&["verify", "--data", data]).expect(0, &kept.tenant);
    nagar(&["verify", "--data", data, "--tenant", "no-such-town"]).expect(2, "knows no such town");
    let told = nagar(&["verify", "--json", "--data", data]);
    assert_eq!((told.code, told.json()["findings"].as_u64()), (0, Some(0)), "{}", told.out);

    let case = ask(kept.data.path(), "select id from cases order by id limit 1").await.remove(0);
    kept.damage("update cases set applicant = 'somebody' where id = (select id from cases order by id limit 1)").await;
    nagar(&["verify", "--data", data]).expect(1, &case);
    let told = nagar(&["verify", "--json", "--data", data, "--tenant", &kept.tenant]);
    let findings = told.json();
    assert_eq!(told.code, 1);
    assert!(findings["findings"].as_u64().unwrap() > 0);
    let rows = findings["tenants"][0]["findings"].as_array().unwrap();
    let named = |row: &serde_json::Value| row["table"] == "cases" && row["row"].as_str().unwrap().contains(&case);
    assert!(rows.iter().any(named), "{findings}");
    for key in ["check", "table", "row", "what"] {
        assert!(rows[0][key].is_string(), "a finding has `{key}`: {findings}");
    }
}

#[tokio::test]
async fn the_number_of_a_citizen_is_held_to_the_rule_of_the_pages() {
    let kept = Kept::make(0).await;
    let (data, definitions) = (word(kept.data.path()), word(kept.definitions.path()));
    let authenticator = ["authenticator", "--data", data, "--definitions", definitions, "--tenant", &kept.tenant];
    let of = |mobile: &str| nagar(&[&authenticator[..], &["--mobile", mobile]].concat());
    for wrong in ["12345", "1234567890", "98765432100", "98765 4321O"] {
        of(wrong).expect(2, "is no mobile number");
    }
    for right in ["9876543210", "+91 98765-43210", "९८७६५४३२१०"] {
        of(right).expect(1, "No citizen with this number");
    }
}

#[tokio::test]
async fn led_06_the_journal_balances_line_by_line_and_says_our_balances() {
    let kept = Kept::make(3).await;
    let (data, definitions) = (word(kept.data.path()), word(kept.definitions.path()));
    let told = nagar(&["export", "--data", data, "--definitions", definitions]);
    assert_eq!(told.code, 0, "{}", told.err);
    let journal = Parsed::of(&told.out);
    assert_eq!(journal.vouchers, kept.vouchers);
    assert!(kept.vouchers >= 6, "a demand and a receipt each");
    for (account, balance) in &journal.said {
        assert_eq!(journal.sums.get(account).copied().unwrap_or_default(), *balance, "{account}");
    }
    assert_eq!(journal.said.len(), journal.open.len());

    let numbers = |kind: &str, of: &str| -> Vec<String> {
        let wanted = journal.traced.iter().filter(|(of_kind, key, _)| of_kind == kind && key == of);
        wanted.map(|(.., number)| number.clone()).collect()
    };
    let receipts = ask(kept.data.path(), "select number from receipts order by number").await;
    let cases = ask(kept.data.path(), "select number from cases order by number").await;
    assert_eq!((receipts.len(), cases.len()), (3, 3));
    assert_eq!(numbers("receipt", "receipt:"), receipts, "a receipt is found in the journal");
    assert_eq!(numbers("receipt", "case:"), cases);
    assert_eq!(numbers("demand", "case:"), cases);
    let records = "select record_number from cases where record_number is not null order by number";
    assert_eq!(numbers("receipt", "record:"), ask(kept.data.path(), records).await);
    assert_eq!(journal.sums.values().sum::<i64>(), 0);

    let file = kept.data.path().join("journal.beancount");
    let database = format!("sqlite:{}", kept.data.path().join("nagar.db").display());
    let words = ["export", "--json", "--data", data, "--definitions", definitions, "--database", &database, "--output"];
    let told = nagar(&[&words[..], &[word(&file)]].concat());
    assert_eq!(told.code, 0, "{}", told.err);
    let told = told.json();
    assert_eq!((told["vouchers"].as_u64(), told["towns"].as_u64()), (Some(kept.vouchers as u64), Some(1)));
    assert_eq!(Parsed::of(&std::fs::read_to_string(&file).unwrap()).vouchers, kept.vouchers);
    let only = ["export", "--tenant", "no-such-town", "--data", data, "--definitions", definitions];
    nagar(&only).expect(2, "knows no such town");
}

#[tokio::test]
async fn aud_06_the_same_books_are_exported_to_the_same_octets() {
    let kept = Kept::make(3).await;
    let (data, definitions) = (word(kept.data.path()), word(kept.definitions.path()));
    let exported = |name: &str| {
        let file = kept.data.path().join(name);
        let words = ["export", "--data", data, "--definitions", definitions, "--output", word(&file)];
        let told = nagar(&words);
        assert_eq!(told.code, 0, "{}", told.err);
        std::fs::read(&file).unwrap()
    };
    let first = exported("first.beancount");
    assert!(first.len() > 500);
    assert!(exported("second.beancount") == first, "the same books gave another file");
}

#[tokio::test]
async fn led_03_the_register_of_demand_says_words_and_adds_up_each_place() {
    let kept = Kept::make(2).await;
    let (data, definitions) = (word(kept.data.path()), word(kept.definitions.path()));
    let year = ["dcb", "--tenant", &kept.tenant, "--data", data, "--definitions", definitions, "--year", "2026-04-06"];
    let told = nagar(&year);
    assert_eq!(told.code, 0, "{}", told.err);
    let lines = nagar(&[&year[..], &["--json"]].concat()).json()["lines"].clone();
    let lines = lines.as_array().unwrap();
    assert!(!lines.is_empty());
    let sum = |key: &str| lines.iter().map(|line| line[key].as_i64().unwrap()).sum::<i64>();
    let rows: Vec<&str> = told.out.lines().collect();
    let columns: Vec<&str> = rows[1].split_whitespace().collect();
    assert_eq!(columns.join(" "), "arrears on arrears current demand collection balance");
    let amounts = |line: &str| -> Vec<i64> { line.split_whitespace().rev().take(6).map(paise).collect() };
    let whole = [sum("balance_paise"), sum("collection_paise"), sum("demand_paise"), sum("current_paise")];
    let begins = |words: &str| rows.iter().filter(|row| row.trim_start().starts_with(words)).count();
    assert_eq!(amounts(rows.last().unwrap())[..4], whole, "{}", told.out);
    let places: std::collections::BTreeSet<&str> = lines.iter().map(|line| line["place"].as_str().unwrap()).collect();
    assert_eq!(begins("this place"), places.len(), "{}", told.out);
    for line in lines {
        for key in ["service", "head"] {
            let code = line[key].as_str().unwrap();
            assert!(!told.out.contains(code), "`{code}` is no word:\n{}", told.out);
        }
        let place = line["place"].as_str().unwrap();
        assert!(place.is_empty() || told.out.contains(&format!("({place})")), "{}", told.out);
    }
}

#[tokio::test]
async fn a_town_with_vouchers_that_no_definition_knows_is_not_passed_over() {
    let kept = Kept::make(1).await;
    let state = std::fs::read_dir(kept.definitions.path().join("tenants")).unwrap().next().unwrap().unwrap().path();
    std::fs::remove_dir_all(state.join(&kept.tenant)).unwrap();
    let words = ["export", "--data", word(kept.data.path()), "--definitions", word(kept.definitions.path())];
    nagar(&words).expect(2, "has vouchers, and the definitions do not know it");
}

/// What a journal says, as a reader of beancount would take it; anything else fails.
#[derive(Default)]
struct Parsed {
    open: Vec<String>,
    vouchers: usize,
    sums: BTreeMap<String, i64>,
    said: BTreeMap<String, i64>,
    /// The kind of the last voucher.
    kind: String,
    /// What the vouchers came of: the kind of the voucher, of which kind the number is, and the number.
    traced: Vec<(String, String, String)>,
}

impl Parsed {
    fn of(text: &str) -> Self {
        let mut parsed = Self::default();
        let mut voucher = 0;
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with(';')) {
            let words: Vec<&str> = line.split_whitespace().collect();
            let is_day = |word: &str| word.len() == 10 && word.bytes().filter(|byte| *byte == b'-').count() == 2;
            match words[..] {
                ["option" | "description:" | "event:", ..] => {}
                [key @ ("case:" | "record:" | "receipt:"), number] if voucher == 0 => {
                    let number = number.strip_prefix('"').and_then(|number| number.strip_suffix('"')).unwrap();
                    parsed.traced.push((parsed.kind.clone(), key.to_owned(), number.to_owned()));
                }
                [day, "open", account, _] if is_day(day) => parsed.open.push(account.to_owned()),
                [day, "*", kind, ..] if is_day(day) => {
                    assert_eq!(voucher, 0, "the voucher before {line} does not balance");
                    kind.trim_matches('"').clone_into(&mut parsed.kind);
                    parsed.vouchers += 1;
                }
                [day, "balance", account, amount, _] if is_day(day) => {
                    parsed.said.insert(account.to_owned(), paise(amount));
                }
                [account, amount, _] if line.starts_with("  ") => {
                    assert!(parsed.open.iter().any(|open| open == account), "{account} is not open");
                    voucher += paise(amount);
                    *parsed.sums.entry(account.to_owned()).or_default() += paise(amount);
                }
                _ => panic!("not beancount: {line}"),
            }
        }
        assert_eq!(voucher, 0, "the last voucher does not balance");
        parsed
    }
}

fn paise(amount: &str) -> i64 {
    let (rupees, paise) = amount.split_once('.').unwrap_or((amount, "00"));
    assert_eq!(paise.len(), 2, "{amount}");
    format!("{rupees}{paise}").parse().unwrap()
}
