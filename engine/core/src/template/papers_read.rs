//! Templates of papers that were read, for filling in each once when it is checked.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use handlebars::Template;
use serde_json::Value as Json;

use super::render;
use super::show::Look;
use crate::form::Form;

/// Templates of papers by path, each read once: all services share some of them, and may be compiled at the
/// same time.
#[derive(Default)]
pub(crate) struct PapersRead(Mutex<BTreeMap<Arc<str>, Option<Arc<Template>>>>);

impl PapersRead {
    /// Fills in the template `text`, which is the file `path`. `Err` says what is wrong with it.
    pub(crate) fn filled_in(
        &self,
        path: &Arc<str>,
        text: &str,
        data: &Json,
        form: &Form,
        look: &Look<'_>,
    ) -> Result<String, String> {
        match self.template(path, text) {
            Some(template) => render::paper_of(&template, data, form, look),
            // It says why it cannot be read.
            None => render::paper(text, data, form, look),
        }
    }

    fn template(&self, path: &Arc<str>, text: &str) -> Option<Arc<Template>> {
        let known = self.0.lock().expect("reading templates does not panic").get(path).cloned();
        known.unwrap_or_else(|| {
            let read = Template::compile(text).ok().map(Arc::new);
            self.0.lock().expect("reading templates does not panic").insert(Arc::clone(path), read.clone());
            read
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::list::List;
    use crate::tenant::Currency;

    #[test]
    fn a_template_that_is_read_once_is_filled_in_anew_each_time() {
        let (currency, places, words) = (Currency::default(), List::default(), BTreeMap::new());
        let look = Look { language: "en", currency: &currency, places: &places, words: &words };
        let (form, read, path) = (Form::default(), PapersRead::default(), Arc::from("papers/bill.hbs"));
        let text = "<p>{{number}} {{date day}}</p>";
        for number in ["7", "<8>"] {
            let data = json!({ "number": number, "day": "2027-03-31" });
            let filled = read.filled_in(&path, text, &data, &form, &look).unwrap();
            assert_eq!(filled, render::paper(text, &data, &form, &look).unwrap());
        }
        assert!(read.filled_in(&path, text, &json!({}), &form, &look).is_err(), "a variable is missing");
        let broken = Arc::from("papers/broken.hbs");
        let why = |read: &PapersRead| read.filled_in(&broken, "{{#if number}}", &json!({}), &form, &look).unwrap_err();
        assert_eq!(why(&read), why(&read));
        assert_eq!(why(&read), render::paper("{{#if number}}", &json!({}), &form, &look).unwrap_err());
    }
}
