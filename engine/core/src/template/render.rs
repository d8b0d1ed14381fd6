//! Filling in a template that was proved.

use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, JsonRender, Output, PathAndJson, RenderContext, Template,
    html_escape, no_escape,
};
use serde_json::Value as Json;

use super::format;
use super::show::Look;
use crate::base::date::parse_day;
use crate::base::{Money, Value};
use crate::form::{Field, Form, Kind};

/// Fills in the template of a message. `Err` says what is wrong with it.
pub(crate) fn plain(template: &str, data: &Json) -> Result<String, String> {
    let mut engine = Handlebars::new();
    engine.set_strict_mode(true);
    engine.register_escape_fn(no_escape);
    engine.render_template(template, data).map_err(|error| error.reason().to_string())
}

/// Fills in the template of a paper. `Err` says what is wrong with it.
pub(crate) fn paper(template: &str, data: &Json, form: &Form, look: &Look<'_>) -> Result<String, String> {
    for_papers(form, look).render_template(template, data).map_err(|error| error.reason().to_string())
}

/// The same with a template that was read before.
pub(super) fn paper_of(template: &Template, data: &Json, form: &Form, look: &Look<'_>) -> Result<String, String> {
    let mut engine = for_papers(form, look);
    engine.register_template("", template.clone());
    engine.render("", data).map_err(|error| error.reason().to_string())
}

/// What knows the helpers of papers.
fn for_papers<'a>(form: &'a Form, look: &Look<'a>) -> Handlebars<'a> {
    let mut engine = Handlebars::new();
    engine.set_strict_mode(true);
    engine.register_escape_fn(html_escape);
    for (name, how) in [
        ("date", How::Date),
        ("money", How::Money),
        ("words", How::Words),
        ("label", How::Answer),
        ("address", How::Answer),
        ("t", How::Word),
    ] {
        engine.register_helper(name, Box::new(Print { how, form, look: *look }));
    }
    engine.register_helper("qr", Box::new(Print { how: How::Qr, form, look: *look }));
    engine
}

#[derive(Clone, Copy)]
enum How {
    Date,
    Money,
    Words,
    Answer,
    Word,
    Qr,
}

/// A helper of papers: takes one value, prints it escaped.
struct Print<'a> {
    how: How,
    form: &'a Form,
    look: Look<'a>,
}

impl HelperDef for Print<'_> {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let Some(argument) = helper.param(0) else { return Ok(()) };
        let text = html_escape(&self.text(argument));
        match self.how {
            How::Qr if text.is_empty() => Ok(()),
            How::Qr => Ok(out.write(&format!("<qr>{text}</qr>"))?),
            _ => Ok(out.write(&text)?),
        }
    }
}

impl Print<'_> {
    fn text(&self, argument: &PathAndJson<'_>) -> String {
        let raw = argument.value().render();
        match self.how {
            How::Qr => raw,
            How::Word => self.look.words.get(&raw).cloned().unwrap_or(raw),
            How::Date => parse_day(&raw).map_or(raw, format::day),
            How::Money => Money::parse(&raw).map_or(raw, |amount| format::money(amount, self.look.currency)),
            How::Words => Money::parse(&raw)
                .map_or(raw, |amount| format::in_words(amount, self.look.language, self.look.currency)),
            How::Answer => {
                let field = argument.context_path().and_then(|path| field(self.form, path));
                let value = Value::from_json(argument.value());
                match (field, value) {
                    (Some(field), Some(value)) => self.look.answer(field, &value),
                    _ => raw,
                }
            }
        }
    }
}

/// The question behind `answers.owners.0.name`.
fn field<'a>(form: &'a Form, path: &[String]) -> Option<&'a Field> {
    let mut parts = path.iter().filter(|part| part.parse::<usize>().is_err());
    if parts.next()? != "answers" {
        return None;
    }
    let name = parts.next()?;
    let mut found = form.all_pages().flat_map(|page| &page.fields).find(|field| field.name == **name)?;
    for part in parts {
        let (Kind::Group { fields } | Kind::List { fields, .. }) = &found.kind else { return None };
        found = fields.iter().find(|field| field.name == **part)?;
    }
    Some(found)
}
