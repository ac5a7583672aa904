//! Tickets for downloads: a browser's own download carries no token, so each has an address of its own that works once.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, Response, header};

use super::access::random;
use super::problem::Problem;
use crate::tr;

/// A ticket that nobody uses ends.
const LASTS: Duration = Duration::from_secs(60);

/// What a ticket is for.
pub(crate) enum Goods {
    /// A file that a job made.
    File(PathBuf),
    /// Bytes.
    Bytes(Bytes),
}

struct Ticket {
    name: String,
    kind: &'static str,
    goods: Goods,
    ends: Instant,
}

/// The tickets that are out.
#[derive(Clone, Default)]
pub(crate) struct Tickets(Arc<Mutex<HashMap<String, Ticket>>>);

impl Tickets {
    /// The address at which something can be had once, under that file name.
    pub(crate) fn issue(&self, name: String, kind: &'static str, goods: Goods) -> String {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        all.retain(|_, t| t.ends > now);
        let id = random(16);
        let address = format!("/download/{id}");
        all.insert(id, Ticket { name, kind, goods, ends: now + LASTS });
        address
    }

    /// What the ticket is for; it is used up.
    pub(crate) fn redeem(&self, id: &str) -> Response<Body> {
        let ticket = self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
        let gone = || {
            Problem::missing(tr!(
                "this download was used or is too old; ask for it again",
                "ce téléchargement a déjà servi ou a expiré ; demandez-le à nouveau"
            ))
            .response()
        };
        let Some(ticket) = ticket.filter(|t| t.ends > Instant::now()) else { return gone() };
        let bytes = match ticket.goods {
            Goods::Bytes(bytes) => bytes,
            Goods::File(path) => match std::fs::read(path) {
                Ok(bytes) => bytes.into(),
                Err(_) => return gone(),
            },
        };
        let mut response = Response::new(Body::from(bytes));
        let name: String =
            ticket.name.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' }).collect();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(ticket.kind));
        if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
            headers.insert(header::CONTENT_DISPOSITION, value);
        }
        response
    }
}
