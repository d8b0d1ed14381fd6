//! What chance makes of definitions, answers and tables is read or refused: see `odd`.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test reads its own files")]

mod cost;
mod folder;
mod odd;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use engine::base::Answers;
use engine::base::date::parse_day;
use engine::form::{Ctx, Field, Kind, accept_form, accept_page, from_pairs};
use engine::import::{Cells, find};
use engine::scenario::walk::{Chance as _, Seeded};
use engine::service::{self, Folders, Service};
use engine::source::{Bundle, Diagnostics};
use engine::tenant::Tenant;
use serde_json::Value as Json;

use folder::{compiled, lay, shipped};
use odd::{Input, below, pick, throw};

/// What means something in definitions.
const SIGNS: &[&[u8]] = &[
    b"\n",
    b": ",
    b"- ",
    b"{",
    b"}",
    b"[",
    b"]",
    b"&a ",
    b"*a",
    b"<<: *a",
    b"!!binary ",
    b"|\n",
    b">-\n",
    b"\"",
    b"'",
    b"# ",
    b"\t",
    b"\0",
    b"\xef\xbb\xbf",
    b"\xff",
    b"\xe0\xa4",
    b"0x1F",
    b"1e309",
    b"~",
    b"?",
    b"---\n",
    b",",
    b"{{",
    b"}}",
    b"{{#if ",
    b"{{/if}}",
    b"{{> x}}",
    b"{{{",
    b"fn fees(answers, rates) {\n",
    b"loop { }",
    b"switch x { ",
    b"99999999999999999999999",
    b"-1",
    b"2026-02-30",
    b"today - 30 days",
    "क्षि\u{200d}".as_bytes(),
];

/// What means something in answers.
const VALUES: &[&[u8]] = &[
    b"\"",
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b",",
    b"null",
    b"true",
    b"-0",
    b"1e309",
    b"9223372036854775808",
    b"0.1",
    b"\"2026-02-29\"",
    b"\\u0000",
    b"\\ud800",
    "०१२३".as_bytes(),
    "क्\u{200d}ष".as_bytes(),
    b"\"W1\"",
    b"\"id\":",
];

/// What is typed or sent where nobody should.
const TYPED: [&str; 14] = [
    "",
    "yes",
    "on",
    "-1",
    "1",
    "0.005",
    "1,00,000",
    "9876543210",
    "2026-04-06",
    "29/02/2027",
    "०१२३",
    "\u{202e}a",
    "a\u{301}",
    "9223372036854775808",
];
const CORPORA: [&str; 3] = [
    include_str!("../../server/tests/http/corpus/sql.txt"),
    include_str!("../../server/tests/http/corpus/markup.txt"),
    include_str!("../../server/tests/http/corpus/odd.txt"),
];

/// The small state of the checks.
fn base() -> Bundle {
    let mut bundle = Bundle::default();
    lay(&mut bundle, &Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/checks/base"));
    bundle
}

#[test]
fn def_02_whatever_a_definition_says_is_read_or_refused() {
    let base = base();
    let files = |path: &Arc<str>| (path.to_string(), base.bytes(path).unwrap().to_vec());
    let known = || -> Vec<Input> { base.paths().map(files).collect() };
    throw(("def_02_whatever_a_definition_says_is_read_or_refused", 100), &known, SIGNS, &|name, input| {
        let mut bundle = base.clone();
        bundle.add(name, input);
        let (_, found) = service::load(&bundle);
        let _ = std::hint::black_box(found.render(&bundle, ""));
    });
}

/// The services that ship, each as a town of no particular place has it.
fn services() -> BTreeMap<String, (Service, Tenant)> {
    let bundle = shipped();
    let ids = bundle.paths().filter_map(|path| path.strip_suffix("/service.yaml")).filter(|id| !id.contains('/'));
    ids.map(|id| (id.to_owned(), compiled(&bundle, id))).collect()
}

fn ctx<'a>((service, tenant): &'a (Service, Tenant), known: &'a Answers) -> Ctx<'a> {
    Ctx {
        today: parse_day("2026-06-15").unwrap(),
        lists: &service.lists,
        places: &tenant.places,
        known,
        named: None,
        identity: &tenant.identity_numbers,
    }
}

/// The names under which a page sends its fields.
fn names(fields: &[Field], before: &str, into: &mut Vec<String>) {
    for field in fields {
        let name = format!("{before}{}", field.name);
        match &field.kind {
            Kind::Group { fields } => names(fields, &format!("{name}."), into),
            Kind::List { fields, .. } => {
                for item in 0..2 {
                    names(fields, &format!("{name}.{item}."), into);
                }
            }
            Kind::Date { .. } => into.extend(["day", "month", "year"].map(|part| format!("{name}.{part}"))),
            _ => {}
        }
        into.push(name);
    }
}

/// A value: something odd, something ordinary, or noise.
fn value(chance: &mut Seeded, corpus: &[&str]) -> String {
    match below(chance, 8) {
        0..=2 => (*pick(chance, corpus)).to_owned(),
        3..=5 => (*pick(chance, &TYPED)).to_owned(),
        6 => "क".repeat(below(chance, 5_000)),
        _ => {
            let mut letters = String::new();
            for _ in 0..below(chance, 40) {
                letters.extend(char::from_u32(u32::try_from(chance.below(0x2_FFFF)).unwrap()));
            }
            letters
        }
    }
}

/// What a browser might send of a page.
fn sent(chance: &mut Seeded, names: &[String], corpus: &[&str]) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for _ in 0..below(chance, names.len() * 2 + 3) {
        let mut name = if names.is_empty() { String::new() } else { pick(chance, names).clone() };
        match below(chance, 12) {
            0 => name.push_str(".0"),
            1 => name.push_str(".day"),
            2 => name.push_str(".99999999999999999999"),
            3 => name = value(chance, corpus),
            _ => {}
        }
        pairs.push((name, value(chance, corpus)));
    }
    pairs
}

/// `BODIES` says how many each page of each service is sent.
#[test]
fn ops_09_every_page_of_every_service_stands_what_is_sent() {
    let number = |variable: &str| std::env::var(variable).ok().and_then(|said| said.parse::<u64>().ok());
    let (bodies, seed) = (number("BODIES").unwrap_or(20), number("SEED").unwrap_or(1));
    let corpus: Vec<&str> = CORPORA.iter().flat_map(|text| text.lines()).collect();
    let (mut chance, known) = (Seeded(seed), Answers::default());
    let (mut pages, mut taken) = (0, 0);
    for stage in services().values() {
        let (form, ctx) = (&stage.0.form, ctx(stage, &known));
        for page in form.all_pages() {
            let mut all = Vec::new();
            names(&page.fields, "", &mut all);
            for _ in 0..bodies {
                let pairs = sent(&mut chance, &all, &corpus);
                let json = from_pairs(&page.fields, &pairs, &known);
                taken += u64::from(accept_page(form, page, &json, &ctx).is_ok());
            }
            pages += 1;
        }
    }
    println!("{bodies} bodies to each of {pages} pages, of which {taken} would do");
    assert!(pages > 100, "only {pages} pages");
}

#[test]
fn ops_09_whatever_answers_a_program_sends_are_taken_or_refused() {
    let services = std::cell::LazyCell::new(services);
    let nothing = Answers::default();
    let known = || -> Vec<Input> {
        let corpus: Vec<&str> = CORPORA.iter().flat_map(|text| text.lines()).collect();
        let mut chance = Seeded(7);
        let mut answered = |service: &Service| {
            let fields: Vec<Field> = service.form.fields().cloned().collect();
            let mut all = Vec::new();
            names(&fields, "", &mut all);
            let pairs: Vec<(String, String)> =
                all.into_iter().map(|name| (name, value(&mut chance, &corpus))).collect();
            from_pairs(&fields, &pairs, &nothing).to_string().into_bytes()
        };
        services.iter().map(|(id, (service, _))| (id.clone(), answered(service))).collect()
    };
    throw(("ops_09_whatever_answers_a_program_sends_are_taken_or_refused", 1_000), &known, VALUES, &|id, input| {
        let Ok(json) = serde_json::from_slice::<Json>(input) else { return };
        let stage = &services[id];
        let _ = std::hint::black_box(accept_form(&stage.0.form, None, &json, &ctx(stage, &nothing)));
    });
}

#[test]
fn ops_09_whatever_a_row_of_a_table_says_is_taken_over_or_refused() {
    const ROWS: [&str; 2] = [
        "Property number=H-1\nMobile=9876543210\nAnnual value=14,400\nDemand of the year=1,440\nReceipt=4,320\nOf it current=1,440\nOf it arrears=2,880\nOf it penalty=\nRebate given=0",
        "Property number=H/2-7\nOwner=आशा रावत\nOld house number=12\nAnnual value=1,92,060.00\nReceipt=-\nBalance 2024-25=19,206",
    ];
    let bundle = shipped();
    let (service, tenant) = compiled(&bundle, "property-tax");
    let mut found = Diagnostics::default();
    let import = find(&Folders::shared(&bundle), &service, "receipts", &mut found).unwrap();
    let stage = (service, tenant);
    let nothing = Answers::default();
    let known = || ROWS.map(|row| ("receipts".to_owned(), row.as_bytes().to_vec())).to_vec();
    throw(("ops_09_whatever_a_row_of_a_table_says_is_taken_over_or_refused", 1_000), &known, VALUES, &|_, input| {
        let text = String::from_utf8_lossy(input);
        let cells = text.lines().filter_map(|line| line.split_once('='));
        let row: Cells = cells.map(|(column, cell)| (column.to_owned(), cell.to_owned())).collect();
        let taken = import.record(&stage.0.form, |_| false, &[row], "row 1".to_owned(), &ctx(&stage, &nothing));
        let _ = std::hint::black_box(taken);
    });
}
