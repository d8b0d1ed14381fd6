//! Rows of real sheets, as the descriptions that ship read them: what was copied wrongly is refused with
//! the reason, and what was collected elsewhere is divided over the heads.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod folder;

use std::collections::BTreeMap;

use engine::base::date::parse_day;
use engine::base::{Answers, Moment};
use engine::case::{Actor, Command, Context, decide, open};
use engine::form::Ctx;
use engine::import::{Cells, Import, Taken, Wrong, WrongCell, find};
use engine::service::{Folders, Service};
use engine::source::Diagnostics;
use engine::tenant::Tenant;

use folder::compiled;

struct Sheet {
    service: Service,
    tenant: Tenant,
    import: Import,
}

impl Sheet {
    /// A description of the property tax that ships; `change` is made to it before.
    fn open(name: &str, change: impl FnOnce(String) -> String) -> Self {
        let mut bundle = folder::shipped();
        let path = format!("property-tax/imports/{name}.yaml");
        let written = String::from_utf8(bundle.bytes(&path).unwrap().to_vec()).unwrap();
        bundle.add(&path, change(written).into_bytes());
        let (service, tenant) = compiled(&bundle, "property-tax");
        let mut found = Diagnostics::default();
        let import = find(&Folders::shared(&bundle), &service, name, &mut found);
        let import = import.unwrap_or_else(|| panic!("{}", found.render(&bundle, "definitions/")));
        Self { service, tenant, import }
    }

    fn read(&self, cells: &[(&str, &str)]) -> Result<Taken, Vec<WrongCell>> {
        let known = Answers::default();
        let ctx = Ctx {
            today: parse_day("2026-06-15").unwrap(),
            lists: &self.service.lists,
            places: &self.tenant.places,
            known: &known,
            named: None,
            identity: &[],
        };
        let row: Cells = cells.iter().map(|(column, cell)| ((*column).to_owned(), (*cell).to_owned())).collect();
        self.import.record(&self.service.form, |_| false, &[row], "row 1".to_owned(), &ctx)
    }
}

/// What is wrong with a row of the sheet of Haridwar: annual value, demand, receipt, of it current, of it arrears.
fn wrong(sheet: &Sheet, [annual_value, demand, receipt, current, arrears]: [&str; 5]) -> Vec<String> {
    let cells = [
        ("Property number", "H-1"),
        ("Annual value", annual_value),
        ("Demand of the year", demand),
        ("Receipt", receipt),
        ("Of it current", current),
        ("Of it arrears", arrears),
    ];
    let reason = |cell: WrongCell| match cell.wrong {
        Wrong::Check(words) => words,
        other => format!("{}: {other:?}", cell.column),
    };
    sheet.read(&cells).err().into_iter().flatten().map(reason).collect()
}

#[test]
fn rows_that_were_copied_wrongly_are_reported_and_the_others_are_taken() {
    let sheet = Sheet::open("receipts", |written| written);
    for (row, cells) in [
        ("R1", ["14,400", "1,440", "4,320", "1,440", "2,880"]),
        ("R2", ["57,000", "-", "11,115", "5,700", "5,415"]),
        ("R5", ["10,800", "1,026", "3,132", "1,026", "2,106"]),
        ("R7", ["9,720", "972", "1,895", "972", "923"]),
        ("R8", ["52,146", "5,214", "5,215", "5,215", ""]),
        ("R10", ["21,600", "2,160", "2,160", "2,160", ""]),
        ("R11", ["16,320", "1,632", "1,632", "1,632", ""]),
        ("R13", ["10,260", "1,026", "1,026", "1,026", ""]),
        ("R15", ["1,92,060", "19,206", "19,206", "19,206", ""]),
        ("R17", ["10,800", "1,080", "1,080", "1,080", ""]),
        ("R18", ["10800.00", "1080.00", "1080.00", "1080.00", "0"]),
    ] {
        assert_eq!(wrong(&sheet, cells), Vec::<String>::new(), "{row}");
    }
    assert_eq!(
        wrong(&sheet, ["16,200", "1,539", "31,590", "16,200", "15,390"]),
        ["More was paid as current tax than a tenth of the annual value"],
        "R4: ten times too large"
    );
    assert_eq!(
        wrong(&sheet, ["4.0", "-", "432", "0", "644"]),
        ["The receipt is not current tax, arrears and penalty added up, less the rebate"],
        "R20: 432 is not 644"
    );
    assert_eq!(wrong(&sheet, ["lots", "", "", "", ""]), ["Annual value: NotAnAmount"]);
}

#[test]
fn what_was_collected_elsewhere_is_pooled_and_divided_over_the_heads() {
    // What lowers the bill first, then the heads as they are written: interest before tax.
    let sheet = Sheet::open("receipts", |written| {
        let owed = "    heads: { tax_residential: Balance 2024-25 }\n";
        assert!(written.contains(owed));
        let divided =
            "    heads: { time_rebate: Rebate, interest: Interest, tax_residential: Tax }\n    collected: Collected\n";
        written.replace(owed, divided)
    });
    assert!(sheet.import.columns().contains(&"Collected"));
    let owed = |tax: &str, interest: &str, rebate: &str, collected: &str| {
        let cells = [
            ("Property number", "H-1"),
            ("Tax", tax),
            ("Interest", interest),
            ("Rebate", rebate),
            ("Collected", collected),
        ];
        sheet.read(&cells).map(|taken| {
            let heads = taken.record.owed.into_iter().flat_map(|owed| owed.heads);
            let left = heads.filter(|(_, amount)| !amount.is_zero());
            left.map(|(head, amount)| (head.to_string(), amount.to_string())).collect::<Vec<_>>()
        })
    };
    let left = |head: &str, amount: &str| (head.to_owned(), amount.to_owned());
    assert!(owed("100", "", "-20", "80").unwrap().is_empty(), "A18: the rebate is taken, and the tax is collected");
    assert_eq!(owed("1000", "120", "", "500").unwrap(), [left("tax_residential", "620.00")]);
    assert_eq!(
        owed("1000", "120", "", "100").unwrap(),
        [left("interest", "20.00"), left("tax_residential", "1000.00")]
    );
    assert_eq!(owed("100", "", "-20", "").unwrap(), [left("time_rebate", "-20.00"), left("tax_residential", "100.00")]);
    for too_much in ["81", "-1"] {
        let refused = owed("100", "", "-20", too_much).unwrap_err();
        assert_eq!((refused[0].column.as_str(), &refused[0].wrong), ("Collected", &Wrong::CollectedTooMuch));
    }
}

#[test]
fn what_is_taken_over_ends_as_if_it_had_been_given_then() {
    let bundle = folder::shipped();
    let (service, tenant) = compiled(&bundle, "street-vending");
    let import = find(&Folders::shared(&bundle), &service, "vendors", &mut Diagnostics::default()).unwrap();
    let sheet = Sheet { service, tenant, import };
    let cells = [("Certificate number", "COV-7"), ("Given on", "2021-08-10"), ("Vendor", "Asha Rawat")];
    let taken = sheet.read(&cells).unwrap();
    let now = Moment::at(parse_day("2026-06-15").unwrap(), 600, 330);
    let context = || Context::new(now, &sheet.tenant);
    let case = open(&sheet.service, "old", "holder", "en", &context()).unwrap();
    let command = Command::TakeOver(Box::new(taken.record));
    let outcome = decide(&sheet.service, &case, &Actor::system(), &command, context()).unwrap();
    let record = &outcome.records[0].record;
    assert_eq!(record.valid_from, parse_day("2021-08-10").unwrap());
    assert_eq!(record.valid_until, parse_day("2026-08-09"), "five years from then, not from when it was taken over");
}

#[test]
fn every_description_that_ships_is_found_by_its_name_alone() {
    let bundle = folder::shipped();
    let mut seen = BTreeMap::new();
    for path in bundle.paths().filter(|path| path.contains("/imports/") && !path.starts_with("tenants/")) {
        let name = path.rsplit('/').next().unwrap().to_owned();
        if let Some(other) = seen.insert(name, path.to_string()) {
            panic!("`nagar import` could not tell {path} from {other}");
        }
    }
    assert!(seen.len() > 9, "{seen:?}");
}
