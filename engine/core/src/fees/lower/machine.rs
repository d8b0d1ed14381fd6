//! The functions of a file of rules as closures, with and without the recording of steps.

use super::bound::Bound;
use super::build::Known;
use super::closure::{Code, Maker};
use super::frame::{Exit, Frame, Out};
use super::value::Value;

/// All functions, as they were built.
pub(super) struct Machine {
    plain: Vec<Option<Made>>,
    recording: Vec<Option<Made>>,
}

/// A function.
pub(super) struct Made {
    body: Code,
    cost: u64,
}

impl Machine {
    pub(super) fn new(bound: &Bound, functions: &[Known]) -> Self {
        let make = |steps: bool| {
            let maker = Maker { bound, steps };
            let made = |function: &Known| match function {
                Known::Built(defined) => Some(Made { body: maker.block(&defined.body), cost: defined.cost }),
                Known::Building => None,
            };
            functions.iter().map(made).collect()
        };
        Self { plain: make(false), recording: make(true) }
    }

    /// The function at a place.
    pub(super) fn function(&self, place: usize, steps: bool) -> &Made {
        let all = if steps { &self.recording } else { &self.plain };
        all[place].as_ref().expect("what is called was built")
    }
}

impl Made {
    /// Runs it; its arguments are in its first slots.
    pub(super) fn run(&self, frame: &mut Frame<'_>) -> Out {
        frame.count(self.cost)?;
        match (self.body)(frame) {
            Err(Exit::Return) => Ok(std::mem::replace(&mut frame.returned, Value::Nothing)),
            Err(_) => Err(Exit::Stop),
            given => given,
        }
    }
}

impl std::fmt::Debug for Machine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} functions", self.plain.len())
    }
}
