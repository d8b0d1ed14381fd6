//! What cannot be known beforehand: the time, and chance. Both can be given, so that a test or a
//! demonstration is the same on every run.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use engine::base::Moment;
use engine::tenant::Tenant;
use sha2::{Digest as _, Sha256};

/// Tells the time.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's own.
    System,
    /// One that stands until it is set, in milliseconds since 1970.
    Set(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `ms`.
    pub fn at(ms: i64) -> Self {
        Self::Set(Arc::new(AtomicI64::new(ms)))
    }

    /// Milliseconds since 1970.
    pub fn now_ms(&self) -> i64 {
        match self {
            Self::System => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                i64::try_from(since.as_millis()).expect("the year is below 292 million")
            }
            Self::Set(ms) => ms.load(Ordering::Relaxed),
        }
    }

    /// The present, where the tenant is.
    pub fn now(&self, tenant: &Tenant) -> Moment {
        Moment::new(self.now_ms(), tenant.calendar.offset_minutes)
    }

    /// Puts a clock that stands to `ms`; the machine's own goes its way.
    pub fn set(&self, ms: i64) {
        if let Self::Set(now) = self {
            now.store(ms, Ordering::Relaxed);
        }
    }

    /// The same clock for a connector.
    pub fn for_connectors(&self) -> connectors::surroundings::Clock {
        let clock = self.clone();
        Arc::new(move || clock.now_ms())
    }
}

/// Gives what nobody can guess.
#[derive(Clone, Debug)]
pub enum Chance {
    /// The system's random source.
    System,
    /// A sequence that follows from a seed: only where nothing needs to be kept from anyone.
    Seeded(Arc<Mutex<Sequence>>),
}

/// The seed and how often it was used.
#[derive(Debug)]
pub struct Sequence(u64, u64);

impl Chance {
    /// A sequence that follows from `seed`.
    pub fn seeded(seed: u64) -> Self {
        Self::Seeded(Arc::new(Mutex::new(Sequence(seed, 0))))
    }

    /// `N` octets.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        match self {
            Self::System => {
                getrandom::fill(&mut bytes).expect("the system's random source does not fail once it has started");
            }
            Self::Seeded(sequence) => {
                for piece in bytes.chunks_mut(32) {
                    piece.copy_from_slice(&next(sequence)[..piece.len()]);
                }
            }
        }
        bytes
    }

    /// `N` octets for a purpose. Where chance follows from a seed they follow from the seed and the purpose,
    /// whatever was asked for before: two runs that do the same in another order seal alike.
    pub fn bytes_for<const N: usize>(&self, purpose: &[&str]) -> [u8; N] {
        let Self::Seeded(sequence) = self else { return self.bytes() };
        let seed = sequence.lock().expect("no holder of the sequence panics").0;
        let mut bytes = [0; N];
        for (at, piece) in (0_u64..).zip(bytes.chunks_mut(32)) {
            let mut hash = Sha256::new();
            hash.update(seed.to_le_bytes());
            hash.update(at.to_le_bytes());
            for part in purpose {
                hash.update((part.len() as u64).to_le_bytes());
                hash.update(part.as_bytes());
            }
            let made: [u8; 32] = hash.finalize().into();
            piece.copy_from_slice(&made[..piece.len()]);
        }
        bytes
    }

    /// A key of 128 bits in letters and digits, for rows and addresses.
    pub fn id(&self) -> String {
        crate::auth::token::base32(&self.bytes::<16>())
    }

    /// A key that nobody can guess and that sorts after those of earlier moments: 48 bits of the time in
    /// milliseconds and 80 bits of chance. Rows that were made together then lie together in an index;
    /// a register with keys in no order writes to every page of every index that has them.
    pub fn ordered_id(&self, now_ms: i64) -> String {
        let mut bytes = [0; 16];
        bytes[..6].copy_from_slice(&now_ms.to_be_bytes()[2..]);
        bytes[6..].copy_from_slice(&self.bytes::<10>());
        crate::auth::token::base32(&bytes)
    }

    /// A secret of 256 bits, for a cookie.
    pub fn secret(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.bytes::<32>())
    }

    /// A number below `below`, each as likely as another.
    pub fn below(&self, below: u32) -> u32 {
        // Numbers past the last whole multiple would make small results likelier.
        let fair = u32::MAX - u32::MAX % below;
        loop {
            let number = u32::from_le_bytes(self.bytes());
            if number < fair {
                return number % below;
            }
        }
    }
}

fn next(sequence: &Mutex<Sequence>) -> [u8; 32] {
    let mut sequence = sequence.lock().expect("no holder of the sequence panics");
    sequence.1 += 1;
    let mut hash = Sha256::new();
    hash.update(sequence.0.to_le_bytes());
    hash.update(sequence.1.to_le_bytes());
    hash.finalize().into()
}
