//! What is found wrong with rates and rules before they run.
