//! `/{tenant}/desk/erasing`: what people ask to have erased, and what an officer decides about it. The office sees of
//! which cases something would be erased, and nothing that was said in them.

use connectors::control::holds;
use engine::base::limits::COMMENT_CHARS;
use engine::case::ActorKind;
use ui_gen::view::account::Erasing;
use ui_gen::view::choice::{Choice, Opt};
use ui_gen::view::common::{Link, Row, Section};
use ui_gen::view::field::Text;
use ui_gen::{FieldView, Input, Page};

use super::names::Names;
use crate::around::is_citizen;
use crate::erasing;
use crate::http::ask::{Answer, Ask};
use crate::http::erasing::{Sorted, asked, stands};
use crate::http::limits;
use crate::problem::Problem;
use crate::store::By;
use crate::store::erasure_requests::{self, ASKED, GRANTED, REFUSED, Request};

/// `GET /{tenant}/desk/erasing`
pub(crate) async fn list(ask: &Ask) -> Answer {
    let words = ask.words();
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let waiting = erasure_requests::waiting(&mut tx, limits::ERASING_SHOWN).await?;
    let decided = erasure_requests::decided(&mut tx, limits::ERASING_SHOWN).await?;
    drop(tx);
    let ids = waiting.iter().chain(&decided).map(|request| request.person.clone()).collect();
    let names = Names::load(&ask.app, ask.tenant(), ids).await?;
    let row = |request: &Request| Row {
        key: asked(ask, request),
        lines: stands(ask, request),
        links: vec![Link::new(href(ask, &request.id), who(ask, &names, request))],
        ..Row::default()
    };
    let section = |key: &str, all: &[Request]| Section { title: words.get(key), rows: all.iter().map(row).collect() };
    let mut sections = vec![section("erasing.waiting", &waiting), section("erasing.decided", &decided)];
    sections.retain(|section| !section.rows.is_empty());
    let mut text = vec![words.get("erasing.desk_text")];
    if sections.is_empty() {
        text.push(words.get("erasing.none_yet"));
    }
    let view = Erasing { title: words.get("erasing.desk"), text, sections, ..Erasing::default() };
    ask.page(Page::Erasing(view)).back(ask.at("/desk")).answer()
}

/// Who asks, masked; somebody whose name and number were erased is called so.
fn who(ask: &Ask, names: &Names, request: &Request) -> String {
    match names.person(&request.person) {
        Some(person) if person.mobile.is_some() => names.applicant(&request.person, true),
        _ => ask.words().get("erasing.forgotten"),
    }
}

fn href(ask: &Ask, request: &str) -> String {
    ask.at(&format!("/desk/erasing/{request}"))
}

/// The request in the address.
async fn request(ask: &Ask) -> Result<Request, Problem> {
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    erasure_requests::find(&mut tx, ask.param("request")).await?.ok_or(Problem::NotFound)
}

/// What was typed, and what is wrong with it.
#[derive(Default)]
struct Typed {
    answer: String,
    reason: String,
    wrong: [String; 2],
}

/// `GET /{tenant}/desk/erasing/{request}`
pub(crate) async fn page(ask: &Ask) -> Answer {
    draw(ask, &request(ask).await?, &Typed::default(), 200).await
}

/// `POST /{tenant}/desk/erasing/{request}`
pub(crate) async fn decide(ask: &Ask) -> Answer {
    let (request, words) = (request(ask).await?, ask.words());
    let mut typed = Typed {
        answer: ask.field("answer")?.to_owned(),
        reason: ask.said("reason")?.replace("\r\n", "\n").trim().to_owned(),
        ..Typed::default()
    };
    if ask.only_shows() {
        return draw(ask, &request, &typed, 200).await;
    }
    if is_own(ask, &request).await? && holds("az_08_own_erasing") {
        return Err(Problem::Forbidden);
    }
    if ![GRANTED, REFUSED].contains(&typed.answer.as_str()) {
        typed.wrong[0] = words.get("erasing.choose");
    }
    if typed.reason.is_empty() || typed.reason.chars().count() > COMMENT_CHARS {
        typed.wrong[1] = words.get("erasing.no_reason");
    }
    if typed.wrong.iter().any(|wrong| !wrong.is_empty()) {
        return draw(ask, &request, &typed, 422).await;
    }
    let by = By { person: &ask.employee()?.id, kind: ActorKind::Employee, at_ms: ask.now().ms };
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    // Of two decisions the first stands.
    let decided = erasure_requests::decide(&mut tx, by, &request.id, (&typed.answer, &typed.reason)).await?;
    tx.commit().await?;
    if decided && let Err(problem) = erasing::carry_out(&ask.app, ask.tenant()).await {
        tracing::error!(?problem, "what was decided about erasing is carried out when it comes round");
    }
    ask.redirect(&href(ask, &request.id))
}

/// Whether whoever decides is the one who asks: the number is the same.
async fn is_own(ask: &Ask, request: &Request) -> Result<bool, Problem> {
    let me = &ask.employee()?.id;
    Ok(*me == request.person || is_citizen(&ask.app, ask.tenant(), me, &request.person).await?)
}

async fn draw(ask: &Ask, request: &Request, typed: &Typed, status: u16) -> Answer {
    let words = ask.words();
    let people = std::iter::once(request.person.clone()).chain(request.decided_by.clone());
    let names = Names::load(&ask.app, ask.tenant(), people.collect()).await?;
    let waits = request.state == ASKED;
    let mut rows = vec![
        Row::new(words.get("erasing.who"), who(ask, &names, request)),
        Row::new(words.get("erasing.when"), asked(ask, request)),
    ];
    if names.person(&request.person).is_some_and(|person| person.mobile.is_some()) {
        rows.insert(1, Row::new(words.get("mobile.now"), names.mobile(&request.person, true)));
    }
    if !request.words.is_empty() {
        rows.push(Row::new(words.get("erasing.words"), request.words.clone()));
    }
    if let Some(by) = &request.decided_by {
        rows.push(Row::new(words.get("erasing.by"), names.officer(by)));
    }
    rows.push(Row { key: words.get("erasing.stand"), lines: stands(ask, request), ..Row::default() });
    let mut sections = vec![Section { title: String::new(), rows }];
    sections.extend(Sorted::load(ask, &request.person, Some(request)).await?.sections(ask));
    let options = vec![
        Opt { hint: words.get("erasing.warning"), ..Opt::new(GRANTED, words.get("erasing.grant")) },
        Opt::new(REFUSED, words.get("erasing.refuse")),
    ];
    let choice = Input::Choice(Choice::one(options, &typed.answer, ""));
    let reason = Text { max_length: u32::try_from(COMMENT_CHARS).unwrap_or(0), ..Text::new(typed.reason.as_str()) };
    let decides = waits && ask.employee()?.administers();
    let view = Erasing {
        title: words.get("erasing.request"),
        text: Vec::new(),
        sections,
        action: if decides { href(ask, &request.id) } else { String::new() },
        fields: vec![
            FieldView::new("answer", words.get("erasing.answer"), choice).error(typed.wrong[0].as_str()),
            FieldView::new("reason", words.get("erasing.reason"), Input::Textarea(reason))
                .hint(words.get("erasing.reason_hint"))
                .error(typed.wrong[1].as_str()),
        ],
        submit: words.get("erasing.decide"),
        cancel: ask.at("/desk/erasing"),
        ..Erasing::default()
    };
    ask.page(Page::Erasing(view)).back(ask.at("/desk/erasing")).status(status).answer()
}
