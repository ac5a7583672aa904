"""The problem as the peer sees it: an instance read, schedules put together by rule, and what they cost.

Written for the comparison alone: it shares no code with `oraux`, and `oraux check` has the last word."""

import gzip
import json
from collections import defaultdict, namedtuple
from functools import lru_cache
from itertools import permutations
from pathlib import Path

POLICY = {"half_days": [["08:00", "12:30"], ["13:30", "18:30"]], "candidate_gap": 30, "candidate_lunch": 45,
          "orals_a_day": 3, "oral_on_paper_day": False, "examiner_minutes_a_day": 420, "briefing": 0,
          "examiner_sittings_a_day": None, "same_school_max": 3, "fair_days": 4, "far_km": 60, "far_earliest": "09:30"}
WEIGHTS = {"unscheduled": 100000, "optional_seat_empty": 2000, "sessions": 100, "examiner_days": 1000,
           "examiner_km": 10, "examiner_idle": 2, "examiner_overload": 300, "centre_days": 1500, "candidate_days": 800,
           "candidate_centres": 500, "candidate_km": 10, "candidate_wait": 1, "early_far": 150, "not_preferred": 50,
           "same_school": 40}

# People who sit together in one room on one date; who holds which seat follows from the commission.
Crew = namedtuple("Crew", "centre date room people")
# Where a task is: with whom, when it starts, and in which room its candidate prepares.
Place = namedtuple("Place", "crew start prep")


def minutes(clock):
    return int(clock[:2]) * 60 + int(clock[3:])


def clock(minute):
    return f"{minute // 60:02d}:{minute % 60:02d}"


class Task:
    """Orals of one candidate that one session hears one directly after the other (U61, then EF3)."""

    def __init__(self, number, candidate, exams, durations, preparation, language):
        self.number, self.candidate, self.exams, self.durations = number, candidate, exams, durations
        self.preparation, self.language = preparation, language
        self.length, self.commission = sum(durations), exams[0]["commission"]
        self.turnaround = exams[-1]["turnaround"]
        self.equipment = {e for exam in exams for e in exam["equipment"]}


class Problem:
    def __init__(self, path):
        raw = Path(path).read_bytes()
        self.raw = raw = json.loads(gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw)
        self.step = raw.get("step", 5)
        self.policy, self.weights = {**POLICY, **raw.get("policy", {})}, {**WEIGHTS, **raw.get("weights", {})}
        regulation = raw["regulation"]
        if isinstance(regulation, str):
            shipped = Path(__file__).resolve().parents[2] / "src" / "regulation" / f"{regulation}.json"
            regulation = json.loads(shipped.read_text())
        self.exams = {e["id"]: e for e in regulation["exams"]}
        self.seats = {c["id"]: c["seats"] for c in regulation["commissions"]}
        self.halves = [(minutes(a), minutes(b)) for a, b in self.policy["half_days"]]
        self.dates = sorted(raw["calendar"]["dates"])
        self.papers = {p["id"]: p for p in raw["calendar"].get("papers", [])}
        self.exam_dates = raw["calendar"].get("exam_dates", {})
        self.centres = {c["id"]: c for c in raw["centres"]}
        self.open = {(c["id"], o["date"]): (minutes(o["from"]), minutes(o["to"]))
                     for c in raw["centres"] for o in c.get("open", [])}
        self.rooms = {(c["id"], r["id"]): r for c in raw["centres"] for r in c.get("exam_rooms", [])}
        self.preps = {c["id"]: c.get("preparation_rooms", []) for c in raw["centres"]}
        school_km = {s["id"]: s.get("km", {}) for s in raw.get("schools", [])}
        self.candidates = {c["id"]: c for c in raw["candidates"]}
        self.km = {c["id"]: c.get("km") or school_km.get(c.get("school"), {}) for c in raw["candidates"]}
        self.examiners = {x["id"]: x for x in raw.get("examiners", []) if not x.get("reserve")}
        self.qualified = {x: set(e.get("qualifications", [])) for x, e in self.examiners.items()}
        self.waived = {(w["candidate"], w["examiner"]) for w in raw.get("waivers", [])}
        self.pins = defaultdict(dict)
        for pin in raw.get("pins", []):
            self.pins[pin["candidate"], pin["exam"]].update(pin)
        self.window = {(x, d, h): self._window(e, d, h) for x, e in self.examiners.items()
                       for d in self.dates for h in range(len(self.halves))}
        self.not_heard, self.tasks = [], []
        for candidate in raw["candidates"]:
            self._add_tasks(candidate)
        self.groups = {c["id"]: raw["groups"][c["group"]] for c in raw["candidates"]}

    def up(self, value):
        return -(-value // self.step) * self.step

    def _add_tasks(self, candidate):
        due, extra = {}, candidate.get("extra_per_hour", {})
        for oral in candidate.get("orals", []):
            exam, file = self.exams[oral["exam"]], oral.get("file", "conform")
            if oral.get("form", "final") != "final":
                continue
            bad = {"controlled": ("nonconform", "missing"), "presented": ("missing",)}.get(exam.get("file"), ())
            if file in bad:
                reason = "not-valid" if exam["file"] == "controlled" else "not-held"
                self.not_heard.append({"candidate": candidate["id"], "exam": exam["id"], "reason": reason})
            else:
                due[exam["id"]] = oral
        longer = lambda minute, kind: self.up(-(-minute * (60 + extra.get(kind, 0)) // 60))
        led = {e for e in due if self.exams[e].get("follows") in due}
        for name in (e for e in due if e not in led):
            chain, follower = [self.exams[name]], next((e for e in led if self.exams[e]["follows"] == name), None)
            if follower and not self.exams[follower].get("preparation"):
                chain.append(self.exams[follower])
            self.tasks.append(Task(len(self.tasks), candidate["id"], chain, [longer(e["duration"], "exam") for e in chain],
                                   longer(chain[0].get("preparation", 0), "preparation"), due[name].get("language")))
        heard = {(t.candidate, e["id"]) for t in self.tasks for e in t.exams}
        self.left_out = getattr(self, "left_out", []) + [(candidate["id"], e) for e in due if (candidate["id"], e) not in heard]

    def _window(self, examiner, date, half):
        """The longest stretch of a half-day in which an examiner may hear."""
        low, high = self.halves[half]
        stretches = [(minutes(a["from"]) + self.policy["briefing"], minutes(a["to"]))
                     for a in examiner.get("available", []) if a["date"] == date]
        for event in self.raw["calendar"].get("events", []):
            if event["date"] == date and set(event["concerns"]) & {*examiner.get("qualifications", []), examiner["id"]}:
                start, end = minutes(event["start"]), minutes(event["end"]) + self.policy["briefing"]
                stretches = [s for a, b in stretches for s in ((a, min(b, start)), (max(a, end), b))]
        stretches = [(max(a, low), min(b, high)) for a, b in stretches]
        return max(stretches, key=lambda s: s[1] - s[0], default=(0, 0))

    @lru_cache(maxsize=None)
    def holds(self, examiner, commission, seat, language):
        needs = self.seats[commission][seat]["any_of"]
        return any({q.replace("{language}", language or "") for q in need} <= self.qualified[examiner] for need in needs)

    @lru_cache(maxsize=None)
    def seating(self, people, commission, language):
        """Who holds which seat: seat -> examiner, with few empty and few not preferred; None if that cannot be."""
        seats, best = self.seats[commission], None
        for order in permutations((*people, *[None] * len(seats)), len(seats)):
            if any(x is None and s["required"] or x and not self.holds(x, commission, i, language)
                   for i, (s, x) in enumerate(zip(seats, order))):
                continue
            key = sum(2 * (x is None) * 20 + bool(x and self.lacks(x, s)) for s, x in zip(seats, order))
            if best is None or key < best[0]:
                best = key, {s["id"]: x for s, x in zip(seats, order) if x}
        return best and best[1]

    def lacks(self, examiner, seat):
        return bool(seat.get("prefers")) and not set(seat["prefers"]) & self.qualified[examiner]

    @lru_cache(maxsize=None)
    def may_meet(self, candidate, examiner):
        c = self.candidates[candidate]
        apart = c.get("school") in self.examiners[examiner].get("schools", []) or examiner in c.get("excluded_examiners", [])
        return not apart or (candidate, examiner) in self.waived

    @lru_cache(maxsize=None)
    def busy(self, candidate, date):
        """What the candidate may not meet on a date; None if there can be no oral at all."""
        c = self.candidates[candidate]
        busy = [(minutes(u["from"]), minutes(u["to"])) for u in c.get("unavailable", []) if u["date"] == date]
        for paper in (self.papers[p] for p in c.get("papers", [])):
            if paper["date"] == date:
                if not self.policy["oral_on_paper_day"]:
                    return None
                start, end = minutes(paper["start"]), minutes(paper["end"])
                end += self.up(-(-(end - start) * c.get("extra_per_hour", {}).get("written", 0) // 60))
                busy.append((start, max(end, minutes(paper.get("loge_until") or "00:00"))))
        return busy

    @lru_cache(maxsize=None)
    def cell_fits(self, number, centre, date):
        t = self.tasks[number]
        heard = self.centres[centre].get("exams")
        pins = [self.pins[t.candidate, e["id"]] for e in t.exams if (t.candidate, e["id"]) in self.pins]
        return (centre in self.groups[t.candidate] and (centre, date) in self.open and self.busy(t.candidate, date) is not None
                and all(not heard or e["id"] in heard for e in t.exams)
                and all(date in self.exam_dates.get(e["id"], [date]) for e in t.exams)
                and all(p.get("date", date) == date and p.get("centre", centre) == centre for p in pins))

    @lru_cache(maxsize=None)
    def starts(self, number, crew, half):
        """When a task may start with a crew, as far as only the two of them and the rooms' own hours decide."""
        t, room = self.tasks[number], self.rooms[crew.centre, crew.room]
        c = self.candidates[t.candidate]
        seats = self.seating(crew.people, t.commission, t.language)
        if not (seats and self.cell_fits(number, crew.centre, crew.date) and t.equipment <= set(room.get("equipment", []))
                and (room.get("accessible") or not c.get("needs_accessible"))
                and all(self.may_meet(t.candidate, x) for x in seats.values())):
            return ()
        pins = [p for e in t.exams if (p := self.pins.get((t.candidate, e["id"])))]
        if any(p.get("room", crew.room) != crew.room or p.get("examiner") not in (None, *seats.values()) for p in pins):
            return ()
        opens, closes = self.open[crew.centre, crew.date]
        windows = [self.window[x, crew.date, half] for x in seats.values()] + [self.halves[half], (opens + t.preparation, closes)]
        low, high = max(w[0] for w in windows), min(w[1] for w in windows) - t.length
        taken = [(minutes(u["from"]), minutes(u["to"])) for u in room.get("unavailable", []) if u["date"] == crew.date]
        pinned = next((minutes(p["start"]) for p in pins if "start" in p and p["exam"] == t.exams[0]["id"]), None)
        return tuple(s for s in range(self.up(low), high + 1, self.step) if pinned in (None, s)
                     and all(s >= b or s + t.length <= a for a, b in taken)
                     and all(s - t.preparation >= b or s + t.length <= a for a, b in self.busy(t.candidate, crew.date)))

    def half_of(self, start):
        return next(h for h, (a, b) in enumerate(self.halves) if a <= start < b)

    def gap(self, candidate, one, other):
        gap = max(self.policy["candidate_gap"], self.candidates[candidate].get("gap") or 0)
        return gap if one == other else max(gap, self.policy["candidate_lunch"])

    def prep_rooms(self, task, centre, date):
        """The preparation rooms that a candidate may use, each with its hours that are taken."""
        c = self.candidates[task.candidate]
        for room in self.preps[centre] if task.preparation else []:
            if room.get("accessible") or not c.get("needs_accessible"):
                yield room, [(minutes(u["from"]), minutes(u["to"])) for u in room.get("unavailable", []) if u["date"] == date]

    def sessions(self, placed):
        """Sittings of one crew in a row make a session, unless a member sits elsewhere in between."""
        by_crew, by_person = defaultdict(list), defaultdict(list)
        for number, place in placed.items():
            t = self.tasks[number]
            seats = self.seating(place.crew.people, t.commission, t.language)
            by_crew[place.crew, self.half_of(place.start)].append((place.start, number, seats))
            for x in seats.values():
                by_person[x, place.crew.date].append((place.start, place.crew, t.commission))
            by_person[place.crew.centre, place.crew.room, place.crew.date].append((place.start, place.crew, t.commission))
        sessions = []
        for (crew, half), sittings in by_crew.items():
            last = None
            for start, number, seats in sorted(sittings, key=lambda s: s[0]):
                t = self.tasks[number]
                key = (t.commission, t.language if any("{language}" in q for s in self.seats[t.commission] for n in s["any_of"] for q in n) else None)
                keys = [(x, crew.date) for x in seats.values()] + [(crew.centre, crew.room, crew.date)]
                between = last and any(last[1] < s < start and (c, k) != (crew, t.commission) for k_ in keys for s, c, k in by_person[k_])
                if not last or last[0] != key or between:
                    sessions.append((crew, half, key, seats, []))
                sessions[-1][4].append(number)
                last = key, start
        return sessions

    def cost(self, placed):
        """What it costs, as the contract says."""
        w, policy, total = self.weights, self.policy, 0
        missing = len(self.left_out) + sum(len(t.exams) for t in self.tasks if t.number not in placed)
        days, halves, crowd = defaultdict(set), defaultdict(list), defaultdict(int)
        total += w["unscheduled"] * missing
        for crew, half, (commission, _), seats, numbers in self.sessions(placed):
            total += w["sessions"]
            heard = sum(len(self.tasks[n].exams) for n in numbers)
            for seat in self.seats[commission]:
                x = seats.get(seat["id"])
                total += heard * (w["optional_seat_empty"] if x is None else w["not_preferred"] * self.lacks(x, seat))
            for x in seats.values():
                days[x].add((crew.date, crew.centre))
                halves[x, crew.date, half] += [(placed[n].start, self.tasks[n].length) for n in numbers]
            for n in numbers:
                school = self.candidates[self.tasks[n].candidate].get("school")
                if school:
                    crowd[commission, frozenset(seats.values()), crew.date, half, school] += 1
        for x, convened in days.items():
            km = sum(self.examiners[x]["km"][centre] for _, centre in convened)
            total += w["examiner_days"] * len(convened) + w["examiner_km"] * km
            total += w["examiner_overload"] * max(0, len(convened) - policy["fair_days"])
        for sittings in halves.values():
            span = max(s + n for s, n in sittings) - min(s for s, _ in sittings)
            total += w["examiner_idle"] * (span - sum(n for _, n in sittings))
        total += w["same_school"] * sum(max(0, n - policy["same_school_max"]) for n in crowd.values())
        total += w["centre_days"] * len({c for convened in days.values() for c in convened})
        visits = defaultdict(list)
        for number, place in placed.items():
            t = self.tasks[number]
            visits[t.candidate, place.crew.date, place.crew.centre].append((place.start - t.preparation, place.start + t.length))
        came, where = defaultdict(int), defaultdict(set)
        for (candidate, _, centre), blocks in visits.items():
            came[candidate] += 1
            where[candidate].add(centre)
            km, first = self.km[candidate][centre], min(a for a, _ in blocks)
            wait = max(b for _, b in blocks) - first - sum(b - a for a, b in blocks)
            early = km > policy["far_km"] and first < minutes(policy["far_earliest"])
            total += w["candidate_km"] * km + w["candidate_wait"] * wait + w["early_far"] * early
        total += sum(w["candidate_days"] * (n - 1) for n in came.values())
        total += sum(w["candidate_centres"] * (len(c) - 1) for c in where.values())
        return total, missing

    def write(self, placed, path):
        sessions = []
        for i, (crew, _, (commission, language), seats, numbers) in enumerate(sorted(self.sessions(placed), key=repr), 1):
            sittings = []
            for n in numbers:
                t, start = self.tasks[n], placed[n].start
                for exam, length in zip(t.exams, t.durations):
                    prep = t.preparation if exam is t.exams[0] else 0
                    sittings.append({"candidate": t.candidate, "exam": exam["id"], "preparation_room": placed[n].prep if prep else None,
                                     "preparation_start": clock(start - prep), "start": clock(start), "end": clock(start + length)})
                    start += length
            sessions.append({"id": f"S{i:04d}", "commission": commission, "language": language, "centre": crew.centre,
                             "room": crew.room, "date": crew.date, "members": seats, "sittings": sittings})
        left = self.left_out + [(t.candidate, e["id"]) for t in self.tasks if t.number not in placed for e in t.exams]
        reason = "the peer found no place"
        schedule = {"format": "oraux-schedule/1", "instance": self.raw["name"], "sessions": sessions, "not_heard": self.not_heard,
                    "unscheduled": [{"candidate": c, "exam": e, "reason": reason} for c, e in left]}
        Path(path).write_text(json.dumps(schedule))
