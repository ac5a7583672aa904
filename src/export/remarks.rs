//! What somebody should know before papers go out: what they would lack, and what the plan asks of people that they may not
//! expect.

use super::Texts;
use super::place::{ADDRESS, said};
use super::view::View;
use crate::instance::office::FIELDS;
use crate::lang::count;
use crate::schedule::Plan;
use crate::tr;

/// The fields without which a paper should not go out, each with the line of the texts that prints it.
const PRINTED: &[(&str, &str)] = &[
    ("session", "office.session"),
    ("examination", "office.examination"),
    ("authority", "office.authority"),
    ("office", "office.name"),
    ("office_address", "office.address"),
    ("office_telephone", "office.telephone"),
    ("office_email", "office.email"),
    ("place", "office.place"),
    ("signatory", "office.signatory"),
    ("references", "office.references"),
];

/// How many people are named in a remark.
const NAMED: usize = 3;

/// The remarks, in the language of the program.
pub fn remarks(plan: &Plan, view: &View) -> Vec<String> {
    let (instance, texts) = (view.instance, view.texts);
    let office = &instance.office;
    let mut all = Vec::new();
    let shipped = Texts::of(texts.lang);
    let lacking: Vec<String> = FIELDS
        .iter()
        .filter_map(|&(key, fr, en)| {
            let (_, line) = PRINTED.iter().find(|(k, _)| *k == key)?;
            // Neither the sheet nor the office's own texts say it.
            (texts.get(line) == shipped.get(line)).then(|| tr!("{en}", "{fr}"))
        })
        .collect();
    if !lacking.is_empty() {
        let list = lacking.join(", ");
        all.push(tr!(
            "PAPERS WOULD GO OUT WITHOUT: {list} (rows of the sheet Session)",
            "LES DOCUMENTS PARTIRAIENT SANS : {list} (lignes de la feuille Session)"
        ));
    }
    for (key, text) in &office.unread {
        let label = FIELDS.iter().find(|f| f.0 == *key).map_or_else(String::new, |&(_, fr, en)| tr!("{en}", "{fr}"));
        all.push(tr!(
            "\"{text}\" is not 0 to 240 minutes ({label}); the usual lead is taken",
            "« {text} » n'est pas un nombre de minutes de 0 à 240 ({label}) ; l'avance d'usage est prise"
        ));
    }
    let own = &instance.regulation.sessions;
    if !own.is_empty() && !own.contains(&office.session) && !office.session.is_empty() {
        let (id, list, session) = (&instance.regulation.id, own.join(", "), &office.session);
        all.push(tr!(
            "the regulation {id} is for the session {list}, and this is the session {session}: check what papers say of exams",
            "le règlement {id} vaut pour la session {list}, et ceci est la session {session} : vérifiez ce que les documents disent des épreuves"
        ));
    }
    let nowhere =
        view.candidates.iter().filter(|c| !c.sittings.is_empty() && said(&c.info, ADDRESS).is_empty()).count();
    if nowhere > 0 {
        let n = count(nowhere, &tr!("convocation", "convocation"), &tr!("convocations", "convocations"));
        all.push(tr!(
            "{n} without a postal address (column Address of the sheet Candidates)",
            "{n} sans adresse postale (colonne Adresse de la feuille Candidats)"
        ));
    }
    all.extend(early(plan, view));
    all
}

/// The member who is called on before being free.
fn early(plan: &Plan, view: &View) -> Option<String> {
    let texts = view.texts;
    let mut said = Vec::new();
    for session in &plan.sessions {
        let at = plan.members_called(session);
        for x in plan.called_too_early(session) {
            let name = &view.instance.examiners[x].name;
            let (date, hour) = (texts.short_date(session.date), texts.hour(at));
            said.push(tr!("{name} on {date} at {hour}", "{name} le {date} à {hour}"));
        }
    }
    said.sort();
    said.dedup();
    let (n, list) = (said.len(), said.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", "));
    let more = if n > NAMED { "…" } else { "" };
    let members = count(n, &tr!("member is", "interrogateur est"), &tr!("members are", "interrogateurs sont"));
    (n > 0).then(|| {
        tr!(
            "{members} called on before being available, to read the files: {list}{more}",
            "{members} attendus avant l'heure de leur disponibilité, pour prendre connaissance des dossiers : {list}{more}"
        )
    })
}
