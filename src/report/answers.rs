//! What other commands found out by planning, as they print it with `--json`: a page shows it where it is looked for.

use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::diagnose::Diagnosis;
use crate::fault::Fault;
use crate::read;
use crate::replan::Changes;
use crate::replan::simulate::{Rates, Simulation};
use crate::schedule::{Cost, Left};
use crate::tr;

/// The answer of a command.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "format")]
pub enum Answer {
    /// Of `oraux diagnose --json`.
    #[serde(rename = "oraux-diagnosis/1")]
    Diagnosis {
        /// The instance's name.
        instance: String,
        /// What was found.
        #[serde(flatten)]
        found: Diagnosis,
    },
    /// Of `oraux simulate --json`.
    #[serde(rename = "oraux-simulation/1")]
    Simulation {
        /// The instance's name.
        instance: String,
        /// How often people fail.
        rates: Rates,
        /// What the draws follow from.
        seed: u64,
        /// What was found.
        found: Simulation,
    },
    /// Of `oraux replan --json`.
    #[serde(rename = "oraux-changes/1")]
    Changes {
        /// The instance's name.
        instance: String,
        /// The cost of the new schedule, changes included.
        cost: Cost,
        /// Who has to be told what.
        changes: Changes,
        /// Due orals without a sitting.
        unscheduled: Vec<Left>,
        /// Final orals that are not heard.
        not_heard: Vec<Left>,
        /// What an event could not do.
        remarks: Vec<String>,
        /// How many orals were past or under way.
        frozen: usize,
    },
}

impl Answer {
    /// Reads an answer about the instance of that name.
    pub fn read(path: &Path, instance: &str) -> Result<Answer, Fault> {
        let bytes = read::bytes(path)?;
        Answer::from_json(&bytes, instance).map_err(|fault| Fault { file: Some(path.display().to_string()), ..fault })
    }

    /// The same from JSON.
    pub fn from_json(bytes: &[u8], instance: &str) -> Result<Answer, Fault> {
        let foreign = || {
            let text = tr!(
                "is no answer that a page can show; --with takes what oraux diagnose, oraux simulate and oraux replan print with --json",
                "n'est pas une réponse que la page sait montrer ; --with prend ce qu'affichent oraux diagnose, oraux simulate et oraux replan avec --json"
            );
            Fault::new("", text)
        };
        let value: Value = serde_json::from_slice(bytes).map_err(|_| foreign())?;
        let known = ["oraux-diagnosis/1", "oraux-simulation/1", "oraux-changes/1"];
        if !value["format"].as_str().is_some_and(|format| known.contains(&format)) {
            return Err(foreign());
        }
        let answer: Answer = serde_json::from_value(value).map_err(|e| {
            let what = e.to_string();
            Fault::new(
                "",
                tr!("is not as the command printed it: {what}", "n'est pas tel que la commande l'a affiché : {what}"),
            )
        })?;
        let own = answer.instance();
        if own != instance {
            let text = tr!(
                "speaks of the instance \"{own}\", the page of \"{instance}\"",
                "parle de l'instance « {own} », la page de « {instance} »"
            );
            return Err(Fault::new("instance", text));
        }
        Ok(answer)
    }

    fn instance(&self) -> &str {
        match self {
            Answer::Diagnosis { instance, .. }
            | Answer::Simulation { instance, .. }
            | Answer::Changes { instance, .. } => instance,
        }
    }
}
