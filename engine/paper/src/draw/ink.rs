//! Puts text, rectangles, QR codes and the emblem on a page.

use crate::emblem::Emblem;
use crate::font::face;
use crate::layout::{Ink, Mark, Modules, Span};
use crate::style::{QR_QUIET, Rgb, SLANT};
use krilla::color::rgb;
use krilla::geom::{Path, PathBuilder, Point, Rect, Transform};
use krilla::num::NormalizedF32;
use krilla::paint::{Fill, FillRule, Stroke};
use krilla::surface::Surface;
use krilla::text::{GlyphId, KrillaGlyph};
use kurbo::{Affine, PathEl};

pub(super) fn draw(surface: &mut Surface, mark: &Mark, emblem: Option<&Emblem>) {
    match &mark.ink {
        Ink::Text(spans) => text(surface, spans, mark.x, mark.y),
        Ink::Fill { width, height, colour } => {
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

fn paint(colour: Rgb, rule: FillRule) -> Fill {
    let paint = rgb::Color::new(colour.0, colour.1, colour.2).into();
    Fill { paint, opacity: NormalizedF32::ONE, rule }
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
            surface.draw_glyphs(Point::from_xy(0.0, 0.0), &glyphs, font, &words, first.size, false);
            surface.pop();
        } else {
            surface.draw_glyphs(Point::from_xy(x, y), &glyphs, font, &words, first.size, false);
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
        let rule = if shape.even_odd { FillRule::EvenOdd } else { FillRule::NonZero };
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
