//! Tables: exactly one row for every input, proved before anything is charged.
