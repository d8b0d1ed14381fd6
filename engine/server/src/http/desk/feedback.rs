//! `/{tenant}/desk/feedback`: how people found the pages and services of the town.

use ui_gen::Page;
use ui_gen::view::work::{HeardFeedback, Measure, SaidFeedback};

use crate::http::ask::{Answer, Ask};
use crate::http::{limits, when};
use crate::store::feedback::{self, Feedback};

/// `GET /{tenant}/desk/feedback`
pub(crate) async fn page(ask: &Ask) -> Answer {
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let counts = feedback::counts(&mut tx).await?;
    let latest = feedback::latest(&mut tx, limits::FEEDBACK_SHOWN).await?;
    drop(tx);
    let total: i64 = counts.iter().map(|(_, count)| count).sum();
    let measure = |stars: i64| Measure {
        label: format!("{stars} – {}", ask.words().get(&format!("rating.{stars}"))),
        value: counts.iter().find(|(given, _)| *given == stars).map_or(0, |(_, count)| *count).to_string(),
        note: String::new(),
    };
    let view = HeardFeedback {
        total: total.to_string(),
        stars: (1..=5).rev().map(measure).collect(),
        said: latest.iter().map(|said| said_of(ask, said)).collect(),
    };
    ask.page(Page::HeardFeedback(view)).answer()
}

fn said_of(ask: &Ask, said: &Feedback) -> SaidFeedback {
    let service = ask.library.catalogue.service(&ask.tenant().id, &said.service);
    SaidFeedback {
        when: when::moment(ask.words(), ask.now().with_ms(said.at_ms)),
        stars: format!("{} – {}", said.stars, ask.words().get(&format!("rating.{}", said.stars))),
        service: service.map(|service| service.title.in_language(&ask.lang).to_owned()).unwrap_or_default(),
        words: said.words.clone(),
    }
}
