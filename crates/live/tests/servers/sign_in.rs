//! A person who signs in to an application, and the application that lets them.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use live::random_text;
use ring::digest::{SHA256, digest};
use serde_json::Value;

use crate::http::{Answer, Client, field, query};

/// An application, as it is set up.
#[derive(Clone)]
pub struct Application {
    pub authorization_url: String,
    pub token_url: String,
    pub userinfo_url: String,
    pub client_id: String,
    pub client_secret: String,
    pub redirect_uri: String,
    pub scope: String,
}

/// What an application gets.
pub struct SignedIn {
    pub id_token: Value,
    pub userinfo: Value,
}

/// A sign-in on its way: where the browser is sent, and what the application keeps.
pub struct Started {
    address: String,
    verifier: String,
    nonce: String,
}

impl Application {
    fn start(&self, with_pkce: bool) -> Started {
        let (verifier, nonce) = (random_text(64).unwrap(), random_text(32).unwrap());
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
        let mut fields = vec![
            ("response_type", "code"),
            ("client_id", &self.client_id),
            ("redirect_uri", &self.redirect_uri),
            ("scope", &self.scope),
            ("state", "the-state"),
            ("nonce", &nonce),
        ];
        if with_pkce {
            fields.extend([("code_challenge", &*challenge), ("code_challenge_method", "S256")]);
        }
        let address = format!("{}?{}", self.authorization_url, query(&fields));
        Started { address, verifier, nonce }
    }

    /// The whole way: the page, the form, the code, the tokens, the person.
    pub fn sign_in(
        &self,
        browser: &Client,
        name: &str,
        password: &str,
    ) -> Result<SignedIn, String> {
        let start = self.start(true);
        let mut browser = browser.clone();
        let code = self.code(&mut browser, &start.address, name, password)?;
        self.known(&mut browser, &code, &start)
    }

    /// What is known of who brought a code.
    fn known(&self, browser: &mut Client, code: &str, start: &Started) -> Result<SignedIn, String> {
        let tokens = self.tokens(browser, code, &start.verifier);
        if tokens.status != 200 {
            return Err(tokens.body);
        }
        let tokens = tokens.json();
        let id_token = claims(tokens["id_token"].as_str().unwrap());
        assert_eq!(id_token["nonce"], start.nonce);
        let access_token = tokens["access_token"].as_str().unwrap();
        let userinfo = browser.get_with(&self.userinfo_url, access_token);
        assert_eq!(userinfo.status, 200, "{}", userinfo.body);
        Ok(SignedIn { id_token, userinfo: userinfo.json() })
    }

    /// A sign-in whose application does without PKCE: what the server says to it.
    pub fn without_pkce(&self, browser: &Client) -> Answer {
        browser.clone().get(&self.start(false).address)
    }

    /// A sign-in whose application does not know its own proof any more.
    pub fn with_wrong_proof(&self, browser: &Client, name: &str, password: &str) -> Answer {
        let mut browser = browser.clone();
        let start = self.start(true);
        let code = self.code(&mut browser, &start.address, name, password).unwrap();
        self.tokens(&mut browser, &code, &random_text(64).unwrap())
    }

    /// A sign-in at another service, to which the browser was just led from our page: what is known
    /// of the person in the end.
    pub fn sign_in_by(
        &self,
        start: &Started,
        browser: &mut Client,
        there: &Answer,
        person: (&str, &str),
    ) -> Value {
        let page = browser.get(there.header("location"));
        let form = form(&page).unwrap();
        let mut answer = browser.post(&form, &[("username", person.0), ("password", person.1)]);
        // Back to us, and on to the application.
        while !answer.header("location").starts_with(&self.redirect_uri) {
            assert!(
                (300..400).contains(&answer.status),
                "{} {}",
                answer.status,
                words(&answer.body)
            );
            let to = answer.header("location").to_owned();
            answer = browser.get(&to);
        }
        let code = field(answer.header("location"), "code").unwrap();
        self.known(browser, &code, start).unwrap().userinfo
    }

    fn code(
        &self,
        browser: &mut Client,
        address: &str,
        name: &str,
        password: &str,
    ) -> Result<String, String> {
        let page = browser.get(address);
        let form = form(&page)?;
        let answer = browser.post(&form, &[("username", name), ("password", password)]);
        let to = answer.header("location").to_owned();
        if answer.status != 302 || !to.starts_with(&format!("{}?", self.redirect_uri)) {
            return Err(format!("{} {to} {}", answer.status, words(&answer.body)));
        }
        assert_eq!(field(&to, "state").as_deref(), Some("the-state"));
        field(&to, "code").ok_or(to)
    }

    fn tokens(&self, browser: &mut Client, code: &str, verifier: &str) -> Answer {
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &self.redirect_uri),
            ("client_id", &self.client_id),
            ("client_secret", &self.client_secret),
            ("code_verifier", verifier),
        ];
        browser.post(&self.token_url, &fields)
    }

    /// The page on which somebody signs in.
    pub fn page(&self, browser: &mut Client) -> (Started, Answer) {
        let start = self.start(true);
        let page = browser.get(&start.address);
        (start, page)
    }
}

/// Where the form of a page leads.
fn form(page: &Answer) -> Result<String, String> {
    let other = || format!("{} {}", page.status, words(&page.body));
    let (_, after) = page.body.split_once("id=\"kc-form-login\"").ok_or_else(other)?;
    let (_, after) = after.split_once("action=\"").ok_or_else(other)?;
    let (address, _) = after.split_once('"').ok_or_else(other)?;
    Ok(address.replace("&amp;", "&"))
}

/// Where the link of a page leads that has this name.
pub fn link(page: &Answer, id: &str) -> String {
    let mark = format!("id=\"{id}\"");
    let tag = page.body.split('<').find(|tag| tag.contains(&mark)).unwrap_or_else(|| {
        panic!("no {id} in {}", page.body);
    });
    let (_, after) = tag.split_once("href=\"").unwrap();
    after.split('"').next().unwrap().replace("&amp;", "&")
}

/// The words of a page, without its marks.
pub fn words(page: &str) -> String {
    let body = page.split_once("<body").map_or(page, |(_, body)| body);
    let mut text = String::new();
    let mut is_mark = false;
    for character in body.chars() {
        match character {
            '<' => is_mark = true,
            '>' => is_mark = false,
            _ if is_mark => {}
            other => text.push(other),
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a token says; who signed it, the server that gave it has just shown.
fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}
