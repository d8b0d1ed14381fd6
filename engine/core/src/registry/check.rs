//! From grants as written to grants as used.

use super::checks::{grant_incomplete, grant_key_idle};
use super::yaml::{GrantYaml, InLanguagesYaml, PublicYaml};
use super::{Grant, Holder, Mode, Public, Validity};
use crate::base::{Name, Text};
use crate::source::{At, Diagnostics, Where};

/// The grant called `name`; what is wrong with it by itself goes to `out`.
pub(crate) fn grant(name: &At<Name>, yaml: GrantYaml, service_title: &Text, out: &mut Diagnostics) -> Grant {
    let mode = yaml.mode.as_ref().map_or(Mode::Create, |mode| mode.value);
    incomplete(name, &yaml, mode, out);
    idle(name, &yaml, mode, out);
    let valid_until =
        yaml.valid_for.map(|span| Validity::For(span.value)).or(yaml.valid_until.map(|until| until.0.value));
    let holder = match mode {
        Mode::Create | Mode::Transfer => Holder::Applicant,
        _ => Holder::Keep,
    };
    Grant {
        name: name.value.clone(),
        registry: yaml.registry,
        mode,
        number: yaml.number,
        valid_from: yaml.valid_from.map_or(Validity::Today, |from| from.0.value),
        valid_until,
        effective: yaml.effective.map(|from| from.0.value),
        holder: yaml.holder.map_or(holder, |holder| holder.value),
        set: yaml.set.map(|set| set.0),
        parts: yaml.parts,
        merges: yaml.merges,
        document: yaml.document,
        public: yaml.public.map(public),
        title: yaml.title.map_or_else(|| service_title.clone(), |title| Text::new(title.value)),
        at: name.at.clone(),
    }
}

fn public(yaml: PublicYaml) -> Public {
    let questions = |yaml: Option<InLanguagesYaml>| yaml.map_or_else(Vec::new, |questions| questions.0);
    Public {
        title: Text::new(yaml.title.value),
        heading: questions(yaml.heading),
        text: questions(yaml.text),
        shows: yaml.shows.0,
        newest_first: yaml.newest_first.is_some_and(|newest| newest.value),
        front: yaml.front,
        at: yaml.at,
    }
}

/// What the mode needs and the grant does not say.
fn incomplete(name: &At<Name>, yaml: &GrantYaml, mode: Mode, out: &mut Diagnostics) {
    let mut lacks = |at: &Where, title: &str, help: &str| out.push(grant_incomplete::diagnostic(name, at, title, help));
    if matches!(mode, Mode::Create | Mode::Split) && yaml.number.is_none() {
        lacks(&name.at, "creates a record without a number", "add `number: XX/{tenant}/{fy}/{serial:6}`");
    }
    if let (Some(_), Some(until)) = (&yaml.valid_for, &yaml.valid_until) {
        lacks(&until.0.at, "ends twice", "keep `valid_for` or `valid_until`");
    }
    if mode == Mode::Renew && yaml.valid_for.is_none() && yaml.valid_until.is_none() {
        lacks(&name.at, "renews a record without an end", "add `valid_for: 1 year` or `valid_until: …`");
    }
    if mode == Mode::Split && yaml.parts.is_none() {
        lacks(&name.at, "splits a record into nothing", "add `parts:` with a repeated group of the form");
    }
    if mode == Mode::Merge && yaml.merges.is_none() {
        lacks(&name.at, "merges a record with nothing", "add `merges:` with the question that names the other records");
    }
}

/// Keys that nothing would read in this mode. Numbers and validity of records that stay are theirs.
fn idle(name: &At<Name>, yaml: &GrantYaml, mode: Mode, out: &mut Diagnostics) {
    let makes = matches!(mode, Mode::Create | Mode::Split);
    let validity = makes || mode == Mode::Renew;
    let holder = mode != Mode::Create && !mode.only_standing();
    let set = !mode.only_standing();
    let keys = [
        ("number", yaml.number.as_ref().map(|number| &number.at), makes),
        ("valid_from", yaml.valid_from.as_ref().map(|from| &from.0.at), validity),
        ("valid_for", yaml.valid_for.as_ref().map(|span| &span.at), validity),
        ("valid_until", yaml.valid_until.as_ref().map(|until| &until.0.at), validity),
        ("holder", yaml.holder.as_ref().map(|holder| &holder.at), holder),
        ("set", yaml.set.as_ref().and_then(|set| set.0.first()).map(|(name, _)| &name.at), set),
        ("public", yaml.public.as_ref().map(|public| &public.at), makes),
        ("parts", yaml.parts.as_ref().map(|parts| &parts.at), mode == Mode::Split),
        ("merges", yaml.merges.as_ref().map(|merges| &merges.at), mode == Mode::Merge),
    ];
    for (key, at, read) in keys {
        if let (Some(at), false) = (at, read) {
            out.push(grant_key_idle::diagnostic(name, at, key, mode.word()));
        }
    }
}
