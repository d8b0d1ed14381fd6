//! Pictures, drawn anew: what the camera, the telephone or somebody else wrote beside the picture does not come along.

use std::io::Cursor;

use exif::{In, Tag, Value};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};

use super::clean::{Cleaned, Place};
use super::{Kind, Unfit};
use crate::limits::{DRAWN_BYTES, DRAWN_PIXELS, JPEG_QUALITIES, PICTURE_SIDE};

/// Draws a picture anew in the format that it came in. It must fit into `most` octets.
pub(super) fn redraw(kind: Kind, bytes: &[u8], most: u64) -> Result<Cleaned, Unfit> {
    let (picture, place, turned) = decoded(kind, bytes)?;
    let drawn = match kind {
        Kind::Jpeg => jpeg(turn(picture, turned), most)?,
        Kind::Png => png(&turn(picture, turned), most)?,
        // What draws WebP here draws it without loss, which makes a photo many times larger: the container is
        // written anew instead, around the picture that was just proved to be one.
        Kind::Webp => webp(bytes).ok_or(Unfit::Damaged(kind))?,
        Kind::Pdf | Kind::Dxf | Kind::Svg | Kind::Sealed => return Err(Unfit::Damaged(kind)),
    };
    Ok(Cleaned { bytes: drawn.into(), place })
}

fn decoded(kind: Kind, bytes: &[u8]) -> Result<(DynamicImage, Option<Place>, Orientation), Unfit> {
    let format = match kind {
        Kind::Jpeg => ImageFormat::Jpeg,
        Kind::Png => ImageFormat::Png,
        Kind::Webp => ImageFormat::WebP,
        Kind::Pdf | Kind::Dxf | Kind::Svg | Kind::Sealed => return Err(Unfit::Damaged(kind)),
    };
    let mut limits = Limits::default();
    limits.max_image_width = Some(PICTURE_SIDE);
    limits.max_image_height = Some(PICTURE_SIDE);
    limits.max_alloc = Some(DRAWN_BYTES);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| match error {
        ImageError::Limits(_) => Unfit::TooManyPixels(PICTURE_SIDE, PICTURE_SIDE),
        _ => Unfit::Damaged(kind),
    })?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > DRAWN_PIXELS {
        return Err(Unfit::TooManyPixels(width, height));
    }
    let place = decoder.exif_metadata().ok().flatten().and_then(place);
    let turned = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let picture = DynamicImage::from_decoder(decoder).map_err(|error| match error {
        ImageError::Limits(_) => Unfit::TooManyPixels(width, height),
        _ => Unfit::Damaged(kind),
    })?;
    Ok((picture, place, turned))
}

/// The picture as it is to be looked at: a camera that was held upright says so beside the picture.
fn turn(mut picture: DynamicImage, turned: Orientation) -> DynamicImage {
    picture.apply_orientation(turned);
    picture
}

/// At the best quality at which it fits.
fn jpeg(picture: DynamicImage, most: u64) -> Result<Vec<u8>, Unfit> {
    let plain = match picture {
        grey @ DynamicImage::ImageLuma8(_) => grey,
        other => DynamicImage::ImageRgb8(other.into_rgb8()),
    };
    for quality in JPEG_QUALITIES {
        let mut drawn = Vec::new();
        let encoder = JpegEncoder::new_with_quality(&mut drawn, quality);
        plain.write_with_encoder(encoder).map_err(|_| Unfit::Damaged(Kind::Jpeg))?;
        if drawn.len() as u64 <= most {
            return Ok(drawn);
        }
    }
    Err(Unfit::TooBig(most))
}

fn png(picture: &DynamicImage, most: u64) -> Result<Vec<u8>, Unfit> {
    let mut drawn = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut drawn, CompressionType::Default, FilterType::Adaptive);
    picture.write_with_encoder(encoder).map_err(|_| Unfit::Damaged(Kind::Png))?;
    if drawn.len() as u64 <= most { Ok(drawn) } else { Err(Unfit::TooBig(most)) }
}

/// The container of a `WebP` with the chunks that are the picture and no others (RFC 9649, 2.7); `None` for one that
/// is broken or moves.
fn webp(bytes: &[u8]) -> Option<Vec<u8>> {
    // Bits of the extended header: a colour profile, metadata of two kinds, an animation.
    const BESIDE: u8 = 0x20 | 0x08 | 0x04;
    const MOVES: u8 = 0x02;
    let stated = usize::try_from(u32::from_le_bytes(bytes.get(4..8)?.try_into().ok()?)).ok()?;
    let mut rest = bytes.get(12..stated.checked_add(8)?)?;
    let mut kept = b"WEBP".to_vec();
    while !rest.is_empty() {
        let length = usize::try_from(u32::from_le_bytes(rest.get(4..8)?.try_into().ok()?)).ok()?;
        let padded = length.checked_add(length % 2)?.checked_add(8)?;
        // The last octet of padding is sometimes left out at the end of a file.
        let mut chunk = rest.get(..padded.min(rest.len())).filter(|chunk| chunk.len() >= 8 + length)?.to_vec();
        chunk.resize(padded, 0);
        match &rest[..4] {
            b"VP8X" => {
                let flags = chunk.get_mut(8)?;
                if *flags & MOVES != 0 {
                    return None;
                }
                *flags &= !BESIDE;
                kept.extend(chunk);
            }
            b"VP8 " | b"VP8L" | b"ALPH" => kept.extend(chunk),
            _ => {}
        }
        rest = rest.get(padded..).unwrap_or_default();
    }
    let mut whole = b"RIFF".to_vec();
    whole.extend(u32::try_from(kept.len()).ok()?.to_le_bytes());
    whole.extend(kept);
    Some(whole)
}

/// Where a camera says that it was (Exif 2.32, 4.6.6).
fn place(exif: Vec<u8>) -> Option<Place> {
    let exif = exif::Reader::new().read_raw(exif).ok()?;
    let read = |number: Tag, side: Tag, back: u8, most: i64| -> Option<i64> {
        let Value::Rational(parts) = &exif.get_field(number, In::PRIMARY)?.value else { return None };
        let mut sum = 0_i64;
        for (part, divisor) in parts.iter().zip([1, 60, 3_600]) {
            let below = i64::from(part.denom).checked_mul(divisor).filter(|below| *below > 0)?;
            sum = sum.checked_add(i64::from(part.num).checked_mul(1_000_000)? / below)?;
        }
        let Value::Ascii(side) = &exif.get_field(side, In::PRIMARY)?.value else { return None };
        let sign = if side.first()?.first()?.eq_ignore_ascii_case(&back) { -1 } else { 1 };
        (parts.len() == 3 && sum <= most).then_some(sign * sum)
    };
    let lat = read(Tag::GPSLatitude, Tag::GPSLatitudeRef, b'S', 90_000_000)?;
    let long = read(Tag::GPSLongitude, Tag::GPSLongitudeRef, b'W', 180_000_000)?;
    // A camera that has not found itself writes zeros.
    ((lat, long) != (0, 0)).then_some(Place { lat, long })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

    use super::*;

    /// A small picture with a corner that shows which way up it is.
    fn picture() -> DynamicImage {
        let mut picture = image::RgbImage::from_pixel(32, 16, image::Rgb([20, 40, 200]));
        for (x, y) in (0..8).flat_map(|x| (0..8).map(move |y| (x, y))) {
            picture.put_pixel(x, y, image::Rgb([250, 250, 0]));
        }
        DynamicImage::ImageRgb8(picture)
    }

    fn written(format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture().write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    /// TIFF, big-endian: the orientation, an artist, and 30° 18′ 59.4″ N 78° 1′ 55.9″ E.
    fn exif() -> Vec<u8> {
        let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
            [&tag.to_be_bytes()[..], &kind.to_be_bytes(), &count.to_be_bytes(), &value].concat()
        };
        let mut tiff = b"MM\0\x2a\0\0\0\x08".to_vec();
        tiff.extend(3_u16.to_be_bytes());
        tiff.extend(entry(0x0112, 3, 1, [0, 6, 0, 0]));
        tiff.extend(entry(0x013B, 2, 4, *b"Ash\0"));
        tiff.extend(entry(0x8825, 4, 1, 50_u32.to_be_bytes()));
        tiff.extend([0; 4]);
        assert_eq!(tiff.len(), 50);
        tiff.extend(4_u16.to_be_bytes());
        tiff.extend(entry(1, 2, 2, *b"N\0\0\0"));
        tiff.extend(entry(2, 5, 3, 104_u32.to_be_bytes()));
        tiff.extend(entry(3, 2, 2, *b"E\0\0\0"));
        tiff.extend(entry(4, 5, 3, 128_u32.to_be_bytes()));
        tiff.extend([0; 4]);
        assert_eq!(tiff.len(), 104);
        for number in [30_u32, 1, 18, 1, 594, 10, 78, 1, 1, 1, 559, 10] {
            tiff.extend(number.to_be_bytes());
        }
        tiff
    }

    fn jpeg_of_a_camera() -> Vec<u8> {
        let (plain, exif) = (written(ImageFormat::Jpeg), exif());
        let mut bytes = plain[..2].to_vec();
        bytes.extend([0xFF, 0xE1]);
        bytes.extend(u16::try_from(exif.len() + 8).unwrap().to_be_bytes());
        bytes.extend(b"Exif\0\0");
        bytes.extend(exif);
        // A second segment, as programs for pictures write them.
        bytes.extend([0xFF, 0xFE, 0, 12]);
        bytes.extend(b"by Ash Rao");
        bytes.extend(&plain[2..]);
        bytes
    }

    #[test]
    fn file_05_what_a_camera_wrote_beside_a_photo_does_not_come_along() {
        let sent = jpeg_of_a_camera();
        assert!(sent.windows(3).any(|window| window == b"Ash"));
        let drawn = redraw(Kind::Jpeg, &sent, 1 << 20).unwrap();
        for trace in [&b"Exif"[..], b"Ash", b"MM\0\x2a"] {
            assert!(!drawn.bytes.windows(trace.len()).any(|window| window == trace), "{trace:?} is left");
        }
        // The place is told to whoever has a purpose for it.
        assert_eq!(drawn.place, Some(Place { lat: 30_316_500, long: 78_032_193 }));
        // It is as it was to be looked at: a quarter turned, so the corner is on the right now.
        let seen = image::load_from_memory(&drawn.bytes).unwrap().into_rgb8();
        assert_eq!(seen.dimensions(), (16, 32));
        assert!(seen.get_pixel(13, 2)[0] > 180 && seen.get_pixel(2, 2)[0] < 90, "it is turned the right way");
    }

    #[test]
    fn a_picture_comes_out_as_the_same_picture_and_always_the_same() {
        for (kind, format) in
            [(Kind::Jpeg, ImageFormat::Jpeg), (Kind::Png, ImageFormat::Png), (Kind::Webp, ImageFormat::WebP)]
        {
            let sent = written(format);
            let drawn = redraw(kind, &sent, 1 << 20).unwrap();
            assert_eq!(drawn.place, None);
            assert_eq!(image::guess_format(&drawn.bytes).unwrap(), format);
            let seen = image::load_from_memory(&drawn.bytes).unwrap().into_rgb8();
            assert!(seen.get_pixel(2, 2)[0] > 180 && seen.get_pixel(20, 10)[2] > 150, "{kind:?}");
            assert_eq!(redraw(kind, &sent, 1 << 20).unwrap(), drawn, "{kind:?} is drawn the same again");
            // Half a JPEG is half a picture.
            let half = redraw(kind, &sent[..sent.len() / 2], 1 << 20);
            assert!(kind == Kind::Jpeg || half.is_err(), "{kind:?}");
            assert_eq!(redraw(kind, &sent, 60).is_err(), kind != Kind::Webp, "{kind:?} is larger than is wanted");
        }
    }

    #[test]
    fn file_05_what_stands_beside_a_webp_is_cut_away() {
        let plain = written(ImageFormat::WebP);
        let picture = &plain[12..];
        let extended = |flags: u8, more: &[u8]| {
            let header = [&b"VP8X\x0A\0\0\0"[..], &[flags, 0, 0, 0, 31, 0, 0, 15, 0, 0]].concat();
            let body = [b"WEBP".as_slice(), &header, picture, more].concat();
            let length = u32::try_from(body.len()).unwrap().to_le_bytes();
            [b"RIFF".as_slice(), &length, &body].concat()
        };
        let cut = webp(&extended(0x0C, b"EXIF\x04\0\0\0AshaXMP \x03\0\0\0Rao\0")).unwrap();
        assert!(!cut.windows(3).any(|window| window == b"Ash" || window == b"Rao"));
        assert_eq!(cut, extended(0, b""));
        assert!(image::load_from_memory(&cut).is_ok());
        assert_eq!(webp(&extended(0x02, b"")), None, "what moves is no photo");
        for length in 0..plain.len() {
            let _ = webp(&plain[..length]);
        }
    }

    #[test]
    fn file_03_a_picture_of_too_many_pixels_is_refused_before_it_is_drawn() {
        // A PNG that says 20,000 by 20,000 and is a few octets long.
        let mut bytes = written(ImageFormat::Png);
        bytes[16..24].copy_from_slice(&[0, 0, 0x4E, 0x20, 0, 0, 0x4E, 0x20]);
        let crc = crc(&bytes[12..29]);
        bytes[29..33].copy_from_slice(&crc.to_be_bytes());
        let begun = std::time::Instant::now();
        assert!(matches!(
            redraw(Kind::Png, &bytes, 1 << 20),
            Err(Unfit::TooManyPixels(..) | Unfit::Damaged(Kind::Png))
        ));
        assert!(begun.elapsed() < std::time::Duration::from_millis(200), "{:?}", begun.elapsed());
    }

    /// ISO 3309, as PNG uses it.
    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 })
        })
    }

    #[test]
    fn a_place_that_is_none_is_none() {
        assert_eq!(place(Vec::new()), None);
        assert_eq!(place(exif()[..60].to_vec()), None);
        let mut nowhere = exif();
        for byte in nowhere.iter_mut().skip(104) {
            *byte = 0;
        }
        assert_eq!(place(nowhere), None, "a division by nothing is no place");
    }
}
