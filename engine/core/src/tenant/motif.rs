//! The drawing of a town that has none of its own: a frame, a sign, hills and water, chosen by its
//! name and in its colour, so that neighbours are told apart at a glance.

use std::sync::Arc;

/// Frames, drawn as outlines.
const FRAMES: [&str; 5] = [
    "M32 2a30 30 0 1 0 0 60a30 30 0 1 0 0-60z",
    "M6 5h52v27c0 14-11 23-26 29C17 55 6 46 6 32z",
    "M5 60V30a27 27 0 0 1 54 0v30z",
    "M13 4h38a9 9 0 0 1 9 9v38a9 9 0 0 1-9 9H13a9 9 0 0 1-9-9V13a9 9 0 0 1 9-9z",
    "M20 3h24l17 17v24L44 61H20L3 44V20z",
];

/// Above the hills: sun, deodar, temple, tower, bell, flame, star.
const SIGNS: [&str; 7] = [
    "M32 14a7 7 0 1 0 0 14a7 7 0 1 0 0-14z",
    "M32 9l7 9h-4l6 10H23l6-10h-4z",
    "M32 8l4 8 4 4v8H24v-8l4-4z",
    "M29 9h6v4h3v15H26V13h3z",
    "M32 10a8 8 0 0 1 8 8v6l3 4H21l3-4v-6a8 8 0 0 1 8-8z",
    "M32 8c6 6 8 10 8 13a8 8 0 0 1-16 0c0-3 2-7 8-13z",
    "M32 9l3 7h8l-6 5 2 7-7-4-7 4 2-7-6-5h8z",
];

/// Hills: two, one, three, and terraces.
const HILLS: [&str; 4] = [
    "M12 45l12-14 8 9 7-7 13 12z",
    "M11 45l21-14 21 14z",
    "M10 45l9-11 6 7 7-9 7 9 6-7 9 11z",
    "M12 45h40v-4H12zM17 39h30v-3H17zM22 34h20v-2H22z",
];

/// Below them: a river, two strips of water, a road.
const BELOW: [&str; 3] = [
    "M17 48c5-3 10-3 15 0s10 3 15 0v4c-5 3-10 3-15 0s-10-3-15 0z",
    "M19 48h26v2H19zM23 52h18v2H23z",
    "M31 47h2l4 9H27z",
];

/// The drawing of the town called `id` in the colour `accent`.
pub(super) fn emblem(id: &str, accent: &str) -> Arc<str> {
    let mut rest = id
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let mut pick = |from: &[&'static str]| {
        let count = u64::try_from(from.len()).expect("a handful");
        let index = usize::try_from(rest % count).expect("below a handful");
        rest /= count;
        from[index]
    };
    let (frame, sign, hills, below) = (pick(&FRAMES), pick(&SIGNS), pick(&HILLS), pick(&BELOW));
    Arc::from(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 64 64\" color=\"{accent}\" fill=\"currentColor\">\
         <path d=\"{frame}\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"3\"/><path d=\"{sign}\"/>\
         <path d=\"{hills}\"/><path d=\"{below}\"/></svg>"
    ))
}
