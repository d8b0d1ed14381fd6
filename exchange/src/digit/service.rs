//! The files of a service: what it is, what it asks, what happens, how much it costs, and a first scenario.

use std::collections::BTreeMap;

use engine::registry::NumberFormat;
use serde_json::{Map, Value as Json, json};

use super::billing::{self, Bill};
use super::machine::Machine;
use super::process::{APPLICANT, Process, Step, Trigger, Way, scenario};
use super::vocabulary;
use super::words::{Said, Words, key};
use super::{Accounts, Around};
use crate::report::Report;
use crate::{names, yaml};

/// Folders from the file of a service up to the folder of schemas: `tenants/STATE/SERVICE/`, of a folder that
/// lies beside it.
const UP: usize = 4;

/// A service on its way to its files.
pub(super) struct Made<'a> {
    pub(super) machine: &'a Machine,
    pub(super) process: &'a Process,
    /// The name of the folder.
    pub(super) folder: &'a str,
}

/// What the words of a service are in each further language, in the shape of `locales/LANGUAGE.yaml`.
#[derive(Default)]
struct Locales(BTreeMap<String, Map<String, Json>>);

impl Locales {
    /// Keeps words under `part` and `name`; under `part` alone if the name is empty.
    fn keep(&mut self, part: &str, name: &str, said: &Said) {
        for (language, words) in &said.others {
            let locale = self.0.entry(language.clone()).or_default();
            if name.is_empty() {
                locale.insert(part.to_owned(), words.clone().into());
            } else if let Json::Object(part) = locale.entry(part.to_owned()).or_insert_with(|| json!({})) {
                part.entry(name.to_owned()).or_insert_with(|| words.clone().into());
            }
        }
    }
}

/// Writes the files of a service: path inside of its folder, and text.
pub(super) fn files(made: &Made<'_>, around: &mut Around<'_>, report: &mut Report) -> BTreeMap<String, String> {
    let known = vocabulary::service(&made.machine.service);
    let mut locales = Locales::default();
    let mut files = BTreeMap::new();
    let bill = made.process.charges().then(|| billing::bill(made.machine, known.billing, around, report));
    let list = Some(known.list).filter(|list| around.lists.contains_key(*list));
    files.insert("service.yaml".to_owned(), service(made, known, &mut locales, around, report));
    let own = around.known.get(&made.machine.service).cloned().unwrap_or_default();
    let form = match &own.pages {
        Some(pages) => yaml::file("form", UP, "What is asked, as the source has it.", &json!({ "pages": pages })),
        None => form(list, &mut locales, &mut around.words),
    };
    files.insert("form.yaml".to_owned(), form);
    files.insert("workflow.yaml".to_owned(), workflow(made, &mut locales, &mut around.words));
    if let Some(bill) = &bill {
        money(&mut files, bill, made, &mut locales, around, report);
    }
    let leaf = list.and_then(|list| around.leaf(list));
    let answers = if own.pages.is_some() { own.answers.clone() } else { answers(leaf) };
    files.insert("tests/first.yaml".to_owned(), first(made, &answers, bill.as_ref()));
    for (language, words) in locales.0 {
        let comment = "Words as the source has them.";
        let text = yaml::file("locale", UP + 1, comment, &Json::Object(words));
        files.insert(format!("locales/{language}.yaml"), text);
    }
    say_what_is_missing(made, own.pages.is_some(), report);
    files
}

fn say_what_is_missing(made: &Made<'_>, asks: bool, report: &mut Report) {
    let (id, place) = (&made.machine.id, &made.machine.place);
    if !asks {
        report.supply("questions", place, format!("what `{id}` asks stands in code: form.yaml has a stub"));
    }
    if made.process.steps.iter().any(|step| step.end() == Some("granted")) {
        report.supply("what-is-granted", place, format!("what an approval of `{id}` leaves in a register is not said"));
    }
    report.supply("messages", place, format!("the messages of `{id}` stand in code: none is sent yet"));
    if let Some(ms) = made.machine.sla.filter(|ms| *ms > 0) {
        let time = super::process::span(ms).unwrap_or_else(|| format!("{ms} milliseconds"));
        let what =
            format!("the whole case of `{id}` may take {time}: a `statute` needs the officer and the appeals too");
        report.supply("statute", &place.at("businessServiceSla"), what);
    }
}

fn service(
    made: &Made<'_>,
    known: vocabulary::Known,
    locales: &mut Locales,
    around: &mut Around<'_>,
    report: &mut Report,
) -> String {
    let (machine, process) = (made.machine, made.process);
    let codes = [key(&["WF", &machine.service]), key(&["CS_COMMON_INBOX", &machine.service])];
    let fallback = if known.title.is_empty() { names::readable(&machine.service) } else { known.title.to_owned() };
    let version = machine.id.strip_prefix(&machine.service).unwrap_or_default().trim_start_matches(['.', '-']);
    let version = if version.is_empty() { String::new() } else { format!(" ({version})") };
    let title = around.words.say(&codes, &fallback);
    let department = around.words.ours(&names::readable(&machine.business));
    locales.keep("title", "", &title);
    locales.keep("department", "", &department);
    let mut roles = Map::new();
    for (ours, theirs) in &process.roles {
        let written = around.roles.get(theirs).cloned().unwrap_or_else(|| names::readable(theirs));
        let said = around.words.say(&[key(&["ACCESSCONTROL_ROLES_ROLES", theirs])], &written);
        locales.keep("roles", ours, &said);
        roles.insert(ours.clone(), said.written.into());
    }
    let number = number(made, known.number, around, report);
    let number = only_here(number, &letters(made.folder), made, around, report);
    let mut service = Map::new();
    service.insert("format".to_owned(), json!(1));
    service.insert("title".to_owned(), format!("{}{version}", title.written).into());
    service.insert("department".to_owned(), department.written.into());
    service.insert("number".to_owned(), number.into());
    service.insert("keep_for".to_owned(), KEPT.into());
    if !roles.is_empty() {
        service.insert("roles".to_owned(), roles.into());
    }
    if !process.assisted_by.is_empty() {
        service.insert("assisted_by".to_owned(), json!(process.assisted_by));
    }
    let comment = format!(
        "Made from the workflow `{}` of the module `{}`, which does not say how long applications are kept.",
        machine.id, machine.business
    );
    yaml::file("service", UP, &comment, &Json::Object(service))
}

/// How long what people said is kept, until whoever takes the service over says so: no installation of the source does.
const KEPT: &str = "8 years";

/// How applications are numbered: as the source does, if its format can be read.
fn number(made: &Made<'_>, name: &str, around: &Around<'_>, report: &mut Report) -> String {
    let plain = plain(&letters(made.folder));
    let own = around.known.get(&made.machine.service).and_then(|known| known.number.as_ref());
    let listed = around.formats.get(name).filter(|_| !name.is_empty());
    let Some((place, format)) = own.or(listed) else { return plain };
    let ours = super::ids::number(format);
    if NumberFormat::parse(&ours).is_ok()
        && ours.contains("{tenant}")
        && (ours.contains("{fy}") || ours.contains("{year}"))
    {
        return ours;
    }
    let what =
        format!("`{format}` would give a number twice, or cannot be written here; `{}` has `{plain}`", made.folder);
    report.changed("number-format", place, what);
    plain
}

/// A stub: whoever applies, and what for.
fn form(list: Option<&str>, locales: &mut Locales, words: &mut Words) -> String {
    let mut fields = Map::new();
    let mut ask = |name: &str, label: &str, field: Json| {
        let said = words.ours(label);
        locales.keep("fields", name, &said);
        let mut whole = Map::new();
        whole.insert("label".to_owned(), said.written.into());
        if let Json::Object(field) = field {
            whole.extend(field);
        }
        fields.insert(name.to_owned(), whole.into());
    };
    ask("applicant_name", "What is your name?", json!({ "type": "text", "max_length": 100, "personal": true }));
    if let Some(list) = list {
        ask("kind", "What is it about?", json!({ "type": "choice", "options": list }));
    }
    ask("details", "What do you apply for?", json!({ "type": "text", "lines": 4 }));
    let title = words.ours("Your application");
    locales.keep("pages", "application", &title);
    let form = json!({ "pages": { "application": { "title": title.written, "fields": fields } } });
    yaml::file("form", UP, "A stub: what is asked stands in the code of the source.", &form)
}

fn workflow(made: &Made<'_>, locales: &mut Locales, words: &mut Words) -> String {
    let mut states = Map::new();
    for step in &made.process.steps {
        states.insert(step.name.clone(), state(step, made.machine, locales, words));
    }
    let workflow = json!({ "start": made.process.start, "states": states });
    yaml::file("workflow", UP, "What happens, who does it, and by when.", &workflow)
}

fn state(step: &Step, machine: &Machine, locales: &mut Locales, words: &mut Words) -> Json {
    let mut state = Map::new();
    let theirs = step.theirs.as_deref().unwrap_or_default();
    let fallback = if theirs.is_empty() { "Not yet submitted".to_owned() } else { names::readable(theirs) };
    let codes = if theirs.is_empty() { Vec::new() } else { vec![key(&["WF", &machine.service, theirs])] };
    let said = words.say(&codes, &fallback);
    locales.keep("states", &step.name, &said);
    state.insert("label".to_owned(), said.written.into());
    if let Some(sla) = &step.sla {
        state.insert("sla".to_owned(), sla.clone().into());
    }
    if step.waits {
        state.insert("waits_for".to_owned(), APPLICANT.into());
    }
    if step.edit {
        state.insert("edit".to_owned(), APPLICANT.into());
    }
    if let Some(end) = step.end() {
        state.insert("end".to_owned(), end.into());
    }
    let mut actions = Map::new();
    for way in &step.ways {
        actions.insert(way.name.clone(), action(way, machine, locales, words));
    }
    if !actions.is_empty() {
        state.insert("actions".to_owned(), actions.into());
    }
    Json::Object(state)
}

fn action(way: &Way, machine: &Machine, locales: &mut Locales, words: &mut Words) -> Json {
    let mut action = Map::new();
    let codes = [
        key(&["WF_EMPLOYEE", &machine.service, &way.theirs]),
        key(&["WF_CITIZEN", &machine.service, &way.theirs]),
        key(&["WF", &machine.service, "ACTION", &way.theirs]),
    ];
    let said = words.say(&codes, &names::readable(&way.theirs));
    locales.keep("actions", &way.name, &said);
    let done = match vocabulary::done(&way.theirs) {
        Some(done) => words.ours(done),
        None => words.ours(&format!("Done: {}", said.written)),
    };
    action.insert("label".to_owned(), said.written.into());
    action.insert("done".to_owned(), done.written.into());
    let (key, trigger) = match &way.trigger {
        Trigger::By(roles) if roles.len() == 1 => ("by", json!(roles[0])),
        Trigger::By(roles) => ("by", json!(roles)),
        Trigger::Paid => ("once", json!("paid")),
        Trigger::Overdue => ("once", json!("overdue")),
        Trigger::After(span) => ("after", json!(span)),
    };
    action.insert(key.to_owned(), trigger);
    action.insert("to".to_owned(), way.to.clone().into());
    if way.comment {
        action.insert("comment".to_owned(), "optional".into());
    }
    if way.assign {
        action.insert("assign".to_owned(), "required".into());
    }
    if let Some(demand) = way.demand {
        action.insert("demand".to_owned(), demand.into());
    }
    Json::Object(action)
}

/// Rates, rule, bill and postings.
fn money(
    files: &mut BTreeMap<String, String>,
    bill: &Bill,
    made: &Made<'_>,
    locales: &mut Locales,
    around: &mut Around<'_>,
    report: &mut Report,
) {
    let mut heads = Map::new();
    for head in &bill.heads {
        let said = around.words.say(&[key(&[&head.theirs])], &head.label);
        locales.keep("heads", &head.name, &said);
        heads.insert(head.name.clone(), said.written.into());
    }
    let collects: Vec<&String> =
        made.process.collects.iter().filter(|role| made.process.roles.contains_key(*role)).collect();
    let mut billing = json!({ "due_in": "30 days", "round_to": "1 rupee", "part_payment": bill.part_payment });
    let letters = format!("{}R", letters(made.folder));
    let receipt = bill.receipt.clone().unwrap_or_else(|| plain(&letters));
    billing["receipt"] = only_here(receipt, &letters, made, around, report).into();
    if !collects.is_empty() {
        billing["collects"] = json!(collects);
    }
    billing["heads"] = heads.into();
    let comment = "Heads and their order as the source has them.";
    files.insert("billing.yaml".to_owned(), yaml::file("billing", UP, comment, &billing));
    let mut rates = Map::new();
    rates.insert("from".to_owned(), bill.since.clone().into());
    rates.insert("authority".to_owned(), "Imported without rates; to be replaced by the schedule in force".into());
    rates.insert("model".to_owned(), true.into());
    let known = around.known.get(&made.machine.service).map(|known| known.rates.clone()).unwrap_or_default();
    let amount = |head: &billing::Head| known.get(&head.theirs).cloned().unwrap_or(json!(0));
    rates.extend(bill.heads.iter().map(|head| (head.name.clone(), amount(head))));
    let comment = "What the source does not say is nothing until the schedule in force is written here.";
    files.insert("rates.yaml".to_owned(), yaml::file("rates", UP, comment, &json!([rates])));
    files.insert("fees.rhai".to_owned(), rule(bill));
    let postings = postings(bill, around.accounts, report, made);
    files.insert("postings.yaml".to_owned(), postings);
    let unsaid: Vec<String> = bill
        .heads
        .iter()
        .filter(|head| !known.contains_key(&head.theirs))
        .map(|head| format!("`{}`", head.name))
        .collect();
    if !unsaid.is_empty() {
        let what = format!("the amounts of `{}`: 0 stands for {}", made.machine.id, unsaid.join(", "));
        report.supply("rates", &made.machine.place, what);
    }
}

/// The letters that numbers of a service begin with where the source says nothing.
fn letters(folder: &str) -> String {
    let letters: String = folder.chars().filter(char::is_ascii_alphanumeric).take(11).collect();
    letters.to_uppercase()
}

/// Numbers that begin with these letters.
fn plain(letters: &str) -> String {
    format!("{letters}/{{tenant}}/{{fy}}/{{serial:6}}")
}

/// The format, or one with these letters where something else of the installation is numbered so: the source may
/// count several services in one series.
fn only_here(format: String, letters: &str, made: &Made<'_>, around: &mut Around<'_>, report: &mut Report) -> String {
    if around.numbers.insert(format.clone()) {
        return format;
    }
    let counted = (2..).map(|count: u32| plain(&format!("{letters}{count}")));
    let mut all = std::iter::once(plain(letters)).chain(counted);
    let other = all.find(|other| around.numbers.insert(other.clone())).unwrap_or_default();
    let what = format!("`{format}` numbers something else already; `{}` has `{other}`", made.folder);
    report.changed("number-format", &made.machine.place, what);
    other
}

fn rule(bill: &Bill) -> String {
    let line = |head: &billing::Head| {
        let sign = if head.takes_off { "-" } else { "" };
        format!("        {name}: {sign}rates.{name},\n", name = head.name)
    };
    let lines: String = bill.heads.iter().map(line).collect();
    format!(
        "// One amount for each head; the rule itself stands in the code of the source.\nfn fees(answers, rates) {{\n    #{{\n{lines}    }}\n}}\n"
    )
}

fn postings(bill: &Bill, accounts: &Accounts, report: &mut Report, made: &Made<'_>) -> String {
    let mut heads = Map::new();
    for head in &bill.heads {
        let mapped = head.account.as_ref().filter(|code| accounts.known.is_empty() || accounts.known.contains(*code));
        if mapped.is_none() {
            let what =
                format!("the account of `{}` in `{}`: it is booked to {}", head.theirs, made.folder, accounts.income);
            report.supply("account", &head.place, what);
        }
        heads.insert(head.name.clone(), mapped.unwrap_or(&accounts.income).clone().into());
    }
    let postings = json!({
        "fund": accounts.fund,
        "heads": heads,
        "demand": { "debit": accounts.receivable, "credit": "heads" },
        "receipt": { "debit": "collection", "credit": accounts.receivable },
        "unapplied": { "debit": "collection", "credit": accounts.unapplied },
    });
    yaml::file("postings", UP, "Each event posts one voucher.", &postings)
}

/// Answers to the stub.
fn answers(leaf: Option<String>) -> Json {
    let mut answers = json!({ "applicant_name": "Asha Rao", "details": "As told at the counter." });
    if let Some(leaf) = leaf {
        answers["kind"] = leaf.into();
    }
    answers
}

/// The first scenario.
fn first(made: &Made<'_>, answers: &Json, bill: Option<&Bill>) -> String {
    let steps = scenario(made.process);
    let name = if steps.len() > 1 { "An application goes its shortest way" } else { "An application is sent" };
    let today = bill.map_or("2026-06-01", |bill| bill.since.as_str()).max("2026-06-01");
    let scenario = json!({ "name": name, "today": today, "answers": answers, "steps": steps });
    yaml::file("scenario", UP + 1, "Made with the import, to be replaced by what must always hold.", &scenario)
}
