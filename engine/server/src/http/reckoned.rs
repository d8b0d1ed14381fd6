//! How an amount came about, in the reader's words: what only the rule's author would understand,
//! names of variables and codes, is not shown.

use std::collections::BTreeMap;

use engine::base::date::parse_day;
use engine::base::{Answers, Day, Name, Text};
use engine::case::Case;
use engine::fees::{self, RateUsed, Step};
use engine::form::{Field, Kind, Options};
use engine::service::Service;
use engine::template::format;
use engine::tenant::Tenant;
use ui_gen::Words;
use ui_gen::from_engine::inner;
use ui_gen::view::money::Step as StepView;

/// The most digits of a whole that are written without groups: it may be a year.
const UNGROUPED: usize = 4;

/// The steps of a reckoning. A step is called as the definition says, or as its head on the bill; what
/// was looked up for a step without words stands with the next that has some.
pub fn steps(service: &Service, tenant: &Tenant, words: &Words, steps: &[Step]) -> Vec<StepView> {
    let teller = Teller { service, tenant, words, options: options(service) };
    let mut shown: Vec<StepView> = Vec::new();
    let mut looked_up: Vec<&RateUsed> = Vec::new();
    for step in steps {
        looked_up.extend(&step.rates);
        let Some(name) = teller.name(&step.name) else { continue };
        let rates = std::mem::take(&mut looked_up);
        let mut told: Vec<String> = Vec::new();
        for rate in rates.iter().filter_map(|rate| teller.rate(rate)) {
            if !told.contains(&rate) {
                told.push(rate);
            }
        }
        shown.push(StepView {
            name,
            value: teller.values(&step.value),
            rate: told.join("; "),
            authority: rates.first().map(|rate| authority(service, &rate.authority, words.lang())).unwrap_or_default(),
            rounding: step
                .rounded
                .as_ref()
                .map(|(before, after)| format!("{} → {}", teller.values(before), teller.values(after)))
                .unwrap_or_default(),
        });
    }
    shown
}

/// Who set rates, in the reader's language where the definition still knows them.
pub fn authority(service: &Service, written: &str, lang: &str) -> String {
    let known = service.fees.as_ref().and_then(|fees| fees.authority(written));
    known.map_or(written, |text| text.in_language(lang)).to_owned()
}

/// Why the rule gives no amount for these answers on a day, where the author says it; nothing while it gives one, and
/// while it cannot be run because something is not answered yet.
pub fn declined<'a>(service: &'a Service, answers: &Answers, day: Day) -> Option<&'a Text> {
    let (fees, billing) = (service.fees.as_ref()?, service.billing.as_ref()?);
    let heads: Vec<Name> = billing.heads.iter().map(|head| head.name.clone()).collect();
    let failed = fees::assess(fees, &service.facts(answers), day, day, &service.lists, &heads).err()?;
    billing.words(&failed.reason)
}

/// The same of a case, as long as nothing was demanded in it and it has not ended.
pub fn declined_in<'a>(service: &'a Service, case: &Case, day: Day) -> Option<&'a Text> {
    let open = service.workflow.state(&case.state).is_some_and(|state| state.end.is_none());
    if open && case.demands.is_empty() { declined(service, &case.answers, day) } else { None }
}

/// Turns what a step kept into words.
struct Teller<'a> {
    service: &'a Service,
    tenant: &'a Tenant,
    words: &'a Words,
    /// Options that are written in the form, by code.
    options: BTreeMap<&'a str, &'a engine::base::Text>,
}

/// The options that the form itself writes, by code.
fn options(service: &Service) -> BTreeMap<&str, &engine::base::Text> {
    fn collect<'a>(fields: &'a [Field], found: &mut BTreeMap<&'a str, &'a engine::base::Text>) {
        for field in fields {
            if let Kind::Choice { options: Options::Here(options) }
            | Kind::Choices { options: Options::Here(options), .. } = &field.kind
            {
                found.extend(options.iter().map(|(code, label)| (code.as_str(), label)));
            }
            collect(inner(field), found);
        }
    }
    let mut found = BTreeMap::new();
    service.form.all_pages().for_each(|page| collect(&page.fields, &mut found));
    found
}

impl Teller<'_> {
    /// What a step is called: the words of the definition, or those of the head.
    fn name(&self, name: &str) -> Option<String> {
        let step = self.service.fees.as_ref().and_then(|fees| fees.steps.get(name));
        let head = || {
            let heads = self.service.billing.as_ref().map(|billing| &billing.heads)?;
            heads.iter().find(|head| head.name == *name).map(|head| &head.label)
        };
        step.or_else(head).map(|text| text.in_language(self.words.lang()).to_owned())
    }

    /// A rate: of what, and how much where it is one number. Nothing where neither can be said.
    fn rate(&self, rate: &RateUsed) -> Option<String> {
        let keys = rate.name.split_once('[').map(|(_, keys)| keys.trim_end_matches(']')).unwrap_or_default();
        let keys: Vec<String> = keys.split(", ").filter_map(|key| self.key(key)).collect();
        let mut numbers = rate.value.split(", ").filter_map(|value| self.number(value));
        let number = match (numbers.next(), numbers.next()) {
            (Some(number), None) => Some(number),
            _ => None,
        };
        match (keys.is_empty(), number) {
            (false, Some(number)) => Some(format!("{}: {number}", keys.join(", "))),
            (false, None) => Some(keys.join(", ")),
            (true, Some(number)) => Some(self.words.say("bill.rate", &[("rate", &number)])),
            (true, None) => None,
        }
    }

    /// What a row was found by: the words for a code, or the ends of an interval.
    fn key(&self, key: &str) -> Option<String> {
        let Some((from, to)) = key.split_once(" to ") else { return self.code(key) };
        let from = self.number(from)?;
        Some(match self.number(to) {
            Some(to) if to == from => from,
            Some(to) => self.words.say("bill.between", &[("from", &from), ("to", &to)]),
            None => self.words.say("bill.from_on", &[("from", &from)]),
        })
    }

    fn code(&self, code: &str) -> Option<String> {
        let listed = || self.service.lists.iter().find_map(|list| list.get(code)).map(|entry| &entry.label);
        let text = self.options.get(code).copied().or_else(listed)?;
        Some(text.in_language(self.words.lang()).to_owned())
    }

    fn number(&self, text: &str) -> Option<String> {
        let grouped = format::number(text.parse().ok()?, self.tenant.currency.indian_grouping);
        let whole = text.trim_start_matches('-').split('.').next().unwrap_or_default();
        Some(if whole.len() > UNGROUPED { grouped } else { text.to_owned() })
    }

    /// The value of a step: one, or several.
    fn values(&self, text: &str) -> String {
        let value = |value: &str| match value {
            "true" => self.words.get("field.yes"),
            "false" => self.words.get("field.no"),
            _ => self
                .number(value)
                .or_else(|| parse_day(value).map(format::day))
                .or_else(|| self.code(value))
                .unwrap_or_else(|| value.to_owned()),
        };
        text.split(", ").map(value).collect::<Vec<_>>().join(", ")
    }
}
