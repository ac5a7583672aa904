//! Connections, the queue in front of the desk, and the end.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{MatchedPath, RawPathParams, State};
use axum::http::{HeaderMap, Request, Response, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::routing::{MethodFilter, any, on};
use axum::{RequestExt, Router};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use super::access::{Access, random};
use super::desk::{self, Call, Desk};
use super::endpoints::{Body as Wanted, ENDPOINTS, Endpoint, Handler};
use super::events::Events;
use super::guard::Guard;
use super::problem::{Answer, Problem};
use super::tickets::Tickets;
use super::{Options, files, openapi};
use crate::fault::Fault;
use crate::lang::{self, Lang, within};
use crate::tr;

/// So many connections at once.
const CONNECTIONS: usize = 200;
/// So long a request's head and its body may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often it looks whether it is to end.
const TICK: Duration = Duration::from_millis(50);
/// So long the desk may take to end.
const ENDING: Duration = Duration::from_millis(1_200);

/// What every request needs.
struct Room {
    guard: Guard,
    desk: desk::Queue,
    events: Events,
    tickets: Tickets,
    access: Access,
    /// One password at a time is tried.
    logins: Semaphore,
}

type Shared = Arc<Room>;

pub(super) fn run(options: Options, ready: impl FnOnce(&str)) -> Result<(), Fault> {
    options.access.allows(options.listen)?;
    let broken = |e: std::io::Error| Fault::new("", tr!("cannot be served: {e}", "service impossible : {e}"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(broken)?;
    runtime.block_on(async {
        let address = SocketAddr::new(options.listen, options.port);
        let listener = TcpListener::bind(address).await.map_err(|e| {
            Fault::new("--port", tr!("{address} can not be listened on: {e}", "écoute impossible sur {address} : {e}"))
        })?;
        let port = listener.local_addr().map_err(broken)?.port();
        let (events, tickets, token) = (Events::new(), Tickets::default(), random(24));
        let start =
            desk::Start { file: options.file, who: options.who, events: events.clone(), tickets: tickets.clone() };
        let (queue, mut desk) = desk::start(start)?;
        let (hosts, origins) = names(options.listen, port, options.access.origin.as_deref());
        let url = match &options.access.origin {
            Some(origin) => format!("{origin}/"),
            None => format!("http://{}/#token={token}", hosts[0]),
        };
        let room = Arc::new(Room {
            guard: Guard { hosts, origins, token },
            desk: queue,
            events: events.clone(),
            tickets,
            access: options.access,
            logins: Semaphore::new(1),
        });
        let router = router(room);
        ready(&url);
        let free = Arc::new(Semaphore::new(CONNECTIONS));
        let mut tick = tokio::time::interval(TICK);
        loop {
            tokio::select! {
                _ = tick.tick() => {
                    if options.stop.load(Ordering::Relaxed) || desk.ended() {
                        break;
                    }
                }
                come = listener.accept() => {
                    let (Ok((stream, _)), Ok(place)) = (come, free.clone().try_acquire_owned()) else { continue };
                    let own = router.clone();
                    tokio::spawn(async move {
                        connection(stream, own).await;
                        drop(place);
                    });
                }
            }
        }
        events.tell("closed", &json!({}));
        desk.close();
        let ends = tokio::time::Instant::now() + ENDING;
        while !desk.ended() && tokio::time::Instant::now() < ends {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Ok(())
    })
}

async fn connection(stream: TcpStream, router: Router) {
    let _ = stream.set_nodelay(true);
    let mut builder = hyper::server::conn::http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(PATIENCE).max_buf_size(64 * 1024);
    let _ = builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router)).await;
}

/// By which names this server goes, and which pages may ask it.
fn names(listen: IpAddr, port: u16, origin: Option<&str>) -> (Vec<String>, Vec<String>) {
    if let Some(origin) = origin {
        return (vec![origin.trim_start_matches("https://").into()], vec![origin.into()]);
    }
    let own = SocketAddr::new(listen, port).to_string();
    let mut hosts = vec![own];
    for name in ["127.0.0.1", "localhost", "[::1]"] {
        let host = format!("{name}:{port}");
        if !hosts.contains(&host) {
            hosts.push(host);
        }
    }
    let origins = hosts.iter().map(|host| format!("http://{host}")).collect();
    (hosts, origins)
}

fn router(room: Shared) -> Router {
    let mut router = Router::new();
    for endpoint in ENDPOINTS {
        let filter = MethodFilter::try_from(endpoint.method()).expect("the table has ordinary methods");
        let handler = move |State(room): State<Shared>, request: Request<Body>| answer(endpoint, room, request);
        router = router.route(endpoint.path, on(filter, handler));
    }
    let file = |request: Request<Body>| async move { files::answer(request.uri().path()) };
    let nowhere = |_: Request<Body>| async {
        Problem::missing(tr!("there is no such address", "cette adresse n'existe pas")).response()
    };
    router
        .route("/", any(file))
        .route("/assets/{*name}", any(file))
        .fallback(nowhere)
        .method_not_allowed_fallback(wrong_method)
        .layer(from_fn_with_state(room.clone(), admit))
        .with_state(room)
}

async fn wrong_method(request: Request<Body>) -> Response<Body> {
    let method = request.method().clone();
    let title = tr!("{method} is not answered here", "{method} n'a pas de réponse ici");
    Problem::forbidden(axum::http::StatusCode::METHOD_NOT_ALLOWED, title).response()
}

fn language(headers: &HeaderMap) -> Lang {
    let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or_default().to_lowercase();
    let first = |lang: &str| asked.split(',').position(|part| part.trim_start().starts_with(lang));
    match (first("fr"), first("en")) {
        (Some(fr), Some(en)) => {
            if fr < en {
                Lang::Fr
            } else {
                Lang::En
            }
        }
        (Some(_), None) => Lang::Fr,
        (None, Some(_)) => Lang::En,
        (None, None) => lang::current(),
    }
}

async fn admit(State(room): State<Shared>, request: Request<Body>, next: Next) -> Response<Body> {
    let lang = language(request.headers());
    let mut response = match within(lang, || room.guard.admit(&request)) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.response(),
    };
    Guard::seal(&mut response);
    response
}

async fn answer(endpoint: &'static Endpoint, room: Shared, mut request: Request<Body>) -> Response<Body> {
    let lang = language(request.headers());
    let said = |problem: fn() -> Problem| within(lang, problem).response();
    let path: HashMap<String, String> = match request.extract_parts::<RawPathParams>().await {
        Ok(params) => params.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect(),
        Err(_) => return said(|| Problem::bad("path")),
    };
    let query: HashMap<String, String> =
        match request.extract_parts::<axum::extract::Query<HashMap<String, String>>>().await {
            Ok(query) => query.0,
            Err(_) => return said(|| Problem::bad("query")),
        };
    debug_assert!(request.extensions().get::<MatchedPath>().is_some());
    let revision = request.headers().get(header::IF_MATCH).map(|value| {
        value.to_str().ok().and_then(|v| v.trim().trim_start_matches("W/").trim_matches('"').parse::<u64>().ok())
    });
    let Ok(revision) = revision.map_or(Ok(None), |r| r.map(Some).ok_or(())) else {
        return said(|| Problem::bad(tr!("If-Match has no revision", "If-Match ne dit aucune révision")));
    };
    let limit = match endpoint.body {
        Wanted::Bytes => 20_000_000,
        _ => 1_000_000,
    };
    let body = match tokio::time::timeout(PATIENCE, read(request.into_body(), limit)).await {
        Ok(Ok(body)) => body,
        Ok(Err(())) => return within(lang, || Problem::too_large(limit)).response(),
        Err(_) => return said(Problem::slow),
    };
    match endpoint.handler {
        Handler::Events => room.events.stream(),
        Handler::OpenApi => openapi::document(),
        Handler::Download => room.tickets.redeem(path.get("ticket").map_or("", String::as_str)),
        Handler::Login => login(&room, lang, &body).await,
        Handler::Desk(handler) => {
            let call = Call { lang, path, query, body, revision, needs_revision: endpoint.if_match };
            through_desk(&room, handler, call).await
        }
    }
}

async fn read(body: Body, limit: usize) -> Result<Bytes, ()> {
    axum::body::to_bytes(body, limit).await.map_err(|_| ())
}

async fn through_desk(room: &Room, handler: fn(&mut Desk, &Call) -> Answer, call: Call) -> Response<Body> {
    let lang = call.lang;
    let answer = match room.desk.ask(handler, call) {
        Some(waiting) => waiting.await.unwrap_or_else(|_| Err(within(lang, Problem::busy))),
        None => Err(within(lang, Problem::busy)),
    };
    match answer {
        Ok(reply) => {
            let mut response = Response::new(Body::from(reply.body));
            response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static(reply.kind));
            response
        }
        Err(problem) => problem.response(),
    }
}

/// The token for who knows the password. Each try takes argon2's time, one after the other.
async fn login(room: &Room, lang: Lang, body: &[u8]) -> Response<Body> {
    let asked: Option<super::endpoints::Login> = serde_json::from_slice(body).ok();
    let wrong = || {
        within(lang, || {
            let title = tr!("this is not the password", "ce n'est pas le mot de passe");
            Problem::forbidden(axum::http::StatusCode::FORBIDDEN, title).response()
        })
    };
    let (Some(asked), Ok(_turn)) = (asked, room.logins.acquire().await) else { return wrong() };
    let access = room.access.clone();
    let known = tokio::task::spawn_blocking(move || access.knows(&asked.password)).await;
    if known.unwrap_or(false) {
        let mut response = Response::new(Body::from(json!({ "token": room.guard.token }).to_string()));
        let kind = header::HeaderValue::from_static("application/json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        response
    } else {
        tokio::time::sleep(Duration::from_secs(1)).await;
        wrong()
    }
}
