//! A file of `locales/` to begin from: every word that is to be translated, under its key.

use std::fmt::Write as _;
use std::sync::Arc;

use serde_json::Value as Json;

use super::{Service, locale};
use crate::base::Text;
use crate::form;
use crate::notice::Notice;
use crate::source::Where;

/// A key of the file: its words, what hangs below it, or both.
#[derive(Default)]
struct Key {
    name: String,
    words: Vec<String>,
    below: Vec<Self>,
}

/// A file `locales/<language>.yaml` of the service in which every word stands as it was written, to be
/// translated. What has words in that language from elsewhere is left out.
pub fn to_translate(service: &Service, language: &str) -> String {
    let mut file = Key::default();
    let nowhere = Where::file(&Arc::from(""));
    let mut put = |key: &str, text: &Text| {
        if !text.translations.contains_key(language) {
            file.put(key, &text.written);
        }
    };
    locale::each(service, &nowhere, &mut |key, text, _| {
        // The group is called like the department where nothing else is said.
        if key != "group" || text.written != service.department.written {
            put(&key, text);
        }
    });
    form::each_text(&service.form, &mut |key, text, _| put(key, text));
    for Notice { name, words, .. } in &*service.notices {
        let Some(wording) = words.get("").filter(|_| !words.contains_key(language)) else { continue };
        if let Some(sms) = &wording.sms {
            file.put(&format!("notifications.{name}.sms"), sms);
        }
        if let Some((subject, body)) = &wording.email {
            file.put(&format!("notifications.{name}.email.subject"), subject);
            file.put(&format!("notifications.{name}.email.body"), body);
        }
    }
    let mut text = String::new();
    for key in &file.below {
        key.write(0, "", &mut text);
    }
    text
}

/// The one key that has a list of words.
const LIST: &str = "bring";

impl Key {
    fn put(&mut self, path: &str, words: &str) {
        let key = path.split('.').fold(self, |key, name| {
            let at = key.below.iter().position(|below| below.name == name).unwrap_or_else(|| {
                key.below.push(Self { name: name.to_owned(), ..Self::default() });
                key.below.len() - 1
            });
            &mut key.below[at]
        });
        // Actions of the same name in several states are said once.
        if key.words.is_empty() || key.name == LIST {
            key.words.push(words.to_owned());
        }
    }

    /// Writes it at a depth, below the key `section` at the margin.
    fn write(&self, depth: usize, section: &str, text: &mut String) {
        let margin = "  ".repeat(depth);
        let section = if depth == 0 { self.name.as_str() } else { section };
        let _ = write!(text, "{margin}{}:", plain(&self.name));
        match (self.words.as_slice(), self.below.is_empty()) {
            ([words], true) if self.name != LIST => {
                let _ = writeln!(text, " {}", quoted(words));
            }
            (words, true) => {
                text.push('\n');
                for words in words {
                    let _ = writeln!(text, "{margin}  - {}", quoted(words));
                }
            }
            (words, false) => {
                text.push('\n');
                let own = if section == "pages" { "title" } else { "label" };
                for words in words {
                    let _ = writeln!(text, "{margin}  {own}: {}", quoted(words));
                }
                for key in &self.below {
                    key.write(depth + 1, section, text);
                }
            }
        }
    }
}

/// A key as it stands, unless some readers of YAML would take it for something else than a word.
fn plain(name: &str) -> String {
    let word = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    let truth = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"].contains(&name);
    if word && !truth { name.to_owned() } else { quoted(name) }
}

/// In double quotes, as both JSON and YAML read them.
fn quoted(words: &str) -> String {
    Json::from(words.trim_end()).to_string()
}
