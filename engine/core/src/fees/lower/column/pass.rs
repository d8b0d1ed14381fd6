//! Passes over columns: plain loops that the compiler can make the most of.

use super::super::program::Rounding;
use super::number;
use super::operation::Pair;

/// Where a pass takes its numbers from.
#[derive(Clone, Copy)]
pub(super) enum Take<'a> {
    Narrow(&'a [i64]),
    Wide(&'a [i128]),
    Same(i64),
    SameWide(i128),
}

impl Take<'_> {
    /// The number of a lane.
    #[inline]
    pub(super) fn at(self, lane: usize) -> i128 {
        match self {
            Self::Narrow(column) => i128::from(column[lane]),
            Self::Wide(column) => column[lane],
            Self::Same(value) => i128::from(value),
            Self::SameWide(value) => value,
        }
    }
}

#[inline]
pub(super) fn one(from: &[i64], to: &mut [i64], lanes: usize, f: impl Fn(i64) -> i64) {
    for (to, x) in to[..lanes].iter_mut().zip(&from[..lanes]) {
        *to = f(*x);
    }
}

#[inline]
pub(super) fn two(x: &[i64], y: &[i64], to: &mut [i64], lanes: usize, f: impl Fn(i64, i64) -> i64) {
    for ((to, x), y) in to[..lanes].iter_mut().zip(&x[..lanes]).zip(&y[..lanes]) {
        *to = f(*x, *y);
    }
}

/// Numbers of 64 bits. Cases that were left may hold anything, so nothing is checked here: what
/// counts was proven.
pub(super) fn pair(pair: Pair, x: Take<'_>, y: Take<'_>, to: &mut [i64], lanes: usize) {
    match pair {
        Pair::Add => narrow(x, y, to, lanes, i64::wrapping_add),
        Pair::Subtract => narrow(x, y, to, lanes, i64::wrapping_sub),
        Pair::Multiply => narrow(x, y, to, lanes, i64::wrapping_mul),
        Pair::Larger => narrow(x, y, to, lanes, i64::max),
        Pair::Smaller => narrow(x, y, to, lanes, i64::min),
    }
}

#[inline]
fn narrow(x: Take<'_>, y: Take<'_>, to: &mut [i64], lanes: usize, f: impl Fn(i64, i64) -> i64) {
    match (x, y) {
        (Take::Narrow(x), Take::Narrow(y)) => two(x, y, to, lanes, f),
        (Take::Narrow(x), Take::Same(y)) => one(x, to, lanes, |x| f(x, y)),
        (Take::Same(x), Take::Narrow(y)) => one(y, to, lanes, |y| f(x, y)),
        (x, y) => {
            for (lane, to) in to[..lanes].iter_mut().enumerate() {
                *to = f(low(x.at(lane)), low(y.at(lane)));
            }
        }
    }
}

/// The last 64 bits: all that there is of a number that was proven to fit.
#[expect(clippy::cast_possible_truncation, reason = "numbers that count were proven to fit")]
fn low(wide: i128) -> i64 {
    wide as i64
}

/// Numbers of 128 bits.
pub(super) fn pair_wide(pair: Pair, x: Take<'_>, y: Take<'_>, to: &mut [i128], lanes: usize) {
    match (pair, x, y) {
        (Pair::Multiply, Take::Narrow(x), Take::Same(y)) => wide(x, to, lanes, |x| i128::from(x) * i128::from(y)),
        (Pair::Multiply, Take::Narrow(x), Take::Narrow(y)) => {
            for ((to, x), y) in to[..lanes].iter_mut().zip(&x[..lanes]).zip(&y[..lanes]) {
                *to = i128::from(*x) * i128::from(*y);
            }
        }
        (Pair::Add, x, y) => each(x, y, to, lanes, i128::wrapping_add),
        (Pair::Subtract, x, y) => each(x, y, to, lanes, i128::wrapping_sub),
        (Pair::Multiply, x, y) => each(x, y, to, lanes, i128::wrapping_mul),
        (Pair::Larger, x, y) => each(x, y, to, lanes, i128::max),
        (Pair::Smaller, x, y) => each(x, y, to, lanes, i128::min),
    }
}

#[inline]
fn wide(x: &[i64], to: &mut [i128], lanes: usize, f: impl Fn(i64) -> i128) {
    for (to, x) in to[..lanes].iter_mut().zip(&x[..lanes]) {
        *to = f(*x);
    }
}

#[inline]
fn each(x: Take<'_>, y: Take<'_>, to: &mut [i128], lanes: usize, f: impl Fn(i128, i128) -> i128) {
    match (x, y) {
        (Take::Wide(x), Take::Wide(y)) => {
            for ((to, x), y) in to[..lanes].iter_mut().zip(&x[..lanes]).zip(&y[..lanes]) {
                *to = f(*x, *y);
            }
        }
        (Take::Wide(x), Take::Same(y)) => {
            for (to, x) in to[..lanes].iter_mut().zip(&x[..lanes]) {
                *to = f(*x, i128::from(y));
            }
        }
        (x, y) => {
            for (lane, to) in to[..lanes].iter_mut().enumerate() {
                *to = f(x.at(lane), y.at(lane));
            }
        }
    }
}

pub(super) fn select(flag: &[i64], then: Take<'_>, otherwise: Take<'_>, to: &mut [i64], lanes: usize) {
    for (lane, (to, flag)) in to[..lanes].iter_mut().zip(&flag[..lanes]).enumerate() {
        *to = low(if *flag != 0 { then.at(lane) } else { otherwise.at(lane) });
    }
}

pub(super) fn select_wide(flag: &[i64], then: Take<'_>, otherwise: Take<'_>, to: &mut [i128], lanes: usize) {
    for (lane, (to, flag)) in to[..lanes].iter_mut().zip(&flag[..lanes]).enumerate() {
        *to = if *flag != 0 { then.at(lane) } else { otherwise.at(lane) };
    }
}

/// Takes digits off, into 64 bits. The usual numbers of digits are known to the compiler, which
/// then need not divide.
pub(super) fn round(rounding: Rounding, of: Take<'_>, digits: u32, to: &mut [i64], lanes: usize) {
    macro_rules! known {
        ($($digits:literal)*) => {
            match digits {
                $($digits => off(rounding, of, to, lanes, || const { 10_i64.pow($digits) }),)*
                _ => off(rounding, of, to, lanes, || 10_i64.pow(digits)),
            }
        };
    }
    known!(1 2 3 4 5 6 7 8 9 10);
}

fn off(rounding: Rounding, of: Take<'_>, to: &mut [i64], lanes: usize, by: impl Fn() -> i64) {
    let by = by();
    match (rounding, of) {
        (Rounding::Up, Take::Narrow(from)) => one(from, to, lanes, |x| x / by + i64::from(x % by > 0)),
        (Rounding::Down, Take::Narrow(from)) => one(from, to, lanes, |x| x / by - i64::from(x % by < 0)),
        (Rounding::HalfUp, Take::Narrow(from)) => {
            let half = by / 2;
            one(from, to, lanes, |x| {
                let rest = x % by;
                x / by + i64::from(rest >= half) - i64::from(rest <= -half)
            });
        }
        (rounding, of) => {
            for (lane, to) in to[..lanes].iter_mut().enumerate() {
                let x = of.at(lane);
                *to = match i64::try_from(x) {
                    Ok(x) => {
                        let (whole, rest, half) = (x / by, x % by, by / 2);
                        match rounding {
                            Rounding::Up => whole + i64::from(rest > 0),
                            Rounding::Down => whole - i64::from(rest < 0),
                            Rounding::HalfUp => whole + i64::from(rest >= half) - i64::from(rest <= -half),
                        }
                    }
                    Err(_) => low(number::round(rounding, x, i128::from(by))),
                };
            }
        }
    }
}

pub(super) fn round_wide(rounding: Rounding, of: Take<'_>, digits: u32, to: &mut [i128], lanes: usize) {
    let by = 10_i128.pow(digits);
    for (lane, to) in to[..lanes].iter_mut().enumerate() {
        *to = number::round(rounding, of.at(lane), by);
    }
}
