//! Choosing from a list: as radios, as a select box, or by searching, according to its length.

use serde::Serialize;

/// Lists up to this length are shown whole, as radios.
const RADIOS_MAX: usize = 7;
/// Lists up to this length are one select box; longer ones are searched.
const SELECT_MAX: usize = 60;
/// No more than this many results of a search are shown.
const RESULTS_MAX: usize = 20;

/// What can be chosen, and what has been.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Choice {
    /// How it is drawn.
    pub look: Look,
    /// The options; a flat list is one group without a label.
    pub groups: Vec<OptionGroup>,
    /// What was looked for, in a searched list.
    pub query: String,
    /// How many options fit the search; where any may be chosen, how many there are.
    pub found: usize,
    /// Whether more fit the search than are shown.
    pub more: bool,
}

/// How a choice is drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Look {
    /// Every option on the page.
    #[default]
    Radios,
    /// A select box.
    Select,
    /// A box to search in, and the results as radios.
    Search,
}

/// Options under one heading.
#[derive(Debug, Clone, Default, Serialize)]
pub struct OptionGroup {
    /// The heading; empty for none.
    pub label: String,
    /// The options.
    pub options: Vec<Opt>,
}

/// One option.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Opt {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// A few words more; empty for none.
    pub hint: String,
    /// What else finds it: its words in other languages. Nobody sees it.
    #[serde(skip)]
    pub also: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

impl Opt {
    /// An option that is not chosen.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), ..Self::default() }
    }
}

impl Choice {
    /// One of a flat list, drawn according to its length.
    pub fn one(options: Vec<Opt>, chosen: &str, query: &str) -> Self {
        Self::grouped(vec![OptionGroup { label: String::new(), options }], chosen, query)
    }

    /// One of a list in groups, drawn according to its length.
    ///
    /// `query` narrows a list that is searched; the option already chosen is always offered.
    pub fn grouped(mut groups: Vec<OptionGroup>, chosen: &str, query: &str) -> Self {
        for option in groups.iter_mut().flat_map(|group| &mut group.options) {
            option.chosen = !chosen.is_empty() && option.value == chosen;
        }
        let length: usize = groups.iter().map(|group| group.options.len()).sum();
        let look = match length {
            0..=RADIOS_MAX => Look::Radios,
            _ if length <= SELECT_MAX => Look::Select,
            _ => return Self::searched(groups, query),
        };
        Self { look, groups, ..Self::default() }
    }

    /// Any of a list in groups, always drawn whole.
    pub fn many(mut groups: Vec<OptionGroup>, chosen: &[&str]) -> Self {
        for option in groups.iter_mut().flat_map(|group| &mut group.options) {
            option.chosen = chosen.contains(&option.value.as_str());
        }
        let found = groups.iter().map(|group| group.options.len()).sum();
        Self { look: Look::Radios, groups, found, ..Self::default() }
    }

    fn searched(groups: Vec<OptionGroup>, query: &str) -> Self {
        let words: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
        let fits = |group: &str, option: &Opt| {
            let text = format!("{group} {} {} {}", option.label, option.also, option.value).to_lowercase();
            !words.is_empty() && words.iter().all(|word| text.contains(word))
        };
        let mut found = 0;
        let mut shown = 0;
        let mut kept = Vec::new();
        for mut group in groups {
            group.options.retain(|option| {
                let fit = fits(&group.label, option);
                found += usize::from(fit);
                let keep = option.chosen || (fit && shown < RESULTS_MAX);
                shown += usize::from(keep);
                keep
            });
            if !group.options.is_empty() {
                kept.push(group);
            }
        }
        Self { look: Look::Search, groups: kept, query: query.to_owned(), found, more: found > RESULTS_MAX }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(count: usize) -> Vec<Opt> {
        (0..count).map(|n| Opt::new(format!("v{n}"), format!("Ward {n}"))).collect()
    }

    fn values(choice: &Choice) -> Vec<&str> {
        choice.groups.iter().flat_map(|g| &g.options).map(|o| o.value.as_str()).collect()
    }

    #[test]
    fn the_length_decides_the_look() {
        assert_eq!(Choice::one(options(7), "", "").look, Look::Radios);
        assert_eq!(Choice::one(options(8), "", "").look, Look::Select);
        assert_eq!(Choice::one(options(60), "", "").look, Look::Select);
        assert_eq!(Choice::one(options(61), "", "").look, Look::Search);
    }

    #[test]
    fn a_search_keeps_what_fits_and_what_was_chosen() {
        let none = Choice::one(options(100), "", "");
        assert!(values(&none).is_empty());
        let some = Choice::one(options(100), "v3", "ward 77");
        assert_eq!(values(&some), ["v3", "v77"]);
        let many = Choice::one(options(100), "", "WARD");
        assert_eq!((many.found, values(&many).len(), many.more), (100, RESULTS_MAX, true));
    }

    #[test]
    fn words_of_another_language_find_it_too() {
        let mut all = options(100);
        all[9].also = "वार्ड नौ".to_owned();
        assert_eq!(values(&Choice::one(all, "", "नौ")), ["v9"]);
    }

    #[test]
    fn only_what_was_chosen_is_marked() {
        let one = Choice::one(options(3), "v1", "");
        assert!(one.groups[0].options[1].chosen && !one.groups[0].options[0].chosen);
        assert!(Choice::one(options(3), "", "").groups[0].options.iter().all(|o| !o.chosen));
    }
}
