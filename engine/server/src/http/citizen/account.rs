//! `/{tenant}/my/account`: how a citizen signs in, and where from.

use connectors::message::masked;
use engine::template::format;
use ui_gen::Page;
use ui_gen::view::account::Account;
use ui_gen::view::common::{ActionLink, Row};

use crate::http::ask::{Answer, Ask};
use crate::http::sessions;
use crate::store::factors;

/// `GET /{tenant}/my/account`
pub async fn page(ask: &Ask) -> Answer {
    let (words, citizen) = (ask.words(), ask.citizen()?);
    let mut tx = ask.app.store.read(&ask.tenant().state).await?;
    let mine = sessions::mine(ask, &mut tx, &citizen.id).await?;
    let devices = sessions::known(ask, &mut tx, &citizen.id).await?;
    let second = factors::find(&mut tx, &citizen.id).await?.and_then(|factor| factor.confirmed_ms);
    let left = factors::codes_left(&mut tx, &citizen.id).await?.to_string();
    drop(tx);
    let (state, link) = match second {
        Some(ms) => {
            let day = format::day(ask.now().with_ms(ms).day());
            (words.say("second.on", &[("day", &day), ("n", &left)]), "second.turn_off")
        }
        None => (words.get("second.off"), "second.set_up"),
    };
    let second = ActionLink { href: ask.at("/my/second"), text: words.get(link), ..ActionLink::default() };
    let change = ActionLink { href: ask.at("/my/mobile"), text: words.get("mobile.title"), ..ActionLink::default() };
    let data = ActionLink { href: ask.at("/my/data"), text: words.get("my_data.link"), ..ActionLink::default() };
    let erasing = ActionLink { href: ask.at("/my/erasing"), text: words.get("erasing.link"), ..ActionLink::default() };
    let view = Account {
        token: String::new(),
        rows: vec![
            Row::new(words.get("mobile.now"), masked(&citizen.mobile)),
            Row::new(words.get("second.row"), state),
        ],
        actions: vec![change, second, data, erasing],
        others: mine.len() > 1,
        sessions: mine,
        devices,
        end: ask.at("/my/account"),
    };
    ask.page(Page::Account(view)).back(ask.at("/my")).answer()
}

/// `POST /{tenant}/my/account`
pub async fn end(ask: &Ask) -> Answer {
    sessions::end(ask, ask.field("session")?).await?;
    ask.redirect(&ask.at("/my/account"))
}
