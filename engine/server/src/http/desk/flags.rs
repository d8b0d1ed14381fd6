//! Marking what the applicant is to correct: beside each page and question a box for a remark. What
//! has a remark is marked.

use std::sync::Arc;

use engine::base::{Answers, Day};
use engine::case::Flag;
use engine::form::{self, Field, Page};
use engine::list::List;
use engine::rule::Facts;
use engine::workflow::Action;
use ui_gen::view::field::{Group, Text};
use ui_gen::{FieldView, Input};

use super::opened::Opened;
use super::reader::Reader;
use crate::http::ask::Ask;
use crate::http::citizen::asked;
use crate::problem::Problem;

/// What was marked in the form that was sent.
pub(super) fn taken(ask: &Ask, opened: &Opened, action: &Action) -> Result<Vec<Flag>, Problem> {
    let mut flags = Vec::new();
    let asked = Asked::of(ask, opened);
    for page in pages(ask, opened, action) {
        let mut add = |at: &str, field: Option<engine::base::Name>| -> Result<(), Problem> {
            let remark = ask.field(at)?.replace("\r\n", "\n").trim().to_owned();
            if !remark.is_empty() {
                flags.push(Flag { page: page.name.clone(), field, remark });
            }
            Ok(())
        };
        add(&of_page(page), None)?;
        for field in asked.on(page) {
            add(&of_field(&field.name), Some(field.name.clone()))?;
        }
    }
    Ok(flags)
}

/// The boxes, page by page, with what was written into them.
pub(super) fn fields(ask: &Ask, opened: &Opened, action: &Action, reader: &Reader<'_>) -> Vec<FieldView> {
    let box_for = |name: String, label: String| -> FieldView {
        let typed = ask.field(&name).unwrap_or_default().to_owned();
        FieldView::new(name, label, Input::Text(Text { max_length: 500, ..Text::new(typed) }))
    };
    let questions = Asked::of(ask, opened);
    let page = |page: &Page| {
        let whole = box_for(of_page(page), reader.get("flag.page"));
        let each = questions.on(page).map(|field| box_for(of_field(&field.name), reader.text(&field.label).to_owned()));
        let group = Group { fields: std::iter::once(whole).chain(each).collect() };
        let title = reader.say("flag.title", &[("page", reader.text(&page.title))]);
        FieldView::new(format!("flag.{}", page.name), title, Input::Group(group))
    };
    let mut views: Vec<FieldView> = pages(ask, opened, action).into_iter().map(page).collect();
    if let Some(first) = views.first_mut() {
        first.hint = reader.get("flag.hint");
    }
    views
}

/// The applicant's pages, where the action marks any.
fn pages<'a>(ask: &Ask, opened: &'a Opened, action: &Action) -> Vec<&'a Page> {
    if !action.flags {
        return Vec::new();
    }
    asked::pages(&opened.service, ask.tenant(), ask.case(), ask.now().day())
}

/// What this applicant was asked: nobody is to correct what others are asked for.
struct Asked<'a> {
    answers: Answers,
    facts: Facts,
    conditions: (Day, &'a [Arc<List>], bool),
}

impl<'a> Asked<'a> {
    fn of(ask: &Ask, opened: &'a Opened) -> Self {
        let answers = ask.case().answers.clone();
        let facts = form::facts(&opened.service.form, &answers);
        Self { answers, facts, conditions: (ask.now().day(), &opened.service.lists, true) }
    }

    /// The questions of a page that were asked.
    fn on<'p>(&self, page: &'p Page) -> impl Iterator<Item = &'p Field> {
        page.fields
            .iter()
            .filter(|field| asked::is_asked(&page.fields, &[&field.name], &self.answers, &self.facts, self.conditions))
    }
}

fn of_page(page: &Page) -> String {
    format!("flag_page.{}", page.name)
}

fn of_field(field: &str) -> String {
    format!("flag_field.{field}")
}
