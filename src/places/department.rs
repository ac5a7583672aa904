//! Départements and what stands in their place overseas: codes, names, académies and legal times.

use chrono_tz::Tz;

use crate::words::plain;

/// The code of a département: `14`, `2A`, `974`.
pub type Code = &'static str;

/// A département, or a collectivity overseas.
#[derive(Debug, PartialEq, Eq)]
pub struct Department {
    /// `14`, `2A`, `974`.
    pub code: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its académie; empty where there is none.
    pub academy: &'static str,
    /// Its legal time.
    pub zone: Tz,
}

macro_rules! departments {
    ($($code:literal $name:literal $academy:literal $($zone:ident)?;)*) => {
        /// All of them, by code (INSEE's list; académies as of 2020).
        pub static DEPARTMENTS: &[Department] = &[$(Department {
            code: $code,
            name: $name,
            academy: $academy,
            zone: departments!(@zone $($zone)?),
        }),*];
    };
    (@zone) => { Tz::Europe__Paris };
    (@zone $zone:ident) => { Tz::$zone };
}

departments! {
    "01" "Ain" "Lyon"; "02" "Aisne" "Amiens"; "03" "Allier" "Clermont-Ferrand";
    "04" "Alpes-de-Haute-Provence" "Aix-Marseille"; "05" "Hautes-Alpes" "Aix-Marseille"; "06" "Alpes-Maritimes" "Nice";
    "07" "Ardèche" "Grenoble"; "08" "Ardennes" "Reims"; "09" "Ariège" "Toulouse"; "10" "Aube" "Reims";
    "11" "Aude" "Montpellier"; "12" "Aveyron" "Toulouse"; "13" "Bouches-du-Rhône" "Aix-Marseille";
    "14" "Calvados" "Normandie"; "15" "Cantal" "Clermont-Ferrand"; "16" "Charente" "Poitiers";
    "17" "Charente-Maritime" "Poitiers"; "18" "Cher" "Orléans-Tours"; "19" "Corrèze" "Limoges";
    "2A" "Corse-du-Sud" "Corse"; "2B" "Haute-Corse" "Corse"; "21" "Côte-d'Or" "Dijon"; "22" "Côtes-d'Armor" "Rennes";
    "23" "Creuse" "Limoges"; "24" "Dordogne" "Bordeaux"; "25" "Doubs" "Besançon"; "26" "Drôme" "Grenoble";
    "27" "Eure" "Normandie"; "28" "Eure-et-Loir" "Orléans-Tours"; "29" "Finistère" "Rennes"; "30" "Gard" "Montpellier";
    "31" "Haute-Garonne" "Toulouse"; "32" "Gers" "Toulouse"; "33" "Gironde" "Bordeaux"; "34" "Hérault" "Montpellier";
    "35" "Ille-et-Vilaine" "Rennes"; "36" "Indre" "Orléans-Tours"; "37" "Indre-et-Loire" "Orléans-Tours";
    "38" "Isère" "Grenoble"; "39" "Jura" "Besançon"; "40" "Landes" "Bordeaux"; "41" "Loir-et-Cher" "Orléans-Tours";
    "42" "Loire" "Lyon"; "43" "Haute-Loire" "Clermont-Ferrand"; "44" "Loire-Atlantique" "Nantes";
    "45" "Loiret" "Orléans-Tours"; "46" "Lot" "Toulouse"; "47" "Lot-et-Garonne" "Bordeaux"; "48" "Lozère" "Montpellier";
    "49" "Maine-et-Loire" "Nantes"; "50" "Manche" "Normandie"; "51" "Marne" "Reims"; "52" "Haute-Marne" "Reims";
    "53" "Mayenne" "Nantes"; "54" "Meurthe-et-Moselle" "Nancy-Metz"; "55" "Meuse" "Nancy-Metz";
    "56" "Morbihan" "Rennes"; "57" "Moselle" "Nancy-Metz"; "58" "Nièvre" "Dijon"; "59" "Nord" "Lille";
    "60" "Oise" "Amiens"; "61" "Orne" "Normandie"; "62" "Pas-de-Calais" "Lille"; "63" "Puy-de-Dôme" "Clermont-Ferrand";
    "64" "Pyrénées-Atlantiques" "Bordeaux"; "65" "Hautes-Pyrénées" "Toulouse";
    "66" "Pyrénées-Orientales" "Montpellier"; "67" "Bas-Rhin" "Strasbourg"; "68" "Haut-Rhin" "Strasbourg";
    "69" "Rhône" "Lyon"; "70" "Haute-Saône" "Besançon"; "71" "Saône-et-Loire" "Dijon"; "72" "Sarthe" "Nantes";
    "73" "Savoie" "Grenoble"; "74" "Haute-Savoie" "Grenoble"; "75" "Paris" "Paris"; "76" "Seine-Maritime" "Normandie";
    "77" "Seine-et-Marne" "Créteil"; "78" "Yvelines" "Versailles"; "79" "Deux-Sèvres" "Poitiers";
    "80" "Somme" "Amiens"; "81" "Tarn" "Toulouse"; "82" "Tarn-et-Garonne" "Toulouse"; "83" "Var" "Nice";
    "84" "Vaucluse" "Aix-Marseille"; "85" "Vendée" "Nantes"; "86" "Vienne" "Poitiers"; "87" "Haute-Vienne" "Limoges";
    "88" "Vosges" "Nancy-Metz"; "89" "Yonne" "Dijon"; "90" "Territoire de Belfort" "Besançon";
    "91" "Essonne" "Versailles"; "92" "Hauts-de-Seine" "Versailles"; "93" "Seine-Saint-Denis" "Créteil";
    "94" "Val-de-Marne" "Créteil"; "95" "Val-d'Oise" "Versailles";
    "971" "Guadeloupe" "Guadeloupe" America__Guadeloupe; "972" "Martinique" "Martinique" America__Martinique;
    "973" "Guyane" "Guyane" America__Cayenne; "974" "La Réunion" "La Réunion" Indian__Reunion;
    "975" "Saint-Pierre-et-Miquelon" "" America__Miquelon; "976" "Mayotte" "Mayotte" Indian__Mayotte;
    "977" "Saint-Barthélemy" "Guadeloupe" America__St_Barthelemy; "978" "Saint-Martin" "Guadeloupe" America__Marigot;
    "986" "Wallis-et-Futuna" "" Pacific__Wallis; "987" "Polynésie française" "" Pacific__Tahiti;
    "988" "Nouvelle-Calédonie" "" Pacific__Noumea;
}

/// Académies that files still name, with the départements that they had.
const FORMER: &[(&str, &[&str])] = &[("caen", &["14", "50", "61"]), ("rouen", &["27", "76"]), ("reunion", &["974"])];

/// The département of that code, as the table of communes writes it.
pub fn department(code: &str) -> Option<&'static Department> {
    DEPARTMENTS.iter().find(|d| d.code.eq_ignore_ascii_case(code))
}

/// The département of that name: `Calvados`, `la Réunion`.
pub fn named(name: &str) -> Option<&'static Department> {
    let bare = |text: &str| plain(text).trim_start_matches("la ").trim_start_matches("l ").to_string();
    DEPARTMENTS.iter().find(|d| bare(d.name) == bare(name))
}

/// The départements that a postcode serves; those of the Corsican ones and of the islands off Guadeloupe are told apart.
pub fn of_postcode(postcode: &str) -> Vec<Code> {
    if postcode.len() != 5 || !postcode.bytes().all(|b| b.is_ascii_digit()) {
        return Vec::new();
    }
    match &postcode[..3] {
        "200" | "201" => known(&["2A"]),
        "202" | "206" => known(&["2B"]),
        "971" if postcode == "97133" => known(&["977"]),
        "971" if postcode == "97150" => known(&["978"]),
        overseas if overseas.starts_with("97") || overseas.starts_with("98") => known(&[overseas]),
        mainland => known(&[&mainland[..2]]),
    }
}

/// The départements of an académie, as files write it: `Normandie`, `ACADÉMIE DE LA RÉUNION`, `Rouen`.
pub fn of_academy(name: &str) -> Vec<Code> {
    let bare = plain(name);
    let words =
        bare.split(' ').skip_while(|w| matches!(*w, "academie" | "region" | "de" | "du" | "des" | "d" | "la" | "l"));
    let bare = words.collect::<Vec<_>>().join(" ");
    if let Some((_, codes)) = FORMER.iter().find(|(old, _)| *old == bare) {
        return codes.to_vec();
    }
    DEPARTMENTS.iter().filter(|d| !bare.is_empty() && plain(d.academy) == bare).map(|d| d.code).collect()
}

/// The départements of the same académies as these.
pub fn around(codes: &[Code]) -> Vec<Code> {
    let academies: Vec<&str> = codes.iter().filter_map(|c| department(c)).map(|d| d.academy).collect();
    let same = |d: &&Department| !d.academy.is_empty() && academies.contains(&d.academy);
    DEPARTMENTS.iter().filter(same).map(|d| d.code).collect()
}

/// The codes of the table among these.
pub(super) fn known(codes: &[&str]) -> Vec<Code> {
    codes.iter().filter_map(|c| department(c)).map(|d| d.code).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_postcode_and_an_academy_say_the_department_too() {
        assert_eq!(of_postcode("14000"), ["14"]);
        assert_eq!(of_postcode("97400"), ["974"]);
        assert_eq!(of_postcode("20137"), ["2A"]);
        assert_eq!(of_postcode("20200"), ["2B"]);
        assert_eq!(of_postcode("97150"), ["978"]);
        assert_eq!(of_postcode("98714"), ["987"]);
        assert!(of_postcode("00100").is_empty() && of_postcode("1400").is_empty());
        assert_eq!(of_academy("Académie de La Réunion"), ["974"]);
        assert_eq!(of_academy("REUNION"), ["974"]);
        assert_eq!(of_academy("Normandie"), ["14", "27", "50", "61", "76"]);
        assert_eq!(of_academy("académie de Rouen"), ["27", "76"]);
        assert_eq!(around(&["94"]), ["77", "93", "94"]);
        assert!(of_academy("").is_empty() && of_academy("TOUS").is_empty());
    }

    #[test]
    fn every_department_overseas_has_its_legal_time() {
        for d in DEPARTMENTS {
            assert_eq!(d.zone == Tz::Europe__Paris, d.code.len() == 2, "{}", d.code);
        }
        assert_eq!(department("974").map(|d| d.zone.name()), Some("Indian/Reunion"));
        assert_eq!(DEPARTMENTS.len(), 96 + 11);
    }
}
