//! A town's colour: darkened until white can be read on it, with a tint and a shade of it.

use crate::assets::STYLE;

/// The colour used where a town states none, or one that cannot be read.
const PLAIN: [u32; 3] = [0x1f, 0x4e, 0x79];

/// The style sheet in a town's colour, written as `#1f4e79`.
///
/// White text and links stand on or in this colour, so it is darkened as far as WCAG's contrast of
/// 4.5 to 1 asks; the town's own colour survives wherever it is dark enough.
pub fn css(accent: &str) -> String {
    let colour = readable(parse(accent).unwrap_or(PLAIN));
    let dark = mix(colour, [0, 0, 0], 25);
    let tint = mix(colour, [255, 255, 255], 92);
    let line = mix(colour, [255, 255, 255], 60);
    format!(
        "{STYLE}:root{{--accent:{};--accent-dark:{};--accent-tint:{};--accent-line:{}}}\n",
        hex(colour),
        hex(dark),
        hex(tint),
        hex(line)
    )
}

fn parse(text: &str) -> Option<[u32; 3]> {
    let digits = text.trim().strip_prefix('#')?;
    if digits.len() != 6 || !digits.is_ascii() {
        return None;
    }
    let part = |at: usize| u32::from_str_radix(&digits[at..at + 2], 16).ok();
    Some([part(0)?, part(2)?, part(4)?])
}

fn hex([r, g, b]: [u32; 3]) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// `percent` of the way from `from` to `to`.
fn mix(from: [u32; 3], to: [u32; 3], percent: u32) -> [u32; 3] {
    [0, 1, 2].map(|i| (from[i] * (100 - percent) + to[i] * percent) / 100)
}

fn readable(mut colour: [u32; 3]) -> [u32; 3] {
    // White on a luminance of L has the contrast 1.05 / (L + 0.05): 4.5 needs L <= 0.1833.
    while luminance(colour) > 1_833 {
        colour = mix(colour, [0, 0, 0], 5);
    }
    colour
}

/// Relative luminance in ten-thousandths.
///
/// The exponent 2.2 of sRGB is taken as 2, which never makes a colour seem darker than it is.
fn luminance([r, g, b]: [u32; 3]) -> u32 {
    (2126 * r * r + 7152 * g * g + 722 * b * b) / (255 * 255)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dark_colour_is_kept_and_a_light_one_darkened() {
        assert!(css("#1f4e79").contains("--accent:#1f4e79"));
        let light = readable([255, 204, 0]);
        assert!(luminance(light) <= 1_833 && light[0] > light[2]);
    }

    #[test]
    fn what_is_no_colour_gives_the_plain_one() {
        for text in ["", "red", "#12", "#12345g", "#1234é"] {
            assert!(css(text).contains("--accent:#1f4e79"), "{text}");
        }
    }
}
