//! A value and where it was written.

use std::sync::Arc;

/// A stretch of bytes in a file of a bundle.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Where {
    /// The file's path in its bundle.
    pub file: Arc<str>,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Where {
    /// The beginning of `file`, for what is wrong with a file as a whole.
    pub fn file(file: &Arc<str>) -> Self {
        Self { file: Arc::clone(file), start: 0, end: 0 }
    }

    /// The bytes from `start` to `end`, counted from the beginning of this stretch.
    #[must_use]
    pub fn part(&self, start: usize, end: usize) -> Self {
        Self { file: Arc::clone(&self.file), start: self.start + start, end: self.start + end }
    }
}

/// A value with the place that it was read from, so that an error found late still points to the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At<T> {
    /// What was written.
    pub value: T,
    /// Where.
    pub at: Where,
}

impl<T> At<T> {
    /// `value`, as written at `at`.
    pub fn new(value: T, at: Where) -> Self {
        Self { value, at }
    }

    /// The same place, another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> At<U> {
        At { value: change(self.value), at: self.at }
    }
}

impl<T> std::ops::Deref for At<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}
