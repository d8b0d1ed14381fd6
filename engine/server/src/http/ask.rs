//! A request with everything that is known about it by the time its handler sees it.

use std::net::IpAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use engine::base::{Moment, Name};
use engine::case::{Case, Refusal};
use engine::identity;
use engine::service::Service;
use engine::tenant::Tenant;
use engine::workflow::APPLICANT;
use ui_gen::from_engine::typed::Sent;
use ui_gen::view::common::{Notice, Tone};
use ui_gen::{Chrome, Page, Words};

use super::body::{self, Content, Form};
use super::chrome;
use super::cookies::{Cookie, Jar};
use super::routes::Route;
use crate::app::App;
use crate::auth::program::Program;
use crate::auth::{Citizen, Employee, Who, session};
use crate::library::Loaded;
use crate::problem::Problem;
use crate::store::sessions::Session;

/// What a handler gives: an answer, or why there is none.
pub type Answer = Result<Response, Problem>;

/// A request.
pub struct Ask {
    /// What it may use.
    pub app: Arc<App>,
    /// The definitions, as they were when it came.
    pub library: Arc<Loaded>,
    /// The row of the table that fits; none where no row does.
    pub route: Option<&'static Route>,
    /// The path, without the query.
    pub path: String,
    /// What stands in the holes of the route's path.
    pub params: Vec<(String, String)>,
    /// The query.
    pub query: Sent,
    /// The body.
    pub content: Content,
    /// The headers.
    pub headers: HeaderMap,
    /// Where it came from.
    pub remote: IpAddr,
    /// The town in the address.
    pub tenant: Option<Arc<Tenant>>,
    /// Who asks.
    pub who: Who,
    /// The session, if there is one.
    pub session: Option<Session>,
    /// The program, if one asks with a token of its own.
    pub program: Option<Program>,
    /// The secret of the browser's cookie.
    pub browser: String,
    /// Whether the browser had none before.
    pub new_browser: bool,
    /// The reader's language.
    pub lang: String,
    /// Whether the form was sent to read its page in another language: see [`Ask::only_shows`].
    pub switched: bool,
    /// Where what was typed is shown again after signing in; empty where nothing was kept.
    pub resume: String,
    /// The case in the address.
    pub case: Option<Case>,
    /// The roles that whoever asks has on it by holding records that it names.
    pub held: Vec<Name>,
    /// How this request is called in the log.
    pub reference: String,
    /// What the request is called in logs and headers: the name that whoever stands in front gave it, or the reference.
    pub request: String,
}

impl Ask {
    /// The town in the address.
    pub fn tenant(&self) -> &Arc<Tenant> {
        self.tenant.as_ref().expect("every route that asks for its town has one in its path")
    }

    /// The case in the address.
    pub fn case(&self) -> &Case {
        self.case.as_ref().expect("the policy of the route has loaded the case")
    }

    /// Whether whoever asks applied with the case in the address.
    pub fn applies(&self) -> bool {
        self.who.person() == Some(self.case().applicant.as_str())
    }

    /// Whether what is for `role` is for the citizen who asks: as the applicant, or by a record that the case names.
    pub fn is_for_me(&self, role: &str) -> bool {
        (*role == *APPLICANT && self.applies()) || self.held.iter().any(|held| *held == *role)
    }

    /// The definition that the case began with.
    pub async fn service_of_case(&self) -> Result<Arc<Service>, Problem> {
        self.app.service_of(self.tenant(), &self.case().definition).await
    }

    /// The present definition of the service in the address.
    pub fn service(&self) -> Result<&Arc<Service>, Problem> {
        let tenant = self.tenant();
        let id = self.param("service");
        let offered = tenant.services.iter().any(|offered| offered == id);
        self.library.catalogue.service(&tenant.id, id).filter(|_| offered).ok_or(Problem::NotFound)
    }

    /// What stands in a hole of the route's path.
    pub fn param(&self, name: &str) -> &str {
        let found = self.params.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str()).expect("a handler asks for the holes of its own route")
    }

    /// The one value of a parameter of the query; empty if it was not sent.
    pub fn query(&self, name: &str) -> Result<&str, Problem> {
        body::one(&self.query, name)
    }

    /// The form that was sent.
    pub fn form(&self) -> &Form {
        static NOTHING: Form = Form { sent: Sent::new(), files: Vec::new() };
        match &self.content {
            Content::Form(form) => form,
            _ => &NOTHING,
        }
    }

    /// The one value of a field of the form; empty if it was not sent.
    pub fn field(&self, name: &str) -> Result<&str, Problem> {
        body::one(&self.form().sent, name)
    }

    /// The same of a field for words, in which no number by which a person is known may stand whole.
    pub fn said(&self, name: &str) -> Result<&str, Problem> {
        let words = self.field(name)?;
        self.takes(words)?;
        Ok(words)
    }

    /// Refuses words in which a number by which a person is known stands whole.
    pub fn takes(&self, words: &str) -> Result<(), Problem> {
        let numbers = self.tenant.as_ref().map(|tenant| tenant.identity_numbers.as_slice()).unwrap_or_default();
        identity::find(words, numbers).map_or(Ok(()), |whole| Err(Refusal::IdentityNumber(whole).into()))
    }

    /// Whether the form was sent by one of the buttons that switch the language. The page is then drawn
    /// again in that language with everything that was typed, and nothing else is done.
    pub fn only_shows(&self) -> bool {
        self.switched
    }

    /// The citizen who asks.
    pub fn citizen(&self) -> Result<&Citizen, Problem> {
        self.who.citizen().ok_or(Problem::SignIn)
    }

    /// The employee who asks.
    pub fn employee(&self) -> Result<&Employee, Problem> {
        self.who.employee().ok_or(Problem::SignIn)
    }

    /// The product's words in the reader's language.
    pub fn words(&self) -> &Words {
        self.library.words(&self.lang)
    }

    /// The present, in the town.
    pub fn now(&self) -> Moment {
        self.app.clock.now(self.tenant())
    }

    /// An address within the town.
    pub fn at(&self, path: &str) -> String {
        format!("/{}{path}", self.tenant().id)
    }

    /// The front page: of the town in the address, or that above the towns.
    pub fn home(&self) -> String {
        if self.tenant.is_some() { self.at("") } else { "/".to_owned() }
    }

    /// Whether a program asks: it reads JSON.
    pub fn is_of_program(&self) -> bool {
        self.path.starts_with("/api/") || self.path.starts_with("/hooks/")
    }

    /// An address within the case: at the desk for those who work there.
    pub fn at_case(&self, path: &str) -> String {
        let desk = if self.who.employee().is_some() { "desk/" } else { "" };
        format!("/{}/{desk}cases/{}{path}", self.tenant().id, self.case().id)
    }

    /// The cookies.
    pub fn jar(&self) -> Jar {
        Jar::new(self.app.config.secure_cookies())
    }

    /// What forms of this page are bound to: the session, or the browser of a stranger.
    pub fn bound_to(&self) -> String {
        self.session
            .as_ref()
            .map_or_else(|| format!("browser {}", self.browser), |session| format!("session {}", session.csrf))
    }

    /// A token for the forms of this page.
    pub fn form_token(&self) -> String {
        session::form_token(&self.app, &self.bound_to())
    }

    /// The same request, about a case that is not in its address. Whoever asks so has proved that it may be
    /// shown.
    #[must_use]
    pub fn about(&self, case: Case) -> Self {
        Self {
            app: Arc::clone(&self.app),
            library: Arc::clone(&self.library),
            route: self.route,
            path: self.path.clone(),
            params: self.params.clone(),
            query: self.query.clone(),
            content: self.content.clone(),
            headers: self.headers.clone(),
            remote: self.remote,
            tenant: self.tenant.clone(),
            who: self.who.clone(),
            program: self.program.clone(),
            session: self.session.clone(),
            browser: self.browser.clone(),
            new_browser: self.new_browser,
            lang: self.lang.clone(),
            switched: self.switched,
            resume: self.resume.clone(),
            case: Some(case),
            held: Vec::new(),
            reference: self.reference.clone(),
            request: self.request.clone(),
        }
    }

    /// A page as answer.
    pub fn page(&self, page: Page) -> Shown<'_> {
        Shown { ask: self, page, chrome: chrome::of(self), status: StatusCode::OK }
    }

    /// Sends the browser on with a GET, as after every form that did something.
    pub fn redirect(&self, to: &str) -> Answer {
        Ok(see_other(to))
    }

    /// The idempotency key that the form carries, bound to who sent it.
    pub fn key(&self) -> Result<Option<String>, Problem> {
        let key = self.field("_key")?;
        if key.len() > super::limits::KEY {
            return Err(Problem::BadRequest("a key that is too long"));
        }
        let person = self.who.person().unwrap_or(&self.browser);
        Ok((!key.is_empty()).then(|| format!("form:{person}:{key}")))
    }
}

impl std::fmt::Debug for Ask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ask").field("path", &self.path).field("reference", &self.reference).finish_non_exhaustive()
    }
}

/// A page on its way out.
pub struct Shown<'a> {
    ask: &'a Ask,
    page: Page,
    chrome: Chrome,
    status: StatusCode,
}

impl Shown<'_> {
    /// The same page with a link back.
    #[must_use]
    pub fn back(mut self, to: impl Into<String>) -> Self {
        self.chrome.back = Some(to.into());
        self
    }

    /// The same page with a message on top.
    #[must_use]
    pub fn notice(mut self, tone: Tone, text: impl Into<String>) -> Self {
        self.chrome.notices.push(Notice { tone, text: text.into() });
        self
    }

    /// The same page with another status; 422 for a form that was not accepted.
    #[must_use]
    pub fn status(mut self, status: u16) -> Self {
        self.status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        self
    }

    /// The same page in another language than the reader's, for the switch inside a form.
    #[must_use]
    pub fn chrome(mut self, change: impl FnOnce(&mut Chrome)) -> Self {
        change(&mut self.chrome);
        self
    }

    /// The answer.
    pub fn answer(self) -> Answer {
        Ok(self.response())
    }

    /// The answer.
    pub fn response(self) -> Response {
        let html = self.ask.app.pages.render(self.ask.words(), &self.chrome, &self.page);
        let mut response = text(self.status, "text/html; charset=utf-8", html);
        response.headers_mut().insert(
            header::CONTENT_LANGUAGE,
            HeaderValue::from_str(&self.ask.lang).unwrap_or(HeaderValue::from_static("en")),
        );
        response
    }
}

/// An answer of this media type.
pub fn text(status: StatusCode, kind: &'static str, content: impl Into<Body>) -> Response {
    let mut response = Response::new(content.into());
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

/// JSON as answer.
pub fn json(status: u16, value: &serde_json::Value) -> Response {
    text(
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        "application/json",
        value.to_string(),
    )
}

/// A redirect that is followed with a GET.
pub fn see_other(to: &str) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    // Addresses are made of our own paths; a header that cannot be written leads home.
    response.headers_mut().insert(header::LOCATION, HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/")));
    response
}

/// The same answer with a cookie.
#[must_use]
pub fn with_cookie(mut response: Response, jar: Jar, cookie: Cookie, value: &str) -> Response {
    response.headers_mut().append(header::SET_COOKIE, jar.set(cookie, value));
    response
}

/// The same answer that takes a cookie away.
#[must_use]
pub fn without_cookie(mut response: Response, jar: Jar, cookie: Cookie) -> Response {
    response.headers_mut().append(header::SET_COOKIE, jar.clear(cookie));
    response
}
