//! `/{tenant}/my/erasing`: somebody asks to have erased what the town need not keep.

use engine::base::limits::COMMENT_CHARS;
use engine::case::ActorKind;
use ui_gen::view::account::Erasing;
use ui_gen::view::common::{Row, Section, Tone};
use ui_gen::view::field::Text;
use ui_gen::{FieldView, Input, Page};

use crate::auth::otp;
use crate::http::ask::{Answer, Ask};
use crate::http::erasing::{Sorted, asked, stands};
use crate::http::limits;
use crate::store::erasure_requests::{self, ASKED, Request};
use crate::store::{By, Error};

/// `GET /{tenant}/my/erasing`
pub async fn show(ask: &Ask) -> Answer {
    draw(ask, "", "", 200).await
}

/// `POST /{tenant}/my/erasing`
pub async fn send(ask: &Ask) -> Answer {
    let words = ask.said("words")?.replace("\r\n", "\n").trim().to_owned();
    if ask.only_shows() {
        return draw(ask, &words, "", 200).await;
    }
    if words.chars().count() > COMMENT_CHARS {
        return draw(ask, &words, "erasing.long", 422).await;
    }
    let citizen = ask.citizen()?;
    if Sorted::load(ask, &citizen.id, None).await?.goes.is_empty() {
        return draw(ask, &words, "", 422).await;
    }
    let now_ms = ask.app.clock.now_ms();
    let mut tx = ask.app.store.begin(&ask.tenant().state).await?;
    otp::throttle(&mut tx, &format!("erasing:{}", citizen.id), now_ms, limits::ERASING_ASKED).await?;
    tx.commit().await?;
    let request = Request {
        id: ask.app.chance.id(),
        person: citizen.id.clone(),
        language: ask.lang.clone(),
        words,
        asked_ms: now_ms,
        state: ASKED.to_owned(),
        decided_by: None,
        decided_ms: None,
        reason: String::new(),
        done_ms: None,
    };
    let by = By { person: &citizen.id, kind: ActorKind::Citizen, at_ms: now_ms };
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    let kept = erasure_requests::ask(&mut tx, by, &request).await;
    match kept {
        Ok(()) => tx.commit().await?,
        // One waits already: it was pressed twice.
        Err(Error::Taken(_)) => drop(tx),
        Err(error) => return Err(error.into()),
    }
    ask.redirect(&ask.at("/my/erasing?asked=1"))
}

async fn draw(ask: &Ask, typed: &str, error: &str, status: u16) -> Answer {
    let (words, citizen) = (ask.words(), ask.citizen()?);
    let sorted = Sorted::load(ask, &citizen.id, None).await?;
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let before = erasure_requests::of_person(&mut tx, &citizen.id, limits::ERASING_SHOWN).await?;
    drop(tx);
    let waits = before.iter().any(|request| request.state == ASKED);
    let open = !waits && !sorted.goes.is_empty();
    let mut text = vec![words.get("erasing.text"), words.get("erasing.law"), words.get("erasing.person")];
    match () {
        () if sorted.goes.is_empty() && sorted.stays.is_empty() => text.push(words.get("erasing.none")),
        () if sorted.goes.is_empty() => text.push(words.get("erasing.nothing")),
        () => {}
    }
    let row = |request: &Request| Row { key: asked(ask, request), lines: stands(ask, request), ..Row::default() };
    let yours = Section { title: words.get("erasing.yours"), rows: before.iter().map(row).collect() };
    let mut sections = if yours.rows.is_empty() { Vec::new() } else { vec![yours] };
    sections.extend(sorted.sections(ask));
    let said = Text { max_length: u32::try_from(COMMENT_CHARS).unwrap_or(0), ..Text::new(typed) };
    let error = if error.is_empty() { String::new() } else { words.get(error) };
    let said = FieldView::new("words", words.get("erasing.words"), Input::Textarea(said));
    let view = Erasing {
        title: words.get("erasing.title"),
        text,
        sections,
        action: if open { ask.at("/my/erasing") } else { String::new() },
        fields: vec![said.hint(words.get("erasing.words_hint")).error(error).optional()],
        submit: words.get("erasing.ask"),
        cancel: ask.at("/my/account"),
        ..Erasing::default()
    };
    let mut page = ask.page(Page::Erasing(view)).back(ask.at("/my/account")).status(status);
    if waits && !ask.query("asked")?.is_empty() {
        page = page.notice(Tone::Good, words.get("erasing.sent"));
    }
    page.answer()
}
