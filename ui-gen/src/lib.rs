//! Pages: view models in, HTML out.
//!
//! The package is pure and decides nothing. A page is handed everything it shows, as words and
//! figures already formatted, together with the actions that are allowed; it lays them out.
//!
//! In reading order: [`words`] (the product's own wording), [`chrome`] (what surrounds every
//! page), [`view`] (what each page shows), [`page`] (the list of pages), [`render`] (templates),
//! [`accent`] (a town's colour), [`assets`] (style sheets, script, icon), [`chart`], [`diagram`] and
//! [`qr`] (drawings), [`from_engine`] (from the engine's questions to those of pages).

pub mod words;

pub mod chrome;
pub mod view;

pub mod page;

pub mod accent;
pub mod assets;
pub mod chart;
pub mod diagram;
pub mod from_engine;
mod helpers;
pub mod qr;
pub mod render;
mod templates;

pub use accent::css;
pub use assets::{Asset, assets, tag};
pub use chrome::Chrome;
pub use page::Page;
pub use render::Pages;
pub use view::field::{FieldView, Input};
pub use words::Words;
