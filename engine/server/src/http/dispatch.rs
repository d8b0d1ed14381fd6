//! From a request to its handler: who asks, whether he may, what he sent; and the answer's headers.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use anyhow::anyhow;
use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use connectors::control::holds;
use engine::base::Name;
use futures_util::FutureExt as _;
use tracing::Instrument as _;
use ui_gen::from_engine::typed::Sent;

use super::ask::{self, Answer, Ask};
use super::body::{self, Content, Form, Reads, When};
use super::cookies::Cookie;
use super::crowd::{self, Place};
use super::headers::{self, Keep, Kept};
use super::routes::Route;
use super::{again, chrome, denied, kept, limits, problem};
use crate::app::App;
use crate::auth::{Denied, Object, Part, Policy, Who, authorize, otp, program, session};
use crate::holders;
use crate::problem::Problem;
use crate::store::{self, Bound, cases, erasures, events, through};

/// What the router shares with every request.
#[derive(Clone, Debug)]
pub struct Shared {
    /// What requests may use.
    pub app: Arc<App>,
    /// The content security policy of pages.
    pub policy: HeaderValue,
}

/// What a request fits.
#[derive(Clone, Copy, Debug)]
pub enum Fit {
    /// A row of the table.
    Row(&'static Route),
    /// A path of the table, but with another method.
    Method,
    /// Nothing.
    Nothing,
}

/// Answers a request.
pub async fn answer(shared: Shared, fit: Fit, params: Vec<(String, String)>, request: Request) -> Response {
    let route = if let Fit::Row(route) = fit { Some(route) } else { None };
    let begun = Instant::now();
    let method = request.method().clone();
    let mut ask = begin(&shared.app, route, params, &request);
    let path = route.map_or("none", |route| route.path);
    let span = tracing::info_span!(
        "request",
        reference = ask.reference,
        request = ask.request,
        route = path,
        status = tracing::field::Empty
    );
    let work = AssertUnwindSafe(serve(&mut ask, fit, request)).catch_unwind().instrument(span.clone());
    let slow = if route.is_some_and(|route| matches!(route.reads, Some(Reads::Parts | Reads::File))) {
        limits::UPLOAD_TIME
    } else {
        limits::REQUEST
    };
    let outcome = match tokio::time::timeout(slow, work).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(panic)) => Err(Problem::Fault(anyhow!("panic: {}", said(&*panic)))),
        Err(_) => Err(Problem::Unavailable("the request took too long".to_owned())),
    };
    let _within = span.enter();
    let mut response = outcome.unwrap_or_else(|problem| told(&ask, &method, &problem));
    finish(&shared, &ask, &mut response);
    let (status, took) = (response.status().as_u16(), begun.elapsed());
    let kind = route.map_or("none", |route| if route.get { "GET" } else { "POST" });
    span.record("status", status);
    shared.app.metrics.answered(kind, path, status, took);
    tracing::info!(%method, path, status, ms = took.as_millis(), "answered");
    response
}

/// What is known before anything was looked up.
fn begin(app: &Arc<App>, route: Option<&'static Route>, params: Vec<(String, String)>, request: &Request) -> Ask {
    let library = app.library.now();
    let tenant = params.iter().find(|(name, _)| name == "tenant").and_then(|(_, id)| library.tenant(id)).cloned();
    let remote = remote(request, app.config.proxies);
    let mut ask = Ask {
        app: Arc::clone(app),
        library,
        route,
        path: request.uri().path().to_owned(),
        params,
        query: Sent::new(),
        content: Content::Form(Form::default()),
        headers: request.headers().clone(),
        remote,
        tenant,
        who: Who::Nobody,
        session: None,
        program: None,
        browser: String::new(),
        new_browser: false,
        lang: String::new(),
        switched: false,
        resume: String::new(),
        case: None,
        held: Vec::new(),
        reference: app.chance.id()[..8].to_ascii_uppercase(),
        request: String::new(),
    };
    ask.request = named_in_front(request.headers(), app.config.proxies).unwrap_or_else(|| ask.reference.clone());
    let sent = ask
        .jar()
        .get(&ask.headers, Cookie::Browser)
        .filter(|value| value.len() == 26 && value.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    ask.new_browser = sent.is_none();
    ask.browser = sent.unwrap_or_else(|| app.chance.id());
    let offered = chrome::offered(&ask);
    let asked = if ask.is_of_program() { wished(&ask.headers) } else { Vec::new() };
    let mut asked = asked.into_iter().chain(ask.jar().get(&ask.headers, Cookie::Language));
    let asked = asked.find(|lang| offered.contains(lang));
    ask.lang = asked.or_else(|| offered.into_iter().next()).unwrap_or_else(|| "en".to_owned());
    ask
}

/// The name that a proxy of our own has given the request, if it can be one. Where none stands in front, whoever asks
/// says it, and would name the lines of the log.
fn named_in_front(headers: &HeaderMap, proxies: usize) -> Option<String> {
    if proxies == 0 && holds("ses_08_named_in_front") {
        return None;
    }
    let name = headers.get("x-request-id")?.to_str().ok()?;
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let fits = (1..=limits::REQUEST_ID).contains(&name.len()) && name.bytes().all(fits);
    fits.then(|| name.to_owned())
}

/// The languages that a program wants to be answered in, the dearest first. Without their regions:
/// `hi-IN` is `hi` here.
fn wished(headers: &HeaderMap) -> Vec<String> {
    let header = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut wished: Vec<(f32, String)> = header
        .split(',')
        .filter_map(|part| {
            let (tag, weight) = part.split_once(';').unwrap_or((part, "q=1"));
            let weight: f32 = weight.trim().strip_prefix("q=")?.parse::<f32>().ok().filter(|weight| *weight > 0.0)?;
            Some((weight, tag.trim().split('-').next()?.to_ascii_lowercase()))
        })
        .collect();
    wished.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    wished.into_iter().map(|(_, language)| language).collect()
}

async fn serve(ask: &mut Ask, fit: Fit, request: Request) -> Result<Response, Problem> {
    let long = request.uri().path_and_query().is_some_and(|whole| whole.as_str().len() > limits::ADDRESS);
    if long && holds("in_10_address") {
        return Err(Problem::TooLarge);
    }
    ask.query = body::pairs(request.uri().query().unwrap_or_default().as_bytes())?;
    let route = match fit {
        Fit::Row(route) => route,
        Fit::Method => return Err(Problem::WrongMethod),
        Fit::Nothing => return without_slash(&request).ok_or(Problem::NotFound),
    };
    if ask.params.iter().any(|(name, _)| name == "tenant") && ask.tenant.is_none() {
        return Err(Problem::NotFound);
    }
    if !route.many && ask.query.values().any(|values| values.len() > 1) {
        return Err(Problem::BadRequest("a parameter is there twice"));
    }
    let request = read(ask, route, When::First, request).await?;
    let place = enter(ask, route)?;
    identify(ask, route.policy).await?;
    match ask.program.as_ref().map(|program| program.through.clone()) {
        Some(token) => Box::pin(through::acting(token, go_on(ask, route, request, place))).await,
        None => Box::pin(go_on(ask, route, request, place)).await,
    }
}

/// Goes on with a request of which it is known who asks.
async fn go_on(ask: &mut Ask, route: &Route, request: Request, place: Option<Place>) -> Result<Response, Problem> {
    if let Err(problem) = allow(ask, route).await {
        if matches!(problem, Problem::SignIn) {
            ask.resume = kept::keep(ask, route, request).await?.unwrap_or_default();
        }
        return Err(problem);
    }
    if let Some(switched) = switch_language(ask, request.method())? {
        return Ok(switched);
    }
    // Whoever sends slowly holds no place meanwhile.
    drop(place);
    read(ask, route, When::Allowed, request).await?;
    let _place = enter(ask, route)?;
    again::answer(ask, route).await
}

/// A place among the requests that are worked at, if there is one; none for what needs none.
fn enter(ask: &Ask, route: &Route) -> Result<Option<Place>, Problem> {
    if crowd::needs_none(route.path) {
        return Ok(None);
    }
    let place = ask.app.crowd.enter(crowd::comes_first(route.path));
    place.map(Some).ok_or_else(|| Problem::Unavailable("more is asked than is worked at".to_owned()))
}

/// Lets the row answer, and writes down whom it refused. A row that shows the page of another one refuses nobody
/// itself: what is refused there was written down with the name of the other row.
pub async fn handle(ask: &Ask, route: &Route) -> Answer {
    let answered = store::within(bound(ask), (route.handler)(ask)).await;
    if let Err(problem) = &answered
        && !kept::shows_another(route)
        && let Some(why) = denied::why(ask, problem)
    {
        denied::note(ask, route, why).await;
    }
    answered
}

/// Reads the body if it is read now. Gives the request, without its body if that was read.
async fn read(ask: &mut Ask, route: &Route, now: When, request: Request) -> Result<Request, Problem> {
    let Some(reads) = route.reads.filter(|reads| reads.when() == now) else { return Ok(request) };
    let client = ask.who.person().map_or_else(|| otp::network(ask.remote), str::to_owned);
    ask.content = body::read(request, reads, &client).await?;
    if now == When::Allowed {
        check_form(ask, route)?;
        read_in(ask)?;
    }
    Ok(Request::default())
}

/// The key that stands in a form of a program; no other form was read yet.
fn key_sent(ask: &Ask) -> Option<String> {
    let key = ask.field("api_key").ok().filter(|key| !key.is_empty())?;
    Some(key.to_owned())
}

/// Finds out who asks. Tokens in the header are for the API alone, cookies for pages alone: so no
/// foreign page can make a browser call the API.
async fn identify(ask: &mut Ask, policy: Policy) -> Result<(), Problem> {
    let secret = match policy {
        Policy::Hook => None,
        _ if ask.is_of_program() && holds("az_15_no_cookies") => bearer(&ask.headers).or_else(|| key_sent(ask)),
        _ => ask.jar().get(&ask.headers, Cookie::Session),
    };
    let Some(secret) = secret else { return Ok(()) };
    if program::is_token(&secret) {
        if let (Some(tenant), true) = (&ask.tenant, ask.is_of_program())
            && let Some((who, program)) = program::find(&ask.app, &secret, tenant).await?
        {
            (ask.who, ask.program) = (who, Some(program));
        }
        return Ok(());
    }
    if let Some((session, who)) = session::find(&ask.app, &secret, ask.tenant.as_deref()).await? {
        ask.session = Some(session);
        ask.who = who;
    }
    Ok(())
}

fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    value.strip_prefix("Bearer ").map(str::to_owned)
}

/// Whose rows may be come by for whoever asks: where somebody works for a town, those of that town, whatever stands in
/// the address and whatever the policy says.
fn bound(ask: &Ask) -> Option<Bound> {
    let employee = ask.who.employee()?;
    let own = ask.library.tenant(&employee.tenant);
    let state = own.map(|own| own.state.clone()).unwrap_or_default();
    Some(Bound { town: employee.tenant.clone(), state })
}

/// Asks the policy, with the case in the address if the route has one.
pub async fn allow(ask: &mut Ask, route: &Route) -> Result<(), Problem> {
    store::within(bound(ask), asked(ask, route)).await
}

async fn asked(ask: &mut Ask, route: &Route) -> Result<(), Problem> {
    let wanted = ask.params.iter().find(|(name, _)| name == "case").map(|(_, id)| id.clone());
    if let (Some(id), Some(tenant), true) = (wanted, &ask.tenant, ask.who != Who::Nobody) {
        let mut tx = ask.app.store.read(&tenant.id).await?;
        ask.case = cases::load(&mut tx, &id).await?;
        // What was never sent and was erased is there no more: nobody goes on with it.
        if ask.case.as_ref().is_some_and(|case| case.number.is_none()) && erasures::stand(&mut tx, &id).await?.erased {
            ask.case = None;
        }
    }
    if let (Policy::CaseParty, Some(tenant), Some(case), Some(citizen)) =
        (route.policy, &ask.tenant, &ask.case, ask.who.citizen())
    {
        ask.held = holders::roles(&ask.app, tenant, case, &citizen.id).await?;
    }
    let object = Object {
        tenant: ask.tenant.as_ref().map(|tenant| tenant.id.as_str()),
        case: ask.case.as_ref(),
        implementer: ask.app.config.implementer,
        writes: !route.get,
        program: ask.program.as_ref().map(|program| &program.uses[..]),
        part: part(ask, route.policy).await?,
    };
    if let Err(denied) = authorize(&ask.who, route.policy, object) {
        // Not even the page that says so may know of the case.
        ask.case = None;
        ask.held = Vec::new();
        let (problem, why) = match denied {
            Denied::SignIn => return Err(Problem::SignIn),
            Denied::Hidden => (Problem::NotFound, "hidden"),
            Denied::Forbidden => (Problem::Forbidden, "forbidden"),
        };
        denied::note(ask, route, why).await;
        return Err(problem);
    }
    if ask.case.is_none() && ask.params.iter().any(|(name, _)| name == "case") {
        return Err(Problem::NotFound);
    }
    Ok(())
}

/// What whoever asks has to do with the case in the address without being its applicant, as far as the policy asks.
async fn part(ask: &Ask, policy: Policy) -> Result<Option<Part>, Problem> {
    let declined = match (policy, &ask.tenant, &ask.case, ask.who.citizen()) {
        (Policy::CaseOffered, Some(tenant), Some(case), Some(citizen)) => {
            let mut tx = ask.app.store.read(&tenant.id).await?;
            events::has_declined(&mut tx, &case.id, &citizen.id).await?
        }
        _ => false,
    };
    Ok(if declined { Some(Part::Declined) } else { (!ask.held.is_empty()).then_some(Part::Holder) })
}

/// Where a page was asked for with a slash at the end, as people type addresses, the way to the address
/// without it. Only within these pages: `//elsewhere/` names another host.
fn without_slash(request: &Request) -> Option<Response> {
    let path = request.uri().path().strip_suffix('/').filter(|path| !path.is_empty())?;
    if !matches!(*request.method(), Method::GET | Method::HEAD)
        || path.contains("//")
        || path.contains('\\')
        || path.ends_with('/')
    {
        return None;
    }
    let to = match request.uri().query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    let mut response = ask::see_other(&to);
    *response.status_mut() = StatusCode::MOVED_PERMANENTLY;
    Some(response)
}

/// `?lang=hi` on a page sets the language and leads back to the page; so does `_lang`, which a form
/// that is sent in the address says when it is read in another language.
fn switch_language(ask: &Ask, method: &Method) -> Result<Option<Response>, Problem> {
    let wanted = match ask.query("lang")? {
        "" => ask.query("_lang")?,
        wanted => wanted,
    };
    if wanted.is_empty() || *method != Method::GET || !chrome::offered(ask).iter().any(|lang| lang == wanted) {
        return Ok(None);
    }
    let mut rest = form_urlencoded::Serializer::new(String::new());
    for (name, values) in ask.query.iter().filter(|(name, _)| !matches!(name.as_str(), "lang" | "_lang")) {
        for value in values {
            rest.append_pair(name, value);
        }
    }
    let rest = rest.finish();
    let to = if rest.is_empty() { ask.path.clone() } else { format!("{}?{rest}", ask.path) };
    Ok(Some(ask::with_cookie(ask::see_other(&to), ask.jar(), Cookie::Language, wanted)))
}

/// A form that was sent by a button of a language is answered in that language.
fn read_in(ask: &mut Ask) -> Result<(), Problem> {
    let wanted = ask.field("_lang")?.to_owned();
    ask.switched = !wanted.is_empty();
    if chrome::offered(ask).contains(&wanted) {
        ask.lang = wanted;
    }
    Ok(())
}

/// Every form must carry the token that was given to this session or browser, and no field twice
/// unless the route reads lists.
fn check_form(ask: &Ask, route: &Route) -> Result<(), Problem> {
    let Content::Form(form) = &ask.content else { return Ok(()) };
    if !route.many && form.sent.values().any(|values| values.len() > 1) {
        return Err(Problem::BadRequest("a parameter is there twice"));
    }
    if ask.new_browser && ask.session.is_none() {
        return Err(Problem::Forged);
    }
    let own = session::is_form_token(&ask.app, &ask.bound_to(), ask.field("_csrf")?);
    if own || !holds("ses_05_form_token") { Ok(()) } else { Err(Problem::Forged) }
}

/// What a person or a program is told instead of what was asked for.
fn told(ask: &Ask, method: &Method, problem: &Problem) -> Response {
    match problem {
        Problem::Fault(error) => tracing::error!(error = format!("{error:#}"), "fault"),
        Problem::Unavailable(why) => tracing::warn!(why, "unavailable"),
        Problem::Refused(engine::case::Refusal::FeeNotComputed(failed)) => {
            tracing::warn!(why = failed.reason, line = failed.line, "a fee was not computed");
        }
        _ => {}
    }
    if super::api::open311::is_here(&ask.path) {
        return super::api::open311::problem(ask, problem);
    }
    if ask.is_of_program() {
        return problem::json(ask, problem);
    }
    if let (Problem::SignIn, &Method::GET, Some(tenant)) = (problem, method, &ask.tenant) {
        return ask::see_other(&problem::sign_in(ask, &format!("/{}", tenant.id)));
    }
    problem::page(ask, problem)
}

fn finish(shared: &Shared, ask: &Ask, response: &mut Response) {
    let keep = response.extensions().get::<Kept>().map_or(Keep::Never, |kept| kept.0);
    if ask.new_browser
        && keep == Keep::Never
        && ask.route.is_some_and(|route| {
            !matches!(route.policy, Policy::Hook | Policy::Token | Policy::Program(_) | Policy::Office(_))
        })
    {
        response.headers_mut().append(header::SET_COOKIE, ask.jar().set(Cookie::Browser, &ask.browser));
    }
    if ask.switched {
        response.headers_mut().append(header::SET_COOKIE, ask.jar().set(Cookie::Language, &ask.lang));
    }
    headers::protect(response.headers_mut(), &shared.policy, shared.app.config.is_https(), keep);
    if let Ok(reference) = HeaderValue::from_str(&ask.request) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), reference);
    }
}

/// Where a request came from: the peer, or what the nearest of our own proxies says it saw.
fn remote(request: &Request, proxies: usize) -> IpAddr {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |info| info.0.ip());
    if proxies == 0 {
        return peer;
    }
    let lines = request.headers().get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let hops: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
    hops.len().checked_sub(proxies).and_then(|at| hops[at].parse().ok()).unwrap_or(peer)
}

fn said(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without words")
}

/// Names read from an address.
pub fn name(text: &str) -> Result<Name, Problem> {
    if Name::is_valid(text) { Ok(Name::new(text)) } else { Err(Problem::NotFound) }
}
