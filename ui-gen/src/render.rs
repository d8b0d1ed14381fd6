//! Filling templates: a page's body first, then what surrounds it.

use handlebars::{Context, Handlebars, RenderContext, Renderable, StringOutput};
use serde::Serialize;
use serde_json::Value;

use crate::chrome::Chrome;
use crate::page::Page;
use crate::words::Words;
use crate::{assets, helpers, templates};

/// All templates, read once.
#[derive(Debug)]
pub struct Pages {
    templates: Handlebars<'static>,
    assets_tag: String,
}

impl Default for Pages {
    fn default() -> Self {
        Self::new()
    }
}

impl Pages {
    /// Reads every template. They are part of the program, so reading cannot fail.
    pub fn new() -> Self {
        let mut registry = Handlebars::new();
        registry.register_escape_fn(helpers::escape);
        helpers::register(&mut registry);
        for (name, source) in templates::ALL {
            registry
                .register_template_string(name, source.trim_end())
                .expect("the product's own templates are read by its tests");
        }
        Self { templates: registry, assets_tag: assets::all_tag() }
    }

    /// The same, but a template that asks for something a page does not have is a bug that panics.
    #[must_use]
    pub fn strict(mut self) -> Self {
        self.templates.set_strict_mode(true);
        self
    }

    /// The page as HTML.
    pub fn render(&self, words: &Words, chrome: &Chrome, page: &Page) -> String {
        let errors = errors(page);
        let mut view = value(page);
        if page.asks_one() {
            view["fields"][0]["heading"] = Value::Bool(true);
        }
        view["single"] = Value::Bool(page.asks_one());
        // Where a button of a question posts to come back to that question rather than to the top.
        view["posts_to"] = view.get("action").cloned().unwrap_or(Value::Null);
        view["multipart"] = Value::Bool(page.takes_files());
        view["chrome"] = value(chrome);
        let body = self.fill(page.template(), view, words, "");
        let title = chrome.title.clone().unwrap_or_else(|| page.title(words));
        let frame = serde_json::json!({
            "chrome": value(chrome),
            "title": title,
            "errors": errors,
            "refresh": page.refresh(),
            "keeps_typing": page.keeps_typing(),
            // Tables that are stacked on a small screen are made for the desk, and figures are for everybody.
            "stacks": chrome.staff || matches!(page, Page::Figures(_)),
            "assets_tag": self.assets_tag,
        });
        self.fill("layout", frame, words, &body)
    }

    fn fill(&self, name: &str, data: Value, words: &Words, body: &str) -> String {
        let template = self.templates.get_template(name).expect("every page names a template");
        let context = Context::from(data);
        let root = name.to_owned();
        let mut render = RenderContext::new(Some(&root));
        render.register_local_helper("t", Box::new(helpers::Translate(words)));
        render.register_local_helper("body", Box::new(helpers::Body(body)));
        let mut out = StringOutput::new();
        template
            .render(&self.templates, &context, &mut render, &mut out)
            .expect("templates of the product render whatever a page holds");
        out.into_string().expect("templates and values are UTF-8")
    }
}

/// The error summary's entries.
fn errors(page: &Page) -> Vec<Value> {
    let entry = |(target, text)| serde_json::json!({ "target": target, "text": text });
    page.errors().into_iter().map(entry).collect()
}

fn value(of: impl Serialize) -> Value {
    serde_json::to_value(of).expect("view models are plain structs with string keys")
}
