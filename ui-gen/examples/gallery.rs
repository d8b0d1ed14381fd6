//! Writes every page, with invented contents, in both languages, as files to be looked at.
//!
//! `cargo run -p ui-gen --example gallery OUT_DIR`

#[path = "../tests/pages/samples/mod.rs"]
mod samples;

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use samples::{Lang, all, words};
use ui_gen::{Pages, assets, css};

fn main() -> io::Result<()> {
    let out = PathBuf::from(env::args().nth(1).unwrap_or_else(|| "gallery".to_owned()));
    let pages = Pages::new();
    let files = out.join("assets");
    fs::create_dir_all(&files)?;
    for asset in assets() {
        fs::write(files.join(asset.name), asset.bytes)?;
    }
    fs::write(files.join("devgaon.css"), css("#7a3b12"))?;
    for lang in ["en", "hi"] {
        fs::create_dir_all(out.join(lang))?;
        let words = words(lang);
        for sample in all(Lang(lang)) {
            let html = pages.render(&words, &sample.chrome, &sample.page);
            write(&out, lang, sample.name, &html)?;
        }
    }
    Ok(())
}

/// Assets are asked for beside the page, so that the files open without a server.
fn write(out: &Path, lang: &str, name: &str, html: &str) -> io::Result<()> {
    let html = html.replace("\"/assets/", "\"../assets/").replace("?v=", "#");
    fs::write(out.join(lang).join(format!("{name}.html")), html)
}
