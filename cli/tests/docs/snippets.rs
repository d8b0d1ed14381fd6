//! Snippets stand in the example; mistakes give what is shown.

use engine::scenario::neutral_tenant;
use engine::service::{Folders, compile};
use engine::source::Diagnostics;

use crate::document::{DEFINITIONS, hold_block, marked, read};
use crate::example::{EXAMPLE, SERVICE, bundle};

#[test]
fn every_snippet_stands_in_the_example() {
    let text = read(DEFINITIONS);
    let snippets = marked(&text, "file");
    assert!(snippets.len() > 12, "the manual shows every file of the example");
    for snippet in snippets {
        let file = read(&format!("{EXAMPLE}/{}", snippet.says));
        assert!(
            file.contains(&snippet.block),
            "{DEFINITIONS}: this does not stand in {}:\n{}",
            snippet.says,
            snippet.block
        );
    }
}

/// `<!-- mistake: FILE | what stands there | what is written instead -->`, and what is said of it.
pub(crate) fn mistakes() {
    let text = read(DEFINITIONS);
    let mistakes = marked(&text, "mistake");
    assert!(mistakes.len() > 1, "the manual shows what mistakes look like");
    for mistake in mistakes {
        let [file, right, wrong] = mistake.says.split(" | ").collect::<Vec<_>>()[..] else {
            panic!("a mistake has three parts: {}", mistake.says)
        };
        let mut bundle = bundle();
        let good = bundle.text(file).unwrap_or_else(|| panic!("no file {file}")).to_owned();
        assert!(good.contains(right), "{file} has no `{right}`");
        bundle.add(file, good.replacen(right, wrong, 1).into_bytes());
        let mut found = Diagnostics::default();
        compile(&Folders::shared(&bundle), &neutral_tenant(&bundle), SERVICE, &mut found);
        hold_block(DEFINITIONS, &mistake, &found.sorted().render(&bundle, "mine/"));
    }
}
