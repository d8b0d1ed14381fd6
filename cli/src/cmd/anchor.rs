//! The ends of chains, as they were printed.

use std::collections::BTreeMap;

use anyhow::Result;
use server::store::events::Head;

/// The ends of chains that were printed earlier: the first word of a line is the town, the last its
/// `number:hash`. Lines that tell of findings are indented.
pub(crate) fn anchors(text: &str) -> Result<BTreeMap<String, Head>> {
    let mut anchors = BTreeMap::new();
    for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with([' ', '#'])) {
        let mut words = line.split_whitespace();
        let (tenant, end) = (words.next(), words.next_back());
        let head = end.and_then(|end| end.split_once(':')).and_then(|(seq, hash)| {
            let whole = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
            Some(Head { seq: seq.parse().ok()?, hash: hash.to_owned() }).filter(|head| whole || head.seq == 0)
        });
        let (Some(tenant), Some(head)) = (tenant, head) else {
            anyhow::bail!("this line of the anchor names no end of a chain: {line}")
        };
        anchors.insert(tenant.to_owned(), head);
    }
    Ok(anchors)
}
