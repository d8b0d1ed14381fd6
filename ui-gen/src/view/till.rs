//! Tills: what an employee takes over the counter in a day, counted and confirmed.

use serde::Serialize;

use super::common::{ActionLink, Row, Tag};
use super::field::FieldView;
use super::money::Voucher;

/// `/{tenant}/desk/tills`: one's own tills, or those of everybody whose counts one confirms.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Tills {
    /// What can be done: open one, go to the open one.
    pub actions: Vec<ActionLink>,
    /// The tills, the newest first.
    pub rows: Vec<TillRow>,
}

/// A till in a list.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TillRow {
    /// Its page.
    pub href: String,
    /// Its number.
    pub number: String,
    /// The day.
    pub day: String,
    /// Whose it is.
    pub who: String,
    /// The counter; empty where the town tells none apart.
    pub counter: String,
    /// What was missing or left over of the cash; empty while it is not counted.
    pub difference: String,
    /// Open, waiting for confirmation, closed.
    pub state: Tag,
}

/// `/{tenant}/desk/tills/{till}`: the sheet of the day.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Till {
    /// Its number.
    pub number: String,
    /// Open, waiting for confirmation, closed.
    pub state: Tag,
    /// Whose, where, when; who counted and confirmed.
    pub rows: Vec<Row>,
    /// What ought to be there, and what is, by mode.
    pub sums: Vec<TillSum>,
    /// Whether it was counted.
    pub counted: bool,
    /// The notes and coins that were counted.
    pub pieces: Vec<TillPieces>,
    /// Their sum.
    pub cash: String,
    /// Cheques and drafts in it.
    pub cheques: Vec<TillCheque>,
    /// What was taken.
    pub receipts: Vec<TillReceipt>,
    /// What was posted, or will be once the count is confirmed.
    pub vouchers: Vec<Voucher>,
    /// What can be done with it.
    pub actions: Vec<ActionLink>,
    /// Why nothing can; empty where something can, and where nothing is left to do.
    pub why: String,
    /// Where the form posts that confirms the count or sends it back (`decision`); empty where the reader
    /// does not decide.
    pub action: String,
    /// The words that go with it.
    pub fields: Vec<FieldView>,
}

/// One mode of a till.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TillSum {
    /// Cash, cheque …
    pub mode: String,
    /// How many receipts.
    pub receipts: String,
    /// What ought to be there.
    pub expected: String,
    /// What was counted; empty before.
    pub counted: String,
    /// In words and to the paisa: right, missing, left over; no words before it was counted.
    pub difference: Tag,
}

/// Notes of one worth, or the coins.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TillPieces {
    /// What one is worth, or *Coins*.
    pub worth: String,
    /// How many; empty for coins.
    pub number: String,
    /// What they are worth together.
    pub amount: String,
}

/// A cheque or draft.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TillCheque {
    /// Its number.
    pub number: String,
    /// The bank.
    pub bank: String,
    /// The day on it.
    pub dated: String,
    /// How much.
    pub amount: String,
    /// The receipt it was taken for.
    pub receipt: String,
    /// The receipt's page; empty where the reader may not see it.
    pub href: String,
}

/// A receipt of a till.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TillReceipt {
    /// Its page; empty where the reader may not see it.
    pub href: String,
    /// Its number.
    pub number: String,
    /// Mode.
    pub mode: String,
    /// Slip, transaction.
    pub reference: String,
    /// Amount.
    pub amount: String,
    /// Whether it counts, or who took it back.
    pub state: Tag,
}

/// `/{tenant}/desk/tills/{till}/count`
#[derive(Debug, Clone, Default, Serialize)]
pub struct CountTill {
    /// Its number.
    pub number: String,
    /// Why it is to be counted again; empty at first.
    pub again: String,
    /// Notes, coins, the sums of the other modes, and the reason where something differs.
    pub fields: Vec<FieldView>,
    /// What was counted beside what ought to be there; none before something was typed.
    pub sums: Vec<TillSum>,
    /// Whether those were counted.
    pub counted: bool,
    /// Where the form posts.
    pub action: String,
    /// The name of the button.
    pub submit: String,
    /// The till's own page.
    pub till: String,
}
