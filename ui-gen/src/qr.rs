//! Square patterns that a phone can read, as SVG.

use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

/// The square pattern of `text` in black on white, without a size of its own; empty if the text is
/// too long for one (2,331 octets).
pub fn qr_svg(text: &str) -> String {
    let Ok(code) = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M) else { return String::new() };
    let drawn = code.render::<svg::Color<'_>>().min_dimensions(200, 200).dark_color(svg::Color("#000")).light_color(svg::Color("#fff")).build();
    drawn.find("<svg").map_or_else(String::new, |at| drawn[at..].to_owned())
}

#[cfg(test)]
mod tests {
    use super::qr_svg;

    #[test]
    fn a_pattern_is_one_svg_and_what_is_too_long_is_none() {
        let drawn = qr_svg("https://town.example/verify/abc");
        assert!(drawn.starts_with("<svg") && drawn.ends_with("</svg>") && !drawn.contains("style="));
        assert_eq!(qr_svg(&"x".repeat(4_000)), "");
    }
}
