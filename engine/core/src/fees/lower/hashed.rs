//! Texts found by their hash: answers are texts, and everything else has numbers for them.

use crate::fees::table::NOTHING;

/// Places of texts. The texts themselves lie elsewhere.
#[derive(Debug)]
pub(super) struct Hashed {
    slots: Vec<u32>,
}

impl Hashed {
    /// The places of these texts.
    pub(super) fn new<'a>(texts: impl ExactSizeIterator<Item = &'a str>) -> Self {
        let many = (texts.len() * 2 + 1).next_power_of_two();
        let mut hashed = Self { slots: vec![NOTHING; many] };
        for (place, text) in texts.enumerate() {
            let mut at = hashed.first(text);
            while hashed.slots[at] != NOTHING {
                at = (at + 1) % many;
            }
            hashed.slots[at] = u32::try_from(place).unwrap_or(NOTHING);
        }
        hashed
    }

    /// The place of a text; `is` says whether it lies there.
    pub(super) fn find(&self, text: &str, is: impl Fn(u32) -> bool) -> Option<u32> {
        let mut at = self.first(text);
        loop {
            let place = self.slots[at];
            if place == NOTHING {
                return None;
            }
            if is(place) {
                return Some(place);
            }
            at = (at + 1) % self.slots.len();
        }
    }

    /// Where the search for a text begins: by Fowler, Noll and Vo.
    fn first(&self, text: &str) -> usize {
        let hash = text.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        (hash ^ (hash >> 15)) as usize & (self.slots.len() - 1)
    }
}
