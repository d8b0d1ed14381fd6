//! The tags of a template: what stands between `{{` and `}}`, and where.

use std::ops::Range;

/// A tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tag<'a> {
    /// What kind of tag.
    pub(crate) kind: TagKind,
    /// The words inside, without the marker.
    pub(crate) words: Vec<Word<'a>>,
    /// Its first byte in the template.
    pub(crate) start: usize,
    /// One past its last byte.
    pub(crate) end: usize,
}

/// A word of a tag; text in quotes is one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Word<'a> {
    /// As written.
    pub(crate) text: &'a str,
    /// Its first byte in the template.
    pub(crate) start: usize,
}

impl Word<'_> {
    /// The bytes of the word in the template.
    pub(crate) fn range(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }
}

/// Kinds of tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TagKind {
    /// `{{variable}}` or `{{helper variable}}`.
    Print,
    /// `{{{variable}}}` or `{{&variable}}`: not escaped, always refused.
    Raw,
    /// `{{> other}}`: always refused.
    Include,
    /// `{{#if …}}`.
    Open,
    /// `{{else}}` or `{{else if …}}`.
    Else,
    /// `{{/if}}`.
    Close,
    /// `{{! … }}`.
    Comment,
}

/// Why the tags cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    /// The bytes that cannot be read.
    pub(crate) range: Range<usize>,
    /// Why, in a few words.
    pub(crate) why: &'static str,
}

/// The tags of `text`, in order.
pub(crate) fn scan(text: &str) -> Result<Vec<Tag<'_>>, Broken> {
    let mut tags = Vec::new();
    let mut from = 0;
    while let Some(found) = text[from..].find("{{") {
        let start = from + found;
        let tag = tag(text, start)?;
        from = tag.end;
        tags.push(tag);
    }
    match text[from..].find("}}") {
        Some(stray) => Err(Broken { range: from + stray..from + stray + 2, why: "nothing was opened here" }),
        None => Ok(tags),
    }
}

fn tag(text: &str, start: usize) -> Result<Tag<'_>, Broken> {
    let refuse = |length: usize, why| Err(Broken { range: start..start + length, why });
    if text[..start].ends_with('\\') {
        return refuse(2, "a backslash before a tag has no meaning here");
    }
    let rest = &text[start..];
    let (open, close) = match rest {
        _ if rest.starts_with("{{{{") => return refuse(4, "raw blocks have no meaning here"),
        _ if rest.starts_with("{{!--") => ("{{!--", "--}}"),
        _ if rest.starts_with("{{{") => ("{{{", "}}}"),
        _ => ("{{", "}}"),
    };
    let Some(length) = rest[open.len()..].find(close) else {
        return refuse(open.len(), "this tag is never closed");
    };
    let (body_start, end) = (start + open.len(), start + open.len() + length + close.len());
    let body = &text[body_start..body_start + length];
    if body.contains("{{") && open != "{{!--" {
        return refuse(open.len(), "this tag is not closed before the next one opens");
    }
    let trimmed = body.trim_start_matches('~');
    let (kind, skip) = match (open, trimmed) {
        ("{{{", _) => (TagKind::Raw, 0),
        ("{{!--", _) => (TagKind::Comment, 0),
        (_, inner) if inner.starts_with('!') => (TagKind::Comment, 0),
        (_, inner) if inner.starts_with('{') || inner.starts_with('&') => (TagKind::Raw, 1),
        (_, inner) if inner.starts_with("#>") || inner.starts_with("#*") => (TagKind::Include, 2),
        (_, inner) if inner.starts_with('>') || inner.starts_with('*') => (TagKind::Include, 1),
        (_, inner) if inner.starts_with('^') => return refuse(end - start, "write `{{else}}`, or `{{#unless …}}`"),
        (_, inner) if inner.starts_with('#') => (TagKind::Open, 1),
        (_, inner) if inner.starts_with('/') => (TagKind::Close, 1),
        (_, inner) if inner.split_whitespace().next().is_some_and(|word| word.trim_end_matches('~') == "else") => {
            (TagKind::Else, 0)
        }
        _ => (TagKind::Print, 0),
    };
    let words = if kind == TagKind::Comment {
        Vec::new()
    } else {
        let offset = body_start + (body.len() - trimmed.len()) + skip;
        words(trimmed[skip..].trim_end_matches('~'), offset)
    };
    if words.is_empty() && kind != TagKind::Comment {
        return refuse(end - start, "there is nothing inside the braces");
    }
    Ok(Tag { kind, words, start, end })
}

/// Splits at white space, but not inside quotes.
fn words(body: &str, offset: usize) -> Vec<Word<'_>> {
    let mut found = Vec::new();
    let mut begun: Option<usize> = None;
    let mut quote: Option<char> = None;
    for (index, letter) in body.char_indices() {
        match (quote, letter) {
            (Some(open), _) if letter == open => quote = None,
            (None, '"' | '\'') => {
                quote = Some(letter);
                begun = begun.or(Some(index));
            }
            (None, space) if space.is_whitespace() => {
                if let Some(first) = begun.take() {
                    found.push(Word { text: &body[first..index], start: offset + first });
                }
            }
            _ => begun = begun.or(Some(index)),
        }
    }
    if let Some(first) = begun {
        found.push(Word { text: &body[first..], start: offset + first });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<TagKind> {
        scan(text).unwrap().into_iter().map(|tag| tag.kind).collect()
    }

    #[test]
    fn reads_every_kind_of_tag() {
        use TagKind::{Close, Comment, Else, Include, Open, Print, Raw};
        assert_eq!(kinds("a {{b}} {{#if c}}d{{else}}e{{/if}}"), [Print, Open, Else, Close]);
        assert_eq!(
            kinds("{{{b}}} {{&b}} {{> x}} {{#> x}} {{! no }}{{!-- {{b}} --}}"),
            [Raw, Raw, Include, Include, Comment, Comment]
        );
        let tags = scan("x {{~ date  demand.due ~}}").unwrap();
        assert_eq!(tags[0].words.iter().map(|word| word.text).collect::<Vec<_>>(), ["date", "demand.due"]);
        assert_eq!(tags[0].words[1].range(), 12..22);
        let quoted = scan("{{t \"two words\"}}").unwrap();
        assert_eq!(quoted[0].words[1].text, "\"two words\"");
    }

    #[test]
    fn def_09_refuses_what_is_not_a_tag() {
        for (text, start) in
            [("a {{b", 2), ("a }} b", 2), ("{{}}", 0), ("{{a {{b}}", 0), ("\\{{b}}", 1), ("{{{{raw}}}}", 0)]
        {
            assert_eq!(scan(text).unwrap_err().range.start, start, "{text}");
        }
    }
}
