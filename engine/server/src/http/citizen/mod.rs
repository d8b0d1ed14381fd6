//! The pages of citizens, in the order in which they are met.

pub mod home;
pub mod start;
pub mod statement;

pub mod sign_in;

pub mod asked;
pub mod check;
pub mod done;
pub mod fill;
pub mod form;
pub mod upload;

pub mod act;
pub mod files;
pub mod my;
pub mod track;

pub mod verify;

pub mod tell;
