//! Random laws of the kind that columns are for: sums, tables, percentages and roundings over the
//! units of a case; and answers of the usual size, with an odd one among them.

use std::fmt::Write;

use engine::rule::Facts;
use rhai::Dynamic;

use crate::chance::Chance;
use crate::support::{facts, number};

/// A law.
pub(crate) fn law(chance: Chance<'_>) -> String {
    let mut law = Law { chance, unit: false, names: Vec::new() };
    let mut text = String::from(
        "fn share(x, rates) {\n    percent(x, rates.half)\n}\nfn fees(answers, rates) {\n    let total = 0;\n",
    );
    for place in 0..=law.chance.below(2) {
        let value = law.number(2);
        let _ = writeln!(text, "    let v{place} = {value};");
        law.names.push(format!("v{place}"));
    }
    text += "    for unit in answers.units {\n";
    law.unit = true;
    let (value, condition) = (law.number(2), law.flag(1));
    law.names.push("value".to_owned());
    let (then, more) = (law.number(1), law.number(1));
    let _ = write!(
        text,
        "        let value = {value};\n        if {condition} {{ value = {then}; }}\n        total += value;\n        total = at_most(total, {more} + 1000000);\n    }}\n"
    );
    law.names.truncate(law.names.len() - 1);
    law.names.push("total".to_owned());
    law.unit = false;
    let heads = [law.number(2), law.number(2)];
    let _ = write!(
        text,
        "    #{{ application_fee: round_up(total, 2), license_fee: {}, late_fee: {} }}\n}}\n",
        heads[0], heads[1]
    );
    text
}

struct Law<'a> {
    chance: Chance<'a>,
    unit: bool,
    names: Vec<String>,
}

impl Law<'_> {
    fn number(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self.plain();
        }
        let next = depth - 1;
        match self.chance.below(12) {
            0 | 1 => self.plain(),
            2 | 3 => format!("({} {} {})", self.number(next), self.chance.one(&["+", "-", "*"]), self.number(next)),
            4 => format!(
                "{}({}, {})",
                self.chance.one(&["round_up", "round_down", "round_half_up"]),
                self.number(next),
                self.chance.below(4)
            ),
            5 => format!("percent({}, {})", self.number(next), self.chance.one(&["12.5", "rates.half", "-40", "7"])),
            6 => format!("{}({}, {})", self.chance.one(&["at_least", "at_most"]), self.number(next), self.number(next)),
            7 => format!("(if {} {{ {} }} else {{ {} }})", self.flag(next), self.number(next), self.number(next)),
            8 => {
                let trade = if self.unit { "unit.trade" } else { "answers.trade" };
                let given = self.chance.one(&["amount", "share"]);
                format!("lookup(rates.trade_fee, #{{ trade: {trade}, quantity: {} }}).{given}", self.number(next))
            }
            9 => format!("({} / {})", self.number(next), self.chance.one(&["100", "8", "0.5", "-2.5"])),
            10 => format!(
                "(switch answers.trade_kind {{ \"shop\" => {}, \"eatery\" => {}, _ => 3 }})",
                self.number(next),
                self.number(next)
            ),
            _ => format!("share({}, rates)", self.number(next)),
        }
    }

    fn plain(&mut self) -> String {
        match self.chance.below(7) {
            0 => self.chance.one(&["1", "12", "0.8", "2.50", "-3", "0"]).to_owned(),
            1 => "answers.employees".to_owned(),
            2 => "answers.area".to_owned(),
            3 => self.chance.one(&["rates.per_employee", "rates.application_fee", "year(today)"]).to_owned(),
            4 if self.unit => "unit.quantity".to_owned(),
            _ => self
                .chance
                .below(8)
                .checked_rem(self.names.len())
                .map_or_else(|| "answers.area".to_owned(), |at| self.names[at].clone()),
        }
    }

    fn flag(&mut self, depth: usize) -> String {
        match self.chance.below(6) {
            0 => "answers.own_premises".to_owned(),
            1 => self
                .chance
                .one(&[
                    "answers.trade_kind == \"shop\"",
                    "rates.together == \"sum\"",
                    "answers.area == ()",
                    "!answers.own_premises",
                ])
                .to_owned(),
            2 => format!(
                "({} && {})",
                self.flag(depth.saturating_sub(1)),
                self.chance.one(&["answers.area > 3", "answers.own_premises"])
            ),
            3 => format!(
                "(answers.area != () || {})",
                self.chance.one(&["answers.employees > 3", "answers.own_premises == false"])
            ),
            _ => format!(
                "{} {} {}",
                self.number(depth.min(1)),
                self.chance.one(&["<", "<=", ">", ">=", "==", "!="]),
                self.number(0)
            ),
        }
    }
}

/// Answers of the usual size; sometimes one is missing, too large or too fine.
pub(crate) fn plain_answers(chance: &mut Chance<'_>) -> Facts {
    let decimal = |chance: &mut Chance<'_>| {
        let all = [
            "0", "1", "12.5", "100.00", "99.99", "1000", "0.05", "250.75", "-3.25", "20000000", "0.001", "7.10",
            "19.99", "20.00",
        ];
        Dynamic::from_decimal(number(all[chance.below(all.len())]))
    };
    let mut made: Vec<(&str, Dynamic)> = vec![
        ("trade_kind", chance.one(&["shop", "eatery", "workshop"]).to_owned().into()),
        ("employees", [0_i64, 1, 2, 19, 20, 21, 150, -1][chance.below(8)].into()),
        ("own_premises", (chance.below(2) == 0).into()),
        ("trade", chance.one(&["TAILOR", "BAKERY", "DAIRY"]).to_owned().into()),
        ("area", decimal(chance)),
    ];
    let unit = |chance: &mut Chance<'_>| {
        let trade = chance.one(&["TAILOR", "BAKERY", "DAIRY"]).to_owned();
        let quantity = if chance.below(20) == 19 { Dynamic::UNIT } else { decimal(chance) };
        Dynamic::from_map(facts(&[("trade", trade.into()), ("quantity", quantity)]))
    };
    let units: Vec<Dynamic> = (0..chance.below(5)).map(|_| unit(chance)).collect();
    made.push(("units", Dynamic::from_array(units)));
    if chance.below(10) == 9 {
        drop(made.remove(chance.below(6)));
    }
    facts(&made)
}
