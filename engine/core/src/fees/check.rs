//! From `rates.yaml` and `fees.rhai` to the model, or to diagnostics.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use rhai::{AST, Position};

use super::checks::{
    head_never_charged, no_schedule, refusal_words, rule_entry, schedule_order, unknown_head, unused_function,
    unused_rate,
};
use super::inspect::{RatesSeen, demand_kind};
use super::record::{record, token_text};
use super::runtime::engine;
use super::yaml::{RateYaml, ScheduleYaml};
use super::{AMEND, Fees, ON_DISHONOUR, ON_PAYMENT, RateValue, Schedule, Script};
use crate::base::Name;
use crate::rule::checks::{rule_forbidden, rule_syntax, wrong_kind};
use crate::rule::domain::Domain;
use crate::rule::inspect::{Function, Inspector, Kind, functions};
use crate::rule::place::RuleText;
use crate::source::{At, Bundle, Diagnostics, Shape, Where, read};

/// Rates and rules as they are written, before anything is held against a form or a list.
#[derive(Debug)]
pub struct Written {
    rates: Rates,
    /// None if the rules cannot be read; that was said.
    rules: Option<Arc<Rules>>,
}

/// Rates as they are written.
#[derive(Debug)]
struct Rates {
    schedules: Vec<ScheduleYaml>,
    at: Where,
}

/// Rules as they are written.
#[derive(Debug)]
pub struct Rules {
    ast: AST,
    text: RuleText,
    /// Taking them out of the tree copies it: done once for all towns.
    functions: Vec<Arc<Function>>,
}

/// Reads the rules at `path`. `None` if something is wrong; what, is in `out`.
pub fn read_rules(bundle: &Bundle, path: &str, out: &mut Diagnostics) -> Option<Rules> {
    let rules = read::text(bundle, path, out)?;
    let text = RuleText::file(bundle.path(path)?, rules);
    let ast = engine().compile(rules).map_err(|error| out.push(rule_syntax::diagnostic(&error, &text))).ok()?;
    Some(Rules { functions: functions(&ast), ast, text })
}

/// Reads the rates at `path` for `rules`, which many towns with rates of their own share. `None` if
/// something is wrong with the rates; what, is in `out`.
pub fn read_rates(bundle: &Bundle, path: &str, rules: Option<Arc<Rules>>, out: &mut Diagnostics) -> Option<Written> {
    let node = read::yaml(bundle, path, out)?;
    let rates = Rates { schedules: Vec::<ScheduleYaml>::read(&node, out)?, at: node.at.clone() };
    Some(Written { rates, rules })
}

/// Reads the rates at `rates_path` and the rules at `rules_path`. `None` if something is wrong with the
/// rates; what, is in `out`, as is what is wrong with the rules.
pub fn read(bundle: &Bundle, rates_path: &str, rules_path: &str, out: &mut Diagnostics) -> Option<Written> {
    let rules = read_rules(bundle, rules_path, out).map(Arc::new);
    read_rates(bundle, rates_path, rules, out)
}

/// Holds rates and rules against `domain`. `None` if something is wrong; what, is in `out`. Words
/// for steps are filled in by the caller. What was made of the text of rules that were `proved`
/// against other lists is taken over.
pub fn check(written: &Written, domain: &Domain, proved: Option<&Fees>, out: &mut Diagnostics) -> Option<Fees> {
    held(written, domain, proved, (out, None))
}

/// The same for rules that were published: what is found in them today goes to `judged`, and they are made all the
/// same, unless they could run without end. Then they are interpreted, since only rules without fault are lowered.
pub(crate) fn check_published(
    written: &Written,
    domain: &Domain,
    out: &mut Diagnostics,
    judged: &mut Diagnostics,
) -> Option<Fees> {
    let mut found = Diagnostics::default();
    let fees = held(written, domain, None, (out, Some(&mut found)));
    let clean = found.is_clean();
    judged.extend(found);
    fees.map(|fees| if clean { fees } else { fees.interpreted() })
}

fn held(
    written: &Written,
    domain: &Domain,
    proved: Option<&Fees>,
    (out, judged): (&mut Diagnostics, Option<&mut Diagnostics>),
) -> Option<Fees> {
    let schedules = schedules(&written.rates, domain, out)?;
    let proved = proved.map(|fees| &fees.script);
    let script = script(written.rules.as_ref()?, &schedules, domain, proved, (out, judged))?;
    let quick = Some(Arc::new(schedules.iter().map(|_| OnceLock::new()).collect()));
    Some(Fees { schedules, script, steps: BTreeMap::new(), calendar: Arc::clone(&domain.calendar), quick })
}

fn schedules(read: &Rates, domain: &Domain, out: &mut Diagnostics) -> Option<Vec<Arc<Schedule>>> {
    let written = &read.schedules;
    if written.is_empty() {
        out.push(no_schedule::diagnostic(&read.at));
        return None;
    }
    let before = out.0.len();
    for pair in written.windows(2) {
        if pair[1].from.value >= pair[0].from.value {
            out.push(schedule_order::diagnostic(&pair[0].from, &pair[1].from));
        }
    }
    let read: Vec<Option<Schedule>> = written.iter().map(|schedule| model(schedule, domain, out)).collect();
    let read: Vec<Arc<Schedule>> = read.into_iter().flatten().map(Arc::new).collect();
    (out.0.len() == before).then_some(read)
}

fn model(written: &ScheduleYaml, domain: &Domain, out: &mut Diagnostics) -> Option<Schedule> {
    let read: Vec<Option<(Name, RateValue)>> =
        written.values.iter().map(|(name, rate)| Some((name.value.clone(), value(name, rate, domain, out)?))).collect();
    Some(Schedule {
        from: written.from.value,
        authority: written.authority.in_every_language(),
        authority_at: written.authority.at.clone(),
        model: written.model,
        values: read.into_iter().collect::<Option<_>>()?,
        places: written.values.iter().map(|(name, _)| (name.value.clone(), name.at.clone())).collect(),
        at: written.at.clone(),
    })
}

fn value(name: &At<Name>, rate: &RateYaml, domain: &Domain, out: &mut Diagnostics) -> Option<RateValue> {
    Some(match rate {
        RateYaml::Number(number) => RateValue::Number(*number),
        RateYaml::Word(word) => RateValue::Word(word.value.clone()),
        RateYaml::Table(table) => RateValue::Table(Arc::new(table.table(name, domain, out)?)),
        RateYaml::Map(entries) => {
            let read: Vec<Option<_>> =
                entries.iter().map(|(code, rate)| Some((code.0.clone(), value(name, rate, domain, out)?))).collect();
            RateValue::Map(Arc::new(read.into_iter().collect::<Option<_>>()?))
        }
    })
}

/// What else the engine calls if it is there, and as what.
const OTHER_ENTRIES: [(&str, &str); 3] = [
    (ON_PAYMENT, "on_payment(demand, day, rates)"),
    (AMEND, "amend(answers, demand, rates)"),
    (ON_DISHONOUR, "on_dishonour(demand, day, rates)"),
];

/// How many arguments `on_payment(answers, demand, day, rates)` has.
const WITH_ANSWERS: usize = 4;

/// Whether the functions that the engine calls are there, and take what it gives them.
fn entries_fit(ast: &AST, functions: &[Arc<Function>], text: &RuleText, out: &mut Diagnostics) -> bool {
    let before = out.0.len();
    if let Some(statement) = ast.statements().iter().find(|statement| !statement.is_noop()) {
        out.push(rule_forbidden::diagnostic("a statement outside of a function", &text.word(statement.position())));
    }
    let entry = |name: &str| functions.iter().find(|function| function.name == name);
    match entry("fees") {
        Some(fees) if fees.params.len() == 2 => {}
        Some(fees) => {
            out.push(rule_entry::parameters("fees(answers, rates)", &fees.signature(), &text.word(fees.position)));
        }
        None => out.push(rule_entry::missing(text.whole())),
    }
    for (name, wanted) in OTHER_ENTRIES {
        let fits = |function: &&Arc<Function>| match function.params.len() {
            3 => true,
            WITH_ANSWERS => name == ON_PAYMENT,
            _ => false,
        };
        if let Some(found) = entry(name).filter(|function| !fits(function)) {
            out.push(rule_entry::parameters(wanted, &found.signature(), &text.word(found.position)));
        }
    }
    out.0.len() == before
}

/// Whether rules in which this was found are bounded: they neither call themselves nor go round for ever, and are not
/// nested too deep.
fn bounded(found: &Diagnostics) -> bool {
    let unbounded = [rule_forbidden::MANUAL.code, rule_syntax::MANUAL.code];
    !found.0.iter().any(|diagnostic| unbounded.contains(&diagnostic.code))
}

/// Holds the rules against everything they speak of. What is found in them goes to `judged` if they are to be made
/// all the same.
fn script(
    Rules { ast, text, functions }: &Rules,
    schedules: &[Arc<Schedule>],
    domain: &Domain,
    proved: Option<&Script>,
    (out, judged): (&mut Diagnostics, Option<&mut Diagnostics>),
) -> Option<Script> {
    let rates = RatesSeen::new(schedules, domain);
    let mut inspector = Inspector::new(functions.clone(), text, domain, &rates);
    if !entries_fit(ast, functions, text, out) {
        return None;
    }
    let entry = |name: &str| functions.iter().find(|function| function.name == name);
    let answers = inspector.answers().clone();
    let mut charged = vec![inspector.function("fees", &[answers.clone(), rates.kind()], text.whole())];
    let mut payment_reads = None;
    if let Some(on_payment) = entry(ON_PAYMENT) {
        let mut takes = vec![demand_kind(domain), Kind::Day, rates.kind()];
        if on_payment.params.len() == WITH_ANSWERS {
            takes.insert(0, answers.clone());
            // Walked alone too: what the other functions read is not kept with a demand.
            let mut alone = Inspector::new(functions.clone(), text, domain, &rates);
            alone.function(ON_PAYMENT, &takes, text.whole());
            payment_reads = Some(alone.seen(Kind::Nothing).reads);
        }
        charged.push(inspector.function(ON_PAYMENT, &takes, text.whole()));
    }
    if entry(AMEND).is_some() {
        charged.push(inspector.function(AMEND, &[answers, demand_kind(domain), rates.kind()], text.whole()));
    }
    if entry(ON_DISHONOUR).is_some() {
        charged.push(inspector.function(ON_DISHONOUR, &[demand_kind(domain), Kind::Day, rates.kind()], text.whole()));
    }
    let idle: Vec<&Arc<Function>> = functions.iter().filter(|function| !inspector.has_walked(function)).collect();
    let mut seen = inspector.seen(Kind::Nothing);
    // What is looked up in a table is known only once the rule can be read.
    if seen.found.is_clean() {
        rates.gaps(&mut seen.found);
    }
    let stands = seen.found.is_clean() || judged.is_some() && bounded(&seen.found);
    judged.unwrap_or(&mut *out).extend(seen.found);
    if !stands {
        return None;
    }
    let heads_fit = heads(&charged, text, domain, out) && refusals(text, domain, out);
    for (name, at) in rates.unused() {
        out.push(unused_rate::diagnostic(&name, &at));
    }
    for function in idle {
        let at = text.word(function.position);
        out.push(unused_function::diagnostic(function.name.as_str(), &function.signature(), &at));
    }
    heads_fit.then_some(())?;
    if let Some(proved) = proved {
        return Some(Script { reads: seen.reads, payment_reads, ..proved.clone() });
    }
    let recorded = record(text, &domain.heads);
    let ast = engine().compile(&recorded.text.text).expect("marks keep what compiles compiling");
    Some(Script {
        file: Arc::clone(&text.whole().file),
        has_on_payment: entry(ON_PAYMENT).is_some(),
        payment_reads,
        has_amend: entry(AMEND).is_some(),
        has_on_dishonour: entry(ON_DISHONOUR).is_some(),
        reads: seen.reads,
        words: words(text),
        ast: Arc::new(ast),
        recorded: Arc::new(recorded),
        followed: None,
    })
}

/// Holds rules that were checked once more to a `domain` that knows more of the records that answers name.
pub(crate) fn check_again(fees: &Fees, domain: &Domain, out: &mut Diagnostics) {
    let text = fees.script.recorded.written();
    let Ok(ast) = engine().compile(&*text.text) else { return };
    let rates = RatesSeen::new(&fees.schedules, domain);
    let mut inspector = Inspector::new(functions(&ast), text, domain, &rates);
    let answers = inspector.answers().clone();
    inspector.function("fees", &[answers.clone(), rates.kind()], text.whole());
    if fees.script.has_amend {
        inspector.function(AMEND, &[answers, demand_kind(domain), rates.kind()], text.whole());
    }
    out.extend(inspector.seen(Kind::Nothing).found);
}

/// Whether what is charged and what the bill prints agree.
fn heads(charged: &[Kind], text: &RuleText, domain: &Domain, out: &mut Diagnostics) -> bool {
    let before = out.0.len();
    let mut names: Vec<&str> = Vec::new();
    for kind in charged {
        match kind {
            Kind::Map(fields) => {
                let wrong =
                    fields.iter().filter(|(_, kind)| !matches!(kind.bare(), Kind::Number | Kind::Any | Kind::Never));
                for (name, kind) in wrong {
                    out.push(wrong_kind::needed(&format!("`{name}`"), "an amount", kind, &place_of(name, text)));
                }
                names.extend(fields.keys().map(String::as_str));
            }
            Kind::Any | Kind::Never => return true,
            other => out.push(rule_entry::gives(other, text.whole())),
        }
    }
    for name in names.iter().filter(|name| !domain.heads.iter().any(|head| **head == ***name)) {
        out.push(unknown_head::diagnostic(name, &place_of(name, text), &domain.heads));
    }
    if out.0.len() > before {
        return false;
    }
    for head in domain.heads.iter().filter(|head| !names.contains(&head.as_str())) {
        out.push(head_never_charged::diagnostic(head, text.whole()));
    }
    true
}

/// The folder in which a file lies.
fn folder(file: &str) -> &str {
    file.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Whether every code with which the rules refuse has words. A reason in plain words is read as it stands.
fn refusals(text: &RuleText, domain: &Domain, out: &mut Diagnostics) -> bool {
    let inputs = [&*text.text];
    let (tokens, _) = engine().lex(&inputs);
    let tokens: Vec<_> = tokens.take_while(|(token, _)| *token != rhai::Token::EOF).collect();
    let mut codes: BTreeMap<String, Position> = BTreeMap::new();
    for place in 0..tokens.len() {
        let token = |after: usize| tokens.get(place + after).map(|(token, _)| token);
        let called = token(0).and_then(token_text) == Some("refuse") && token(1) == Some(&rhai::Token::LeftParen);
        if let (true, Some(rhai::Token::StringConstant(reason))) = (called, token(2))
            && Name::is_valid(reason)
        {
            let position = tokens.get(place + 2).map_or(Position::NONE, |(_, position)| *position);
            codes.entry(reason.to_string()).or_insert(position);
        }
    }
    let before = out.0.len();
    for (code, position) in codes.iter().filter(|(code, _)| !domain.refusals.iter().any(|(known, _)| *known == ***code))
    {
        out.push(refusal_words::missing(code, &text.word(*position), &domain.refusals));
    }
    let clean = out.0.len() == before;
    // Where the rules are a town's own and the words are not, they are there for the rules of others.
    let own = |at: &Where| folder(&at.file) == folder(&text.whole().file);
    for (code, at) in domain.refusals.iter().filter(|(code, at)| !codes.contains_key(code.as_str()) && own(at)) {
        out.push(refusal_words::idle(code, at));
    }
    clean
}

/// Every name and text of the rules.
fn words(text: &RuleText) -> BTreeSet<String> {
    let inputs = [&*text.text];
    let (tokens, _) = engine().lex(&inputs);
    let tokens = tokens.map(|(token, _)| token).take_while(|token| *token != rhai::Token::EOF);
    tokens.filter_map(|token| token_text(&token).map(str::to_owned)).collect()
}

/// Where a name first stands as the key of a map, or is given to one: before a colon, or after a point and before `=`.
fn place_of(name: &str, text: &RuleText) -> crate::source::Where {
    let inputs = [&*text.text];
    let (tokens, _) = engine().lex(&inputs);
    let tokens: Vec<_> = tokens.take_while(|(token, _)| *token != rhai::Token::EOF).collect();
    let named = |place: &usize| {
        let next = tokens.get(place + 1).map(|(token, _)| token);
        let of_a_map = *place > 0 && tokens[place - 1].0 == rhai::Token::Period;
        let given = next == Some(&rhai::Token::Colon) || of_a_map && next == Some(&rhai::Token::Equals);
        given && token_text(&tokens[*place].0) == Some(name)
    };
    let found = (0..tokens.len()).find(named).map_or(Position::NONE, |place| tokens[place].1);
    text.word(found)
}
