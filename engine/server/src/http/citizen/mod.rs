//! The pages of citizens, in the order in which they are met.

pub mod calendar;
pub mod calendar_file;
pub mod chain;
pub mod charter;
pub mod fee;
pub mod feedback;
pub mod home;
pub mod registers;
pub mod sitemap;
pub mod start;
pub mod state_figures;
pub mod statement;
pub mod surveys;
mod unkept;

mod device;
mod notice;
pub mod account;
pub mod erasing;
pub mod mobile;
pub mod my_data;
mod my_data_file;
mod my_data_view;
pub mod profile;
pub mod second;
pub mod sign_in;

pub mod asked;
pub mod check;
mod coming;
pub mod done;
pub mod earlier;
pub mod fill;
pub mod form;
pub mod sent_back;
pub mod tasks;
pub mod upload;

pub mod act;
pub mod appeal;
pub mod find_case;
pub mod files;
mod holder;
pub mod my;
mod next;
pub mod note;
pub mod offer;
pub mod track;

pub mod verify;

pub mod tell;
