//! Who may ask: the names by which this server goes, the pages that may call it, and the token. Each answer carries what keeps a
//! browser from doing more with it than is meant.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};

use super::access::same;
use super::problem::Problem;
use crate::tr;

/// What a browser may do with the page: its own files and no others, no inline script or style, no HTML from text.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
    connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types 'none'";

const HEADERS: &[(&str, &str)] = &[
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=()"),
    ("cache-control", "no-store"),
];

/// Who may ask.
pub(crate) struct Guard {
    /// `127.0.0.1:8080`, `localhost:8080` …, exactly.
    pub(crate) hosts: Vec<String>,
    /// `http://127.0.0.1:8080` …, exactly.
    pub(crate) origins: Vec<String>,
    /// What each request to the API carries.
    pub(crate) token: String,
}

fn one(headers: &HeaderMap, name: impl header::AsHeaderName) -> Result<Option<&str>, ()> {
    let mut all = headers.get_all(name).iter();
    match (all.next(), all.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| ()),
        _ => Err(()),
    }
}

impl Guard {
    /// Whether a request may go on, before anything of it is read.
    pub(crate) fn admit(&self, request: &Request<Body>) -> Result<(), Problem> {
        let headers = request.headers();
        let forbidden = |status, title| Err(Problem::forbidden(status, title));
        // A name that somebody else's server may go by: DNS rebinding.
        let named = request.uri().authority().map(|a| a.as_str().to_string());
        let host = one(headers, header::HOST).ok().flatten().map(str::to_string);
        let known = |host: &String| self.hosts.iter().any(|own| own.eq_ignore_ascii_case(host));
        if !host.as_ref().is_some_and(known) || !named.as_ref().is_none_or(known) {
            return forbidden(
                StatusCode::MISDIRECTED_REQUEST,
                tr!("this server does not go by that name", "ce serveur ne répond pas à ce nom"),
            );
        }
        let foreign = || tr!("another page may not ask this", "une autre page n'a pas à demander cela");
        match one(headers, "sec-fetch-site") {
            Ok(None | Some("same-origin" | "none")) => {}
            _ => return forbidden(StatusCode::FORBIDDEN, foreign()),
        }
        match one(headers, header::ORIGIN) {
            Ok(None) => {}
            Ok(Some(origin)) if self.origins.iter().any(|own| own == origin) => {}
            _ => return forbidden(StatusCode::FORBIDDEN, foreign()),
        }
        let path = request.uri().path();
        if path.starts_with("/api/") && path != super::endpoints::LOGIN {
            let bearer = one(headers, header::AUTHORIZATION).ok().flatten();
            let token = bearer.and_then(|b| b.strip_prefix("Bearer ")).unwrap_or_default();
            if !same(token, &self.token) {
                return forbidden(
                    StatusCode::UNAUTHORIZED,
                    tr!("open the page by its whole address", "ouvrez la page par son adresse complète"),
                );
            }
        } else if !matches!(*request.method(), Method::GET | Method::HEAD) && !path.starts_with("/api/") {
            return forbidden(StatusCode::METHOD_NOT_ALLOWED, tr!("only to be read", "en lecture seule"));
        }
        Ok(())
    }

    /// Adds what every answer carries.
    pub(crate) fn seal(response: &mut Response<Body>) {
        for (name, value) in HEADERS {
            response.headers_mut().insert(*name, HeaderValue::from_static(value));
        }
    }
}
