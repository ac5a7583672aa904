"""A planning room in a real browser, for the tests beside this file.

The server is `target/release/oraux serve`; ORAUX names another binary. What it keeps lies in a folder of its own.
PAGE names a folder (src/serve/web) to take the page from instead of the binary: a change of it then needs no build.
"""

import gzip
import io
import os
import re
import shutil
import signal
import subprocess
import tempfile
import unittest
import zipfile
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

TOP = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ORAUX = Path(os.environ.get("ORAUX", TOP / "target" / "release" / "oraux"))
PAGE = Path(os.environ["PAGE"]).resolve() if "PAGE" in os.environ else None
PILOT = TOP / "instances" / "pilot.json"
# A busy machine is slow; what is wrong stays wrong.
expect.set_options(timeout=180_000)
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
#: Width, colours and language: each pair of two of them is there. AXE=all has every one of the eight.
LOOKS = [(WIDE, "light", "fr-FR"), (WIDE, "dark", "en-GB"), (NARROW, "light", "en-GB"), (NARROW, "dark", "fr-FR")]
if os.environ.get("AXE") == "all":
    LOOKS += [(WIDE, "light", "en-GB"), (WIDE, "dark", "fr-FR"), (NARROW, "light", "fr-FR"), (NARROW, "dark", "en-GB")]


def best(instance):
    """The best known schedule of an instance, unpacked into a file that stays as long as the tests run."""
    packed = next((TOP / "instances" / "best").glob(f"{instance}-*.json.gz"))
    file = tempfile.NamedTemporaryFile(suffix=".json")
    file.write(gzip.decompress(packed.read_bytes()))
    file.flush()
    return file


def folder_as_zip(folder, change=None):
    """The files of a folder as one ZIP; `change` is (name, old, new) in one of them."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(folder.iterdir()):
            content = path.read_bytes()
            if change and path.name == change[0]:
                assert change[1] in content, f"{change[1]} is not in {path}"
                content = content.replace(change[1], change[2], 1)
            archive.writestr(path.name, content)
    return packed.getvalue()


@unittest.skipUnless(ORAUX.exists(), f"{ORAUX} is not built")
@unittest.skipUnless(Path(CHROMIUM).exists(), f"there is no {CHROMIUM}")
class Room(unittest.TestCase):
    """A server for each class; a browser window with its own storage for each test."""

    #: What `oraux project --new` makes before, and `oraux serve` opens; none: the page of recent groups.
    INSTANCE = None
    SCHEDULE = None

    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="oraux-room-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        home = {**os.environ, "HOME": str(cls.folder), "XDG_STATE_HOME": str(cls.folder / "state"),
                "ORAUX_PROJECTS": str(cls.folder / "projects")}
        opened = []
        if cls.INSTANCE:
            opened = [cls.folder / "group.oraux"]
            made = ["project", "--new", *opened, "--instance", cls.INSTANCE]
            made += ["--schedule", cls.SCHEDULE.name] if cls.SCHEDULE else []
            subprocess.run([ORAUX, *made], check=True, capture_output=True, env=home)
        cls.server = subprocess.Popen([ORAUX, "serve", *opened, "--port", "0", "--no-open"], stdout=subprocess.PIPE,
                                      text=True, env=home)
        cls.addClassCleanup(cls.end)
        cls.url = cls.server.stdout.readline().strip()
        cls.base, cls.token = re.fullmatch(r"(http://127\.0\.0\.1:\d+)/#token=(.+)", cls.url).groups()
        cls.play = sync_playwright().start()
        cls.addClassCleanup(cls.play.stop)
        cls.browser = cls.play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        cls.addClassCleanup(cls.browser.close)

    @classmethod
    def end(cls):
        cls.server.send_signal(signal.SIGTERM)
        try:
            cls.server.wait(10)
        finally:
            cls.server.kill()
            cls.server.stdout.close()

    def page(self, viewport=WIDE, scheme="light", locale="fr-FR", screen=""):
        """The room in a new window. What the browser complains of (its policy above all) fails the test."""
        window = self.browser.new_context(viewport=viewport, color_scheme=scheme, locale=locale, accept_downloads=True)
        self.addCleanup(window.close)
        page = window.new_page()
        page.set_default_timeout(300_000)
        said, asked = [], []
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("console", lambda line: said.append(line.text) if line.type in ("error", "warning") else None)
        page.on("request", lambda request: asked.append(request.url))
        self.addCleanup(lambda: self.assertEqual([], [s for s in said if "Failed to load resource" not in s]))
        self.addCleanup(lambda: self.assertEqual([], [u for u in asked if not u.startswith((self.base, "blob:"))]))
        if PAGE:
            kinds = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}

            def own(route):
                file = PAGE / route.request.url.split("/assets/")[1]
                route.fulfill(content_type=kinds[file.suffix], body=file.read_text())

            page.route("**/assets/**", own)
        if screen:
            # Straight to the screen, as a second visit in the same window would.
            page.add_init_script(f"sessionStorage.setItem('oraux.token', '{self.token}')")
        page.goto(f"{self.base}/#/{screen}" if screen else self.url)
        page.wait_for_selector("h1")
        return page

    #: What no clerk says: hours, dates and numbers as files have them, and words of the program.
    INSIDE = re.compile(r"\b\d\d:\d\d\b|\b\d{4}-\d\d-\d\d\b|\bS\d{3}\b|\b(?:null|undefined|NaN|phone|examiner|candidate|session_\w+|"
                        r"seat|slot|seed)\b|\[object|\{\w+\}")

    def assert_in_french(self, page, about):
        """Nothing that is to be seen or read aloud is a word of the program's inside."""
        said = page.evaluate("""() => [document.body.innerText, ...[...document.querySelectorAll('[aria-label], [title], [placeholder]')]
            .flatMap((n) => ['aria-label', 'title', 'placeholder'].map((a) => n.getAttribute(a) || ''))].join('\\n')""")
        self.assertGreater(len(said), 200, about)
        found = [said[max(0, m.start() - 40):m.end() + 40] for m in self.INSIDE.finditer(said)]
        self.assertEqual([], found[:5], about)

    def assert_accessible(self, page, about):
        """axe finds nothing, at any severity, and nothing is wider than the window."""
        found = Axe().run(page).response
        self.assertGreater(len(found["passes"]), 10, "axe looked at nothing")
        told = [(v["id"], v["impact"], [n["html"][:160] for n in v["nodes"][:3]]) for v in found["violations"]]
        self.assertEqual([], told, about)
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        self.assertLessEqual(over, 0, f"{about}: the page is wider than its window")
