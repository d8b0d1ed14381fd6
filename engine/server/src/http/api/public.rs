//! Public lists of records for programs.

use serde_json::{Map, Value as Json, json};
use ui_gen::view::common::Row;

use super::given;
use crate::http::ask::{self, Answer, Ask};
use crate::http::citizen::registers::asked;
use crate::http::public::{self, Shown};
use crate::problem::Problem;
use crate::store::inbox::PAGE;

/// `GET /api/{tenant}/registers/{registry}/public?q=…&page=…`: the records that anybody may read, 25 at a time.
pub async fn list(ask: &Ask) -> Answer {
    let list = public::wanted(ask)?;
    let (text, page) = asked(ask, ask.query("q")?)?;
    if given(ask, "page")?.is_some_and(|page| page.parse::<i64>().ok().is_none_or(|page| page < 1)) {
        return Err(Problem::BadRequest("`page` is no number of a page"));
    }
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let (shown, total) = list.page(ask, &mut tx, text, page).await?;
    drop(tx);
    let records: Vec<Json> = shown.iter().map(|shown| told(ask, shown)).collect();
    let told = json!({
        "title": list.title(&ask.lang), "total": total, "page": page + 1, "of": (total + PAGE - 1) / PAGE, "records": records,
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
