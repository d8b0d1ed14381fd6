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

tokio::task_local! {
    /// Set within [`apart`].
    static OWN: Own;
}

/// A time and a sequence that only one task goes by.
struct Own {
    now_ms: AtomicI64,
    sequence: Mutex<Sequence>,
}

/// Runs `task` with a time and a sequence of its own, in place of those that were given to
/// [`Clock::Set`] and [`Chance::Seeded`]: so several invented histories go on side by side, and
/// each is the same on every run. The machine's own are as they are.
pub async fn apart<T>(now_ms: i64, seed: u64, task: impl Future<Output = T>) -> T {
    OWN.scope(Own { now_ms: AtomicI64::new(now_ms), sequence: Mutex::new(Sequence(seed, 0)) }, task).await
}

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
            Self::Set(ms) => {
                OWN.try_with(|own| own.now_ms.load(Ordering::Relaxed)).unwrap_or_else(|_| ms.load(Ordering::Relaxed))
            }
        }
    }

    /// The present, where the tenant is.
    pub fn now(&self, tenant: &Tenant) -> Moment {
        Moment::new(self.now_ms(), tenant.calendar.offset_minutes)
    }

    /// Puts a clock that stands to `ms`; the machine's own goes its way.
    pub fn set(&self, ms: i64) {
        if let Self::Set(now) = self
            && OWN.try_with(|own| own.now_ms.store(ms, Ordering::Relaxed)).is_err()
        {
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
                    let drawn = OWN.try_with(|own| next(&own.sequence)).unwrap_or_else(|_| next(sequence));
                    piece.copy_from_slice(&drawn[..piece.len()]);
                }
            }
        }
        bytes
    }

    /// A key of 128 bits in letters and digits, for rows and addresses.
    pub fn id(&self) -> String {
        crate::auth::token::base32(&self.bytes::<16>())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_again_and_never_the_same_twice() {
        let (one, two) = (Chance::seeded(7), Chance::seeded(7));
        assert_eq!(one.id(), two.id());
        assert_ne!(one.id(), one.id());
        assert_ne!(Chance::seeded(8).id(), Chance::seeded(7).id());
    }

    #[tokio::test]
    async fn what_goes_on_apart_has_its_own_time_and_chance() {
        let (clock, chance) = (Clock::at(1), Chance::seeded(1));
        let told = || async {
            let first = (clock.now_ms(), chance.id());
            clock.set(clock.now_ms() + 5);
            tokio::task::yield_now().await;
            (first, clock.now_ms(), chance.id())
        };
        let (one, two) = tokio::join!(apart(10, 7, told()), apart(20, 7, told()));
        assert_eq!((one.0.0, one.1, two.0.0, two.1), (10, 15, 20, 25));
        assert_eq!((&one.0.1, &one.2), (&two.0.1, &two.2), "the same seed gives the same, whatever goes on beside it");
        assert_eq!(clock.now_ms(), 1, "the time outside stands where it stood");
        assert_eq!(chance.id(), Chance::seeded(1).id(), "nothing outside was drawn");
    }

    #[test]
    fn digits_are_uniform() {
        // 99.9 % of fair sequences stay below 27.88 (chi-square, nine degrees of freedom).
        let chance = Chance::seeded(1);
        let mut seen = [0_i64; 10];
        for _ in 0..100_000 {
            seen[chance.below(10) as usize] += 1;
        }
        let scaled: i64 = seen.iter().map(|count| (count - 10_000) * (count - 10_000)).sum();
        assert!(scaled < 278_800, "{seen:?}");
    }
}
