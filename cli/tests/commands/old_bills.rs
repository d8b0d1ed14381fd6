//! Property tax by the definition that ships: a bill of long ago comes out as it was known then, whatever was
//! paid, charged and resolved since.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use engine::base::date::parse_day;
use engine::base::{Moment, Money};
use engine::billing::{ONLINE, Part, Payment};
use engine::case::{Actor, Command};
use engine::import as description;
use engine::service::{Folders, Service};
use engine::source::Diagnostics;
use engine::tenant::Tenant;
use server::app::{App, Given};
use server::bill_run;
use server::chance::{Chance, Clock};
use server::config::Config;
use server::import::table::Table;
use server::store::{cases, records, verify};
use server::{act, import, raise};

use crate::storm::{place, register};
use crate::town::definitions_of;

/// Properties in the register.
const HOUSES: u64 = 3;
const SERVICE: &str = "property-tax";
const REGISTRY: &str = "properties";
/// The day of the bill.
const DAY: &str = "2026-04-05";

fn at(day: &str, hour: i64) -> i64 {
    Moment::at(parse_day(day).unwrap(), hour * 60, 330).ms
}

/// An office that keeps its data in a folder.
struct Office {
    app: std::sync::Arc<App>,
    town: String,
}

impl Office {
    /// `seed` is another each time it is opened, so that no key is drawn twice.
    async fn open(definitions: &Path, data: &Path, town: &str, (at_ms, seed): (i64, u64)) -> Self {
        let config =
            Config { definitions: vec![definitions.to_owned()], data_dir: data.to_owned(), ..Config::default() };
        let given = Given { clock: Clock::at(at_ms), chance: Chance::seeded(seed), bundle: None };
        Self { app: App::open(config, given).await.unwrap(), town: town.to_owned() }
    }

    fn tenant(&self) -> Arc<Tenant> {
        Arc::clone(self.app.library.now().tenant(&self.town).unwrap())
    }

    fn service(&self) -> Arc<Service> {
        Arc::clone(self.app.library.now().catalogue.service(&self.town, SERVICE).unwrap())
    }

    async fn take_over(&self, table: &Path) {
        let (loaded, tenant, service) = (self.app.library.now(), self.tenant(), self.service());
        let folders = Folders::of_tenant(&loaded.bundle, &tenant.state, &tenant.id);
        let found = description::find(&folders, &service, "properties", &mut Diagnostics::default()).unwrap();
        let asked = import::Asked { tenant: &tenant, service: &service, import: &found };
        let judged = import::judge(&self.app, asked, Table::read(table, None).unwrap()).await.unwrap();
        assert!(judged.bad.is_empty(), "{:?}", judged.bad);
        import::take_over(&self.app, asked, &judged, |_| {}).await.unwrap();
    }

    /// Bills the register for the year in which a day lies.
    async fn year(&self, day: &str) {
        self.app.clock.set(at(day, 1));
        let asked = raise::Asked { day: parse_day(day).unwrap(), dry: false };
        let raised = raise::raise(&self.app, &self.tenant(), &self.service(), asked, |_| {}).await.unwrap();
        assert!(raised.not.is_empty() && raised.billed > 0, "{day}: {raised:?}");
    }

    /// Money for every property, whatever is owed.
    async fn pay(&self, rupees: i64) {
        let mut tx = self.app.store.read(&self.town).await.unwrap();
        let search = records::Search { registry: REGISTRY, ..records::Search::default() };
        let (found, _) = records::search(&mut tx, &search).await.unwrap();
        let mut accounts = Vec::new();
        for record in found {
            accounts.extend(cases::about_record(&mut tx, REGISTRY, &record.number).await.unwrap());
        }
        drop(tx);
        assert!(!accounts.is_empty());
        for account in accounts {
            let begun_ms = self.app.clock.now_ms();
            let amount = Money::from_paise(rupees * 100).unwrap();
            let part = Part { amount, mode: ONLINE.to_owned(), reference: String::new(), instrument: None };
            let payment = Payment::of_one(format!("{} at {begun_ms}", account.id), begun_ms, part);
            let command = Command::Receive(payment);
            act::act(&self.app, &self.tenant(), &account.id, &Actor::system(), &command, None).await.unwrap();
        }
    }

    /// The bills of the day on paper, as they are known now or were at an instant.
    async fn bills(&self, known_ms: Option<i64>) -> Vec<(String, Vec<u8>)> {
        let asked = bill_run::Asked { day: parse_day(DAY).unwrap(), known_ms, record: None, language: "en" };
        let mut files = Vec::new();
        let keep = |name: &str, bytes: &[u8]| {
            files.push((name.to_owned(), bytes.to_vec()));
            Ok(())
        };
        let printed = bill_run::print(&self.app, &self.tenant(), &self.service(), asked, |_| {}, keep).await.unwrap();
        assert!(printed.not.is_empty(), "every bill is printed: {:?}", printed.not);
        // Those of a day on which something was owed on each.
        assert!(known_ms.is_none() || printed.bills == HOUSES, "each property had a bill, and not {}", printed.bills);
        files
    }
}

/// Holds bills to those of before, to the last octet. Those that differ are left beside each other, to be looked at.
fn same(now: &[(String, Vec<u8>)], before: &[(String, Vec<u8>)]) {
    if now != before {
        let folder = tempfile::tempdir().unwrap().keep();
        for (word, bills) in [("now", now), ("before", before)] {
            for (name, bytes) in bills {
                fs::write(folder.join(format!("{word}-{name}")), bytes).unwrap();
            }
        }
        panic!("the bills are not what they were: {}", folder.display());
    }
}

/// The board makes the rates of a town three times as high, and calls the tax otherwise.
fn dearer(definitions: &Path, town: &str) {
    let change = |path: &Path, old: &str, new: &str| {
        let text = fs::read_to_string(path).unwrap();
        assert!(text.contains(old), "{} says {old}", path.display());
        fs::write(path, text.replace(old, new)).unwrap();
    };
    let states = fs::read_dir(definitions.join("tenants")).unwrap().map(|entry| entry.unwrap().path());
    let own = states.map(|state| state.join(town).join(SERVICE).join("rates.yaml")).find(|path| path.exists());
    let rates = own.unwrap_or_else(|| definitions.join(SERVICE).join("rates.yaml"));
    change(&rates, "construction: PUCCA, under_12: 1.50", "construction: PUCCA, under_12: 4.50");
    change(
        &definitions.join(SERVICE).join("billing.yaml"),
        "\"Property tax, residential\"",
        "\"House tax, dwellings\"",
    );
}

#[tokio::test]
async fn def_15_an_old_bill_of_property_tax_comes_out_the_same_ten_years_later() {
    let (definitions, data) = (definitions_of(&[SERVICE]), tempfile::tempdir().unwrap());
    let (town, place) = place(definitions.path());
    let table = data.path().join("register.csv");
    fs::write(&table, register(usize::try_from(HOUSES).unwrap(), &place)).unwrap();
    let office = Office::open(definitions.path(), data.path(), &town, (at("2026-04-01", 9), 7)).await;
    office.take_over(&table).await;
    office.year("2026-04-02").await;
    let noon_ms = at(DAY, 12);
    office.app.clock.set(noon_ms);
    let at_noon = office.bills(None).await;
    office.app.clock.set(at(DAY, 15));
    office.pay(100).await;
    let night_ms = at(DAY, 23);
    office.app.clock.set(night_ms);
    let at_night = office.bills(None).await;
    assert_ne!(at_night, at_noon, "a part of it was paid meanwhile");
    office.app.store.clone().close().await;
    drop(office);

    dearer(definitions.path(), &town);
    let office = Office::open(definitions.path(), data.path(), &town, (at("2027-04-01", 9), 8)).await;
    for year in 2027..=2036 {
        office.year(&format!("{year}-04-02")).await;
        office.app.clock.set(at(&format!("{year}-07-01"), 10));
        office.pay(if year == 2028 { 20_000 } else { 300 }).await;
    }
    office.app.clock.set(at("2036-12-15", 11));
    same(&office.bills(Some(noon_ms)).await, &at_noon);
    same(&office.bills(Some(night_ms)).await, &at_night);
    let now = office.bills(None).await;
    assert!(now != at_noon && now != at_night);

    let mut tx = office.app.store.read(&town).await.unwrap();
    assert!(verify::verify(&mut tx, None).await.unwrap().is_empty(), "and the books are whole");
}
