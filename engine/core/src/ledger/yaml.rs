//! `postings.yaml` and `accounts.yaml` as the author writes them.

use serde_json::{Value as Json, json};

use super::Side;
use crate::base::{Name, Text};
use crate::source::scalar::{Code, Scalar};
use crate::source::shape::{Definitions, shape};
use crate::source::{At, Diagnostics, Map, Node, NodeKind, Shape};

shape! {
    /// Which accounts the money of a service moves between. Each event posts one voucher.
    pub(crate) struct PostingsYaml {
        /// The fund of `accounts.yaml`.
        fund: At<Name>,
        /// The account of each head of `billing.yaml`.
        heads: Map<At<Code>>,
        /// The fee falls due.
        demand: PairYaml,
        /// What was owed in a register that is taken over from elsewhere, from periods that are over.
        opening: Option<PairYaml>,
        /// The money arrives.
        receipt: PairYaml,
        /// Money that no demand was waiting for.
        unapplied: PairYaml,
        /// A cheque that the bank did not honour is taken back; booked as a receipt the other way round.
        dishonour: Option<PairYaml>,
        /// Money that no demand was waiting for is paid back.
        refund: Option<PairYaml>,
        /// Money that no demand was waiting for is taken to another account of the same payer.
        set_off: Option<PairYaml>,
    }
}

shape! {
    /// Where an event posts: an account, `heads` (the account of each head) or `collection` (the account of the mode of payment).
    pub(crate) struct PairYaml {
        /// The debit side.
        debit: At<Side>,
        /// The credit side.
        credit: At<Side>,
    }
}

impl Scalar for Side {
    const WHAT: &'static str = "an account, `heads` or `collection`";
    const EXAMPLE: &'static str = "4313001";
    fn parse(text: &str, _quoted: bool) -> Option<Self> {
        match text {
            "heads" => Some(Self::Heads),
            "collection" => Some(Self::Collection),
            _ => Code::is_valid(text).then(|| Self::Account(text.to_owned())),
        }
    }
    fn schema() -> Json {
        json!({ "anyOf": [{ "enum": ["heads", "collection"] }, Code::schema()] })
    }
}

shape! {
    /// The chart of accounts, shared by all services.
    pub(crate) struct AccountsYaml {
        /// Funds by name.
        funds: Map<Wording>,
        /// What kind of account a code is, by the digits it begins with: assets, liabilities, income, expenses, equity.
        classes: Map<At<super::AccountClass>, Code>,
        /// The account of each mode of payment: cash, cheque, card, online.
        collection: Map<At<Code>>,
        /// Where it is booked that a till has another sum in it than it ought to. Nothing is booked when silent; the difference is stated on the sheet of the day all the same.
        cash_difference: Option<CashDifferenceYaml>,
        /// Accounts by code.
        accounts: Map<Wording, Code>,
    }
}

shape! {
    /// Where it is booked that a till has another sum in it than it ought to.
    pub(crate) struct CashDifferenceYaml {
        /// The fund.
        fund: At<Name>,
        /// The account of what is missing.
        short: At<Code>,
        /// The account of what is there beyond it.
        over: At<Code>,
    }
}

/// Words in place: in one language, or in several by language code.
#[derive(Clone, Debug)]
pub(crate) struct Wording(pub(crate) Text);

impl Shape for Wording {
    fn read(node: &Node, out: &mut Diagnostics) -> Option<Self> {
        if !matches!(node.kind, NodeKind::Map(_)) {
            return <At<String> as Shape>::read(node, out).map(|words| Self(Text::new(words.value)));
        }
        let by_language = <Map<At<String>> as Shape>::read(node, out)?;
        let written = by_language.0.first().map_or_else(String::new, |(_, words)| words.value.clone());
        let translations = by_language.0.into_iter().map(|(language, words)| (language.value.to_string(), words.value));
        Some(Self(Text { written, translations: translations.collect() }))
    }

    fn schema(_: &mut Definitions) -> Json {
        json!({ "anyOf": [{ "type": "string" }, { "type": "object", "additionalProperties": { "type": "string" } }] })
    }
}
