//! What tables of slabs charge, as the platform reads them: a fee that falls where more is used, and amounts for
//! which there is no slab. The fee of a service that is made of them is written anew, and must not do the same.

use serde_json::Value as Json;

use super::source::Found;
use crate::report::{Place, Report};

/// Amounts and quantities are counted in ten-thousandths.
const ONE: i128 = 10_000;
/// A last bound that stands for no bound: nothing is as large.
const ENDLESS: i128 = 100_000 * ONE;

/// Says what is wrong with tables of slabs.
pub(super) fn check(found: &Found, report: &mut Report) {
    for (place, row) in found.rows("WCBillingSlab") {
        metered(place, row, report);
    }
    for (place, row) in found.rows("CalculationType") {
        for (key, rules) in row.as_object().into_iter().flatten() {
            for (at, rule) in rules.as_array().into_iter().flatten().enumerate() {
                deviation(&place.at(key).at(at), rule, report);
            }
        }
    }
}

/// A slab of consumption: whole units from one bound to the next, and what each costs.
struct Slab {
    place: Place,
    from: i128,
    to: i128,
    charge: i128,
}

/// Looks where the walk through the slabs of metered water meets an upper bound exactly.
fn metered(place: &Place, row: &Json, report: &mut Report) {
    if !row["connectionType"].as_str().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("metered")) {
        return;
    }
    let Some(slabs) = slabs(place, row) else { return };
    let least = scaled(&row["minimumCharge"]).unwrap_or_default();
    let building = row["buildingType"].as_str().unwrap_or_default();
    let mut held = 0;
    for slab in &slabs {
        let units = held + slab.to;
        held += slab.to - slab.from;
        let (fewer, more) = (walked(&slabs, units, least), walked(&slabs, units + 1, least));
        if fewer > more {
            let (fewer, more) = (written(fewer), written(more));
            let what = format!(
                "as the platform walks through the slabs of `{building}`, {units} units cost {fewer} and {} cost {more}: \
                 charge in each slab the units that lie in it",
                units + 1
            );
            report.defect("fee-falls", &slab.place, what);
        }
    }
}

/// The slabs of a row, if all of them can be read.
fn slabs(place: &Place, row: &Json) -> Option<Vec<Slab>> {
    let whole = |value: &Json| scaled(value).filter(|number| number % ONE == 0).map(|number| number / ONE);
    let one = |(at, slab): (usize, &Json)| {
        let place = place.at("slabs").at(at);
        Some(Slab { place, from: whole(&slab["from"])?, to: whole(&slab["to"])?, charge: scaled(&slab["charge"])? })
    };
    row["slabs"].as_array()?.iter().enumerate().map(one).collect()
}

/// What so many units cost as the platform reckons it: what is left over is held against the upper bound of each
/// slab, and where the two are equal neither way is taken.
fn walked(slabs: &[Slab], units: i128, least: i128) -> i128 {
    let (mut left, mut charge) = (units, 0);
    for slab in slabs {
        if left > slab.to {
            charge += (slab.to - slab.from) * slab.charge;
            left -= slab.to - slab.from;
        } else if left < slab.to {
            charge += left * slab.charge;
            left = 0;
        }
    }
    charge.max(least)
}

/// Looks for what lies between the slabs of a deviation, or beyond the last: nothing is charged for it.
fn deviation(place: &Place, rule: &Json, report: &mut Report) {
    let Some(slabs) = rule["deviation"].as_array() else { return };
    let of = rule["parameter"].as_str().unwrap_or_default();
    let mut reached = scaled(&rule["tolerancelimit"]).unwrap_or_default();
    for (at, slab) in slabs.iter().enumerate() {
        let (Some(from), Some(to)) = (scaled(&slab["from"]), scaled(&slab["to"])) else { continue };
        if from > reached {
            let between = written(reached + (from - reached) / 2);
            let (reached, from) = (written(reached), written(from));
            let what =
                format!("`{of}` of more than {reached} and less than {from} has no slab: {between} is charged nothing");
            report.defect("slab-gap", &place.at("deviation").at(at).at("from"), what);
        }
        reached = reached.max(to);
    }
    if !slabs.is_empty() && reached < ENDLESS {
        let (last, beyond) = (written(reached), written(reached + ONE));
        let what = format!("`{of}` of more than {last} has no slab: {beyond} is charged nothing");
        report.defect("slab-gap", &place.at("deviation"), what);
    }
}

/// A number in ten-thousandths, if it has no more decimals than that and is not larger than bounds are.
fn scaled(value: &Json) -> Option<i128> {
    let text = match value {
        Json::Number(number) => number.to_string(),
        Json::String(text) => text.trim().to_owned(),
        _ => return None,
    };
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let fits = (1..=12).contains(&whole.len()) && rest.len() <= 4 && digits(whole) && digits(rest);
    fits.then(|| format!("{whole}{rest:0<4}").parse().ok()).flatten()
}

/// Such a number as people write it: `1796.85`.
fn written(number: i128) -> String {
    let text = format!("{}.{:04}", number / ONE, number % ONE);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
