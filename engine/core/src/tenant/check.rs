//! From `tenant.yaml` to the model: a town takes each key it does not write from its state.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::checks::{bad_accent, bad_language, bad_tenant_code, unknown_format, unknown_service, wrong_tenant_level};
use super::yaml::{Grouping, Level, TenantYaml};
use super::{Currency, Tenant, contrast, emblem, motif};
use crate::base::Text;
use crate::list::checks::missing_translation;
use crate::list::read::{LABEL_LANGUAGE, places};
use crate::source::checks::missing_key;
use crate::source::words::is_language;
use crate::source::{Bundle, Diagnostics, Shape, Where, Words, read};

/// What holds in every town of a state, read once.
#[derive(Clone, Debug)]
pub struct State {
    dir: String,
    /// The state's own name, languages, calendar and the rest, as a tenant without places.
    pub tenant: Tenant,
    file: Arc<str>,
    written: Written,
}

/// Which keys without a natural default a file (or its state) has written.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "one for each key that has no natural default")]
pub(super) struct Written {
    pub(super) time_zone: bool,
    currency: bool,
    pub(super) financial_year: bool,
    pub(super) weekly_off: bool,
    accent: bool,
}

/// Reads the state in `dir` (`tenants/<state>`).
pub fn state(bundle: &Bundle, dir: &str, out: &mut Diagnostics) -> Option<State> {
    let (file, yaml) = file(bundle, dir, Level::State, out)?;
    let mut state = State { dir: dir.to_owned(), tenant: Tenant::default(), file, written: Written::default() };
    let mut reader = Reader { bundle, dir, state_dir: dir, yaml: &yaml, out };
    reader.languages(&mut state.tenant);
    reader.everything(&mut state.tenant, &mut state.written);
    state.tenant.id = last(dir);
    state.tenant.state = last(dir);
    state.tenant.state_title = state.tenant.title.clone();
    state.tenant.state_emblem.clone_from(&state.tenant.emblem);
    if state.tenant.state_emblem.is_none() && state.written.accent {
        state.tenant.state_emblem = Some(motif::emblem(&state.tenant.id, &state.tenant.accent));
    }
    if state.tenant.languages.is_empty() {
        out.push(bad_language::none(&yaml.at));
    }
    Some(state)
}

/// Reads the town in `dir` (`tenants/<state>/<town>`), below its state.
pub fn town(bundle: &Bundle, state: &State, dir: &str, out: &mut Diagnostics) -> Option<Tenant> {
    let (_, yaml) = file(bundle, dir, Level::Town, out)?;
    let mut tenant = state.tenant.clone();
    let mut written = state.written;
    let before = out.0.len();
    tenant.id = last(dir);
    let mut reader = Reader { bundle, dir, state_dir: &state.dir, yaml: &yaml, out };
    reader.languages(&mut tenant);
    reader.everything(&mut tenant, &mut written);
    if yaml.emblem.is_none() {
        tenant.emblem = Some(motif::emblem(&tenant.id, &tenant.accent));
    }
    let needed: [(&str, &str, bool); 8] = [
        ("short", "The short name of the place", yaml.short.is_some()),
        ("code", "Capital letters and digits that stand in the town's numbers", yaml.code.is_some()),
        ("district", "The district", yaml.district.is_some()),
        ("time_zone", "Hours and minutes east of UTC", written.time_zone),
        ("currency", "How money is written", written.currency),
        ("financial_year", "The financial year", written.financial_year),
        ("weekly_off", "When the office is closed every week or month", written.weekly_off),
        ("colours", "The accent colour", written.accent),
    ];
    for (key, meaning, _) in needed.iter().filter(|(.., there)| !there) {
        let missing = missing_key::diagnostic(key, meaning, &yaml.at);
        out.push(missing.note(format!("the state's file, {}, does not say it either", state.file)));
    }
    let path = format!("{dir}/places.csv");
    if bundle.path(&path).is_none() {
        let missing = missing_key::diagnostic(
            "places.csv",
            "The places of the town",
            &Where::file(bundle.path(&format!("{dir}/tenant.yaml"))?),
        );
        out.push(missing.help("add the file `places.csv` beside this file"));
    }
    tenant.places = Arc::new(places(bundle, &path, &tenant.languages, &tenant.levels, out).unwrap_or_default());
    out.0[before..].iter().all(|d| d.severity != crate::source::Severity::Error).then_some(tenant)
}

/// Reads the town in `town_dir` together with its state in `state_dir`. To read many towns of one
/// state, call [`state`] once and [`town`] for each.
pub fn compile(bundle: &Bundle, state_dir: &str, town_dir: &str, out: &mut Diagnostics) -> Option<Tenant> {
    let state = state(bundle, state_dir, out)?;
    town(bundle, &state, town_dir, out)
}

/// Checks that no two tenants have the same code. `dirs` are the folders of the tenants.
pub fn check_codes<'a>(
    bundle: &Bundle,
    tenants: impl IntoIterator<Item = (&'a str, &'a Tenant)>,
    out: &mut Diagnostics,
) {
    let mut seen: std::collections::BTreeMap<&str, &str> = std::collections::BTreeMap::new();
    for (dir, tenant) in tenants {
        if let Some(other) = seen.insert(&tenant.code, dir) {
            let place = |dir: &str| {
                let path = format!("{dir}/tenant.yaml");
                let node = read::yaml(bundle, &path, &mut Diagnostics::default())?;
                node.get("code").map(|code| code.at.clone())
            };
            if let (Some(at), Some(first)) = (place(dir), place(other)) {
                out.push(bad_tenant_code::taken(&tenant.code, &at, &first));
            }
        }
    }
}

fn last(dir: &str) -> String {
    dir.rsplit('/').next().unwrap_or(dir).to_owned()
}

fn file(bundle: &Bundle, dir: &str, level: Level, out: &mut Diagnostics) -> Option<(Arc<str>, TenantYaml)> {
    let path = format!("{dir}/tenant.yaml");
    let file = bundle.path(&path)?;
    let node = read::yaml(bundle, &path, out)?;
    let yaml = TenantYaml::read(&node, out)?;
    if yaml.format.value != unknown_format::KNOWN {
        out.push(unknown_format::diagnostic(&yaml.format));
        return None;
    }
    if yaml.level.value != level {
        out.push(wrong_tenant_level::diagnostic(level.word(), &yaml.level.at));
        return None;
    }
    Some((Arc::clone(file), yaml))
}

pub(super) struct Reader<'a> {
    bundle: &'a Bundle,
    dir: &'a str,
    state_dir: &'a str,
    pub(super) yaml: &'a TenantYaml,
    pub(super) out: &'a mut Diagnostics,
}

impl Reader<'_> {
    fn everything(&mut self, tenant: &mut Tenant, written: &mut Written) {
        let yaml = self.yaml;
        let languages = tenant.languages.clone();
        tenant.title = self.words("title", &yaml.title, &languages);
        for (what, words, place) in
            [("short", &yaml.short, &mut tenant.short), ("district", &yaml.district, &mut tenant.district)]
        {
            if let Some(words) = words {
                *place = self.words(what, words, &languages);
            }
        }
        if let Some(law) = &yaml.right_to_service {
            // Services are written in other languages than the state: each finds its own words.
            self.words("right_to_service", law, &languages);
            tenant.right_to_service = Some(law.in_every_language());
        }
        if let Some(contact) = &yaml.contact {
            tenant.office = self.words("contact.office", &contact.office, &languages);
            tenant.phone = contact.phone.as_ref().map(|phone| phone.value.clone());
            tenant.email = contact.email.as_ref().map(|email| email.value.clone());
        }
        if let Some(grade) = &yaml.grade {
            tenant.grade = grade.value.to_string();
        }
        if let Some(levels) = &yaml.levels {
            let read = levels.0.iter().map(|(name, words)| {
                (name.to_string(), self.words(&format!("levels.{}", name.value), words, &languages))
            });
            tenant.levels = read.collect();
        }
        if let Some(currency) = &yaml.currency {
            written.currency = true;
            let indian_grouping = currency.grouping.value == Grouping::Indian;
            tenant.currency = Currency {
                code: currency.code.value.clone(),
                symbol: currency.symbol.value.clone(),
                indian_grouping,
                denominations: self.denominations(currency.denominations.as_deref().unwrap_or_default()),
            };
        }
        if let Some(tills) = &yaml.tills {
            tenant.tills = self.tills(tills, &languages);
        }
        if let Some(numbers) = &yaml.identity_numbers {
            self.identity_numbers(numbers, &mut tenant.identity_numbers, &languages);
        }
        if let Some(name) = &yaml.emblem {
            tenant.emblem = emblem::load(self.bundle, self.dir, name, self.out);
        }
        if let Some(announcements) = &yaml.announcements {
            tenant.announcements = self.announcements(announcements, &languages);
        }
        self.code(tenant);
        self.accent(tenant, written);
        self.services(tenant);
        self.calendar(&mut tenant.calendar, &languages, written);
        if let Some(hours) = &yaml.working_hours {
            tenant.hours = self.hours(hours);
        }
    }

    /// The wording under the key `key`, after a look at its languages.
    pub(super) fn words(&mut self, key: &str, words: &Words, languages: &[String]) -> Text {
        let all: Vec<String> = languages.iter().map(|language| format!("{language}: …")).collect();
        let last = key.rsplit('.').next().unwrap_or(key);
        for language in words.missing(languages, LABEL_LANGUAGE) {
            self.out.push(
                missing_translation::diagnostic(&format!("`{key}`"), language, &words.at)
                    .help(format!("write it as `{last}: {{ {} }}`", all.join(", "))),
            );
        }
        words.text()
    }

    fn languages(&mut self, tenant: &mut Tenant) {
        let Some(written) = &self.yaml.languages else { return };
        tenant.languages.clear();
        for language in written {
            let twice = tenant.languages.contains(&language.value);
            if twice || !is_language(language) {
                self.out.push(bad_language::code(language, twice));
            } else {
                tenant.languages.push(language.value.clone());
            }
        }
    }

    fn code(&mut self, tenant: &mut Tenant) {
        let Some(code) = &self.yaml.code else { return };
        let letters = code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        if !letters || !(2..=12).contains(&code.len()) || !code.starts_with(|c: char| c.is_ascii_uppercase()) {
            self.out.push(bad_tenant_code::shape(code));
        }
        tenant.code.clone_from(&code.value);
    }

    fn accent(&mut self, tenant: &mut Tenant, written: &mut Written) {
        let Some(colours) = &self.yaml.colours else { return };
        written.accent = true;
        match contrast::channels(&colours.accent).map(contrast::against_white) {
            None => self.out.push(bad_accent::not_a_colour(&colours.accent)),
            Some(ratio) if ratio < 450 => self.out.push(bad_accent::too_light(&colours.accent, ratio)),
            Some(_) => tenant.accent.clone_from(&colours.accent.value),
        }
    }

    fn services(&mut self, tenant: &mut Tenant) {
        let Some(services) = &self.yaml.services else { return };
        tenant.services.clear();
        for service in services {
            if tenant.services.contains(&service.value) {
                self.out.push(unknown_service::twice(service));
            } else if self.has_service(service) {
                tenant.services.push(service.value.clone());
            } else {
                let known = self.known_services();
                self.out.push(unknown_service::diagnostic(service, known.iter().map(String::as_str)));
            }
        }
    }

    fn has_service(&self, service: &str) -> bool {
        let there = |path: String| self.bundle.path(&path).is_some();
        !service.contains('/')
            && (there(format!("{service}/service.yaml"))
                || there(format!("{}/{service}/service.yaml", self.state_dir))
                || there(format!("{}/{service}/service.yaml", self.dir)))
    }

    fn known_services(&self) -> BTreeSet<String> {
        let folder = |path: &Arc<str>| {
            let folder = path.strip_suffix("/service.yaml")?;
            let inside = |dir: &str| folder.strip_prefix(dir)?.strip_prefix('/').map(str::to_owned);
            let own = inside(self.dir).or_else(|| inside(self.state_dir)).unwrap_or_else(|| folder.to_owned());
            (!own.contains('/')).then_some(own)
        };
        self.bundle.paths().filter_map(folder).collect()
    }
}
