//! Reading JSON files so that every fault is said at once, with its line, column and JSON path.
//!
//! The JSON Schema that `oraux schema` prints is made from the Rust types, and the same schema checks the
//! input here: the types are the one definition of the format.

use std::borrow::Cow;
use std::io::Read;
use std::path::Path;

use jsonc_parser::ast::{self, Value as Ast};
use jsonc_parser::common::Ranged;
use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::fault::Fault;
use crate::tr;

/// The JSON Schema of a type.
pub fn schema_of<T: JsonSchema>() -> Value {
    schemars::schema_for!(T).to_value()
}

/// The bytes of a file, unpacked if they are gzip.
pub fn bytes(path: &Path) -> Result<Vec<u8>, Fault> {
    let broken = |e: std::io::Error| {
        let message = match e.kind() {
            std::io::ErrorKind::NotFound => tr!("no such file", "fichier introuvable"),
            _ => tr!("cannot be read: {e}", "lecture impossible : {e}"),
        };
        Fault { file: Some(path.display().to_string()), ..Fault::new("", message) }
    };
    let packed = std::fs::read(path).map_err(broken)?;
    if !packed.starts_with(&[0x1f, 0x8b]) {
        return Ok(packed);
    }
    let mut plain = Vec::new();
    flate2::read::MultiGzDecoder::new(packed.as_slice()).read_to_end(&mut plain).map_err(broken)?;
    Ok(plain)
}

/// Reads a value of type `T` from JSON bytes, or says every fault of form.
pub fn from_bytes<T: DeserializeOwned + JsonSchema>(bytes: &[u8]) -> Result<(T, Source<'_>), Vec<Fault>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|e| {
        let before = String::from_utf8_lossy(&bytes[..e.valid_up_to()]).into_owned();
        vec![Fault {
            position: Some(line_column(&before, before.len())),
            ..Fault::new(
                "",
                tr!("not UTF-8 text; save the file as UTF-8", "texte non UTF-8 ; enregistrez le fichier en UTF-8"),
            )
        }]
    })?;
    let source = Source { text };
    let value: Value = serde_json::from_str(text).map_err(|e| {
        let message = if text.trim().is_empty() {
            tr!("the file is empty", "le fichier est vide")
        } else if e.is_eof() {
            tr!("the file stops in the middle; is it truncated?", "le fichier s'arrête au milieu ; est-il tronqué ?")
        } else {
            tr!("not JSON: {}", "ce n'est pas du JSON : {}", without_position(&e))
        };
        vec![Fault { position: Some((e.line().max(1), e.column().max(1))), ..Fault::new("", message) }]
    })?;
    let mut faults = Vec::new();
    source.duplicate_keys(&mut faults);
    let schema = schema_of::<T>();
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .expect("schemas made from the types are valid schemas");
    for error in validator.iter_errors(&value) {
        describe(&error, &value, &mut faults);
    }
    if faults.is_empty() {
        match serde_path_to_error::deserialize(&value) {
            Ok(read) => return Ok((read, source)),
            Err(e) => faults.push(Fault::new(e.path().to_string(), e.inner().to_string())),
        }
    }
    Err(source.placed(faults))
}

/// The text of a file, to find the line of a JSON path.
pub struct Source<'a> {
    text: &'a str,
}

impl Source<'_> {
    /// The faults with the line and column of their paths, each said once, in order of place.
    pub fn placed(&self, mut faults: Vec<Fault>) -> Vec<Fault> {
        let parsed = self.ast();
        for fault in &mut faults {
            if fault.position.is_none() {
                let at = parsed.as_ref().map_or(0, |root| locate(root, &fault.path));
                fault.position = Some(line_column(self.text, at));
            }
        }
        faults.sort_by(|a, b| (a.position, &a.path, &a.message).cmp(&(b.position, &b.path, &b.message)));
        faults.dedup();
        faults
    }

    fn ast(&self) -> Option<Ast<'_>> {
        jsonc_parser::parse_to_ast(self.text, &Default::default(), &Default::default()).ok()?.value
    }

    fn duplicate_keys(&self, faults: &mut Vec<Fault>) {
        fn walk(node: &Ast, path: &mut String, faults: &mut Vec<Fault>) {
            let length = path.len();
            match node {
                Ast::Object(object) => {
                    let mut seen = std::collections::HashSet::new();
                    for p in &object.properties {
                        push_key(path, p.name.as_str());
                        if !seen.insert(p.name.as_str()) {
                            faults.push(Fault::new(
                                path.as_str(),
                                tr!("this field stands twice; keep one", "ce champ figure deux fois ; gardez-en un"),
                            ));
                        }
                        walk(&p.value, path, faults);
                        path.truncate(length);
                    }
                }
                Ast::Array(array) => {
                    for (i, e) in array.elements.iter().enumerate() {
                        path.push_str(&format!("[{i}]"));
                        walk(e, path, faults);
                        path.truncate(length);
                    }
                }
                _ => {}
            }
        }
        if let Some(root) = self.ast() {
            walk(&root, &mut String::new(), faults);
        }
    }
}

fn push_key(path: &mut String, key: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(key);
}

/// The byte where the value at a dotted path starts; where the path leaves the text, the last known place.
fn locate(root: &Ast, path: &str) -> usize {
    let (mut node, mut rest) = (root, path);
    loop {
        rest = rest.strip_prefix('.').unwrap_or(rest);
        let next = match node {
            Ast::Object(object) => object
                .properties
                .iter()
                .filter(|p| {
                    rest.strip_prefix(p.name.as_str()).is_some_and(|r| r.is_empty() || r.starts_with(['.', '[']))
                })
                .max_by_key(|p| p.name.as_str().len())
                .map(|p: &ast::ObjectProp| (&p.value, &rest[p.name.as_str().len()..])),
            Ast::Array(array) => rest.strip_prefix('[').and_then(|r| {
                let (index, after) = r.split_once(']')?;
                Some((array.elements.get(index.parse::<usize>().ok()?)?, after))
            }),
            _ => None,
        };
        match next {
            Some((value, after)) => (node, rest) = (value, after),
            None => return node.range().start,
        }
        if rest.is_empty() {
            return node.range().start;
        }
    }
}

fn line_column(text: &str, at: usize) -> (usize, usize) {
    let before = &text[..at.min(text.len())];
    let line_start = before.rfind('\n').map_or(0, |i| i + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

fn without_position(e: &serde_json::Error) -> String {
    let text = e.to_string();
    text.split(" at line ").next().unwrap_or_default().to_string()
}

/// `/candidates/0/orals` as `candidates[0].orals`.
fn dotted(pointer: &str, root: &Value) -> String {
    let (mut path, mut node) = (String::new(), Some(root));
    for segment in pointer.split('/').skip(1) {
        let key: Cow<str> =
            if segment.contains('~') { segment.replace("~1", "/").replace("~0", "~").into() } else { segment.into() };
        if matches!(node, Some(Value::Array(_))) {
            path.push_str(&format!("[{key}]"));
            node = node.and_then(|n| n.get(key.parse::<usize>().ok()?));
        } else {
            push_key(&mut path, &key);
            node = node.and_then(|n| n.get(key.as_ref()));
        }
    }
    path
}

fn describe(error: &jsonschema::ValidationError, root: &Value, faults: &mut Vec<Fault>) {
    let path = dotted(error.instance_path().as_str(), root);
    let found = abridged(error.instance());
    let mut say = |message: String| faults.push(Fault::new(path.clone(), message));
    match error.kind() {
        Kind::AdditionalProperties { unexpected } => {
            for key in unexpected {
                let mut at = path.clone();
                push_key(&mut at, key);
                faults.push(Fault::new(
                    at,
                    tr!(
                        "unknown field \"{key}\"; remove it or mend its name",
                        "champ inconnu « {key} » ; retirez-le ou corrigez son nom"
                    ),
                ));
            }
        }
        Kind::Required { property } => {
            let key = property.as_str().unwrap_or_default();
            say(tr!("the field \"{key}\" is missing", "le champ « {key} » manque"));
        }
        Kind::Type { kind } => {
            let wanted = match kind {
                TypeKind::Single(t) => kind_name(&t.to_string()),
                TypeKind::Multiple(set) => {
                    let mut names: Vec<_> = set.iter().map(|t| kind_name(&t.to_string())).collect();
                    names.sort();
                    names.join(&tr!(" or ", " ou "))
                }
            };
            say(tr!("{found} stands where {wanted} is wanted", "{found} figure là où il faut {wanted}"));
        }
        Kind::Minimum { limit } if limit.as_i64() == Some(0) => {
            say(tr!("{found} is negative; zero or more is wanted", "{found} est négatif ; il faut zéro ou plus"))
        }
        Kind::Minimum { limit } => say(tr!("{found} is less than {limit}", "{found} est inférieur à {limit}")),
        Kind::Maximum { limit } => say(tr!("{found} is more than {limit}", "{found} dépasse {limit}")),
        Kind::Pattern { .. } => say(tr!(
            "{found} is not an hour of the clock; write HH:MM, 00:00 to 23:59",
            "{found} n'est pas une heure ; écrivez HH:MM, de 00:00 à 23:59"
        )),
        Kind::Format { format } if format == "date" => {
            say(tr!("{found} is not a date; write YYYY-MM-DD", "{found} n'est pas une date ; écrivez AAAA-MM-JJ"))
        }
        Kind::Enum { options } => {
            let options = abridged(options);
            say(tr!("{found} is not one of {options}", "{found} n'est pas l'une de ces valeurs : {options}"));
        }
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
            // Of the alternatives, speak of the one whose kind of value the file has: its errors lie deepest.
            let depth = |branch: &&Vec<jsonschema::ValidationError>| {
                branch.iter().map(|e| e.instance_path().as_str().len()).max().unwrap_or(0)
                    + usize::from(!branch.iter().any(|e| matches!(e.kind(), Kind::Type { .. })))
            };
            match context.iter().max_by_key(depth) {
                Some(branch) => branch.iter().for_each(|e| describe(e, root, faults)),
                None => say(error.to_string()),
            }
        }
        _ => say(error.to_string()),
    }
}

fn kind_name(kind: &str) -> String {
    match kind {
        "string" => tr!("a text", "un texte"),
        "integer" => tr!("a whole number", "un nombre entier"),
        "number" => tr!("a number", "un nombre"),
        "boolean" => tr!("true or false", "true ou false"),
        "array" => tr!("a list", "une liste"),
        "object" => tr!("an object", "un objet"),
        "null" => tr!("null", "null"),
        other => other.to_string(),
    }
}

fn abridged(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= 60 { text } else { text.chars().take(57).chain("...".chars()).collect() }
}
