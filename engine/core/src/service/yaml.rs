//! `service.yaml` and `locales/*.yaml` as the author writes them.

use serde_json::{Value as Json, json};

use crate::base::{Name, Span};
use crate::billing::Every;
use crate::registry::NumberFormat;
use crate::registry::yaml::GrantYaml;
use crate::reserve::yaml::ReserveYaml;
use crate::source::checks::{unknown_key, wrong_shape};
use crate::source::shape::{Definitions, shape};
use crate::source::{At, Diagnostics, Map, Node, NodeKind, OneOrMany, Shape, suggest};
use crate::stock::yaml::StockYaml;
use crate::workflow::yaml::ListedSpanYaml;

shape! {
    /// What a service is: its name, its numbers, who works on it, what it grants.
    pub(crate) struct ServiceYaml {
        /// The version of this format: 1.
        format: At<i64>,
        /// What people call the service.
        title: At<String>,
        /// One or two sentences on what it is.
        about: Option<At<String>>,
        /// What the personal answers are needed for, where neither a question nor its page says it for itself.
        purpose: Option<At<String>>,
        /// Other words that people say for it, by which the search of the town finds it too.
        also_called: Option<OneOrMany<At<String>>>,
        /// The department that answers for it.
        department: At<String>,
        /// A word that groups services in the catalogue; the department when silent.
        group: Option<At<String>>,
        /// The language its words are written in; `en` when silent.
        language: Option<At<Name>>,
        /// How applications are numbered.
        number: At<NumberFormat>,
        /// Roles besides `applicant`, whom every service has: a name and words for each; or words and the question whose answer names the record that gives the role.
        roles: Option<Map<RoleYaml>>,
        /// Roles that one person may not both use on the same case.
        apart: Option<Vec<Vec<At<Name>>>>,
        /// Roles that may write an application at the counter, for the applicant who stands there; nobody when silent.
        assisted_by: Option<OneOrMany<At<Name>>>,
        /// A role by a record in which somebody writes an application for another person: whoever holds the record that it names offers it to the mobile number of that person, who takes it over and sends it; nobody when silent.
        on_behalf: Option<At<Name>>,
        /// What an approved application leaves in a registry.
        grants: Option<Map<GrantYaml>>,
        /// Set if cases are opened on a record of a registry.
        on_record: Option<OnRecordYaml>,
        /// Set if every record of a registry is billed period by period, or if a case is opened for it at each turn.
        opens: Option<OpeningsYaml>,
        /// Cases of other services that a case of this one can open, by name: no-objections that are asked for.
        children: Option<Map<ChildYaml>>,
        /// Places in a calendar that two cases may not have at once, by name: halls, vehicles, desks.
        reserves: Option<Map<ReserveYaml>>,
        /// Stocks of numbered things that actions use up, by name: certificate paper, metal tags, seals. Services of a town that use the same name share the stock.
        stocks: Option<Map<StockYaml>>,
        /// What the law promises: time, officer, appeals.
        statute: Option<StatuteYaml>,
        /// When the applicant is not to be known to everybody who works on the case.
        anonymous: Option<AnonymousYaml>,
        /// How long what people said in a case is kept once it has ended; then that is erased. Numbers, money, papers and registers stay.
        keep_for: Option<At<Span>>,
        /// Whose work a case is, where a list says it for each kind: it is given to officers of that department, or of all.
        departments: Option<ListedDepartmentYaml>,
        /// What the start page says.
        start: Option<StartYaml>,
        /// Whether it stands in the citizens' charter of the town; `true` when silent. Services of the office itself do not.
        charter: Option<At<bool>>,
        /// Searchable questions: whoever sends an application is told first how many open ones answer all of them alike.
        alike: Option<OneOrMany<At<Name>>>,
        /// Set if programs may send such cases, and look them up, by Open311.
        open311: Option<Open311Yaml>,
    }
}

/// A role: words for those who are appointed to it, or words and what else gives it.
#[derive(Clone, Debug)]
pub(crate) struct RoleYaml {
    pub(crate) title: At<String>,
    pub(crate) holder_of: Option<At<Name>>,
}

shape! {
    /// A role to which nobody is appointed: it follows from holding a record.
    struct HeldRoleYaml {
        /// What people call it.
        title: At<String>,
        /// A question of the applicant with `type: record`: whoever holds the record that its answer names has the role on that case, as long as the record is in force.
        holder_of: At<Name>,
    }
}

impl Shape for RoleYaml {
    fn read(node: &Node, out: &mut Diagnostics) -> Option<Self> {
        if matches!(node.kind, NodeKind::Map(_)) {
            let held = HeldRoleYaml::read(node, out)?;
            return Some(Self { title: held.title, holder_of: Some(held.holder_of) });
        }
        <At<String> as Shape>::read(node, out).map(|title| Self { title, holder_of: None })
    }

    fn schema(definitions: &mut Definitions) -> Json {
        json!({ "anyOf": [{ "type": "string", "minLength": 1 }, HeldRoleYaml::schema(definitions)] })
    }
}

shape! {
    /// Which question takes which parameter of Open311; all other questions of the applicant are its attributes.
    pub(crate) struct Open311Yaml {
        /// A choice: each of its options is a kind of request; the service is the only kind when silent.
        codes: Option<At<Name>>,
        /// A text, which takes `description`.
        description: At<Name>,
        /// A point, which takes `lat` and `long`.
        point: Option<At<Name>>,
        /// A place, which takes `address_id`.
        place: Option<At<Name>>,
        /// A text, which takes `address_string`.
        address: Option<At<Name>>,
        /// A text, which takes `first_name` and `last_name`.
        name: Option<At<Name>>,
    }
}

shape! {
    /// A case of another service that a case of this one opens, for the same applicant.
    pub(crate) struct ChildYaml {
        /// The service, by the name of its folder.
        service: At<String>,
        /// Opened only if this holds: an expression over answers.
        when: Option<At<String>>,
        /// Questions of that service, each with the question of this form whose answer it is given.
        answers: Option<Map<At<Name>>>,
        /// Questions of that service that are answered alike each time: with a code of a choice, or with a text.
        fixed: Option<Map<At<String>>>,
        /// The question of this form into which the number of the record is put that it grants.
        grants: Option<At<Name>>,
        /// The applicant's action with which it is sent at once; when silent, the applicant completes it and sends it.
        sends: Option<At<Name>>,
        /// The last state of that service to which it goes where this case ends before it; needed unless `takes_over` is said.
        void: Option<At<Name>>,
        /// Set if the record is there already, in a register that was kept elsewhere: it is taken over at once as a row of a table is, with its number and what is owed on it, and nobody has to decide on it once more.
        takes_over: Option<TakesOverYaml>,
    }
}

shape! {
    /// A record of a register that was kept elsewhere, as this form asks for it.
    pub(crate) struct TakesOverYaml {
        /// The grant by which that service makes such records.
        grant: At<Name>,
        /// The question of this form with the number that the record has.
        number: At<Name>,
        /// The question with the day from which it holds; the day on which it is taken over when silent.
        since: Option<At<Name>>,
        /// The state of that service in which the case of the record stands as long as something is owed on it.
        owing: At<Name>,
        /// The state in which it stands otherwise; as `owing` when silent.
        settled: Option<At<Name>>,
        /// What is owed on it from earlier periods; nothing when silent.
        arrears: Option<ArrearsYaml>,
    }
}

shape! {
    /// What is owed from earlier periods, as this form asks for it.
    pub(crate) struct ArrearsYaml {
        /// The repeated group of which each item is a period.
        each: At<Name>,
        /// The question in it that says which: a day of the period, the year in which a financial year begins, or a financial year as `2023-24`.
        period: At<Name>,
        /// Heads of that service's billing.yaml, each with the amount in the group that is owed under it.
        heads: Map<At<Name>>,
    }
}

shape! {
    /// Cases of this service are about a record of a registry.
    pub(crate) struct OnRecordYaml {
        /// The registry.
        registry: At<Name>,
        /// Whether only the holder may open a case on it; `true` when silent.
        holder_only: Option<At<bool>>,
        /// Opened only if this holds: an expression over `record` and `today`.
        when: Option<At<String>>,
        /// Whether the form starts from the record's answers; when silent, for the holder only.
        prefill: Option<At<bool>>,
        /// What is said where `when` does not hold.
        otherwise: Option<At<String>>,
    }
}

shape! {
    /// Every record of a registry is billed period by period, whichever case made it.
    pub(crate) struct OpensYaml {
        /// How long a period is: `year` (the financial year), `half_year`, `quarter` or `month`.
        every: At<Every>,
        /// Month and day on which a year is billed, as `04-01`; the first day of the period when silent.
        on: Option<At<String>>,
        /// The registry: its records that are in force are billed.
        for_each: At<Name>,
        /// The state in which a case begins that is opened for a record without one; an action there waits `once: period`.
        state: At<Name>,
    }
}

/// What the calendar does for each record of a registry: a bill for each period, or a case for each turn.
#[derive(Clone, Debug)]
pub(crate) enum OpeningsYaml {
    /// It is billed.
    Bills(OpensYaml),
    /// A case is opened.
    Turns(TurnsYaml),
}

impl Shape for OpeningsYaml {
    fn read(node: &Node, out: &mut Diagnostics) -> Option<Self> {
        // Whoever wrote `case: true` meant turns too.
        let turns = |entries: &[(At<String>, Node)]| entries.iter().any(|(key, _)| suggest(key, ["cases"]).is_some());
        match &node.kind {
            NodeKind::Map(entries) if turns(entries) => TurnsYaml::read(node, out).map(Self::Turns),
            _ => OpensYaml::read(node, out).map(Self::Bills),
        }
    }

    fn schema(definitions: &mut Definitions) -> Json {
        json!({ "anyOf": [OpensYaml::schema(definitions), TurnsYaml::schema(definitions)] })
    }
}

shape! {
    /// A case of its own is opened for every record of a registry, again and again.
    pub(crate) struct TurnsYaml {
        /// `true`: each turn has a case of its own, that ends; nothing is billed by it.
        cases: At<bool>,
        /// How long it is from one turn to the next: `6 months`, `3 years`, or `{ months: number_field }`, an answer of the record; no answer, or 0, means never.
        every: IntervalYaml,
        /// The answer of the record with the day from which turns are counted; where silent, or not answered, the first day of the record.
        from: Option<At<Name>>,
        /// How long before its day a case is opened: `30 days`; on the day itself when silent.
        ahead: Option<At<Span>>,
        /// The registry: its records that are in force have turns.
        for_each: At<Name>,
        /// The state in which a case begins; an action there waits `once: due`. The first state when silent.
        state: Option<At<Name>>,
    }
}

/// How long it is from one turn to the next, as written.
#[derive(Clone, Debug)]
pub(crate) enum IntervalYaml {
    /// For every record as long.
    Span(At<Span>),
    /// As an answer of the record says.
    Months(MonthsYaml),
}

shape! {
    /// So many months as an answer of the record says.
    pub(crate) struct MonthsYaml {
        /// A number among the answers of the record.
        months: At<Name>,
    }
}

impl Shape for IntervalYaml {
    fn read(node: &Node, out: &mut Diagnostics) -> Option<Self> {
        let NodeKind::Map(entries) = &node.kind else {
            return <At<Span> as Shape>::read(node, out).map(Self::Span);
        };
        match entries.as_slice() {
            // Another key could only have been meant to be this one.
            [(key, _)] if key.value != "months" => {
                out.push(unknown_key::diagnostic(key, &["months"]));
                None
            }
            [(_, months)] if months.scalar().and_then(fixed).is_some() => {
                let written = months.scalar().unwrap_or_default();
                let title = format!("`{written}` is no name of an answer");
                let example = fixed(written).unwrap_or_default();
                out.push(
                    wrong_shape::at_place(&months.at, title, "a number among the answers of the record", "months")
                        .help(format!("did you mean `every: {example}`?")),
                );
                None
            }
            _ => MonthsYaml::read(node, out).map(Self::Months),
        }
    }

    fn schema(definitions: &mut Definitions) -> Json {
        json!({ "anyOf": [<At<Span> as Shape>::schema(definitions), MonthsYaml::schema(definitions)] })
    }
}

/// The time that stands where an answer is to be named, as it is written where it is the same for every record:
/// `24`, or `24 months`.
fn fixed(written: &str) -> Option<String> {
    [format!("{written} months"), written.to_owned()].into_iter().find(|span| Span::parse(span).is_some())
}

shape! {
    /// What the law promises.
    pub(crate) struct StatuteYaml {
        /// The law, by its name; `right_to_service` of the state's `tenant.yaml` when silent.
        law: Option<At<String>>,
        /// How long it may take, without the time the applicant has the case.
        within: At<Span>,
        /// Where a list promises it sooner for each kind: `{ listed: column, of: choice_field }`. `within` is then the longest.
        sooner: Option<ListedSpanYaml>,
        /// The post that answers for it.
        officer: At<String>,
        /// The post that hears the first appeal.
        first_appeal: At<String>,
        /// The post that hears the second appeal.
        second_appeal: Option<At<String>>,
    }
}

shape! {
    /// When the applicant is not to be known, and to whom all the same.
    pub(crate) struct AnonymousYaml {
        /// Holds where the applicant is not to be known: an expression over answers.
        when: At<String>,
        /// The roles that know the applicant all the same; for all others name, number and personal answers stay masked.
        known_to: OneOrMany<At<Name>>,
    }
}

shape! {
    /// The department that a list gives for each kind.
    pub(crate) struct ListedDepartmentYaml {
        /// The column of the list; its cells are codes of `words`.
        listed: At<Name>,
        /// The choice field that takes its options from the list.
        of: At<Name>,
        /// The list of departments. Whoever works for one also works for those below it.
        words: At<Name>,
    }
}

shape! {
    /// What the start page says besides what follows from the other files.
    pub(crate) struct StartYaml {
        /// Who can apply.
        who: Option<At<String>>,
        /// What to have at hand.
        bring: Option<OneOrMany<At<String>>>,
        /// Other ways to apply.
        otherwise: Option<At<String>>,
        /// A file of `tests/` whose fee is shown as an example, and its answers in the document of the API.
        example: Option<At<String>>,
    }
}

shape! {
    /// The words of a service in another language, under the same names.
    pub(crate) struct LocaleYaml {
        /// The service's name.
        title: Option<At<String>>,
        /// What it is.
        about: Option<At<String>>,
        /// What personal answers are needed for.
        purpose: Option<At<String>>,
        /// Other words that people say for it in this language; they need not be as many as in the other.
        also_called: Option<OneOrMany<At<String>>>,
        /// The department.
        department: Option<At<String>>,
        /// The word that groups services.
        group: Option<At<String>>,
        /// Roles.
        roles: Option<Map<At<String>>>,
        /// Titles of records.
        grants: Option<Map<At<String>>>,
        /// What public lists of records are called, by their grants.
        public: Option<Map<At<String>>>,
        /// What is in stocks, by their names.
        stocks: Option<Map<At<String>>>,
        /// What is said where no case may be opened on a record: `otherwise`.
        on_record: Option<Map<At<String>>>,
        /// The start page.
        start: Option<StartYaml>,
        /// The statute: `law`, `officer`, `first_appeal`, `second_appeal`.
        statute: Option<Map<At<String>>>,
        /// Pages of the form: words, or title, hint and purpose.
        pages: Option<Node>,
        /// Fields of the form: words, or label, hint, purpose, options and fields.
        fields: Option<Node>,
        /// States: words, or label and public.
        states: Option<Map<StateWords>>,
        /// Actions, wherever they stand.
        actions: Option<Map<At<String>>>,
        /// What the history says of actions once they were taken.
        done: Option<Map<At<String>>>,
        /// Why actions are not offered, by the name of the action, wherever it stands; where `when` has several conditions, by their names inside of it.
        otherwise: Option<Map<OtherwiseWords>>,
        /// Sentences that are ready for comments, by name, in whichever action they stand.
        templates: Option<Map<At<String>>>,
        /// Heads of the bill.
        heads: Option<Map<At<String>>>,
        /// What is said where rules refuse, by code.
        refusals: Option<Map<At<String>>>,
        /// Named steps of the rules.
        steps: Option<Map<At<String>>>,
        /// Notices: sms, email.
        notifications: Option<Node>,
        /// Titles of papers; when silent that of the grant, or the first heading of the paper that is words alone.
        documents: Option<Map<At<String>>>,
    }
}

/// Why an action is not offered: one wording, or one for each of several conditions.
#[derive(Clone, Debug)]
pub(crate) enum OtherwiseWords {
    /// The words of the one condition.
    One(At<String>),
    /// Those of several, by their names.
    Each(Map<At<String>>),
}

impl Shape for OtherwiseWords {
    fn read(node: &Node, out: &mut Diagnostics) -> Option<Self> {
        if matches!(node.kind, NodeKind::Map(_)) {
            return <Map<At<String>> as Shape>::read(node, out).map(Self::Each);
        }
        <At<String> as Shape>::read(node, out).map(Self::One)
    }

    fn schema(definitions: &mut Definitions) -> Json {
        json!({ "anyOf": [{ "type": "string" }, <Map<At<String>> as Shape>::schema(definitions)] })
    }
}

/// Words for a state: one wording, or one for the desk and one for the applicant.
#[derive(Clone, Debug)]
pub(crate) struct StateWords {
    pub(crate) label: Option<At<String>>,
    pub(crate) public: Option<At<String>>,
}

shape! {
    /// Words for the desk and for the applicant.
    struct TwoWordsYaml {
        /// What the desk calls the state.
        label: Option<At<String>>,
        /// What the applicant reads.
        public: Option<At<String>>,
    }
}

impl Shape for StateWords {
    fn read(node: &Node, out: &mut Diagnostics) -> Option<Self> {
        if matches!(node.kind, NodeKind::Map(_)) {
            let two = TwoWordsYaml::read(node, out)?;
            return Some(Self { label: two.label, public: two.public });
        }
        <At<String> as Shape>::read(node, out).map(|label| Self { label: Some(label), public: None })
    }

    fn schema(definitions: &mut Definitions) -> Json {
        json!({ "anyOf": [{ "type": "string" }, TwoWordsYaml::schema(definitions)] })
    }
}
