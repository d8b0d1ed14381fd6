//! Public lists of records for programs. What is searched for may be a name or a number of somebody, and addresses are
//! kept: it is sent in a body, and stands sealed in the address of every further page.

use serde_json::{Map, Value as Json, json};
use ui_gen::view::common::Row;

use super::cases::only;
use super::{body, given};
use crate::http::ask::{self, Answer, Ask};
use crate::http::citizen::registers::asked;
use crate::http::public::{self, Shown};
use crate::http::sought::{self, Sought};
use crate::problem::Problem;
use crate::store::inbox::PAGE;

/// `GET /api/{tenant}/registers/{registry}/public?page=…`: the records that anybody may read, 25 at a time. With
/// `search`, which the answer to a search gives, those that it found.
pub async fn list(ask: &Ask) -> Answer {
    let sought = match given(ask, "search")? {
        None => Sought::default(),
        Some(text) if sought::is_sealed(text) => Sought::of(ask, "q", text)?,
        Some(_) => return Err(Problem::SearchInAddress),
    };
    page(ask, &sought).await
}

/// `POST /api/{tenant}/registers/{registry}/public`: those of them that `{"q": …}` finds.
pub async fn search(ask: &Ask) -> Answer {
    let body = body(ask)?;
    only(body, &["q"])?;
    let text = body["q"].as_str().unwrap_or_default().trim();
    if text.is_empty() {
        return Err(Problem::BadRequest("`q` is missing, or empty"));
    }
    page(ask, &Sought::of(ask, "q", text)?).await
}

/// A page of the list, with the address of the next.
async fn page(ask: &Ask, sought: &Sought) -> Answer {
    if ask.query.contains_key("q") {
        return Err(Problem::SearchInAddress);
    }
    if sought.lost {
        return Err(Problem::BadRequest("what was searched for can no longer be read: search again"));
    }
    let list = public::wanted(ask)?;
    let (text, page) = asked(ask, &sought.words)?;
    if given(ask, "page")?.is_some_and(|page| page.parse::<i64>().ok().is_none_or(|page| page < 1)) {
        return Err(Problem::BadRequest("`page` is no number of a page"));
    }
    public::count(ask, text, page).await?;
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let (shown, total) = list.page(ask, &mut tx, text, page).await?;
    drop(tx);
    let records: Vec<Json> = shown.iter().map(|shown| told(ask, shown)).collect();
    let next = ((page + 1) * PAGE < total).then(|| {
        let next = (page + 2).to_string();
        ask.app.link(&sought::address(&ask.path, &[("search", &sought.sealed), ("page", &next)]))
    });
    let told = json!({
        "title": list.title(&ask.lang),
        "total": total,
        "page": page + 1,
        "of": (total + PAGE - 1) / PAGE,
        "next": next,
        "records": records,
    });
    Ok(ask::json(200, &told))
}

fn told(ask: &Ask, shown: &Shown) -> Json {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let rows: Map<String, Json> = shown.rows.iter().map(|row| (row.key.clone(), json!(answer(ask, row)))).collect();
    json!({
        "number": shown.number,
        "heading": shown.heading,
        "text": some(&shown.text),
        "valid_from": shown.from.to_string(),
        "valid_until": shown.until.map(|day| day.to_string()),
        "shows": rows,
        "link": ask.app.link(&ask.at(&shown.path)),
    })
}

/// An answer in words; of files where they are.
fn answer(ask: &Ask, row: &Row) -> String {
    let files = row.links.iter().chain(&row.pictures).map(|file| ask.app.link(&file.href));
    row.lines.iter().cloned().chain(files).collect::<Vec<String>>().join(", ")
}
