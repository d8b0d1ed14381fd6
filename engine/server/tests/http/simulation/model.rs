//! What the world outside knows, held against what the program wrote: after every step.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use engine::base::Name;
use engine::case::Case;
use engine::service::Service;
use engine::workflow::APPLICANT;
use server::store::events::{self, Event, Head};
use server::store::{Store, cases, json, receipts, vouchers};

use super::deeds::{Deed, Told};
use super::outside::Outside;
use super::stage::{ground, officer};

/// What was asked under a key, and what was heard of it.
pub(super) struct Promise {
    pub(super) deed: Deed,
    /// The event that was told.
    pub(super) told: Option<i64>,
    /// Whether nobody knows.
    pub(super) unknown: bool,
}

/// What is known of a town.
#[derive(Default)]
pub(super) struct Known {
    pub(super) head: Option<Head>,
    /// Cases as they were after the last step.
    pub(super) cases: BTreeMap<String, Case>,
    /// Keys of events.
    pub(super) keys: BTreeMap<String, i64>,
    /// Payments and the receipts that acknowledge them.
    payments: BTreeMap<String, String>,
    /// The last number of each series.
    series: BTreeMap<String, u64>,
    numbers: BTreeSet<String>,
    /// Messages and papers that were promised: case and name.
    pub(super) notices: Vec<(String, String)>,
    pub(super) papers: Vec<(String, String)>,
}

/// What is known of everything.
pub(super) struct Model {
    pub(super) promises: BTreeMap<(String, String), Promise>,
    pub(super) towns: BTreeMap<String, Known>,
    pub(super) outside: Arc<Mutex<Outside>>,
}

/// Something that must not be.
pub(super) type Wrong = String;

impl Model {
    pub(super) fn new(towns: &[&str], outside: Arc<Mutex<Outside>>) -> Self {
        let towns = towns.iter().map(|town| ((*town).to_owned(), Known::default())).collect();
        Self { promises: BTreeMap::new(), towns, outside }
    }

    /// Somebody asks.
    pub(super) fn asked(&mut self, deed: &Deed) {
        if let Some((town, key)) = deed.key() {
            let promise = Promise { deed: deed.clone(), told: None, unknown: false };
            self.promises.entry((town.to_owned(), key.to_owned())).or_insert(promise);
        }
    }

    /// What nobody knows the end of.
    pub(super) fn unknown(&self) -> Vec<Deed> {
        self.promises.values().filter(|promise| promise.unknown).map(|promise| promise.deed.clone()).collect()
    }

    /// Somebody was told what came of it.
    pub(super) fn told(&mut self, deed: &Deed, told: &Told) -> Result<(), Wrong> {
        if let Told::Broke(why) = told {
            return Err(format!("a run broke off: {why}"));
        }
        let Some((town, key)) = deed.key() else { return Ok(()) };
        let known = self.towns[town].keys.get(key).copied();
        let promise = self.promises.get_mut(&(town.to_owned(), key.to_owned())).expect("it was asked");
        match told {
            Told::Acted { event, .. } => {
                if known != Some(*event) || promise.told.is_some_and(|before| before != *event) {
                    return Err(format!(
                        "{key} was told event {event}, recorded is {known:?}, told before {:?}",
                        promise.told
                    ));
                }
                (promise.told, promise.unknown) = (Some(*event), false);
            }
            Told::Refused(why) => {
                if known.is_some() {
                    return Err(format!("{key} was refused ({why}), and is recorded as event {known:?}"));
                }
                promise.unknown = false;
            }
            Told::Unknown(_) => promise.unknown = promise.told.is_none(),
            Told::Done | Told::Broke(_) => {}
        }
        Ok(())
    }

    /// Reads what was written since the last step and holds it to everything that must be so.
    pub(super) async fn look(&mut self, store: &Store) -> Result<(), Wrong> {
        for town in self.towns.keys().cloned().collect::<Vec<_>>() {
            let mut tx = store.read(&town).await.map_err(in_words)?;
            let head = events::head(&mut tx).await.map_err(in_words)?;
            let before = self.towns[&town].head.clone().unwrap_or(Head { seq: 0, hash: String::new() });
            if head == before {
                continue;
            }
            let new = events::all(&mut tx, before.seq, 10_000).await.map_err(in_words)?;
            let mut last = before;
            let mut touched = BTreeSet::new();
            for event in &new {
                if (event.seq, &event.previous_hash) != (last.seq + 1, &last.hash) {
                    return Err(format!("event {} of {town} does not follow event {}", event.seq, last.seq));
                }
                last = Head { seq: event.seq, hash: event.hash.clone() };
                self.hear(&town, event).map_err(|wrong| format!("event {} of {town}: {wrong}", event.seq))?;
                touched.extend(event.case.clone());
            }
            if last != head {
                return Err(format!("the chain of {town} ends at {}, and its last event is {}", head.seq, last.seq));
            }
            let known = self.towns.get_mut(&town).expect("it is there");
            known.head = Some(head);
            for case in touched {
                let now = cases::load(&mut tx, &case).await.map_err(in_words)?.ok_or("a case with events is gone")?;
                known.look_at_books(&mut tx, &case).await?;
                known.look_at(&case, now)?;
            }
        }
        self.outside.lock().unwrap().wrong.first().cloned().map_or(Ok(()), Err)
    }

    fn hear(&mut self, town: &str, event: &Event) -> Result<(), Wrong> {
        let word = event.command["word"].as_str().unwrap_or_default();
        self.asked_for(town, event, word)?;
        let outside = Arc::clone(&self.outside);
        let known = self.towns.get_mut(town).expect("it is there");
        if let Some(key) = &event.key
            && known.keys.insert(key.clone(), event.seq).is_some()
        {
            return Err(format!("the key {key} was recorded twice"));
        }
        let Some(case) = event.case.as_deref() else { return Ok(()) };
        known.numbered(event)?;
        if event.version.is_none() {
            return Ok(());
        }
        known.follows(event, case, word)?;
        match word {
            "act" => allowed(known, event, case)?,
            "receive" => paid(event, &outside.lock().unwrap(), town, case)?,
            "elapse" => {
                let wake_ms = known.cases.get(case).and_then(|case| case.wake_ms);
                if wake_ms.is_none_or(|wake_ms| wake_ms > event.at_ms) {
                    return Err(format!("the clock of {case} was due at {wake_ms:?}, and came at {}", event.at_ms));
                }
            }
            _ => {}
        }
        known.promised(event, case);
        Ok(())
    }

    /// Whoever did something had asked for it, just so.
    fn asked_for(&self, town: &str, event: &Event, word: &str) -> Result<(), Wrong> {
        if event.actor_kind == "system" {
            let own = !matches!(word, "open" | "fill" | "act" | "note" | "assign" | "save");
            return if own { Ok(()) } else { Err(format!("nobody asked for `{word}`")) };
        }
        let key = event.key.as_deref().ok_or_else(|| format!("`{word}` was recorded without its key"))?;
        let promise = self.promises.get(&(town.to_owned(), key.to_owned()));
        let same = match promise.map(|promise| &promise.deed) {
            Some(Deed::Open { service, citizen, .. }) => {
                word == "open" && event.command["service"] == **service && event.actor == *citizen
            }
            Some(Deed::Bring { case, actor, command, .. }) => {
                let whole = (event.case.as_deref(), event.actor.as_str(), &event.command);
                whole == (Some(case.as_str()), actor.person.as_str(), &json::command(command))
            }
            _ => false,
        };
        if same { Ok(()) } else { Err(format!("`{word}` of {} under {key} was not asked for", event.actor)) }
    }
}

impl Known {
    /// Numbers are given in the order of events, without gaps.
    fn numbered(&mut self, event: &Event) -> Result<(), Wrong> {
        let outcome = &event.outcome;
        let mut given: Vec<&str> =
            outcome["vouchers"].as_array().into_iter().flatten().filter_map(|n| n.as_str()).collect();
        given.extend(outcome["case"]["number"].as_str());
        given.extend(outcome["receipt"]["number"].as_str());
        given.extend(outcome["record"]["number"].as_str());
        for number in given {
            if !self.numbers.insert(number.to_owned()) {
                continue;
            }
            let (series, serial) = number.rsplit_once('/').ok_or_else(|| format!("`{number}` has no series"))?;
            let serial: u64 = serial.parse().map_err(|_| format!("`{number}` has no serial"))?;
            let last = self.series.entry(series.to_owned()).or_default();
            if serial != *last + 1 {
                return Err(format!("`{number}` follows number {last} of its series"));
            }
            *last = serial;
        }
        // A voucher or a receipt that was there before is nobody's to give again.
        let fresh = outcome["receipt"]["payment"]["key"].as_str().filter(|_| outcome["receipt"]["cancelled"] != true);
        if let (Some(payment), Some(receipt)) = (fresh, outcome["receipt"]["number"].as_str())
            && let Some(before) = self.payments.insert(payment.to_owned(), receipt.to_owned())
        {
            return Err(format!("the payment {payment} has the receipts {before} and {receipt}"));
        }
        Ok(())
    }

    /// A case goes on from where it stood.
    fn follows(&self, event: &Event, case: &str, word: &str) -> Result<(), Wrong> {
        let before = self.cases.get(case).map(|case| (case.version, case.state.as_str()));
        let from = event.outcome["from"].as_str();
        let right = match before {
            None => word == "open",
            Some((version, state)) => event.version == Some(version + 1) && from == Some(state),
        };
        if right {
            Ok(())
        } else {
            Err(format!("`{word}` brings {case} from {before:?} to {:?} of {from:?}", event.version))
        }
    }

    fn promised(&mut self, event: &Event, case: &str) {
        let outcome = &event.outcome;
        for order in outcome["notices"].as_array().into_iter().flatten() {
            self.notices.push((case.to_owned(), order[0].as_str().unwrap_or_default().to_owned()));
        }
        for paper in outcome["papers"].as_array().into_iter().flatten() {
            self.papers.push((case.to_owned(), paper.as_str().unwrap_or_default().to_owned()));
        }
        // What comes next is held against where this event leads.
        let stand = self.cases.remove(case);
        if let Some(mut stand) = stand {
            stand.version = event.version.expect("it moved the case");
            stand.state = Name::new(outcome["to"].as_str().unwrap_or_default());
            stand.wake_ms = None;
            self.cases.insert(case.to_owned(), stand);
        }
    }

    /// The row of a case is where its events lead, under the definition with which it began.
    fn look_at(&mut self, id: &str, now: Case) -> Result<(), Wrong> {
        if let Some(before) = self.cases.get(id) {
            let told = (before.version, &before.state, &before.definition, &before.applicant);
            if told != (now.version, &now.state, &now.definition, &now.applicant) {
                return Err(format!("the case {id} is at {:?}, by its events at {told:?}", (now.version, &now.state)));
            }
        }
        self.cases.insert(id.to_owned(), now);
        Ok(())
    }

    async fn look_at_books(&self, tx: &mut server::store::Tx, case: &str) -> Result<(), Wrong> {
        for voucher in vouchers::by_case(tx, case).await.map_err(in_words)? {
            let sum: i64 = voucher.lines.iter().map(|(_, paise)| paise).sum();
            if sum != 0 {
                return Err(format!("the voucher {} is out of balance by {sum}", voucher.number));
            }
        }
        for kept in receipts::by_case(tx, case).await.map_err(in_words)? {
            if self.payments.get(&kept.receipt.payment.key) != Some(&kept.receipt.number) {
                return Err(format!("the receipt {} is in no event", kept.receipt.number));
            }
        }
        Ok(())
    }
}

/// Whoever acted held a role for which the action was open, in the definition of the case.
fn allowed(known: &Known, event: &Event, case: &str) -> Result<(), Wrong> {
    let case = known.cases.get(case).ok_or("an act on a case that is not there")?;
    let (action, role) = (event.outcome["action"].as_str(), event.outcome["role"].as_str().unwrap_or_default());
    let service = service_of(case).ok_or("a definition that nobody published")?;
    let state = service.workflow.state(&case.state).ok_or("a state that is not there")?;
    let action = state.actions.iter().find(|one| Some(one.name.as_str()) == action).ok_or("no such action here")?;
    let open = action.roles().iter().any(|open| *open.value == *role);
    let holds =
        if role == APPLICANT { event.actor == case.applicant } else { event.actor == officer(&Name::new(role)) };
    if open && holds { Ok(()) } else { Err(format!("{} acted as {role}, and may not `{}`", event.actor, action.name)) }
}

/// Money that was received came: the gateway knows it, for this case and this much.
fn paid(event: &Event, outside: &Outside, town: &str, case: &str) -> Result<(), Wrong> {
    let payment = &event.command["payment"];
    let (reference, paise) = (payment["reference"].as_str(), payment["amount"].as_i64());
    let order = outside.orders.values().find(|order| order.payment.is_some() && order.payment.as_deref() == reference);
    let order = order.ok_or_else(|| format!("the payment {reference:?} never came"))?;
    let for_case = order.request.return_url.contains(&format!("/{town}/cases/{case}/"));
    if for_case && paise == Some(order.request.amount_paise) {
        Ok(())
    } else {
        Err(format!("{payment} was received, and came as {:?}", order.request))
    }
}

/// The definition that a case began with, whichever node has it.
pub(super) fn service_of(case: &Case) -> Option<Arc<Service>> {
    let mut libraries = ground().libraries.iter().map(|library| library.now());
    libraries.find_map(|loaded| loaded.catalogue.by_digest(&case.definition).cloned())
}

#[expect(clippy::needless_pass_by_value, reason = "a function for `map_err`")]
pub(super) fn in_words(error: server::store::Error) -> Wrong {
    format!("the store fails where nobody stands in its way: {error}")
}
