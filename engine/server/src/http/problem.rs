//! Problems as pages and as JSON, in the reader's language.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use engine::case::Refusal;
use engine::form::FieldError;
use serde_json::json;
use ui_gen::view::common::Link;
use ui_gen::view::other::{Problem as View, ProblemKind};
use ui_gen::{Page, Words};

use super::ask::{self, Ask};
use super::{chrome, slot_words, when};
use crate::problem::Problem;

/// The page that tells a person what is the matter.
pub fn page(ask: &Ask, problem: &Problem) -> Response {
    let words = ask.words();
    let view = View {
        kind: kind(problem),
        text: text(ask, problem),
        technical: match problem {
            Problem::Refused(refusal) if ask.who.employee().is_some() => technical(refusal),
            _ => String::new(),
        },
        wait: if let Problem::TooMany(seconds) = problem { when::wait(words, *seconds) } else { String::new() },
        reference: if matches!(problem, Problem::Fault(_) | Problem::Unavailable(_)) {
            ask.reference.clone()
        } else {
            String::new()
        },
        links: links(ask, problem),
    };
    let mut response = ask.page(Page::Problem(view)).status(problem.status()).response();
    wait_header(&mut response, problem);
    response
}

/// The same for a program (RFC 9457).
pub fn json(ask: &Ask, problem: &Problem) -> Response {
    let words = ask.words();
    let mut told = json!({
        "type": format!("urn:nagar:{}", problem.word()),
        "title": title(words, problem),
        "status": problem.status(),
        "detail": text(ask, problem).join(" "),
    });
    if let Problem::BadRequest(why) = problem {
        told["detail"] = (*why).into();
    }
    if matches!(problem, Problem::Fault(_) | Problem::Unavailable(_)) {
        told["reference"] = ask.reference.as_str().into();
    }
    if let Problem::Refused(Refusal::Answers(errors)) = problem {
        told["errors"] = errors.iter().map(|error| wrong(ask, error)).collect();
    }
    if let Problem::Refused(refusal) = problem
        && let Some(slot) = slot_words::told(refusal)
    {
        told["slot"] = slot;
    }
    let status = StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = ask::text(status, "application/problem+json", told.to_string());
    wait_header(&mut response, problem);
    if matches!(problem, Problem::SignIn) {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

/// What is wrong with one answer, for a program; with the words that the author of the form has for it.
fn wrong(ask: &Ask, error: &FieldError) -> serde_json::Value {
    let mut told = json!({ "path": error.path, "problem": error.problem.word(), "limit": error.problem.limit() });
    if let Some(text) = error.problem.words() {
        told["detail"] = text.in_language(&ask.lang).into();
    }
    told
}

/// What is the matter, in a few words.
pub fn title(words: &ui_gen::Words, problem: &Problem) -> String {
    words.get(&format!("problem.{}.title", slug(kind(problem))))
}

/// Says when to ask again, where that is known.
pub fn wait_header(response: &mut Response, problem: &Problem) {
    let seconds = match problem {
        Problem::TooMany(seconds) => *seconds,
        Problem::Unavailable(_) => 30,
        _ => return,
    };
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds.unsigned_abs()));
}

fn kind(problem: &Problem) -> ProblemKind {
    match problem.status() {
        401 => ProblemKind::Expired,
        403 if matches!(problem, Problem::Forged) => ProblemKind::Expired,
        403 => ProblemKind::Forbidden,
        404 | 405 => ProblemKind::NotFound,
        409 => ProblemKind::Conflict,
        413 => ProblemKind::TooLarge,
        429 => ProblemKind::TooMany,
        500 => ProblemKind::Fault,
        503 => ProblemKind::Unavailable,
        _ => ProblemKind::Refused,
    }
}

fn slug(kind: ProblemKind) -> String {
    serde_json::to_value(kind).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// The refusal in words, where the page's own words do not say it.
pub fn text(ask: &Ask, problem: &Problem) -> Vec<String> {
    match problem {
        Problem::Refused(refusal) => each_of(ask, refusal),
        Problem::SignIn if !ask.resume.is_empty() => vec![ask.words().get("refusal.typed_is_kept")],
        Problem::OnHold => vec![ask.words().get("refusal.on_hold")],
        Problem::Forged => vec![ask.words().get("refusal.forged")],
        Problem::KeyReused => vec![ask.words().get("refusal.key_reused")],
        Problem::SearchInAddress => vec![ask.words().get("refusal.search_in_address")],
        Problem::BadRequest(_) | Problem::WrongType => vec![ask.words().get("refusal.bad_request")],
        _ => Vec::new(),
    }
}

/// Everything that does not fit, where the author says it; else the refusal in words.
fn each_of(ask: &Ask, refusal: &Refusal) -> Vec<String> {
    match refusal.words_of_author() {
        [] => vec![refused(ask, refusal)],
        texts => texts.iter().map(|text| text.in_language(&ask.lang).to_owned()).collect(),
    }
}

/// A refusal in words.
pub fn refused(ask: &Ask, refusal: &Refusal) -> String {
    if let Some(said) = refusal.said_by_author(&ask.lang) {
        return said;
    }
    if matches!(refusal, Refusal::FeeNotComputed(_)) && ask.who.employee().is_some() {
        return ask.words().get("rule_failed.officer");
    }
    if let Some(text) = slot_words::refusal(ask.words(), refusal) {
        return text;
    }
    if let Some(text) = whole_number(ask.words(), refusal) {
        return text;
    }
    let key = format!("refusal.{}", refusal.word());
    let n = match refusal {
        Refusal::CommentTooLong(most) => most.to_string(),
        Refusal::NotTheWholeAmount(owed) | Refusal::LessThanTheLeast(owed) | Refusal::AbovePower(owed) => {
            match &ask.tenant {
                Some(tenant) => engine::template::format::money(*owed, &tenant.currency),
                None => owed.to_string(),
            }
        }
        Refusal::NumberNotFree(number) => number.clone(),
        _ => String::new(),
    };
    ask.words().say(&key, &[("n", &n)])
}

/// That something has a whole number by which a person is known, and what to write in its place.
pub(crate) fn whole_number(words: &Words, refusal: &Refusal) -> Option<String> {
    let Refusal::IdentityNumber(whole) = refusal else { return None };
    let what = whole.title.in_language(words.lang());
    Some(words.say("refusal.identity_number", &[("what", what), ("n", &whole.example)]))
}

/// What a rule said that failed, and where, for whoever writes rules; nothing for any other refusal.
pub fn technical(refusal: &Refusal) -> String {
    match refusal {
        Refusal::FeeNotComputed(failed) if failed.line > 0 => {
            format!("fees.rhai, line {}, column {}: {}", failed.line, failed.column, failed.reason)
        }
        Refusal::FeeNotComputed(failed) => failed.reason.clone(),
        _ => String::new(),
    }
}

/// The address of signing in, which then leads back to the page: of what was posted, to the page it
/// was posted from.
pub fn sign_in(ask: &Ask, base: &str) -> String {
    let desk = ask.path.split('/').nth(2) == Some("desk");
    let page = if desk { "desk/sign-in" } else { "sign-in" };
    let next = if ask.resume.is_empty() { chrome::address(ask) } else { ask.resume.clone() };
    let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
    format!("{base}/{page}?next={next}")
}

fn links(ask: &Ask, problem: &Problem) -> Vec<Link> {
    let words = ask.words();
    let Some(tenant) = &ask.tenant else { return vec![Link::new("/", words.get("town.title"))] };
    let base = format!("/{}", tenant.id);
    let mut links = Vec::new();
    if matches!(problem, Problem::SignIn | Problem::Forged) && ask.who.person().is_none() {
        links.push(Link::new(sign_in(ask, &base), words.get("nav.sign_in")));
    }
    if ask.case.is_some() {
        links.push(Link::new(ask.at_case(""), words.get("pay.case")));
    }
    if ask.who.employee().is_some() {
        links.push(Link::new(format!("{base}/desk/inbox"), words.get("inbox.title")));
    } else {
        links.push(Link::new(base, words.get("catalogue.title")));
    }
    links
}
