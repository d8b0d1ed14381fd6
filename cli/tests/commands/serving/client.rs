//! People who apply, add and pay through the pages and the API, and what each of them was told.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, mpsc};
use std::time::Duration;

use serde_json::{Value as Json, json};

use crate::node::ask;

/// Somebody who is signed in, with a case that waits for money.
#[derive(Clone, Debug)]
pub(super) struct Citizen {
    pub(super) id: String,
    pub(super) secret: String,
    pub(super) owing: String,
}

/// Something to be asked until it is answered.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) key: String,
    pub(super) citizen: Citizen,
    pub(super) what: What,
    /// What an application says of its place.
    pub(super) landmark: &'static str,
}

/// What most say.
pub(super) const LANDMARK: &str = "Beside pole 12";

#[derive(Clone, Copy, Debug)]
pub(super) enum What {
    /// An application, and then something that is added to it.
    Apply,
    /// The money of the case that waits for it.
    Pay,
}

/// The client: what it still wants, and what it was told.
pub(super) struct Client {
    pub(super) town: String,
    pub(super) place: String,
    pub(super) wanted: Mutex<Vec<Wanted>>,
    pub(super) ledger: Mutex<fs::File>,
    /// How many requests nodes were sent.
    pub(super) asked: AtomicUsize,
    /// How often a node said that it cannot answer now.
    pub(super) troubled: AtomicUsize,
    /// With which statuses it said so, and how often: a test that fails tells them.
    pub(super) statuses: Mutex<BTreeMap<u16, usize>>,
}

/// What a node answered, whole.
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) location: String,
    pub(crate) body: String,
}

/// Sends a request and reads the whole answer; none if the node went away meanwhile.
pub(crate) fn call(port: u16, method: &str, path: &str, headers: &str, body: &str) -> Option<Answered> {
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n{body}",
        body.len()
    );
    let answer = ask(port, &request).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let header = |name: &str| {
        let lines = head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned()).next()
    };
    let whole = header("content-length").is_none_or(|length| length.parse() == Ok(body.len()));
    whole.then(|| Answered { status, location: header("location").unwrap_or_default(), body: body.to_owned() })
}

/// The value of a hidden field.
fn hidden(page: &str, name: &str) -> String {
    let at = page.find(&format!("name=\"{name}\"")).unwrap_or_else(|| panic!("no {name} in {page}"));
    let value = page[at..].split("value=\"").nth(1).unwrap().split('"').next().unwrap();
    value.replace("&#x3D;", "=")
}

/// A text as forms are sent.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

impl Client {
    /// Writes down what was asked or told, on the disk before anything else happens.
    fn note(&self, key: &str, state: &str, facts: &Json) {
        let mut ledger = self.ledger.lock().unwrap();
        writeln!(ledger, "{}", json!({ "key": key, "state": state, "facts": facts })).unwrap();
        ledger.sync_data().unwrap();
    }

    /// What was answered, unless that is that it cannot be answered now: then nobody knows what was done.
    fn heard(&self, answered: Option<Answered>) -> Option<Answered> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let answered = answered?;
        if answered.status < 500 {
            return Some(answered);
        }
        self.troubled.fetch_add(1, Ordering::Relaxed);
        *self.statuses.lock().unwrap().entry(answered.status).or_default() += 1;
        None
    }

    /// Takes an action of a case that was opened long ago; the status, and what is told of the case then.
    pub(super) fn act(&self, port: u16, (citizen, case): (&Citizen, &str), action: &str, when: &str) -> (u16, Json) {
        let headers = format!(
            "Authorization: Bearer {}\r\nIdempotency-Key: {when}-{case}\r\nContent-Type: application/json\r\n",
            citizen.secret
        );
        let body = json!({ "action": action, "comment": "And still." }).to_string();
        let acted = call(port, "POST", &format!("/api/{}/cases/{case}/act", self.town), &headers, &body);
        acted.map_or((0, Json::Null), |acted| (acted.status, serde_json::from_str(&acted.body).unwrap_or_default()))
    }

    /// How much is still wanted and not being asked.
    pub(super) fn left(&self) -> usize {
        self.wanted.lock().unwrap().len()
    }

    /// Whether nothing is wanted any more.
    pub(super) fn content(&self) -> bool {
        self.left() == 0
    }

    /// Asks again and again until everything was answered, though the node is in trouble at times.
    pub(super) fn work_on(&self, port: u16) {
        let (_nobody, calls) = mpsc::channel::<()>();
        while !self.content() {
            self.work(port);
            // Whoever is refused waits a moment; nobody ever calls.
            let _ = calls.recv_timeout(Duration::from_millis(20));
        }
    }

    /// Asks for one thing after the other until everything was answered or one was not.
    pub(super) fn work(&self, port: u16) {
        while self.one(port) {}
    }

    /// Asks for the next thing; whether there was one, and it was answered.
    pub(super) fn one(&self, port: u16) -> bool {
        let Some(wanted) = self.wanted.lock().unwrap().pop() else { return false };
        self.note(&wanted.key, "invoke", &Json::Null);
        let done = match wanted.what {
            What::Apply => self.apply(port, &wanted),
            What::Pay => self.pay(port, &wanted),
        };
        if let Some(facts) = done {
            self.note(&wanted.key, "ok", &facts);
            return true;
        }
        self.note(&wanted.key, "unknown", &Json::Null);
        self.wanted.lock().unwrap().push(wanted);
        false
    }

    fn apply(&self, port: u16, wanted: &Wanted) -> Option<Json> {
        let headers = |key: &str| {
            format!(
                "Authorization: Bearer {}\r\nIdempotency-Key: {key}\r\nContent-Type: application/json\r\n",
                wanted.citizen.secret
            )
        };
        let answers = json!({
            "grievance_type": "light_not_working", "description": "The lamp has been dark for a week.", "locality": self.place,
            "landmark": wanted.landmark, "photos": [], "full_name": "Asha Rao", "may_call": false,
        });
        let body = json!({ "service": "grievance", "answers": answers }).to_string();
        let path = format!("/api/{}/cases", self.town);
        let opened = self.heard(call(port, "POST", &path, &headers(&wanted.key), &body))?;
        assert_eq!(opened.status, 201, "{}", opened.body);
        let case: Json = serde_json::from_str(&opened.body).unwrap();
        let id = case["id"].as_str().unwrap();
        self.note(&wanted.key, "applied", &json!({ "id": id, "number": case["number"] }));
        let body = json!({ "action": "add", "comment": "It still is." }).to_string();
        let to_add = headers(&format!("{}-add", wanted.key));
        let added = self.heard(call(port, "POST", &format!("{path}/{id}/act"), &to_add, &body))?;
        assert_eq!(added.status, 200, "{}", added.body);
        Some(json!({ "id": id, "number": case["number"] }))
    }

    fn pay(&self, port: u16, wanted: &Wanted) -> Option<Json> {
        let at = format!("/{}/cases/{}/pay", self.town, wanted.citizen.owing);
        let cookie = format!("Cookie: __Host-nagar={}; lang=en\r\n", wanted.citizen.secret);
        let page = self.heard(call(port, "GET", &at, &cookie, ""))?;
        if page.status == 303 {
            return Some(Json::Null);
        }
        assert_eq!(page.status, 200, "{}", page.body);
        let form =
            [("_csrf", hidden(&page.body, "_csrf")), ("_key", wanted.key.clone()), ("mode", "online".to_owned())];
        let body: Vec<String> = form.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let kind = "Content-Type: application/x-www-form-urlencoded\r\n";
        let sent = self.heard(call(port, "POST", &at, &format!("{cookie}{kind}"), &body.join("&")))?;
        let Some(gateway) = sent.location.strip_prefix("http://localhost:") else {
            // The money is on its way already, by an order of before: where it is looked after.
            let back = if sent.location.is_empty() { at.clone() } else { sent.location };
            self.heard(call(port, "GET", &back, &cookie, ""))?;
            let paid = self.heard(call(port, "GET", &at, &cookie, ""))?;
            return (paid.status == 303).then_some(Json::Null);
        };
        let (gateway, path) = gateway.split_once('/').unwrap();
        let chosen = call(gateway.parse().unwrap(), "POST", &format!("/{path}"), kind, "ending=succeed")?;
        let back = chosen.location.splitn(4, '/').nth(3).map_or_else(|| at.clone(), |path| format!("/{path}"));
        self.heard(call(port, "GET", &back, &cookie, ""))?;
        // Nothing is owed any more: that is what the payer is told.
        let paid = self.heard(call(port, "GET", &at, &cookie, ""))?;
        (paid.status == 303).then_some(Json::Null)
    }
}

/// How much the client was told is done: what was opened, added to and paid; and how much of it is payments. What was
/// asked again, since nobody knew, counts once.
pub(super) fn acknowledged(ledger: &Path) -> (usize, usize) {
    let text = fs::read_to_string(ledger).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str::<Json>(line).unwrap());
    let done = lines.filter(|line| line["state"] == "ok" || line["state"] == "applied");
    let done: BTreeSet<(String, String)> =
        done.map(|line| (line["key"].to_string(), line["state"].to_string())).collect();
    (done.len(), done.iter().filter(|(key, _)| key.starts_with("\"pay-")).count())
}

/// What the client was told, by key: the last facts it was told, acknowledged or not.
pub(super) fn told(ledger: &Path) -> BTreeMap<String, Json> {
    let mut told = BTreeMap::new();
    for line in fs::read_to_string(ledger).unwrap().lines() {
        let line: Json = serde_json::from_str(line).unwrap();
        if matches!(line["state"].as_str(), Some("ok" | "applied")) {
            let facts = told.entry(line["key"].as_str().unwrap().to_owned()).or_insert(Json::Null);
            assert!(
                facts.is_null() || *facts == line["facts"],
                "the same key was answered otherwise before: {facts} {line}"
            );
            facts.clone_from(&line["facts"]);
        }
    }
    told
}
