//! The page's own files, which are inside the program.

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use rust_embed::RustEmbed;

use super::problem::Problem;
use crate::tr;

#[derive(RustEmbed)]
#[folder = "src/serve/web"]
struct Web;

fn kind(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "json" | "webmanifest" => "application/json",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

/// The file of that path: `/` is the page, `/assets/app.js` its parts.
pub(crate) fn answer(path: &str) -> Response<Body> {
    let name = match path {
        "/" => "index.html",
        path => path.strip_prefix("/assets/").unwrap_or_default(),
    };
    // Names are compared with those inside the program; none reaches the disk.
    let Some(file) = Web::get(name) else {
        return Problem::missing(tr!("there is no such page", "cette page n'existe pas")).response();
    };
    let mut response = Response::new(Body::from(file.data));
    *response.status_mut() = StatusCode::OK;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind(name)));
    response
}
