//! `surveys/NAME.yaml` as its author wrote it.

use crate::base::{Day, Name};
use crate::form::Questions;
use crate::source::scalar::words;
use crate::source::shape::shape;
use crate::source::{At, Node, Words};

words! {
    /// Who can answer a survey.
    pub enum Who {
        /// Anybody, without signing in. Nothing keeps somebody from answering again.
        Open = "open",
        /// Whoever signs in, each person once.
        OneEach = "one_each",
    }
}

words! {
    /// To whom the results of a survey are shown, and when.
    pub enum ShownTo {
        /// Everybody, once it is over.
        After = "after",
        /// Everybody, as soon as there are enough answers.
        Always = "always",
        /// The office alone.
        Office = "office",
    }
}

shape! {
    /// A survey: what is asked, of whom and until when, and what is shown of the answers.
    pub(crate) struct SurveyYaml {
        /// The version of the format: 1.
        format: At<i64>,
        /// What it is called.
        title: Words,
        /// What it is about, and what becomes of the answers.
        about: Words,
        /// The language in which the questions are written; `en` when silent.
        language: Option<At<Name>>,
        /// The first day on which it can be answered.
        from: At<Day>,
        /// The last day.
        until: At<Day>,
        /// Who can answer; `one_each` when silent.
        who: Option<At<Who>>,
        /// To whom the results are shown, and when; `after` when silent.
        results: Option<At<ShownTo>>,
        /// No smaller number of people is shown; 5 when silent, and never less.
        least: Option<At<i64>>,
        /// The finest level of places that is asked; no place is asked when silent.
        places: Option<At<Name>>,
        /// The question that asks for a place, by which the results are shown as well once the survey has ended; only together when silent.
        by_place: Option<At<Name>>,
        /// Who reads the results and the texts at the desk.
        run_by: RunByYaml,
        /// The questions, in the order in which they are asked: text, number, decimal, `yes_no`, choice, choices, place or rating.
        questions: Questions,
        /// The words of the questions in other languages: by language, and then by question.
        translations: Option<Node>,
    }
}

shape! {
    /// A post of a service that the town offers.
    pub(crate) struct RunByYaml {
        /// The service, by the name of its folder.
        service: At<String>,
        /// The role of that service.
        role: At<Name>,
    }
}
