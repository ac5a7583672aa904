//! Everything that is answered under `/api/`: one table feeds the router and the OpenAPI document.

use schemars::generate::SchemaGenerator;
use schemars::{JsonSchema, Schema};
use serde::Deserialize;

use super::desk::handlers as desk;
use super::desk::{Call, Desk};
use super::problem::Answer;

/// Where a password is given for a token: the only address of the API that needs no token.
pub(super) const LOGIN: &str = "/api/login";

/// An endpoint.
pub(super) struct Endpoint {
    /// `GET`, `POST`, `PATCH` or `DELETE`, and the path with its parts in braces.
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    /// What it does, in one line.
    pub(super) about: &'static str,
    /// Its parameters, each with what it is.
    pub(super) query: &'static [(&'static str, &'static str)],
    pub(super) body: Body,
    /// Whether a change has to say in If-Match which revision it is about.
    pub(super) if_match: bool,
    pub(super) handler: Handler,
}

impl Endpoint {
    pub(super) fn method(&self) -> axum::http::Method {
        self.method.parse().expect("the table has ordinary methods")
    }
}

/// What a request carries.
#[derive(Clone, Copy)]
pub(super) enum Body {
    Nothing,
    /// JSON of that form.
    Json(fn(&mut SchemaGenerator) -> Schema),
    /// A file, at most 20 MB.
    Bytes,
}

/// Who answers.
#[derive(Clone, Copy)]
pub(super) enum Handler {
    Desk(fn(&mut Desk, &Call) -> Answer),
    Events,
    Download,
    OpenApi,
    Login,
}

/// The password of a planning room that is open beyond this machine.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Login {
    /// The password.
    pub(super) password: String,
}

fn form<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

const fn get(path: &'static str, about: &'static str, handler: fn(&mut Desk, &Call) -> Answer) -> Endpoint {
    Endpoint {
        method: "GET",
        path,
        about,
        query: &[],
        body: Body::Nothing,
        if_match: false,
        handler: Handler::Desk(handler),
    }
}

const fn post(
    path: &'static str,
    about: &'static str,
    body: Body,
    handler: fn(&mut Desk, &Call) -> Answer,
) -> Endpoint {
    Endpoint { method: "POST", path, about, query: &[], body, if_match: false, handler: Handler::Desk(handler) }
}

const fn change(
    path: &'static str,
    about: &'static str,
    body: Body,
    handler: fn(&mut Desk, &Call) -> Answer,
) -> Endpoint {
    Endpoint { if_match: true, ..post(path, about, body, handler) }
}

/// Every endpoint.
pub(super) static ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        handler: Handler::Login,
        ..post(LOGIN, "the token, for the password", Body::Json(form::<Login>), desk::recent)
    },
    get("/api/project", "what is open and what it holds", desk::project),
    get("/api/recent", "the projects that were open lately", desk::recent),
    post(
        "/api/projects",
        "open the demo group, a recent or an empty project",
        Body::Json(form::<desk::Wanted>),
        desk::create,
    ),
    get("/api/import", "what the last import says, as far as its sheets are being mended", desk::last_import),
    Endpoint {
        query: &[("name", "the file's name"), ("dry", "1: only say what it would be")],
        ..post("/api/import", "bring in a workbook, CSV files, an instance or a schedule", Body::Bytes, desk::import)
    },
    post("/api/answers", "answer a question of the import", Body::Json(form::<desk::Given>), desk::answer),
    get("/api/tables", "the sheets", desk::tables),
    Endpoint {
        query: &[
            ("from", "rows to leave out"),
            ("count", "rows at most"),
            ("q", "only rows with this text"),
            ("faulty", "1: only rows with a fault or a remark"),
        ],
        ..get("/api/tables/{id}", "the rows of a sheet", desk::table)
    },
    Endpoint {
        method: "PATCH",
        ..change("/api/tables/{id}", "change cells and rows", Body::Json(form::<desk::Patch>), desk::patch)
    },
    get("/api/need", "need against supply", desk::need),
    get("/api/check", "every broken rule, and the cost", desk::check),
    get("/api/plan/week", "centres and dates with their load", desk::week),
    Endpoint {
        query: &[("centre", "the centre's id"), ("date", "YYYY-MM-DD")],
        ..get("/api/plan/day", "a centre on a date", desk::day)
    },
    get("/api/plan/tray", "the orals without a place", desk::tray),
    get("/api/plan/{kind}/{id}", "the plan of a candidate, an examiner or a commission", desk::person),
    Endpoint {
        query: &[("q", "what is sought; accents, case and hyphens do not count")],
        ..get("/api/search", "people, centres and sessions by name or id", desk::search)
    },
    post("/api/hold", "the places of what is held, with their prices", Body::Json(form::<desk::Hold>), desk::hold),
    post("/api/why", "why not there, or what it costs there", Body::Json(form::<desk::Why>), desk::why),
    post("/api/places", "the best places, ranked", Body::Json(form::<desk::Ranked>), desk::places),
    post("/api/members", "who may hold a seat, ranked", Body::Json(form::<desk::Seat>), desk::members),
    change("/api/actions", "change the plan by hand", Body::Json(form::<desk::Action>), desk::act),
    change("/api/undo", "take the last action back", Body::Nothing, desk::undo),
    change("/api/redo", "carry out again what was taken back", Body::Nothing, desk::redo),
    Endpoint {
        query: &[("from", "this revision and older ones")],
        ..get("/api/history", "what was done, the newest first", desk::history)
    },
    get("/api/versions", "the named versions", desk::versions),
    post("/api/versions", "name this moment", Body::Json(form::<desk::Name>), desk::name_version),
    post("/api/versions/{id}/restore", "go back to a version", Body::Nothing, desk::restore),
    Endpoint {
        query: &[("a", "now, published, a revision, or v and a version's number"), ("b", "the same")],
        ..get("/api/compare", "two moments side by side", desk::compare)
    },
    get("/api/jobs", "the jobs", desk::jobs),
    post(
        "/api/jobs",
        "begin a job: planning, diagnosis, repair, documents",
        Body::Json(form::<desk::Work>),
        desk::start_job,
    ),
    get("/api/jobs/{id}", "a job", desk::job),
    Endpoint { method: "DELETE", ..post("/api/jobs/{id}", "stop a job; it keeps the best", Body::Nothing, desk::stop) },
    post("/api/jobs/{id}/continue", "let planning go on", Body::Json(form::<desk::Longer>), desk::go_on),
    change("/api/adopt", "take over the plan that a job made", Body::Json(form::<desk::Named>), desk::adopt),
    change("/api/remedies", "carry out a remedy of a diagnosis", Body::Json(form::<desk::Named>), desk::remedy),
    get("/api/documents", "the kinds of documents, and which are out of date", desk::documents),
    post("/api/preview", "a page of a kind of document, as text", Body::Json(form::<desk::Shown>), desk::preview),
    post("/api/tickets", "an address for one download", Body::Json(form::<desk::Ticket>), desk::ticket),
    post("/api/publish", "freeze the plan as published", Body::Nothing, desk::publish),
    Endpoint { handler: Handler::Events, ..get("/api/events", "what happens, as server-sent events", desk::project) },
    Endpoint { handler: Handler::OpenApi, ..get("/api/openapi.json", "this document", desk::project) },
    Endpoint { handler: Handler::Download, ..get("/download/{ticket}", "a file, once", desk::project) },
];
