//! Where a browser is sent to sign in, and what is asked in its stead when it comes back: pure text.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use form_urlencoded::{Serializer, byte_serialize};
use reqwest::Url;
use sha2::{Digest as _, Sha256};

/// What a sign-in begins with. The three words of chance are kept by whoever begins, bound to the browser.
#[derive(Debug, Clone, Copy)]
pub struct Begin<'a> {
    /// Where the browser comes back to: an address of ours, as it is registered with the provider.
    pub redirect_uri: &'a str,
    /// Comes back in the address, and proves that the answer is for this browser.
    pub state: &'a str,
    /// Comes back in the token, and proves that the token is for this sign-in.
    pub nonce: &'a str,
    /// Is told only when the code is turned in (RFC 7636): a code that somebody caught is of no use.
    pub verifier: &'a str,
    /// The reader's language.
    pub language: &'a str,
}

/// What is sent along to prove, later, that the code is turned in by whoever asked for it: `S256` of RFC 7636.
pub fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}

/// The address that a browser is sent to.
pub(super) fn authorization(
    endpoint: &Url,
    client_id: &str,
    scopes: &[String],
    acr: &[String],
    begin: Begin<'_>,
) -> Url {
    let mut url = endpoint.clone();
    {
        let mut query = url.query_pairs_mut();
        query
            .append_pair("response_type", "code")
            .append_pair("client_id", client_id)
            .append_pair("redirect_uri", begin.redirect_uri)
            .append_pair("scope", &scopes.join(" "))
            .append_pair("state", begin.state)
            .append_pair("nonce", begin.nonce)
            .append_pair("code_challenge", &challenge(begin.verifier))
            .append_pair("code_challenge_method", "S256")
            .append_pair("ui_locales", begin.language);
        if !acr.is_empty() {
            query.append_pair("acr_values", &acr.join(" "));
        }
    }
    url
}

/// The form with which a code is turned in; with our name and secret where the provider wants them in the form.
pub(super) fn turn_in(code: &str, redirect_uri: &str, verifier: &str, ours: Option<(&str, &str)>) -> String {
    let mut form = Serializer::new(String::new());
    form.append_pair("grant_type", "authorization_code")
        .append_pair("code", code)
        .append_pair("redirect_uri", redirect_uri)
        .append_pair("code_verifier", verifier);
    if let Some((client_id, secret)) = ours {
        form.append_pair("client_id", client_id).append_pair("client_secret", secret);
    }
    form.finish()
}

/// Who we are, as a header says it (RFC 6749, 2.3.1).
pub(super) fn basic(client_id: &str, secret: &[u8]) -> String {
    let one = |bytes: &[u8]| byte_serialize(bytes).collect::<String>();
    format!("Basic {}", STANDARD.encode(format!("{}:{}", one(client_id.as_bytes()), one(secret))))
}

/// Whether an address is of this machine.
fn is_local(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    host == "localhost" || host == "[::1]" || host.parse::<std::net::Ipv4Addr>().is_ok_and(|ip| ip.is_loopback())
}

/// An address that an identity provider is asked at: over https, or on this machine; none with a name, a password
/// or a fragment in it.
pub(super) fn safe(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok().filter(|_| text.len() <= crate::limits::URL_BYTES)?;
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    let safe = match url.scheme() {
        "https" => true,
        "http" => is_local(&url),
        _ => false,
    };
    (url.has_host() && plain && safe).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::{Begin, Url, authorization, basic, challenge, safe, turn_in};

    #[test]
    fn auth_14_a_browser_is_sent_with_a_challenge_and_never_with_its_answer() {
        // The example of RFC 7636, appendix B.
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert_eq!(challenge(verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        let begin =
            Begin { redirect_uri: "https://town.example/t/back", state: "st", nonce: "no", verifier, language: "hi" };
        let endpoint = Url::parse("https://id.example/authorize?kept=1").unwrap();
        let scopes = ["openid".to_owned(), "email".to_owned()];
        let url = authorization(&endpoint, "town", &scopes, &["gold".to_owned()], begin);
        let expected = "https://id.example/authorize?kept=1&response_type=code&client_id=town\
                        &redirect_uri=https%3A%2F%2Ftown.example%2Ft%2Fback&scope=openid+email&state=st&nonce=no\
                        &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256\
                        &ui_locales=hi&acr_values=gold";
        assert_eq!(url.as_str(), expected);
        let form = turn_in("a b", "https://town.example/t/back", verifier, None);
        assert!(form.starts_with("grant_type=authorization_code&code=a+b&") && form.ends_with(verifier), "{form}");
        // As RFC 6749 has it: each part is written as in a form first.
        assert_eq!(basic("a:b", b"c d"), "Basic YSUzQWI6Yytk");
    }

    #[test]
    fn auth_14_a_provider_is_asked_over_https_or_on_this_machine() {
        for right in ["https://id.example/a", "http://127.0.0.1:3000/x", "http://localhost:1/", "http://[::1]:2/"] {
            assert!(safe(right).is_some(), "{right}");
        }
        let wrong =
            ["http://id.example/", "https://a:b@id.example/", "ftp://id.example/", "id.example", "https://id/#x"];
        for wrong in wrong {
            assert!(safe(wrong).is_none(), "{wrong}");
        }
    }
}
