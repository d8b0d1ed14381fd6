//! Where the chain of the town ended on each day, for everybody to read and keep.

use axum::http::StatusCode;
use engine::base::date::parse_day;
use engine::template::format;
use ui_gen::Page;
use ui_gen::view::common::{Link, Row};
use ui_gen::view::other::{Statement, StatementKind};

use crate::ends;
use crate::http::ask::{self, Answer, Ask};
use crate::http::{chrome, limits};
use crate::problem::Problem;
use crate::store::events::{self, DayEnd};

/// Letters of a hash that are read together.
const GROUP: usize = 8;

/// `GET /{tenant}/chain`
pub async fn page(ask: &Ask) -> Answer {
    let ends = read(ask, limits::ENDS_SHOWN).await?;
    let mut rows: Vec<Row> = ends.iter().map(|ended| row(ask, ended)).collect();
    if !rows.is_empty() {
        let file = Link::new(ask.at("/chain.txt"), "chain.txt");
        rows.push(Row { key: ask.words().get("chain.file"), links: vec![file], ..Row::default() });
    }
    let town = chrome::town(ask).name;
    let view = Statement { kind: StatementKind::Chain, town, rows, updated: String::new() };
    ask.page(Page::Statement(view)).back(ask.home()).answer()
}

/// `GET /{tenant}/chain.txt`: the same as `nagar verify --anchor` takes it, the latest last.
pub async fn file(ask: &Ask) -> Answer {
    let ends = read(ask, limits::ENDS_IN_FILE).await?;
    let lines: String = ends.iter().rev().map(|ended| ends::line(&ask.tenant().id, &ended.day, &ended.end)).collect();
    Ok(ask::text(StatusCode::OK, "text/plain; charset=utf-8", lines))
}

async fn read(ask: &Ask, limit: i64) -> Result<Vec<DayEnd>, Problem> {
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    Ok(events::day_ends(&mut tx, limit).await?)
}

fn row(ask: &Ask, ended: &DayEnd) -> Row {
    let day = parse_day(&ended.day).map_or_else(|| ended.day.clone(), format::day);
    let letters: Vec<char> = ended.end.hash.chars().collect();
    let groups: Vec<String> = letters.chunks(GROUP).map(|group| group.iter().collect()).collect();
    let entries = ask.words().say("chain.entries", &[("n", &ended.end.seq.to_string())]);
    Row { key: day, lines: vec![entries, groups.join(" ")], ..Row::default() }
}
