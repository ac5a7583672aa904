//! A list on paper: what [`list.typ`](super) sets. Most papers of an office are one.

use serde_json::{Value, json};

/// A column: heading, share of the width (0: as wide as it needs), whether it is printed bold.
pub(super) type Column = (String, u32, bool);

/// A list.
#[derive(Default)]
pub(super) struct List {
    /// To whom it goes, line by line.
    pub to: Vec<String>,
    /// What it is about: label and value.
    pub facts: Vec<(String, String)>,
    /// A sentence before the table.
    pub intro: String,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows, as many cells as columns.
    pub rows: Vec<Vec<String>>,
    /// Sentences below the table.
    pub notes: Vec<String>,
    /// What somebody signs below it.
    pub acknowledge: String,
    /// Whether the sheet lies on its side.
    pub landscape: bool,
    /// Whether the rows are high enough to sign in.
    pub high: bool,
    /// What stands at the foot of each sheet.
    pub foot: String,
}

impl List {
    /// What the template is given.
    pub fn page(self) -> Value {
        json!({
            "to": self.to,
            "facts": self.facts,
            "intro": self.intro,
            "columns": self.columns.iter().map(|(head, width, strong)| json!({
                "head": head, "width": width, "strong": strong,
            })).collect::<Vec<_>>(),
            "rows": self.rows,
            "notes": self.notes,
            "acknowledge": self.acknowledge,
            "landscape": self.landscape,
            "high": self.high,
            "foot": self.foot,
        })
    }
}
