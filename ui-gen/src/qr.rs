//! A QR code as SVG, small enough to stand in a page.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};

/// White modules around the code, as ISO/IEC 18004 asks.
const QUIET: usize = 4;

/// `text` as SVG source: lines of black modules on white.
///
/// None where the text is longer than a QR code holds (about 2,300 octets).
pub fn svg(text: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let colors = code.to_colors();
    let mut path = String::new();
    for (y, row) in colors.chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run[0] == Color::Dark {
                let (left, top, length) = (x + QUIET, y + QUIET, run.len());
                write!(path, "M{left} {top}.5h{length}").expect("text takes any text");
            }
            x += run.len();
        }
    }
    let side = width + 2 * QUIET;
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\"><rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path d=\"{path}\" stroke=\"#000\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::svg;

    #[test]
    fn a_code_has_its_size_and_its_corners() {
        let code = svg("https://example.in/devgaon/verify/7KQ2-M4XD").expect("short enough");
        // 43 octets at level M need version 4, which is 33 modules wide; 41 with the quiet zone.
        assert!(code.contains("viewBox=\"0 0 41 41\""), "{code}");
        assert!(code.contains("M4 4.5h7") && code.len() < 4_000);
    }

    #[test]
    fn what_is_too_long_is_no_code() {
        assert!(svg(&"x".repeat(5_000)).is_none());
    }
}
