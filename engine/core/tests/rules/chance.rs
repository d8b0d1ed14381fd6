//! Random rules of the allowed subset, and random answers, made from a row of numbers: proptest
//! shrinks the row, and with it the rule.

use std::fmt::Write;

use engine::rule::Facts;
use rhai::Dynamic;

use crate::support::{day, facts, number};

/// Rates that random rules speak of.
pub(crate) const RATES: &str = "\
application_fee: 150
license_fee: { shop: 1000, eatery: 2500.5, workshop: 4000 }
per_employee: 25.75
together: sum
half: 0.5
trade_fee:
  keys: { trade: trades, quantity: from <= x < to }
  gives: { basis: [flat, per_unit], amount: rupees, share: percent }
  rows:
    - { trade: FOOD, quantity: 0 to 20, basis: flat, amount: 500.25, share: 12.5 }
    - { trade: FOOD, quantity: 20 to open, basis: per_unit, amount: 30, share: 7 }
    - { trade: TAILOR, basis: per_unit, amount: 12.25, share: 3.3 }
slabs:
  keys: { area: from < x <= to }
  over: { area: 0 to open }
  gives: { rate: percent }
  rows:
    - { area: 0 to 100, rate: 5 }
    - { area: 100 to 1000, rate: 7.5 }
    - { area: 1000 to open, rate: 10.25 }
";

/// Numbers that choices are taken from; when they are used up, the first choice is taken.
pub(crate) struct Chance<'a>(pub(crate) std::slice::Iter<'a, u32>);

impl Chance<'_> {
    pub(crate) fn below(&mut self, many: usize) -> usize {
        self.0.next().map_or(0, |number| *number as usize % many)
    }

    pub(crate) fn one<'b>(&mut self, of: &[&'b str]) -> &'b str {
        of[self.below(of.len())]
    }
}

/// A rule in the making.
pub(crate) struct Rule<'a> {
    pub(crate) chance: Chance<'a>,
    text: String,
    /// Variables that hold numbers, and whether a loop over units is around.
    numbers: Vec<String>,
    unit: bool,
    made: usize,
    /// Whether functions may be called: not from within one.
    calls: bool,
}

/// A whole file of rules.
pub(crate) fn rules(chance: Chance<'_>) -> String {
    let mut rule = Rule { chance, text: String::new(), numbers: Vec::new(), unit: false, made: 0, calls: false };
    let (body, given) = rule.function(&["x", "y"]);
    let (alone, alone_gives) = rule.function(&["x"]);
    rule.calls = true;
    rule.numbers.clear();
    for _ in 0..=rule.chance.below(4) {
        rule.statement(2);
    }
    let mut fees = std::mem::take(&mut rule.text);
    let heads = [rule.number(3), rule.number(2), rule.number(2)];
    let _ = write!(fees, "#{{ application_fee: {}, license_fee: {}, late_fee: {} }}", heads[0], heads[1], heads[2]);
    let units = "fn each(units) {\n    let all = [];\n    for unit in units { if unit.quantity > 3 { all.push(unit.quantity * 2); } else { all.push(0.5); } }\n    all\n}\n";
    let basis =
        "fn basis(row, x) {\n    switch row.basis { \"flat\" => row.amount, \"per_unit\" => row.amount * x }\n}\n";
    format!(
        "fn pair(x, y, answers, rates) {{\n{body}{given}\n}}\nfn alone(x, answers, rates) {{\n{alone}{alone_gives}\n}}\n{units}{basis}fn fees(answers, rates) {{\n{fees}\n}}\n"
    )
}

impl Rule<'_> {
    fn function(&mut self, params: &[&str]) -> (String, String) {
        self.numbers = params.iter().map(|name| (*name).to_owned()).collect();
        for _ in 0..self.chance.below(2) {
            self.statement(1);
        }
        (std::mem::take(&mut self.text), self.number(2))
    }

    fn say(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn name(&mut self) -> String {
        self.made += 1;
        format!("v{}", self.made)
    }

    fn variable(&mut self) -> Option<String> {
        let many = self.numbers.len();
        if many == 0 { None } else { Some(self.numbers[self.chance.below(many)].clone()) }
    }

    fn statement(&mut self, depth: usize) {
        match self.chance.below(if depth == 0 { 4 } else { 10 }) {
            0 | 1 => {
                let (value, name) = (self.number(depth + 1), self.name());
                self.say(&format!("let {name} = {value};"));
                self.numbers.push(name);
            }
            2 => {
                let Some(name) = self.variable() else { return };
                let (sign, value) = (self.chance.one(&["=", "+=", "-=", "*=", "/=", "%="]), self.number(depth));
                self.say(&format!("{name} {sign} {value};"));
            }
            3 => {
                let (list, name, value) = (self.name(), self.name(), self.number(depth));
                let of = self.chance.one(&["sum", "average", "max", "min", "count", "len"]);
                self.say(&format!(
                    "let {list} = [];\n{list}.push({value});\n{list}.push(2);\nlet {name} = {of}({list});"
                ));
                self.numbers.push(name);
            }
            4 => self.within(depth, &["for unit in answers.units {"], true),
            5 => {
                self.within(depth, &["for i in 0..3 {", "for i in 1..=2 {", "for (unit, i) in answers.units {"], false);
            }
            6 => {
                let condition = self.flag(depth);
                self.within(depth, &[&format!("if {condition} {{")], false);
            }
            7 => {
                let condition = self.flag(depth);
                self.within(depth, &[&format!("if {condition} {{")], false);
                self.within(depth, &["else {"], false);
            }
            8 => {
                let (map, name, value) = (self.name(), self.name(), self.number(depth));
                self.say(&format!("let {map} = #{{ basis: {value} }};\n{map}.basis += 1;\n{map}.amount = {map}.basis;\nlet {name} = {map}.amount;"));
                self.numbers.push(name);
            }
            _ => {
                let (condition, value) = (self.flag(1), self.number(1));
                self.say(&format!("if {condition} {{ return #{{ license_fee: {value} }}; }}"));
            }
        }
    }

    fn within(&mut self, depth: usize, heads: &[&str], unit: bool) {
        let head = self.chance.one(heads).to_owned();
        self.say(&head);
        let (known, outer) = (self.numbers.len(), self.unit);
        self.unit |= unit;
        if head.contains(" i ") {
            self.numbers.push("i".to_owned());
        }
        for _ in 0..=self.chance.below(2) {
            self.statement(depth - 1);
        }
        if head.starts_with("for") && self.chance.below(4) == 0 {
            let (condition, leave) = (self.flag(1), self.chance.one(&["break", "continue"]));
            self.say(&format!("if {condition} {{ {leave}; }}"));
        }
        self.numbers.truncate(known);
        self.unit = outer;
        self.say("}");
    }

    /// A number, as an expression.
    fn number(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self.plain();
        }
        let next = depth - 1;
        match self.chance.below(if self.calls { 22 } else { 20 }) {
            0..=3 => self.plain(),
            12..=15 => self.chosen(next),
            20 | 21 => self.called(next),
            4..=8 => {
                let (x, sign, y) = (self.number(next), self.chance.one(&["+", "-", "*", "/", "%"]), self.number(next));
                format!("({x} {sign} {y})")
            }
            9 => {
                let (condition, x, y) = (self.flag(next), self.number(next), self.number(next));
                format!("(if {condition} {{ {x} }} else {{ {y} }})")
            }
            10 => {
                let of = self.chance.one(&["round_up", "round_down", "round_half_up"]);
                format!("{of}({}, {})", self.number(next), self.chance.below(4))
            }
            11 => {
                let of = self.chance.one(&["percent", "at_least", "at_most", "max", "min"]);
                format!("{of}({}, {})", self.number(next), self.number(next))
            }
            16 => format!("-{}", self.number(next)),
            17 => format!(
                "{}({})",
                self.chance.one(&["sum", "average", "max", "min"]),
                self.chance.one(&[
                    "pluck(answers.units, \"quantity\")",
                    "[1, 2.5, answers.employees]",
                    "[answers.area]"
                ])
            ),
            18 => format!("(answers.{} ?? {})", self.chance.one(&["employees", "area"]), self.number(next)),
            _ => format!("{}({}, {})", self.chance.one(&["years_between", "days_between"]), self.day(), self.day()),
        }
    }

    /// A number that tables or cases give.
    fn chosen(&mut self, next: usize) -> String {
        match self.chance.below(4) {
            0 => format!(
                "lookup(rates.trade_fee, #{{ trade: {}, quantity: {} }}).{}",
                self.trade(),
                self.number(next),
                self.chance.one(&["amount", "share"])
            ),
            1 => format!("telescopic(rates.slabs, {})", self.number(next)),
            2 => format!(
                "switch answers.trade_kind {{ \"shop\" => {}, \"eatery\" | \"workshop\" => {} }}",
                self.number(next),
                self.number(next)
            ),
            _ => format!(
                "(switch {} {{ 1 => {}, 2 => 7, -1 => 3, _ => {} }})",
                self.number(next),
                self.number(next),
                self.number(next)
            ),
        }
    }

    /// A number that a function of the file gives.
    fn called(&mut self, next: usize) -> String {
        match self.chance.below(2) {
            0 => {
                if self.chance.below(2) == 0 {
                    format!("pair({}, {}, answers, rates)", self.number(next), self.number(next))
                } else {
                    format!("alone({}, answers, rates)", self.number(next))
                }
            }
            _ => {
                if self.chance.below(2) == 0 {
                    format!(
                        "basis(lookup(rates.trade_fee, #{{ trade: {}, quantity: 3 }}), {})",
                        self.trade(),
                        self.number(next)
                    )
                } else {
                    "sum(each(answers.units))".to_owned()
                }
            }
        }
    }

    fn plain(&mut self) -> String {
        match self.chance.below(9) {
            0 => self
                .chance
                .one(&[
                    "0",
                    "1",
                    "2",
                    "7",
                    "12",
                    "100",
                    "0.8",
                    "2.50",
                    "1.005",
                    "1000000",
                    "9223372036854775807",
                    "0.0000001",
                ])
                .to_owned(),
            1 => "answers.employees".to_owned(),
            2 => "answers.area".to_owned(),
            3 => "rates.application_fee".to_owned(),
            4 => "rates.license_fee[answers.trade_kind]".to_owned(),
            5 => self.chance.one(&["rates.per_employee", "rates.half", "rates[\"half\"]", "year(today)"]).to_owned(),
            6 if self.unit => "unit.quantity".to_owned(),
            _ => self.variable().unwrap_or_else(|| "answers.employees".to_owned()),
        }
    }

    fn trade(&mut self) -> &'static str {
        if self.unit { "unit.trade" } else { self.chance.one(&["answers.trade", "\"TAILOR\"", "\"BAKERY\""]) }
    }

    fn day(&mut self) -> String {
        match self.chance.below(5) {
            0 => "today".to_owned(),
            1 | 2 => "answers.started_on".to_owned(),
            3 => format!("add_days(today, {})", self.chance.one(&["-400", "30", "answers.employees"])),
            _ => self
                .chance
                .one(&[
                    "day(\"2026-02-28\")",
                    "financial_year_start(today)",
                    "(answers.started_on + 3)",
                    "day(2024, 2, 29)",
                ])
                .to_owned(),
        }
    }

    fn flag(&mut self, depth: usize) -> String {
        let next = depth.saturating_sub(1);
        match self.chance.below(if depth == 0 { 6 } else { 11 }) {
            0 => "answers.own_premises".to_owned(),
            1 => self
                .chance
                .one(&[
                    "answers.trade_kind == \"shop\"",
                    "rates.together == \"sum\"",
                    "answers.trade_kind != \"eatery\"",
                    "answers.trade != \"TAILOR\"",
                    "answers.trade_kind < \"m\"",
                ])
                .to_owned(),
            2 => self
                .chance
                .one(&[
                    "answers.area == ()",
                    "answers.employees != ()",
                    "is_empty(answers.units)",
                    "count(answers.units) > 1",
                ])
                .to_owned(),
            3 => self
                .chance
                .one(&[
                    "\"shop\" in [answers.trade_kind]",
                    "contains([1, 2], answers.employees)",
                    "same(answers.area, record.area)",
                    "record.paid == true",
                    "\"fire\" in listed(\"trades\", answers.trade, \"papers\")",
                    "count(listed(\"trades\", pluck(answers.units, \"trade\"), \"papers\")) == 2",
                ])
                .to_owned(),
            4 | 5 => format!(
                "{} {} {}",
                self.number(next),
                self.chance.one(&["<", "<=", ">", ">=", "==", "!="]),
                self.number(next)
            ),
            6 => format!("{} {} {}", self.day(), self.chance.one(&["<", ">=", "==", "!="]), self.day()),
            7 => format!("({} && {})", self.flag(next), self.flag(next)),
            8 => format!("({} || {})", self.flag(next), self.flag(next)),
            9 => format!("!({})", self.flag(next)),
            _ => format!("text({}) == \"2\"", self.number(next)),
        }
    }
}

/// Random answers: some are not there, some are extreme.
pub(crate) fn answers(chance: &mut Chance<'_>) -> Facts {
    let mut made: Vec<(&str, Dynamic)> = Vec::new();
    let mut add = |chance: &mut Chance<'_>, name, value: Dynamic| {
        if chance.below(12) != 11 {
            made.push((name, value));
        }
    };
    let kind = chance.one(&["shop", "eatery", "workshop"]);
    add(chance, "trade_kind", kind.to_owned().into());
    let employees = whole(chance);
    add(chance, "employees", employees.into());
    let area = decimal(chance);
    add(chance, "area", Dynamic::from_decimal(number(area)));
    let started = chance.one(&["2026-05-02", "2024-02-29", "1999-12-31", "2026-04-01", "2031-01-01"]);
    add(chance, "started_on", Dynamic::from(day(started)));
    let own = chance.below(2) == 0;
    add(chance, "own_premises", own.into());
    let trade = chance.one(&["TAILOR", "BAKERY", "DAIRY"]);
    add(chance, "trade", trade.to_owned().into());
    let units = units(chance);
    add(chance, "units", Dynamic::from_array(units));
    let record = facts(&[("area", Dynamic::from_decimal(number("12.5"))), ("paid", (chance.below(2) == 0).into())]);
    add(chance, "record", Dynamic::from_map(record));
    facts(&made)
}

fn units(chance: &mut Chance<'_>) -> Vec<Dynamic> {
    let unit = |chance: &mut Chance<'_>| {
        let trade = chance.one(&["TAILOR", "BAKERY", "DAIRY"]).to_owned();
        let quantity = if chance.below(10) == 9 { Dynamic::UNIT } else { whole(chance).into() };
        Dynamic::from_map(facts(&[("trade", trade.into()), ("quantity", quantity), ("color", "red".to_owned().into())]))
    };
    (0..chance.below(5)).map(|_| unit(chance)).collect()
}

fn whole(chance: &mut Chance<'_>) -> i64 {
    [0, 1, 2, 3, 7, 19, 20, 21, 150, 99_999, -1, i64::MAX, i64::MIN][chance.below(13)]
}

fn decimal(chance: &mut Chance<'_>) -> &'static str {
    let all = [
        "0",
        "1",
        "12.5",
        "100",
        "100.00",
        "99.99",
        "1000.000001",
        "0.005",
        "-3.25",
        "123456789.123456789",
        "79228162514264337593543950335",
    ];
    all[chance.below(11)]
}
