//! Lists, tenants and forms: the real definitions, and the smallest of our own.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so by stopping")]

use std::path::Path;
use std::sync::Arc;

use engine::base::{Answers, Value, date::parse_day};
use engine::form::{self, Ctx, Fieldsets, Form, Known, Problem};
use engine::list::{self, List};
use engine::source::{Bundle, Diagnostics};
use engine::tenant;
use serde_json::{Value as Json, json};

/// All files below `definitions/`.
fn definitions() -> Bundle {
    fn add(bundle: &mut Bundle, root: &Path, dir: &Path) {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                add(bundle, root, &path);
            } else {
                bundle.add(path.strip_prefix(root).unwrap().to_str().unwrap(), std::fs::read(&path).unwrap());
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../definitions").canonicalize().unwrap();
    let mut bundle = Bundle::default();
    add(&mut bundle, &root, &root);
    bundle
}

fn languages(codes: &[&str]) -> Vec<String> {
    codes.iter().map(|&code| code.to_owned()).collect()
}

fn lists(bundle: &Bundle, out: &mut Diagnostics) -> Vec<Arc<List>> {
    let read = |path: &Arc<str>| list::read::list(bundle, path, &languages(&["hi", "en"]), out).map(Arc::new);
    bundle.under("lists").filter(|path| path.ends_with(".csv")).filter_map(read).collect()
}

/// The folder of the first state of the definitions.
fn state_dir(bundle: &Bundle) -> String {
    let file = bundle.under("tenants").find(|path| path.ends_with("/tenant.yaml") && path.matches('/').count() == 2);
    file.unwrap().trim_end_matches("/tenant.yaml").to_owned()
}

#[test]
fn every_tenant_of_the_definitions_is_clean() {
    let mut bundle = definitions();
    let mut out = Diagnostics::default();
    let dir = state_dir(&bundle);
    // Whether the services are there is another test's business.
    let file = engine::source::read::yaml(&bundle, &format!("{dir}/tenant.yaml"), &mut out).unwrap();
    if let engine::source::NodeKind::List(services) = &file.get("services").unwrap().kind {
        for service in services {
            bundle.add(&format!("{}/service.yaml", service.scalar().unwrap()), Vec::new());
        }
    }
    let state = tenant::state(&bundle, &dir, &mut out).unwrap();
    let dirs: Vec<String> = bundle.under(&dir).filter_map(|path| path.strip_suffix("/places.csv").map(str::to_owned)).collect();
    let towns: Vec<_> = dirs.iter().map(|dir| (dir.as_str(), tenant::town(&bundle, &state, dir, &mut out))).collect();
    tenant::check_codes(&bundle, towns.iter().filter_map(|(dir, town)| Some((*dir, town.as_ref()?))), &mut out);
    assert_eq!(out.sorted().render(&bundle, ""), "");
    assert!(dirs.len() > 100);
    for (dir, town) in &towns {
        let town = town.as_ref().unwrap();
        assert!(dir.ends_with(&town.id) && town.languages == ["hi", "en"] && town.hours == Some((600, 1020)), "{dir}");
        assert!(town.emblem.as_ref().unwrap().starts_with("<svg") && !town.title.translations["hi"].is_empty(), "{dir}");
        assert!(!town.calendar.is_working_day(parse_day("2026-01-26").unwrap()) && town.calendar.second_saturday_off, "{dir}");
        assert!(town.places.choices().any(|place| place.level() == Some("locality")), "{dir}");
    }
}

#[test]
fn every_list_and_fieldset_of_the_definitions_is_clean() {
    let bundle = definitions();
    let mut out = Diagnostics::default();
    let lists = lists(&bundle, &mut out);
    let levels = [("locality".to_owned(), engine::base::Text::new("Mohalla"))];
    let known = Known { lists: &lists, levels: &levels, fieldsets: None };
    let fieldsets = Fieldsets::read(&bundle, &[""], &known, "en", &languages(&["hi", "en"]), &mut out);
    assert_eq!(out.sorted().render(&bundle, ""), "");
    assert_eq!(fieldsets.names().collect::<Vec<_>>(), ["address", "person"]);
    assert_eq!(fieldsets.get("address").unwrap()[0].label.in_language("hi"), "मकान या दुकान संख्या");
}

/// A form read from text, with the lists and fieldsets of the definitions and a few places.
struct World {
    form: Form,
    lists: Vec<Arc<List>>,
    places: List,
    known: Answers,
}

impl World {
    fn new(yaml: &str) -> Self {
        let mut bundle = definitions();
        bundle.add("x/form.yaml", yaml.as_bytes());
        bundle.add("x/places.csv", "code,parent,level,label,hi\nW1,,ward,Ward 1,\nM1,W1,locality,Rajpur,\nM2,W1,locality,Kandoli,\n".as_bytes());
        let mut out = Diagnostics::default();
        let lists = lists(&bundle, &mut out);
        let level = |name: &str| (name.to_owned(), engine::base::Text::new(name));
        let levels = [level("ward"), level("locality")];
        let places = list::read::places(&bundle, "x/places.csv", &[], &levels, &mut out).unwrap();
        let known = Known { lists: &lists, levels: &levels, fieldsets: None };
        let fieldsets = Fieldsets::read(&bundle, &[""], &known, "en", &[], &mut out);
        let known = Known { fieldsets: Some(&fieldsets), ..known };
        let form = form::compile(&bundle, "x/form.yaml", &known, &mut out);
        let said = out.sorted().render(&bundle, "");
        Self { form: form.unwrap_or_else(|| panic!("{said}")), lists, places, known: Answers::default() }
    }

    fn ctx(&self) -> Ctx<'_> {
        Ctx { today: parse_day("2026-07-01").unwrap(), lists: &self.lists, places: &self.places, known: &self.known }
    }

    fn accept(&self, json: &Json) -> Result<Answers, Vec<String>> {
        let show = |errors: Vec<form::FieldError>| errors.iter().map(|e| format!("{}: {:?}", e.path, e.problem)).collect();
        form::accept_form(&self.form, None, json, &self.ctx()).map_err(show)
    }
}

const LICENSE: &str = r#"
pages:
  trade:
    title: Your trade
    fields:
      trade_name: { label: What is the trade called?, type: text, max_length: 12 }
      trade_kind: { label: What kind of trade is it?, type: choice, options: { shop: Shop, eatery: Eatery } }
      started_on: { label: When did it start?, type: date, max: today }
      employees: { label: How many people work there?, type: number, min: 0, max: 500 }
      area: { label: How large is it?, type: decimal, min: 0, places: 1, optional: true }
  premises:
    title: Where you trade
    fields:
      address: { label: Address of the premises, type: address }
      tenure: { label: Do you own or rent it?, type: choice, options: tenures }
      rent: { label: Rent a month, type: money, when: tenure == "RENTED" }
      deed: { label: Rent agreement, type: file, kinds: pdf, max_mb: 1, when: tenure == "RENTED" }
  owners:
    title: Who owns it
    fields:
      owners:
        label: Owners
        type: list
        max: 2
        fields:
          name: { label: Full name, type: text }
          mobile: { label: Mobile number, type: phone }
  inspection:
    title: Inspection
    by: verifier
    fields:
      fit: { label: Is the place fit?, type: yes_no }
"#;

fn license() -> Json {
    json!({
        "trade_name": "  Asha ", "trade_kind": "shop", "started_on": "2026-07-01", "employees": 2,
        "address": { "door": "12-4", "street": "Fort Road", "locality": "M1", "pin": "248001" },
        "tenure": "OWNED", "owners": [{ "name": "Asha Rao", "mobile": "9876543210" }],
    })
}

#[test]
fn a_good_form_is_taken_and_trimmed() {
    let world = World::new(LICENSE);
    let answers = world.accept(&license()).unwrap();
    assert_eq!(answers.text("trade_name"), Some("Asha"));
    assert_eq!(answers.get("employees"), Some(&Value::Int(2)));
    assert_eq!(answers.at("owners.0.mobile"), Some(&Value::Text("9876543210".into())));
    // What was kept is taken again, and nothing changes.
    let again = form::complete(&world.form, None, &answers, &world.ctx()).unwrap();
    assert_eq!(again, answers);
}

#[test]
fn all_errors_are_said_at_once() {
    let world = World::new(LICENSE);
    let said = world.accept(&json!({
        "trade_name": "A name that is too long", "trade_kind": "boat", "started_on": "2026-07-02", "employees": -1, "area": "1.25",
        "address": { "door": "1", "locality": "W1", "pin": "2480012", "planet": "Earth" },
        "tenure": "RENTED", "rent": "-5", "deed": { "id": "1", "name": "a.png", "kind": "png", "size": 5 },
        "owners": [{ "name": " ", "mobile": "12345" }, {}, {}], "colour": "red",
    }));
    assert_eq!(said.unwrap_err(), [
        "colour: NotAsked", "trade_name: TooLong(12)", "trade_kind: NotAnOption", "started_on: TooLarge(\"01/07/2026\")", "employees: TooSmall(\"0\")",
        "area: TooManyDecimals(1)", "address.planet: NotAsked", "address.street: Missing", "address.locality: NotAnOption",
        "address.pin: TooLong(6)", "rent: TooSmall(\"0\")", "deed: WrongFileKind(\"pdf\")", "owners: TooMany(2)",
    ]);
    let said = world.accept(&json!({ "owners": [{ "name": " ", "mobile": 9 }] })).unwrap_err();
    assert!(said.contains(&"owners.0.name: Missing".to_owned()) && said.contains(&"owners.0.mobile: WrongKind".to_owned()), "{said:?}");
    assert!(said.contains(&"address.pin: Missing".to_owned()) && !said.contains(&"address: Missing".to_owned()), "{said:?}");
}

#[test]
fn answers_that_are_not_asked_are_dropped() {
    let world = World::new(LICENSE);
    let mut given = license();
    given["rent"] = json!("what nobody asked");
    assert_eq!(world.accept(&given).unwrap().get("rent"), None);
    given["tenure"] = json!("RENTED");
    assert_eq!(world.accept(&given).unwrap_err(), ["rent: WrongKind", "deed: Missing"]);
    given["rent"] = json!(5000);
    given["deed"] = json!({ "id": "f1", "name": "deed.pdf", "kind": "pdf", "size": 20_000 });
    let rented = world.accept(&given).unwrap();
    assert_eq!(rented.text("rent"), Some("5000"));
    // Kept page by page: after the tenure changed, the hidden answers go.
    let page = world.form.page("premises").unwrap();
    let mut changed = rented.clone();
    changed.set("tenure", Value::Text("OWNED".into()));
    let kept = form::complete(&world.form, None, &changed, &Ctx { known: &changed, ..world.ctx() }).unwrap();
    assert_eq!((kept.get("rent"), kept.get("deed")), (None, None));
    let merged = form::merge(rented, page, Answers::default());
    assert_eq!((merged.get("address"), merged.text("trade_kind")), (None, Some("shop")));
}

#[test]
fn one_page_sees_what_was_answered_on_others() {
    let yaml = "
pages:
  one: { title: One, fields: { kind: { label: Kind, type: choice, options: { a: A, b: B } } } }
  two: { title: Two, when: kind == \"b\", fields: { why: { label: Why, type: text } } }
";
    let mut world = World::new(yaml);
    let page = world.form.page("two").unwrap().clone();
    world.known.set("kind", Value::Text("b".into()));
    let empty = form::accept_page(&world.form, &page, &json!({}), &world.ctx()).unwrap_err();
    assert_eq!((empty[0].path.as_str(), &empty[0].problem), ("why", &Problem::Missing));
    assert!(form::is_asked(&world.form, &page, &world.ctx()));
    world.known.set("kind", Value::Text("a".into()));
    assert_eq!(form::accept_page(&world.form, &page, &json!({ "why": "x" }), &world.ctx()).unwrap(), Answers::default());
    assert!(!form::is_asked(&world.form, &page, &world.ctx()));
}
