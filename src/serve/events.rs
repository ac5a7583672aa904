//! What happens, told to every page that listens (server-sent events).

use std::convert::Infallible;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, Response, header};
use futures_util::stream::unfold;
use serde::Serialize;
use tokio::sync::broadcast::{Receiver, Sender, channel, error::RecvError};

/// So many events wait for a page that reads slowly; it then has to ask anew.
const WAITING: usize = 256;
/// As often something is said, so that a proxy keeps the connection.
const BEAT: Duration = Duration::from_secs(15);

/// Where events are told.
#[derive(Clone)]
pub(crate) struct Events(Sender<Bytes>);

impl Events {
    pub(crate) fn new() -> Events {
        Events(channel(WAITING).0)
    }

    /// Tells an event to whoever listens.
    pub(crate) fn tell(&self, event: &str, data: &impl Serialize) {
        let data = serde_json::to_string(data).expect("an event is always JSON");
        // Nobody may listen.
        let _ = self.0.send(format!("event: {event}\ndata: {data}\n\n").into());
    }

    /// The stream of events from now on.
    pub(crate) fn stream(&self) -> Response<Body> {
        let start = (self.0.subscribe(), true);
        let stream = unfold(start, |(mut events, first): (Receiver<Bytes>, bool)| async move {
            if first {
                return Some((Ok::<Bytes, Infallible>(Bytes::from_static(b": here\n\n")), (events, false)));
            }
            let told = match tokio::time::timeout(BEAT, events.recv()).await {
                Err(_) => Bytes::from_static(b": here\n\n"),
                Ok(Ok(event)) => event,
                // What was missed may have changed everything.
                Ok(Err(RecvError::Lagged(_))) => Bytes::from_static(b"event: lost\ndata: {}\n\n"),
                Ok(Err(RecvError::Closed)) => return None,
            };
            Some((Ok(told), (events, false)))
        });
        let mut response = Response::new(Body::from_stream(stream));
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
        response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
        response
    }
}
