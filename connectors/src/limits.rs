//! Every limit of the connectors.

use std::time::Duration;

/// Longest body of a message, in characters: a mail of a few pages.
pub const MESSAGE_BODY_CHARS: usize = 20_000;
/// Longest subject of a mail, in characters (RFC 5322 allows lines of 998 octets).
pub const MESSAGE_SUBJECT_CHARS: usize = 200;
/// Longest address, in octets (RFC 5321, 4.5.3.1.3 with its erratum: 254).
pub const ADDRESS_BYTES: usize = 254;
/// Longest idempotency key, order reference or other name made by us, in octets.
pub const KEY_BYTES: usize = 200;
/// Longest name of a tenant, in octets: it becomes a directory.
pub const TENANT_BYTES: usize = 64;
/// Longest line in a file of JSON lines, in octets.
pub const LINE_BYTES: usize = 128 * 1024;

/// Shortest secret that signs anything, in octets (NIST SP 800-107: a key of at least 112 bits).
pub const SECRET_MIN_BYTES: usize = 16;
/// Longest secret, in octets.
pub const SECRET_MAX_BYTES: usize = 1024;

/// Largest amount of an order, in paise: ₹100 crore. A larger one is a mistake.
pub const ORDER_PAISE: i64 = 100_000_000_000;
/// Longest payee and description of an order, in characters.
pub const DESCRIPTION_CHARS: usize = 200;
/// Longest address of a page, in octets.
pub const URL_BYTES: usize = 2_000;
/// How far a signed request's time may be from ours, in milliseconds, either way.
pub const SIGNATURE_AGE_MS: i64 = 5 * 60 * 1000;
/// Largest callback or request to the gateway, in octets.
pub const GATEWAY_BODY_BYTES: usize = 16 * 1024;
/// Largest answer read from an outside server, in octets.
pub const ANSWER_BYTES: usize = 64 * 1024;
/// How long an outside call may take when the configuration does not say.
pub const CALL_TIMEOUT: Duration = Duration::from_secs(10);
/// How long connecting may take.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// Most orders that the demo gateway keeps; it refuses new ones beyond.
pub const DEMO_ORDERS: usize = 200_000;
/// Most copies of one callback that the demo gateway sends when asked to repeat itself.
pub const DEMO_REPEAT: u8 = 10;
/// Callbacks that the demo gateway sends at the same time.
pub const DEMO_CALLS: usize = 32;
/// How long the payer is kept waiting for the first try of a callback before going back to the town.
pub const DEMO_FIRST_TRY: Duration = Duration::from_secs(3);

/// Largest upload whatever the form says, in octets.
pub const FILE_BYTES: u64 = 30 * 1024 * 1024;
/// Octets that sealing adds to a file, at the most.
pub const SEAL_BYTES: u64 = 64;
/// Longest side of a picture, in pixels. The largest phone cameras give about 16,400.
pub const PICTURE_SIDE: u32 = 20_000;
/// Largest area of a picture, in pixels: 200 megapixels and a little.
pub const PICTURE_PIXELS: u64 = 210_000_000;
/// Largest area of a picture that somebody sends, in pixels: it is drawn anew, and takes three octets a pixel then.
pub const DRAWN_PIXELS: u64 = 70_000_000;
/// Octets that drawing one picture may take.
pub const DRAWN_BYTES: u64 = 300 << 20;
/// Pictures that are drawn at the same time.
pub const DRAWN_AT_ONCE: usize = 2;
/// The qualities at which a photo is drawn, until it fits.
pub const JPEG_QUALITIES: [u8; 4] = [88, 80, 70, 60];
/// Objects of a PDF; a book of a thousand pages has some tens of thousands.
pub const PDF_OBJECTS: usize = 200_000;
/// Octets looked through for the beginning of what describes a stream of a PDF.
pub const PDF_DICTIONARY_BYTES: usize = 4 << 10;
/// Octets that the packed objects of a PDF may swell to.
pub const PDF_INFLATED_BYTES: u64 = 32 << 20;
/// Octets that the checker of viruses is given at a time.
pub const SCAN_PIECE: usize = 128 << 10;
/// Longest answer of the checker of viruses, in octets.
pub const SCAN_ANSWER: u64 = 4 << 10;
/// How long the checker of viruses may take for one file.
pub const SCAN_TIME: Duration = Duration::from_secs(30);
/// Most segments walked in a JPEG before its size must have been met.
pub const JPEG_SEGMENTS: usize = 1_000;
/// Longest name of a file that is kept for display, in characters.
pub const FILE_NAME_CHARS: usize = 120;
/// Age after which the remains of a broken upload are cleared away at the next start.
pub const BROKEN_UPLOAD_AGE: Duration = Duration::from_hours(24);
/// A file that was put less than this ago is not taken away: whoever put it is about to name it.
pub const PUT_AGAIN: Duration = Duration::from_hours(1);

/// Largest answer read from an identity provider, in octets: keys with certificates beside them take some tens of KiB.
pub const IDENTITY_ANSWER_BYTES: usize = 256 * 1024;
/// Largest token of an identity provider that is read, in octets.
pub const IDENTITY_TOKEN_BYTES: usize = 32 * 1024;
/// Keys of an identity provider that are kept.
pub const IDENTITY_KEYS: usize = 64;
/// Longest name of somebody at an identity provider, in octets (OpenID Connect Core, 2).
pub const IDENTITY_TEXT: usize = 255;
/// How far the clock of an identity provider may be from ours, in milliseconds.
pub const IDENTITY_SKEW_MS: i64 = 60_000;
/// The greatest age of a token when it comes, in milliseconds: it was made for the answer that brings it.
pub const IDENTITY_AGE_MS: i64 = 10 * 60_000;
/// How long what an identity provider says of itself, and its keys, are kept, in milliseconds.
pub const IDENTITY_KEPT_MS: i64 = 60 * 60_000;
/// How often its keys are fetched anew because a token names one that is not known: once in so many milliseconds.
pub const IDENTITY_ANEW_MS: i64 = 60_000;
