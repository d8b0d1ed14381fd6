//! Messages that can be filled in for all to see.

use serde_json::Value as Json;

use super::scan::{Tag, TagKind};

/// Whether a template has nothing but variables that `data` has, and `{{#if}}` and `{{#unless}}` around them: then
/// nothing can go wrong when it is filled in. False means no more than that only filling it in tells.
///
/// Most messages are so, and reading one to fill it in costs more than everything else that is proved of it.
pub(crate) fn surely_fills(text: &str, tags: &[Tag<'_>], data: &Json) -> bool {
    let mut open: Vec<Block<'_>> = Vec::new();
    !text.contains('\\') && tags.iter().all(|tag| is_simple(text, tag, data, &mut open)) && open.is_empty()
}

/// A block that is open.
struct Block<'a> {
    helper: &'a str,
    /// Whether its `{{else}}` was there.
    halved: bool,
}

fn is_simple<'a>(text: &str, tag: &Tag<'a>, data: &Json, open: &mut Vec<Block<'a>>) -> bool {
    let ordinary = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_. #/{}".contains(&byte);
    if !text[tag.start..tag.end].bytes().all(ordinary) {
        return false;
    }
    let words: Vec<&'a str> = tag.words.iter().map(|word| word.text).collect();
    match (tag.kind, words.as_slice()) {
        (TagKind::Print, [path]) => has(data, path),
        (TagKind::Open, ["if" | "unless", path]) => {
            open.push(Block { helper: tag.words[0].text, halved: false });
            has(data, path)
        }
        (TagKind::Else, ["else"]) => open.last_mut().is_some_and(|block| !std::mem::replace(&mut block.halved, true)),
        (TagKind::Close, [helper]) => open.pop().is_some_and(|block| block.helper == *helper),
        _ => false,
    }
}

fn has(data: &Json, path: &str) -> bool {
    // `{{elsewhere}}` may be read as `{{else where}}`.
    !path.starts_with("else") && path.split('.').try_fold(data, |data, part| data.get(part)).is_some()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{plain, scan};
    use super::*;

    fn surely(text: &str) -> bool {
        let data = json!({ "number": "7", "answers": { "trade": "T", "hint": "" }, "elsewhere": "x" });
        let surely = scan(text).is_ok_and(|tags| surely_fills(text, &tags, &data));
        assert!(!surely || plain(text, &data).is_ok(), "{text}");
        surely
    }

    #[test]
    fn variables_and_questions_that_are_there_fill_in() {
        for text in [
            "words",
            "{{number}} {{ answers.trade }}",
            "{ {{number}} }",
            "{{#if answers.hint}}{{answers.hint}}{{else}}{{#unless number}}-{{/unless}}{{/if}}",
            "\n{{#if number}}\n{{number}}\n{{/if}}\n",
            "{{number}}}",
        ] {
            assert!(surely(text), "{text}");
        }
    }

    #[test]
    fn whatever_else_is_left_to_filling_in() {
        for text in [
            "{{nothing}}",
            "{{answers.nothing}}",
            "{{number.nothing}}",
            "{{#if number}}{{nothing}}{{/if}}",
            "{{#if nothing}}{{/if}}",
            "{{#if number}}a{{else}}b{{else}}c{{/if}}",
            "{{#if number}}a",
            "{{#if number}}a{{/unless}}",
            "a{{/if}}",
            "{{else}}",
            "{{elsewhere}}",
            "{{#each answers}}a{{/each}}",
            "{{date number}}",
            "{{~number}}",
            "{{{number}}}",
            "{{! words }}",
            "a \\ {{number}}",
        ] {
            assert!(!surely(text), "{text}");
        }
    }
}
