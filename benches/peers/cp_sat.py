#!/usr/bin/env python3
"""A peer to compare with: CP-SAT (OR-Tools) in phases. A greedy start; a day plan by HiGHS (which candidate comes to which centre on
which date, who is convened there); fixed crews made from it; each cell (a centre on a date) timetabled by CP-SAT; then
large-neighbourhood search: free some cells, or let people take over each other's half-days, solve, keep what is not worse.

    cp_sat.py INSTANCE -o SCHEDULE --seconds S --seed N --threads T

Prints a line of JSON for each better schedule. Never needed to build or test oraux; see README.md beside it."""

import argparse
import hashlib
import json
import random
import tempfile
import time
from collections import defaultdict
from importlib.metadata import version
from pathlib import Path

from problem import Crew, Place, Problem, minutes

START = time.monotonic()
# The share of people's time that the day plan fills: more leaves orals without a place, less convenes too many.
FILL = 0.88


class Search:
    def __init__(self, problem, seconds, seed, threads):
        self.p, self.end, self.threads, self.random = problem, START + seconds * 0.98 - 0.3, threads, random.Random(seed)
        self.placed, self.index, self.tries, self.seed = {}, defaultdict(set), 0, seed
        self.best, self.best_cost = {}, float("inf")

    def left(self):
        return self.end - time.monotonic()

    # --- The current schedule -----------------------------------------------------------------------------------

    def keys(self, number, place):
        t, crew = self.p.tasks[number], place.crew
        yield "candidate", t.candidate
        yield "room", crew.centre, crew.room, crew.date
        for x in self.p.seating(crew.people, t.commission, t.language).values():
            yield "examiner", x
        if place.prep:
            yield "prep", crew.centre, place.prep, crew.date

    def add(self, number, place):
        self.placed[number] = place
        for key in self.keys(number, place):
            self.index[key].add(number)

    def remove(self, number):
        place = self.placed.pop(number)
        for key in self.keys(number, place):
            self.index[key].discard(number)
        return place

    def load(self, placed):
        self.placed, self.index = {}, defaultdict(set)
        for number, place in placed.items():
            self.add(number, place)

    def fits(self, number, crew, start):
        """The preparation room to use if the task fits there beside everything else ("" if it needs none), else None."""
        p, t = self.p, self.p.tasks[number]
        half, end, policy = p.half_of(start), start + t.length, p.policy
        same_day, mine = 0, self.index["candidate", t.candidate]
        for other in mine:
            place, o = self.placed[other], p.tasks[other]
            if place.crew.date == crew.date:
                same_day += 1
                gap = p.gap(t.candidate, half, p.half_of(place.start))
                if place.crew.centre != crew.centre or not (start - t.preparation >= place.start + o.length + gap
                                                            or end + gap <= place.start - o.preparation):
                    return None
        if same_day >= policy["orals_a_day"]:
            return None
        clear = lambda other: start >= self.placed[other].start + p.tasks[other].length + p.tasks[other].turnaround \
            or end + t.turnaround <= self.placed[other].start
        if not all(clear(o) for o in self.index["room", crew.centre, crew.room, crew.date]):
            return None
        for x in p.seating(crew.people, t.commission, t.language).values():
            heard, sittings, dates = t.length, len(t.exams), {crew.date}
            only = p.examiners[x].get("centres")
            if only and crew.centre not in only:
                return None
            for other in self.index["examiner", x]:
                place = self.placed[other]
                dates.add(place.crew.date)
                if place.crew.date == crew.date:
                    heard, sittings = heard + p.tasks[other].length, sittings + len(p.tasks[other].exams)
                    if place.crew.centre != crew.centre or not clear(other):
                        return None
            if heard > policy["examiner_minutes_a_day"] or len(dates) > (p.examiners[x].get("max_days") or 999) \
                    or sittings > (policy["examiner_sittings_a_day"] or 999):
                return None
        return self.prep_room(t, crew, start)

    def prep_room(self, t, crew, start):
        if not t.preparation:
            return ""
        since, alone = start - t.preparation, lambda k: self.p.candidates[k.candidate].get("prepares_alone")
        for room, taken in self.p.prep_rooms(t, crew.centre, crew.date):
            users = [(self.placed[o].start - self.p.tasks[o].preparation, self.placed[o].start, alone(self.p.tasks[o]))
                     for o in self.index["prep", crew.centre, room["id"], crew.date]]
            users = [u for u in users if u[0] < start and since < u[1]]
            peak = max((sum(a <= m < b for a, b, _ in users) for m in [since, *(u[0] for u in users)]), default=0)
            if all(b <= since or start <= a for a, b in taken) and peak < room["seats"] \
                    and not (users and (alone(t) or any(u[2] for u in users))):
                return room["id"]
        return None

    def keep_if_better(self):
        cost, missing = self.p.cost(self.placed)
        if cost < self.best_cost:
            self.best, self.best_cost = dict(self.placed), cost
            print(json.dumps({"cost": cost, "unscheduled": missing, "tries": self.tries}), flush=True)
        return cost

    # --- Greedy -------------------------------------------------------------------------------------------------

    def crews(self, cell=None):
        return sorted({pl.crew for pl in self.placed.values() if cell is None or pl.crew[:2] == cell})

    def fresh_crew(self, t, centre, date):
        """The people whom a new crew for this task would cost least, in a free room; None if there is none."""
        p, w = self.p, self.p.weights
        convened = {x for c in self.crews((centre, date)) for x in c.people}
        day = lambda x: w["examiner_days"] + w["examiner_km"] * p.examiners[x]["km"][centre]
        def free(x):
            dates = {self.placed[n].crew.date for n in self.index["examiner", x]}
            return x not in convened and date not in dates and len(dates) < (p.examiners[x].get("max_days") or 999) \
                and centre in (p.examiners[x].get("centres") or [centre]) and p.may_meet(t.candidate, x) \
                and sum(b - a for h in range(len(p.halves)) for a, b in [p.window[x, date, h]] if b > a) >= t.length
        chosen = []
        for i, seat in enumerate(p.seats[t.commission]):
            # One whose whole day is free can serve many more.
            span = lambda x: sum(max(0, b - a) for h in range(len(p.halves)) for a, b in [p.window[x, date, h]])
            can = [x for x in p.examiners if x not in chosen and p.holds(x, t.commission, i, t.language) and free(x)]
            if can:
                chosen.append(min(can, key=lambda x: (day(x) + 50 * p.lacks(x, seat)) * (1 + 200 / (1 + span(x))) * self.random.uniform(1, 1.2)))
            elif seat["required"]:
                return None
        used = {c.room for c in self.crews((centre, date))}
        rooms = [r for (c, r), room in p.rooms.items() if c == centre and r not in used
                 and (room.get("accessible") or not p.candidates[t.candidate].get("needs_accessible"))
                 and t.equipment <= set(room.get("equipment", []))]
        # Rooms that anybody can use last longer when those who need less leave them.
        rooms.sort(key=lambda r: (len(p.rooms[centre, r].get("equipment", [])), bool(p.rooms[centre, r].get("accessible"))))
        return Crew(centre, date, rooms[0], tuple(sorted(chosen))) if rooms else None

    def insert(self, number, cells=None, crews=None):
        """Puts a task where it costs least at first sight, with one of these crews or with any and a new one."""
        p, t, w = self.p, self.p.tasks[number], self.p.weights
        dates = {self.placed[o].crew.date for o in self.index["candidate", t.candidate]}
        best = None
        cells = [c for c in cells or p.open if p.cell_fits(number, *c)]
        for fresh in (False,) if crews else (False, True):
            for cell in cells:
                day = 0 if cell[1] in dates else w["candidate_days"] + w["candidate_km"] * p.km[t.candidate][cell[0]]
                crew = self.fresh_crew(t, *cell) if fresh else None
                for crew in (crews or self.crews(cell)) if not fresh else [crew] if crew else []:
                    seats = p.seating(crew.people, t.commission, t.language)
                    if not seats:
                        continue
                    empty = len(p.seats[t.commission]) - len(seats)
                    price = day + empty * w["optional_seat_empty"] * len(t.exams) + 3000 * fresh
                    if best and price >= best[0]:
                        continue
                    near = {self.placed[n].start + p.tasks[n].length + p.tasks[n].turnaround for n in self.index["room", crew.centre, crew.room, crew.date]}
                    near |= {self.placed[n].start - t.length - t.turnaround for n in self.index["room", crew.centre, crew.room, crew.date]}
                    for half in range(len(p.halves)):
                        starts = p.starts(number, crew, half)
                        for start in starts[:1] if not near else [s for s in starts if s in near or s == starts[0]]:
                            prep = self.fits(number, crew, start)
                            if prep is not None and (best is None or price < best[0]):
                                best = price, Place(crew, start, prep)
            if best:
                self.add(number, best[1])
                return True
        return False

    def insert_all(self, numbers, **how):
        # Long orals first, and first those of who has few dates.
        room = {n: sum(self.p.cell_fits(n, *c) for c in self.p.open) for n in numbers}
        for n in sorted(numbers, key=lambda n: (-self.p.tasks[n].length // 20, room[n], self.random.random())):
            if self.left() < 0.5 or not self.insert(n, **how):
                continue

    # --- The day plan -------------------------------------------------------------------------------------------

    def plan(self, seconds):
        """Which tasks go to which cell, and for how long whom is convened there: {cell: [tasks]}, {cell: {examiner: minutes by (commission, seat)}}."""
        p, w, m = self.p, self.p.weights, model_builder.Model()
        cost, at, comes = [], {}, {}
        for t in p.tasks:
            cells = [c for c in p.open if p.cell_fits(t.number, *c)]
            nearest = sorted({c for c, _ in cells}, key=lambda c: p.km[t.candidate][c])[:2]
            for cell in (c for c in cells if c[0] in nearest):
                at[t.number, cell] = m.new_bool_var("")
            drop = m.new_bool_var("")
            m.add(sum(at[t.number, c] for c in cells if (t.number, c) in at) + drop == 1)
            cost.append(w["unscheduled"] * len(t.exams) * drop)
        heads = defaultdict(list)
        for (n, cell), var in at.items():
            heads[p.tasks[n].candidate, cell].append(var)
        for (candidate, cell), vars_ in heads.items():
            comes[candidate, cell] = m.new_bool_var("")
            m.add(sum(vars_) <= p.policy["orals_a_day"] * comes[candidate, cell])
            for var in vars_:
                m.add(var <= comes[candidate, cell])
            cost.append((w["candidate_days"] + w["candidate_km"] * p.km[candidate][cell[0]]) * comes[candidate, cell])
        by_date = defaultdict(list)
        for (candidate, cell), var in comes.items():
            by_date[candidate, cell[1]].append(var)
        for vars_ in by_date.values():
            m.add(sum(vars_) <= 1)
        sits, convened, kinds = {}, {}, sorted({(t.commission, t.language) for t in p.tasks}, key=str)
        for x, e in p.examiners.items():
            for cell in p.open:
                free = [max(0, b - a) for h in range(len(p.halves)) for a, b in [p.window[x, cell[1], h]]]
                if sum(free) < 60 or cell[0] not in (e.get("centres") or [cell[0]]):
                    continue
                mine = []
                for commission, language in kinds:
                    for i, seat in enumerate(p.seats[commission]):
                        if p.holds(x, commission, i, language):
                            var = sits[x, cell, commission, language, i] = m.new_num_var(0, sum(free), "")
                            mine.append(var)
                            if not seat["required"]:
                                # A sitting without it costs; a minute as much as its share of a middling one.
                                cost.append(-(w["optional_seat_empty"] // 50) * var)
                if mine:
                    day = convened[x, cell] = m.new_bool_var("")
                    m.add(sum(mine) <= int(FILL * sum(free)) * day)
                    cost.append((w["examiner_days"] + w["examiner_km"] * e["km"][cell[0]]) * day)
            for date in p.dates:
                if today := [v for (y, c), v in convened.items() if y == x and c[1] == date]:
                    m.add(sum(today) <= 1)
            if mine := [v for (y, _), v in convened.items() if y == x]:
                m.add(sum(mine) <= (e.get("max_days") or 999))
        in_use = {cell: m.new_bool_var("") for cell in p.open}
        for (_, cell), var in convened.items():
            m.add(var <= in_use[cell])
        cost += [w["centre_days"] * var for var in in_use.values()]
        need = defaultdict(list)
        for (n, cell), var in at.items():
            t = p.tasks[n]
            need[cell, t.commission, t.language].append((t.length + t.turnaround) * var)
        given = defaultdict(list)
        for (_, cell, commission, language, i), var in sits.items():
            given[cell, commission, language, i].append(var)
        for (cell, commission, language), minutes_ in need.items():
            for i, seat in enumerate(p.seats[commission]):
                have = sum(given[cell, commission, language, i])
                m.add((have - sum(minutes_) >= 0) if seat["required"] else (sum(minutes_) - have >= 0))
        m.minimize(sum(cost))
        # Handed over as a file: through OR-Tools, HiGHS does not say what it has when its time is up.
        with tempfile.NamedTemporaryFile("w", suffix=".mps") as file:
            file.write(m.export_to_mps_string())
            file.flush()
            highs = highspy.Highs()
            for option, value in [("output_flag", False), ("time_limit", seconds), ("mip_rel_gap", 0.01), ("threads", self.threads)]:
                highs.setOptionValue(option, value)
            highs.readModel(file.name)
            highs.run()
        self.tries += 1
        if highs.getInfo().primal_solution_status != 2:
            return None
        # The file has the integer variables first; each is called V and its number.
        values = {int(name[1:]): value for name, value in zip(highs.getLp().col_names_, highs.getSolution().col_value)}
        tasks, people = defaultdict(list), defaultdict(lambda: defaultdict(dict))
        for (n, cell), var in at.items():
            if values[var.index] > 0.5:
                tasks[cell].append(n)
        for (x, cell, commission, language, i), var in sits.items():
            if values[var.index] > 1:
                people[cell][x][commission, language, i] = values[var.index]
        return tasks, people

    def teams(self, cell, people, tasks):
        """Crews of a cell: people of the different seats of a commission, those with much to do first, sit together all day."""
        p, crews = self.p, []
        kinds = defaultdict(int)
        for n in tasks:
            kinds[p.tasks[n].commission, p.tasks[n].language] += p.tasks[n].length
        role, hours = {}, {x: sum(max(0, p.window[x, cell[1], h][1] - p.window[x, cell[1], h][0]) for h in range(len(p.halves))) for x in people}
        for x, mine in people.items():
            (commission, _, i), _ = max(mine.items(), key=lambda kv: kv[1])
            role[x] = p.seats[commission][i]["id"]
        def add(chosen, need=frozenset(), accessible=False):
            """Seats them in a free room, or where one of them already is."""
            crew = tuple(sorted(set(chosen)))
            taken = {c.room for c in crews}
            rooms = [r for c, r in p.rooms if c == cell[0] and need <= set(p.rooms[c, r].get("equipment", []))
                     and (not accessible or p.rooms[c, r].get("accessible"))]
            rooms.sort(key=lambda r: (r in taken, len(p.rooms[cell[0], r].get("equipment", [])), not p.rooms[cell[0], r].get("accessible")))
            if rooms and all(c.people != crew or c.room != rooms[0] for c in crews):
                crews.append(Crew(*cell, rooms[0], crew))
        needs = {k: set().union(*(p.tasks[n].equipment for n in tasks if (p.tasks[n].commission, p.tasks[n].language) == k)) for k in kinds}
        sat = set()
        for kind in sorted(kinds, key=lambda k: (-len(needs[k]), -kinds[k])):
            seats = p.seats[kind[0]]
            lists = [sorted((x for x in people if role[x] == s["id"] and x not in sat and p.holds(x, kind[0], i, kind[1])), key=lambda x: -hours[x])
                     for i, s in enumerate(seats)]
            if all(lists[i] for i, s in enumerate(seats) if s["required"]):
                count = max(len(l) for l, s in zip(lists, seats) if s["required"])
                for j in range(count):
                    # Who is alone in a seat serves several crews.
                    add([l[j % len(l)] for l, s in zip(lists, seats) if l and (s["required"] or j < len(l))], needs[kind])
                sat |= {x for l in lists for x in l}
        # What these crews cannot hear, others of the same people can.
        for n in tasks:
            t = p.tasks[n]
            if any(p.starts(n, crew, h) for crew in crews for h in range(len(p.halves))):
                continue
            chosen = []
            for i, seat in enumerate(p.seats[t.commission]):
                can = [x for x in people if x not in chosen and p.holds(x, t.commission, i, t.language) and p.may_meet(t.candidate, x)]
                if can and seat["required"]:
                    chosen.append(max(can, key=lambda x: hours[x]))
            if p.seating(tuple(sorted(chosen)), t.commission, t.language):
                add(chosen, t.equipment, p.candidates[t.candidate].get("needs_accessible"))
        return crews

    # --- CP-SAT on some tasks -----------------------------------------------------------------------------------

    def solve(self, model, seconds):
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = max(0.05, min(seconds, self.left() - 0.2))
        # In a few seconds, probing alone would take them all.
        solver.parameters.cp_model_probing_level = solver.parameters.symmetry_level = 0
        solver.parameters.num_workers, solver.parameters.random_seed = self.threads, self.random.randrange(1 << 30)
        self.tries += 1
        return solver if solver.solve(model) in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None

    def timetable(self, free, crews, seconds):
        """Gives the tasks the best places with these crews beside all others, which stay; {task: place} or None."""
        p, w, m, policy = self.p, self.p.weights, cp_model.CpModel(), self.p.policy
        old = {n: self.remove(n) for n in free if n in self.placed}
        cost, start, options, chosen = [], {}, [], defaultdict(list)
        spans = defaultdict(list)   # what may not overlap: key -> intervals
        seats_used = defaultdict(list)
        examiner_day, candidate_day, loads = defaultdict(list), defaultdict(list), defaultdict(list)
        idle, used = defaultdict(list), defaultdict(list)
        for n in free:
            t = p.tasks[n]
            start[n] = m.new_int_var(0, 24 * 60, "")
            for crew in crews:
                for half in range(len(p.halves)):
                    starts = p.starts(n, crew, half)
                    if not starts:
                        continue
                    b = m.new_bool_var("")
                    m.add_linear_expression_in_domain(start[n], cp_model.Domain.from_values(starts)).only_enforce_if(b)
                    seats = p.seating(crew.people, t.commission, t.language)
                    options.append((n, crew, half, b))
                    chosen[n].append((b, crew, half))
                    busy = m.new_optional_fixed_size_interval_var(start[n], t.length + t.turnaround, b, "")
                    spans["room", crew.centre, crew.room, crew.date].append(busy)
                    price = w["optional_seat_empty"] * (len(p.seats[t.commission]) - len(seats)) * len(t.exams)
                    for seat in p.seats[t.commission]:
                        x = seats.get(seat["id"])
                        if x:
                            price += w["not_preferred"] * len(t.exams) * p.lacks(x, seat)
                            spans["examiner", x, crew.date].append(busy)
                            examiner_day[x, crew.date, crew.centre].append(b)
                            loads[x, crew.date].append((b, t))
                            idle[x, crew.date, half].append((b, n))
                    used[crew, half, t.commission, t.language].append(b)
                    candidate_day[t.candidate, crew.date, crew.centre].append(b)
                    cost.append(price * b)
            drop = m.new_bool_var("")
            m.add_exactly_one([b for b, _, _ in chosen[n]] + [drop])
            m.add_hint(drop, n not in old)
            cost.append(w["unscheduled"] * len(t.exams) * drop)
        self._people(m, cost, examiner_day, loads, spans)
        for (x, date, half), mine in idle.items():
            fixed = [n for n in self.index["examiner", x] if self.placed[n].crew.date == date and p.half_of(self.placed[n].start) == half]
            first, last = m.new_int_var(0, 1440, ""), m.new_int_var(0, 1440, "")
            m.add(last >= first)
            for n in fixed:
                m.add(first <= self.placed[n].start)
                m.add(last >= self.placed[n].start + p.tasks[n].length)
            for b, n in mine:
                m.add(first <= start[n]).only_enforce_if(b)
                m.add(last >= start[n] + p.tasks[n].length).only_enforce_if(b)
            cost.append(w["examiner_idle"] * (last - first - sum(p.tasks[n].length * b for b, n in mine)))
        standing = {(pl.crew, p.half_of(pl.start), p.tasks[n].commission, p.tasks[n].language) for n, pl in self.placed.items()}
        for key, mine in used.items():
            if key not in standing:
                some = m.new_bool_var("")
                m.add_max_equality(some, mine)
                cost.append(w["sessions"] * some)
        self._rooms(m, spans)
        preps = self._preparation(m, start, chosen, seats_used, old)
        self._candidates(m, cost, start, chosen, candidate_day)
        for key, intervals in spans.items():
            m.add_no_overlap(intervals)
        m.minimize(sum(cost))
        for n, crew, half, b in options:
            here = n in old and old[n].crew == crew and p.half_of(old[n].start) == half
            m.add_hint(b, here)
        for n, place in old.items():
            m.add_hint(start[n], place.start)
        solver = self.solve(m, seconds)
        made = {}
        if solver:
            for n, crew, half, b in options:
                if solver.value(b):
                    prep = next((r for r, var in preps.get((n, crew.centre), []) if solver.value(var)), "")
                    made[n] = Place(crew, solver.value(start[n]), prep)
        for n, place in old.items():
            self.add(n, place)
        return made if solver else None

    def _people(self, m, cost, examiner_day, loads, spans):
        """Examiners: days, kilometres, limits; what they hear already stands in their way."""
        p, w, policy = self.p, self.p.weights, self.p.policy
        new, by_date = defaultdict(list), defaultdict(list)
        for (x, date, centre), mine in examiner_day.items():
            there = {self.placed[n].crew.centre for n in self.index["examiner", x] if self.placed[n].crew.date == date}
            if there - {centre} or centre not in (p.examiners[x].get("centres") or [centre]):
                m.add(sum(mine) == 0)
            elif not there:
                day = m.new_bool_var("")
                m.add_max_equality(day, mine)
                new[x].append(day)
                by_date[x, date].append(day)
                cost.append((w["examiner_days"] + w["examiner_km"] * p.examiners[x]["km"][centre]) * day)
        for days in by_date.values():
            m.add_at_most_one(days)
        for x, days in new.items():
            stay = len({self.placed[n].crew.date for n in self.index["examiner", x]})
            m.add(sum(days) + stay <= (p.examiners[x].get("max_days") or 999))
            if stay + len(days) > policy["fair_days"]:
                over = m.new_int_var(0, 99, "")
                m.add(over >= sum(days) + stay - policy["fair_days"])
                cost.append(w["examiner_overload"] * over)
        for (x, date), mine in loads.items():
            stay = [n for n in self.index["examiner", x] if self.placed[n].crew.date == date]
            m.add(sum(t.length * b for b, t in mine) + sum(p.tasks[n].length for n in stay) <= policy["examiner_minutes_a_day"])
            if policy["examiner_sittings_a_day"]:
                m.add(sum(len(t.exams) * b for b, t in mine) + sum(len(p.tasks[n].exams) for n in stay) <= policy["examiner_sittings_a_day"])
            for n in stay:
                t = p.tasks[n]
                spans["examiner", x, date].append(m.new_fixed_size_interval_var(self.placed[n].start, t.length + t.turnaround, ""))

    def _rooms(self, m, spans):
        for key in [k for k in spans if k[0] == "room"]:
            for n in self.index[key]:
                t = self.p.tasks[n]
                spans[key].append(m.new_fixed_size_interval_var(self.placed[n].start, t.length + t.turnaround, ""))

    def _preparation(self, m, start, chosen, seats_used, old):
        """Preparation rooms: {(task, centre): [(room, variable)]}."""
        p, preps, seats = self.p, {}, {}
        alone = lambda t: p.candidates[t.candidate].get("prepares_alone")
        for n, places in chosen.items():
            t = p.tasks[n]
            if not t.preparation:
                continue
            for centre, date in sorted({(crew.centre, crew.date) for _, crew, _ in places}):
                here = [b for b, crew, _ in places if (crew.centre, crew.date) == (centre, date)]
                mine = []
                for room, taken in p.prep_rooms(t, centre, date):
                    use, key = m.new_bool_var(""), ("prep", centre, room["id"], date)
                    m.add_hint(use, n in old and old[n].crew[:2] == (centre, date) and old[n].prep == room["id"])
                    span = m.new_optional_fixed_size_interval_var(start[n] - t.preparation, t.preparation, use, "")
                    seats[key] = room["seats"], taken
                    seats_used[key].append((span, room["seats"] if alone(t) else 1))
                    mine.append((room["id"], use))
                m.add(sum(use for _, use in mine) == sum(here))
                preps.setdefault((n, centre), []).extend(mine)
        for key, users in seats_used.items():
            capacity, taken = seats[key]
            for n in self.index[key]:
                t, at = p.tasks[n], self.placed[n].start
                users.append((m.new_fixed_size_interval_var(at - t.preparation, t.preparation, ""), capacity if alone(t) else 1))
            users += [(m.new_fixed_size_interval_var(a, b - a, ""), capacity) for a, b in taken]
            m.add_cumulative([s for s, _ in users], [d for _, d in users], capacity)
        return preps

    def _candidates(self, m, cost, start, chosen, candidate_day):
        """Candidates: one centre a date, gaps, orals a day; days, kilometres, waiting, early hours."""
        p, w, policy = self.p, self.p.weights, self.p.policy
        days, free = defaultdict(list), defaultdict(set)
        for n in chosen:
            free[p.tasks[n].candidate].add(n)
        for (candidate, date, centre), mine in sorted(candidate_day.items()):
            stay = [n for n in self.index["candidate", candidate] if self.placed[n].crew.date == date]
            if any(self.placed[n].crew.centre != centre for n in stay):
                m.add(sum(mine) == 0)
                continue
            m.add(sum(mine) + len(stay) <= policy["orals_a_day"])
            day = m.new_constant(1)
            if not stay:
                day = m.new_bool_var("")
                m.add_max_equality(day, mine)
                days[candidate, date].append(day)
                cost.append((w["candidate_days"] + w["candidate_km"] * p.km[candidate][centre]) * day)
            if p.km[candidate][centre] > policy["far_km"]:
                early = m.new_bool_var("")
                cost.append(w["early_far"] * early)
                for n in free[candidate]:
                    for b, crew, _ in chosen[n]:
                        if crew[:2] == (centre, date):
                            m.add(start[n] - p.tasks[n].preparation >= minutes(policy["far_earliest"])).only_enforce_if([b, ~early])
            self._one_date(m, cost, start, chosen, candidate, date, free[candidate], stay, day)
        for vars_ in days.values():
            m.add_at_most_one(vars_)

    def _one_date(self, m, cost, start, chosen, candidate, date, free, stay, day):
        """The blocks of a candidate on one date: apart from each other, and the time between them."""
        p, blocks = self.p, []
        for n in stay:
            at, t = self.placed[n].start, p.tasks[n]
            blocks.append((at - t.preparation, at + t.length, [(m.new_constant(1), p.half_of(at))], at - t.preparation - at - t.length))
        for n in sorted(free):
            here = [(b, half) for b, crew, half in chosen[n] if crew.date == date]
            if here:
                t = p.tasks[n]
                halves = []
                for half in {h for _, h in here}:
                    some = m.new_bool_var("")
                    m.add(some == sum(b for b, h in here if h == half))
                    halves.append((some, half))
                blocks.append((start[n] - t.preparation, start[n] + t.length, halves, -(t.preparation + t.length)))
        wait = m.new_int_var(0, 1440, "")
        span_first, span_last = m.new_int_var(0, 1440, ""), m.new_int_var(0, 1440, "")
        m.add(span_last >= span_first)
        for i, (since, end, halves, _) in enumerate(blocks):
            for some, half in halves:
                m.add(span_first <= since).only_enforce_if(some)
                m.add(span_last >= end).only_enforce_if(some)
                for since2, end2, halves2, _ in blocks[:i]:
                    for some2, half2 in halves2:
                        gap = p.gap(candidate, half, half2)
                        if half == half2:
                            order = m.new_bool_var("")
                            m.add(since >= end2 + gap).only_enforce_if([some, some2, order])
                            m.add(since2 >= end + gap).only_enforce_if([some, some2, ~order])
                        elif half > half2:
                            m.add(since >= end2 + gap).only_enforce_if([some, some2])
                        else:
                            m.add(since2 >= end + gap).only_enforce_if([some, some2])
        # Blocks that are not on this date take nothing off.
        m.add(wait >= span_last - span_first + sum(length * some for _, _, halves, length in blocks for some, _ in halves))
        cost.append(p.weights["candidate_wait"] * wait)

    def apply(self, made, free):
        """Takes the new places if they fit and cost no more."""
        before, old = self.current, dict(self.placed)
        for n in free:
            if n in self.placed:
                self.remove(n)
        for n in sorted(made, key=lambda n: made[n].start):
            prep = self.fits(n, made[n].crew, made[n].start)
            if prep is None:
                break
            # The preparation room that is free beside all that stands by now, which may be more than the model saw.
            self.add(n, made[n]._replace(prep=prep))
        else:
            self.insert_all([t.number for t in self.p.tasks if t.number not in self.placed])
            cost = self.keep_if_better()
            if cost <= before:
                self.current = cost
                return True
        self.load(old)
        return False

    # --- Neighbourhoods -----------------------------------------------------------------------------------------

    def cells_in_use(self):
        return sorted({pl.crew[:2] for pl in self.placed.values()})

    def free_cells(self, size):
        """Some candidates of one or two cells, with the crews of those cells, one of them perhaps sent home and one new."""
        cells = self.cells_in_use()
        first = self.random.choice(cells)
        near = [c for c in cells if c != first and (c[0] == first[0] or c[1] == first[1])]
        mine = {first, *self.random.sample(near, min(len(near), self.random.choice([0, 1, 1, 2])))}
        crews = [c for cell in sorted(mine) for c in self.crews(cell)]
        by_crew, home = defaultdict(list), set()
        for n, pl in self.placed.items():
            by_crew[pl.crew].append(n)
        if self.random.random() < 0.5 and len(crews) > 1:
            home = {min(self.random.sample(crews, min(3, len(crews))), key=lambda c: sum(self.p.tasks[n].length for n in by_crew[c]))}
        numbers = [n for n in self.placed if self.placed[n].crew[:2] in mine and self.placed[n].crew not in home]
        self.random.shuffle(numbers)
        # Whole days of candidates, and one crew's neighbours first.
        free = {n for c in home for n in by_crew[c]}
        for n in numbers:
            if len(free) >= size:
                break
            free |= {o for o in self.index["candidate", self.p.tasks[n].candidate] if self.placed[o].crew[:2] in mine}
        free |= {t.number for t in self.p.tasks if t.number not in self.placed}
        extra = [self.fresh_crew(self.p.tasks[self.random.choice(sorted(free))], *cell) for cell in mine]
        return sorted(free), [c for c in crews if c not in home] + [c for c in extra if c and self.random.random() < 0.5]

    def free_people(self, size):
        """Keeps every hour and gives half-days of some people to others: an assignment over many dates."""
        p, w, m, cost = self.p, self.p.weights, cp_model.CpModel(), []
        duties = defaultdict(list)
        for n, pl in self.placed.items():
            for seat, x in p.seating(pl.crew.people, p.tasks[n].commission, p.tasks[n].language).items():
                duties[x, pl.crew.date, p.half_of(pl.start)].append((n, seat))
        keys = sorted(duties)
        roles = lambda x: frozenset(p.qualified[x]) & {"EG", "STI", "PRO"} or frozenset(p.qualified[x])
        pivot = roles(self.random.choice(keys)[0])
        mine = [k for k in keys if roles(k[0]) & pivot]
        mine = set(self.random.sample(mine, min(size, len(mine))))
        mine = {k for k in keys if any(k[:2] == o[:2] for o in mine)}
        takes, at, dates = defaultdict(list), defaultdict(list), defaultdict(set)
        for x, date, half in keys:
            if (x, date, half) not in mine:
                dates[x].add(date)
        busy = {(x, d) for x, ds in dates.items() for d in ds}
        for key in sorted(mine):
            _, date, half = key
            centre = self.placed[duties[key][0][0]].crew.centre
            low = min(self.placed[n].start for n, _ in duties[key])
            high = max(self.placed[n].start + p.tasks[n].length for n, _ in duties[key])
            for x in p.examiners:
                a, b = p.window[x, date, half]
                if (x, date) in busy or not (a <= low and high <= b) or centre not in (p.examiners[x].get("centres") or [centre]):
                    continue
                lacking, fit = 0, True
                for n, seat in duties[key]:
                    t = p.tasks[n]
                    i = next(i for i, s in enumerate(p.seats[t.commission]) if s["id"] == seat)
                    if not p.holds(x, t.commission, i, t.language) or not p.may_meet(t.candidate, x):
                        fit = False
                        break
                    lacking += len(t.exams) * p.lacks(x, p.seats[t.commission][i])
                if fit:
                    b = m.new_bool_var("")
                    m.add_hint(b, x == key[0])
                    takes[key].append((x, b))
                    at[x, date, half].append((b, key))
                    cost.append(w["not_preferred"] * lacking * b)
            m.add_exactly_one([b for _, b in takes[key]])
        days = defaultdict(list)
        for (x, date, half), options in at.items():
            m.add_at_most_one([b for b, _ in options])
            for b, key in options:
                days[x, date, self.placed[duties[key][0][0]].crew.centre].append((b, key))
        by_person, by_day = defaultdict(list), defaultdict(list)
        for (x, date, centre), options in days.items():
            day = m.new_bool_var("")
            m.add_max_equality(day, [b for b, _ in options])
            by_person[x].append(day)
            by_day[x, date].append(day)
            m.add(sum(b * sum(p.tasks[n].length for n, _ in duties[k]) for b, k in options) <= p.policy["examiner_minutes_a_day"])
            cost.append((w["examiner_days"] + w["examiner_km"] * p.examiners[x]["km"][centre]) * day)
        for vars_ in by_day.values():
            m.add_at_most_one(vars_)
        for x, vars_ in by_person.items():
            m.add(sum(vars_) + len(dates[x]) <= (p.examiners[x].get("max_days") or 999))
            over = m.new_int_var(0, 99, "")
            m.add(over >= sum(vars_) + len(dates[x]) - p.policy["fair_days"])
            cost.append(w["examiner_overload"] * over)
        m.minimize(sum(cost))
        solver = self.solve(m, 3)
        if not solver:
            return
        new = {key: next(x for x, b in takes[key] if solver.value(b)) for key in mine}
        made = {}
        for n, pl in self.placed.items():
            half = p.half_of(pl.start)
            people = tuple(sorted({new.get((x, pl.crew.date, half), x) for x in pl.crew.people}))
            if people != pl.crew.people:
                made[n] = pl._replace(crew=pl.crew._replace(people=people))
        if made:
            self.apply(made, list(made))

    def run(self):
        self.insert_all([t.number for t in self.p.tasks])
        greedy, self.current = dict(self.placed), self.keep_if_better()
        planned = self.plan(self.left() * 0.25) if self.left() > 5 else None
        if planned:
            tasks, people = planned
            self.load({})
            for i, cell in enumerate(sorted(tasks)):
                crews = self.teams(cell, people[cell], tasks[cell])
                if not crews:
                    continue
                # Something to start from; CP-SAT then moves it about.
                self.insert_all(tasks[cell], cells=[cell], crews=crews)
                made = self.timetable(tasks[cell], crews, self.left() * 0.4 / (len(tasks) - i))
                for n in made or {}:
                    if n in self.placed:
                        self.remove(n)
                for n in sorted(made or {}, key=lambda n: made[n].start):
                    prep = self.fits(n, made[n].crew, made[n].start)
                    if prep is not None:
                        self.add(n, made[n]._replace(prep=prep))
            self.insert_all([t.number for t in self.p.tasks if t.number not in self.placed])
            cost = self.keep_if_better()
            if cost <= self.current:
                self.current = cost
            else:
                self.load(greedy)
        size = 24
        while self.left() > 1 and self.placed:
            if self.random.random() < 0.35:
                self.free_people(60)
                continue
            free, crews = self.free_cells(size)
            began, limit = time.monotonic(), min(4.0, self.left() / 3)
            made = self.timetable(free, crews, limit)
            if made is not None:
                self.apply(made, free)
            # As many tasks at once as are solved in about a third of the limit.
            size = max(8, min(80, size * (1.1 if time.monotonic() - began < limit / 3 else 0.9)))


def load_solvers():
    """They take a second to load, which --version need not wait for."""
    global cp_model, highspy, model_builder
    import highspy
    from ortools.linear_solver.python import model_builder
    from ortools.sat.python import cp_model


def main():
    here = Path(__file__).resolve().parent
    mark = hashlib.sha256(b"".join((here / name).read_bytes() for name in ("cp_sat.py", "problem.py"))).hexdigest()[:8]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--version", action="version", version=f"OR-Tools {version('ortools')}; cp_sat.py {mark}")
    parser.add_argument("instance")
    parser.add_argument("-o", "--output", required=True)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    load_solvers()
    search = Search(Problem(args.instance), args.seconds, args.seed, args.threads)
    search.run()
    search.p.write(search.best, args.output)


if __name__ == "__main__":
    main()
