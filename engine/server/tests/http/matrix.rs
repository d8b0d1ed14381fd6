//! Every route against everybody who may ask, by real requests: what each of them is answered stands in `matrix.txt`.
//!
//! The rows are those of the table of routes and the columns those of [`everybody`]: the roles are read from the
//! definitions of these tests, so that a route or a role that is made later has no line there and fails. What a policy
//! refuses is refused whatever stands in the file: that is asked of the policy itself. `UPDATE=1` writes the file anew;
//! the difference is read like code. A state has no officers of its own: nobody signs in above the towns.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use axum::body::Body;
use axum::http::{Request, header};
use engine::base::Name;
use engine::base::date::parse_day;
use engine::case::{Actor, ActorKind};
use server::act::{self, Opening};
use server::auth::policy::{ADMINISTRATOR, AUDITOR, Citizen, Denied, Employee, Object, Policy, Who, authorize};
use server::auth::program::Use;
use server::http::body::Reads;
use server::http::routes::{Route, table};
use server::store::appointments::{Appointment, THE_TOWN};

use crate::browser::{Browser, Page, encoded};
use crate::desk_town::{ASHA, Kiosk, employ, open, staff, staff_of, to_be_decided, to_be_paid};
use crate::program_tokens::{kamla, token};
use crate::town::{STATE, TOWN, Town};

/// The other town.
const ELSEWHERE: &str = "hilltop";
/// What stands in the place of something that is not there in this town.
const NOTHING: &str = "x";
/// What the token of a program may be used for that reads, and of one that does everything.
const READS: &[Use] = &[Use::Read];
const EVERYTHING: &[Use] = &Use::ALL;
/// So long that all that is counted in an hour begins anew.
const PAUSE_MS: i64 = 61 * 60_000;

/// How somebody asks.
enum Way {
    Stranger,
    Citizen(&'static str),
    /// Town, and the name that is typed.
    Staff(&'static str, String),
    /// The token, and what it is for.
    Program(String, &'static [Use]),
}

/// Somebody who asks: what the column is called, how, and who the policy takes that for in this town.
struct Asker {
    called: String,
    way: Way,
    who: Who,
}

/// What is there to be asked for.
struct There {
    /// Cases, by what is asked of them.
    draft: String,
    /// A draft that the clerk writes at the counter.
    counter: String,
    deciding: String,
    owed: String,
    receipt: String,
    record: String,
    post: String,
    token: String,
}

fn employee(login: &str, service: &str, role: &str) -> Who {
    let held = Appointment {
        person: login.into(),
        service: service.into(),
        role: Name::new(role),
        place: String::new(),
        from: parse_day("2026-04-01").unwrap(),
        until: None,
        departments: Vec::new(),
        most: None,
        held_for: None,
    };
    Who::Employee(Employee { id: login.into(), tenant: TOWN.into(), name: login.into(), held: vec![held] })
}

fn citizen(mobile: &str) -> Who {
    let id = format!("citizen-{mobile}");
    Who::Citizen(Citizen { id, state: STATE.into(), mobile: mobile.into(), name: String::new() })
}

/// Every role to which somebody is appointed: those of all services of the town, and the offices of the town itself.
fn roles(town: &Town) -> Vec<(String, String)> {
    let library = town.app.library.now();
    let tenant = library.tenant(TOWN).unwrap();
    let appointed = library.catalogue.services(tenant).flat_map(|service| {
        let roles = service.roles.iter().filter(|role| role.holder_of.is_none());
        roles.map(move |role| (service.id.clone(), role.name.to_string()))
    });
    let offices = [ADMINISTRATOR, AUDITOR].map(|office| (THE_TOWN.to_owned(), office.to_owned()));
    appointed.chain(offices).collect()
}

fn login(service: &str, role: &str) -> String {
    if service == THE_TOWN { role.to_owned() } else { format!("{service}-{role}") }
}

/// Everybody who asks, the staff in their posts.
async fn everybody(town: &Town, kamla: &mut Browser<'_>) -> Vec<Asker> {
    let ask = |called: &str, way, who| Asker { called: called.to_owned(), way, who };
    let mut all = vec![
        ask("a stranger", Way::Stranger, Who::Nobody),
        ask("the applicant", Way::Citizen(ASHA.mobile), citizen(ASHA.mobile)),
        ask("another citizen", Way::Citizen("9876543219"), citizen("9876543219")),
    ];
    crate::desk_town::citizen(town, "9876543219", "Kiran Das").await;
    for (service, role) in roles(town) {
        let login = login(&service, &role);
        for tenant in [TOWN, ELSEWHERE] {
            employ(town, tenant, (&login, &login), (&service, &role, "")).await;
        }
        all.push(ask(&login, Way::Staff(TOWN, login.clone()), employee(&login, &service, &role)));
        all.push(ask(&format!("{login} of another town"), Way::Staff(ELSEWHERE, login), Who::Nobody));
    }
    // Whoever has confirmed a token signs in with a second factor: nobody else does here.
    employ(town, TOWN, ("lila", "Lila Pant"), ("kiosk", "officer", "")).await;
    for (called, uses) in [("that reads", READS), ("that does everything", EVERYTHING)] {
        let words: Vec<&str> = uses.iter().map(|one| one.word()).collect();
        let token = token(kamla, "lila", &words).await;
        let who = employee("lila", "kiosk", "officer");
        all.push(ask(&format!("a program {called}"), Way::Program(token, uses), who));
    }
    all
}

/// The last part of the first address on a page that begins so.
fn part(page: &Page, start: &str) -> String {
    let link = page.link(start);
    link[start.len()..].split(['/', '?']).next().unwrap().to_owned()
}

async fn there(town: &Town, kamla: &mut Browser<'_>) -> There {
    let library = town.app.library.now();
    let service = library.catalogue.service(TOWN, "kiosk").unwrap();
    let opening = Opening { applicant: "citizen-9876543210", language: "en", record: None, key: None };
    let deciding = to_be_decided(town, ASHA).await;
    let owed = to_be_paid(town, Kiosk { name: "Second Snacks", ..ASHA }).await;
    let paid = to_be_paid(town, Kiosk { name: "Third Snacks", ..ASHA }).await;
    let draft = act::open(&town.app, &town.tenant(), service, opening).await.unwrap().id;
    let roles = vec![Name::new("clerk")];
    let clerk = Actor { person: "kiosk-clerk".to_owned(), kind: ActorKind::Counter, roles };
    let counter = act::open_at_counter(&town.app, &town.tenant(), service, opening, &clerk).await.unwrap().id;
    let mut omar = staff(town, "omar").await;
    omar.get(&format!("{}/collect", crate::desk_town::at(&paid))).await;
    omar.submit(&[("mode", "cash"), ("amount", "1,150.00")]).await.expect(200, "KR/RVT/2026-27/000001");
    token(kamla, "meera", &["read"]).await;
    kamla.get(&format!("/{TOWN}/desk/staff/meera")).await;
    let own = format!("/{TOWN}/desk/staff/meera");
    There {
        draft,
        counter,
        deciding,
        owed,
        receipt: "KR%2FRVT%2F2026-27%2F000001".to_owned(),
        record: "KL%2FRVT%2F2026-27%2F000001".to_owned(),
        post: part(&kamla.page, &format!("{own}/posts/")),
        token: part(&kamla.page, &format!("{own}/tokens/")),
    }
}

impl There {
    /// The case that a route can do something with.
    fn case(&self, path: &str) -> &str {
        let of = |ends: &[&str]| ends.iter().any(|end| path.ends_with(end));
        let filled_in = of(&["/tasks", "/check", "/owner"]) || path.contains("/form/") || path.contains("/offered/");
        if path.contains("/desk/") && of(&["/form", "/send"]) {
            &self.counter
        } else if filled_in {
            &self.draft
        } else if of(&["/pay", "/pay/return", "/collect"]) {
            &self.owed
        } else {
            &self.deciding
        }
    }

    /// A path with something in every hole, and whether all of it is there.
    fn filled(&self, route: &Route) -> (String, bool) {
        let mut path = route.path.to_owned();
        let desk = path.contains("/desk/");
        let holes = [
            ("{tenant}", TOWN),
            ("{case}", self.case(route.path)),
            ("{service}", "kiosk"),
            ("{page}", if desk { "visit" } else { "kiosk" }),
            ("{action}", "approve"),
            ("{document}", "license"),
            ("{gateway}", "demo"),
            ("{registry}", "kiosk_licenses"),
            ("{receipt}", &self.receipt),
            ("{record}", &self.record),
            ("{person}", "meera"),
            ("{post}", &self.post),
            ("{token}", &self.token),
            ("{deed}", "let"),
        ];
        for (hole, value) in holes {
            path = path.replace(hole, value);
        }
        if route.path == "/assets/{file}" {
            "/assets/app.css".clone_into(&mut path);
        }
        let whole = !path.contains('{');
        while let (Some(open), Some(close)) = (path.find('{'), path.find('}')) {
            path.replace_range(open..=close, NOTHING);
        }
        (path, whole)
    }
}

fn name(route: &Route) -> String {
    format!("{:4} {}", if route.get { "GET" } else { "POST" }, route.path)
}

/// Somebody at the door: a browser, with a token for forms where it has cookies.
struct Door<'a> {
    browser: Browser<'a>,
    form: String,
    bearer: Option<String>,
}

impl<'a> Door<'a> {
    async fn open(town: &'a Town, way: &Way) -> Self {
        let (mut browser, mut bearer) = (Browser::new(town), None);
        match way {
            Way::Stranger => {
                browser.get(&format!("/{TOWN}/sign-in")).await;
            }
            Way::Citizen(mobile) => {
                browser.sign_in(mobile).await;
            }
            Way::Staff(tenant, login) => browser = staff_of(town, tenant, login).await,
            Way::Program(token, _) => bearer = Some(token.clone()),
        }
        let form = if bearer.is_none() { browser.page.token() } else { String::new() };
        Self { browser, form, bearer }
    }

    /// Asks as this person would, with nothing in a form but what proves where it comes from.
    async fn ask(&mut self, route: &Route, at: &str) -> Page {
        let mut request = if route.get { Request::get(at) } else { Request::post(at) };
        if let Some(bearer) = &self.bearer {
            request = request.header(header::AUTHORIZATION, format!("Bearer {bearer}"));
        }
        let (kind, body) = match route.reads {
            None => return self.browser.send(request, Body::empty()).await,
            Some(Reads::Json | Reads::Raw) => ("application/json", "{}".to_owned()),
            Some(Reads::File) => ("application/octet-stream", "x".to_owned()),
            Some(_) => {
                let pair = ("_csrf".to_owned(), self.form.clone());
                ("application/x-www-form-urlencoded", encoded(&[pair]))
            }
        };
        let request = request.header(header::CONTENT_TYPE, kind).header("idempotency-key", route.path);
        self.browser.send(request, Body::from(body)).await
    }
}

/// What somebody was answered: `A` what was asked for, `v` that the request itself will not do, which only whoever may
/// do it is told; `S` to sign in, `H` that there is nothing here, `F` that it is not for this person.
fn letter(route: &Route, page: &Page, denied: Option<Denied>) -> char {
    let location = page.headers.get("location").map(String::as_str).unwrap_or_default();
    let to_sign_in = location.contains("/sign-in?") || location.ends_with("/sign-in");
    match page.status {
        // As the specification of Open311 asks.
        403 if route.reads == Some(Reads::Pairs) && denied == Some(Denied::SignIn) => 'S',
        401 => 'S',
        300..400 if to_sign_in && route.policy != Policy::Public => 'S',
        200..400 => 'A',
        404 => 'H',
        403 => 'F',
        400 | 409 | 413 | 415 | 422 => 'v',
        other => panic!("{}: {other}\n{}", name(route), page.text()),
    }
}

/// What the policy says of somebody: none where it lets through.
async fn denied(town: &Town, asker: &Asker, route: &Route, there: &There) -> Option<Denied> {
    let of_program = route.path.starts_with("/api/");
    let (who, program) = match &asker.way {
        Way::Program(_, uses) if of_program => (asker.who.clone(), Some(*uses)),
        // Neither does a token open pages, nor a cookie what is for programs.
        Way::Program(..) => (Who::Nobody, None),
        _ if of_program => (Who::Nobody, None),
        _ => (asker.who.clone(), None),
    };
    let case = if route.path.contains("{case}") { Some(town.case(there.case(route.path)).await) } else { None };
    let object =
        Object { tenant: Some(TOWN), case: case.as_ref(), implementer: true, writes: !route.get, program, part: None };
    authorize(&who, route.policy, object).err()
}

/// The rows in the order in which they are walked: first what only looks; what ends the own way in comes last.
fn rows() -> Vec<&'static Route> {
    let last = ["/sign-out", "/account", "/session", "/sessions/end"];
    let ends = |route: &Route| last.iter().any(|end| route.path.ends_with(end));
    let mut rows: Vec<&Route> = table().collect();
    rows.sort_by_key(|route| (!route.get, ends(route)));
    rows
}

/// What each row gives each asker, in the order of the askers.
async fn walked(town: &Town, askers: &[Asker], there: &There) -> (BTreeMap<String, String>, Vec<String>) {
    let (mut cells, mut wrong) = (BTreeMap::<String, String>::new(), Vec::new());
    for asker in askers {
        // What is counted for a network or a person is counted for each of them alone.
        town.wait_ms(PAUSE_MS);
        let mut door = Door::open(town, &asker.way).await;
        for route in rows() {
            let (at, _) = there.filled(route);
            let denied = denied(town, asker, route, there).await;
            let mut page = door.ask(route, &at).await;
            if page.status == 429 {
                // A code was sent just now, by a row before this one.
                town.wait_ms(31_000);
                page = door.ask(route, &at).await;
            }
            let given = letter(route, &page, denied);
            let expected = denied.map(|denied| match denied {
                Denied::SignIn => 'S',
                Denied::Hidden => 'H',
                Denied::Forbidden => 'F',
            });
            if expected.is_some_and(|expected| expected != given) {
                wrong.push(format!("{} for {}: {given}, and the policy says {expected:?}", name(route), asker.called));
            }
            cells.entry(name(route)).or_default().push(given);
        }
    }
    (cells, wrong)
}

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/http/matrix.txt")
}

/// The file as it ought to be.
fn written(askers: &[Asker], cells: &BTreeMap<String, String>) -> String {
    let mut text = String::from(
        "# What every route answers everybody, made by `UPDATE=1 cargo test -p server --test http az_01_every_route`.\n\
         # A: what was asked for; v: the request itself will not do, which only whoever may is told;\n\
         # S: sign in; H: there is nothing here; F: not for this person. The columns:\n",
    );
    for (at, asker) in askers.iter().enumerate() {
        writeln!(text, "# {:>2} {}", at + 1, asker.called).unwrap();
    }
    for route in table() {
        let row = name(route);
        writeln!(text, "{} {row}", cells[&row]).unwrap();
    }
    text
}

/// Rows of things that are there and that nobody is let to in this walk, each with the reason, one in a line.
fn locked() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/http/matrix_locked.txt")).unwrap()
}

#[tokio::test]
async fn az_01_every_route_answers_everybody_as_it_is_written_in_the_matrix() {
    let town = open().await;
    let mut kamla = kamla(&town).await;
    let askers = everybody(&town, &mut kamla).await;
    let there = there(&town, &mut kamla).await;
    let (cells, mut wrong) = walked(&town, &askers, &there).await;
    let locked = locked();
    for route in table() {
        let row = name(route);
        let letters = &cells[&row];
        assert_eq!(letters.len(), askers.len(), "{row}");
        let (_, whole) = there.filled(route);
        let locked = locked.lines().any(|line| line.split_once(": ").is_some_and(|(known, _)| known == row));
        if whole && !locked && !letters.contains(['A', 'v']) {
            wrong.push(format!("{row} lets nobody in: {letters}"));
        }
    }
    let fresh = written(&askers, &cells);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(golden(), &fresh).unwrap();
    }
    let kept = std::fs::read_to_string(golden()).unwrap_or_default();
    let (kept, fresh): (BTreeSet<&str>, BTreeSet<&str>) = (kept.lines().collect(), fresh.lines().collect());
    wrong.extend(fresh.difference(&kept).map(|line| format!("it is now    {line}")));
    wrong.extend(kept.difference(&fresh).map(|line| format!("it was       {line}")));
    assert!(wrong.is_empty(), "{} of {} rows:\n{}", wrong.len(), cells.len(), wrong.join("\n"));
}
