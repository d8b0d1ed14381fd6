//! Writes what was laid out as a PDF.

mod about;
mod ink;

use crate::emblem::Emblem;
use crate::layout::{Ink, Laid, Mark};
use crate::style::Sheet;
use crate::{Error, Options};
use about::{Contents, metadata, settings};
use ink::draw;
use krilla::Document;
use krilla::page::PageSettings;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, SpanTag};

/// Writes a paper.
pub(crate) fn write(
    mut laid: Laid,
    sheet: &Sheet,
    emblem: Option<&Emblem>,
    options: &Options,
) -> Result<Vec<u8>, Error> {
    let mut document = Document::new_with(settings());
    document.set_metadata(metadata(options)?);
    let mut outline = Contents::new(options.title);
    for (nth, marks) in laid.pages.iter().enumerate() {
        let size = PageSettings::from_wh(sheet.width, sheet.height).expect("papers have a width and a height");
        let mut page = document.start_page_with(size);
        let mut surface = page.surface();
        // Neighbours that belong to the same thing, or to nothing, are told of once.
        for same in marks.chunk_by(|a, b| a.tag == b.tag && is_text(a) == is_text(b)) {
            let tag = same[0].tag;
            let content = match tag {
                None => ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)),
                Some(_) if is_text(&same[0]) => ContentTag::Span(SpanTag::empty()),
                Some(_) => ContentTag::Other,
            };
            let drawn = surface.start_tagged(content);
            for mark in same {
                draw(&mut surface, mark, emblem);
            }
            surface.end_tagged();
            if let Some(tag) = tag {
                outline.note(tag, laid.tags.meaning(tag), nth, same[0].y - sheet.base * 2.0);
                laid.tags.drawn(tag, drawn);
            }
        }
        surface.finish();
        page.finish();
    }
    document.set_outline(outline.finish());
    document.set_tag_tree(laid.tags.tree().with_lang(Some(options.language.to_owned())));
    document.finish().map_err(|e| Error::NotWritten(format!("{e:?}")))
}

fn is_text(mark: &Mark) -> bool {
    matches!(mark.ink, Ink::Text(_))
}
