//! JSON text as a tree of values, no more of them than the limits allow, with the fields that stand twice.

use std::fmt;

use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::limit::Limit;
use super::{control_character, push_key, strange};
use crate::fault::{Fault, Faults};
use crate::tr;

/// Why a text gave no tree.
pub enum Stopped {
    /// It is no JSON.
    NotJson(serde_json::Error),
    /// It holds more values than the limit; the sentence that says so.
    TooMany(String),
}

/// The tree of a text. Fields that stand twice in one object go to `faults`, and the later one stays.
pub fn tree(text: &str, faults: &mut Faults) -> Result<Value, Stopped> {
    let mut making = Making { values: 0, path: String::new(), faults, over: None };
    let mut parser = serde_json::Deserializer::from_str(text);
    let read = Node(&mut making).deserialize(&mut parser).and_then(|value| parser.end().map(|()| value));
    match (read, making.over) {
        (_, Some(message)) => Err(Stopped::TooMany(message)),
        (Err(e), None) => Err(Stopped::NotJson(e)),
        (Ok(value), None) => Ok(value),
    }
}

struct Making<'a> {
    values: u64,
    /// The dotted path of the value at work.
    path: String,
    faults: &'a mut Faults,
    over: Option<String>,
}

impl Making<'_> {
    /// Says it where a text holds what no paper can.
    fn inspect(&mut self, text: &str) {
        if let Some(c) = strange(text) {
            self.faults.push(Fault::new(self.path.as_str(), control_character(c)));
        }
    }
}

struct Node<'a, 'b>(&'a mut Making<'b>);

impl<'de> DeserializeSeed<'de> for Node<'_, '_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.0.values += 1;
        if let Err(message) = Limit::Values.holds(self.0.values) {
            self.0.over = Some(message);
            return Err(D::Error::custom("too many values"));
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_, '_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a JSON value")
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E>(self, b: bool) -> Result<Value, E> {
        Ok(Value::Bool(b))
    }
    fn visit_u64<E>(self, n: u64) -> Result<Value, E> {
        Ok(Value::from(n))
    }
    fn visit_i64<E>(self, n: i64) -> Result<Value, E> {
        Ok(Value::from(n))
    }
    fn visit_f64<E>(self, n: f64) -> Result<Value, E> {
        Ok(Number::from_f64(n).map_or(Value::Null, Value::Number))
    }
    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        self.0.inspect(text);
        Ok(Value::String(text.to_string()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let (mut items, length) = (Vec::new(), self.0.path.len());
        loop {
            self.0.path.push_str(&format!("[{}]", items.len()));
            let next = list.next_element_seed(Node(self.0));
            self.0.path.truncate(length);
            match next? {
                Some(item) => items.push(item),
                None => return Ok(Value::Array(items)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        let (mut fields, length) = (Map::new(), self.0.path.len());
        while let Some(key) = object.next_key::<String>()? {
            push_key(&mut self.0.path, &key);
            self.0.inspect(&key);
            if fields.contains_key(&key) {
                let message = tr!("this field stands twice; keep one", "ce champ figure deux fois ; gardez-en un");
                self.0.faults.push(Fault::new(self.0.path.as_str(), message));
            }
            let value = object.next_value_seed(Node(self.0));
            self.0.path.truncate(length);
            fields.insert(key, value?);
        }
        Ok(Value::Object(fields))
    }
}
