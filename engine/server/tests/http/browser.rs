//! A browser without scripts: keeps cookies, fills in the forms that a page has, follows redirects.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{Request, header};
use tower::ServiceExt as _;

use crate::town::{TOWN, Town};

/// A browser at work in a town.
pub(crate) struct Browser<'a> {
    pub(crate) town: &'a Town,
    pub(crate) cookies: BTreeMap<String, String>,
    /// The page that was shown last.
    pub(crate) page: Page,
}

/// What came back.
#[derive(Clone, Debug, Default)]
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) at: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) html: String,
    pub(crate) bytes: Vec<u8>,
}

impl<'a> Browser<'a> {
    pub(crate) fn new(town: &'a Town) -> Self {
        Self { town, cookies: BTreeMap::new(), page: Page::default() }
    }

    /// Sends a request and keeps the cookies of the answer; follows no redirect.
    pub(crate) async fn send(&mut self, request: axum::http::request::Builder, body: Body) -> Page {
        let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        let request = request.header(header::COOKIE, cookies).body(body).unwrap();
        let at = request.uri().to_string();
        let response = self.town.router.clone().oneshot(request).await.unwrap();
        for value in response.headers().get_all(header::SET_COOKIE) {
            let pair = value.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let status = response.status().as_u16();
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned()))
            .collect();
        let bytes = axum::body::to_bytes(response.into_body(), 32 << 20).await.unwrap().to_vec();
        Page { status, at, headers, html: String::from_utf8_lossy(&bytes).into_owned(), bytes }
    }

    /// Opens an address and follows redirects within the site.
    pub(crate) async fn get(&mut self, at: &str) -> &Page {
        let mut page = self.send(Request::get(plain(at)), Body::empty()).await;
        for _ in 0..5 {
            let Some(to) = page.headers.get("location").filter(|to| to.starts_with('/')).cloned() else { break };
            page = self.send(Request::get(plain(&to)), Body::empty()).await;
            page.at = to;
        }
        self.page = page;
        &self.page
    }

    /// Sends the form of the present page with these fields, and follows where it leads. Hidden fields
    /// are sent as the page has them.
    pub(crate) async fn submit(&mut self, fields: &[(&str, &str)]) -> &Page {
        let action = self.page.form_action();
        self.post(&action, fields).await
    }

    /// Posts fields with the hidden ones of the present page, or at least with its token.
    pub(crate) async fn post(&mut self, action: &str, fields: &[(&str, &str)]) -> &Page {
        let mut pairs = self.page.hidden();
        if pairs.is_empty() && self.page.html.contains("name=\"_csrf\"") {
            pairs.push(("_csrf".to_owned(), self.page.token()));
        }
        pairs.retain(|(name, _)| fields.iter().all(|(given, _)| given != name));
        pairs.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let body = encoded(&pairs);
        let request = Request::post(action).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let page = self.send(request, Body::from(body)).await;
        self.follow(page).await
    }

    async fn follow(&mut self, page: Page) -> &Page {
        match page.headers.get("location").cloned() {
            Some(to) if to.starts_with('/') => self.get(&to).await,
            _ => {
                self.page = page;
                &self.page
            }
        }
    }

    /// Sends the form of the present page with a file.
    pub(crate) async fn upload(&mut self, fields: &[(&str, &str)], file: (&str, &str, &str, &[u8])) -> &Page {
        let mut pairs = self.page.hidden();
        pairs.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let (field, name, kind, bytes) = file;
        let mut body = Vec::new();
        for (name, value) in pairs {
            body.extend(format!("--xyz\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
        }
        body.extend(format!("--xyz\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\nContent-Type: {kind}\r\n\r\n").bytes());
        body.extend_from_slice(bytes);
        body.extend(b"\r\n--xyz--\r\n");
        let request =
            Request::post(self.page.form_action()).header(header::CONTENT_TYPE, "multipart/form-data; boundary=xyz");
        let page = self.send(request, Body::from(body)).await;
        self.follow(page).await
    }

    /// Signs in with a mobile number, and says who it is where that is asked.
    pub(crate) async fn sign_in(&mut self, mobile: &str) -> &Page {
        self.get(&format!("/{TOWN}/sign-in")).await;
        self.submit(&[("mobile", mobile)]).await.expect(200, "name=\"code\"");
        let code = self.town.code(mobile);
        self.submit(&[("code", &code)]).await;
        self.introduce().await
    }

    /// Answers the page on which a newcomer says who he is, if it is there.
    pub(crate) async fn introduce(&mut self) -> &Page {
        if self.page.at.contains("/my/profile") {
            self.submit(&[("name", "Asha Rao"), ("email", ""), ("language", "en"), ("agreed", "yes")]).await;
        }
        &self.page
    }
}

impl Page {
    /// Holds the page to a status and to words that it must have.
    pub(crate) fn expect(&self, status: u16, words: &str) -> &Self {
        assert!(
            self.status == status && self.html.contains(words),
            "{}: expected {status} with “{words}”, got {}:\n{}",
            self.at,
            self.status,
            self.text()
        );
        self
    }

    /// Where the main form posts.
    pub(crate) fn form_action(&self) -> String {
        let from = self.html.find("id=\"form\"").map_or(0, |at| self.html[..at].rfind("<form").unwrap());
        let main = self.html.find("<main").unwrap_or(0).max(from);
        let form = self.html[main..]
            .find("<form")
            .map_or_else(|| panic!("{} has no form:\n{}", self.at, self.text()), |at| main + at);
        attribute(&self.html[form..], "action").replace("&amp;", "&").replace("&#x3D;", "=")
    }

    /// The hidden fields of the main form.
    pub(crate) fn hidden(&self) -> Vec<(String, String)> {
        let main = &self.html[self.html.find("<main").unwrap_or(0)..];
        let end = main.find("</form>").unwrap_or(main.len());
        let inputs = main[..end].split("<input type=\"hidden\"").skip(1);
        inputs.map(|input| (attribute(input, "name"), attribute(input, "value").replace("&#x3D;", "="))).collect()
    }

    /// The token for forms on this page.
    pub(crate) fn token(&self) -> String {
        let at = self.html.find("name=\"_csrf\"").unwrap();
        attribute(&self.html[at..], "value").replace("&#x3D;", "=")
    }

    /// The names of the inputs whose name begins with `start`, in the order of the page.
    pub(crate) fn inputs(&self, start: &str) -> Vec<String> {
        let named = self.html.split(" name=\"").skip(1).map(|rest| rest[..rest.find('"').unwrap()].to_owned());
        named.filter(|name| name.starts_with(start)).collect()
    }

    /// The page without its markup.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        let mut inside = false;
        for letter in self.html.chars() {
            match letter {
                '<' => inside = true,
                '>' => inside = false,
                _ if !inside => text.push(letter),
                _ => {}
            }
        }
        text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
    }

    /// The first address on the page that begins with `start`.
    pub(crate) fn link(&self, start: &str) -> String {
        let at = self
            .html
            .find(&format!("href=\"{start}"))
            .unwrap_or_else(|| panic!("{} has no link to {start}:\n{}", self.at, self.html));
        attribute(&self.html[at..], "href").replace("&amp;", "&").replace("&#x3D;", "=")
    }
}

fn attribute(html: &str, name: &str) -> String {
    let start = html.find(&format!("{name}=\"")).unwrap() + name.len() + 2;
    html[start..start + html[start..].find('"').unwrap()].to_owned()
}

/// The address without the part that only browsers look at.
fn plain(at: &str) -> &str {
    at.split('#').next().unwrap()
}

pub(crate) fn encoded(pairs: &[(String, String)]) -> String {
    let one = |text: &str| -> String {
        text.bytes()
            .map(
                |byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") },
            )
            .collect()
    };
    pairs.iter().map(|(name, value)| format!("{}={}", one(name), one(value))).collect::<Vec<_>>().join("&")
}
