//! `reconcile`: what a bank says, held against what was kept.

use std::fs;
use std::path::PathBuf;

use crate::program::{nagar, word};
use crate::town::{Kept, ask};

const BANK: &str = "\
account: \"00123456789\"
modes: [online]
columns: { day: Date, credited: Credit, debited: Debit, words: [Narration], balance: Balance }
";

/// The amount of the first receipt as a bank writes it, and its day.
async fn first(kept: &Kept) -> (String, String) {
    let amounts = ask(kept.data.path(), "select cast(amount_paise as text) from receipts order by number").await;
    let paise: i64 = amounts[0].parse().unwrap();
    let days = ask(kept.data.path(), "select on_day from receipts order by number").await;
    (format!("{}.{:02}", paise / 100, paise % 100), days[0].clone())
}

#[tokio::test]
async fn led_05_a_statement_is_held_against_the_receipts_as_often_as_somebody_likes() {
    let kept = Kept::make(3).await;
    let (amount, day) = first(&kept).await;
    let file = |name: &str, text: &str| -> PathBuf {
        let path = kept.data.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let bank = file("bank.yaml", BANK);
    let above = "Account: 00123456789\nDate,Narration,Debit,Credit,Balance\n";
    let lines = format!(
        "{day},UPI/REF/one,,₹ {amount} Cr,10\n{day},UPI/REF/two,,{amount},20\n\
         {day},NEFT from somebody,,\"1,00,000.50\",30\n{day},Charges,5.00,,25\n"
    );
    let april = file("april.csv", &format!("\u{feff}{above}{lines}"));
    let (data, definitions) = (word(kept.data.path()), word(kept.definitions.path()));
    let town = ["--tenant", &kept.tenant, "--data", data, "--definitions", definitions, "--by", word(&bank)];
    let asked = |files: &[&str]| nagar(&[&["reconcile", "--json"][..], files, &town[..]].concat());

    let before = ask(kept.data.path(), "select cast(count(*) as text) from vouchers").await;
    let told = asked(&[word(&april)]);
    assert_eq!(told.code, 1, "{}", told.err);
    let told = told.json();
    let receipts = ask(kept.data.path(), "select number from receipts order by number").await;
    assert_eq!(told["matched"][0]["receipts"][0], receipts[0].as_str(), "{told}");
    assert_eq!(told["matched"][1]["receipts"][0], receipts[1].as_str(), "{told}");
    assert_eq!(told["without_receipt"][0]["amount_paise"], 10_000_050, "{told}");
    assert_eq!(told["without_receipt"][0]["line"], 5, "{told}");
    assert_eq!(told["without_money"][0]["receipt"], receipts[2].as_str(), "{told}");
    assert_eq!(told["repeated"], 0, "{told}");
    assert_eq!(told["debited"], 1, "{told}");
    assert_eq!(told["from"], day.as_str(), "{told}");
    assert_eq!(told["account"], "00123456789", "{told}");

    let mut again = asked(&[word(&april), word(&april)]).json();
    assert_eq!(again["repeated"], 4);
    again["repeated"] = told["repeated"].clone();
    assert_eq!(again, told, "the same file twice says nothing new");
    assert_eq!(ask(kept.data.path(), "select cast(count(*) as text) from vouchers").await, before);

    let words = nagar(&[&["reconcile", word(&april)][..], &town[..]].concat());
    words.expect(1, "money without a receipt: 1 line, ");
    words.expect(1, "receipts without money: 1 receipt, ");
    words.expect(1, &receipts[2]);

    let rest = file("rest.csv", &format!("{above}{}", lines.lines().next().unwrap().replace("one", "three")));
    let whole = file("whole.csv", &format!("{above}{day},UPI/REF/two,,{amount},20\n{day},REF,,{amount},30\n"));
    assert_eq!(asked(&[word(&whole), word(&rest)]).code, 0, "every receipt has its money");
}

#[tokio::test]
async fn led_05_what_is_of_another_account_or_cannot_be_read_is_refused_with_the_line() {
    let kept = Kept::make(1).await;
    let (bank, file) = (kept.data.path().join("bank.yaml"), kept.data.path().join("april.csv"));
    let (data, definitions) = (word(kept.data.path()), word(kept.definitions.path()));
    let refused = |description: &str, text: &[u8], words: &str| {
        fs::write(&bank, description).unwrap();
        fs::write(&file, text).unwrap();
        let town = ["--tenant", &kept.tenant, "--data", data, "--definitions", definitions, "--by", word(&bank)];
        let run = nagar(&[&["reconcile", word(&file)][..], &town[..]].concat());
        run.expect(2, words);
        assert_eq!(run.out, "", "nothing is said of a file that is refused");
    };
    let good = "Account: 00123456789\nDate,Narration,Debit,Credit,Balance\n06/04/2026,REF,,5.00,1\n";
    refused(BANK, good.replace("00123", "00999").as_bytes(), "april.csv: above its headings stands nothing of the");
    refused(BANK, b"Account: 00123456789\ncaf\xe9\n", "april.csv: line 2 is not in UTF-8: save the table as");
    let bad = format!("{good}07/04/2026,REF,,five,1\n");
    refused(BANK, bad.as_bytes(), "april.csv: line 4: `five` is no amount: write it as 1,00,000.50");
    refused(&BANK.replace("online", "barter"), good.as_bytes(), "`modes` names `barter`");
    refused(&BANK.replace("modes", "mode"), good.as_bytes(), "bank.yaml");
}
