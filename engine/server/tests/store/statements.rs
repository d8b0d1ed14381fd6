//! Statements of banks: read, and held against receipts.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use server::statement::{Bank, Compared, Statement, compare, receipts_around};
use server::store::receipts::{self, Banked};
use tempfile::TempDir;

use crate::database::on_each;
use crate::town::{TOWN, day, licensed, money};

const HEADINGS: &str = "Txn Date,Description,Ref No.,Debit,Credit,Balance\n";

const ABOVE: &str = "Statement of account,,\nAccount Number: 00123456789,,\n\n";

/// A folder with statements, and the account that they are of.
struct Desk {
    folder: TempDir,
    bank: Bank,
}

impl Desk {
    fn new(account_column: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bank.yaml");
        let mut text =
            "account: \"00123456789\"\nmodes: [online, cheque]\ncolumns:\n  day: Txn Date\n  credited: Credit\n  \
                        debited: Debit\n  words: [Description, Ref No.]\n  balance: Balance\n"
                .to_owned();
        if account_column {
            text.push_str("  account: Account\n");
        }
        fs::write(&path, text).unwrap();
        let bank = Bank::read(&path).unwrap();
        Self { folder, bank }
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, content).unwrap();
        path
    }

    /// What is read of lines below headings of this account.
    fn read(&self, lines: &str) -> Statement {
        let file = self.file("read.csv", format!("{ABOVE}{HEADINGS}{lines}"));
        Statement::read(&[file], &self.bank).unwrap()
    }

    /// Why a file is refused.
    #[track_caller]
    fn refused(&self, content: impl AsRef<[u8]>, words: &[&str]) {
        let file = self.file("refused.csv", content);
        let why = format!("{:#}", Statement::read(&[file], &self.bank).unwrap_err());
        for words in words.iter().chain(&["refused.csv"]) {
            assert!(why.contains(words), "“{words}” is not in: {why}");
        }
    }
}

fn receipt(number: &str, reference: &str, paise: i64) -> Banked {
    Banked {
        number: number.to_owned(),
        on: day("2026-04-06"),
        mode: "online".to_owned(),
        reference: reference.to_owned(),
        amount: money(paise),
    }
}

fn numbers(compared: &Compared) -> Vec<Vec<&str>> {
    compared.matched.iter().map(|(_, given)| given.iter().map(|receipt| receipt.number.as_str()).collect()).collect()
}

#[test]
fn led_05_amounts_and_days_are_read_as_banks_write_them() {
    let desk = Desk::new(false);
    let lines = "06/04/2026,A,,,\"1,00,000.50\",1\n\
                 06-Apr-26,B,,,₹ 250.00 Cr,2\n\
                 06/04/26 10:12:13,C,,-,Rs. 300,3\n\
                 6 April 2026,D,,,INR 4.5(Cr.),4\n\
                 2026-04-07,E,,\"1,000.00\",0.00,5\n\
                 2026-04-07,F,,,75.00 Dr,6\n\
                 07/04/2026,Closing balance,,,,6\n\
                 ** made by a machine **\n";
    let statement = desk.read(lines);
    let read: Vec<i64> = statement.lines.iter().map(|line| line.amount.paise()).collect();
    assert_eq!(read, [10_000_050, 25_000, 30_000, 450]);
    assert!(statement.lines.iter().all(|line| line.day == day("2026-04-06")));
    assert_eq!((statement.debited, statement.repeated), (2, 0));
    assert_eq!(statement.days(), Some((day("2026-04-06"), day("2026-04-07"))));
    assert_eq!(statement.lines[0].line, 5, "lines are counted as a spreadsheet does");

    // A mark in front says that a file is UTF-8; it is no part of the heading.
    let marked = desk.file("marked.csv", format!("\u{feff}{HEADINGS}06/04/2026,00123456789,,,5,1\n"));
    let why = Statement::read(&[marked], &desk.bank).unwrap_err();
    assert!(format!("{why:#}").contains("nothing of the account"), "the headings were found: {why:#}");
}

#[test]
fn led_05_a_line_that_is_there_twice_counts_once() {
    let desk = Desk::new(false);
    let line = "06/04/2026,UPI/CR/pay_8812340001,,,250.00,1000\n";
    let april = desk.file("april.csv", format!("{ABOVE}{HEADINGS}{line}{line}"));
    let again = desk.file("again.csv", format!("\u{feff}{ABOVE}{HEADINGS}{line}06/04/2026,Other,,,250.00,1250\n"));
    let statement = Statement::read(&[april.clone(), again, april], &desk.bank).unwrap();
    assert_eq!((statement.lines.len(), statement.repeated), (2, 4));
    let days = statement.days().unwrap();
    let given = vec![receipt("RC/1", "pay_8812340001", 25_000), receipt("RC/2", "pay_8812340002", 25_000)];
    let compared = compare(statement.lines, days, given);
    assert_eq!(numbers(&compared), [["RC/1"]]);
    assert_eq!(compared.without_receipt.len(), 1);
    assert_eq!(compared.without_money, [receipt("RC/2", "pay_8812340002", 25_000)]);
}

#[test]
fn led_05_a_reference_and_an_amount_find_receipts() {
    let desk = Desk::new(false);
    let lines = "06/04/2026,BY CLG SBIN,4512,,10.00,1\n\
                 06/04/2026,NEFT*UTR:SBIN526096000001*X,,,30.00,2\n\
                 06/04/2026,UPI/pay_8812340003,,,99.00,3\n";
    let given = vec![
        receipt("RC/1", "004512", 1_000),
        receipt("RC/2", "sbin526096000001", 1_000),
        receipt("RC/3", "sbin526096000001", 2_000),
        receipt("RC/4", "pay_8812340003", 9_800),
    ];
    let statement = desk.read(lines);
    let days = statement.days().unwrap();
    let compared = compare(statement.lines, days, given);
    assert_eq!(numbers(&compared), [vec!["RC/1"], vec!["RC/2", "RC/3"]]);
    assert_eq!(compared.without_receipt[0].line, 7, "another amount is other money");
    assert_eq!(compared.without_money.iter().map(|left| left.number.as_str()).collect::<Vec<_>>(), ["RC/4"]);
}

#[test]
fn led_05_a_file_of_another_account_or_that_cannot_be_read_is_refused_whole() {
    let desk = Desk::new(false);
    let good = "06/04/2026,A,,,250.00,1\n";
    let other = ABOVE.replace("00123456789", "00999999999");
    desk.refused(format!("{other}{HEADINGS}{good}"), &["nothing of the account 00123456789", "give the statement"]);
    let mut latin = format!("{ABOVE}{HEADINGS}{good}06/04/2026,caf").into_bytes();
    latin.extend([0xe9, b',', b',', b',', b'1', b',', b'1', b'\n']);
    desk.refused(latin, &["line 6 is not in UTF-8", "save the table"]);
    for (line, words) in [
        ("31/02/2026,B,,,1.00,2\n", "`31/02/2026` is no day"),
        ("06/04/2026,B,,,1.2.3,2\n", "`1.2.3` is no amount"),
        ("06/04/2026,B,,,\"250,50\",2\n", "`250,50` is no amount"),
        ("06/04/2026,B,,1,1,2\n", "money came in and went out"),
    ] {
        desk.refused(format!("{ABOVE}{HEADINGS}{good}{line}"), &["line 6", words]);
    }
    desk.refused(format!("{ABOVE}Txn Date,Credit\n{good}"), &["no column"]);

    let desk = Desk::new(true);
    let headings = HEADINGS.replace("Balance", "Balance,Account");
    let lines = "06/04/2026,A,,,1,1,123456789\n06/04/2026,B,,,1,2,999\n";
    desk.refused(format!("{headings}{lines}"), &["line 3", "`999`", "give the statement of this account"]);
}

/// Banks of a whole town write many lines; whoever reconciles waits for them.
#[test]
fn led_05_a_hundred_thousand_lines_take_less_than_ten_seconds() {
    const LINES: usize = 100_000;
    let desk = Desk::new(false);
    let (mut text, mut given) = (format!("{ABOVE}{HEADINGS}"), Vec::new());
    for number in 0..LINES {
        let _ = writeln!(text, "06/04/2026,UPI/CR/{:012}/SOMEBODY/SBIN,,,250.00,{number}", 526_000_000_000 + number);
        given.push(receipt(&format!("RC/{number}"), &(526_000_000_000 + number).to_string(), 25_000));
    }
    let file = desk.file("many.csv", text);
    let begun = Instant::now();
    let statement = Statement::read(&[file], &desk.bank).unwrap();
    let days = statement.days().unwrap();
    let compared = compare(statement.lines, days, given);
    let took = begun.elapsed();
    assert_eq!((compared.matched.len(), compared.without_receipt.len()), (LINES, 0));
    assert!(took < Duration::from_secs(10), "it took {took:?}");
}

#[test]
fn led_05_receipts_that_hold_are_looked_for_around_the_days_of_the_statement() {
    on_each(|database| async move {
        let store = database.open().await;
        licensed(&store, "c1").await;
        licensed(&store, "c2").await;
        let mut bank = Desk::new(false).bank;
        let (first, second) = (day("2026-01-02"), day("2026-01-03"));
        let mut tx = store.read(TOWN).await.unwrap();
        let held = receipts::banked(&mut tx, first, first).await.unwrap();
        let told: Vec<_> = held.iter().map(|held| (held.number.as_str(), held.reference.as_str())).collect();
        assert_eq!(told, [("RC/000001", "REF"), ("RC/000002", "REF")]);
        assert_eq!((held[0].amount, held[0].on, held[0].mode.as_str()), (money(45_000), first, "online"));
        assert_eq!(receipts::banked(&mut tx, second, second).await.unwrap(), []);
        let around = |from, until| (day(from), day(until));
        let april = receipts_around(&mut tx, &bank, around("2026-04-01", "2026-04-30")).await.unwrap();
        assert_eq!(april, held, "a cheque may come in ninety days later");
        let summer = receipts_around(&mut tx, &bank, around("2026-06-01", "2026-06-30")).await.unwrap();
        assert_eq!(summer, []);
        bank.modes = vec!["cheque".to_owned()];
        assert_eq!(receipts_around(&mut tx, &bank, (first, second)).await.unwrap(), [], "that money comes elsewhere");
        drop(tx);
        database.sql("update receipts set status = 'cancelled' where number = 'RC/000001'").await;
        let mut tx = store.read(TOWN).await.unwrap();
        assert_eq!(receipts::banked(&mut tx, first, first).await.unwrap(), held[1..]);
    });
}
