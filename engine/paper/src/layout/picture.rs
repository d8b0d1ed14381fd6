//! Lays out pictures: the emblem and QR codes.

use super::row::{Ink, Mark, Modules, Row};
use super::{Scope, Setting, offset};
use crate::style::{QR_MODULE, QR_QUIET, QR_SIDE};
use crate::tags::Meaning;
use crate::{Error, MAX_CODES};
use qrcode::{Color, EcLevel, QrCode};
use std::rc::Rc;

impl Setting<'_> {
    /// The width and height of the emblem where there is so much room.
    pub(super) fn emblem_size(&self, room: f32) -> Result<(f32, f32), Error> {
        let Some(emblem) = self.emblem else {
            let why = "the paper shows it, but none was given";
            return Err(Error::BadEmblem(why.to_owned()));
        };
        let high = self.sheet.emblem().min(room / emblem.width);
        Ok((high * emblem.width, high))
    }

    pub(super) fn emblem(&mut self, alt: Option<&str>, scope: Scope) -> Result<Row, Error> {
        let (width, high) = self.emblem_size(scope.width)?;
        let tag = alt.map(|alt| self.tags.place(scope.tag, Meaning::Figure(alt.to_owned())));
        let x = offset(self.solemn(scope.align), scope.width, width);
        let mark = Mark { x, y: 0.0, ink: Ink::Emblem { height: high }, tag };
        let after = scope.size * 0.5;
        Ok(Row { height: high, after, keep: true, marks: vec![mark], ..Row::default() })
    }

    /// The QR code of a text, made once: to choose its mask is most of the work of a short paper.
    pub(super) fn code(&mut self, text: &str) -> Result<Rc<Modules>, Error> {
        if let Some(known) = self.codes.get(text) {
            return Ok(Rc::clone(known));
        }
        if self.codes.len() == MAX_CODES {
            return Err(Error::TooManyCodes);
        }
        let made = Rc::new(modules(text)?);
        self.codes.insert(text.to_owned(), Rc::clone(&made));
        Ok(made)
    }

    pub(super) fn qr(&mut self, text: &str, scope: Scope) -> Result<Row, Error> {
        let modules = self.code(text)?;
        let side = qr_side(modules.width).min(scope.width);
        let tag = self.tags.place(scope.tag, Meaning::Figure("QR".to_owned()));
        let x = offset(scope.align, scope.width, side);
        let ink = Ink::Qr { side, modules };
        let mark = Mark { x, y: 0.0, ink, tag: Some(tag) };
        Ok(Row { height: side, marks: vec![mark], ..Row::default() })
    }
}

/// The QR code of a text, with as much correction as paper that is folded and stamped needs.
fn modules(text: &str) -> Result<Modules, Error> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(|_| Error::BadQr { bytes: text.len() })?;
    let dark = code.to_colors().into_iter().map(|colour| colour == Color::Dark).collect();
    Ok(Modules { width: code.width(), dark })
}

/// How wide a QR code of so many modules is drawn, with its quiet zone.
pub(super) fn qr_side(modules: usize) -> f32 {
    ((modules + 2 * QR_QUIET) as f32 * QR_MODULE).max(QR_SIDE)
}
