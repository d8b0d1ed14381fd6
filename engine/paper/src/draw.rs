//! Writes what was laid out as a PDF.

use crate::emblem::Emblem;
use crate::font::face;
use crate::layout::{Ink, Laid, Mark, Modules, Span};
use crate::style::{QR_QUIET, Rgb, SLANT, Sheet};
use crate::tags::{Meaning, TagId};
use crate::{Error, Options};
use krilla::color::rgb;
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{Path, PathBuilder, Point, Rect, Transform};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, SpanTag};
use krilla::text::{GlyphId, KrillaGlyph};
use krilla::{Document, SerializeSettings};
use kurbo::{Affine, PathEl};

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
        let size = PageSettings::from_wh(sheet.width, sheet.height)
            .expect("papers have a width and a height");
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
                outline.note(
                    tag,
                    laid.tags.meaning(tag),
                    nth,
                    same[0].y - sheet.base * 2.0,
                );
                laid.tags.drawn(tag, drawn);
            }
        }
        surface.finish();
        page.finish();
    }
    document.set_outline(outline.finish());
    document.set_tag_tree(
        laid.tags
            .tree()
            .with_lang(Some(options.language.to_owned())),
    );
    document
        .finish()
        .map_err(|e| Error::NotWritten(format!("{e:?}")))
}

/// PDF/A-2a, so that a paper can be read in fifty years, and PDF/UA-1, so that it can be read
/// aloud today. The writer refuses what would break either.
fn settings() -> SerializeSettings {
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .expect("both standards build on PDF 1.7");
    SerializeSettings {
        configuration,
        ..SerializeSettings::default()
    }
}

/// The outline readers show beside the pages: one entry for each title, or one for the paper.
struct Contents {
    title: String,
    last: Option<TagId>,
    entries: Vec<OutlineNode>,
}

impl Contents {
    fn new(title: &str) -> Self {
        Self {
            title: title.to_owned(),
            last: None,
            entries: Vec::new(),
        }
    }

    /// Notes a title where its first line is drawn.
    fn note(&mut self, tag: TagId, meaning: &Meaning, page: usize, y: f32) {
        if let (Meaning::Title(_, words), true) = (meaning, self.last != Some(tag)) {
            let place = XyzDestination::new(page, Point::from_xy(0.0, y.max(0.0)));
            self.entries.push(OutlineNode::new(words.clone(), place));
            self.last = Some(tag);
        }
    }

    fn finish(mut self) -> Outline {
        if self.entries.is_empty() {
            let place = XyzDestination::new(0, Point::from_xy(0.0, 0.0));
            self.entries.push(OutlineNode::new(self.title, place));
        }
        let mut outline = Outline::new();
        self.entries
            .into_iter()
            .for_each(|entry| outline.push_child(entry));
        outline
    }
}

fn is_text(mark: &Mark) -> bool {
    matches!(mark.ink, Ink::Text(_))
}

fn metadata(options: &Options) -> Result<Metadata, Error> {
    let bad = |name, value: &str, expected| Error::BadOption {
        name,
        value: value.to_owned(),
        expected,
    };
    if options.title.trim().is_empty() {
        return Err(bad("title", options.title, "a title"));
    }
    let tag = options.language;
    let tagged = tag.split('-').all(|part| {
        (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
    });
    if !tagged {
        return Err(bad("language", tag, "a language tag such as hi or en-IN"));
    }
    let created = moment(options.created)
        .ok_or_else(|| bad("created", options.created, "a date such as 2027-03-31"))?;
    Ok(Metadata::new()
        .title(options.title.to_owned())
        .language(tag.to_owned())
        .creation_date(created)
        .producer("Nagar".to_owned()))
}

/// Reads `2027-03-31` or `2027-03-31T10:00:00+05:30`; seconds and offset may be absent.
fn moment(text: &str) -> Option<DateTime> {
    let number = |text: &str, digits: usize, range: std::ops::RangeInclusive<u16>| {
        let right = text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
        text.parse::<u16>()
            .ok()
            .filter(|n| right && range.contains(n))
    };
    let (date, time) = text
        .split_once('T')
        .map_or((text, None), |(d, t)| (d, Some(t)));
    let mut parts = date.splitn(3, '-');
    let year = number(parts.next()?, 4, 1..=9999)?;
    let month = number(parts.next()?, 2, 1..=12)? as u8;
    let day = number(parts.next()?, 2, 1..=31)? as u8;
    let moment = DateTime::new(year).month(month).day(day);
    let Some(time) = time else {
        return Some(moment);
    };
    let (clock, offset) = match time.find(['+', '-', 'Z']) {
        Some(at) => (&time[..at], &time[at..]),
        None => (time, "Z"),
    };
    let mut parts = clock.splitn(3, ':');
    let hour = number(parts.next()?, 2, 0..=23)? as u8;
    let minute = number(parts.next()?, 2, 0..=59)? as u8;
    let second = parts.next().unwrap_or("00");
    let second = number(second.split('.').next()?, 2, 0..=59)? as u8;
    let moment = moment.hour(hour).minute(minute).second(second);
    if offset == "Z" {
        return Some(moment.utc_offset_hour(0).utc_offset_minute(0));
    }
    let (hours, minutes) = offset[1..].split_once(':')?;
    let hours = number(hours, 2, 0..=23)? as i8;
    let hours = if offset.starts_with('-') {
        -hours
    } else {
        hours
    };
    let minutes = number(minutes, 2, 0..=59)? as u8;
    Some(moment.utc_offset_hour(hours).utc_offset_minute(minutes))
}

fn paint(colour: Rgb, rule: FillRule) -> Fill {
    let paint = rgb::Color::new(colour.0, colour.1, colour.2).into();
    Fill {
        paint,
        opacity: NormalizedF32::ONE,
        rule,
    }
}

fn draw(surface: &mut Surface, mark: &Mark, emblem: Option<&Emblem>) {
    match &mark.ink {
        Ink::Text(spans) => text(surface, spans, mark.x, mark.y),
        Ink::Fill {
            width,
            height,
            colour,
        } => {
            let mut path = PathBuilder::new();
            if let Some(rect) = Rect::from_xywh(mark.x, mark.y, *width, *height) {
                path.push_rect(rect);
            }
            filled(surface, path.finish(), *colour, FillRule::NonZero);
        }
        Ink::Qr { side, modules } => qr(surface, modules, mark.x, mark.y, *side),
        Ink::Emblem { height } => {
            if let Some(emblem) = emblem {
                picture(surface, emblem, mark.x, mark.y, *height);
            }
        }
    }
}

fn filled(surface: &mut Surface, path: Option<Path>, colour: Rgb, rule: FillRule) {
    if let Some(path) = path {
        surface.set_stroke(None);
        surface.set_fill(Some(paint(colour, rule)));
        surface.draw_path(&path);
    }
}

/// Text from left to right. Neighbours in the same face and size are written in one go, so that
/// they are searched and copied as one.
fn text(surface: &mut Surface, spans: &[Span], x: f32, y: f32) {
    let same = |a: &Span, b: &Span| {
        a.run.face == b.run.face
            && a.size.to_bits() == b.size.to_bits()
            && a.colour == b.colour
            && a.slanted == b.slanted
    };
    let mut x = x;
    for group in spans.chunk_by(same) {
        let first = &group[0];
        let mut words = String::new();
        let mut glyphs = Vec::new();
        for span in group {
            let base = words.len();
            let all = &span.run.glyphs[span.glyphs.clone()];
            let from = all.first().map_or(0, |glyph| glyph.bytes.start);
            let to = all.last().map_or(from, |glyph| glyph.bytes.end);
            words.push_str(&span.run.text[from..to]);
            glyphs.extend(all.iter().map(|glyph| {
                let bytes = glyph.bytes.start - from + base..glyph.bytes.end - from + base;
                let id = GlyphId::new(glyph.id);
                KrillaGlyph::new(id, glyph.advance, glyph.dx, glyph.dy, 0.0, bytes, None)
            }));
        }
        surface.set_stroke(None);
        surface.set_fill(Some(paint(first.colour, FillRule::NonZero)));
        let font = face(first.run.face).writing.clone();
        if first.slanted {
            surface.push_transform(&Transform::from_row(1.0, 0.0, -SLANT, 1.0, x, y));
            surface.draw_glyphs(
                Point::from_xy(0.0, 0.0),
                &glyphs,
                font,
                &words,
                first.size,
                false,
            );
            surface.pop();
        } else {
            surface.draw_glyphs(
                Point::from_xy(x, y),
                &glyphs,
                font,
                &words,
                first.size,
                false,
            );
        }
        x += group.iter().map(Span::width).sum::<f32>();
    }
}

/// The dark modules of a QR code as one shape; neighbours in a row are one rectangle, so that no
/// hairlines show between them.
fn qr(surface: &mut Surface, modules: &Modules, x: f32, y: f32, side: f32) {
    let module = side / (modules.width + 2 * QR_QUIET) as f32;
    let place = |at: usize| (at + QR_QUIET) as f32 * module;
    let mut path = PathBuilder::new();
    for (row, dark) in modules.dark.chunks(modules.width).enumerate() {
        let mut column = 0;
        for same in dark.chunk_by(|a, b| a == b) {
            let width = same.len() as f32 * module;
            let rect = Rect::from_xywh(x + place(column), y + place(row), width, module);
            if let (true, Some(rect)) = (same[0], rect) {
                path.push_rect(rect);
            }
            column += same.len();
        }
    }
    filled(surface, path.finish(), Rgb(0, 0, 0), FillRule::NonZero);
}

fn picture(surface: &mut Surface, emblem: &Emblem, x: f32, y: f32, height: f32) {
    let place = Affine::translate((f64::from(x), f64::from(y))) * Affine::scale(f64::from(height));
    for shape in &emblem.shapes {
        let Some(path) = outline(&(place * shape.path.clone())) else {
            continue;
        };
        let rule = if shape.even_odd {
            FillRule::EvenOdd
        } else {
            FillRule::NonZero
        };
        let stroke = shape.stroke.map(|(colour, width)| Stroke {
            paint: rgb::Color::new(colour.0, colour.1, colour.2).into(),
            width: width * height,
            ..Stroke::default()
        });
        // Nothing to draw with would be drawn in black.
        if shape.fill.is_some() || stroke.is_some() {
            surface.set_fill(shape.fill.map(|colour| paint(colour, rule)));
            surface.set_stroke(stroke);
            surface.draw_path(&path);
        }
    }
}

fn outline(path: &kurbo::BezPath) -> Option<Path> {
    let mut out = PathBuilder::new();
    let point = |p: kurbo::Point| (p.x as f32, p.y as f32);
    for element in path.elements() {
        match *element {
            PathEl::MoveTo(p) => out.move_to(point(p).0, point(p).1),
            PathEl::LineTo(p) => out.line_to(point(p).0, point(p).1),
            PathEl::QuadTo(a, p) => out.quad_to(point(a).0, point(a).1, point(p).0, point(p).1),
            PathEl::CurveTo(a, b, p) => {
                let (a, b, p) = (point(a), point(b), point(p));
                out.cubic_to(a.0, a.1, b.0, b.1, p.0, p.1);
            }
            PathEl::ClosePath => out.close(),
        }
    }
    out.finish()
}
