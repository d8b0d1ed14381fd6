//! Public lists of records: a page of 25, one record, and the files that it shows.

use engine::template::format;
use ui_gen::Page;
use ui_gen::view::common::Pager;
use ui_gen::view::public::{PublicLine, PublicList, PublicRecord};

use super::files;
use crate::http::ask::{Answer, Ask};
use crate::http::limits;
use crate::http::public::{self, Shown};
use crate::http::sought::{self, Sought};
use crate::octets;
use crate::problem::Problem;
use crate::store::files as uploads;
use crate::store::inbox::PAGE;

/// `GET /{tenant}/registers/{registry}`
pub async fn list(ask: &Ask) -> Answer {
    let list = public::wanted(ask)?;
    if let Some(sealed) = sought::sealed_address(ask, "q")? {
        return ask.redirect(&sealed);
    }
    let sought = Sought::read(ask, "q")?;
    let (text, page) = asked(ask, &sought.words)?;
    public::count(ask, text, page).await?;
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let (shown, total) = list.page(ask, &mut tx, text, page).await?;
    drop(tx);
    let base = ask.at(&list.path());
    let address = |page: i64| {
        let page = if page > 0 { (page + 1).to_string() } else { String::new() };
        sought::address(&base, &[("q", sought.sealed.as_str()), ("page", page.as_str())])
    };
    let count = |number: i64| format::number(number.into(), ask.tenant().currency.indian_grouping);
    let here = i64::try_from(shown.len()).unwrap_or(PAGE);
    let view = PublicList {
        title: list.title(&ask.lang),
        action: base.clone(),
        query: text.to_owned(),
        pager: Pager {
            total: count(total),
            from: count(page * PAGE + i64::from(here > 0)),
            to: count(page * PAGE + here),
            prev: (page > 0).then(|| address(page - 1)),
            next: (page * PAGE + here < total && here > 0).then(|| address(page + 1)),
        },
        lines: shown.into_iter().map(|shown| line(ask, shown)).collect(),
    };
    sought.told(ask, ask.page(Page::PublicList(view)).back(ask.at(""))).answer()
}

/// What is looked for with `words`, and the page of the list, counted from 0.
pub(in crate::http) fn asked<'a>(ask: &Ask, words: &'a str) -> Result<(&'a str, i64), Problem> {
    let text = words.trim();
    if text.chars().count() > limits::SEARCH {
        return Err(Problem::BadRequest("a search that is too long"));
    }
    let page = ask.query("page")?.parse::<i64>().map_or(0, |page| page.saturating_sub(1).clamp(0, 100_000));
    Ok((text, page))
}

fn line(ask: &Ask, shown: Shown) -> PublicLine {
    PublicLine {
        href: ask.at(&shown.path),
        heading: shown.heading,
        number: shown.number,
        until: shown.until.map(format::day).unwrap_or_default(),
        text: shown.text,
        rows: shown.rows,
    }
}

/// `GET /{tenant}/registers/{registry}/{record}`
pub async fn record(ask: &Ask) -> Answer {
    let list = public::wanted(ask)?;
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let record = list.record(ask, &mut tx, ask.param("record")).await?;
    drop(tx);
    let shown = list.shown(ask, &record).ok_or(Problem::NotFound)?;
    let view = PublicRecord {
        list: list.title(&ask.lang),
        heading: shown.heading,
        number: shown.number,
        from: format::day(shown.from),
        until: shown.until.map(format::day).unwrap_or_default(),
        text: shown.text,
        rows: shown.rows,
    };
    ask.page(Page::PublicRecord(view)).back(ask.at(&list.path())).answer()
}

/// `GET /{tenant}/registers/{registry}/{record}/files/{file}`: a file that the record shows.
pub async fn file(ask: &Ask) -> Answer {
    let list = public::wanted(ask)?;
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let record = list.record(ask, &mut tx, ask.param("record")).await?;
    let wanted = ask.param("file");
    if !list.shows_file(&record, wanted) {
        return Err(Problem::NotFound);
    }
    let file = uploads::find(&mut tx, wanted).await?.ok_or(Problem::NotFound)?;
    drop(tx);
    let bytes = octets::of_file(&ask.app, &ask.tenant().id, &file).await?;
    Ok(files::served(&file.kind, &file.name, bytes))
}
