//! It has been received: the number, and what happens next.

use connectors::message::masked;
use engine::workflow::Trigger;
use ui_gen::Page;
use ui_gen::qr;
use ui_gen::view::apply::Acknowledgement;

use super::{coming, tell, verify};
use crate::http::ask::{Answer, Ask};
use crate::http::charter;
use crate::store::{events, notices, papers};

/// `GET /{tenant}/cases/{case}/done`
pub async fn page(ask: &Ask) -> Answer {
    let service = ask.service_of_case().await?;
    let case = ask.case();
    let Some(number) = &case.number else { return ask.redirect(&ask.at_case("/check")) };
    let (words, lang) = (ask.words(), ask.lang.as_str());
    let state = tell::state_of(&service, case);
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let issued = papers::by_case(&mut tx, &case.id).await?;
    let sent = notices::for_applicant(&mut tx, &case.id).await?;
    let history = events::history(&mut tx, &case.id).await?;
    let mut papers = coming::papers(ask, &mut tx, &service, &history).await?;
    let sending = coming::message(ask, &mut tx, &service, &history).await?;
    drop(tx);
    let soon = !papers.is_empty();
    papers.extend(tell::papers(ask, &service, &ask.at_case("/papers"), &issued));
    let told = match sent.iter().rfind(|sent| matches!(sent.state.as_str(), "sent" | "delivered")) {
        Some(sent) => words.say("done.sent", &[("to", &sent.to_masked)]),
        None if sending => words.say("done.sending", &[("to", &masked(&ask.citizen()?.mobile))]),
        None => String::new(),
    };
    let mut next = vec![tell::meaning(state, lang)];
    if state.actions.iter().any(|action| matches!(action.trigger, Trigger::Once(engine::workflow::Once::Paid, _))) {
        next.push(words.get("done.pay"));
    }
    next.push(words.get("done.told"));
    let verify = ask.app.link(&ask.at(&format!("/verify/{}", verify::application_code(ask, number))));
    let view = Acknowledgement {
        service: service.title.in_language(lang).to_owned(),
        title: words.get("done.title"),
        number: number.clone(),
        qr_svg: qr::svg(&verify).unwrap_or_default(),
        verify,
        due: tell::promised(case, state, ask.now())
            .map(|by| engine::template::format::day(by.day()))
            .unwrap_or_default(),
        next,
        sent: told,
        soon,
        papers,
        officers: charter::officers(&service, ask.words()),
        case: ask.at_case(""),
        feedback: ask.at(&format!("/feedback?service={}", service.id)),
    };
    ask.page(Page::Acknowledgement(view)).answer()
}
