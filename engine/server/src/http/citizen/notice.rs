//! What is done with people's data, item by item: which data each service asks for, why, how long it
//! is kept, what can be asked and where to complain. Made from the definitions, so that it says what
//! is true.

use engine::base::Text;
use engine::form::Field;
use ui_gen::Words;
use ui_gen::view::common::Row;

use super::statement;
use crate::auth::token;
use crate::http::ask::Ask;
use crate::http::{chrome, when};

/// The notice of the town, in a language.
pub(super) fn rows(ask: &Ask, lang: &str) -> Vec<Row> {
    let words = ask.library.words(lang);
    let town = ask.tenant().title.in_language(lang).to_owned();
    let mut rows = vec![Row::new(words.get("consent.account"), words.get("consent.account_text"))];
    for service in ask.library.catalogue.services(ask.tenant()) {
        let mut labels = Vec::new();
        for page in service.form.all_pages().filter(|page| page.is_applicants()) {
            let of_page = Said { purpose: page.purpose.as_ref(), ..Said::default() };
            personal(&page.fields, of_page, (lang, words), &mut labels);
        }
        if !labels.is_empty() {
            let purpose = service.purpose.as_ref().map(|purpose| purpose.in_language(lang));
            labels.extend(purpose.map(|purpose| words.say("consent.purpose", &[("purpose", purpose)])));
            labels
                .extend(service.keep_for.map(|span| words.say("consent.kept", &[("span", &when::span(words, span))])));
            rows.push(Row { lines: labels, ..Row::new(service.title.in_language(lang), "") });
        }
    }
    for part in ["why", "keep", "share", "rights"] {
        let text = words.say(&format!("privacy.{part}_text"), &[("town", &town)]);
        rows.push(Row::new(words.get(&format!("privacy.{part}")), text));
    }
    let office = statement::office_in(ask, lang).into_iter().flat_map(|row| row.lines).collect();
    rows.push(Row { lines: office, ..Row::new(words.get("consent.complain"), "") });
    rows
}

/// Which notice it is: a digest of its words in every language of the town.
pub(super) fn version(ask: &Ask) -> String {
    let said: Vec<String> = chrome::offered(ask)
        .iter()
        .flat_map(|lang| rows(ask, lang))
        .map(|row| format!("{}\n{}", row.key, row.lines.join("\n")))
        .collect();
    token::stored(&said.join("\n\n"))[..12].to_owned()
}

/// What is said of an answer by its question, one around it, or the page.
#[derive(Clone, Copy, Default)]
struct Said<'a> {
    personal: bool,
    sensitive: bool,
    purpose: Option<&'a Text>,
}

/// The labels of what tells something about a person, and of files that are kept for a time of their own, with that;
/// what is sensitive is called so, and what is needed for something of its own says for what.
fn personal(fields: &[Field], around: Said<'_>, (lang, words): (&str, &Words), found: &mut Vec<String>) {
    for field in fields {
        let inner = ui_gen::from_engine::inner(field);
        let said = Said {
            personal: around.personal || field.personal,
            sensitive: around.sensitive || field.sensitive,
            purpose: field.purpose.as_ref().or(around.purpose),
        };
        let mut label = field.label.in_language(lang).to_owned();
        if said.sensitive {
            label = words.say("consent.sensitive", &[("label", &label)]);
        }
        if let Some(purpose) = said.purpose {
            label = words.say("consent.needed", &[("label", &label), ("purpose", purpose.in_language(lang))]);
        }
        if let Some(term) = &field.keep_for {
            let span = when::span(words, term.value);
            label = words.say("consent.kept_file", &[("label", &label), ("span", &span)]);
        }
        let is_told = inner.is_empty() && (said.personal || field.keep_for.is_some());
        if is_told && !found.contains(&label) {
            found.push(label);
        }
        personal(inner, said, (lang, words), found);
    }
}
