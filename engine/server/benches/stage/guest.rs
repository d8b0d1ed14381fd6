//! Somebody who asks a node over the network, as a browser without scripts does, or a program.

use std::collections::BTreeMap;
use std::path::Path;

use axum::http::header;
use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value as Json, json};

use crate::browser::{Page, encoded};
use crate::town::{self, TOWN};

/// The cookie of a session; the API takes what is in it as a token.
const SESSION: &str = "__Host-nagar";
const FORM: &str = "application/x-www-form-urlencoded";

/// A browser with its cookies.
#[derive(Clone)]
pub(crate) struct Guest {
    client: Client,
    origin: String,
    cookies: BTreeMap<String, String>,
}

/// The fields of a form, in their order.
pub(crate) type Pairs = Vec<(String, String)>;

/// The fields of a page's form, with what is typed into it.
pub(crate) fn filled(page: &Page, typed: &[(String, String)]) -> Pairs {
    let mut pairs = page.hidden();
    if pairs.is_empty() {
        pairs.push(("_csrf".to_owned(), page.token()));
    }
    pairs.retain(|(name, _)| typed.iter().all(|(given, _)| given != name));
    pairs.extend(typed.iter().cloned());
    pairs
}

/// The same, of fields with one value each.
fn typed(fields: &[(&str, &str)]) -> Pairs {
    fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

impl Guest {
    /// A stranger.
    pub(crate) fn new(origin: &str) -> Self {
        let client = Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let cookies = BTreeMap::from([("lang".to_owned(), "en".to_owned())]);
        Self { client, origin: origin.to_owned(), cookies }
    }

    /// A citizen who comes for the first time: by the code that is sent, which the node writes into its folder `data`.
    pub(crate) async fn citizen(&self, data: &Path, mobile: &str) -> Self {
        let mut guest = self.clone();
        let at = format!("/api/{TOWN}/sign-in");
        let told = guest.sends(&at, "", &json!({ "mobile": mobile }), 200).await;
        let body = json!({ "mobile": mobile, "browser": told["browser"], "code": town::code(data, mobile) });
        let told = guest.sends(&format!("{at}/code"), "", &body, 200).await;
        guest.cookies.insert(SESSION.to_owned(), told["token"].as_str().unwrap().to_owned());
        let page = guest.get(&format!("/{TOWN}/my/profile")).await;
        let who = typed(&[("name", "Asha Rao"), ("email", ""), ("language", "en"), ("agreed", "yes")]);
        guest.post(&page.expect(200, "").form_action(), &filled(&page, &who)).await.expect(303, "");
        guest
    }

    /// An employee, by name and password.
    pub(crate) async fn employee(&self, user: &str, password: &str) -> Self {
        let mut guest = self.clone();
        let at = format!("/{TOWN}/desk/sign-in");
        let page = guest.get(&at).await;
        let token = page.expect(200, "").token();
        let fields = typed(&[("_csrf", &token), ("user", user), ("password", password), ("next", "")]);
        guest.post(&at, &fields).await.expect(303, "");
        assert!(guest.cookies.contains_key(SESSION), "{user} needs more than a password to sign in");
        guest
    }

    /// Opens a page; follows nowhere.
    pub(crate) async fn get(&mut self, at: &str) -> Page {
        let request = self.client.get(format!("{}{at}", self.origin));
        self.ask(at, request).await
    }

    /// Sends a form; follows nowhere.
    pub(crate) async fn post(&mut self, at: &str, pairs: &[(String, String)]) -> Page {
        let request = self.client.post(format!("{}{at}", self.origin));
        self.ask(at, request.header(header::CONTENT_TYPE.as_str(), FORM).body(encoded(pairs))).await
    }

    async fn ask(&mut self, at: &str, request: RequestBuilder) -> Page {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = request.header(header::COOKIE.as_str(), cookies.join("; ")).send().await.unwrap();
        for line in answer.headers().get_all(header::SET_COOKIE.as_str()) {
            let (name, value) = line.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        read(at, answer).await
    }

    /// Chooses on the page of the demonstration's gateway that the money comes, and is sent back: the path of where.
    pub(crate) async fn pays_at(&self, gateway: &str) -> String {
        let request = self.client.post(gateway).header(header::CONTENT_TYPE.as_str(), FORM);
        let page = read(gateway, request.body("ending=succeed&mode=upi").send().await.unwrap()).await;
        let back = page.expect(303, "").headers["location"].clone();
        let (_, place) = back.split_once("://").unwrap();
        place[place.find('/').unwrap()..].to_owned()
    }

    /// Sends JSON to the API, as a program with the guest's token does; `key` says that it is to be done once.
    pub(crate) async fn sends(&self, at: &str, key: &str, body: &Json, expected: u16) -> Json {
        let mut request = self.client.post(format!("{}{at}", self.origin)).json(body);
        if !key.is_empty() {
            request = request.header("idempotency-key", key);
        }
        self.told(at, request, expected).await
    }

    /// Asks the API.
    pub(crate) async fn asks(&self, at: &str) -> Json {
        self.told(at, self.client.get(format!("{}{at}", self.origin)), 200).await
    }

    async fn told(&self, at: &str, request: RequestBuilder, expected: u16) -> Json {
        let token = self.cookies.get(SESSION).map(|token| format!("Bearer {token}"));
        let request = match token {
            Some(token) => request.header(header::AUTHORIZATION.as_str(), token),
            None => request,
        };
        let page = read(at, request.send().await.unwrap()).await;
        serde_json::from_str(&page.expect(expected, "").html).unwrap()
    }
}

/// Reads an answer whole.
async fn read(at: &str, answer: Response) -> Page {
    let status = answer.status().as_u16();
    let header = |(name, value): (&header::HeaderName, &header::HeaderValue)| {
        (name.to_string(), value.to_str().unwrap_or_default().to_owned())
    };
    let headers = answer.headers().iter().map(header).collect();
    let bytes = answer.bytes().await.unwrap().to_vec();
    Page { status, at: at.to_owned(), headers, html: String::from_utf8_lossy(&bytes).into_owned(), bytes }
}
