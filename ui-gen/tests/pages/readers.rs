//! What every page owes to every reader: a sound structure, labels, working links, no inline code.

use std::collections::BTreeSet;

use crate::markup::{Element, read};
use crate::samples::fields::{Stage, every as every_field};
use crate::samples::{Lang, signed_in};
use crate::{every, html};
use ui_gen::Page;
use ui_gen::view::apply::Question;

/// Runs `check` on every sample and reports all that it finds.
fn check(what: &str, find: impl Fn(&[Element]) -> Vec<String>) {
    let mut found = Vec::new();
    for (name, html) in every() {
        let elements = read(&html).unwrap_or_else(|error| panic!("{name}: {error}"));
        found.extend(find(&elements).into_iter().map(|problem| format!("{name}: {problem}")));
    }
    assert!(found.is_empty(), "{what}:\n{}", found.join("\n"));
}

fn ids(elements: &[Element]) -> BTreeSet<&str> {
    elements.iter().filter_map(|element| element.get("id")).collect()
}

fn inside<'a>(elements: &'a [Element], index: usize, name: &str) -> Option<&'a Element> {
    let mut at = elements[index].parent;
    while let Some(parent) = at {
        if elements[parent].is(name) {
            return Some(&elements[parent]);
        }
        at = elements[parent].parent;
    }
    None
}

#[test]
fn there_is_one_main_heading_and_no_level_is_skipped() {
    check("headings", |elements| {
        let levels: Vec<u32> =
            elements.iter().filter_map(|e| e.name.strip_prefix('h').and_then(|level| level.parse().ok())).collect();
        let mut wrong = Vec::new();
        if levels.iter().filter(|level| **level == 1).count() != 1 {
            wrong.push("not exactly one h1".to_owned());
        }
        // The error summary stands before the heading, so the first level is not asked about.
        let skips = levels.windows(2).filter(|pair| pair[1] > pair[0] + 1);
        wrong.extend(skips.map(|pair| format!("h{} follows h{}", pair[1], pair[0])));
        wrong
    });
}

#[test]
fn ids_are_unique_and_every_reference_leads_to_one() {
    check("references", |elements| {
        let known = ids(elements);
        let all = elements.iter().filter(|element| element.get("id").is_some()).count();
        let mut wrong = Vec::new();
        if known.len() != all {
            wrong.push("an id is there twice".to_owned());
        }
        for element in elements {
            let references = ["for", "aria-labelledby", "aria-describedby", "form"];
            let words = references.iter().filter_map(|name| element.get(name)).flat_map(str::split_whitespace);
            let anchor = element.get("href").and_then(|href| href.strip_prefix('#'));
            let missing = words.chain(anchor).filter(|id| !known.contains(id));
            wrong.extend(missing.map(|id| format!("<{}> refers to {id}", element.name)));
        }
        wrong
    });
}

#[test]
fn every_control_has_a_label_and_every_button_a_name() {
    check("labels", |elements| {
        let labels: BTreeSet<&str> = elements.iter().filter(|e| e.is("label")).filter_map(|e| e.get("for")).collect();
        let drawn = |parent: usize| {
            elements
                .iter()
                .any(|e| e.parent == Some(parent) && e.get("role") == Some("img") && e.get("aria-label").is_some())
        };
        let unnamed = |(index, element): &(usize, &Element)| match element.name.as_str() {
            "input" if element.get("type") == Some("hidden") => false,
            "input" | "select" | "textarea" => {
                element.get("aria-label").is_none() && element.get("id").is_none_or(|id| !labels.contains(id))
            }
            "button" | "a" | "legend" | "th" | "h1" | "h2" | "h3" => {
                element.text.trim().is_empty() && element.get("aria-label").is_none() && !drawn(*index)
            }
            "img" => element.get("alt").is_none(),
            "iframe" => element.get("title").is_none(),
            _ => false,
        };
        let found = elements.iter().enumerate().filter(unnamed);
        found.map(|(_, e)| format!("<{}> {:?} has no name", e.name, e.attributes)).collect()
    });
}

#[test]
fn tables_have_captions_and_headers() {
    check("tables", |elements| {
        let mut wrong = Vec::new();
        for (index, element) in elements.iter().enumerate() {
            if element.is("th") && element.get("scope").is_none() {
                wrong.push(format!("th without scope: {}", element.text));
            }
            let has = |name: &str| elements.iter().any(|e| e.is(name) && e.parent == Some(index));
            if element.is("table") && !has("caption") {
                wrong.push("a table without caption".to_owned());
            }
        }
        wrong
    });
}

#[test]
fn in_03_nothing_is_inline_and_links_lead_to_pages() {
    check("inline code", |elements| {
        let mut wrong = Vec::new();
        for element in elements {
            if element.is("style") || (element.is("script") && element.get("src").is_none()) {
                wrong.push(format!("<{}> inline", element.name));
            }
            for (name, value) in &element.attributes {
                let link = matches!(name.as_str(), "href" | "src" | "action");
                if name == "style" || name.starts_with("on") || (link && !value.starts_with(['/', '?', '#'])) {
                    wrong.push(format!("<{}> {name}={value}", element.name));
                }
            }
        }
        wrong
    });
}

#[test]
fn forms_that_change_something_carry_both_tokens() {
    check("tokens", |elements| {
        let mut wrong = Vec::new();
        for (index, form) in
            elements.iter().enumerate().filter(|(_, e)| e.is("form") && e.get("method") == Some("post"))
        {
            let carries = |name: &str| elements.iter().any(|e| e.get("name") == Some(name) && e.parent == Some(index));
            let ends_session = form.get("action").is_some_and(|action| action.ends_with("sign-out"));
            if !carries("_csrf") || (!carries("_key") && !ends_session) {
                wrong.push(format!("{:?}", form.get("action")));
            }
            if form.get("action").is_none_or(str::is_empty) {
                wrong.push("a form that leads nowhere".to_owned());
            }
        }
        wrong
    });
}

#[test]
fn errors_are_summed_up_and_the_title_says_so() {
    for (name, html) in every() {
        let elements = read(&html).unwrap();
        let wrong = name.ends_with("_wrong") || html.contains("class=\"error\"");
        let summary = elements.iter().any(|e| e.get("role") == Some("alert") && e.get("tabindex") == Some("-1"));
        let title = &elements.iter().find(|e| e.is("title")).unwrap().text;
        let prefixed = title.starts_with("Error:") || title.starts_with("त्रुटि:");
        assert_eq!((summary, prefixed), (wrong, wrong), "{name}: {title}");
    }
}

#[test]
fn words_are_never_missing_and_nothing_is_left_to_fill_in() {
    for (name, html) in every() {
        for mark in ["⟦", "{{", "undefined", "[object"] {
            assert!(!html.contains(mark), "{name} has {mark}");
        }
        let elements = read(&html).unwrap();
        let left = elements.iter().filter(|e| e.is("main")).any(|e| e.text.contains('{') && !name.contains("dev_"));
        assert!(!left, "{name} has an unfilled placeholder");
    }
}

#[test]
fn in_03_what_people_type_is_text() {
    let page = Question { fields: every_field(Lang("en"), Stage::Wrong), ..Question::default() };
    let html = html(Lang("en"), &signed_in(Lang("en")), &Page::Question(page));
    assert!(html.contains("value=\"&lt;b&gt;&quot;?\"") && !html.contains("<b>\""), "typed markup is escaped");
}

#[test]
fn enter_means_continue_and_a_change_of_language_keeps_what_was_typed() {
    const TYPED_INTO: [&str; 11] = [
        "/question",
        "/act_",
        "/sign_in",
        "/desk_sign_in",
        "/desk_action",
        "/desk_case",
        "/collect",
        "/pay",
        "/bulk_confirm",
        "/cancel_receipt",
        "/sign_in_code",
    ];
    // A search is in the address, and a result is read.
    let typed_into = |name: &str| {
        TYPED_INTO.iter().any(|page| name.contains(page))
            && !["collect_search", "pay_success", "pay_failed", "pay_pending"].iter().any(|page| name.contains(page))
    };
    for (name, html) in every().into_iter().filter(|(name, _)| typed_into(name)) {
        let elements = read(&html).unwrap();
        let submits = |(index, e): &(usize, &Element)| {
            e.is("button")
                && e.get("type").is_none()
                && (e.get("form") == Some("form")
                    || inside(&elements, *index, "form").is_some_and(|f| f.get("id") == Some("form")))
        };
        let buttons: Vec<&Element> = elements.iter().enumerate().filter(submits).map(|(_, e)| e).collect();
        assert_eq!(buttons[0].get("name"), None, "{name}: the first button of the form is the one that Enter presses");
        assert!(buttons.iter().any(|e| e.get("name") == Some("_lang")), "{name}");
        let aside = buttons
            .iter()
            .filter(|e| e.get("name").is_some_and(|n| n.starts_with('_')) && e.get("name") != Some("_lang"));
        for button in aside {
            assert!(button.get("formnovalidate").is_some(), "{name}: {:?}", button.attributes);
        }
    }
}

#[test]
fn whatever_is_typed_into_stays_when_the_language_changes() {
    // What is searched for stands in the address, and so do filters; a form under development is no one's.
    const OTHERS: [&str; 8] =
        ["/inbox", "/dev_form", "/register", "/desk_case_documents", "/check", "/find_dues", "/calendar", "/stock"];
    const TYPED: [&str; 8] = ["text", "tel", "email", "date", "number", "radio", "checkbox", "password"];
    for (name, html) in every().into_iter().filter(|(name, _)| OTHERS.iter().all(|other| !name.contains(other))) {
        let elements = read(&html).unwrap();
        let typed = elements.iter().any(|e| {
            e.is("textarea")
                || e.is("select")
                || e.is("input") && e.get("type").is_some_and(|kind| TYPED.contains(&kind))
        });
        let kept = elements.iter().any(|e| e.is("button") && e.get("name") == Some("_lang"));
        assert!(kept || !typed, "{name}");
    }
}

#[test]
fn pages_are_small() {
    for (name, html) in every() {
        let most = if name.contains("question") { 40_000 } else { 20_000 };
        assert!(html.len() < most, "{name}: {} bytes", html.len());
    }
}
