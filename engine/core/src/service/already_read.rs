//! What services have in common, read once by whoever comes first.

use super::files::Mentions;
use super::lists_read::ListsRead;
use super::registers_read::RegistersRead;
use crate::template::PapersRead;

/// What was read of a bundle: services share it, and may be compiled at the same time.
#[derive(Default)]
pub(super) struct AlreadyRead {
    pub(super) lists: ListsRead,
    pub(super) papers: PapersRead,
    pub(super) mentions: Mentions,
    pub(super) registers: RegistersRead,
}
