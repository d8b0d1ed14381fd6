//! Every limit of what is taken in, in one place.

/// Files of one import.
pub const FILES: usize = 20_000;
/// Bytes of one file of an import; boundaries of a large town are some megabytes.
pub const FILE_BYTES: u64 = 32 << 20;
/// Bytes of all files of an import together.
pub const BYTES: u64 = 1 << 30;
/// Folders inside of each other.
pub const DEPTH: usize = 12;
/// How deep a workflow may be wrapped: a collection of requests has folders with requests with bodies.
pub const NESTING: usize = 24;
/// Examples of one kind of finding that people are shown; a program is told all of them.
pub const SHOWN: usize = 12;
