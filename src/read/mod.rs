//! Reading JSON files so that every fault is said at once, with its line, column and JSON path.
//!
//! The JSON Schema that `oraux schema` prints is made from the Rust types, and the same schema checks the
//! input here: the types are the one definition of the format.

pub mod limit;
mod pieces;
mod places;
mod tree;

use std::borrow::Cow;
use std::collections::HashSet;
use std::io::Read;
use std::path::Path;

use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;

use self::limit::Limit;
use self::places::locate;
use self::tree::{Stopped, tree};
use crate::fault::{Fault, Faults};
use crate::tr;

/// The JSON Schema of a type.
pub fn schema_of<T: JsonSchema>() -> Value {
    schemars::schema_for!(T).to_value()
}

/// The bytes of a file, unpacked if they are gzip.
///
/// # Errors
/// The file cannot be read, or holds more than the limits allow.
pub fn bytes(path: &Path) -> Result<Vec<u8>, Fault> {
    let file = || Some(path.display().to_string());
    let broken = |e: std::io::Error| {
        let message = match e.kind() {
            std::io::ErrorKind::NotFound => tr!("no such file", "fichier introuvable"),
            std::io::ErrorKind::IsADirectory => tr!("a folder, not a file", "un dossier, pas un fichier"),
            _ => tr!("cannot be read: {e}", "lecture impossible : {e}"),
        };
        Fault { file: file(), ..Fault::new("", message) }
    };
    let most = Limit::Text.most();
    let mut packed = Vec::new();
    let opened = std::fs::File::open(path).map_err(broken)?;
    opened.take(most.saturating_add(1)).read_to_end(&mut packed).map_err(broken)?;
    let plain = if packed.starts_with(&[0x1f, 0x8b]) {
        let mut plain = Vec::new();
        let unpacked =
            flate2::read::MultiGzDecoder::new(packed.as_slice()).take(most.saturating_add(1)).read_to_end(&mut plain);
        unpacked.map_err(|_| {
            let message = tr!(
                "the gzip file is truncated or damaged; copy it again",
                "le fichier gzip est tronqué ou endommagé ; copiez-le à nouveau"
            );
            Fault { file: file(), ..Fault::new("", message) }
        })?;
        plain
    } else {
        packed
    };
    Limit::Text.holds(plain.len() as u64).map_err(|message| Fault { file: file(), ..Fault::new("", message) })?;
    Ok(plain)
}

/// Reads a value of type `T` from JSON bytes and gives it to `resolve`, or says every fault: those of form, and,
/// where the form still lets the value be read, those of meaning that `resolve` finds. The file must name `format`;
/// of a file of another kind nothing else is said.
pub fn from_bytes<T: DeserializeOwned + JsonSchema, U>(
    bytes: &[u8],
    format: &str,
    resolve: impl FnOnce(T) -> Result<U, Vec<Fault>>,
) -> Result<U, Vec<Fault>> {
    let text = text(bytes).map_err(|fault| vec![fault])?;
    let mut faults = Faults::default();
    let mut value = tree(text, &mut faults).map_err(|stopped| {
        vec![match stopped {
            Stopped::NotJson(e) => not_json(text, &e),
            Stopped::TooMany(message) => Fault::new("", message),
        }]
    })?;
    if let Some(named) = value.get("format").and_then(Value::as_str).filter(|f| *f != format) {
        let fault = Fault::new(
            "format",
            tr!(
                "\"{named}\" is not the format wanted here, \"{format}\"",
                "« {named} » n'est pas le format attendu ici, « {format} »"
            ),
        );
        return Err(placed(text, vec![fault]));
    }
    let schema = schema_of::<T>();
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .expect("schemas made from the types are valid schemas");
    let mut strays: Vec<(String, HashSet<String>)> = Vec::new();
    let mut readable = true;
    pieces::errors(&validator, &mut value, |error, root, (list, before)| {
        match error.kind() {
            Kind::AdditionalProperties { unexpected } if readable => {
                let pointer = moved(error.instance_path().as_str(), &format!("{list}/"), before);
                strays.push((pointer, unexpected.iter().cloned().collect()));
            }
            Kind::AdditionalProperties { .. } => {}
            _ => readable = false,
        }
        let mut found = Faults::default();
        describe(error, root, &mut found);
        let list = format!("{}[", dotted(list, root));
        faults.absorb(found, |f| Fault { path: moved(&f.path, &list, before), ..f });
        // Of so many nobody asks what the rest means.
        readable &= faults.len() < Faults::KEPT;
        if !readable {
            strays.clear();
        }
    });
    if readable {
        // Unknown fields are said already; without them the rest can be read, and its faults said as well.
        for (pointer, keys) in strays {
            if let Some(Value::Object(object)) = value.pointer_mut(&pointer) {
                object.retain(|key, _| !keys.contains(key));
            }
        }
        whole_numbers(&mut value);
        let read = serde_path_to_error::deserialize(&value).map_err(|e| vec![unreadable(&e)]);
        drop(value);
        match read.and_then(resolve) {
            Ok(resolved) if faults.is_empty() => return Ok(resolved),
            Ok(_) => {}
            Err(more) => faults.extend(more),
        }
    }
    Err(placed(text, faults.into_vec()))
}

/// A path whose index in a list, behind that beginning, counts so many items more.
fn moved(path: &str, list: &str, before: usize) -> String {
    let Some(rest) = path.strip_prefix(list).filter(|_| before > 0) else { return path.to_string() };
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let index = rest[..digits].parse().map_or(before, |i: usize| i + before);
    format!("{list}{index}{}", &rest[digits..])
}

/// The first character of a text that no paper and no spreadsheet can hold.
fn strange(text: &str) -> Option<char> {
    text.chars().find(|c| matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'))
}

fn control_character(c: char) -> String {
    let code = format!("U+{:04X}", c as u32);
    tr!("contains the control character {code}; remove it", "contient le caractère de contrôle {code} ; retirez-le")
}

fn text(bytes: &[u8]) -> Result<&str, Fault> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|e| {
        let before = String::from_utf8_lossy(&bytes[..e.valid_up_to()]);
        let at = before.len();
        Fault {
            position: Positions::new(&before).of(at),
            ..Fault::new(
                "",
                tr!("not UTF-8 text; save the file as UTF-8", "texte non UTF-8 ; enregistrez le fichier en UTF-8"),
            )
        }
    })
}

fn not_json(text: &str, e: &serde_json::Error) -> Fault {
    let said = e.to_string();
    let said = said.split(" at line ").next().unwrap_or_default();
    // The parser counts columns in bytes; people count characters.
    let line = text.split('\n').nth(e.line().saturating_sub(1)).unwrap_or_default();
    let column = line.char_indices().take_while(|(i, _)| *i + 1 < e.column()).count() + 1;
    let strange = line.chars().nth(column - 1).filter(|c| c.is_control() && !c.is_whitespace());
    let message = if let Some(c) = strange {
        control_character(c)
    } else if text.trim().is_empty() {
        tr!("the file is empty", "le fichier est vide")
    } else if e.is_eof() {
        tr!("the file stops in the middle; is it truncated?", "le fichier s'arrête au milieu ; est-il tronqué ?")
    } else {
        let what = syntax(said);
        tr!("not JSON: {what}", "ce n'est pas du JSON : {what}")
    };
    Fault { position: Some((e.line().max(1) as u32, column as u32)), ..Fault::new("", message) }
}

/// The parser's words in ours.
fn syntax(said: &str) -> String {
    match said {
        "recursion limit exceeded" => {
            tr!("lists and objects are nested too deep", "listes et objets sont imbriqués trop profondément")
        }
        "key must be a string" => tr!(
            "the name of a field in double quotes is wanted here (and JSON has no comments)",
            "il faut ici un nom de champ entre guillemets doubles (et JSON n'a pas de commentaires)"
        ),
        "expected value" => tr!("no value starts like this", "aucune valeur ne commence ainsi"),
        "trailing comma" => tr!(
            "a comma stands before the closing bracket; remove it",
            "une virgule précède le crochet ou l'accolade qui ferme ; retirez-la"
        ),
        "trailing characters" => tr!(
            "something follows the end of the object; a file holds one",
            "quelque chose suit la fin de l'objet ; un fichier n'en contient qu'un"
        ),
        "expected `,` or `}`" | "expected `,` or `]`" => tr!(
            "a comma or the closing bracket is missing before this",
            "il manque avant ceci une virgule, ou le crochet ou l'accolade qui ferme"
        ),
        "expected `:`" => tr!("a colon is missing after the name", "il manque deux-points après le nom"),
        "number out of range" => tr!("a number beyond all range", "un nombre démesuré"),
        "invalid escape" | "unexpected end of hex escape" | "lone leading surrogate in hex escape" => tr!(
            "a backslash in a text starts no known character; write it twice if it is meant",
            "une barre oblique inverse n'introduit aucun caractère connu ; doublez-la si elle est voulue"
        ),
        _ if said.starts_with("control character") => tr!(
            "a line break or tab inside a text; is the closing quote missing?",
            "un retour à la ligne ou une tabulation dans un texte ; manque-t-il le guillemet qui ferme ?"
        ),
        _ => said.to_string(),
    }
}

/// What the schema lets pass and the types cannot hold: numbers beyond their range.
fn unreadable(e: &serde_path_to_error::Error<serde_json::Error>) -> Fault {
    let said = e.inner().to_string();
    let number = said.contains("invalid value: integer") || said.contains("floating point");
    let message = if number {
        tr!("a number too large for this field", "un nombre trop grand pour ce champ")
    } else {
        tr!("cannot be read: {said}", "illisible : {said}")
    };
    Fault::new(e.path().to_string(), message)
}

/// Writes 3.0 and 3e0 as 3: JSON Schema counts them as whole numbers, serde does not.
fn whole_numbers(value: &mut Value) {
    const EXACT: f64 = 9_007_199_254_740_992.0; // 2^53: whole numbers up to here are exact
    match value {
        Value::Number(n) if n.is_f64() => {
            if let Some(x) = n.as_f64().filter(|x| x.fract() == 0.0 && x.abs() <= EXACT) {
                *value = Value::from(x as i64);
            }
        }
        Value::Array(list) => list.iter_mut().for_each(whole_numbers),
        Value::Object(object) => object.values_mut().for_each(whole_numbers),
        _ => {}
    }
}

/// The faults with the line and column of their paths, each said once, in order of place.
fn placed(text: &str, faults: Vec<Fault>) -> Vec<Fault> {
    // The one that stands for those beyond counting lies nowhere, and comes last.
    let (mut faults, beyond): (Vec<Fault>, Vec<Fault>) = faults.into_iter().partition(|f| f.stands_for == 1);
    let paths: Vec<String> = faults.iter().map(|f| f.path.clone()).collect();
    let at = locate(text, &paths);
    let mut order: Vec<usize> = (0..faults.len()).collect();
    order.sort_by_key(|&i| at[i]);
    let mut positions = Positions::new(text);
    for i in order {
        faults[i].position = positions.of(at[i]);
    }
    faults.sort_by(|a, b| (a.position, &a.path, &a.message).cmp(&(b.position, &b.path, &b.message)));
    faults.dedup();
    faults.extend(beyond);
    faults
}

/// Lines and columns of rising offsets in one pass over the text, however many faults a file has.
struct Positions<'a> {
    text: &'a str,
    at: usize,
    line: u32,
    column: u32,
}

impl<'a> Positions<'a> {
    fn new(text: &'a str) -> Self {
        Positions { text, at: 0, line: 1, column: 1 }
    }
    /// Line and column, from 1, of an offset at or after the last one asked for.
    fn of(&mut self, offset: usize) -> Option<(u32, u32)> {
        for c in self.text.get(self.at..offset)?.chars() {
            (self.line, self.column) = if c == '\n' { (self.line + 1, 1) } else { (self.line, self.column + 1) };
        }
        self.at = offset;
        Some((self.line, self.column))
    }
}

fn push_key(path: &mut String, key: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(key);
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

fn describe(error: &jsonschema::ValidationError, root: &Value, faults: &mut Faults) {
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
        Kind::Type { .. } => {
            let wanted = wanted_kinds(error).join(&tr!(" or ", " ou "));
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
        Kind::Enum { .. } | Kind::Constant { .. } => say(not_one_of(&found, &choices(error))),
        Kind::MinItems { limit } | Kind::MaxItems { limit } => {
            let has = error.instance().as_array().map_or(0, Vec::len);
            say(tr!(
                "a list of {limit} is wanted here, not of {has}",
                "il faut ici une liste de {limit}, non de {has}"
            ));
        }
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
            let branches: Vec<&[jsonschema::ValidationError]> = context.iter().map(Vec::as_slice).collect();
            let errors = || branches.iter().flat_map(|b| b.iter());
            let here = || errors().all(|e| e.instance_path().as_str() == error.instance_path().as_str());
            if errors().all(|e| matches!(e.kind(), Kind::Type { .. })) && here() {
                let mut wanted: Vec<String> = errors().flat_map(wanted_kinds).collect();
                wanted.dedup();
                let wanted = wanted.join(&tr!(" or ", " ou "));
                say(tr!("{found} stands where {wanted} is wanted", "{found} figure là où il faut {wanted}"));
            } else if here() && errors().any(|e| !choices(e).is_empty()) {
                say(not_one_of(&found, &errors().flat_map(choices).collect::<Vec<_>>()));
            } else {
                // Of the alternatives, speak of the one whose kind of value the file has: its errors lie deepest.
                let depth = |branch: &&&[jsonschema::ValidationError]| {
                    branch.iter().map(|e| e.instance_path().as_str().len()).max().unwrap_or(0)
                        + usize::from(!branch.iter().any(|e| matches!(e.kind(), Kind::Type { .. })))
                };
                branches.iter().max_by_key(depth).into_iter().flat_map(|b| b.iter()).for_each(|e| {
                    describe(e, root, faults);
                });
            }
        }
        // The types ask for nothing else; should one ever do, its own words are better than none.
        _ => say(error.to_string()),
    }
}

fn wanted_kinds(error: &jsonschema::ValidationError) -> Vec<String> {
    let mut names = match error.kind() {
        Kind::Type { kind: TypeKind::Single(t) } => vec![kind_name(&t.to_string())],
        Kind::Type { kind: TypeKind::Multiple(set) } => set.iter().map(|t| kind_name(&t.to_string())).collect(),
        _ => Vec::new(),
    };
    names.sort_by_key(|name| name == "null");
    names
}

/// The values that a field may have, where the error is that it has none of them.
fn choices(error: &jsonschema::ValidationError) -> Vec<String> {
    match error.kind() {
        Kind::Constant { expected_value } => vec![expected_value.to_string()],
        Kind::Enum { options } => options.as_array().into_iter().flatten().map(Value::to_string).collect(),
        _ => Vec::new(),
    }
}

fn not_one_of(found: &str, choices: &[String]) -> String {
    let list = choices.join(", ");
    tr!("{found} is not one of {list}", "{found} n'est aucune de ces valeurs : {list}")
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

/// A value as JSON, cut where it grows long; a long one is not written out first.
fn abridged(value: &Value) -> String {
    struct Start(Vec<u8>);
    impl std::io::Write for Start {
        fn write(&mut self, more: &[u8]) -> std::io::Result<usize> {
            self.0.extend_from_slice(more);
            // 61 characters tell a long value from a short one.
            if self.0.len() > 4 * 61 { Err(std::io::ErrorKind::WriteZero.into()) } else { Ok(more.len()) }
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut start = Start(Vec::new());
    let _ = serde_json::to_writer(&mut start, value);
    let text = String::from_utf8_lossy(&start.0);
    if text.chars().count() <= 60 { text.into_owned() } else { text.chars().take(57).chain("...".chars()).collect() }
}
