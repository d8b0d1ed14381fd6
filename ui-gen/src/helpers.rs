//! What templates can call: words, small comparisons, and the two places where markup passes.

use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, Output, RenderContext, RenderError, RenderErrorReason,
    ScopedJson,
};
use serde_json::Value;

use crate::words::Words;

/// `{{t "check.change" what=label}}`: the product's words for a key.
pub(crate) struct Translate<'w>(pub(crate) &'w Words);

impl HelperDef for Translate<'_> {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let key = text(h, 0)?;
        let filled: Vec<(&str, String)> = h.hash().iter().map(|(name, v)| (*name, plain(v.value()))).collect();
        let values: Vec<(&str, &str)> = filled.iter().map(|(n, v)| (*n, v.as_str())).collect();
        Ok(Value::String(self.0.say(&key, &values)).into())
    }
}

/// `{{body}}`: the page's own markup inside what surrounds it.
pub(crate) struct Body<'b>(pub(crate) &'b str);

impl HelperDef for Body<'_> {
    fn call<'reg: 'rc, 'rc>(
        &self,
        _: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        Ok(out.write(self.0)?)
    }
}

/// Registers the helpers that need nothing but their parameters.
pub(crate) fn register(registry: &mut Handlebars<'static>) {
    registry.register_helper("join", Box::new(Join));
    registry.register_helper("is", Box::new(Is));
    registry.register_helper("option_id", Box::new(OptionId));
    registry.register_helper("raw", Box::new(raw));
}

/// `(join "fields/" kind)`: its parameters one after another.
struct Join;

impl HelperDef for Join {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let joined: String = h.params().iter().map(|param| plain(param.value())).collect();
        Ok(Value::String(joined).into())
    }
}

/// `(is look "radios" "search")`: whether the first parameter equals one of the others.
struct Is;

impl HelperDef for Is {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let mut params = h.params().iter();
        let first = params.next().map(handlebars::PathAndJson::value);
        let is = params.any(|param| Some(param.value()) == first);
        Ok(Value::Bool(is).into())
    }
}

/// `(option_id name group option)`: the first option has the field's id, so that the error summary
/// leads to it; the others have numbers.
struct OptionId;

impl HelperDef for OptionId {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let (name, group, option) = (text(h, 0)?, text(h, 1)?, text(h, 2)?);
        let id = if group == "0" && option == "0" { name } else { format!("{name}-{group}-{option}") };
        Ok(Value::String(id).into())
    }
}

/// `{{raw svg}}`: the only place where markup is written as it is. Its callers are the emblem, the
/// QR, charts and the workflow's diagram, all made by the product or checked with the definition.
fn raw(
    h: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    Ok(out.write(&text(h, 0)?)?)
}

/// Escapes text for element content and quoted attributes.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

fn text(h: &Helper<'_>, index: usize) -> Result<String, RenderError> {
    let missing = || RenderErrorReason::ParamNotFoundForIndex("helper", index);
    Ok(plain(h.param(index).ok_or_else(missing)?.value()))
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
