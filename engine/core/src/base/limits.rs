//! Every limit of the engine, in one place.

/// Bytes of one file of a definition.
pub const FILE_BYTES: usize = 1 << 20;
/// Nodes (keys, values, items) of one YAML file.
pub const YAML_NODES: usize = 50_000;
/// Levels of nesting in one YAML file.
pub const YAML_DEPTH: usize = 32;
/// Diagnostics reported for one file before the rest is summed up in a line.
pub const DIAGNOSTICS_PER_FILE: usize = 50;
/// Rows of a code list or of a list of places.
pub const LIST_ROWS: usize = 20_000;
/// Fields in one form, nested ones counted.
pub const FORM_FIELDS: usize = 500;
/// Questions of one survey: what somebody answers on a phone while waiting.
pub const SURVEY_QUESTIONS: usize = 30;
/// The least number of people that a survey may show: who is one of fewer can be found out by those who know the others.
pub const SURVEY_LEAST: i64 = 5;
/// Levels of groups and lists inside a form.
pub const FORM_DEPTH: usize = 4;
/// Items of a repeating group, where the definition does not say fewer.
pub const LIST_ITEMS: usize = 50;
/// Characters of an answer to a text question, where the definition does not say fewer.
pub const TEXT_CHARS: usize = 4_000;
/// Bytes of an uploaded file, where the definition does not say fewer.
pub const UPLOAD_BYTES: u64 = 5 << 20;
/// Bytes of an uploaded drawing (DXF), which is text and long: what a form with files may carry beside its words.
pub const DRAWING_BYTES: u64 = 15 << 20;
/// Characters of the reason for which a program gave no answer.
pub const PROGRAM_REASON: usize = 500;
/// Places in a calendar that one case takes at most.
pub const SLOTS: i64 = 2_000;
/// Days on either side of those that were asked for among which free ones are looked for.
pub const NEAREST_DAYS: i64 = 60;
/// States of a workflow.
pub const STATES: usize = 200;
/// Rows of one table of rates.
pub const TABLE_ROWS: usize = 10_000;
/// Operations of one evaluation of a rule.
pub const RULE_OPERATIONS: u64 = 100_000;
/// Milliseconds of wall clock for one evaluation of a rule.
pub const RULE_MILLIS: u64 = 50;
/// Nested calls inside a rule.
pub const RULE_CALLS: usize = 16;
/// Depth of an expression in a rule.
pub const RULE_EXPRESSION_DEPTH: usize = 48;
/// Levels of nesting of a rule, those of the functions that it calls included: what the stack of
/// a request can bear.
pub const RULE_NESTING: usize = 64;
/// Variables alive at once inside a rule.
pub const RULE_VARIABLES: usize = 100;
/// Functions in one file of rules.
pub const RULE_FUNCTIONS: usize = 64;
/// Characters of a text made by a rule.
pub const RULE_TEXT: usize = 16_384;
/// Items of an array or a map made by a rule.
pub const RULE_ITEMS: usize = 1_000;
/// Steps that an assessment may record.
pub const ASSESSMENT_STEPS: usize = 500;
/// Characters of a comment on an action.
pub const COMMENT_CHARS: usize = 2_000;
/// Notes of one worth in a till.
pub const TILL_PIECES: u32 = 100_000;
/// The largest amount of money the engine will compute, in paise: ten lakh crore rupees.
pub const MONEY_PAISE: i64 = 1_000_000_000_000_000;
/// Digits of the number of something that is kept in stock.
pub const STOCK_DIGITS: usize = 12;
/// Characters before the digits of such a number.
pub const STOCK_PREFIX: usize = 12;
/// Numbers that a stock receives, hands on or writes off at once.
pub const STOCK_RANGE: i64 = 10_000;
/// Nested blocks in a template.
pub const TEMPLATE_DEPTH: usize = 16;
/// Bytes of one template.
pub const TEMPLATE_BYTES: usize = 64 << 10;

/// Bytes of a table that is imported.
pub const IMPORT_BYTES: usize = 256 << 20;
/// Rows of a table that is imported.
pub const IMPORT_ROWS: usize = 1_000_000;

/// Characters of the number of a record, as it is typed.
pub const RECORD_NUMBER: usize = 60;

/// The most days for which a cheque or draft is taken after the day written on it. Source: circular
/// DBOD.AML BC.No.47/14.01.001/2011-12 of the Reserve Bank of India (three months, read as 90 days).
pub const INSTRUMENT_DAYS: i64 = 90;
/// The most modes by which one payment may come over a counter.
pub const PAYMENT_PARTS: usize = 4;
/// The most digits of the number of a cheque or draft.
pub const INSTRUMENT_DIGITS: usize = 12;
/// How many days after it was taken the money of a cheque is paid back at the earliest: until then the bank
/// may send the cheque back.
pub const CLEARING_DAYS: i64 = 10;
