//! A value held against its schema piece by piece: a million errors are found without a million being held at a time.

use jsonschema::error::ValidationErrorKind as Kind;
use jsonschema::{ValidationError, Validator};
use serde_json::{Map, Value};

/// How many values are looked at in one go.
const PIECE: usize = 20_000;
/// An object of more fields than this is cut like a list.
const FIELDS: usize = 1_000;

/// Gives every error of a value to `say`, with the value that its path is of, and how many items of a list lie before
/// those that the path counts: the list's pointer, and the number. Afterwards the value is as before.
pub fn errors(validator: &Validator, value: &mut Value, mut say: impl FnMut(&ValidationError, &Value, (&str, usize))) {
    if validator.is_valid(value) {
        return;
    }
    let mut long = Vec::new();
    collect(value, String::new(), &mut long);
    let parts: Vec<Value> = long.iter().map(|p| value.pointer_mut(p).map(take).unwrap_or_default()).collect();
    for error in validator.iter_errors(value) {
        if !long.iter().any(|p| error.instance_path().as_str() == p) {
            say(&error, value, ("", 0));
        }
    }
    for (pointer, part) in long.iter().zip(parts) {
        let under = format!("{pointer}/");
        let mut whole = if part.is_array() { Value::Array(Vec::new()) } else { Value::Object(Map::new()) };
        let mut before = 0;
        for mut piece in cut(part) {
            let length = piece.as_array().map_or(0, Vec::len);
            swap(value, pointer, &mut piece);
            for error in validator.iter_errors(value) {
                let path = error.instance_path().as_str();
                // Of the list itself a piece shows what it is and which fields are strange, not what it lacks.
                let of_list = path == pointer
                    && match error.kind() {
                        Kind::AdditionalProperties { .. } => true,
                        Kind::Required { .. } | Kind::MinItems { .. } | Kind::MinProperties { .. } => false,
                        _ => before == 0,
                    };
                if path.starts_with(&under) || of_list {
                    say(&error, value, (pointer, before));
                }
            }
            swap(value, pointer, &mut piece);
            append(&mut whole, piece);
            before += length;
        }
        swap(value, pointer, &mut whole);
    }
}

/// The pointers of the lists that are too long for one go; none lies within another.
fn collect(value: &Value, pointer: String, long: &mut Vec<String>) {
    if !is_long(value, &mut 0) {
        return;
    }
    match value {
        Value::Object(fields) if fields.len() <= FIELDS => {
            for (key, child) in fields {
                let key = key.replace('~', "~0").replace('/', "~1");
                collect(child, format!("{pointer}/{key}"), long);
            }
        }
        _ => long.push(pointer),
    }
}

/// Whether a value holds more values than are looked at in one go.
fn is_long(value: &Value, seen: &mut usize) -> bool {
    *seen += 1;
    *seen > PIECE
        || match value {
            Value::Array(items) => items.iter().any(|v| is_long(v, seen)),
            Value::Object(fields) => fields.values().any(|v| is_long(v, seen)),
            _ => false,
        }
}

/// The value, with an empty one of its kind left in its place.
fn take(value: &mut Value) -> Value {
    let empty = match value {
        Value::Array(_) => Value::Array(Vec::new()),
        _ => Value::Object(Map::new()),
    };
    std::mem::replace(value, empty)
}

fn swap(root: &mut Value, pointer: &str, other: &mut Value) {
    if let Some(place) = root.pointer_mut(pointer) {
        std::mem::swap(place, other);
    }
}

/// A list or an object in pieces of so many values; a single item may be longer.
fn cut(value: Value) -> Vec<Value> {
    let mut pieces = Vec::new();
    let mut seen = PIECE;
    let starts_new = |seen: &mut usize, item: &Value| {
        let new = *seen >= PIECE;
        if new {
            *seen = 0;
        }
        let _ = is_long(item, seen);
        new
    };
    match value {
        Value::Array(items) => {
            let mut lists: Vec<Vec<Value>> = Vec::new();
            for item in items {
                if starts_new(&mut seen, &item) {
                    lists.push(Vec::new());
                }
                lists.last_mut().expect("the first item begins a piece").push(item);
            }
            pieces.extend(lists.into_iter().map(Value::Array));
        }
        Value::Object(fields) => {
            let mut objects: Vec<Map<String, Value>> = Vec::new();
            for (key, item) in fields {
                if starts_new(&mut seen, &item) {
                    objects.push(Map::new());
                }
                objects.last_mut().expect("the first field begins a piece").insert(key, item);
            }
            pieces.extend(objects.into_iter().map(Value::Object));
        }
        other => pieces.push(other),
    }
    pieces
}

fn append(whole: &mut Value, piece: Value) {
    match (whole, piece) {
        (Value::Array(all), Value::Array(more)) => all.extend(more),
        (Value::Object(all), Value::Object(more)) => all.extend(more),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_error_is_found_in_pieces_and_the_value_stays() {
        let schema = json!({
            "type": "object",
            "required": ["a", "b"],
            "properties": {
                "a": {"type": "array", "items": {"type": "integer"}, "minItems": 1},
                "b": {"type": "object", "additionalProperties": {"type": "integer"}},
                "c": {"type": "object", "properties": {"known": {}}, "additionalProperties": false},
            },
        });
        let validator = jsonschema::validator_for(&schema).unwrap();
        let a: Vec<Value> = (0..50_000).map(|i| if i % 10_000 == 9 { json!("x") } else { json!(i) }).collect();
        let fields = |wrong: bool| -> Map<String, Value> {
            (0..30_000).map(|i| (format!("k/{i}"), if wrong && i == 25_000 { json!("y") } else { json!(i) })).collect()
        };
        let mut value = json!({"a": a, "b": fields(true), "c": fields(false), "d": 1});
        let before = value.clone();
        let (mut found, mut strays) = (Vec::new(), 0);
        errors(&validator, &mut value, |e, root, (list, shift)| match e.kind() {
            Kind::AdditionalProperties { unexpected } => strays += unexpected.len(),
            _ => {
                assert!(root.pointer(e.instance_path().as_str()).is_some());
                found.push(format!("{} +{shift} of {list}", e.instance_path().as_str()));
            }
        });
        assert_eq!(value, before);
        assert_eq!(strays, 30_000);
        let wanted: Vec<usize> = vec![9, 10_009, 20_009, 30_009, 40_009];
        let indexes = found.iter().filter_map(|f| {
            let (index, shift) = f.strip_prefix("/a/")?.split_once(" +")?;
            Some(index.parse::<usize>().unwrap() + shift.split(' ').next().unwrap().parse::<usize>().unwrap())
        });
        assert_eq!(indexes.collect::<Vec<_>>(), wanted);
        assert!(found.iter().any(|f| f.starts_with("/b/k~1")), "{found:?}");
        assert_eq!(found.len(), 6);
    }
}
