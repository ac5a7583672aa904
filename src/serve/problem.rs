//! What an endpoint answers: what was asked for, or why not (RFC 9457).

use axum::body::{Body, Bytes};
use axum::http::{Response, StatusCode, header};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::fault::Fault;
use crate::project;
use crate::tr;

/// What an endpoint answers.
pub(crate) type Answer = Result<Reply, Problem>;

/// What was asked for.
#[derive(Clone)]
pub(crate) struct Reply {
    pub(crate) body: Bytes,
    pub(crate) kind: &'static str,
}

impl Reply {
    /// JSON.
    pub(crate) fn json(value: &impl Serialize) -> Reply {
        let body = serde_json::to_vec(value).expect("an answer is always JSON");
        Reply { body: body.into(), kind: "application/json" }
    }
}

/// Why a request is not granted.
#[derive(Debug)]
pub(crate) struct Problem(Box<Inner>);

#[derive(Debug)]
struct Inner {
    status: StatusCode,
    kind: &'static str,
    title: String,
    detail: String,
    faults: Vec<Value>,
    more: Map<String, Value>,
}

impl Problem {
    fn new(status: StatusCode, kind: &'static str, title: String) -> Problem {
        Problem(Box::new(Inner { status, kind, title, detail: String::new(), faults: Vec::new(), more: Map::new() }))
    }

    /// Says more about it.
    pub(crate) fn saying(mut self, detail: impl Into<String>) -> Problem {
        self.0.detail = detail.into();
        self
    }

    /// Adds a field.
    pub(crate) fn with(mut self, field: &str, value: impl Serialize) -> Problem {
        self.0.more.insert(field.into(), serde_json::to_value(value).expect("a field is always JSON"));
        self
    }

    /// The request itself is wrong.
    pub(crate) fn bad(detail: impl Into<String>) -> Problem {
        let title = tr!("this request can not be understood", "cette demande n'est pas comprise");
        Problem::new(StatusCode::BAD_REQUEST, "request", title).saying(detail)
    }

    /// What was asked for is not there.
    pub(crate) fn missing(what: impl Into<String>) -> Problem {
        Problem::new(StatusCode::NOT_FOUND, "missing", tr!("there is no such thing", "introuvable")).saying(what)
    }

    /// Nothing of the kind can be done now.
    pub(crate) fn refused(detail: impl Into<String>) -> Problem {
        let title = tr!("this can not be done", "cela ne peut pas se faire");
        Problem::new(StatusCode::CONFLICT, "refused", title).saying(detail)
    }

    /// There is no project, no data or no plan yet.
    pub(crate) fn not_yet(detail: impl Into<String>) -> Problem {
        let title = tr!("this is not there yet", "ce n'est pas encore là");
        Problem::new(StatusCode::CONFLICT, "not-yet", title).saying(detail)
    }

    /// Somebody changed the project meanwhile.
    pub(crate) fn changed(revision: u64, changes: impl Serialize) -> Problem {
        let title = tr!("the project was changed meanwhile", "le projet a été modifié entre-temps");
        Problem::new(StatusCode::PRECONDITION_FAILED, "changed", title)
            .with("revision", revision)
            .with("changes", changes)
    }

    /// A change that does not say which revision it is about.
    pub(crate) fn unconditional() -> Problem {
        let title = tr!("the revision is missing", "la révision manque");
        Problem::new(StatusCode::PRECONDITION_REQUIRED, "revision-missing", title).saying(tr!(
            "a change says in If-Match which revision it is about",
            "une modification dit dans If-Match à quelle révision elle s'applique"
        ))
    }

    /// Data with faults.
    pub(crate) fn faulty(faults: &[Fault]) -> Problem {
        let title = tr!("the data have faults", "les données comportent des erreurs");
        let mut problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "faults", title);
        problem.0.faults = faults.iter().map(said).collect();
        problem
    }

    /// The queue is full.
    pub(crate) fn busy() -> Problem {
        let title = tr!("too much is asked at once; try again", "trop de demandes à la fois ; réessayez");
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", title)
    }

    /// Not by this one.
    pub(crate) fn forbidden(status: StatusCode, title: String) -> Problem {
        Problem::new(status, "access", title)
    }

    /// More than one request may send.
    pub(crate) fn too_large(limit: usize) -> Problem {
        let most = crate::lang::thousands(limit as i64);
        let title = tr!("this is too large; at most {most} bytes", "trop volumineux ; {most} octets au plus");
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "size", title)
    }

    /// The body did not come.
    pub(crate) fn slow() -> Problem {
        let title = tr!("the request did not come to its end", "la demande n'est pas arrivée entière");
        Problem::new(StatusCode::REQUEST_TIMEOUT, "slow", title)
    }

    /// A fault of this program.
    pub(crate) fn internal(detail: impl Into<String>) -> Problem {
        let title = tr!("a fault of this program; please report it", "erreur du programme ; merci de la signaler");
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", title).saying(detail)
    }

    /// As a response.
    pub(crate) fn response(self) -> Response<Body> {
        let Inner { status, kind, title, detail, faults, more } = *self.0;
        let mut body = json!({
            "type": format!("urn:oraux:{kind}"),
            "title": title,
            "status": status.as_u16(),
            "detail": detail,
            "faults": faults,
        });
        if let Some(fields) = body.as_object_mut() {
            fields.extend(more);
        }
        let mut response = Response::new(Body::from(body.to_string()));
        *response.status_mut() = status;
        let kind = header::HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, header::HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// A fault as data.
fn said(fault: &Fault) -> Value {
    let place = fault.place.as_ref().map_or_else(|| fault.path.clone(), ToString::to_string);
    json!({ "file": fault.file, "place": place, "message": fault.message })
}

impl From<project::Error> for Problem {
    fn from(e: project::Error) -> Problem {
        match &e {
            project::Error::Taken(_) => Problem::refused(e.to_string()),
            project::Error::Unusable(_) => Problem::bad(e.to_string()),
            project::Error::Disk(_) => {
                let title = tr!("the disk would not", "le disque a refusé");
                Problem::new(StatusCode::INSUFFICIENT_STORAGE, "disk", title).saying(e.to_string())
            }
        }
    }
}

impl From<Vec<Fault>> for Problem {
    fn from(faults: Vec<Fault>) -> Problem {
        Problem::faulty(&faults)
    }
}
