//! A town to be tried: its definitions, its store in a directory of its own, a clock that stands,
//! and chance that is the same on every run.

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use connectors::Messenger;
use connectors::message::{Message, MessageConfig};
use engine::base::date::parse_day;
use engine::base::{Moment, Name};
use engine::case::{Actor, ActorKind, Case, Command, command};
use engine::source::Bundle;
use engine::tenant::Tenant;
use server::app::{App, Given};
use server::chance::{Chance, Clock};
use server::config::Config;
use server::store::cases;
use server::{act, http, library, work};
use tempfile::TempDir;

/// The town in which most is tried.
pub(crate) const TOWN: &str = "riverton";
/// Its state, where citizens are known.
pub(crate) const STATE: &str = "aland";

/// A town with everything that runs it.
pub(crate) struct Town {
    pub(crate) app: Arc<App>,
    pub(crate) router: Router,
    pub(crate) data: TempDir,
}

impl Town {
    /// A town on a Monday morning, 6 April 2026.
    pub(crate) async fn open() -> Self {
        Self::with(|_| ()).await
    }

    /// The same, run in another way.
    pub(crate) async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let morning = Moment::at(parse_day("2026-04-06").unwrap(), 10 * 60, 330);
        Self::start(tempfile::tempdir().unwrap(), change, |own| own, (bundle(), morning.ms)).await
    }

    /// The same, with other definitions.
    pub(crate) async fn defined(config: impl FnOnce(&mut Config), definitions: impl FnOnce(&mut Bundle)) -> Self {
        let morning = Moment::at(parse_day("2026-04-06").unwrap(), 10 * 60, 330);
        let mut bundle = bundle();
        definitions(&mut bundle);
        Self::start(tempfile::tempdir().unwrap(), config, |own| own, (bundle, morning.ms)).await
    }

    /// The same, with another messenger around its own.
    pub(crate) async fn sending(wrap: impl FnOnce(Arc<dyn Messenger>) -> Arc<dyn Messenger>) -> Self {
        let morning = Moment::at(parse_day("2026-04-06").unwrap(), 10 * 60, 330);
        Self::start(tempfile::tempdir().unwrap(), |_| (), wrap, (bundle(), morning.ms)).await
    }

    /// The same town after the program was started again; its definitions may have changed meanwhile.
    pub(crate) async fn again(self, change: impl FnOnce(&mut Bundle)) -> Self {
        let Self { app, router, data } = self;
        let now_ms = app.clock.now_ms();
        drop((router, app));
        let mut bundle = bundle();
        change(&mut bundle);
        Self::start(data, |_| (), |own| own, (bundle, now_ms)).await
    }

    async fn start(
        data: TempDir,
        change: impl FnOnce(&mut Config),
        wrap: impl FnOnce(Arc<dyn Messenger>) -> Arc<dyn Messenger>,
        (bundle, now_ms): (Bundle, i64),
    ) -> Self {
        let outbox = connectors::message::file::FileConfig { path: "outbox.jsonl".into() };
        let mut config = Config {
            data_dir: data.path().to_owned(),
            demo: true,
            // Nothing of it outlives the test, and nothing here is about what a disk keeps.
            filling: true,
            implementer: true,
            message: MessageConfig::File(outbox),
            ..Config::default()
        };
        change(&mut config);
        if config.database.is_none() {
            config.database = crate::nodes::wanted(data.path()).await;
        }
        let given = Given { clock: Clock::at(now_ms), chance: Chance::seeded(7), bundle: Some(bundle) };
        let mut app = App::open(config, given).await.unwrap();
        let opened = Arc::get_mut(&mut app).unwrap();
        opened.messenger = wrap(Arc::clone(&opened.messenger));
        let wrong = app.library.now().diagnostics.clone();
        assert!(wrong.0.is_empty(), "the definitions of the tests are wrong: {wrong:#?}");
        Self { router: http::router(&app), app, data }
    }

    /// The tenant.
    pub(crate) fn tenant(&self) -> Arc<Tenant> {
        Arc::clone(self.app.library.now().tenant(TOWN).unwrap())
    }

    /// Moves the clock on.
    pub(crate) fn wait_ms(&self, ms: i64) {
        self.app.clock.set(self.app.clock.now_ms() + ms);
    }

    /// Does what waits to be done.
    pub(crate) async fn work(&self) -> work::Done {
        let done = work::run_due(&self.app).await.unwrap();
        let mut tx = self.app.store.read(server::store::EVERYBODY).await.unwrap();
        assert_eq!(done.failed, 0, "{:?}", server::store::jobs::waiting(&mut tx).await.unwrap());
        done
    }

    /// Everything in the outbox, in order.
    pub(crate) fn messages(&self) -> Vec<Message> {
        let text = std::fs::read_to_string(self.data.path().join("outbox.jsonl")).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The code in the latest message to a mobile.
    pub(crate) fn code(&self, mobile: &str) -> String {
        let messages = self.messages();
        let message = messages.iter().rev().find(|message| message.to == mobile && message.template == "code").unwrap();
        message.body.split(|letter: char| !letter.is_ascii_digit()).find(|word| word.len() == 6).unwrap().to_owned()
    }

    /// The case with this key, as it is stored.
    pub(crate) async fn case(&self, id: &str) -> Case {
        let mut tx = self.app.store.read(TOWN).await.unwrap();
        cases::load(&mut tx, id).await.unwrap().unwrap()
    }

    /// An officer acts, as the desk would.
    pub(crate) async fn officer(&self, case: &str, role: &str, action: &str, comment: &str) {
        let actor = Actor { person: format!("{role}-1"), kind: ActorKind::Employee, roles: vec![Name::new(role)] };
        let command = Command::Act {
            action: Name::new(action),
            comment: comment.to_owned(),
            answers: command::no_answers(),
            assignee: None,
            seen: None,
            flags: Vec::new(),
        };
        act::act(&self.app, &self.tenant(), case, &actor, &command, None).await.unwrap();
    }
}

/// The shared parts of the product's own definitions, and the invented state beside them.
pub(crate) fn bundle() -> Bundle {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shipped = library::read_folder(&here.join("../../definitions")).unwrap();
    let own = library::read_folder(&here.join("tests/http/definitions")).unwrap();
    let services: Vec<String> =
        shipped.paths().filter_map(|path| path.strip_suffix("/service.yaml").map(str::to_owned)).collect();
    let mut bundle = Bundle::default();
    for path in shipped.paths() {
        let of_service = services.iter().any(|folder| path.starts_with(&format!("{folder}/")));
        if !of_service && !path.starts_with("tenants/") {
            bundle.add(path, Arc::clone(shipped.bytes(path).unwrap()));
        }
    }
    for path in own.paths() {
        bundle.add(path, Arc::clone(own.bytes(path).unwrap()));
    }
    bundle
}
