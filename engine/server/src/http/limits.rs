//! Every limit of the shell, in one place. Those of the engine are in `engine::base::limits`, those
//! of the outside in `connectors::limits`.

use std::time::Duration;

/// Octets of the body of a form or an API request (OWASP ASVS 5.0, 4.1.4 asks for a limit).
pub const BODY: usize = 1 << 20;
/// Octets of a form with files in it: three files of the usual size and the words beside them.
pub const UPLOAD: usize = 16 << 20;
/// Forms with files that are read at the same time; each may hold [`UPLOAD`] in memory.
pub const UPLOADS: usize = 8;
/// Of these, those of one person; of a stranger, those of one network.
pub const UPLOADS_EACH: usize = 2;
/// Seconds to wait where that is not enough.
pub const UPLOAD_PAUSE: i64 = 10;
/// Passwords that wait to be looked at: one takes some 20 ms of a processor, so that the last of them is answered
/// within a few seconds.
pub const PASSWORDS_WAITING: usize = 200;
/// Seconds to wait where that is not enough.
pub const PASSWORDS_PAUSE: i64 = 10;
/// Fields of a form.
pub const FIELDS: usize = 1_000;
/// Octets of the name of a field.
pub const NAME: usize = 200;
/// Octets of the body of a callback.
pub const HOOK: usize = 16 << 10;
/// Octets of an address with its query.
pub const ADDRESS: usize = 8 << 10;
/// Octets of the header of a request, its first line and cookies among them.
pub const HEADER: usize = 16 << 10;
/// Levels of nesting in a JSON body.
pub const JSON_DEPTH: usize = 32;
/// Values in a JSON body, lists and objects among them: each takes room of its own however short it is written.
pub const JSON_VALUES: usize = 5_000;
/// Rules that strangers try out at the same time; each takes a processor for as long as rules may.
pub const TRIED: usize = 1;
/// Days ahead that a calendar shows where the definition sets no limit.
pub const CALENDAR_DAYS: i64 = 180;
/// Days ahead that a calendar shows at the most.
pub const CALENDAR_MOST: i64 = 730;
/// How long the clock waits for a payment that was begun before it gives back what a case had for a time.
pub const PAYING_MS: i64 = 15 * 60_000;
/// Free days that are named beside the question of a day.
pub const DAYS_NAMED: usize = 5;
/// Lines of numbers of a stock that a page shows.
pub const STOCK_RUNS: i64 = 300;
/// Days that the office closes at once, at the most.
pub const CLOSED_DAYS: i64 = 400;
/// Characters of what may be searched for.
pub const SEARCH: usize = 100;
/// Characters of what a scanner reads from the square pattern of a paper: a sealed code in its address.
pub const SCANNED: usize = VERIFY_CODE + 200;
/// Octets of an idempotency key.
pub const KEY: usize = 100;

/// Requests that a node works at at the same time: the last of them is answered within a few seconds.
pub const AT_WORK: usize = 400;
/// Beyond these, those that come first: payments, and what gateways call.
pub const AT_WORK_FIRST: usize = 100;

/// How long a request may take from its first octet to the answer.
pub const REQUEST: Duration = Duration::from_secs(30);
/// How long the header of a request may take, and a connection wait for the next one.
pub const HEADER_TIME: Duration = Duration::from_secs(30);
/// How long an answer waits for whoever asked to take in any more of it: as long as a phone may be without a network.
pub const TAKING: Duration = Duration::from_mins(1);
/// How long a form with files may take: 16 MiB at about 1 Mbit/s.
pub const UPLOAD_TIME: Duration = Duration::from_secs(150);
/// How long a node that is to stop waits for what is in hand: for a form with files, and until its answer was taken in.
pub const ENDING: Duration = Duration::from_mins(3);

/// A citizen's session ends after this long without use, in milliseconds.
pub const CITIZEN_IDLE_MS: i64 = 30 * 60_000;
/// An employee's session ends after this long without use, in milliseconds.
pub const EMPLOYEE_IDLE_MS: i64 = 15 * 60_000;
/// No session lasts longer, in milliseconds.
pub const SESSION_MS: i64 = 12 * 3_600_000;
/// Octets of a form that is kept when its session had ended.
pub const KEPT_FORM: usize = 64 << 10;
/// Forms of one person that are kept in an hour.
pub const KEPT_FORMS: (i64, i64) = (20, 3_600_000);
/// How long it is kept, in milliseconds.
pub const KEPT_FORM_MS: i64 = 30 * 60_000;
/// How long a session that ended is remembered, so that it is known whose form came too late, in
/// milliseconds. It opens nothing any more.
pub const ENDED_MS: i64 = 12 * 3_600_000;
/// A session's use is written down at most this often, in milliseconds.
pub const SEEN_MS: i64 = 60_000;

/// How long a one-time code holds, in milliseconds (OWASP ASVS 5.0, 6.5.5: at most ten minutes).
pub const CODE_MS: i64 = 10 * 60_000;
/// Characters of a code that are shown again as they were typed.
pub const CODE_TYPED: usize = 20;
/// Guesses at one code.
pub const CODE_TRIES: i64 = 5;
/// Codes for one mobile guessed to death from one network before that network has to wait.
pub const DEAD_CODES: i64 = 3;
/// How long it then waits, in milliseconds.
pub const LOCK_MS: i64 = 15 * 60_000;
/// Codes sent to one mobile that one network asked for: how many, in how many milliseconds.
pub const CODES_SENT: [(i64, i64); 3] = [(1, 30_000), (5, 3_600_000), (10, 24 * 3_600_000)];
/// Codes sent to one mobile in a day, whoever asks, before each network has to make do with few.
pub const CODES_SENT_FREELY: (i64, i64) = (10, 24 * 3_600_000);
/// Codes sent to one mobile from then on that one network asked for: a few networks do not use up a number's day, and
/// its owner elsewhere still gets one.
pub const CODES_SENT_THEN: (i64, i64) = (2, 24 * 3_600_000);
/// Codes sent to one mobile in a day, whoever asks: few enough to be borne.
pub const CODES_SENT_IN_ALL: (i64, i64) = (40, 24 * 3_600_000);
/// Codes of a whole state in a day from which on somebody should look; they are sent all the same.
pub const CODES_EXPECTED: (i64, i64) = (20_000, 24 * 3_600_000);
/// Codes asked for from one network (the first 24 bits of an address, 48 of a long one) in an hour.
/// Many phones share an address, so this is far above what one person needs.
pub const CODES_ASKED: (i64, i64) = (60, 3_600_000);
/// How often one network asks for the code of one application: how many, in how many milliseconds.
pub const CASE_CODES: [(i64, i64); 3] = CODES_SENT;
/// Applications asked for by number from one network in an hour, whether they are there or not.
pub const CASES_ASKED: (i64, i64) = CODES_ASKED;
/// Wrong passwords from one network in fifteen minutes, whoever they are for.
pub const PASSWORD_TRIES_FROM: (i64, i64) = (20, 15 * 60_000);
/// Of these, those for one name.
pub const PASSWORD_TRIES: (i64, i64) = (10, 15 * 60_000);
/// Wrong passwords for one name in fifteen minutes, wherever they come from, before each network has to make do with
/// few.
pub const PASSWORD_TRIES_IN_ALL: (i64, i64) = (200, 15 * 60_000);
/// Wrong passwords for one name from one network in fifteen minutes from then on: whoever knows it needs no more, and
/// is never kept out by those who guess elsewhere.
pub const PASSWORD_TRIES_THEN: (i64, i64) = (3, 15 * 60_000);
/// Sign-ins at an identity provider that one network begins in fifteen minutes and that lead nowhere.
pub const IDENTITY_TRIES: (i64, i64) = (120, 15 * 60_000);
/// Wrong codes of an authenticator, and wrong passwords asked for once more, of one person in fifteen minutes.
pub const SECOND_TRIES: (i64, i64) = (10, 15 * 60_000);
/// Recovery codes that are given out together.
pub const RECOVERY_CODES: usize = 10;
/// How long a device is known on which no code is asked for any more, in milliseconds.
pub const DEVICE_MS: i64 = 30 * 24 * 3_600_000;
/// Devices of one person that are known at the same time.
pub const DEVICES: usize = 10;
/// How long no papers are handed out after a mobile number was changed, in milliseconds.
pub const MOBILE_HOLD_MS: i64 = 24 * 3_600_000;
/// Changes of a mobile number that one person begins in a day.
pub const MOBILE_CHANGES: (i64, i64) = (5, 24 * 3_600_000);
/// How often one person asks in a day for everything that is kept about that person.
pub const OWN_DATA: (i64, i64) = (10, 24 * 3_600_000);
/// How often one person asks in a day to have something erased.
pub const ERASING_ASKED: (i64, i64) = (5, 24 * 3_600_000);
/// Requests to erase that are listed at the same time: of a person, and of those that wait or were decided.
pub const ERASING_SHOWN: i64 = 50;
/// Characters of the name of an employee, or of what somebody signs in as.
pub const STAFF_NAME: usize = 100;
/// Employees that are listed at the same time.
pub const STAFF_SHOWN: usize = 100;
/// How long what an administrator asks for somebody waits for another's word, in milliseconds.
pub const STAFF_WAITS_MS: i64 = 7 * 24 * 3_600_000;
/// Characters of a code that is looked up; a sealed one is about half as long.
pub const VERIFY_CODE: usize = 1_000;
/// Codes of papers looked up from one network in a minute.
pub const VERIFIED: (i64, i64) = (20, 60_000);
/// Records whose dues are looked up from one network in a minute, without signing in.
pub const DUES: (i64, i64) = (20, 60_000);
/// The same in a town in all: far above the busiest minute of a year's last day, and far below what
/// copying a register would take.
pub const DUES_IN_ALL: (i64, i64) = (1_200, 60_000);
/// Records that are shown to a stranger who looks for a name.
pub const DUES_SHOWN: usize = 10;
/// Searches in public lists of records, and further pages of them, from one network in a minute.
pub const REGISTERS: (i64, i64) = (20, 60_000);
/// The same in a town in all.
pub const REGISTERS_IN_ALL: (i64, i64) = (1_200, 60_000);
/// Requests with the token of one program in a minute, of one node.
pub const PROGRAM: (i64, i64) = (600, 60_000);
/// Programs that are counted at a time before those are forgotten whose minute is over.
pub const PROGRAMS_COUNTED: usize = 1_000;
/// How long the address of a payment without signing in opens its receipt, in milliseconds.
pub const PAID_MS: i64 = 180 * 24 * 3_600_000;
/// Orders of a case, the latest, of which the gateway is asked whether their money is on its way.
pub const ORDERS_ASKED: usize = 3;
/// Applications begun by one person in an hour.
pub const OPENED: (i64, i64) = (30, 3_600_000);
/// Records of others that one person names in an hour, rightly or not.
pub const NAMED: (i64, i64) = (30, 3_600_000);
/// Records that the answers of one case may name.
pub const RECORDS_NAMED: usize = 50;
/// How often one person has masked answers shown in an hour.
pub const UNMASKED: (i64, i64) = (60, 3_600_000);
/// Messages to the office by one person in an hour.
pub const NOTED: (i64, i64) = (10, 3_600_000);
/// Applications that one person offers in an hour to others, for whom they were written.
pub const OFFERED: (i64, i64) = (10, 3_600_000);
/// The same to one other in a day: each is a message to somebody who may not want it.
pub const OFFERED_TO: (i64, i64) = (3, 24 * 3_600_000);
/// How often one network says in an hour how it found these pages.
pub const FEEDBACK: (i64, i64) = (20, 3_600_000);
/// Characters of what may be said with it.
pub const FEEDBACK_CHARS: usize = 1_000;
/// Of what was said in words, those that the desk is shown.
pub const FEEDBACK_SHOWN: i64 = 100;
/// How often one network answers surveys in an hour that anybody can answer: a school has one address.
pub const SURVEYED: (i64, i64) = (60, 3_600_000);
/// How often one network looks at the results of surveys in a minute; they are counted each time.
pub const SURVEY_RESULTS: (i64, i64) = (60, 60_000);
/// The same in a town in all: what people said is sealed, so the database cannot count it, and all of it is read.
pub const SURVEY_RESULTS_IN_ALL: (i64, i64) = (240, 60_000);
/// Of what was said in words in a survey, what the desk is shown of each question.
pub const SURVEY_TEXTS: usize = 500;
/// How often one person has the figures of a town reckoned in a minute, as a page or as a file; and one network those
/// of all towns.
pub const FIGURES: (i64, i64) = (20, 60_000);
/// People or applications of whom fewer are not told in what is open to everybody.
pub const FEWEST: i64 = 5;
/// Files uploaded by one person in an hour.
pub const UPLOADED: (i64, i64) = (60, 3_600_000);
/// Files of somebody, the latest, among which those are looked for that a question is answered with again.
pub const FILES_LOOKED_AT: i64 = 60;
/// Files that are offered under one question.
pub const FILES_OFFERED: usize = 5;

/// Reports that are told at once; the specification of Open311 lets a server tell at most a thousand.
pub const REPORTS: i64 = 500;
/// Reports that are named in one request.
pub const REPORTS_NAMED: usize = 50;
/// The days of reports that are told at once, as that specification says.
pub const REPORT_DAYS: i64 = 90;
/// Options of one question that a program is told.
pub const REPORT_VALUES: usize = 5_000;
/// How often one network looks at reports in a minute.
pub const REPORTS_READ: (i64, i64) = (60, 60_000);

/// How long answers are kept under their idempotency keys, in milliseconds.
pub const KEPT_MS: i64 = 48 * 3_600_000;
/// Follow-ups of the clock that one command may set off.
pub const FOLLOW_UPS: usize = 8;
/// How often the books are added up for those who watch, in milliseconds.
pub const BALANCED_MS: i64 = 10 * 60_000;
/// Refusals of one person that are written down in an hour: enough to see what was tried, and no way to lengthen
/// the chain without end.
pub const DENIED: (i64, i64) = (60, 3_600_000);
/// Days of which a page shows where the chain ended.
pub const ENDS_SHOWN: i64 = 31;
/// Days of which the file beside it says so.
pub const ENDS_IN_FILE: i64 = 400;
/// Octets of the name that whoever stands in front gives a request.
pub const REQUEST_ID: usize = 64;
