//! The real definitions, and forms read from text.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::base::{Answers, date::parse_day};
use engine::form::{self, Ctx, Fieldsets, Form, Known};
use engine::list::{self, List};
use engine::source::{Bundle, Diagnostics};
use serde_json::Value as Json;

use crate::folder::{lay, root};

/// All files below `definitions/`.
pub(crate) fn definitions() -> Bundle {
    let mut bundle = Bundle::default();
    lay(&mut bundle, &root().join("definitions"));
    bundle
}

pub(crate) fn languages(codes: &[&str]) -> Vec<String> {
    codes.iter().map(|&code| code.to_owned()).collect()
}

pub(crate) fn lists(bundle: &Bundle, out: &mut Diagnostics) -> Vec<Arc<List>> {
    let read = |path: &Arc<str>| {
        list::read::list(bundle, path, &languages(&["hi", "en"]), &BTreeMap::new(), out).map(Arc::new)
    };
    bundle.under("lists").filter(|path| path.ends_with(".csv")).filter_map(read).collect()
}

/// A form read from text, with the lists and fieldsets of the definitions and a few places.
pub(crate) struct World {
    pub(crate) form: Form,
    pub(crate) lists: Vec<Arc<List>>,
    pub(crate) places: List,
    pub(crate) known: Answers,
}

impl World {
    pub(crate) fn new(yaml: &str) -> Self {
        let mut bundle = definitions();
        bundle.add("x/form.yaml", yaml.as_bytes());
        bundle.add(
            "x/places.csv",
            "code,parent,level,label,hi\nW1,,ward,Ward 1,\nM1,W1,locality,Rajpur,\nM2,W1,locality,Kandoli,\n"
                .as_bytes(),
        );
        let mut out = Diagnostics::default();
        let lists = lists(&bundle, &mut out);
        let level = |name: &str| (name.to_owned(), engine::base::Text::new(name));
        let levels = [level("ward"), level("locality")];
        let places = list::read::places(&bundle, "x/places.csv", &[], &levels, &mut out).unwrap();
        let known = Known { lists: &lists, levels: &levels, registers: &[], fieldsets: None };
        let fieldsets = Fieldsets::read(&bundle, &[""], &known, "en", &[], &mut out);
        let known = Known { fieldsets: Some(&fieldsets), ..known };
        let form = form::compile(&bundle, "x/form.yaml", &known, &mut out);
        let said = out.sorted().render(&bundle, "");
        Self { form: form.unwrap_or_else(|| panic!("{said}")), lists, places, known: Answers::default() }
    }

    pub(crate) fn ctx(&self) -> Ctx<'_> {
        Ctx {
            today: parse_day("2026-07-01").unwrap(),
            lists: &self.lists,
            places: &self.places,
            known: &self.known,
            named: None,
            identity: &[],
        }
    }

    pub(crate) fn accept(&self, json: &Json) -> Result<Answers, Vec<String>> {
        let show =
            |errors: Vec<form::FieldError>| errors.iter().map(|e| format!("{}: {:?}", e.path, e.problem)).collect();
        form::accept_form(&self.form, None, json, &self.ctx()).map_err(show)
    }
}
