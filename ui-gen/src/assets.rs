//! What browsers fetch besides pages: the style sheets, two small scripts, an icon.

/// The style sheet without a town's colour.
pub(crate) const STYLE: &str = include_str!("../assets/app.css");

/// A file served under `/assets/`.
#[derive(Debug, Clone, Copy)]
pub struct Asset {
    /// Name within `/assets/`.
    pub name: &'static str,
    /// Its media type.
    pub content_type: &'static str,
    /// What it holds.
    pub bytes: &'static [u8],
}

/// Every file to be served. Pages ask for them with `?v=` and a digest, so they may be kept for ever.
pub fn assets() -> &'static [Asset] {
    &ALL
}

const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

const ALL: [Asset; 5] = [
    Asset { name: "app.css", content_type: "text/css; charset=utf-8", bytes: STYLE.as_bytes() },
    Asset { name: "desk.css", content_type: "text/css; charset=utf-8", bytes: include_bytes!("../assets/desk.css") },
    Asset { name: "app.js", content_type: JAVASCRIPT, bytes: include_bytes!("../assets/app.js") },
    Asset { name: "desk.js", content_type: JAVASCRIPT, bytes: include_bytes!("../assets/desk.js") },
    Asset { name: "favicon.svg", content_type: "image/svg+xml", bytes: include_bytes!("../assets/favicon.svg") },
];

/// The tag of all files.
pub(crate) fn all_tag() -> String {
    tag(assets().iter().flat_map(|asset| asset.bytes))
}

/// A short digest (64-bit FNV-1a) of what browsers keep, by which they know a new version.
pub fn tag<'a>(bytes: impl IntoIterator<Item = &'a u8>) -> String {
    let digest = bytes
        .into_iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |digest, byte| (digest ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{digest:016x}")[..10].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assets_keep_to_their_sizes() {
        let size = |name: &str| assets().iter().find(|a| a.name == name).map(|a| a.bytes.len());
        assert!(size("app.css") <= Some(12_288), "app.css: {:?}", size("app.css"));
        for script in ["app.js", "desk.js"] {
            assert!(size(script) <= Some(5_120), "{script}: {:?}", size(script));
        }
    }
}
