//! Bills for a whole register, cut off again and again at moments that chance chooses: whenever it
//! is begun again it goes on, and in the end every record has one bill and the books are whole.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::program::{nagar, word};
use crate::town::{ask, definitions_of};

/// Records in the register, and how often its billing is cut off. `STORM=records,kills` says others.
const RECORDS: usize = 20_000;
const KILLS: usize = 40;

/// The only town of these definitions, and the code of a place in it that has no other below it.
pub(crate) fn place(definitions: &Path) -> (String, String) {
    let towns = fs::read_dir(definitions.join("tenants")).unwrap().map(|entry| entry.unwrap().path());
    let state = towns.into_iter().find(|path| path.join("tenant.yaml").exists()).unwrap();
    let town = fs::read_dir(&state).unwrap().map(|entry| entry.unwrap().path());
    let town = town.into_iter().find(|path| path.join("tenant.yaml").exists()).unwrap();
    let places = fs::read_to_string(town.join("places.csv")).unwrap();
    let last = places.lines().rfind(|line| !line.is_empty()).unwrap();
    (town.file_name().unwrap().to_string_lossy().into_owned(), last.split(',').next().unwrap().to_owned())
}

/// The old register of a town, as an office would hand it over.
pub(crate) fn register(records: usize, place: &str) -> String {
    let mut table = String::from(
        "Property number,Mobile,Entered on,Old house number,Type of property,Owned since,House number,Street,Mohalla,PIN,Kind of locality,Width of road,\
         Plot area,Floor,Use,Occupied by,Construction,Built in,Built-up area,Ownership,Owner,Father or husband,Owner's mobile,\
         Tax 2023-24,Interest 2023-24,Tax 2024-25,Interest 2024-25,Tax 2025-26,Interest 2025-26\n",
    );
    for number in 0..records {
        let mobile = 9_000_000_000_u64 + number as u64;
        let (area, built) = (400 + number % 1_700, 1_970 + number % 50);
        let owed = if number % 4 == 0 { format!("{}.00", 300 + number % 900) } else { String::new() };
        let _ = writeln!(
            table,
            "OLD-{number:06},{mobile},01/04/2012,,BUILTUP_INDEPENDENT,01/04/2010,{number},Mall Road,{place},263601,ORDINARY,UNDER_12,\
             {area},G,RESIDENTIAL,SELFOCCUPIED,PUCCA,{built},{area}.50,INDIVIDUAL_SINGLEOWNER,Owner of {number},Father of {number},\
             {mobile},,,,,{owed},"
        );
    }
    table
}

#[tokio::test]
async fn billing_that_is_cut_off_again_and_again_bills_everybody_once() {
    let said = std::env::var("STORM").unwrap_or_default();
    let (records, kills) = said
        .split_once(',')
        .and_then(|(records, kills)| Some((records.parse().ok()?, kills.parse().ok()?)))
        .unwrap_or((RECORDS, KILLS));
    let (definitions, data) = (definitions_of(&["property-tax"]), tempfile::tempdir().unwrap());
    let (town, place) = place(definitions.path());
    let table = data.path().join("register.csv");
    fs::write(&table, register(records, &place)).unwrap();
    let both = ["--definitions", word(definitions.path()), "--data", word(data.path())];
    let import = ["import", "properties", word(&table), "--tenant", &town];
    nagar(&[&import[..], &both].concat()).expect(0, &records.to_string());

    let raise = ["raise", "--service", "property-tax", "--tenant", &town, "--day", "2026-04-02", "--json"];
    let begin = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_nagar"));
        command.args(raise).args(both).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    let mut seed = 20_260_402_u64;
    let (_nobody, calls) = mpsc::channel::<()>();
    // A run is cut in the middle if it was killed after it had raised something, and before everything was.
    let demands = "select cast(count(*) as text) from demands where body like '%\"period\":[\"2026-04-01\"%'";
    let raised = async || ask(data.path(), demands).await.concat().parse::<usize>().unwrap();
    // How long a run takes to begin is the machine's, and longer after one that was killed, whose log is read first;
    // chance chooses from a little before.
    let (mut start, mut before) = (Duration::ZERO, 0);
    for _ in 0..2 {
        let (clock, mut run) = (Instant::now(), begin());
        while raised().await == before {
            assert!(run.try_wait().unwrap().is_none(), "a run ended and had raised nothing");
            let _ = calls.recv_timeout(Duration::from_millis(10));
        }
        start = clock.elapsed();
        run.kill().unwrap();
        run.wait().unwrap();
        before = raised().await;
    }
    let span = start.max(Duration::from_millis(600));
    let (mut cut, mut middle, mut runs) = (0, 0, 0);
    // Once everything is raised, whatever is killed after that proves nothing more.
    while runs < kills && before < records {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mut run = begin();
        // A moment of chance is all that is waited for; nobody ever calls.
        let chosen = span * u32::try_from((seed >> 33) % 1_000).unwrap() / 1_000;
        let _ = calls.recv_timeout(start / 4 * 3 + chosen);
        let running = run.try_wait().unwrap().is_none();
        run.kill().unwrap();
        run.wait().unwrap();
        let now = raised().await;
        runs += 1;
        cut += usize::from(running);
        middle += usize::from(running && before < now && now < records);
        before = now;
    }
    println!(
        "it takes {start:?} to begin; {cut} of {runs} runs were cut off, {middle} of them in the middle of raising, {before} of {records} bills by then"
    );
    let last = nagar(&[&raise[..], &both].concat());
    assert_eq!(last.code, 0, "{}\n{}", last.out, last.err);
    // The run that raised the last bill may have come to its end.
    assert!(runs > 0, "everything was raised at once: the register is too small for this machine");
    assert!(cut * 2 + 1 >= runs, "only {cut} of {runs} runs were cut off while bills were left");
    // After a run that was killed the log of the database is read first, and that takes longer the more there is of it:
    // most of the others were cut before they went on.
    assert!(middle > 0, "none of {cut} runs was cut in the middle: chance hit the start or the end of all");

    let many = "select cast(count(*) as text) from (select record_number from cases c join demands d on d.tenant = c.tenant \
                and d.case_id = c.id where d.body like '%\"period\":[\"2026-04-01\"%' and d.status <> 'cancelled' \
                group by record_number having count(*) = 1)";
    assert_eq!(ask(data.path(), many).await, [records.to_string()], "everybody has one bill of the year");
    nagar(&["verify", "--data", word(data.path())]).expect(0, "whole");
}
