//! Rules that chance makes of others are refused, stopped or reckoned, within the limits of the sandbox.

use crate::chance::{Chance, RATES, answers, rules};
use crate::odd::{Input, throw};
use crate::support::{compile, run, schedule};

/// What means something in rules.
const SIGNS: &[&[u8]] = &[
    b"\n",
    b";",
    b"{",
    b"}",
    b"(",
    b")",
    b"[",
    b"]",
    b"#{ ",
    b"|x| ",
    b"let x = ",
    b"if true ",
    b"else ",
    b"while true { ",
    b"loop { ",
    b"for i in 0..9223372036854775807 { ",
    b"switch x { ",
    b"=> ",
    b"_ => 0, ",
    b"fn f(x) { f(x) } ",
    b"eval(\"1\")",
    b"import \"x\" as y;",
    b"this",
    b"throw 1;",
    b"try { ",
    b"} catch { ",
    b"return;",
    b"sum(",
    b"count(",
    b"max(",
    b"text(",
    b".push(1)",
    b".sort(|a, b| loop {})",
    b"answers.",
    b"rates.",
    b"answers.units",
    b" + ",
    b" * ",
    b" / 0",
    b" % ",
    b"**",
    b"..",
    b"-9223372036854775808",
    b"0.0000000000000000000000000001",
    b"79228162514264337593543950335",
    b"\"",
    b"`${",
    b"}`",
    b"//",
    b"/*",
    b"\0",
    "क\u{202e}".as_bytes(),
];

/// Rules as the other tests make them.
fn known() -> Vec<Input> {
    (0..40_u32).map(made).collect()
}

fn made(seed: u32) -> Input {
    let number = |at: u32| seed.wrapping_mul(1_000).wrapping_add(at).wrapping_mul(2_654_435_761) >> 7;
    let numbers: Vec<u32> = (0..200).map(number).collect();
    ("rules".to_owned(), rules(Chance(numbers.iter())).into_bytes())
}

#[test]
fn def_04_whatever_a_rule_says_is_refused_stopped_or_reckoned() {
    let given: Vec<u32> = (1..200).collect();
    let facts = answers(&mut Chance(given.iter()));
    let rates = schedule(RATES);
    throw(("noise::def_04_whatever_a_rule_says_is_refused_stopped_or_reckoned", 300), &known, SIGNS, &|_, input| {
        let Ok(text) = std::str::from_utf8(input) else { return };
        let Ok(fees) = compile(&rates, text) else { return };
        let _ = std::hint::black_box(run(&fees, &facts));
    });
}
