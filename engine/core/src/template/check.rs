//! Proves a template: every tag is known, every variable is there and is printed as people write it.

use std::ops::Range;

use super::checks::{
    maybe_empty_variable, raw_template, template_include, template_syntax, template_too_deep, unformatted_variable,
    unknown_helper, unknown_variable,
};
use super::scan::{Tag, TagKind, Word, scan};
use super::scope::{Bound, Found, Lack, Scope, What};
use super::source::Source;
use crate::base::limits;
use crate::source::Diagnostics;

/// The helpers of papers: name, what they are given, what they print.
pub const HELPERS: &[(&str, &str, &str)] = &[
    ("date", "a day", "31/03/2027"),
    ("money", "an amount", "₹1,00,000.00"),
    ("words", "an amount", "the amount in words"),
    ("label", "an answer with options, a place, yes or no", "what people see in the form"),
    ("address", "a group of answers", "its answers in one line"),
    ("qr", "a link or a text", "a QR code"),
    ("t", "a word of the product in quotes", "the word in the reader's language"),
];

/// Says what is wrong with `source`; true if it can be used.
pub(crate) fn check(source: &Source<'_>, scope: &Scope<'_>, out: &mut Diagnostics) -> bool {
    let before = out.0.len();
    if source.text.len() > limits::TEMPLATE_BYTES {
        out.push(template_too_deep::bytes(&source.at));
        return false;
    }
    let tags = match scan(source.text) {
        Ok(tags) => tags,
        Err(broken) => {
            out.push(template_syntax::diagnostic(&source.broken(&broken), broken.why));
            return false;
        }
    };
    let mut walk = Walk { source, scope: *scope, out, blocks: Vec::new(), index: 0 };
    for (index, tag) in tags.iter().enumerate() {
        walk.index = index;
        if !walk.tag(tag) {
            return false;
        }
    }
    if let Some(open) = walk.blocks.last() {
        let at = source.place(open.index, open.tag, &(open.tag.start..open.tag.end));
        walk.out.push(template_syntax::diagnostic(&at, "this block is never closed"));
    }
    out.0.len() == before
}

/// A block that is open.
struct Block<'a> {
    tag: &'a Tag<'a>,
    index: usize,
    helper: &'a str,
    /// The path that is known not to be empty inside.
    guard: Option<String>,
    binds: Vec<Bound<'a>>,
}

struct Walk<'a, 's> {
    source: &'s Source<'s>,
    scope: Scope<'a>,
    out: &'s mut Diagnostics,
    blocks: Vec<Block<'a>>,
    index: usize,
}

impl<'a> Walk<'a, '_> {
    /// One tag; false if what follows cannot be judged.
    fn tag(&mut self, tag: &'a Tag<'a>) -> bool {
        let whole = self.source.place(self.index, tag, &(tag.start..tag.end));
        match tag.kind {
            TagKind::Comment => {}
            TagKind::Raw => self.out.push(raw_template::diagnostic(&whole)),
            TagKind::Include => self.out.push(template_include::diagnostic(&whole)),
            TagKind::Print => self.print(tag),
            TagKind::Open => return self.open(tag),
            TagKind::Else => return self.otherwise(tag),
            TagKind::Close => return self.close(tag),
        }
        true
    }

    fn print(&mut self, tag: &'a Tag<'a>) {
        match tag.words.as_slice() {
            [path] => {
                let Some(found) = self.find(tag, path) else { return };
                self.certain(tag, path, &found);
                let Some(what) = found.what else { return };
                let at = self.source.place(self.index, tag, &path.range());
                if !what.printable() {
                    self.out.push(unformatted_variable::unprintable(
                        &at,
                        path.text,
                        what.item().is_some() && self.scope.paper,
                    ));
                } else if let Some(helper) = what.helper().filter(|_| self.scope.paper) {
                    self.out.push(unformatted_variable::bare(&at, path.text, helper));
                }
            }
            [helper, argument] => self.call(tag, helper, argument),
            [_, _, extra, ..] => self.syntax(tag, &extra.range(), "a helper takes one variable"),
            [] => {}
        }
    }

    fn call(&mut self, tag: &'a Tag<'a>, helper: &Word<'a>, argument: &Word<'a>) {
        let at = self.source.place(self.index, tag, &helper.range());
        let known = HELPERS.iter().any(|(name, ..)| *name == helper.text);
        if !self.scope.paper || !known {
            self.out.push(unknown_helper::diagnostic(&at, helper.text, self.scope.paper));
            return;
        }
        if helper.text == "t" {
            if !argument.text.starts_with('"') {
                self.syntax(tag, &argument.range(), "`t` takes a word of the product in double quotes");
            }
            return;
        }
        let Some(found) = self.find(tag, argument) else { return };
        self.certain(tag, argument, &found);
        let fits = found.what.is_none_or(|what| match helper.text {
            "qr" => what.printable() && what.helper().is_none(),
            "words" => what.helper() == Some("money"),
            wanted => what.helper() == Some(wanted),
        });
        if !fits {
            let better = found.what.and_then(What::helper);
            let at = self.source.place(self.index, tag, &argument.range());
            self.out.push(unformatted_variable::wrong_helper(&at, argument.text, helper.text, better));
        }
    }

    fn open(&mut self, tag: &'a Tag<'a>) -> bool {
        if self.blocks.len() >= limits::TEMPLATE_DEPTH {
            let at = self.source.place(self.index, tag, &(tag.start..tag.end));
            self.out.push(template_too_deep::blocks(&at));
            return false;
        }
        let helper = tag.words[0];
        let mut block = Block { tag, index: self.index, helper: helper.text, guard: None, binds: Vec::new() };
        match (helper.text, &tag.words[1..]) {
            ("if" | "unless", [path]) => {
                let known = self.find(tag, path).is_some();
                block.guard = (known && helper.text == "if").then(|| path.text.to_owned());
            }
            ("each", [path, names @ ..]) if self.scope.paper => {
                let Some(binds) = self.each(tag, path, names) else { return false };
                block.guard = Some(path.text.to_owned());
                block.binds = binds;
            }
            ("if" | "unless", _) => {
                self.syntax(tag, &(tag.start..tag.end), "this asks for one variable");
                return false;
            }
            _ => {
                let at = self.source.place(self.index, tag, &helper.range());
                self.out.push(unknown_helper::block(&at, helper.text, self.scope.paper));
                return false;
            }
        }
        self.blocks.push(block);
        true
    }

    /// What `{{#each path as |name|}}` makes known inside.
    fn each(&mut self, tag: &'a Tag<'a>, path: &Word<'a>, names: &[Word<'a>]) -> Option<Vec<Bound<'a>>> {
        let found = self.find(tag, path)?;
        let Some(item) = found.what.and_then(What::item) else {
            self.syntax(tag, &path.range(), "this is one value, not several");
            return None;
        };
        let name = match names {
            [] => "this",
            [word, name] if word.text == "as" && is_binding(name.text) => name.text.trim_matches('|'),
            [first, ..] => {
                self.syntax(tag, &first.range(), "write `{{#each list as |item|}}`");
                return None;
            }
        };
        let counter = |name| Bound { name, what: None };
        Some(vec![Bound { name, what: Some(item) }, counter("@index"), counter("@first"), counter("@last")])
    }

    fn otherwise(&mut self, tag: &'a Tag<'a>) -> bool {
        if tag.words.len() > 1 {
            self.syntax(tag, &(tag.start..tag.end), "write a block of its own inside `{{else}}`");
            return false;
        }
        let Some(block) = self.blocks.last_mut() else {
            self.syntax(tag, &(tag.start..tag.end), "there is no block to be the other half of");
            return false;
        };
        block.guard = None;
        block.binds.clear();
        true
    }

    fn close(&mut self, tag: &'a Tag<'a>) -> bool {
        match self.blocks.pop() {
            Some(block) if block.helper == tag.words[0].text && tag.words.len() == 1 => true,
            Some(block) => {
                let why = format!("`{{{{#{}}}}}` is to be closed first", block.helper);
                let at = self.source.place(self.index, tag, &(tag.start..tag.end));
                let open = self.source.place(block.index, block.tag, &(block.tag.start..block.tag.end));
                self.out.push(template_syntax::diagnostic(&at, &why).other(&open, "this is open"));
                false
            }
            None => {
                self.syntax(tag, &(tag.start..tag.end), "nothing is open here");
                false
            }
        }
    }

    fn find(&mut self, tag: &'a Tag<'a>, path: &Word<'a>) -> Option<Found<'a>> {
        if !is_path(path.text) {
            self.syntax(tag, &path.range(), "this is not the name of a variable");
            return None;
        }
        let bound: Vec<Bound<'a>> = self.blocks.iter().flat_map(|block| block.binds.iter().copied()).collect();
        match self.scope.find(path.text, &bound) {
            Ok(found) => Some(found),
            Err(candidates) => {
                let at = self.source.place(self.index, tag, &path.range());
                self.out.push(unknown_variable::diagnostic(&at, path.text, &candidates));
                None
            }
        }
    }

    /// Says if what is printed may be empty and no block around it asks.
    fn certain(&mut self, tag: &'a Tag<'a>, path: &Word<'a>, found: &Found<'a>) {
        let Some(lack) = found.lack else { return };
        let guarded = self
            .blocks
            .iter()
            .filter_map(|block| block.guard.as_deref())
            .any(|guard| self.guards(guard, path.text, lack));
        if !guarded {
            let at = self.source.place(self.index, tag, &path.range());
            self.out.push(maybe_empty_variable::diagnostic(&at, path.text, lack));
        }
    }

    /// Whether knowing that `guard` is there makes certain that `path` is.
    fn guards(&self, guard: &str, path: &str, lack: Lack) -> bool {
        if guard == path || path.strip_prefix(guard).is_some_and(|rest| rest.starts_with('.')) {
            return true;
        }
        if lack == Lack::OfficersPage {
            // A page is answered whole: one answer of it shows that the others are there.
            return self.scope.same_page(guard, path);
        }
        let Lack::Need(need) = lack else { return false };
        super::variables::find(guard, self.scope.paper).is_some_and(|known| known.needs == Some(need))
    }

    fn syntax(&mut self, tag: &'a Tag<'a>, range: &Range<usize>, why: &str) {
        let at = self.source.place(self.index, tag, range);
        self.out.push(template_syntax::diagnostic(&at, why));
    }
}

fn is_path(text: &str) -> bool {
    let part = |part: &str| {
        let name = part.strip_prefix('@').unwrap_or(part);
        name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    text.split('.').all(part)
}

fn is_binding(text: &str) -> bool {
    text.len() > 2 && text.starts_with('|') && text.ends_with('|') && is_path(text.trim_matches('|'))
}
