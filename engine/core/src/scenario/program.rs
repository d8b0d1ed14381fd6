//! What programs answer in scenarios and walks: nothing is run, it is said.

use super::given::Lead;
use super::walk::Chance;
use super::world::{Done, World};
use crate::base::Name;
use crate::case::{Actor, Answering, Asked, Command, ProgramUsed};

impl World<'_> {
    /// Whether a program was asked to answer this page and has not done so yet.
    pub(crate) fn waits_for(&self, page: &Name) -> bool {
        self.asked(page).is_some_and(|asked| asked.stands == Answering::Waits)
    }

    fn asked(&self, page: &Name) -> Option<&Asked> {
        self.case.programs.iter().find(|asked| asked.page == *page)
    }

    /// The program answers the page so.
    pub(crate) fn answered(&self, page: &Name, answers: serde_json::Value) -> Command {
        let asked = self.asked(page).map_or(0, |asked| asked.version);
        let said = || "said".to_owned();
        let by = ProgramUsed { name: said(), version: said(), digest: said() };
        Command::Answered { page: page.clone(), asked, answers, by }
    }

    /// The program cannot answer the page.
    pub(crate) fn failed(&self, page: &Name) -> Command {
        let asked = self.asked(page).map_or(0, |asked| asked.version);
        Command::Failed { page: page.clone(), asked, why: "said".to_owned() }
    }
}

/// Of the pages that programs were asked to answer, the first that waits.
pub(super) fn waiting(world: &World<'_>) -> Option<Name> {
    let waits = |asked: &&Asked| asked.stands == Answering::Waits;
    world.case.programs.iter().find(waits).map(|asked| asked.page.clone())
}

/// The program answers by chance, and now and then cannot.
pub(super) fn by_chance(world: &mut World<'_>, page: &Name, chance: &mut dyn Chance) -> Vec<Done> {
    let service = world.service;
    let command = match service.form.page(page).filter(|_| chance.below(6) > 0) {
        Some(asked) => {
            let answers = Lead::by_chance(service, world.now.day(), chance).answers(world, asked, chance);
            world.answered(page, answers)
        }
        None => world.failed(page),
    };
    let mut outcomes: Vec<Done> = world.apply(&Actor::system(), &command).into_iter().collect();
    outcomes.extend(world.settle_clock());
    outcomes
}
