//! Filling in the words of a notice.

use serde_json::{Value as Json, json};

use super::{Composed, Notice, Wording, sms};
use crate::template::{self, VARIABLES, scan};

/// The words of `notice` in `language`, or in the service's own language where there are none.
///
/// `data` is what [`template::Story::for_message`] gives. In short messages every value is cut to
/// the room the checks counted with.
pub fn compose(notice: &Notice, language: &str, data: &Json) -> Composed {
    let wording = notice.words.get(language).or_else(|| notice.words.get(""));
    let Some(Wording { sms, email }) = wording else { return Composed::default() };
    let short = sms::cut(data);
    let fill = |template: &String, data: &Json| {
        template::plain(template, &whole(template, data)).expect("the template was filled in once when it was checked")
    };
    Composed {
        sms: sms.as_ref().map(|template| fill(template, &short)),
        email: email.as_ref().map(|(subject, body)| (one_line(&fill(subject, data)), fill(body, data))),
    }
}

/// A subject must be one line: what somebody typed must not become a header of the mail.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The data with a null for every variable it lacks.
fn whole(template: &str, data: &Json) -> Json {
    let mut whole = if data.is_object() { data.clone() } else { json!({}) };
    let answers = scan(template).unwrap_or_default();
    let used =
        answers.iter().flat_map(|tag| &tag.words).map(|word| word.text).filter(|word| word.starts_with("answers."));
    for path in VARIABLES.iter().map(|variable| variable.name).chain(used) {
        let (head, rest) = path.split_once('.').map_or((path, None), |(head, rest)| (head, Some(rest)));
        match rest {
            None if whole.get(head).is_none() => whole[head] = Json::Null,
            Some(rest) => {
                if !whole.get(head).is_some_and(Json::is_object) {
                    whole[head] = json!({});
                }
                if whole[head].get(rest).is_none() {
                    whole[head][rest] = Json::Null;
                }
            }
            None => {}
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use super::super::Recipient;
    use super::*;
    use crate::base::Name;
    use crate::source::Where;

    fn notice(sms: &str, subject: &str, body: &str) -> Notice {
        let wording = Wording { sms: Some(sms.into()), email: Some((subject.into(), body.into())) };
        let at = Where::file(&Arc::from("n.yaml"));
        Notice { name: Name::new("n"), to: Recipient::Applicant, words: BTreeMap::from([(String::new(), wording)]), at }
    }

    #[test]
    fn in_13_fills_in_without_escaping_and_without_new_lines_in_subjects() {
        let notice = notice(
            "{{applicant.name}} & {{answers.trade}}",
            "For {{applicant.name}}",
            "{{#if comment}}{{comment}}{{else}}none{{/if}}",
        );
        let data = json!({ "applicant": { "name": "A\nBcc: <b>" }, "answers": { "trade": "T" } });
        let composed = compose(&notice, "hi", &data);
        assert_eq!(composed.sms.unwrap(), "A\nBcc: <b> & T");
        assert_eq!(composed.email.unwrap(), ("For A Bcc: <b>".to_owned(), "none".to_owned()));
    }

    #[test]
    fn what_is_missing_prints_nothing() {
        let composed = compose(&notice("{{record.number}}{{answers.x}}.", "s", "b"), "en", &json!({}));
        assert_eq!(composed.sms.unwrap(), ".");
    }
}
