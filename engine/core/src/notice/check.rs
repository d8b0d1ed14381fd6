//! From notices as written to the model.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::checks::{
    empty_notice, personal_in_notice, sms_too_long, unknown_recipient, untranslated_notice, unused_notice,
};
use super::sms;
use super::yaml::{EmailYaml, NoticeYaml, WordingYaml};
use super::{Notice, Recipient, Wording};
use crate::base::Name;
use crate::form::checks::sensitive_told;
use crate::form::{Field, Form, Kind};
use crate::list::checks::left_untranslated;
use crate::source::shape::Map;
use crate::source::{At, Bundle, Diagnostics, Where};
use crate::template::{self, After, Around, Fact, Facts, Scope, Source, Tag};
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
    let service = OfService {
        bundle,
        translations,
        around,
        after: around.after_actions(),
        sample: template::sample(around.form, false),
    };
    written.iter().filter_map(|(name, notice)| one(&service, name, notice, out)).collect()
}

/// What all notices of a service are held against, reckoned once.
struct OfService<'a> {
    bundle: &'a Bundle,
    translations: &'a BTreeMap<String, Map<WordingYaml>>,
    around: &'a Around<'a>,
    after: After,
    sample: Json,
}

fn one(service: &OfService<'_>, name: &Name, notice: &NoticeYaml, out: &mut Diagnostics) -> Option<Notice> {
    let &OfService { bundle, translations, around, ref after, ref sample } = service;
    let to = recipient(&notice.to, around, out);
    if notice.sms.is_none() && notice.email.is_none() {
        out.push(empty_notice::diagnostic(name, &notice.at));
        return None;
    }
    let facts = around.when_told(after, name).unwrap_or_else(|| {
        out.push(unused_notice::diagnostic(name, &notice.at));
        everything(around)
    });
    let to_others = to.as_ref().is_some_and(|to| *to != Recipient::Applicant);
    let private = notice.purpose.is_none().then_some(to_others);
    let proof = Proof { bundle, name, form: around.form, facts: &facts, sample, private };
    let mut words = BTreeMap::new();
    words.insert(String::new(), proof.wording(notice.sms.as_ref(), notice.email.as_ref(), out));
    for language in around.languages.iter().map(String::as_str).chain([around.language]) {
        let translated =
            translations.get(language).and_then(|map| map.0.iter().find(|(known, _)| known.value == *name));
        let Some((key, translated)) = translated else {
            if language != around.language {
                out.push(untranslated_notice::whole(name, language, &notice.at));
            }
            continue;
        };
        if notice.sms.is_some() != translated.sms.is_some() {
            out.push(untranslated_notice::part(name, language, "sms", notice.sms.is_some(), &key.at));
        }
        if notice.email.is_some() != translated.email.is_some() {
            out.push(untranslated_notice::part(name, language, "email", notice.email.is_some(), &key.at));
        }
        if language != around.language {
            still_as_written(notice, translated, language, out);
        }
        words.insert(language.to_owned(), proof.wording(translated.sms.as_ref(), translated.email.as_ref(), out));
    }
    Some(Notice { name: name.clone(), to: to?, words, at: notice.at.clone() })
}

/// Says which words of a notice are in `language` those that were to be translated.
fn still_as_written(notice: &NoticeYaml, translated: &WordingYaml, language: &str, out: &mut Diagnostics) {
    let sms = notice.sms.iter().zip(&translated.sms);
    let mails = notice.email.iter().zip(&translated.email);
    let mails = mails.flat_map(|(own, other)| [(&own.subject, &other.subject), (&own.body, &other.body)]);
    for (own, other) in sms.chain(mails) {
        left_untranslated::check(own, other, language, out);
    }
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
    let pages = around.form.all_pages().map(|page| Fact::Page(page.name.clone()));
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
    name: &'a Name,
    form: &'a Form,
    facts: &'a Facts,
    /// Data in which nothing is missing.
    sample: &'a Json,
    /// Set if nothing personal may be in it: whether it goes to others than the applicant.
    private: Option<bool>,
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
        let tags = template::scan(source.text).unwrap_or_default();
        self.keeps_private(&source, &tags, out);
        template::surely_fills(template, &tags, self.sample) || self.filled_in(template, out)
    }

    fn keeps_private(&self, source: &Source<'_>, tags: &[Tag<'_>], out: &mut Diagnostics) {
        for (index, tag) in tags.iter().enumerate() {
            let sensitive = tag.words.iter().find(|word| match word.text.split_once('.') {
                Some(("answers", path)) => tells(self.form, path, |field| field.sensitive),
                _ => false,
            });
            if let Some(word) = sensitive {
                let at = source.place(index, tag, &word.range());
                out.push(sensitive_told::in_notice(self.name, word.text, &at));
                continue;
            }
            let Some(to_others) = self.private else { continue };
            let personal = tag.words.iter().find(|word| match word.text.split_once('.') {
                Some(("answers", path)) => tells(self.form, path, |field| field.personal),
                Some(("applicant", _)) => to_others,
                _ => false,
            });
            if let Some(word) = personal {
                let at = source.place(index, tag, &word.range());
                out.push(personal_in_notice::diagnostic(self.name, word.text, &at));
            }
        }
    }

    /// The template is filled in once, so that whatever the proof overlooked is found here.
    fn filled_in(&self, template: &At<String>, out: &mut Diagnostics) -> bool {
        match template::plain(template, self.sample) {
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

/// Whether it is `said` of the answer at `path`, with points between its parts: by its own question, one around it or
/// one inside of it.
fn tells(form: &Form, path: &str, said: fn(&Field) -> bool) -> bool {
    fn within(field: &Field, said: fn(&Field) -> bool) -> bool {
        said(field) || inner(field).iter().any(|field| within(field, said))
    }
    fn inner(field: &Field) -> &[Field] {
        match &field.kind {
            Kind::List { fields, .. } | Kind::Group { fields } => fields,
            _ => &[],
        }
    }
    let mut parts = path.split('.');
    let first = parts.next().unwrap_or_default();
    let Some(mut field) = form.fields().find(|field| field.name == *first) else { return false };
    for part in parts {
        if said(field) {
            return true;
        }
        let Some(next) = inner(field).iter().find(|field| field.name == *part) else { break };
        field = next;
    }
    within(field, said)
}
