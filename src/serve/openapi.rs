//! The OpenAPI document, from the table of endpoints.

use axum::body::Body as Bytes;
use axum::http::{HeaderValue, Response, header};
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::endpoints::{Body, ENDPOINTS, Endpoint, Handler, LOGIN};

/// The document as a response.
pub(super) fn document() -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(described().to_string()));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// OpenAPI 3.1.
pub(super) fn described() -> Value {
    let mut generator =
        SchemaSettings::draft2020_12().with(|s| s.definitions_path = "/components/schemas".into()).into_generator();
    let mut paths: Map<String, Value> = Map::new();
    for endpoint in ENDPOINTS {
        let body = match endpoint.body {
            Body::Nothing => None,
            Body::Json(schema) => Some(("application/json", schema(&mut generator).to_value())),
            Body::Bytes => Some(("application/octet-stream", json!({ "type": "string", "format": "binary" }))),
        };
        let path = paths.entry(endpoint.path).or_insert_with(|| json!({}));
        path[endpoint.method.to_lowercase()] = operation(endpoint, body);
    }
    let mut schemas: Map<String, Value> = generator.take_definitions(true);
    schemas.insert("Problem".into(), problem());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "oraux: the planning room",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Hours are minutes since midnight, dates ISO 8601, prices points. Accept-Language (fr, en) chooses the language of sentences.",
        },
        "security": [{ "token": [] }],
        "paths": paths,
        "components": { "schemas": schemas, "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } } },
    })
}

fn operation(endpoint: &Endpoint, body: Option<(&str, Value)>) -> Value {
    let text = json!({ "type": "string" });
    let mut parameters: Vec<Value> = Vec::new();
    for name in endpoint.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')) {
        parameters.push(json!({ "name": name, "in": "path", "required": true, "schema": text }));
    }
    for (name, about) in endpoint.query {
        parameters.push(json!({ "name": name, "in": "query", "description": about, "schema": text }));
    }
    if endpoint.if_match {
        parameters.push(json!({ "name": "If-Match", "in": "header", "required": true, "schema": text,
            "description": "the revision that the change is about, in quotation marks" }));
    }
    let kind = match endpoint.handler {
        Handler::Events => "text/event-stream",
        Handler::Download => "application/octet-stream",
        _ => "application/json",
    };
    let schema = if kind == "application/json" { json!({ "type": "object" }) } else { text.clone() };
    let mut content = Map::new();
    content.insert(kind.into(), json!({ "schema": schema }));
    let refused = json!({ "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } });
    let mut operation = json!({
        "summary": endpoint.about,
        "parameters": parameters,
        "responses": {
            "200": { "description": "what was asked for", "content": content },
            "default": { "description": "why not", "content": refused },
        },
    });
    if let Some((kind, schema)) = body {
        let mut content = Map::new();
        content.insert(kind.into(), json!({ "schema": schema }));
        operation["requestBody"] = json!({ "required": true, "content": content });
    }
    if endpoint.path == LOGIN || matches!(endpoint.handler, Handler::Download) {
        operation["security"] = json!([]);
    }
    operation
}

fn problem() -> Value {
    json!({
        "type": "object",
        "required": ["type", "title", "status"],
        "properties": {
            "type": { "type": "string" },
            "title": { "type": "string" },
            "status": { "type": "integer" },
            "detail": { "type": "string" },
            "faults": { "type": "array", "items": { "type": "object" } },
        },
    })
}
