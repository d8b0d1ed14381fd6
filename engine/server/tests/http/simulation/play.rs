//! The director: time, chance, and who goes on next. One run goes on at a time, until it waits again or
//! has ended; then everything that was written is looked at.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use engine::scenario::walk::{Chance as _, Seeded};
use server::store::verify::verify;
use server::store::{Fate, Point};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;

use super::deeds::{Deed, Told};
use super::gate::{Gate, Heard, Plant, Stop, Writer};
use super::model::{Model, Wrong, in_words};
use super::outside::{Lines, Outside};
use super::stage::{Stage, TOWNS, ground};

/// Runs that are on their way at a time.
const AT_ONCE: usize = 4;
/// How long the director waits for a run before something must be stuck. Nothing depends on it else.
const PATIENCE: Duration = Duration::from_mins(1);

/// What went wrong with a seed, and how it came to it.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) seed: u64,
    step: usize,
    wrong: Wrong,
    last: Vec<String>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seed, step, wrong, last } = self;
        writeln!(f, "seed {seed}, step {step}: {wrong}\nthe last steps:")?;
        last.iter().try_for_each(|line| writeln!(f, "  {line}"))?;
        writeln!(f, "again with: SEED={seed} cargo nextest run --release -E 'test(simulation)'")
    }
}

/// Somebody on the way.
struct Run {
    node: usize,
    deed: Deed,
    waits: Option<(Stop, oneshot::Sender<Fate>)>,
}

/// One seed, while it is played.
pub(super) struct Play {
    pub(super) seed: u64,
    pub(super) chance: Seeded,
    pub(super) stage: Stage,
    pub(super) model: Model,
    pub(super) outside: Arc<Mutex<Outside>>,
    /// Per cent of everything that goes wrong; none at the end.
    pub(super) faults: u64,
    /// How many keys were given.
    pub(super) keys: usize,
    /// Deeds that somebody may do again: whoever does not know, or presses twice.
    pub(super) orders: Vec<Deed>,
    plant: Option<Plant>,
    runs: BTreeMap<usize, Run>,
    begun: usize,
    writer: Writer,
    tell: UnboundedSender<Heard>,
    hear: UnboundedReceiver<Heard>,
    pub(super) steps: Vec<String>,
}

impl Play {
    pub(super) async fn open(seed: u64, plant: Option<Plant>) -> Self {
        let (tell, hear) = unbounded_channel();
        let outside = Arc::new(Mutex::new(Outside::default()));
        let mut chance = Seeded(seed);
        let faults = [0, 3, 10, 25][usize::try_from(chance.below(4)).unwrap()];
        Self {
            seed,
            chance,
            stage: Stage::open(seed).await,
            model: Model::new(&TOWNS, Arc::clone(&outside)),
            outside,
            faults,
            keys: 0,
            orders: Vec::new(),
            plant,
            runs: BTreeMap::new(),
            begun: 0,
            writer: Writer::default(),
            tell,
            hear,
            steps: Vec::new(),
        }
    }

    /// What is wrong, with the way to it.
    pub(super) fn failure(self, wrong: Wrong) -> Failure {
        let step = self.steps.len();
        let last = self.steps[step.saturating_sub(20)..].to_vec();
        Failure { seed: self.seed, step, wrong, last }
    }

    pub(super) fn note(&mut self, line: impl fmt::Display) {
        let at = engine::base::Moment::new(self.stage.now_ms, 330);
        self.steps.push(format!("{} {:02}:{:02} {line}", at.day(), at.minute() / 60, at.minute() % 60));
    }

    pub(super) fn pick(&mut self, count: usize) -> usize {
        usize::try_from(self.chance.below(u64::try_from(count).unwrap())).unwrap()
    }

    pub(super) fn in_hundred(&mut self, per_cent: u64) -> bool {
        self.chance.below(100) < per_cent
    }

    /// One step: somebody begins, or whoever waits goes on.
    pub(super) async fn step(&mut self) -> Result<(), Wrong> {
        let may: Vec<usize> = self.may_go_on();
        if !may.is_empty() && (self.runs.len() >= AT_ONCE || self.in_hundred(75)) {
            let run = may[self.pick(may.len())];
            return self.go_on(run).await;
        }
        match self.chance.below(100) {
            0..30 => self.time_passes().await,
            30..33 => self.clock_jumps(),
            33..35 => self.other_definitions(),
            _ => match self.next_deed() {
                Some(deed) => return self.begin(deed).await,
                None => self.time_passes().await,
            },
        }
        Ok(())
    }

    /// Somebody begins; sometimes twice at once, as whoever presses a button twice.
    async fn begin(&mut self, deed: Deed) -> Result<(), Wrong> {
        if deed.key().is_some() && self.runs.len() + 1 < AT_ONCE && self.in_hundred(8) {
            self.start(deed.clone()).await?;
        }
        self.start(deed).await
    }

    pub(super) async fn start(&mut self, deed: Deed) -> Result<(), Wrong> {
        let (run, node) = (self.begun, self.pick(2));
        self.begun += 1;
        self.model.asked(&deed);
        let (tell, writer) = (self.tell.clone(), Arc::clone(&self.writer));
        let gate = Arc::new(Gate { run, tell: tell.clone(), writer, plant: self.plant });
        let app = self.stage.app(node, Lines { gate, outside: Arc::clone(&self.outside) });
        self.note(format_args!("run {run} begins on node {node}: {deed:?}"));
        self.runs.insert(run, Run { node, deed: deed.clone(), waits: None });
        let work = tokio::spawn(async move { deed.run(&app).await });
        tokio::spawn(async move {
            let told = work.await.unwrap_or_else(|error| Told::Broke(error.to_string()));
            let _ = tell.send(Heard::Ended { run, told });
        });
        self.listen(run).await
    }

    /// Runs that can be let go: whoever wants to write waits until nobody else writes.
    fn may_go_on(&self) -> Vec<usize> {
        let taken = self.writer.lock().unwrap().is_some();
        let may = |run: &Run| match &run.waits {
            Some((stop, _)) => !taken || *stop != Stop::Store(Point::Begin),
            None => false,
        };
        self.runs.iter().filter(|(_, run)| may(run)).map(|(number, _)| *number).collect()
    }

    async fn go_on(&mut self, number: usize) -> Result<(), Wrong> {
        let (stop, go) = self.runs.get_mut(&number).and_then(|run| run.waits.take()).expect("it waits");
        let fate = self.fate(stop);
        let node = self.runs[&number].node;
        self.note(format_args!("run {number} on node {node} goes on at {stop:?}: {fate:?}"));
        if stop == Stop::Store(Point::Begin) && fate == Fate::Done {
            *self.writer.lock().unwrap() = Some(number);
        }
        go.send(fate).map_err(|_| "a run went away while it waited".to_owned())?;
        self.listen(number).await
    }

    fn fate(&mut self, stop: Stop) -> Fate {
        let mostly = if stop == Stop::Store(Point::Read) { self.faults / 4 } else { self.faults };
        if !self.in_hundred(mostly) {
            return Fate::Done;
        }
        [Fate::Refused, Fate::AnswerLost, Fate::Lost][self.pick(3)]
    }

    /// Waits until the run that goes on waits again or has ended, and looks at what was written.
    async fn listen(&mut self, number: usize) -> Result<(), Wrong> {
        let heard = tokio::time::timeout(PATIENCE, self.hear.recv()).await;
        match heard.map_err(|_| format!("run {number} is stuck"))?.expect("the director can tell as well") {
            Heard::Waits { run, stop, go } => {
                assert_eq!(run, number, "one run goes on at a time");
                self.runs.get_mut(&run).expect("it is on its way").waits = Some((stop, go));
                self.model.look(&self.stage.store).await
            }
            Heard::Ended { run, told } => {
                assert_eq!(run, number, "one run goes on at a time");
                let Run { deed, .. } = self.runs.remove(&run).expect("it was on its way");
                self.note(format_args!("run {run} has ended: {told:?}"));
                self.model.look(&self.stage.store).await?;
                if let (Deed::Order { reference, .. }, Told::Done) = (&deed, &told) {
                    self.outside.lock().unwrap().show(reference);
                }
                self.model.told(&deed, &told)
            }
        }
    }

    /// Does something alone and without faults, to its end.
    pub(super) async fn alone(&mut self, deed: Deed) -> Result<(), Wrong> {
        let run = self.begun;
        self.start(deed).await?;
        while self.runs.contains_key(&run) {
            self.go_on(run).await?;
        }
        Ok(())
    }

    /// Whoever is on the way gets to the end.
    pub(super) async fn everybody_ends(&mut self) -> Result<(), Wrong> {
        loop {
            let may = self.may_go_on();
            let Some(run) = may.first() else { break };
            self.go_on(*run).await?;
        }
        let stuck: Vec<&usize> = self.runs.keys().collect();
        if stuck.is_empty() { Ok(()) } else { Err(format!("nobody lets {stuck:?} go on")) }
    }

    /// Time passes: minutes mostly, hours in the evening, or until something is due.
    async fn time_passes(&mut self) {
        let minutes = match self.chance.below(10) {
            0..5 => self.chance.between(0, 20),
            5..8 => self.chance.between(20, 300),
            8 => self.chance.between(6 * 60, 72 * 60),
            _ => 0,
        };
        let mut ms = minutes * 60_000 + self.chance.between(0, 59_999);
        if minutes == 0
            && let Some(due_ms) = self.next_due().await
        {
            ms = (due_ms - self.stage.now_ms).max(0) + self.chance.between(0, 1);
        }
        self.stage.wait(ms);
        self.note("time has passed");
    }

    /// The clock of a node jumps: by seconds, by minutes, by a day; or is set right.
    fn clock_jumps(&mut self) {
        const JUMPS: [i64; 6] = [0, 0, 1_500, 300_000, 3_600_000, 86_400_000];
        let (node, ahead_ms) = (self.pick(2), JUMPS[self.pick(JUMPS.len())]);
        self.stage.nodes[node].ahead_ms = if self.chance.below(2) == 0 { ahead_ms } else { -ahead_ms };
        self.stage.wait(0);
        let ahead_ms = self.stage.nodes[node].ahead_ms;
        self.note(format_args!("the clock of node {node} goes {ahead_ms} ms ahead"));
    }

    /// A node is started again with the definitions that come after, or with those from before.
    fn other_definitions(&mut self) {
        let (node, version) = (self.pick(2), self.pick(2));
        self.stage.nodes[node].library = Arc::clone(&ground().libraries[version]);
        self.note(format_args!("node {node} has version {version} of the definitions"));
    }

    /// Everything is read again, as an auditor would.
    pub(super) async fn prove(&mut self) -> Result<(), Wrong> {
        for (town, known) in &self.model.towns {
            let mut tx = self.stage.store.read(town).await.map_err(in_words)?;
            let findings = verify(&mut tx, known.head.as_ref()).await.map_err(in_words)?;
            if !findings.is_empty() {
                return Err(format!("the proof of {town} finds {findings:?}"));
            }
        }
        Ok(())
    }
}
