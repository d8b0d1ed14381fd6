//! `tests/*.yaml` as the author writes them.

use serde_json::{Value as Json, json};

use crate::base::{Day, Money, Name, Span};
use crate::registry::Standing;
use crate::source::scalar::{Code, words};
use crate::source::shape::{Definitions, shape};
use crate::source::{At, Diagnostics, Map, Node, NodeKind, OneOrMany, Shape, Where};
use crate::workflow::End;

shape! {
    /// A scenario: a case from its first day, step by step, with what must follow.
    pub(crate) struct ScenarioYaml {
        /// What it shows, in a sentence.
        name: At<String>,
        /// The day on which it begins.
        today: At<Day>,
        /// Another scenario of the same folder whose answers and record it starts from.
        like: Option<At<String>>,
        /// The applicant's answers, by field.
        answers: Option<Node>,
        /// The person who writes the application for the applicant, who takes it over before the first step: by the name under which `records` says that this person holds the record that the application names. Needs `on_behalf` in service.yaml.
        begun_by: Option<At<Name>>,
        /// The record that the case is opened on; where `opens` of service.yaml says `cases: true`, the one for which the calendar opens a case while time passes.
        on_record: Option<RecordYaml>,
        /// Other records that are there, which answers may name.
        records: Option<Vec<RecordYaml>>,
        /// Places in calendars that other cases have.
        taken: Option<Vec<TakenYaml>>,
        /// What officers hold of the stocks that actions use up: `plenty` (every number that is named, and the next), `nothing` (others hold it), or `unkept` (the town has never received any); `plenty` when silent.
        stock: Option<At<StockHeldYaml>>,
        /// What happens, in order.
        steps: Vec<StepYaml>,
    }
}

shape! {
    /// A place in a calendar that another case has.
    pub(crate) struct TakenYaml {
        /// The calendar.
        calendar: At<Name>,
        /// The code of what is taken.
        resource: At<Code>,
        /// The day.
        day: At<Day>,
        /// The part of the day; all of them when silent.
        part: Option<At<Code>>,
        /// How many places; all of them when silent.
        places: Option<At<i64>>,
    }
}

shape! {
    /// A record that is there before the case begins.
    pub(crate) struct RecordYaml {
        /// Its number.
        number: At<String>,
        /// The registry; the one that the service is about when silent.
        registry: Option<At<Name>>,
        /// Who holds it; the applicant when silent.
        holder: Option<At<Name>>,
        /// The first day of its validity.
        valid_from: At<Day>,
        /// The last day of its validity.
        valid_until: Option<At<Day>>,
        /// Whether it was ended before its time.
        revoked: Option<At<bool>>,
        /// What was decided of it; `active` when silent.
        standing: Option<At<Standing>>,
        /// What is owed on it in other cases.
        dues: Option<At<Money>>,
        /// How many other cases that concern it are yet to be decided; none when silent.
        open_cases: Option<At<i64>>,
        /// What is known about it, by field.
        answers: Option<Node>,
    }
}

shape! {
    /// A step: exactly one of `do`, `pay`, `wait`, `save`, `cancel_receipt`, `dishonour`, `elsewhere`, `children`, `program`, `program_fails`; and what must follow.
    pub(crate) struct StepYaml {
        /// The role that acts.
        by: Option<At<Name>>,
        /// The person, where two people of one role matter; a person of that role when silent.
        person: Option<At<Name>>,
        /// The action that is taken.
        r#do as "do": Option<At<Name>>,
        /// The amount that comes in.
        pay: Option<At<Money>>,
        /// The time that passes.
        wait: Option<At<Span>>,
        /// The page that is saved without moving the case.
        save: Option<At<Name>>,
        /// The receipt that is taken back: its number.
        cancel_receipt: Option<At<String>>,
        /// The receipt whose cheque the bank did not honour: its number; of several cheques the one that `instrument` names, or the first.
        dishonour: Option<At<String>>,
        /// What another case does to the record meanwhile, or takes.
        elsewhere: Option<ElsewhereYaml>,
        /// How the cases end that this one opened: `granted`, `refused` or `closed` for all that are open, or for each by its name.
        children: Option<ChildrenYaml>,
        /// The page that a program answers now, with `answers` beside it: scenarios run no programs.
        program: Option<At<Name>>,
        /// The page that a program cannot answer, however often it was tried.
        program_fails: Option<At<Name>>,
        /// `stands`, beside `wait`: time passes and the clock has not looked yet.
        clock: Option<At<ClockYaml>>,
        /// How the money comes; `online` when silent.
        mode: Option<At<Name>>,
        /// The cheque or draft; one that will do when silent.
        instrument: Option<InstrumentYaml>,
        /// The number of a card slip or transfer; one that will do when silent.
        reference: Option<At<String>>,
        /// The modes by which the money comes where it is more than one, instead of `mode`: together what `pay` says.
        parts: Option<Vec<PartYaml>>,
        /// What is said about it.
        comment: Option<At<String>>,
        /// The role whose person has the case next.
        assign: Option<At<Name>>,
        /// What the applicant is asked to correct: pages and questions by name, each with a remark.
        flags: Option<Map<At<String>>>,
        /// Answers of the page that is asked or saved.
        answers: Option<Node>,
        /// The state in which the case stands afterwards.
        state: Option<At<Name>>,
        /// Why it is refused: a reason; or, where the action has several conditions, which of them do not hold: `{ when: nothing_owed }`.
        refused: Option<RefusedYaml>,
        /// What is demanded, by head.
        demand: Option<Map<At<Money>>>,
        /// What is owed afterwards.
        owed: Option<At<Money>>,
        /// What is owed, in all, on the records that other services take over by it.
        arrears: Option<At<Money>>,
        /// What of each head the money settled, by head; what was drawn on that had waited is not among it.
        settled: Option<Map<At<Money>>>,
        /// What moves in the books, by account: debit plus, credit minus.
        posted: Option<Map<At<Money>, Code>>,
        /// The notices that are sent.
        notified: Option<OneOrMany<At<Name>>>,
        /// The papers that are issued.
        issued: Option<OneOrMany<At<Name>>>,
        /// The children that are opened.
        opened: Option<OneOrMany<At<Name>>>,
        /// The children that are given up.
        given_up: Option<OneOrMany<At<Name>>>,
        /// The turn for which the calendar opened a case while time passed: the day on which it falls due. The scenario goes on with that case.
        turn: Option<At<Day>>,
        /// The number of the record that is granted.
        granted: Option<At<String>>,
        /// The last day of the record's validity.
        valid_until: Option<At<Day>>,
        /// What records say afterwards, today or as on another day.
        record: Option<OneOrMany<RecordExpectedYaml>>,
        /// The number of the receipt that is written.
        receipt: Option<At<String>>,
        /// How the case stands to what it reserves: `free`, `held`, `kept` or `lost`.
        slots: Option<At<SlotsYaml>>,
        /// The number of the application.
        number: Option<At<String>>,
        /// The day on which the state's time is over.
        due: Option<At<Day>>,
        /// The day on which the statutory time is over.
        promised: Option<At<Day>>,
    }
}

/// Why a step is refused.
#[derive(Clone, Debug)]
pub(crate) enum RefusedYaml {
    /// For a reason, by the name that the API writes.
    Reason(At<Name>),
    /// Since conditions of the action do not hold.
    Conditions(RefusalYaml),
}

impl RefusedYaml {
    /// Where it is written.
    pub(crate) fn at(&self) -> &Where {
        match self {
            Self::Reason(reason) => &reason.at,
            Self::Conditions(conditions) => conditions.first(),
        }
    }
}

impl Shape for RefusedYaml {
    fn read(node: &Node, out: &mut Diagnostics) -> Option<Self> {
        if matches!(node.kind, NodeKind::Map(_)) {
            return RefusalYaml::read(node, out).map(Self::Conditions);
        }
        <At<Name> as Shape>::read(node, out).map(Self::Reason)
    }

    fn schema(definitions: &mut Definitions) -> Json {
        json!({ "anyOf": [<At<Name> as Shape>::schema(definitions), RefusalYaml::schema(definitions)] })
    }
}

shape! {
    /// A refusal by conditions of the action.
    pub(crate) struct RefusalYaml {
        /// The conditions that do not hold, by their names in `when` of the action: all of them, and no others.
        when: OneOrMany<At<Name>>,
    }
}

impl RefusalYaml {
    /// Where the first condition is named.
    pub(crate) fn first(&self) -> &Where {
        self.when.0.first().map_or(&self.at, |name| &name.at)
    }
}

/// How the cases end that a case opened: all alike, or each by its name.
#[derive(Clone, Debug)]
pub(crate) enum ChildrenYaml {
    /// All that are open.
    All(At<End>),
    /// Some of them, by name.
    Each(Map<At<End>>),
}

impl Shape for ChildrenYaml {
    fn read(node: &Node, out: &mut Diagnostics) -> Option<Self> {
        if matches!(node.kind, NodeKind::Map(_)) {
            return <Map<At<End>> as Shape>::read(node, out).map(Self::Each);
        }
        <At<End> as Shape>::read(node, out).map(Self::All)
    }

    fn schema(definitions: &mut Definitions) -> Json {
        json!({ "anyOf": [<At<End> as Shape>::schema(definitions), <Map<At<End>> as Shape>::schema(definitions)] })
    }
}

words! {
    /// What officers of a scenario hold of stocks.
    pub(crate) enum StockHeldYaml {
        /// Every number that is named, and the next.
        Plenty = "plenty",
        /// Others hold all there is.
        Nothing = "nothing",
        /// The town has never received any.
        Unkept = "unkept",
    }
}

words! {
    /// What the clock does while time passes.
    pub(crate) enum ClockYaml {
        /// It does not look.
        Stands = "stands",
    }
}

words! {
    /// How a case stands to what it reserves.
    pub(crate) enum SlotsYaml {
        /// It has nothing.
        Free = "free",
        /// It has it for a time.
        Held = "held",
        /// It has it for as long as it stays where it is.
        Kept = "kept",
        /// Another case has it by now.
        Lost = "lost",
    }
}

shape! {
    /// A cheque or draft.
    pub(crate) struct InstrumentYaml {
        /// The number printed on it.
        number: Option<At<String>>,
        /// The IFSC of the bank's branch.
        bank: Option<At<String>>,
        /// The day written on it; today when silent.
        dated: Option<At<Day>>,
    }
}

shape! {
    /// What of the money comes by one mode.
    pub(crate) struct PartYaml {
        /// How it comes.
        mode: At<Name>,
        /// How much.
        amount: At<Money>,
        /// The cheque or draft; one that will do when silent.
        instrument: Option<InstrumentYaml>,
        /// The number of a card slip or transfer; one that will do when silent.
        reference: Option<At<String>>,
    }
}

shape! {
    /// What a record says on a day.
    pub(crate) struct RecordExpectedYaml {
        /// Its number; the record of the case when silent.
        number: Option<At<String>>,
        /// The day; today when silent.
        on: Option<At<Day>>,
        /// Where it stands on that day: `active`, `not_yet`, `expired`, `suspended`, `revoked`, `split`, `merged`, or `nothing` if no such record was there.
        standing: Option<At<Name>>,
        /// Who holds it: `applicant`, or another person.
        holder: Option<At<Name>>,
        /// The last day of its validity.
        valid_until: Option<At<Day>>,
        /// The numbers of the records it came of.
        came_of: Option<OneOrMany<At<String>>>,
        /// The numbers of the records it became.
        became: Option<OneOrMany<At<String>>>,
        /// Some of what is known about it, by field.
        answers: Option<Node>,
        /// Fields of which nothing is known.
        unanswered: Option<OneOrMany<At<Name>>>,
    }
}

shape! {
    /// What another case does to the record of this one, or to another that answers may name, or takes that it wants.
    pub(crate) struct ElsewhereYaml {
        /// The number of the record, one of `records`; that of the case when silent.
        number: Option<At<String>>,
        /// It ends the record before its time.
        revoked: Option<At<bool>>,
        /// What it decides of the record.
        standing: Option<At<Standing>>,
        /// It changes these answers of the record, by field.
        answers: Option<Node>,
        /// It gives the record to this person.
        holder: Option<At<Name>>,
        /// What is owed on the record in other cases from then on.
        dues: Option<At<Money>>,
        /// How many other cases that concern the record are yet to be decided from then on.
        open_cases: Option<At<i64>>,
        /// It prolongs the record to this day.
        valid_until: Option<At<Day>>,
        /// It takes places in a calendar.
        takes: Option<OneOrMany<TakenYaml>>,
    }
}
