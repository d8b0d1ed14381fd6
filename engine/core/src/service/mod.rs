//! The parts together: a checked service.

mod already_read;
mod assemble;
mod catalogue;
pub mod checks;
pub(crate) mod children;
mod compile;
mod conditions;
mod department;
mod domain;
mod earlier;
mod files;
mod folders;
mod holder;
mod lists_read;
mod locale;
pub mod open311;
mod registers_read;
mod setting;
mod stray;
mod surveys;
mod to_translate;
mod turns;
pub(crate) mod yaml;

pub use catalogue::{Catalogue, Spread, load, load_after, load_spread};
pub use compile::{compile, remake};
pub use department::ListedDepartment;
pub use earlier::Earlier;
pub use folders::Folders;
pub use open311::Open311;
pub use setting::Setting;
pub use to_translate::to_translate;
pub(crate) use turns::MOST_MONTHS;
pub use turns::{Interval, Turns};

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::Datelike as _;

use crate::base::{Answers, Day, Name, Span, Text};
use crate::billing::{Billing, Every, Period};
use crate::document::Document;
use crate::fees::Fees;
use crate::form::{self, Form};
use crate::ledger::{Chart, Postings};
use crate::list::List;
use crate::notice::Notice;
use crate::registry::{Grant, Mode, NumberFormat, OPEN_CASES};
use crate::reserve::{self, RESERVED, Reserve};
use crate::rule::domain::NAMED;
use crate::rule::{Condition, Facts};
use crate::source::{At, Where};
use crate::stock::Stock;
use crate::workflow::{Action, ListedSpan, State, Workflow};

/// A service that passed every check. Past this point nothing can be missing or misspelt.
#[derive(Clone, Debug)]
pub struct Service {
    /// The folder's name: `some-service`.
    pub id: String,
    /// SHA-256 over everything it was made of, in hexadecimal: the name of this version.
    pub digest: String,
    /// What people call it.
    pub title: Text,
    /// One or two sentences on what it is.
    pub about: Option<Text>,
    /// What personal answers are needed for, where neither a question nor its page says it for itself.
    pub purpose: Option<Text>,
    /// Other words that people say for it, in whatever language.
    pub also_called: Vec<String>,
    /// Who can apply, and what else the start page says.
    pub start: StartPage,
    /// Whether it stands in the citizens' charter of the town.
    pub charter: bool,
    /// The department that answers for it.
    pub department: Text,
    /// A word that groups services in the catalogue.
    pub group: Text,
    /// The language its words are written in.
    pub language: String,
    /// The numbers of cases, given when a case leaves its start state.
    pub number: At<NumberFormat>,
    /// Roles besides the applicant.
    pub roles: Vec<Role>,
    /// Roles that one person may not both use on the same case.
    pub apart: Vec<Vec<Name>>,
    /// The same roles with the places where they are named, for the check of names.
    pub apart_at: Vec<(Name, Where)>,
    /// Questions that tell, where they are answered alike in other open cases, that a matter may be known.
    pub alike: Vec<At<Name>>,
    /// Roles that may write an application at the counter, for the applicant who stands there.
    pub assisted_by: Vec<At<Name>>,
    /// The role by a record in which somebody writes an application for another, who takes it over.
    pub on_behalf: Option<At<Name>>,
    /// What approvals leave behind.
    pub grants: Vec<Grant>,
    /// Set if cases are opened on a record.
    pub on_record: Option<OnRecord>,
    /// Set if every record of a registry is billed period by period.
    pub opens: Option<Opens>,
    /// Set if a case is opened for every record of a registry at each of its turns.
    pub turns: Option<Turns>,
    /// Cases of other services that a case of this one can open.
    pub children: Vec<ChildService>,
    /// What cases have of the places in calendars.
    pub reserves: Vec<Reserve>,
    /// The stocks that its actions use up.
    pub stocks: Vec<Stock>,
    /// The statutory promise: how long, who answers, whom to appeal to.
    pub statute: Option<Statute>,
    /// When the applicant is not to be known to everybody who works on the case.
    pub anonymous: Option<Anonymous>,
    /// How long what people said in a case is kept once it has ended; for ever if it is not said.
    pub keep_for: Option<Span>,
    /// Whose work a case is, where a list says it for each kind.
    pub departments: Option<ListedDepartment>,
    /// How programs send cases and look them up by Open311; not at all if `None`.
    pub open311: Option<Open311>,
    /// What is asked.
    pub form: Form,
    /// What happens.
    pub workflow: Arc<Workflow>,
    /// How much; `None` if it is free.
    pub fees: Option<Fees>,
    /// How it is billed.
    pub billing: Option<Billing>,
    /// Which accounts.
    pub postings: Option<Postings>,
    /// The tenant's chart of accounts.
    pub chart: Arc<Chart>,
    /// Messages.
    pub notices: Arc<[Notice]>,
    /// Papers.
    pub documents: Arc<[Document]>,
    /// The code lists that rules and forms use.
    pub lists: Vec<Arc<List>>,
    /// Where each file came from: role of the file, path.
    pub files: Vec<(String, Arc<str>)>,
    /// Everything that it takes to compile it once more: path to bytes.
    pub sources: BTreeMap<Arc<str>, Arc<[u8]>>,
    /// What of its tenant is baked into it.
    pub setting: Setting,
}

/// Bills that come round for every record of a registry.
#[derive(Clone, Debug)]
pub struct Opens {
    /// How long a period is.
    pub every: Every,
    /// Month and day on which a year is billed; the first day of the period if it is not said.
    pub on: Option<(u32, u32)>,
    /// The registry.
    pub for_each: At<Name>,
    /// The state in which a case begins that is opened for a record.
    pub state: At<Name>,
}

impl Opens {
    /// The day on which `period` is billed.
    pub fn billed_on(&self, period: Period) -> Day {
        let Some((month, day)) = self.on else { return period.from };
        let years = [period.from.year(), period.until.year()];
        let days = years.into_iter().filter_map(|year| Day::from_ymd_opt(year, month, day));
        days.filter(|day| period.contains(*day)).min().unwrap_or(period.from)
    }
}

/// A case of another service that a case of this one opens, for the same applicant.
#[derive(Clone, Debug)]
pub struct ChildService {
    /// Its name in `service.yaml`.
    pub name: Name,
    /// The service, by the name of its folder.
    pub service: At<String>,
    /// Opened only if this holds.
    pub when: Option<Condition>,
    /// Questions of that service, each with the question of this form whose answer it is given.
    pub answers: Vec<(At<Name>, At<Name>)>,
    /// Questions of that service that are answered alike each time.
    pub fixed: Vec<(At<Name>, At<String>)>,
    /// The question of this form into which the number of the record is put that it grants.
    pub grants: Option<At<Name>>,
    /// The applicant's action with which it is sent at once.
    pub sends: Option<At<Name>>,
    /// The last state of that service to which it goes where this case ends before it; none is needed where a record
    /// is taken over.
    pub void: Option<At<Name>>,
    /// What is taken over, if the record is there already, in a register that was kept elsewhere.
    pub takes_over: Option<TakesOver>,
    /// Where it is written.
    pub at: Where,
}

/// A record of a register that was kept elsewhere, as a form asks for it.
#[derive(Clone, Debug)]
pub struct TakesOver {
    /// The grant by which the other service makes such records.
    pub grant: At<Name>,
    /// The question with the number that the record has.
    pub number: At<Name>,
    /// The question with the day from which it holds.
    pub since: Option<At<Name>>,
    /// Where the case of the record stands as long as something is owed on it.
    pub owing: At<Name>,
    /// Where it stands otherwise.
    pub settled: At<Name>,
    /// What is owed on it from earlier periods.
    pub arrears: Option<Arrears>,
}

/// What is owed from earlier periods, as a form asks for it.
#[derive(Clone, Debug)]
pub struct Arrears {
    /// The repeated group of which each item is a period.
    pub each: At<Name>,
    /// The question in it that says which.
    pub period: At<Name>,
    /// Heads of the other service, each with the question in the group that says how much.
    pub heads: Vec<(At<Name>, At<Name>)>,
}

/// When the applicant is not to be known to everybody who works on a case.
#[derive(Clone, Debug)]
pub struct Anonymous {
    /// Holds where the applicant is not to be known.
    pub when: Condition,
    /// The roles that know the applicant all the same.
    pub known_to: Vec<At<Name>>,
}

/// A role of a service.
#[derive(Clone, Debug)]
pub struct Role {
    /// Its name.
    pub name: Name,
    /// What people call it.
    pub label: Text,
    /// The question whose answer names the record that gives the role; `None` where somebody is appointed to it.
    pub holder_of: Option<At<Name>>,
    /// Where it is written.
    pub at: Where,
}

/// What the start page says besides what follows from the other parts.
#[derive(Clone, Debug, Default)]
pub struct StartPage {
    /// Who can apply.
    pub who: Option<Text>,
    /// What to have at hand.
    pub bring: Vec<Text>,
    /// Other ways to apply.
    pub otherwise: Option<Text>,
    /// An example whose fee is shown: the name of a scenario of `tests/`.
    pub example: Option<At<String>>,
}

/// Cases of this service are about a record of a registry.
#[derive(Clone, Debug)]
pub struct OnRecord {
    /// The registry.
    pub registry: Name,
    /// Whether only the holder may open a case on it.
    pub holder_only: bool,
    /// Opened only if this holds of the record (`record.…`, `today`).
    pub when: Option<Condition>,
    /// Whether the form starts from the record's answers; `None` for the holder only.
    pub prefill: Option<bool>,
    /// What is said where it does not hold.
    pub otherwise: Option<Text>,
    /// Where it is written.
    pub at: Where,
}

/// What the law promises.
#[derive(Clone, Debug)]
pub struct Statute {
    /// The law.
    pub law: Text,
    /// How long it may take, without the time the applicant has the case.
    pub within: Span,
    /// Where a list promises it sooner for some kinds of cases.
    pub sooner: Option<ListedSpan>,
    /// The post that answers for it.
    pub officer: Text,
    /// The post that hears the first appeal.
    pub first_appeal: Text,
    /// The post that hears the second.
    pub second_appeal: Option<Text>,
}

impl Service {
    /// How long a case with these answers may take.
    pub fn promise(&self, answers: &Answers) -> Option<Span> {
        let statute = self.statute.as_ref()?;
        let sooner = statute.sooner.as_ref().and_then(|listed| listed.span(&self.form, answers));
        Some(sooner.unwrap_or(statute.within))
    }

    /// What rules and conditions know of answers before anything was reserved for them.
    pub fn facts(&self, answers: &Answers) -> Facts {
        let mut facts = form::facts(&self.form, answers);
        if !self.reserves.is_empty() {
            facts.insert(RESERVED.into(), reserve::free(&self.reserves));
        }
        facts
    }

    /// Whether a holder of `roles` is not to know whose case this is. A condition that cannot be reckoned hides.
    pub fn hides_applicant(&self, answers: &Answers, roles: &[Name], today: Day) -> bool {
        let Some(anonymous) = &self.anonymous else { return false };
        let knows = anonymous.known_to.iter().any(|role| roles.contains(&role.value));
        !knows && anonymous.when.holds(&form::facts(&self.form, answers), today, &self.lists).unwrap_or(true)
    }

    /// Whether anything in it depends on what is owed on the record: `record.dues`.
    pub fn asks_for_dues(&self) -> bool {
        let of_form = self.form.all_pages().filter_map(|page| page.when.as_ref());
        let of_actions = self.workflow.states.iter().flat_map(|state| &state.actions);
        let conditions = of_form.chain(of_actions.flat_map(Action::conditions));
        let on_record = self.on_record.as_ref().and_then(|on_record| on_record.when.as_ref());
        conditions.chain(on_record).any(|condition| condition.source.contains("dues"))
            || self.fees.as_ref().is_some_and(|fees| fees.script.words.contains("dues"))
    }

    /// Whether its questions can be answered with the numbers of records, of which rules know by `named`.
    pub fn names_records(&self) -> bool {
        self.form.fields().any(form::names_record) && self.form.field(NAMED).is_none()
    }

    /// Whether anything in it depends on what is owed on the records that answers name: `named.other.dues`.
    pub fn asks_for_named_dues(&self) -> bool {
        self.looks_at_named() && self.asks_for_dues()
    }

    /// Whether anything in it depends on what is yet to be decided on the records that answers name:
    /// `named.other.open_cases`.
    pub fn asks_for_open_cases(&self) -> bool {
        let in_rules = self.fees.as_ref().is_some_and(|fees| fees.script.words.contains(OPEN_CASES));
        self.looks_at_named() && (in_rules || self.conditions_say(OPEN_CASES))
    }

    /// Whether conditions of actions or rules look at the records that answers name.
    pub(crate) fn looks_at_named(&self) -> bool {
        let named = self.conditions_say(NAMED) || self.fees.as_ref().is_some_and(|fees| fees.reads(NAMED));
        named && self.names_records()
    }

    /// Whether a condition of an action has this word in it.
    pub(crate) fn conditions_say(&self, word: &str) -> bool {
        let mut actions = self.workflow.states.iter().flat_map(|state| &state.actions);
        actions.any(|action| action.conditions().any(|when| when.source.contains(word)))
    }

    /// Whether a case in this state is yet to be decided: it has not ended, is no account, by which a record is
    /// billed period by period for as long as it stands, and no turn that the holder of the record has yet to send.
    pub fn is_undecided(&self, state: &Name) -> bool {
        let goes_on = |state: &State| state.end.is_none() && !state.actions.iter().any(Action::begins_period);
        self.workflow.state(state).is_none_or(goes_on) && !self.is_turn_of_holder(state)
    }

    /// Whether cases in this state came round and wait for the holder of the record, who has not sent them: they have
    /// a number, and nobody has applied. A turn that waits for the office is its work from the beginning.
    pub fn is_turn_of_holder(&self, state: &Name) -> bool {
        let waits = |state: &State| state.waits_for_applicant;
        self.is_where_turns_begin(state) && self.workflow.state(state).is_some_and(waits)
    }

    /// The registry on whose records it charges: the one that it bills, that its cases are about, or that it
    /// makes records of.
    pub fn charges_on(&self) -> Option<&Name> {
        let billed = self.opens.as_ref().map(|opens| &opens.for_each.value);
        let about = self.on_record.as_ref().map(|on_record| &on_record.registry);
        let made = self.grants.iter().find(|grant| grant.mode == Mode::Create).map(|grant| &grant.registry.value);
        billed.or(about).or(made)
    }

    /// The state in which cases begin that nobody applied for: accounts of records, and turns.
    pub(crate) fn opens_in(&self) -> Option<&Name> {
        let account = self.opens.as_ref().map(|opens| &opens.state.value);
        account.or_else(|| self.turns.as_ref().map(|turns| &turns.state.value))
    }

    /// Whether the cases of turns begin in this state: they have a number there, and were not sent yet.
    pub(crate) fn is_where_turns_begin(&self, state: &Name) -> bool {
        self.turns.as_ref().is_some_and(|turns| turns.state.value == *state)
    }

    /// Whether anybody may find what it charges on a record, and pay it.
    pub fn is_paid_by_anybody(&self) -> bool {
        self.billing.as_ref().is_some_and(Billing::is_public)
    }

    /// The notice called `name`.
    pub fn notice(&self, name: &str) -> Option<&Notice> {
        self.notices.iter().find(|notice| notice.name == *name)
    }

    /// The paper called `name`.
    pub fn document(&self, name: &str) -> Option<&Document> {
        self.documents.iter().find(|document| document.name == *name)
    }

    /// The child called `name`.
    pub fn child(&self, name: &str) -> Option<&ChildService> {
        self.children.iter().find(|child| child.name == *name)
    }

    /// The grant called `name`.
    pub fn grant(&self, name: &str) -> Option<&Grant> {
        self.grants.iter().find(|grant| grant.name == *name)
    }

    /// Whether a holder of `roles` may write an application for an applicant at the counter.
    pub fn assists(&self, roles: &[Name]) -> bool {
        self.assisted_by.iter().any(|allowed| roles.contains(&allowed.value))
    }

    /// The role called `name`.
    pub fn role(&self, name: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.name == *name)
    }
}
