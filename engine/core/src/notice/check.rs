//! From notices as written to the model.

use std::collections::{BTreeMap, BTreeSet};

use super::checks::{empty_notice, sms_too_long, unknown_recipient, untranslated_notice, unused_notice};
use super::sms;
use super::yaml::{EmailYaml, NoticeYaml, WordingYaml};
use super::{Notice, Recipient, Wording};
use crate::base::Name;
use crate::form::Form;
use crate::source::shape::Map;
use crate::source::{At, Bundle, Diagnostics, Where};
use crate::template::{self, Around, Fact, Facts, Scope, Source};
use crate::workflow::APPLICANT;

/// Turns the notices of a service into the model, or says what is wrong with them.
///
/// `written` are the files of `notifications/` by name; `translations` the parts `notifications:`
/// of `locales/`, by language.
pub fn check(
    bundle: &Bundle,
    written: &[(Name, NoticeYaml)],
    translations: &BTreeMap<String, Map<WordingYaml>>,
    around: &Around<'_>,
    out: &mut Diagnostics,
) -> Vec<Notice> {
    stray_translations(written, translations, out);
    written.iter().filter_map(|(name, notice)| one(bundle, name, notice, translations, around, out)).collect()
}

fn one(
    bundle: &Bundle,
    name: &Name,
    notice: &NoticeYaml,
    translations: &BTreeMap<String, Map<WordingYaml>>,
    around: &Around<'_>,
    out: &mut Diagnostics,
) -> Option<Notice> {
    let to = recipient(&notice.to, around, out);
    if notice.sms.is_none() && notice.email.is_none() {
        out.push(empty_notice::diagnostic(name, &notice.at));
        return None;
    }
    let facts = around.when_told(name).unwrap_or_else(|| {
        out.push(unused_notice::diagnostic(name, &notice.at));
        everything(around)
    });
    let proof = Proof { bundle, form: around.form, facts: &facts };
    let mut words = BTreeMap::new();
    words.insert(String::new(), proof.wording(notice.sms.as_ref(), notice.email.as_ref(), out));
    for language in around.languages {
        let translated =
            translations.get(language).and_then(|map| map.0.iter().find(|(known, _)| known.value == *name));
        let Some((key, translated)) = translated else {
            out.push(untranslated_notice::whole(name, language, &notice.at));
            continue;
        };
        if notice.sms.is_some() != translated.sms.is_some() {
            out.push(untranslated_notice::part(name, language, "sms", notice.sms.is_some(), &key.at));
        }
        if notice.email.is_some() != translated.email.is_some() {
            out.push(untranslated_notice::part(name, language, "email", notice.email.is_some(), &key.at));
        }
        words.insert(language.clone(), proof.wording(translated.sms.as_ref(), translated.email.as_ref(), out));
    }
    Some(Notice { name: name.clone(), to: to?, words, at: notice.at.clone() })
}

fn recipient(to: &At<Name>, around: &Around<'_>, out: &mut Diagnostics) -> Option<Recipient> {
    match to.as_str() {
        APPLICANT => Some(Recipient::Applicant),
        "assignee" => Some(Recipient::Assignee),
        _ if around.roles.contains(&to.value) => Some(Recipient::Role(to.value.clone())),
        _ => {
            out.push(unknown_recipient::diagnostic(to, around.roles));
            None
        }
    }
}

/// For a notice that nothing sends only its spelling is judged.
fn everything(around: &Around<'_>) -> Facts {
    let pages = around.form.pages.iter().map(|page| Fact::Page(page.name.clone()));
    let rest = [
        Fact::Comment,
        Fact::Demand,
        Fact::Receipt,
        Fact::Record,
        Fact::Payable,
        Fact::Expiry,
        Fact::Assignee,
        Fact::Statute,
    ];
    rest.into_iter().chain(pages).collect()
}

fn stray_translations(
    written: &[(Name, NoticeYaml)],
    translations: &BTreeMap<String, Map<WordingYaml>>,
    out: &mut Diagnostics,
) {
    let known: BTreeSet<&Name> = written.iter().map(|(name, _)| name).collect();
    for (key, _) in translations.values().flat_map(|map| &map.0) {
        if !known.contains(&key.value) {
            out.push(untranslated_notice::stray(key, known.iter().map(|name| name.as_str())));
        }
    }
}

/// What the templates of one notice are proved against.
struct Proof<'a> {
    bundle: &'a Bundle,
    form: &'a Form,
    facts: &'a Facts,
}

impl Proof<'_> {
    fn wording(&self, sms: Option<&At<String>>, email: Option<&EmailYaml>, out: &mut Diagnostics) -> Wording {
        if let Some(sms) = sms
            && self.template(sms, out)
        {
            self.length(sms, out);
        }
        if let Some(email) = email {
            self.template(&email.subject, out);
            self.template(&email.body, out);
        }
        let text = |template: &At<String>| template.value.clone();
        Wording { sms: sms.map(text), email: email.map(|email| (text(&email.subject), text(&email.body))) }
    }

    fn template(&self, template: &At<String>, out: &mut Diagnostics) -> bool {
        let source = Source::value(self.bundle, template);
        let scope = Scope { form: self.form, facts: self.facts, paper: false };
        if !template::check(&source, &scope, out) {
            return false;
        }
        self.filled_in(template, out)
    }

    /// The template is filled in once, so that whatever the proof overlooked is found here.
    fn filled_in(&self, template: &At<String>, out: &mut Diagnostics) -> bool {
        match template::plain(template, &template::sample(self.form, false)) {
            Ok(_) => true,
            Err(why) => {
                out.push(template::checks::template_syntax::diagnostic(&template.at, &why));
                false
            }
        }
    }

    fn length(&self, template: &At<String>, out: &mut Diagnostics) {
        let size = sms::longest(template, self.form);
        if size.segments() > size.allowed() {
            let at: &Where = &template.at;
            out.push(sms_too_long::diagnostic(at, size));
        }
    }
}
