"""The Planning screen in a real browser: real pointer and keys, never calls of the page's functions.

What the page has to show is asked of the server. ORAUX_URL names a server that is already there (whole URL with its token).
"""

import json
import os
import re
import unicodedata
import unittest
import urllib.request

from playwright.sync_api import expect, sync_playwright

from room import CHROMIUM, LOOKS, NARROW, PILOT, WIDE, Room, best


def plain(name):
    """A name without accents, in small letters."""
    return "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c)).lower()


class Plan(Room):
    INSTANCE = PILOT
    SCHEDULE = best("pilot")

    @classmethod
    def setUpClass(cls):
        if "ORAUX_URL" not in os.environ:
            return super().setUpClass()
        cls.url = os.environ["ORAUX_URL"]
        cls.base, cls.token = re.fullmatch(r"(http://[^/]+)/#token=(.+)", cls.url).groups()
        cls.play = sync_playwright().start()
        cls.addClassCleanup(cls.play.stop)
        cls.browser = cls.play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        cls.addClassCleanup(cls.browser.close)

    # What the server says, to know what the page has to show.

    @classmethod
    def api(cls, path, body=None):
        headers = {"Authorization": f"Bearer {cls.token}", "Accept-Language": "fr", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(f"{cls.base}/api/{path}", data, headers)) as answer:
            return json.load(answer)

    @classmethod
    def fullest(cls):
        week = cls.api("plan/week")
        return max(((d["sittings"], c["id"], d["date"]) for c in week["centres"] for d in c["days"]))[1:]

    def day(self):
        return self.api(f"plan/day?centre={self.centre}&date={self.date}")

    def find(self, candidate, exam):
        for session in self.day()["sessions"]:
            for sitting in session["sittings"]:
                if (sitting["candidate"], sitting["exam"]) == (candidate, exam):
                    return session, sitting
        return None, None

    def movable(self):
        """A sitting of the day, an allowed place elsewhere on that day, and forbidden ones."""
        day = self.day()
        for session in day["sessions"]:
            for sitting in session["sittings"]:
                held = {"sitting": {"candidate": sitting["candidate"], "exam": sitting["exam"]}}
                places = self.api("hold", {"held": held, "centre": self.centre, "date": self.date})
                if len(places["held"]["orals"]) > 1:
                    continue
                free, shut = None, []
                for room in places["day"]["rooms"]:
                    for run in room["runs"]:
                        if run.get("price") is not None:
                            here = room["room"] == session["room"] and run["from"] <= sitting["start"] <= run["to"]
                            if not here and run["to"] - run["from"] >= 2 * day["step"]:
                                free = free or (room["room"], run["from"] + day["step"], run["price"])
                        elif run["to"] - run["from"] >= 6 * day["step"]:
                            shut.append((room["room"], run["from"] + 3 * day["step"]))
                if free and shut:
                    return sitting, free, shut
        self.fail("nothing can be moved on this day")

    # The page

    def setUp(self):
        self.centre, self.date = self.fullest()
        self.done = 0

    def tearDown(self):
        while self.done > 0:
            self.undo()

    def undo(self):
        before = self.api("project")["revision"]
        self.tab.evaluate("document.activeElement?.blur()")
        self.tab.keyboard.press("Control+z")
        self.settled(before)
        self.done -= 1

    def settled(self, before):
        """Waits until the server has changed something."""
        for _ in range(900):
            if self.api("project")["revision"] > before:
                self.tab.wait_for_timeout(150)
                return
            self.tab.wait_for_timeout(50)
        self.fail("nothing was changed")

    def show(self, path="jour", **options):
        self.tab = self.page(screen=f"planning/{path}?centre={self.centre}&date={self.date}", **options)
        self.tab.wait_for_selector(".pl-sit, .pl-item, .pl-week, .pl-person")
        return self.tab

    def calm(self, page):
        """A dialog takes no clicks at first: the second click of a double click would fall on it."""
        expect(page.locator("dialog[open]")).to_have_count(1)
        expect(page.locator(".pl-young")).to_have_count(0)

    def cell(self, sitting):
        return self.tab.locator(f".pl-sit[data-key='s:{sitting['candidate']}/{sitting['exam']}']")

    def at(self, room, start, duration=10):
        """The point of the window where a start in a room is."""
        row = self.tab.locator(".pl-room", has=self.tab.locator(f".pl-room-head b:text-is('{room}')"))
        row.scroll_into_view_if_needed()
        self.tab.wait_for_timeout(80)
        track = row.locator(".pl-track").first.bounding_box()
        box = row.bounding_box()
        first = self.tab.locator(".pl-space").evaluate("n => [n.style.getPropertyValue('--from'), n.style.getPropertyValue('--ppm')].map(parseFloat)")
        return track["x"] + (start - first[0]) * first[1], box["y"] + min(box["height"] / 2, 20)

    def pick(self, sitting):
        """Clicks a sitting at its left end, so that the pointer is at its start."""
        cell = self.cell(sitting)
        cell.scroll_into_view_if_needed()
        self.tab.wait_for_timeout(80)
        box = cell.bounding_box()
        self.tab.mouse.click(box["x"] + 1, box["y"] + 8)
        expect(self.tab.locator(".pl-paint")).to_be_visible()
        expect(self.tab.locator(".pl-dock h2")).to_contain_text(sitting["exam"])


class Planning(Plan):
    def setUp(self):
        super().setUp()
        self.show()

    def test_click_and_click_moves_a_sitting(self):
        sitting, (room, start, price), _ = self.movable()
        self.pick(sitting)
        x, y = self.at(room, start)
        self.tab.mouse.move(x, y, steps=5)
        tip = self.tab.locator(".pl-tip").first
        expect(tip).to_be_visible()
        expect(tip).to_contain_text(room)
        shown = re.sub(r"[^\d]", "", tip.locator("b").first.inner_text())
        self.assertEqual(shown, str(abs(price)) if price else "")
        before = self.api("project")["revision"]
        self.tab.mouse.click(x, y)
        self.settled(before)
        self.done += 1
        session, now = self.find(sitting["candidate"], sitting["exam"])
        self.assertEqual(session["room"], room)
        self.assertLessEqual(abs(now["start"] - start), self.day()["step"])
        expect(self.cell(sitting)).to_be_focused()
        expect(self.tab.locator(".pl-paint")).to_be_hidden()
        self.undo()
        self.assertEqual(self.find(sitting["candidate"], sitting["exam"])[1]["start"], sitting["start"])

    def test_dragging_moves_a_sitting(self):
        sitting, (room, start, _), _ = self.movable()
        cell = self.cell(sitting)
        cell.scroll_into_view_if_needed()
        self.tab.wait_for_timeout(80)
        box = cell.bounding_box()
        before = self.api("project")["revision"]
        self.tab.mouse.move(box["x"] + 1, box["y"] + 8)
        self.tab.mouse.down()
        self.tab.mouse.move(box["x"] + 20, box["y"] + 10, steps=3)
        expect(self.tab.locator(".pl-paint")).to_be_visible()
        to = self.at(room, start)
        self.tab.mouse.move(*to, steps=6)
        self.tab.mouse.up()
        self.settled(before)
        self.done += 1
        self.assertEqual(self.find(sitting["candidate"], sitting["exam"])[0]["room"], room)

    def test_a_forbidden_place_says_why_and_changes_nothing(self):
        sitting, _, shut = self.movable()
        self.pick(sitting)
        before = self.api("project")["revision"]
        for room, start in shut:
            x, y = self.at(room, start)
            # A click on another sitting would pick that.
            if self.tab.evaluate("([x, y]) => document.elementFromPoint(x, y)?.classList.contains('pl-track')", [x, y]):
                break
        self.tab.mouse.move(x, y, steps=5)
        self.tab.mouse.click(x, y)
        why = self.api("why", {"held": {"sitting": {"candidate": sitting["candidate"], "exam": sitting["exam"]}}, "centre": self.centre, "date": self.date, "room": room, "start": start})
        self.assertFalse(why["allowed"])
        expect(self.tab.locator(".pl-why")).to_contain_text(why["rules"][0]["label"], ignore_case=True)
        # What was clicked stays told while the pointer goes to it.
        self.tab.mouse.move(x + 60, y, steps=3)
        self.tab.wait_for_timeout(300)
        expect(self.tab.locator(".pl-why")).to_contain_text(why["rules"][0]["label"], ignore_case=True)
        self.assertEqual(self.api("project")["revision"], before)
        self.tab.keyboard.press("Escape")
        expect(self.tab.locator(".pl-paint")).to_be_hidden()

    def test_by_keyboard_alone(self):
        sitting, _, _ = self.movable()
        page = self.tab
        # Tab comes to the grid once; arrows go on within it.
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.closest('.pl-grid') !== null"):
                break
        self.assertTrue(page.evaluate("document.activeElement.closest('.pl-grid') !== null"))
        page.keyboard.press("Control+Home")
        key = f"s:{sitting['candidate']}/{sitting['exam']}"
        rows = page.locator(".pl-lane").count()
        found = False
        for _ in range(rows):
            page.keyboard.press("Home")
            for _ in range(30):
                if page.evaluate("document.activeElement.dataset.key") == key:
                    found = True
                    break
                last = page.evaluate("document.activeElement.dataset.key")
                page.keyboard.press("ArrowRight")
                if page.evaluate("document.activeElement.dataset.key") == last:
                    break
            if found:
                break
            page.keyboard.press("Home")
            page.keyboard.press("ArrowDown")
        self.assertTrue(found)
        page.keyboard.press("Enter")
        ghost = page.locator(".pl-ghost")
        expect(ghost).to_be_focused()
        first = ghost.get_attribute("aria-label")
        for name in ["ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp", "ArrowDown"]:
            page.keyboard.press(name)
            # Arrows stop at allowed places only.
            self.assertNotIn("pl-shut", ghost.get_attribute("class"))
        page.keyboard.press("Escape")
        expect(self.cell(sitting)).to_be_focused()
        page.keyboard.press("Enter")
        expect(ghost).to_be_focused()
        for name in ["ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp", "End"]:
            page.keyboard.press(name)
            if ghost.get_attribute("aria-label") != first:
                break
        self.assertNotEqual(ghost.get_attribute("aria-label"), first)
        before = self.api("project")["revision"]
        page.keyboard.press("Enter")
        self.settled(before)
        self.done += 1
        expect(self.cell(sitting)).to_be_focused()
        # P pins, and unpins.
        for pinned in (True, False):
            before = self.api("project")["revision"]
            page.keyboard.press("p")
            self.settled(before)
            self.done += 1
            self.assertEqual(bool(self.find(sitting["candidate"], sitting["exam"])[1]["pinned"]), pinned)

    def test_the_ranked_list_places_without_dragging(self):
        sitting, _, _ = self.movable()
        self.pick(sitting)
        self.tab.get_by_role("button", name="Placer…").click()
        dialog = self.tab.get_by_role("dialog")
        rows = dialog.locator("tbody tr")
        expect(rows.first).to_be_visible()
        prices = [int(re.sub(r"[^\d-]", "", p.replace("−", "-"))) for p in dialog.locator("tbody td.n").all_inner_texts()]
        self.assertEqual(prices, sorted(prices))
        self.calm(self.tab)
        before = self.api("project")["revision"]
        rows.nth(min(3, rows.count() - 1)).get_by_role("button").click()
        self.settled(before)
        self.done += 1
        expect(dialog).to_have_count(0)

    def test_taken_out_it_is_in_the_tray_and_goes_back(self):
        sitting, _, _ = self.movable()
        self.pick(sitting)
        before = self.api("project")["revision"]
        self.tab.get_by_role("button", name="Retirer du planning").click()
        self.settled(before)
        self.done += 1
        chip = self.tab.locator(f".pl-chip[data-key='t:{sitting['candidate']}/{sitting['exam']}']")
        expect(chip).to_be_visible()
        expect(chip).to_be_focused()
        expect(self.cell(sitting)).to_have_count(0)
        self.tab.keyboard.press("Enter")
        expect(self.tab.locator(".pl-ghost")).to_be_focused()
        before = self.api("project")["revision"]
        self.tab.keyboard.press("Enter")
        self.settled(before)
        self.done += 1
        expect(chip).to_have_count(0)

    def test_a_member_is_changed_from_a_ranked_list(self):
        day = self.day()
        for session in day["sessions"]:
            for member in session["members"]:
                people = self.api("members", {"session": session["id"], "seat": member["seat"]})["people"]
                if people and people[0].get("price") is not None:
                    break
            else:
                continue
            break
        seat = self.tab.locator(f".pl-seat[data-key='m:{session['id']}/{member['seat']}']")
        seat.scroll_into_view_if_needed()
        seat.dblclick()
        dialog = self.tab.get_by_role("dialog")
        first = dialog.locator("tbody tr").first
        expect(first).to_contain_text(people[0]["name"])
        self.calm(self.tab)
        # Names are found without their accents.
        name = people[0]["name"]
        self.tab.keyboard.type(plain(name))
        expect(dialog.locator("tbody tr").first).to_contain_text(name)
        before = self.api("project")["revision"]
        dialog.locator("tbody tr").first.get_by_role("button").click()
        self.settled(before)
        self.done += 1
        expect(dialog).to_have_count(0)
        now = next(s for s in self.day()["sessions"] if s["id"] == session["id"])
        self.assertEqual(next(m for m in now["members"] if m["seat"] == member["seat"])["examiner"], people[0]["examiner"])

    def test_a_session_is_pushed_later_or_the_refusal_told(self):
        page = self.tab
        name = page.locator(".pl-name").first
        name.focus()
        page.keyboard.press("Enter")
        dialog = page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        self.calm(page)
        before = self.api("project")["revision"]
        dialog.get_by_label("Tout décaler de (minutes)").fill("600")
        dialog.get_by_role("button", name="Décaler", exact=True).click()
        expect(dialog.locator(".pl-refusal")).to_be_visible()
        self.assertEqual(self.api("project")["revision"], before)
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        expect(name).to_be_focused()

    def test_a_session_is_held_as_a_whole(self):
        page = self.tab
        page.locator(".pl-name").first.click()
        self.calm(page)
        page.get_by_role("button", name="Prendre en main").click()
        expect(page.locator(".pl-paint")).to_be_visible()
        expect(page.locator(".pl-sit.pl-held").first).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator(".pl-sit.pl-held")).to_have_count(0)

    def test_the_week_shows_the_best_price_of_each_cell(self):
        sitting, _, _ = self.movable()
        self.pick(sitting)
        places = self.api("hold", {"held": {"sitting": {"candidate": sitting["candidate"], "exam": sitting["exam"]}}, "centre": self.centre, "date": self.date})
        self.tab.get_by_role("link", name="Tous les jours").click()
        cells = self.tab.locator(".pl-week-cell b")
        expect(cells.first).to_be_visible()
        shown = sorted(re.sub(r"[^\d]", "", x) for x in cells.all_inner_texts())
        closed = {(c["id"], d["date"]) for c in self.api("plan/week")["centres"] for d in c["days"] if not d["open"] and not d["sittings"]}
        wanted = sorted("" if c["best"] is None else str(abs(c["best"])) for c in places["cells"] if (c["centre"], c["date"]) not in closed)
        self.assertEqual(shown, wanted)
        # The hold goes with the reader to another day.
        self.tab.locator(".pl-week-cell").first.click()
        expect(self.tab.locator(".pl-paint")).to_be_visible()
        self.tab.keyboard.press("Escape")

    def test_a_session_is_opened_for_an_oral_of_ones_choice(self):
        page = self.tab
        session = next(s for s in self.day()["sessions"] if len(s["members"]) == 1 and len(s["sittings"]) > 1)
        sitting = session["sittings"][-1]
        before = self.api("project")["revision"]
        self.cell(sitting).focus()
        page.keyboard.press("Delete")
        self.settled(before)
        self.done += 1
        page.get_by_role("button", name="Ouvrir une vacation…").click()
        dialog = page.get_by_role("dialog")
        self.calm(page)
        dialog.get_by_label("Commission").select_option(label=session["label"])
        first = dialog.get_by_role("combobox", name="Premier passage")
        # Without anybody to hear, nothing is opened; it is said what is wanted.
        first.fill("zzz")
        dialog.get_by_role("button", name="Ouvrir une vacation").click()
        expect(dialog.locator(".pl-status")).to_contain_text("Choisissez d’abord le premier passage")
        first.fill(plain(sitting["name"]))
        option = dialog.get_by_role("option").filter(has_text=sitting["name"]).first
        expect(option).to_contain_text("sans place")
        option.click()
        expect(first).to_have_value(f"{sitting['name']}, {sitting['exam']}")
        # Somebody who may not be free: the refusal is told, or the session is there.
        seat = dialog.get_by_role("combobox", name=session["members"][0]["label"])
        seat.fill(plain(session["members"][0]["name"]))
        dialog.get_by_role("option").filter(has_text=session["members"][0]["name"]).first.click()
        before = self.api("project")["revision"]
        dialog.get_by_role("button", name="Ouvrir une vacation").click()
        told = dialog.locator(".pl-refusal")
        expect(told.or_(page.locator("body:not(:has(dialog[open]))")).first).to_be_visible()
        if told.count():
            self.assertEqual(self.api("project")["revision"], before)
            self.assert_in_french(page, "a refusal")
            page.keyboard.press("Escape")
        else:
            self.done += 1
            self.assertIsNotNone(self.find(sitting["candidate"], sitting["exam"])[0])

    def test_the_datum_in_the_way_is_opened(self):
        page = self.tab
        day = self.day()
        for session in day["sessions"]:
            sitting = session["sittings"][0]
            held = {"sitting": {"candidate": sitting["candidate"], "exam": sitting["exam"]}}
            rooms = self.api("hold", {"held": held, "centre": self.centre, "date": self.date})["day"]["rooms"]
            # Where nobody is heard: a click on a sitting is about that one.
            heard = [(s["room"], h["start"], h["end"]) for s in day["sessions"] for h in s["sittings"]]
            shut = [(r["room"], at) for r in rooms for run in r["runs"] if run.get("price") is None
                    for at in range(run["from"], run["to"] + 1, 5)
                    if all(room != r["room"] or end < at - 30 or at + 30 < begin for room, begin, end in heard)][:40]
            for room, start in shut:
                why = self.api("why", {"held": held, "centre": self.centre, "date": self.date, "room": room, "start": start})
                if why["datum"] and why["datum"]["table"] == "rooms":
                    break
            else:
                continue
            break
        else:
            self.skipTest("no room is in the way of anything on this day")
        self.pick(sitting)
        page.mouse.move(*self.at(room, start), steps=4)
        link = page.get_by_role("link", name="Voir la donnée en cause")
        expect(link).to_be_visible()
        self.assert_in_french(page, why)
        page.mouse.click(*self.at(room, start))
        link.click()
        expect(page.locator(".sheet-title")).to_have_text("Salles")
        expect(page.locator(".cells tr[data-row] td").first).to_be_visible()
        expect(page.locator(".cells")).to_contain_text(why["datum"]["find"])

    def test_search_finds_a_commission(self):
        self.tab.keyboard.press("/")
        self.tab.keyboard.type("anglais")
        option = self.tab.locator("#pl-search-list [role=option]").first
        expect(option).to_contain_text("Commission d’anglais")
        self.tab.keyboard.press("Enter")
        expect(self.tab.locator(".pl-person h2")).to_contain_text("Commission d’anglais")

    def test_search_finds_without_accents(self):
        candidate = next(s for x in self.day()["sessions"] for s in x["sittings"] if re.search("[ÉÈÊËÎÏÔÛÜÇ]", s["name"]))
        self.tab.keyboard.press("/")
        self.tab.keyboard.type(plain(candidate["name"]))
        option = self.tab.locator("#pl-search-list [role=option]").first
        expect(option).to_contain_text(candidate["name"])
        self.tab.keyboard.press("Enter")
        expect(self.tab.locator(".pl-person h2")).to_contain_text(candidate["name"])
        # From a block of the day back to the sitting.
        self.tab.locator(".pl-block.pl-oral a").first.click()
        expect(self.tab.locator(".pl-sit:focus")).to_have_count(1)

    def test_narrow_pages_have_an_agenda_with_the_same_dialog(self):
        page = self.show(viewport=NARROW)
        page.locator(".pl-item").first.click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        self.calm(page)
        dialog.get_by_role("button", name="Placer…").click()
        expect(page.get_by_role("dialog").locator("tbody tr").first).to_be_visible()


class Access(Plan):
    def test_axe_finds_nothing(self):
        for size, scheme, locale in LOOKS:
            self.axe(locale, scheme, size)

    def axe(self, locale, scheme, size):
        candidate = self.day()["sessions"][0]["sittings"][0]["candidate"]
        page = self.show(locale=locale, scheme=scheme, viewport=size)
        about = lambda what: (what, locale, scheme, size["width"])
        french = self.assert_in_french if locale == "fr-FR" else lambda *_: None

        def look(what):
            self.assert_accessible(page, about(what))
            french(page, about(what))

        look("day")
        if size is WIDE:
            page.locator(".pl-sit").first.focus()
            page.keyboard.press("Enter")
            expect(page.locator(".pl-ghost")).to_be_focused()
            page.wait_for_timeout(300)
            look("held")
            page.locator("#pl-place").click()
        else:
            page.locator(".pl-item").first.click()
            look("sitting")
            self.calm(page)
            page.get_by_role("dialog").locator(".primary").click()
        expect(page.get_by_role("dialog").locator("tbody tr").first).to_be_visible()
        self.calm(page)
        look("places")
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        page.locator(".pl-name, .pl-card h2 button").first.click()
        self.calm(page)
        look("session")
        page.keyboard.press("Escape")
        page.locator(".pl-seat, .pl-members button").first.click()
        expect(page.get_by_role("dialog").locator("tbody tr").first).to_be_visible()
        self.calm(page)
        look("member")
        page.keyboard.press("Escape")
        page.locator("#pl-open").click()
        page.wait_for_timeout(100)
        look("open")
        page.keyboard.press("Escape")
        for path in ("semaine", f"candidat/{candidate}"):
            page.goto(f"{self.base}/#/planning/{path}")
            page.wait_for_selector(".pl-week, .pl-person")
            look(path)


if __name__ == "__main__":
    unittest.main()
