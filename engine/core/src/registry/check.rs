//! From grants as written to grants as used.

use super::checks::grant_incomplete;
use super::yaml::GrantYaml;
use super::{Grant, Mode, Validity};
use crate::base::{Name, Text};
use crate::source::{At, Diagnostics};

/// The grant called `name`; what is wrong with it by itself goes to `out`.
pub(crate) fn grant(name: &At<Name>, yaml: GrantYaml, service_title: &Text, out: &mut Diagnostics) -> Grant {
    let mode = yaml.mode.map_or(Mode::Create, |mode| mode.value);
    if mode == Mode::Create && yaml.number.is_none() {
        out.push(grant_incomplete::diagnostic(
            name,
            &name.at,
            "creates a record without a number",
            "add `number: XX/{tenant}/{fy}/{serial:6}`",
        ));
    }
    if let (Some(_), Some(until)) = (&yaml.valid_for, &yaml.valid_until) {
        out.push(grant_incomplete::diagnostic(name, &until.0.at, "ends twice", "keep `valid_for` or `valid_until`"));
    }
    let valid_until =
        yaml.valid_for.map(|span| Validity::For(span.value)).or(yaml.valid_until.map(|until| until.0.value));
    if mode == Mode::Renew && valid_until.is_none() {
        out.push(grant_incomplete::diagnostic(
            name,
            &name.at,
            "renews a record without an end",
            "add `valid_for: 1 year` or `valid_until: …`",
        ));
    }
    Grant {
        name: name.value.clone(),
        registry: yaml.registry,
        mode,
        number: yaml.number.map(|number| number.value),
        valid_from: yaml.valid_from.map_or(Validity::Today, |from| from.0.value),
        valid_until,
        document: yaml.document,
        title: yaml.title.map_or_else(|| service_title.clone(), |title| Text::new(title.value)),
        at: name.at.clone(),
    }
}
