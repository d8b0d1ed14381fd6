//! It has been received: the number, and what happens next.

use engine::workflow::Trigger;
use ui_gen::Page;
use ui_gen::qr;
use ui_gen::view::apply::Acknowledgement;

use super::{start, tell, verify};
use crate::http::ask::{Answer, Ask};
use crate::store::{notices, papers};

/// `GET /{tenant}/cases/{case}/done`
pub async fn page(ask: &Ask) -> Answer {
    let service = ask.service_of_case().await?;
    let case = ask.case();
    let Some(number) = &case.number else { return ask.redirect(&ask.at_case("/check")) };
    let (words, lang) = (ask.words(), ask.lang.as_str());
    let state = tell::state_of(&service, case);
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let issued = papers::by_case(&mut tx, &case.id).await?;
    let sent = notices::by_case(&mut tx, &case.id).await?;
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
        sent: sent.last().map(|sent| words.say("done.sent", &[("to", &sent.to_masked)])).unwrap_or_default(),
        papers: tell::papers(ask, &service, &ask.at_case("/papers"), &issued),
        officers: start::officers(ask, &service),
        case: ask.at_case(""),
        feedback: ask.at("/contact"),
    };
    ask.page(Page::Acknowledgement(view)).answer()
}
