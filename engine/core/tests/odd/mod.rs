//! Inputs that chance makes of known ones, thrown at what reads them. None may break it, take it long or fill the memory.
//!
//! `NOISE` says for how many seconds of the processor each reader is tried; where it says nothing, a few inputs are
//! thrown. `SEED` says which chance it is. What is thrown lies in `target/tmp/TEST.thrown` until it was read, whatever
//! ends the process. Inputs that ever broke a reader are kept below `tests/odd/TEST`, and are thrown first, each time. Both
//! have in their first line which of the known ones they were made of.

#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "a test reads its own files, time and memory")]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use engine::scenario::walk::{Chance as _, Seeded};

use crate::cost::{each_alone, peak, used};

/// What is read: what it is called, and what it says.
pub(crate) type Input = (String, Vec<u8>);

/// The most that reading one may take of the processor.
const LONGEST: Duration = Duration::from_secs(if cfg!(debug_assertions) { 20 } else { 2 });
/// Where nothing was read for so long, something hangs.
const HANGS: Duration = Duration::from_mins(1);
/// The most memory of the whole process, in kB; where it had most of that before anything was thrown, a quarter more.
const MEMORY: u64 = 256 << 10;
/// Octets of an input.
const LARGEST: usize = 256 << 10;
/// Changes that are made to a known input, one after the other, at the most.
const CHANGES: usize = 8;

/// Throws inputs at `one`, in a process of their own: what is known, and what chance makes of it and of `words`. `test` is
/// the test that calls, with its modules; `few` says how many are made where nobody asks for more.
pub(crate) fn throw(
    (test, few): (&str, u64),
    known: &dyn Fn() -> Vec<Input>,
    words: &[&[u8]],
    one: &dyn Fn(&str, &[u8]),
) {
    each_alone(test, "THROWN", std::iter::once(test), |_| {
        let known = known();
        let turns = Arc::new(AtomicU64::new(0));
        watch(Arc::clone(&turns));
        let short = test.rsplit("::").next().unwrap();
        let under_way = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{short}.thrown"));
        let had = peak();
        let read = |(name, input): &Input| {
            std::fs::write(&under_way, [name.as_bytes(), &b"\n"[..], input.as_slice()].concat()).unwrap();
            let started = used();
            one(name, input);
            let took = used().saturating_sub(started);
            turns.fetch_add(1, Ordering::Relaxed);
            assert!(took <= LONGEST, "reading what is in {} took {took:?}", under_way.display());
            let memory = peak();
            assert!(
                memory <= MEMORY.max(had + (64 << 10)),
                "with what is in {} it had {memory} kB",
                under_way.display()
            );
        };
        kept(short).iter().chain(&known).for_each(&read);
        let mut chance = Seeded(asked("SEED").unwrap_or(1));
        let (begun, long) = (used(), asked("NOISE").map(Duration::from_secs));
        let mut made = 0;
        while long.map_or(made < few, |long| used().saturating_sub(begun) < long) {
            read(&changed(&mut chance, &known, words));
            made += 1;
        }
        std::fs::remove_file(&under_way).unwrap();
    });
}

fn asked(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// Ends the process where nothing is read any more.
fn watch(turns: Arc<AtomicU64>) {
    std::thread::spawn(move || {
        let mut before = u64::MAX;
        loop {
            std::thread::sleep(HANGS);
            let now = turns.load(Ordering::Relaxed);
            if now == before {
                eprintln!("nothing was read for {HANGS:?}");
                std::process::abort();
            }
            before = now;
        }
    });
}

/// What ever broke the reader of this test.
fn kept(test: &str) -> Vec<Input> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/odd").join(test);
    let Ok(entries) = std::fs::read_dir(&folder) else { return Vec::new() };
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        let written = std::fs::read(path).unwrap();
        let end = written.iter().position(|octet| *octet == b'\n').unwrap();
        (String::from_utf8(written[..end].to_vec()).unwrap(), written[end + 1..].to_vec())
    };
    paths.iter().map(read).collect()
}

/// A number below `limit`; 0 where that is 0.
pub(crate) fn below(chance: &mut Seeded, limit: usize) -> usize {
    usize::try_from(chance.below(limit as u64)).unwrap()
}

/// One of several.
pub(crate) fn pick<'a, T>(chance: &mut Seeded, from: &'a [T]) -> &'a T {
    &from[below(chance, from.len())]
}

/// A known input after some changes.
fn changed(chance: &mut Seeded, known: &[Input], words: &[&[u8]]) -> Input {
    let (name, input) = pick(chance, known);
    let mut input = input.clone();
    for _ in 0..=below(chance, CHANGES) {
        change(chance, &mut input, (known, words));
        input.truncate(LARGEST);
    }
    (name.clone(), input)
}

fn change(chance: &mut Seeded, input: &mut Vec<u8>, (known, words): (&[Input], &[&[u8]])) {
    let (from, to) = part(chance, input.len());
    match below(chance, 8) {
        0 if from < input.len() => input[from] ^= 1_u8 << below(chance, 8),
        1 => drop(input.drain(from..to)),
        2 => {
            let again = input[from..to].to_vec();
            put(input, (to, to), &again);
        }
        3 => {
            let other = &pick(chance, known).1;
            let (begin, end) = part(chance, other.len());
            put(input, (from, to), &other[begin..end]);
        }
        4 => {
            let mut noise = Vec::new();
            for _ in 0..below(chance, 20) {
                noise.push(u8::try_from(below(chance, 256)).unwrap());
            }
            put(input, (from, to), &noise);
        }
        5 => {
            let word = pick(chance, words);
            let many = word.repeat(below(chance, 300));
            put(input, (from, from), &many);
        }
        6 => put(input, (from, to), pick::<&[u8]>(chance, words)),
        _ => put(input, (from, from), pick::<&[u8]>(chance, words)),
    }
}

/// A short part of so many octets.
fn part(chance: &mut Seeded, length: usize) -> (usize, usize) {
    let from = below(chance, length + 1);
    (from, from + below(chance, (length - from).min(64) + 1))
}

fn put(input: &mut Vec<u8>, (from, to): (usize, usize), part: &[u8]) {
    drop(input.splice(from..to, part.iter().copied()));
}
