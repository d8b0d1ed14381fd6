//! What is sent again. Every row whose requests carry a key is sent three times: as it is, once more, and under the same
//! key with other words. The second is answered as the first and does nothing, the third is refused.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Request, header};
use connectors::identity::Believed;
use serde_json::{Value as Json, json};
use server::http::routes::table;
use server::store::carry::{self, Table};
use server::store::erasure_requests::{GRANTED, REFUSED};
use server::store::{events, people};

use crate::apply::PDF;
use crate::browser::{Browser, Page, encoded};
use crate::calendar::with_rooms;
use crate::desk_assist;
use crate::desk_stock::with_plates;
use crate::desk_town::{self, Kiosk, applied, at, employ, staff, to_be_paid};
use crate::dues::{self, BILL, public};
use crate::gateway;
use crate::holders::{self, ASHA, beside, written};
use crate::hooks;
use crate::identity;
use crate::mismatches;
use crate::once::{KEY, WRITES};
use crate::program_tokens;
use crate::town::{STATE, TOWN, Town};

/// The rows that were tried.
type Tried = BTreeSet<&'static str>;

/// What people read who send other words under the same key.
const REFUSAL: &str = "This has been sent already, with other contents.";

const BINA: Kiosk<'static> = Kiosk { mobile: "9876543211", applicant: "Bina Das", name: "Bina Tea", place: "L1" };
const CHIA: Kiosk<'static> = Kiosk { mobile: "9876543212", applicant: "Chia Lal", name: "Chia Fruit", place: "L1" };
const DINA: Kiosk<'static> = Kiosk { mobile: "9876543213", applicant: "Dina Roy", name: "Dina Juice", place: "L1" };

/// The numbers of the last events of the town and of its state: they stand where nothing is done.
async fn ends(town: &Town) -> [i64; 2] {
    let mut ends = [0; 2];
    for (end, tenant) in ends.iter_mut().zip([TOWN, STATE]) {
        let mut tx = town.app.store.read(tenant).await.unwrap();
        *end = events::head(&mut tx).await.unwrap().seq;
    }
    ends
}

/// The row of an address that is posted to.
fn row(at: &str) -> &'static str {
    let path = at.split('?').next().unwrap();
    let fits = |row: &str| {
        let (row, path): (Vec<&str>, Vec<&str>) = (row.split('/').collect(), path.split('/').collect());
        row.len() == path.len() && row.iter().zip(&path).all(|(one, other)| one.starts_with('{') || one == other)
    };
    let found = table().find(|route| !route.get && fits(route.path));
    found.unwrap_or_else(|| panic!("{at} is no row")).path
}

async fn posted(browser: &mut Browser<'_>, action: &str, pairs: &[(String, String)]) -> Page {
    let request = Request::post(action).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    browser.send(request, Body::from(encoded(pairs))).await
}

/// The fields of a form of the present page: its hidden ones, and these.
fn pairs(browser: &Browser<'_>, fields: &[(&str, &str)]) -> Vec<(String, String)> {
    let page = &browser.page;
    let mut pairs = page.hidden();
    if pairs.iter().all(|(name, _)| name != "_csrf") {
        // The first form of the page only looks, or it has none; all that write have the key of the page.
        let key = page.html.split_once("name=\"_key\" value=\"");
        let key = key.map_or("made-up", |(_, rest)| rest.split('"').next().unwrap());
        pairs.push(("_csrf".to_owned(), page.token()));
        pairs.push(("_key".to_owned(), key.to_owned()));
    }
    pairs.retain(|(name, _)| fields.iter().all(|(given, _)| given != name));
    pairs.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    pairs
}

/// The same with another value of one field.
fn with(pairs: &[(String, String)], (name, value): (&str, &str)) -> Vec<(String, String)> {
    let mut other: Vec<(String, String)> = pairs.iter().filter(|(known, _)| known != name).cloned().collect();
    other.push((name.to_owned(), value.to_owned()));
    other
}

/// Sends a form of the present page three times; the browser is then where the first led.
async fn thrice(
    browser: &mut Browser<'_>,
    tried: &mut Tried,
    action: &str,
    fields: &[(&str, &str)],
    other: (&str, &str),
) {
    let town = browser.town;
    let own = pairs(browser, fields);
    let first = posted(browser, action, &own).await;
    assert_eq!(first.status, 303, "{action}: {}", first.text());
    let to = first.headers["location"].clone();
    let done = ends(town).await;
    let again = posted(browser, action, &own).await;
    assert_eq!((again.status, &again.headers["location"], &again.html), (303, &to, &first.html), "{action}");
    posted(browser, action, &with(&own, other)).await.expect(409, REFUSAL);
    assert_eq!(ends(town).await, done, "{action} was done more than once");
    tried.insert(row(action));
    if to.starts_with('/') {
        browser.get(&to).await;
    }
}

/// The same with the form that the page is for.
async fn main_form(browser: &mut Browser<'_>, tried: &mut Tried, fields: &[(&str, &str)], other: (&str, &str)) {
    let action = browser.page.form_action();
    thrice(browser, tried, &action, fields, other).await;
}

/// The same by a program, with a header; gives the first answer.
async fn by_program(
    (town, token): (&Town, &str),
    tried: &mut Tried,
    (at, kind): (&str, &str),
    [own, other]: [&[u8]; 2],
) -> Page {
    let send = async |body: &[u8]| {
        let request = Request::post(at)
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header("idempotency-key", format!("key of {at}"))
            .header(header::CONTENT_TYPE, kind);
        Browser::new(town).send(request, Body::from(body.to_vec())).await
    };
    let first = send(own).await;
    assert!(matches!(first.status, 200 | 201), "{at}: {}", first.html);
    let done = ends(town).await;
    let again = send(own).await;
    assert_eq!((again.status, &again.html), (first.status, &first.html), "{at}");
    let refused = send(other).await;
    assert_eq!(refused.status, 409, "{at}: {}", refused.html);
    assert!(refused.html.contains("key_reused") || refused.html.contains(REFUSAL) || at.contains("open311"), "{at}");
    assert_eq!(ends(town).await, done, "{at} was done more than once");
    tried.insert(row(at));
    first
}

/// A citizen at home, and what she asks to have erased.
async fn at_home(tried: &mut Tried) {
    let town = Town::open().await;
    let mut asha = Browser::new(&town);
    asha.sign_in("9876543210").await;
    asha.get("/riverton/my/profile").await;
    let profile = [("name", "Asha Rao"), ("email", ""), ("language", "en"), ("agreed", "yes")];
    thrice(&mut asha, tried, "/riverton/my/profile", &profile, ("name", "Asha Das")).await;
    asha.get("/riverton/my/account").await;
    thrice(&mut asha, tried, "/riverton/my/account", &[("session", "others")], ("session", "devices")).await;
    asha.get("/riverton/feedback").await;
    thrice(&mut asha, tried, "/riverton/feedback", &[("stars", "4"), ("words", "Good.")], ("stars", "2")).await;

    asha.get("/riverton/services/report").await;
    thrice(&mut asha, tried, "/riverton/services/report/start", &[], ("record", "x")).await;
    let case = asha.page.at.split('/').nth(3).unwrap().to_owned();
    asha.submit(&[("text", "The lamp is broken.")]).await.expect(200, "Check your answers");
    main_form(&mut asha, tried, &[], ("declared", "x")).await;
    asha.get(&format!("/riverton/cases/{case}/note")).await;
    main_form(&mut asha, tried, &[("comment", "It is dark here.")], ("comment", "Something else.")).await;
    town.officer(&case, "foreman", "resolve", "A new lamp.").await;
    asha.get(&format!("/riverton/cases/{case}/act/rate")).await.expect(200, "How many stars?");
    main_form(&mut asha, tried, &[("stars", "4"), ("comment", "Good.")], ("stars", "3")).await;

    asha.get("/riverton/services/report").await;
    asha.submit(&[]).await;
    asha.get("/riverton/my/erasing").await.expect(200, "Can be erased");
    thrice(&mut asha, tried, "/riverton/my/erasing", &[("words", "Please.")], ("words", "No.")).await;
    let mut kamla = program_tokens::kamla(&town).await;
    kamla.get("/riverton/desk/erasing").await;
    let request = kamla.page.link("/riverton/desk/erasing/");
    kamla.get(&request).await.expect(200, "Your decision");
    let granted = [("answer", GRANTED), ("reason", "Nothing of it is needed.")];
    main_form(&mut kamla, tried, &granted, ("answer", REFUSED)).await;
}

/// An application that somebody writes for another.
async fn offered(tried: &mut Tried) {
    let town = Town::defined(|_| (), beside).await;
    let (mut kiran, _, number) = holders::kiran(&town).await;
    let case = written(&mut kiran, &number).await;
    let (owner, offer) = (format!("/{TOWN}/cases/{case}/owner"), format!("/{TOWN}/offered/{case}"));
    kiran.get(&owner).await;
    thrice(&mut kiran, tried, &owner, &[("mobile", ASHA)], ("mobile", "9876543218")).await;
    let mut asha = Browser::new(&town);
    asha.sign_in(ASHA).await;
    asha.get(&offer).await;
    thrice(&mut asha, tried, &offer, &[("mine", "yes")], ("mine", "no")).await;
}

/// Money on its way, and what the gateway tells.
async fn paying(tried: &mut Tried) {
    let paying = gateway::open().await;
    let (case, order, secret) = hooks::paid(&paying).await;
    let named = order.gateway_order.unwrap();
    let (own, other) = (hooks::body(&named, "e1", &order.reference), hooks::body(&named, "e1", "another"));
    for (body, status) in [(&own, 200), (&own, 200), (&other, 409)] {
        assert_eq!(hooks::callback(&paying, body, gateway::KEY, &secret).await, status, "{body}");
    }
    assert_eq!(paying.town.case(&case).await.receipts.len(), 1);
    tried.insert("/hooks/{tenant}/payments/{gateway}");

    let paying = gateway::open().await;
    let (mut browser, case) = paying.approved().await;
    browser.get(&format!("/{TOWN}/cases/{case}/pay")).await;
    main_form(&mut browser, tried, &[("mode", "online")], ("mode", "x")).await;

    let paying = dues::billed(public).await;
    let mut anybody = Browser::new(&paying.town);
    anybody.get(BILL).await;
    main_form(&mut anybody, tried, &[], ("amount", "1")).await;
}

/// Programs of citizens.
async fn programs(tried: &mut Tried) {
    let town = Town::open().await;
    let token = crate::api::token(&town, "9876543210").await;
    let who = (&town, token.as_str());
    let api = |path: &str| format!("/api/{TOWN}{path}");
    let json_of = |value: Json| value.to_string().into_bytes();
    let kind = "application/json";
    by_program(who, tried, (&api("/files?name=deed.pdf"), "application/pdf"), [PDF, b"%PDF-1.7\nother"]).await;
    let report = |text: &str| json_of(json!({ "service": "report", "answers": { "text": text } }));
    let bodies = [report("The lamp is broken."), report("Another lamp is.")];
    let sent = by_program(who, tried, (&api("/cases"), kind), [&bodies[0], &bodies[1]]).await;
    let case = serde_json::from_str::<Json>(&sent.html).unwrap()["id"].as_str().unwrap().to_owned();
    town.officer(&case, "foreman", "resolve", "A new lamp.").await;
    let rate = |stars: u8| json_of(json!({ "action": "rate", "answers": { "stars": stars }, "comment": "Good." }));
    let bodies = [rate(4), rate(3)];
    by_program(who, tried, (&api(&format!("/cases/{case}/act")), kind), [&bodies[0], &bodies[1]]).await;
    let end = |what: &str| json_of(json!({ "session": what }));
    let bodies = [end("others"), end("devices")];
    by_program(who, tried, (&api("/sessions/end"), kind), [&bodies[0], &bodies[1]]).await;
    for ending in ["json", "xml"] {
        let said = |words: &str| {
            let fields = [("api_key", token.as_str()), ("service_code", "report"), ("description", words)];
            encoded(&fields.map(|(name, value)| (name.to_owned(), value.to_owned()))).into_bytes()
        };
        let bodies = [said("The lamp is dark."), said("Another lamp is.")];
        let path = api(&format!("/open311/requests.{ending}"));
        by_program(who, tried, (&path, "application/x-www-form-urlencoded"), [&bodies[0], &bodies[1]]).await;
    }
}

/// Numbers in stock, at the desk and by a program.
async fn stocks(tried: &mut Tried) {
    let town = Town::defined(|_| (), with_plates).await;
    for (login, name, role) in [("kamal", "Kamal Rao", "keeper"), ("gita", "Gita Negi", "giver")] {
        employ(&town, TOWN, (login, name), ("plate", role, "")).await;
    }
    let (mut kamal, mut gita) = (staff(&town, "kamal").await, staff(&town, "gita").await);
    let here = format!("/{TOWN}/desk/stocks/plates");
    kamal.get(&format!("{here}/receive")).await.expect(200, "First number");
    let received = [("first", "P-001"), ("last", "P-010"), ("reason", "Order 7")];
    main_form(&mut kamal, tried, &received, ("last", "P-011")).await;
    kamal.get(&format!("{here}/hand-over")).await;
    kamal.submit(&[("first", "P-001"), ("last", "P-003"), ("to", "gita"), ("reason", "")]).await;
    kamal.page.expect(200, "sent by Kamal Rao");
    gita.get(&here).await;
    let (_, waits) = gita.page.html.split_once("name=\"move\" value=\"").unwrap();
    let waits = waits.split('"').next().unwrap().to_owned();
    thrice(&mut gita, tried, &here, &[("move", &waits), ("decision", "take")], ("decision", "return")).await;

    let mut kamla = program_tokens::kamla(&town).await;
    let token = program_tokens::token(&mut kamla, "kamal", &["read", "act"]).await;
    let receive = |last: &str| {
        json!({ "do": "receive", "first": "P-021", "last": last, "reason": "Order 8" }).to_string().into_bytes()
    };
    let bodies = [receive("P-022"), receive("P-023")];
    let moves = (format!("/api/{TOWN}/stocks/plates/moves"), "application/json");
    by_program((&town, &token), tried, (&moves.0, moves.1), [&bodies[0], &bodies[1]]).await;
}

/// Days on which nothing can be reserved.
async fn calendars(tried: &mut Tried) {
    let town = Town::defined(|_| (), with_rooms).await;
    employ(&town, TOWN, ("kavi", "Kavi Sen"), ("room", "keeper", "")).await;
    let mut kavi = staff(&town, "kavi").await;
    kavi.get(&format!("/{TOWN}/desk/calendars/rooms/close")).await;
    let days = [("resource", "BLUE"), ("from", "08/04/2026"), ("until", "08/04/2026"), ("reason", "Repair")];
    main_form(&mut kavi, tried, &days, ("until", "09/04/2026")).await;
    let (_, id) = kavi.page.html.split_once("name=\"id\" value=\"").unwrap();
    let id = id.split('"').next().unwrap().to_owned();
    thrice(&mut kavi, tried, &format!("/{TOWN}/desk/calendars/rooms/open"), &[("id", &id)], ("id", "x")).await;
}

/// An application on its way over the desk.
async fn cases(town: &Town, tried: &mut Tried) {
    let (mut meera, mut inder) = (staff(town, "meera").await, staff(town, "inder").await);
    meera.get(desk_assist::START).await;
    thrice(&mut meera, tried, desk_assist::START, &desk_assist::PERSON, ("name", "Asha Das")).await;
    meera.submit(&desk_assist::ANSWERS).await.expect(200, "What this leads to");
    main_form(&mut meera, tried, &[("agreed", "yes")], ("agreed", "no")).await;

    let case = applied(town, BINA).await;
    let here = at(&case);
    meera.get(&here).await;
    thrice(&mut meera, tried, &format!("{here}/assign"), &[("to", "meera")], ("to", "ravi")).await;
    meera.get(&here).await;
    let note = [("text", "The street is known."), ("audience", "inside")];
    thrice(&mut meera, tried, &format!("{here}/note"), &note, ("text", "It is not.")).await;
    meera.get(&format!("{here}/act/forward")).await;
    main_form(&mut meera, tried, &[("assignee", "inder")], ("assignee", "")).await;
    inder.get(&format!("{here}/edit/visit")).await.expect(200, "Measured square metres");
    inder.submit(&[("measured", "7")]).await.expect(200, "– → 7");
    main_form(&mut inder, tried, &[], ("reason", "It was measured.")).await;

    let mut applicant = Browser::new(town);
    applicant.sign_in("9876543214").await;
    applicant.get(&format!("/{TOWN}/services/kiosk")).await;
    applicant.submit(&[]).await.expect(200, "Your kiosk");
    let case = applicant.page.form_action().split('/').nth(3).unwrap().to_owned();
    let answers = [("kiosk_name", "Esha Snacks"), ("owner", "Asha Rao"), ("size", "4"), ("place", "L1")];
    applicant.upload(&answers, ("proof", "card.png", "image/png", crate::files::PNG)).await.expect(200, "Send");
    applicant.submit(&[]).await;
    let page = meera.get(&format!("{}?tab=documents", at(&case))).await;
    let file = page.link(&format!("{}?tab=documents&amp;file=", at(&case))).split("file=").nth(1).unwrap().to_owned();
    let examine = format!("{}/files/{file}?tab=documents&file={file}", at(&case));
    let differs = [("verdict", "differs"), ("finding", "Another name.")];
    thrice(&mut meera, tried, &examine, &differs, ("verdict", "fits")).await;
}

/// Several cases at once: the page that says what was done to each is made again.
async fn several(town: &Town, tried: &mut Tried) {
    let case = applied(town, CHIA).await;
    let mut meera = staff(town, "meera").await;
    meera.get(&format!("/{TOWN}/desk/inbox")).await;
    let action = format!("/{TOWN}/desk/bulk");
    let chosen = pairs(&meera, &[("action", "assign"), ("case", &case)]);
    meera.page = posted(&mut meera, &action, &chosen).await;
    meera.page.expect(200, "Ravi Negi");
    let own = pairs(&meera, &[("to", "ravi")]);
    let done = "Given to Ravi Negi";
    posted(&mut meera, &action, &own).await.expect(200, done);
    let end = ends(town).await;
    posted(&mut meera, &action, &own).await.expect(200, done);
    posted(&mut meera, &action, &with(&own, ("to", "meera"))).await.expect(409, REFUSAL);
    assert_eq!(ends(town).await, end, "{action} was done more than once");
    assert_eq!(town.case(&case).await.assignee.as_deref(), Some("ravi"));
    tried.insert(row(&action));
}

/// Money at the counter, from the bill to the books.
async fn counter(town: &Town, tried: &mut Tried) {
    let case = to_be_paid(town, DINA).await;
    let (mut omar, mut olga) = (staff(town, "omar").await, staff(town, "olga").await);
    omar.get(&format!("{}/collect", at(&case))).await.expect(200, "Take ₹1,150.00");
    main_form(&mut omar, tried, &[("mode", "cash"), ("amount", "1150")], ("amount", "1000")).await;
    assert_eq!(town.case(&case).await.receipts.len(), 1, "the money was taken once");
    let receipt = omar.page.at.split('?').next().unwrap().to_owned();
    omar.get(&format!("{receipt}/cancel")).await;
    main_form(&mut omar, tried, &[("reason", "wrong_payer"), ("remark", "Wrong case.")], ("remark", "Another.")).await;

    omar.get(&format!("/{TOWN}/desk/till")).await;
    main_form(&mut omar, tried, &[("float", "500")], ("float", "600")).await;
    let till = format!("/{TOWN}/desk/tills/TILL%2FRVT%2F2026-27%2F000001");
    omar.get(&format!("{till}/count")).await.expect(200, "Notes of ₹500.00");
    let counted = [("note_50000", "1"), ("coins", "0")];
    omar.submit(&counted).await.expect(200, "Agrees");
    main_form(&mut omar, tried, &counted, ("note_50000", "2")).await;
    olga.get(&till).await;
    thrice(&mut olga, tried, &till, &[("decision", "close"), ("reason", "")], ("decision", "again")).await;

    let books = format!("/{TOWN}/desk/books");
    omar.get(&books).await;
    let closed = [("deed", "close"), ("day", "05/04/2026"), ("reason", "The accounts are checked.")];
    thrice(&mut omar, tried, &books, &closed, ("day", "04/04/2026")).await;
}

/// What becomes of money that is not what was asked.
async fn mismatched(tried: &mut Tried) {
    let paying = gateway::defined(mismatches::with_finance).await;
    let (_, case) = mismatches::approved(&paying).await;
    mismatches::came(&paying, &case, mismatches::FEE + 1).await;
    let mut omar = staff(&paying.town, "omar").await;
    omar.get(&mismatches::one()).await;
    main_form(&mut omar, tried, &[("decision", "return"), mismatches::WHY], ("decision", "accept")).await;
}

/// What somebody at a desk says of himself.
async fn own_desk(town: &Town, tried: &mut Tried) {
    let mut ravi = staff(town, "ravi").await;
    ravi.get(&format!("/{TOWN}/desk/leave")).await;
    let leave = [("from", "06/04/2026"), ("until", "10/04/2026"), ("stand_in", "meera")];
    main_form(&mut ravi, tried, &leave, ("until", "11/04/2026")).await;
    ravi.get(&format!("/{TOWN}/desk/inbox")).await;
    thrice(&mut ravi, tried, &format!("/{TOWN}/desk/views"), &[("name", "Mine")], ("name", "Ours")).await;
    ravi.get(&format!("/{TOWN}/desk/account")).await;
    let account = format!("/{TOWN}/desk/account");
    thrice(&mut ravi, tried, &account, &[("session", "others")], ("session", "devices")).await;
}

/// Posts and what goes with them.
async fn posts(town: &Town, tried: &mut Tried) {
    let mut kamla = program_tokens::kamla(town).await;
    let of = |path: &str| format!("/{TOWN}/desk/staff/{path}");
    kamla.get(&of("fatima/appoint")).await.expect(200, "Appoint to a post");
    let post = [("post", "kiosk|clerk"), ("from", "07/04/2026"), ("until", "08/04/2026"), ("place", "W1")];
    main_form(&mut kamla, tried, &post, ("until", "09/04/2026")).await;
    kamla.get(&of("meera")).await;
    let end = kamla.page.link(&of("meera/posts/"));
    let lend = end.replace("/end", "/lend");
    kamla.get(&lend).await.expect(200, "Hand over the post");
    let handed = [("kind", "lend"), ("to", "fatima"), ("from", "06/04/2026"), ("until", "07/04/2026")];
    thrice(&mut kamla, tried, &lend, &handed, ("until", "08/04/2026")).await;
    kamla.get(&end).await.expect(200, "End the post");
    thrice(&mut kamla, tried, &end, &[("until", "06/04/2026")], ("until", "07/04/2026")).await;
    kamla.get(&of("fatima/do/password")).await;
    main_form(&mut kamla, tried, &[], ("reason", "x")).await;
    kamla.get(&of("fatima/token")).await.expect(200, "Give a program a token");
    let program = [("name", "Kiosk list"), ("until", "07/04/2026"), ("uses", "read")];
    main_form(&mut kamla, tried, &program, ("name", "Another")).await;
    program_tokens::token(&mut kamla, "omar", &["read"]).await;
    kamla.get(&of("omar")).await;
    let revoke = kamla.page.link(&of("omar/tokens/"));
    kamla.get(&revoke).await;
    thrice(&mut kamla, tried, &revoke, &[], ("reason", "x")).await;
}

/// How somebody is known elsewhere.
async fn elsewhere(tried: &mut Tried) {
    let (town, _provider) = identity::open(Believed::default(), &[]).await;
    let mut kamla = staff(&town, "kamla").await;
    kamla.get(&format!("/{TOWN}/desk/staff/omar/identity/city")).await;
    let known = [("email", "omar@town.example"), ("subject", "")];
    main_form(&mut kamla, tried, &known, ("email", "other@town.example")).await;
}

#[tokio::test]
async fn pay_08_every_request_with_a_key_is_answered_again_and_with_other_words_is_refused() {
    let mut tried = Tried::new();
    at_home(&mut tried).await;
    offered(&mut tried).await;
    paying(&mut tried).await;
    programs(&mut tried).await;
    stocks(&mut tried).await;
    calendars(&mut tried).await;
    let town = desk_town::open().await;
    cases(&town, &mut tried).await;
    several(&town, &mut tried).await;
    counter(&town, &mut tried).await;
    mismatched(&mut tried).await;
    own_desk(&town, &mut tried).await;
    posts(&town, &mut tried).await;
    elsewhere(&mut tried).await;
    let keyed: BTreeSet<&str> = WRITES.iter().filter(|(_, how)| *how == KEY).map(|(path, _)| *path).collect();
    let untried: Vec<_> = keyed.difference(&tried).collect();
    assert!(untried.is_empty(), "these carry a key, and nothing here sends them again: {untried:?}");
}

#[tokio::test]
async fn pay_08_what_showed_a_secret_once_does_nothing_again_and_shows_it_no_more() {
    let town = desk_town::open().await;
    let mut kamla = program_tokens::kamla(&town).await;
    let new = format!("/{TOWN}/desk/staff/new");
    kamla.get(&new).await;
    let own = pairs(&kamla, &[("name", "Jaya Rana"), ("login", "jaya.rana"), ("mobile", "")]);
    let before = "<strong class=\"code\">";
    let shown = posted(&mut kamla, &new, &own).await;
    let (_, secret) = shown.expect(200, before).html.split_once(before).unwrap();
    let secret = secret.split('<').next().unwrap();
    let done = ends(&town).await;
    let again = posted(&mut kamla, &new, &own).await;
    assert!(again.status == 409 && !again.html.contains(secret), "{}", again.text());
    posted(&mut kamla, &new, &with(&own, ("name", "Another"))).await.expect(409, REFUSAL);
    assert_eq!(ends(&town).await, done, "it was done more than once");
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let kept = Table::named("idempotency").unwrap();
    let look = |line: &str| {
        assert!(!line.contains(secret), "what was shown is kept");
        Ok(())
    };
    carry::rows(&mut tx, kept, look).await.unwrap();
    let all = people::employees(&mut tx).await.unwrap();
    assert_eq!(all.iter().filter(|person| person.name == "Jaya Rana").count(), 1);
}
