//! Everything that a message or a paper may tell about a case, as the variables of templates.

use std::sync::LazyLock;

use serde_json::{Map, Value as Json, json};

use super::format;
use super::show::Look;
use crate::base::{Answers, Day, Money, Text, Value};
use crate::billing::{Billing, Demand, Part, Receipt};
use crate::form::{Field, Form, Kind};
use crate::registry::Record;
use crate::tenant::Tenant;

/// What is known about a case when it is written about. What is absent prints nothing; the
/// checks have proved that no template prints it unasked.
#[derive(Clone, Copy, Debug)]
pub struct Story<'a> {
    /// For whom it is written.
    pub look: Look<'a>,
    /// The local body.
    pub tenant: &'a Tenant,
    /// The title of the service.
    pub service: &'a Text,
    /// The department that answers for it.
    pub department: &'a Text,
    /// What was asked.
    pub form: &'a Form,
    /// What was answered.
    pub answers: &'a Answers,
    /// The words of the heads of a bill.
    pub billing: Option<&'a Billing>,
    /// The number of the case.
    pub number: &'a str,
    /// Where it stands, in the applicant's words.
    pub state: &'a Text,
    /// The address of its page.
    pub link: &'a str,
    /// The address at which anybody may pay what is owed on the record.
    pub pay_link: Option<&'a str>,
    /// The address at which the paper can be checked.
    pub verify_link: &'a str,
    /// What was said with the action.
    pub comment: Option<&'a str>,
    /// Who applied.
    pub applicant: &'a str,
    /// Who has it.
    pub assignee: Option<&'a str>,
    /// The latest demand.
    pub demand: Option<&'a Demand>,
    /// Who set the rates of that demand, in all languages, where that is known.
    pub authority: Option<&'a Text>,
    /// The receipt it is about, or the latest.
    pub receipt: Option<&'a Receipt>,
    /// The record it is about, or that it made.
    pub record: Option<&'a Record>,
    /// The law, and the post that answers for the decision.
    pub statute: Option<(&'a Text, &'a Text)>,
    /// The day by which the law promises a decision.
    pub promised_on: Option<Day>,
    /// The day it was handed in.
    pub submitted_on: Option<Day>,
    /// The day of writing.
    pub today: Day,
}

/// What stands for words and for answers where there are none.
static NO_WORDS: LazyLock<Text> = LazyLock::new(Text::default);
static NO_ANSWERS: LazyLock<Answers> = LazyLock::new(Answers::default);

impl<'a> Story<'a> {
    /// What a paper is told that is about no case: the town, and which service of which department keeps it. `form` is
    /// that service's, none of which was asked.
    pub fn of_no_case(
        look: Look<'a>,
        tenant: &'a Tenant,
        (service, department): (&'a Text, &'a Text),
        form: &'a Form,
        today: Day,
    ) -> Self {
        Self {
            look,
            tenant,
            service,
            department,
            form,
            answers: &NO_ANSWERS,
            billing: None,
            number: "",
            state: &NO_WORDS,
            link: "",
            pay_link: None,
            verify_link: "",
            comment: None,
            applicant: "",
            assignee: None,
            demand: None,
            authority: None,
            receipt: None,
            record: None,
            statute: None,
            promised_on: None,
            submitted_on: None,
            today,
        }
    }
}

impl Story<'_> {
    /// The variables of messages: everything is words already.
    pub fn for_message(&self) -> Json {
        let mut answers = Map::new();
        for field in self.form.all_pages().flat_map(|page| &page.fields) {
            let shown = self.answers.get(&field.name).map(|value| self.look.answer(field, value));
            answers.insert(field.name.to_string(), json!(shown));
        }
        let day = |day: Option<Day>| day.map(format::day);
        let money = |money: Option<Money>| money.map(|money| format::plain_money(money, self.look.currency));
        self.variables(&Json::Object(answers), &day, &money)
    }

    /// The variables of papers: days, amounts and codes as they are kept, for the helpers.
    pub fn for_paper(&self) -> Json {
        let answers = filled(self.form.all_pages().flat_map(|page| &page.fields), self.answers);
        let day = |day: Option<Day>| day.map(|day| day.to_string());
        let money = |money: Option<Money>| money.map(|money| money.to_string());
        let mut told = self.variables(&answers, &day, &money);
        told["pages"] = self.pages();
        told
    }

    fn variables(
        &self,
        answers: &Json,
        day: &dyn Fn(Option<Day>) -> Option<String>,
        money: &dyn Fn(Option<Money>) -> Option<String>,
    ) -> Json {
        let words = |text: &Text| text.in_language(self.look.language).to_owned();
        let (demand, receipt, record) = (self.demand, self.receipt, self.record);
        json!({
            "number": self.number,
            "service": words(self.service),
            "department": words(self.department),
            "state": words(self.state),
            "link": self.link,
            "pay_link": self.pay_link,
            "verify_link": self.verify_link,
            "comment": self.comment,
            "assignee": self.assignee,
            "today": day(Some(self.today)),
            "submitted_on": day(self.submitted_on),
            "promised_on": day(self.promised_on),
            "tenant": {
                "name": words(&self.tenant.title),
                "short": words(&self.tenant.short),
                "state": words(&self.tenant.state_title),
                "district": words(&self.tenant.district),
            },
            "applicant": { "name": self.applicant },
            "statute": {
                "law": self.statute.map(|(law, _)| words(law)),
                "officer": self.statute.map(|(_, officer)| words(officer)),
            },
            "demand": {
                "total": money(demand.map(Demand::total)),
                "owed": money(demand.map(Demand::owed)),
                "due": day(demand.map(|demand| demand.due_on)),
                "raised_on": day(demand.map(|demand| demand.raised_on)),
                "authority": demand.map(|demand| self.authority.map_or_else(|| demand.authority.clone(), words)),
                "lines": demand.map(|demand| self.demanded(demand)).unwrap_or_default(),
            },
            "receipt": {
                "number": receipt.map(|receipt| receipt.number.clone()),
                "amount": money(receipt.map(Receipt::stands)),
                "date": day(receipt.map(|receipt| receipt.on)),
                "mode": receipt.map(|receipt| self.modes(receipt)),
                "reference": receipt.map(Receipt::reference),
                "parts": receipt.map(|receipt| self.parts(receipt)).unwrap_or_default(),
                "lines": receipt.map(|receipt| self.received(receipt)).unwrap_or_default(),
            },
            "record": {
                "number": record.map(|record| record.number.clone()),
                "valid_from": day(record.map(|record| record.valid_from)),
                "valid_until": day(record.and_then(|record| record.valid_until)),
                "verify_link": record.map(|_| self.verify_link),
            },
            "answers": answers,
        })
    }

    /// The modes of what stands of a receipt, each once.
    fn modes(&self, receipt: &Receipt) -> String {
        receipt.modes().into_iter().map(|mode| self.mode(mode)).collect::<Vec<_>>().join(", ")
    }

    /// A row for each part that stands of money that came by more than one mode.
    fn parts(&self, receipt: &Receipt) -> Vec<Json> {
        let parts = receipt.standing().map(|(_, part)| part).filter(|_| receipt.payment.parts.len() > 1);
        let row = |part: &Part| {
            let (mode, amount) = (self.mode(&part.mode), part.amount.to_string());
            json!({ "mode": mode, "reference": part.reference, "amount": amount })
        };
        parts.map(row).collect()
    }

    /// A mode of payment in the product's words, where it has them: `mode_cash`.
    fn mode(&self, mode: &str) -> String {
        self.look.words.get(&format!("mode_{mode}")).cloned().unwrap_or_else(|| mode.replace('_', " "))
    }

    fn demanded(&self, demand: &Demand) -> Vec<Json> {
        demand.lines.iter().map(|line| self.line(&line.head, line.amount)).collect()
    }

    fn received(&self, receipt: &Receipt) -> Vec<Json> {
        let mut lines: Vec<Json> = receipt.applied.iter().map(|(_, head, amount)| self.line(head, *amount)).collect();
        if !receipt.unapplied.is_zero() {
            lines.push(json!({ "label": self.look.word("unapplied"), "amount": receipt.unapplied.to_string() }));
        }
        lines
    }

    fn line(&self, head: &str, amount: Money) -> Json {
        let label = self.billing.and_then(|billing| billing.heads.iter().find(|known| known.name == *head));
        let label = label.map_or(head, |head| head.label.in_language(self.look.language));
        json!({ "label": label, "amount": amount.to_string() })
    }

    /// The applicant's pages with everything that was answered, in words.
    fn pages(&self) -> Json {
        let asked = self.form.all_pages().filter(|page| page.by.is_none());
        let shown = asked.filter_map(|page| {
            let mut rows = Vec::new();
            self.rows("", &page.fields, self.answers, &mut rows);
            (!rows.is_empty()).then(|| json!({ "title": page.title.in_language(self.look.language), "rows": rows }))
        });
        Json::Array(shown.collect())
    }

    /// A row for every answer, those of an item of a list too, so that each stands beside its question.
    fn rows(&self, item: &str, fields: &[Field], answers: &Answers, rows: &mut Vec<Json>) {
        for field in fields {
            let label = field.label.in_language(self.look.language);
            if let (Kind::List { fields, .. }, Some(Value::List(items))) = (&field.kind, answers.get(&field.name)) {
                for (at, answers) in items.iter().enumerate() {
                    if let Value::Map(answers) = answers {
                        self.rows(&format!("{label} {}: ", at + 1), fields, answers, rows);
                    }
                }
            } else if let Some(value) = self.look.counted(field, fields, answers) {
                rows.push(json!({ "label": format!("{item}{label}"), "value": value }));
            }
        }
    }
}

/// Answers with a null for everything that was not answered, at every level.
fn filled<'a>(fields: impl Iterator<Item = &'a Field>, answers: &Answers) -> Json {
    let mut map = Map::new();
    for field in fields {
        let value = match (&field.kind, answers.get(&field.name)) {
            (Kind::Group { fields }, Some(Value::Map(group))) => filled(fields.iter(), group),
            (Kind::Group { fields }, None) => filled(fields.iter(), &Answers::default()),
            (Kind::List { fields, .. }, Some(Value::List(items))) => {
                let empty = Answers::default();
                let item = |item: &Value| {
                    if let Value::Map(item) = item {
                        filled(fields.iter(), item)
                    } else {
                        filled(fields.iter(), &empty)
                    }
                };
                Json::Array(items.iter().map(item).collect())
            }
            (Kind::List { .. } | Kind::Choices { .. }, None) => json!([]),
            (_, value) => value.map_or(Json::Null, Value::to_json),
        };
        map.insert(field.name.to_string(), value);
    }
    Json::Object(map)
}
