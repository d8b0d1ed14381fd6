//! From the type of a field, and the keys that belong to it, to the kind of its answer.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::check::{Checker, Scope};
use super::checks::{
    bad_limit, bad_pattern, empty_page, key_not_for_type, min_above_max, nested_fieldset, too_few_options,
    unknown_fieldset, unknown_list, unknown_type,
};
use super::limit::day_limit;
use super::unit::UnitYaml;
use super::yaml::{AskedStanding, FieldYaml, FileKind, Limit, OptionsYaml, PatternYaml};
use super::{DayLimit, Kind, Options, Pattern};
use crate::base::{Money, Name, Text, limits};
use crate::list::checks::unknown_level;
use crate::source::checks::missing_key;
use crate::source::{At, Where, suggest};

/// A type of the engine.
#[derive(Clone, Copy, Debug)]
pub struct FieldType {
    /// Its name: `yes_no`.
    pub name: &'static str,
    /// The keys that belong to it alone.
    pub keys: &'static [&'static str],
    /// What is asked.
    pub sentence: &'static str,
    /// What rules, conditions and scenarios see.
    pub answer: &'static str,
}

const fn field_type(
    name: &'static str,
    keys: &'static [&'static str],
    sentence: &'static str,
    answer: &'static str,
) -> FieldType {
    FieldType { name, keys, sentence, answer }
}

/// The types of the engine, each with the keys that belong to it alone.
pub const FIELD_TYPES: [FieldType; 19] = [
    field_type(
        "text",
        &["min_length", "max_length", "lines", "pattern", "other_number"],
        "Words: one line, or several with `lines`.",
        "a text",
    ),
    field_type("number", &["min", "max", "unit", "grouped"], "A whole number.", "a number"),
    field_type(
        "decimal",
        &["min", "max", "places", "unit"],
        "An exact number, with two decimals at most unless `places` says otherwise.",
        "a number",
    ),
    field_type(
        "money",
        &["min", "max"],
        "An amount in rupees, nothing less than 0 unless `min` says otherwise.",
        "a number of rupees",
    ),
    field_type(
        "date",
        &["min", "max"],
        "A day. Limits may move: `today - 30 days`.",
        "a day; in scenarios `2026-04-01`",
    ),
    field_type("yes_no", &[], "Yes or no.", "`true` or `false`; a condition may just name the field"),
    field_type("choice", &["options"], "One of several. Long lists can be searched.", "the code"),
    field_type("choices", &["options", "min", "max"], "Any of several.", "an array of codes"),
    field_type("phone", &[], "A mobile number of ten digits.", "a text"),
    field_type("email", &[], "A mail address.", "a text"),
    field_type(
        "file",
        &["kinds", "max_mb", "keep_for"],
        "A file: PDF, JPEG or PNG.",
        "a group with `id`, `name`, `kind`, `size`; in scenarios a name: `rent.pdf`",
    ),
    field_type(
        "photo",
        &["place", "max_mb", "keep_for"],
        "A photo; with `place: true` also where it was taken.",
        "the same; in scenarios `shop.jpg`",
    ),
    field_type(
        "place",
        &["level"],
        "A place of the town: its lowest level, or that of `level`.",
        "the code of the place",
    ),
    field_type(
        "record",
        &["registry", "standing", "where_kept"],
        "The number of a record of a registry; it must count today unless `standing: any` is said. With `where_kept: true` it is asked only where the town keeps such a register.",
        "the number",
    ),
    field_type("point", &[], "A point on the map.", "a group with `lat` and `long`"),
    field_type("rating", &[], "One to five.", "a number"),
    field_type("declaration", &[], "Something to be read and confirmed.", "`true`"),
    field_type(
        "list",
        &["min", "max", "one_when", "several_when", "differ", "fields"],
        "A group of questions that is asked several times.",
        "an array of groups",
    ),
    field_type(
        "group",
        &["fields"],
        "Questions that are asked together. The name of a fieldset is a type too, and asks such a group.",
        "a group: `home.street`",
    ),
];

/// Decimals that a number may have at most.
const PLACES: i64 = 8;
const MB: u64 = 1 << 20;

impl Checker<'_, '_> {
    /// The kind of answer that `yaml` asks for.
    pub(super) fn kind(&mut self, name: &At<Name>, yaml: &FieldYaml, scope: &Scope) -> Option<Kind> {
        let word = yaml.kind.as_str();
        let Some(known) = FIELD_TYPES.iter().find(|known| known.name == word) else { return self.fieldset(yaml) };
        self.keys(yaml, word, known.keys);
        let optional = yaml.optional.as_ref().is_some_and(|flag| flag.value);
        match word {
            "text" => self.text(yaml),
            "number" => {
                let (min, max) = self.limits(yaml, |limit, out| out.number(limit))?;
                let grouped = yaml.grouped.as_ref().is_none_or(|grouped| grouped.value);
                Some(Kind::Number { min, max, grouped })
            }
            "decimal" => {
                let (min, max) = self.limits(yaml, |limit, out| out.scalar::<Decimal>(limit))?;
                Some(Kind::Decimal {
                    min,
                    max,
                    places: u32::try_from(self.count(yaml.places.as_ref(), "places", 1, PLACES, 2)?).ok()?,
                })
            }
            "money" => {
                let (min, max) = self.limits(yaml, |limit, out| out.scalar::<Money>(limit))?;
                Some(Kind::Money { min, max })
            }
            "date" => self.date(yaml),
            "yes_no" => Some(Kind::YesNo),
            "choice" => Some(Kind::Choice { options: self.options(yaml)? }),
            "choices" => {
                let options = self.options(yaml)?;
                let most = options.count();
                let (min, max) = self.how_many(yaml, optional, most, most)?;
                Some(Kind::Choices { options, min, max })
            }
            "phone" => Some(Kind::Phone),
            "email" => Some(Kind::Email),
            "file" => Some(Kind::File { kinds: kinds(yaml), max_bytes: self.bytes(yaml)? }),
            "photo" => Some(Kind::Photo {
                place: yaml.place.as_ref().is_some_and(|place| place.value),
                max_bytes: self.bytes(yaml)?,
            }),
            "place" => self.place(yaml),
            "record" => self.record(yaml),
            "point" => Some(Kind::Point),
            "rating" => Some(Kind::Rating),
            "declaration" => Some(Kind::Declaration),
            "list" => {
                let fields = self.nested(name, yaml, scope);
                let (min, max) = self.how_many(yaml, optional, limits::LIST_ITEMS, limits::LIST_ITEMS)?;
                Some(Kind::List { min, max, fields: fields? })
            }
            _ => Some(Kind::Group { fields: self.nested(name, yaml, scope)? }),
        }
    }

    fn fieldset(&mut self, yaml: &FieldYaml) -> Option<Kind> {
        let types = FIELD_TYPES.iter().map(|known| known.name);
        let Some(fieldsets) = self.known.fieldsets else {
            let known_elsewhere = unknown_type::elsewhere(&yaml.kind).map(|(name, _)| name);
            self.out.push(match known_elsewhere.or(suggest(&yaml.kind, types.clone())) {
                Some(_) => unknown_type::diagnostic(&yaml.kind, types),
                None => nested_fieldset::diagnostic(&yaml.kind),
            });
            return None;
        };
        if let Some(fields) = fieldsets.get(&yaml.kind) {
            self.keys(yaml, &yaml.kind, &[]);
            fieldsets.untranslated(&yaml.kind, self.out);
            return Some(Kind::Group { fields: fields.to_vec() });
        }
        let names = fieldsets.names();
        let near = suggest(&yaml.kind, types.clone());
        self.out.push(match (unknown_type::elsewhere(&yaml.kind), near, suggest(&yaml.kind, names.clone())) {
            (Some(_), ..) | (None, Some(_), None) => unknown_type::diagnostic(&yaml.kind, types),
            _ => unknown_fieldset::diagnostic(&yaml.kind, types, names),
        });
        None
    }

    /// Says which keys do not belong to the type.
    fn keys(&mut self, yaml: &FieldYaml, word: &str, known: &[&str]) {
        let limit = |limit: &Option<Limit>| limit.as_ref().map(|limit| limit.0.head.clone());
        let number = |number: &Option<At<i64>>| number.as_ref().map(|number| number.at.clone());
        let options = |options: &OptionsYaml| match options {
            OptionsYaml::Here(_, at) => at.clone(),
            OptionsYaml::List(name) => name.at.clone(),
        };
        let unit = |unit: &UnitYaml| match unit {
            UnitYaml::Words(words) => words.at.clone(),
            UnitYaml::Listed(listed) => listed.listed.at.clone(),
        };
        let written: [(&str, Option<Where>); 23] = [
            ("min", limit(&yaml.min)),
            ("max", limit(&yaml.max)),
            ("one_when", yaml.one_when.as_ref().map(|when| when.at.clone())),
            ("several_when", yaml.several_when.as_ref().map(|when| when.at.clone())),
            ("differ", yaml.differ.as_ref().and_then(|names| names.0.first()).map(|name| name.at.clone())),
            ("min_length", number(&yaml.min_length)),
            ("max_length", number(&yaml.max_length)),
            ("lines", number(&yaml.lines)),
            ("pattern", yaml.pattern.as_ref().map(|pattern| pattern.at.clone())),
            ("other_number", yaml.other_number.as_ref().map(|other| other.at.clone())),
            ("places", number(&yaml.places)),
            ("unit", yaml.unit.as_ref().map(unit)),
            ("grouped", yaml.grouped.as_ref().map(|grouped| grouped.at.clone())),
            ("options", yaml.options.as_ref().map(options)),
            ("kinds", yaml.kinds.as_ref().and_then(|kinds| kinds.0.first()).map(|kind| kind.at.clone())),
            ("max_mb", number(&yaml.max_mb)),
            ("place", yaml.place.as_ref().map(|place| place.at.clone())),
            ("keep_for", yaml.keep_for.as_ref().map(|span| span.at.clone())),
            ("level", yaml.level.as_ref().map(|level| level.at.clone())),
            ("registry", yaml.registry.as_ref().map(|registry| registry.at.clone())),
            ("standing", yaml.standing.as_ref().map(|standing| standing.at.clone())),
            ("where_kept", yaml.where_kept.as_ref().map(|kept| kept.at.clone())),
            (
                "fields",
                yaml.fields
                    .as_ref()
                    .map(|fields| fields.0.first().map_or_else(|| yaml.at.clone(), |(name, _)| name.at.clone())),
            ),
        ];
        for (key, at) in written {
            if let Some(at) = at
                && !known.contains(&key)
            {
                self.out.push(key_not_for_type::extra(key, word, known, &at));
            }
        }
    }

    fn record(&mut self, yaml: &FieldYaml) -> Option<Kind> {
        let Some(registry) = &yaml.registry else {
            let what = "Of a record: the registry in which its number must be found";
            self.out.push(missing_key::diagnostic("registry", what, &yaml.kind.at));
            return None;
        };
        let active = yaml.standing.as_ref().is_none_or(|standing| standing.value == AskedStanding::Active);
        Some(Kind::Record { registry: registry.value.clone(), active })
    }

    fn text(&mut self, yaml: &FieldYaml) -> Option<Kind> {
        let most = i64::try_from(limits::TEXT_CHARS).expect("a small constant");
        let min_length = self.count(yaml.min_length.as_ref(), "min_length", 1, most, 1);
        let max_length = self.count(yaml.max_length.as_ref(), "max_length", 1, most, most);
        let lines = self.count(yaml.lines.as_ref(), "lines", 1, 40, 1);
        let pattern = match &yaml.pattern {
            None => None,
            Some(written) => Some(self.pattern(written)?),
        };
        let (min_length, max_length) = (min_length?, max_length?);
        if let Some(at) = yaml.min_length.as_ref().filter(|_| min_length > max_length) {
            self.out.push(min_above_max::diagnostic(&min_length.to_string(), &max_length.to_string(), &at.at));
            return None;
        }
        Some(Kind::Text { min_length, max_length, lines: lines?, pattern })
    }

    fn pattern(&mut self, written: &PatternYaml) -> Option<Pattern> {
        let (regex, example) = (&written.regex, &written.example);
        let check = written.check.as_ref().map(|check| check.value);
        let slips = check.is_some_and(|check| !check.holds(example));
        let whole = format!("^(?:{})$", regex.value);
        let compiled = regex_lite::RegexBuilder::new(&whole).size_limit(limits::FILE_BYTES).build();
        match compiled {
            Err(error) => self.out.push(bad_pattern::unreadable(regex, &error.to_string())),
            Ok(compiled) if !compiled.is_match(example) => self.out.push(bad_pattern::example(regex, example)),
            Ok(_) if slips => self.out.push(bad_pattern::check_digit(example)),
            Ok(regex) => return Some(Pattern { regex, example: example.value.clone(), check }),
        }
        None
    }

    fn date(&mut self, yaml: &FieldYaml) -> Option<Kind> {
        let (min, max) = self.both(yaml, |limit, checker| {
            let read = limit.0.scalar().and_then(day_limit);
            if read.is_none() {
                checker.out.push(bad_limit::day(limit.0.scalar().unwrap_or("this"), &limit.0.head));
            }
            read
        })?;
        let above = match (min, max) {
            (Some(DayLimit::On(min)), Some(DayLimit::On(max))) => min > max,
            (Some(DayLimit::Today(min)), Some(DayLimit::Today(max))) => min > max,
            _ => false,
        };
        if let (true, Some(written), Some(most)) = (above, &yaml.min, &yaml.max) {
            self.out.push(min_above_max::diagnostic(
                written.0.scalar().unwrap_or(""),
                most.0.scalar().unwrap_or(""),
                &written.0.at,
            ));
            return None;
        }
        Some(Kind::Date { min, max })
    }

    fn options(&mut self, yaml: &FieldYaml) -> Option<Options> {
        let options = match &yaml.options {
            None => {
                self.out.push(key_not_for_type::lacking("options", &yaml.kind, &yaml.kind.at));
                return None;
            }
            Some(OptionsYaml::Here(map, _)) => {
                Options::Here(map.0.iter().map(|(code, words)| (code.0.clone(), Text::new(&words.value))).collect())
            }
            Some(OptionsYaml::List(name)) => {
                let Some(list) = self.known.lists.iter().find(|list| *list.name == *name.as_str()) else {
                    self.out
                        .push(unknown_list::diagnostic(name, self.known.lists.iter().map(|list| list.name.as_str())));
                    return None;
                };
                Options::List(Arc::clone(list))
            }
        };
        let at = match yaml.options.as_ref()? {
            OptionsYaml::Here(_, at) => at,
            OptionsYaml::List(name) => &name.at,
        };
        // A list is data of the tenant: a small town may well have one trade.
        let least = if matches!(options, Options::List(_)) { 1 } else { 2 };
        if options.count() < least {
            self.out.push(too_few_options::diagnostic(options.count(), at));
            return None;
        }
        Some(options)
    }

    fn place(&mut self, yaml: &FieldYaml) -> Option<Kind> {
        let mut levels = self.known.levels.iter().map(|(level, _)| level.as_str());
        match &yaml.level {
            None => Some(Kind::Place { level: Name::new(levels.next_back().unwrap_or("")) }),
            Some(level) if levels.clone().any(|known| *level.value == *known) => {
                Some(Kind::Place { level: level.value.clone() })
            }
            Some(level) => {
                self.out.push(unknown_level::diagnostic(level, levels, &level.at));
                None
            }
        }
    }

    fn nested(&mut self, name: &At<Name>, yaml: &FieldYaml, scope: &Scope) -> Option<Vec<super::Field>> {
        match &yaml.fields {
            None => {
                self.out.push(key_not_for_type::lacking("fields", &yaml.kind, &yaml.kind.at));
                None
            }
            Some(fields) if fields.0.is_empty() => {
                self.out.push(empty_page::diagnostic(&format!("`{}`", name.value), &name.at));
                None
            }
            Some(fields) => self.inner(fields, scope),
        }
    }

    fn bytes(&mut self, yaml: &FieldYaml) -> Option<u64> {
        let drawing = yaml.kinds.as_ref().is_some_and(|kinds| kinds.0.iter().any(|kind| kind.value == FileKind::Dxf));
        let most = if drawing { limits::DRAWING_BYTES } else { limits::UPLOAD_BYTES };
        let most = i64::try_from(most / MB).expect("a small constant");
        let megabytes = self.count(yaml.max_mb.as_ref(), "max_mb", 1, most, most)?;
        Some(u64::try_from(megabytes).ok()? * MB)
    }
}

fn kinds(yaml: &FieldYaml) -> Vec<String> {
    let all = || vec![FileKind::Pdf, FileKind::Jpeg, FileKind::Png];
    let kinds = yaml.kinds.as_ref().map_or_else(all, |kinds| kinds.0.iter().map(|kind| kind.value).collect());
    kinds.into_iter().map(|kind| kind.word().to_owned()).collect()
}
