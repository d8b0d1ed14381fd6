//! Steps that are kept with what they explain.

use std::ops::Deref;
use std::sync::Arc;

use super::Step;

/// How the amounts of a bill came about. Cheap to clone and to compare: a case is copied with every
/// command, and hardly any command changes how its bills came about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Steps(Arc<Vec<Step>>);

impl Steps {
    /// Puts further steps behind these.
    pub fn add(&mut self, more: &[Step]) {
        if !more.is_empty() {
            Arc::make_mut(&mut self.0).extend_from_slice(more);
        }
    }

    /// Takes the last step away that is the same as this one, if there is any.
    pub fn take_back(&mut self, step: &Step) {
        if let Some(at) = self.0.iter().rposition(|known| known == step) {
            Arc::make_mut(&mut self.0).remove(at);
        }
    }
}

impl Deref for Steps {
    type Target = [Step];

    fn deref(&self) -> &[Step] {
        &self.0
    }
}

impl From<Vec<Step>> for Steps {
    fn from(steps: Vec<Step>) -> Self {
        Self(Arc::new(steps))
    }
}

impl<'a> IntoIterator for &'a Steps {
    type Item = &'a Step;
    type IntoIter = std::slice::Iter<'a, Step>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(name: &str) -> Step {
        Step { name: name.to_owned(), value: "1".to_owned(), rates: Vec::new(), rounded: None }
    }

    #[test]
    fn a_copy_stays_as_it_was_whatever_is_added_or_taken_back() {
        let first = Steps::from(vec![step("tax"), step("interest")]);
        let mut second = first.clone();
        second.add(&[step("interest")]);
        assert_eq!((first.len(), second.len()), (2, 3));
        second.take_back(&step("tax"));
        second.take_back(&step("interest"));
        second.take_back(&step("no such step"));
        assert_eq!(second, Steps::from(vec![step("interest")]), "the last of two goes");
        assert_eq!(first.iter().map(|step| step.name.as_str()).collect::<Vec<_>>(), ["tax", "interest"]);
    }
}
