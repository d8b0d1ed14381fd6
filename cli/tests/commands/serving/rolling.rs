//! Definitions are published again and again and nodes are started anew, one at a time, while people open cases and
//! add to them: nobody notices, and each case goes on by what it began with until it is moved. The third and the fifth
//! of them leave cases behind that cannot be moved, each for a reason that is told.
//!
//! `NAGAR_OLD` names the program of an earlier version, if there is one: it lays the tables and is served by first, so
//! that nodes of both versions serve beside each other until both are renewed. Without it both are this version.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, mpsc};
use std::time::{Duration, Instant};

use super::asked;
use super::client::{Citizen, Client, What};
use super::ground::Ground;
use crate::node::Node;
use crate::postgres::Schema;
use crate::program::{nagar, run, word};

/// Publications, the first one among them.
const VERSIONS: usize = 5;
/// Requests a second; each application is two. Held to where somebody asks for a size: alone on a machine.
const RATE: u64 = 50;
/// What some say of their place at the very beginning; the form of the fifth definitions takes no more than so much.
const FAR: &str = "Beside the pole behind the long wall of the old school";
const FAR_ONES: usize = 4;
const MOST: &str = "max_length: 20 }";
/// What the first two definitions have and the others do not: a state in which a case can be put, and how it comes there.
const PUT_ASIDE: &str =
    "      put_aside: { label: Put it aside, done: Put aside, by: applicant, to: aside, comment: required }\n";
const ASIDE: &str = "  aside:
    label: Put aside
    public: You have put your grievance aside.
    actions:
      take_up: { label: Take it up again, done: Taken up again, by: applicant, to: unassigned, comment: required }

";
const PUT_ONES: usize = 3;
/// Why they cannot be moved.
const NO_STATE: &str = "no_such_state aside";
const TOO_LONG: &str = "answer landmark: too_long";

/// Where people come in: nodes that are asked in turn while they are ready, as a balancer does.
struct Door {
    ports: Mutex<Vec<u16>>,
    turn: AtomicUsize,
    /// What is published: so many parts of what people want may be asked by then, however quick they are.
    version: AtomicUsize,
}

impl Door {
    fn pick(&self) -> u16 {
        let ports = self.ports.lock().unwrap();
        ports[self.turn.fetch_add(1, Ordering::Relaxed) % ports.len()]
    }

    fn replace(&self, gone: u16, come: Option<u16>) {
        let mut ports = self.ports.lock().unwrap();
        ports.retain(|port| *port != gone);
        ports.extend(come);
    }
}

/// Changes a file of the service: whatever is said here stands there once.
fn change(ground: &Ground, file: &str, old: &str, new: &str) {
    let path = ground.definitions.path().join("grievance").join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(text.matches(old).count(), 1, "{file}: {old}");
    fs::write(&path, text.replace(old, new)).unwrap();
}

/// The line of a file of the service that begins so.
fn line(ground: &Ground, file: &str, begins: &str) -> String {
    let text = fs::read_to_string(ground.definitions.path().join("grievance").join(file)).unwrap();
    text.lines().find(|line| line.trim_start().starts_with(begins)).unwrap().to_owned()
}

/// Puts a state into the workflow, and its words into the other language; or takes them out again.
fn set_aside(ground: &Ground, there: bool) {
    for (file, before, added) in [
        (
            "workflow.yaml",
            "      escalate: { done: \"Overdue, the senior officer was told\", once: overdue, again: 3 days, to: unassigned",
            PUT_ASIDE,
        ),
        ("workflow.yaml", "  in_work:\n    label: ", ASIDE),
        (
            "locales/hi.yaml",
            "  in_work:\n    label: ",
            "  aside: { label: अलग रखी गई, public: आपने यह शिकायत अलग रखी है। }\n",
        ),
        ("locales/hi.yaml", "  resolve: काम हो गया\n", "  put_aside: अलग रखें\n  take_up: फिर से उठाएँ\n"),
        ("locales/hi.yaml", "  resolve: काम पूरा किया गया\n", "  put_aside: अलग रखी गई\n  take_up: फिर से उठाई गई\n"),
    ] {
        let both = format!("{added}{before}");
        if there { change(ground, file, before, &both) } else { change(ground, file, &both, before) }
    }
}

/// Changes what the definition of the service says, and publishes it.
fn publish(ground: &Ground, version: usize) {
    let law = line(ground, "service.yaml", "law: ");
    change(ground, "service.yaml", &law, &format!("  law: Citizens' charter of the local body ({version})"));
    match version {
        1 => set_aside(ground, true),
        3 => set_aside(ground, false),
        VERSIONS => {
            let asked = line(ground, "form.yaml", "landmark: ");
            let (head, _) = asked.split_once("max_length: ").unwrap();
            change(ground, "form.yaml", &asked, &format!("{head}{MOST}"));
        }
        _ => {}
    }
    let publish = ["publish", "--config", word(&ground.config), "--definitions", word(ground.definitions.path())];
    nagar(&publish).expect(0, &format!("published: {version} "));
}

/// People come at an even pace until everything was answered.
fn pace(client: &Client, door: &Door) {
    let (begun, next) = (Instant::now(), AtomicUsize::new(0));
    let all = client.left();
    std::thread::scope(|threads| {
        for _ in 0..super::AT_ONCE {
            threads.spawn(|| {
                let (_nobody, calls) = mpsc::channel::<()>();
                while !client.content() {
                    let left = client.left();
                    let version = door.version.load(Ordering::Relaxed);
                    if version < VERSIONS && left * VERSIONS <= all * (VERSIONS - version) {
                        let _ = calls.recv_timeout(Duration::from_millis(20));
                        continue;
                    }
                    let turn = u32::try_from(next.fetch_add(1, Ordering::Relaxed)).unwrap();
                    let at = Duration::from_millis(2_000 / RATE) * turn;
                    // Only the pace is waited for; nobody ever calls.
                    let _ = calls.recv_timeout(at.saturating_sub(begun.elapsed()));
                    let port = door.pick();
                    let answered = client.one(port) || client.content();
                    assert!(answered, "somebody was not answered by the node at {port}");
                }
            });
        }
    });
    let (requests, took) = (u128::try_from(client.asked.load(Ordering::Relaxed)).unwrap(), begun.elapsed());
    let rate = requests * 1_000 / took.as_millis().max(1);
    eprintln!("{requests} requests in {took:?}, {rate} a second");
    assert!(rate >= u128::from(RATE) || std::env::var_os("ROLLING").is_none(), "only {rate} requests a second");
}

/// A case: whose it is, its key, and the definition that it began with.
struct Begun<'a> {
    citizen: &'a Citizen,
    case: String,
    definition: String,
}

/// All cases that people began, in their order.
async fn begun<'a>(schema: &Schema, ground: &'a Ground) -> Vec<Begun<'a>> {
    let citizens: BTreeMap<&str, &Citizen> =
        ground.citizens.iter().map(|citizen| (citizen.id.as_str(), citizen)).collect();
    let all = "select applicant || ' ' || id || ' ' || definition from cases where service = 'grievance' order by opened_ms, id";
    let read = |row: String| {
        let words: Vec<&str> = row.split(' ').collect();
        Begun { citizen: citizens[words[0]], case: words[1].to_owned(), definition: words[2].to_owned() }
    };
    schema.ask(all).await.into_iter().map(read).collect()
}

/// While the newest definitions are published everybody adds to what was begun, and some put theirs aside, as only the
/// first ones let them: each case goes on by those it began with. Why cases cannot be moved then, by case.
fn go_on(ground: &Ground, door: &Door, all: &[Begun<'_>]) -> BTreeMap<String, String> {
    let (mut held, mut put) = (BTreeMap::new(), 0);
    let first = &all[0].definition;
    for Begun { citizen, case, definition } in all {
        let (status, now) = ground.client.act(door.pick(), (citizen, case), "add", "before");
        assert_eq!((status, now["definition"].as_str()), (200, Some(definition.as_str())), "{case}: {now}");
        if now["answers"]["landmark"] == FAR {
            held.insert(case.clone(), TOO_LONG.to_owned());
        } else if definition == first && put < PUT_ONES {
            put += 1;
            let (status, now) = ground.client.act(door.pick(), (citizen, case), "put_aside", "aside");
            assert_eq!((status, now["state"].as_str()), (200, Some("aside")), "{case}: {now}");
            assert_eq!(now["definition"].as_str(), Some(first.as_str()), "{case}");
            held.insert(case.clone(), NO_STATE.to_owned());
        }
    }
    assert_eq!(held.len(), FAR_ONES + PUT_ONES, "{held:?}");
    let last = all.last().unwrap();
    let (status, told) = ground.client.act(door.pick(), (last.citizen, &last.case), "put_aside", "aside");
    assert!((400..500).contains(&status), "the newest definitions know nothing of that: {status} {told}");
    held
}

/// Moves the cases that began with `from`, or only looks at them; why those stay that do, by case.
fn migrated(ground: &Ground, from: &str, newest: &str, dry: &[&str]) -> BTreeMap<String, String> {
    let both = ["--config", word(&ground.config), "--definitions", word(ground.definitions.path())];
    let words = ["migrate-cases", "grievance", "--json", "--from", from, "--to", newest];
    let run = nagar(&[&words[..], &both, dry].concat());
    let (told, mut stay) = (run.json(), BTreeMap::new());
    let cases = told["towns"].as_array().unwrap().iter().flat_map(|town| town["cases"].as_array().unwrap());
    for case in cases {
        let reasons = case["stays"].as_array().unwrap().iter();
        let reasons: Vec<String> =
            reasons.map(|why| format!("{} {}", why[0].as_str().unwrap(), why[1].as_str().unwrap())).collect();
        if !reasons.is_empty() {
            stay.insert(case["case"].as_str().unwrap().to_owned(), reasons.join("; "));
        }
    }
    assert_eq!(run.code, i32::from(!stay.is_empty()), "{}", run.err);
    stay
}

/// All move to the newest definition but those that are held back, and each of these is told with its reason before.
async fn all_move(schema: &Schema, ground: &Ground, newest: &str, held: &BTreeMap<String, String>) {
    let by_case = "select id || ' ' || definition from cases where service = 'grievance' order by id";
    let others =
        format!("select distinct definition from cases where service = 'grievance' and definition <> '{newest}'");
    let (before, others) = (schema.ask(by_case).await, schema.ask(&others).await);
    let run = |dry: &[&str]| -> BTreeMap<String, String> {
        others.iter().flat_map(|from| migrated(ground, from, newest, dry)).collect()
    };
    assert_eq!(run(&["--dry-run"]), *held);
    assert_eq!(schema.ask(by_case).await, before, "nothing is moved by looking");
    assert_eq!(run(&[]), *held);
    let stay = format!("select id from cases where service = 'grievance' and definition <> '{newest}' order by id");
    assert_eq!(schema.ask(&stay).await, held.keys().cloned().collect::<Vec<_>>());
}

/// Those who come first say more of their place than will be taken later.
fn some_are_far(client: &Client) {
    let mut wanted = client.wanted.lock().unwrap();
    let first = wanted.iter_mut().rev().filter(|one| matches!(one.what, What::Apply));
    first.take(FAR_ONES).for_each(|one| one.landmark = FAR);
}

/// Cases that were put aside are taken up again, by the definition that knows of it.
fn take_up(ground: &Ground, door: &Door, all: &[Begun<'_>], held: &mut BTreeMap<String, String>) {
    for Begun { citizen, case, definition } in all {
        if held.get(case).is_some_and(|why| why == NO_STATE) {
            let (status, now) = ground.client.act(door.pick(), (citizen, case), "take_up", "up");
            assert_eq!((status, now["definition"].as_str()), (200, Some(definition.as_str())), "{case}: {now}");
            held.remove(case);
        }
    }
}

/// The program of an earlier version, if there is one here.
fn old() -> Option<PathBuf> {
    std::env::var_os("NAGAR_OLD").filter(|program| !program.is_empty()).map(PathBuf::from)
}

/// A node that answers until it is asked to stop and everybody goes elsewhere; of this version, where no other is named.
fn started(program: Option<&Path>, config: &Path) -> Node {
    let program = program.unwrap_or(Path::new(env!("CARGO_BIN_EXE_nagar")));
    let mut node = Node::begin_as(program, config, &["--published"]);
    node.ready(false);
    node
}

/// Takes one node out of service and starts another, of this version.
fn renew(node: &mut Node, config: &Path, door: &Door) {
    node.signal("TERM");
    while !node.page("/ready").starts_with("HTTP/1.1 503") {}
    door.replace(node.port, None);
    assert_eq!(node.ended(), Some(0));
    let fresh = started(None, config);
    door.replace(node.port, Some(fresh.port));
    *node = fresh;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_notices_that_definitions_and_nodes_are_replaced() {
    let Some(schema) = Schema::make("rolling").await else { return };
    let ((_, people), old) = (asked("ROLLING", (0, 40)), old());
    if let Some(old) = &old {
        // The tables are those of that version until this one comes to them.
        run(old, &["verify", "--database", &schema.url()]).expect(0, "");
    }
    let ground = Ground::open(Some(&schema.url()), None, people).await;
    let config = fs::read_to_string(&ground.config).unwrap();
    // Whoever was sent to a node before it was taken out asks it for everything that belongs together.
    fs::write(&ground.config, format!("{config}drain: 5\n")).unwrap();
    some_are_far(&ground.client);
    publish(&ground, 1);
    let mut nodes = [(); 2].map(|()| started(old.as_deref(), &ground.config));
    let ports = Mutex::new(nodes.iter().map(|node| node.port).collect());
    let door = Door { ports, turn: AtomicUsize::new(0), version: AtomicUsize::new(1) };
    let all = ground.client.left();
    let (_nobody, calls) = mpsc::channel::<()>();
    tokio::task::block_in_place(|| {
        std::thread::scope(|threads| {
            let pacing = threads.spawn(|| pace(&ground.client, &door));
            for version in 2..=VERSIONS {
                // The version before was there for half of its part by then, and people go on meanwhile.
                let soon = || 2 * VERSIONS * ground.client.left() > all * (2 * VERSIONS - 2 * version + 3);
                while soon() && !pacing.is_finished() {
                    let _ = calls.recv_timeout(Duration::from_millis(20));
                }
                publish(&ground, version);
                door.version.store(version, Ordering::Relaxed);
                renew(&mut nodes[version % 2], &ground.config, &door);
            }
        });
    });
    assert_eq!(ground.client.troubled.load(Ordering::Relaxed), 0, "nobody was told to come later");
    ground.settle(Some(&schema.url())).await;

    let (newest, all) = (ground.digest("grievance").await, begun(&schema, &ground).await);
    let begun_with: BTreeSet<&str> = all.iter().map(|one| one.definition.as_str()).collect();
    assert!(begun_with.len() > 2, "cases began with {begun_with:?}");
    let mut held = go_on(&ground, &door, &all);
    all_move(&schema, &ground, &newest, &held).await;
    take_up(&ground, &door, &all, &mut held);
    all_move(&schema, &ground, &newest, &held).await;
    for Begun { citizen, case, definition } in &all {
        let (status, now) = ground.client.act(door.pick(), (citizen, case), "add", "after");
        let goes_by = if held.contains_key(case) { definition } else { &newest };
        assert_eq!((status, now["definition"].as_str()), (200, Some(goes_by.as_str())), "{case}: {now}");
    }
    assert_eq!(nodes.each_mut().map(Node::stop), [Some(0), Some(0)]);
    nagar(&["verify", "--database", &schema.url()]).expect(0, "whole");
    schema.remove().await;
}
