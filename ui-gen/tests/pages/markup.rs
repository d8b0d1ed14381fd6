//! A small, strict reader of the HTML that templates write: it accepts less than a browser does.

/// Elements that have no end tag.
const VOID: [&str; 7] = ["br", "hr", "img", "input", "link", "meta", "source"];

/// An element, in the order of the page.
#[derive(Debug)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    /// Index of the element around it.
    pub(crate) parent: Option<usize>,
    /// All text inside, at any depth.
    pub(crate) text: String,
}

impl Element {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn is(&self, name: &str) -> bool {
        self.name == name
    }
}

/// The elements of a page, or what is not well-formed about it.
pub(crate) fn read(html: &str) -> Result<Vec<Element>, String> {
    let mut rest = html.strip_prefix("<!doctype html>").ok_or("no doctype")?;
    let mut all: Vec<Element> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    while !rest.is_empty() {
        let at = rest.find('<').unwrap_or(rest.len());
        let (text, tag) = rest.split_at(at);
        check_text(text)?;
        for element in &open {
            all[*element].text.push_str(text);
        }
        if tag.is_empty() {
            break;
        }
        let end = end_of_tag(tag).ok_or_else(|| format!("tag without end: {}", excerpt(tag)))?;
        let (inside, after) = (&tag[1..end], &tag[end + 1..]);
        rest = after;
        if let Some(name) = inside.strip_prefix('/') {
            let last = open.pop().ok_or_else(|| format!("</{name}> closes nothing"))?;
            if all[last].name != name {
                return Err(format!("<{}> is closed by </{name}>", all[last].name));
            }
            continue;
        }
        let closed = inside.ends_with('/');
        let (name, attributes) = read_tag(inside.trim_end_matches('/'))?;
        let void = VOID.contains(&name.as_str());
        all.push(Element { name, attributes, parent: open.last().copied(), text: String::new() });
        if !void && !closed {
            open.push(all.len() - 1);
        }
    }
    match open.last() {
        Some(last) => Err(format!("<{}> is never closed", all[*last].name)),
        None => Ok(all),
    }
}

/// Where the tag ends: the first `>` outside quotes.
fn end_of_tag(tag: &str) -> Option<usize> {
    let mut quoted = false;
    tag.char_indices().find_map(|(at, c)| {
        quoted ^= c == '"';
        (c == '>' && !quoted).then_some(at)
    })
}

fn read_tag(inside: &str) -> Result<(String, Vec<(String, String)>), String> {
    let (name, mut rest) = inside.split_at(inside.find(char::is_whitespace).unwrap_or(inside.len()));
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric()) {
        return Err(format!("no name of an element: {}", excerpt(inside)));
    }
    let mut attributes: Vec<(String, String)> = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return Ok((name.to_owned(), attributes));
        }
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let key = rest[..end].to_owned();
        rest = &rest[end..];
        let mut value = String::new();
        if let Some(after) = rest.strip_prefix("=\"") {
            let close = after.find('"').ok_or_else(|| format!("{key} has no closing quote"))?;
            check_text(&after[..close])?;
            after[..close].clone_into(&mut value);
            rest = &after[close + 1..];
            if !rest.is_empty() && !rest.starts_with(char::is_whitespace) {
                return Err(format!("no space after {key} in <{name}>"));
            }
        } else if rest.starts_with('=') {
            return Err(format!("{key} is not quoted"));
        }
        if attributes.iter().any(|(known, _)| *known == key) {
            return Err(format!("{key} is twice in <{name}>"));
        }
        attributes.push((key, value));
    }
}

/// Text has no bare `>`, and every `&` begins an entity.
fn check_text(text: &str) -> Result<(), String> {
    for (at, _) in text.match_indices('&') {
        let entity: String = text[at + 1..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '#').collect();
        if entity.is_empty() || !text[at + 1 + entity.len()..].starts_with(';') {
            return Err(format!("a bare & in: {}", excerpt(&text[at..])));
        }
    }
    if text.contains('>') { Err(format!("a bare > in: {}", excerpt(text))) } else { Ok(()) }
}

fn excerpt(text: &str) -> String {
    text.chars().take(60).collect()
}

#[test]
fn what_is_not_well_formed_is_found() {
    let bad = [
        "<p>",
        "<p></div>",
        "</p>",
        "<p a=b></p>",
        "<p a=\"1\" a=\"2\"></p>",
        "<p>&x</p>",
        "<p>></p>",
        "<p a=\"1\"b></p>",
    ];
    for html in bad {
        assert!(read(&format!("<!doctype html>{html}")).is_err(), "{html}");
    }
    let good = read("<!doctype html><p id=\"a\">x<input checked>&amp;</p>").unwrap();
    assert_eq!((good.len(), good[0].text.as_str(), good[1].parent), (2, "x&amp;", Some(0)));
}
