//! What hostile and careless files cost: a diagnostic each, within half a second and 64 MB, never
//! a guess and never a panic. Every trap runs in a process of its own, so that its memory is its own.

#![allow(clippy::format_collect, reason = "readable beats fast in a test")]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::format_push_string,
    reason = "a test reads its own files, its own time and memory"
)]

mod cost;
mod folder;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use cost::{each_alone, peak, used};
use engine::service;
use engine::source::{Bundle, Severity};

/// The most time for checking and printing, of the processor's own, so that a busy machine makes no
/// difference. Without optimisation everything takes up to ten times as long.
const TIME: Duration = Duration::from_millis(if cfg!(debug_assertions) { 5_000 } else { 500 });
/// The most memory of the whole process, in kB.
const MEMORY: u64 = 64 << 10;
/// The file that is replaced by the trap, unless the trap says another.
const FILE: &str = "stall-permit/service.yaml";

struct Trap {
    name: &'static str,
    code: &'static str,
    file: &'static str,
    make: fn() -> Arc<[u8]>,
}

const fn trap(name: &'static str, code: &'static str, make: fn() -> Arc<[u8]>) -> Trap {
    Trap { name, code, file: FILE, make }
}

fn title(words: &str) -> Arc<[u8]> {
    let head =
        "format: 1\ndepartment: Markets\nnumber: SP/{tenant}/{fy}/{serial:6}\nroles: { inspector: I, officer: O }\n";
    Arc::from(format!("{head}title: {words}\n").into_bytes())
}

fn text(text: impl Into<String>) -> Arc<[u8]> {
    Arc::from(text.into().into_bytes())
}

fn rate(words: &str) -> Arc<[u8]> {
    text(format!("- from: 2026-04-01\n  authority: A\n  permit_fee: {{ fixed: {words}, moving: 300 }}\n"))
}

fn bomb() -> Arc<[u8]> {
    let mut bomb = String::from("a: &a [x, x, x, x, x, x, x, x, x]\n");
    for (name, last) in "bcdefghi".chars().zip("abcdefgh".chars()) {
        bomb.push_str(&format!("{name}: &{name} [{}]\n", vec![format!("*{last}"); 9].join(", ")));
    }
    text(bomb)
}

const TRAPS: &[Trap] = &[
    trap("no", "ambiguous-scalar", || title("no")),
    trap("010", "ambiguous-scalar", || title("010")),
    trap("1.10", "ambiguous-scalar", || title("1.10")),
    trap("12:30", "ambiguous-scalar", || title("12:30")),
    trap("a day", "ambiguous-scalar", || title("2026-04-01")),
    trap("nothing", "ambiguous-scalar", || title("~")),
    trap("0x1F", "ambiguous-scalar", || title("0x1F")),
    trap("1e3", "ambiguous-scalar", || title("1e3")),
    trap("twenty digits for words", "ambiguous-scalar", || title("12345678901234567890")),
    trap("twenty digits for a number", "wrong-shape", || text("format: 12345678901234567890\n")),
    Trap { name: "010 for a rate", code: "ambiguous-scalar", file: "stall-permit/rates.yaml", make: || rate("010") },
    Trap {
        name: "12:30 for a rate",
        code: "ambiguous-scalar",
        file: "stall-permit/rates.yaml",
        make: || rate("12:30"),
    },
    Trap {
        name: "thirty digits for a rate",
        code: "ambiguous-scalar",
        file: "stall-permit/rates.yaml",
        make: || rate("123456789012345678901234567890"),
    },
    Trap { name: "1e3 for a rate", code: "ambiguous-scalar", file: "stall-permit/rates.yaml", make: || rate("1e3") },
    trap("duplicate keys", "duplicate-key", || text("format: 1\ntitle: A\ntitle: B\n")),
    trap("an alias bomb", "unsupported-yaml", bomb),
    trap("20,000 lists in each other", "too-large", || text("[".repeat(20_000))),
    trap("20,000 closed lists in each other", "too-large", || {
        text(format!("title: {}{}\n", "[".repeat(20_000), "]".repeat(20_000)))
    }),
    trap("20,000 maps in each other", "too-large", || text("{a: ".repeat(20_000))),
    trap("20,000 dashes in each other", "too-large", || text("- ".repeat(20_000))),
    trap("20,000 question marks", "unsupported-yaml", || text("? ".repeat(20_000))),
    trap("a tab", "broken-yaml", || text("roles:\n\tofficer: Officer\n")),
    trap("a mark at the beginning", "unsupported-yaml", || text("\u{feff}format: 1\n")),
    trap("invalid UTF-8", "not-utf8", || Arc::from(&b"title: Caf\xe9\n"[..])),
    trap("half a character", "not-utf8", || Arc::from(&b"title: \xe0\xa4"[..])),
    trap("a zero byte", "broken-yaml", || text("title: a\0b\n")),
    trap("50 MB", "too-large", || std::iter::repeat_n(b'x', 50 << 20).collect()),
    trap("a million keys", "too-large", || {
        (0..1_000_000).flat_map(|n: u32| format!("k{n}: 1\n").into_bytes()).collect::<Vec<u8>>().into()
    }),
    trap("as many keys as a file can hold", "too-large", || {
        text((0..100_000).map(|n| format!("k{n}: 1\n")).collect::<String>())
    }),
    trap("20,000 keys that mean nothing", "unknown-key", || {
        text((0..20_000).map(|n| format!("k{n}: 1\n")).collect::<String>())
    }),
    trap("20,000 times the same key", "duplicate-key", || text("title: A\n".repeat(20_000))),
    trap("a line of a megabyte", "unknown-key", || text(format!("titel: {}\n", "x".repeat(1_000_000)))),
    trap("a megabyte of Hindi in a line", "unknown-key", || text(format!("titel: {}\n", "क्षि".repeat(80_000)))),
    trap("a quote that is never closed", "broken-yaml", || text(format!("title: \"{}", "x\n".repeat(400_000)))),
    trap("a megabyte of remarks", "broken-yaml", || text("# x\n".repeat(250_000))),
    trap("100,000 anchors", "unsupported-yaml", || text("- &a x\n".repeat(100_000))),
    trap("100,000 documents", "unsupported-yaml", || text("--- x\n".repeat(100_000))),
];

/// One trap, in a process that [`traps`] started for it.
fn spring(trap: &Trap) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/checks/base");
    let mut bundle = Bundle::default();
    folder::lay(&mut bundle, &root);
    bundle.add(trap.file, (trap.make)());
    let made = peak();
    let started = used();
    let (_, found) = service::load(&bundle);
    let printed = found.render(&bundle, "");
    let took = used().saturating_sub(started);
    let (printed, memory) = (printed.len(), peak());
    assert!(
        found.0.iter().any(|d| d.code == trap.code && d.severity == Severity::Error && &*d.at.file == trap.file),
        "{}",
        found.render(&bundle, "")
    );
    assert!(took <= TIME, "took {took:?}, and printed {printed} bytes");
    assert!(memory <= MEMORY.max(made + (8 << 10)), "{memory} kB, of which {made} kB to make the file");
}

#[test]
fn def_01_def_02_def_03_traps_cost_little() {
    let names = TRAPS.iter().map(|trap| trap.name);
    each_alone("def_01_def_02_def_03_traps_cost_little", "TRAP", names, |name| {
        spring(TRAPS.iter().find(|trap| trap.name == name).unwrap());
    });
}
