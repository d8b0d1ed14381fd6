//! Options of a question: written in place, from a list, or the places of the town.

use engine::base::Text;
use engine::form::Options;
use engine::list::List;

use crate::view::choice::{Choice, Opt, OptionGroup};

/// One of `options`, in the reader's language.
pub fn one(options: &Options, lang: &str, chosen: &str, query: &str) -> Choice {
    Choice::grouped(groups(options, lang, !query.is_empty()), chosen, query)
}

/// Any of `options`.
pub fn many(options: &Options, lang: &str, chosen: &[&str]) -> Choice {
    Choice::many(groups(options, lang, false), chosen)
}

/// One of the places of a level.
pub fn place(places: &List, level: &str, lang: &str, chosen: &str, query: &str) -> Choice {
    let fits = |entry: &&engine::list::Entry| {
        entry.attributes.get("level").is_some_and(|levels| levels.iter().any(|one| one == level))
    };
    let of_level = places.entries.iter().filter(fits).map(|entry| entry.code.as_str());
    Choice::grouped(grouped(places, of_level, lang, !query.is_empty()), chosen, query)
}

fn groups(options: &Options, lang: &str, sought: bool) -> Vec<OptionGroup> {
    match options {
        Options::Here(options) => {
            let options = options.iter().map(|(code, label)| Opt::new(code, label.in_language(lang))).collect();
            vec![OptionGroup { label: String::new(), options }]
        }
        Options::List(list) => grouped(list, list.choices().map(|entry| entry.code.as_str()), lang, sought),
    }
}

/// Codes of a list under the names of what stands above them, in the author's order. Where they are
/// `sought`, their words in other languages find them too: many who read one script type another.
fn grouped<'a>(list: &'a List, codes: impl Iterator<Item = &'a str>, lang: &str, sought: bool) -> Vec<OptionGroup> {
    let mut groups: Vec<OptionGroup> = Vec::new();
    for code in codes {
        let mut names: Vec<&str> = list.ancestry(code).map(|entry| entry.label.in_language(lang)).collect();
        names.reverse();
        let Some((name, above)) = names.split_last() else { continue };
        let label = above.join(" – ");
        let mut option = Opt::new(code, *name);
        if sought {
            option.also = list.ancestry(code).flat_map(|entry| all_words(&entry.label)).collect::<Vec<_>>().join(" ");
        }
        match groups.last_mut().filter(|group| group.label == label) {
            Some(group) => group.options.push(option),
            None => groups.push(OptionGroup { label, options: vec![option] }),
        }
    }
    groups
}

fn all_words(text: &Text) -> impl Iterator<Item = &str> {
    std::iter::once(text.written.as_str()).chain(text.translations.values().map(String::as_str))
}
