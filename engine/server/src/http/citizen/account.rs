//! `/{tenant}/my/account`: how a citizen signs in, and where from.

use connectors::message::masked;
use ui_gen::Page;
use ui_gen::view::account::Account;
use ui_gen::view::common::{ActionLink, Row};

use crate::http::ask::{Answer, Ask};
use crate::http::sessions;

/// `GET /{tenant}/my/account`
pub async fn page(ask: &Ask) -> Answer {
    let (words, citizen) = (ask.words(), ask.citizen()?);
    let mut tx = ask.app.store.read(&ask.tenant().state).await?;
    let mine = sessions::mine(ask, &mut tx, &citizen.id).await?;
    let devices = sessions::known(ask, &mut tx, &citizen.id).await?;
    drop(tx);
    let change = ActionLink { href: ask.at("/my/mobile"), text: words.get("mobile.title"), ..ActionLink::default() };
    let data = ActionLink { href: ask.at("/my/data"), text: words.get("my_data.link"), ..ActionLink::default() };
    let erasing = ActionLink { href: ask.at("/my/erasing"), text: words.get("erasing.link"), ..ActionLink::default() };
    let view = Account {
        rows: vec![Row::new(words.get("mobile.now"), masked(&citizen.mobile))],
        actions: vec![change, data, erasing],
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
