"""The whole job, from the workbook to the papers: once by clicks, once by keyboard alone."""

import io
import re
import unittest
import zipfile

from playwright.sync_api import expect

from room import TOP, Room

WORKBOOK = TOP / "instances" / "pilot.xlsx"
LONG = 900_000


class Flow(Room):
    def check_papers(self, page, got):
        with zipfile.ZipFile(io.BytesIO(got.value.path().read_bytes())) as papers:
            names = papers.namelist()
        self.assertGreater(len(names), 100)
        # Without PDF there are the calendars of everybody instead.
        wanted = "calendriers" if page.get_by_text("ne fait pas de fichiers PDF").is_visible() else "convocations"
        self.assertTrue(any(wanted in name for name in names), names[:10])

    def read_anew(self, page, begin):
        """Where a group is open, the file becomes a new one."""
        read = page.locator(".report .note.good")
        expect(read.or_(page.get_by_role("dialog"))).to_be_visible(timeout=LONG)
        if not read.is_visible():
            begin()
        expect(read).to_have_text("Tout a été lu, aucune faute.", timeout=LONG)

    def test_by_clicks(self):
        page = self.page(screen="ouvrir")
        clicks = []

        def click(role, name, **how):
            clicks.append(name)
            page.get_by_role(role, name=name, **how).click()

        with page.expect_file_chooser() as chosen:
            click("button", "Choisir un fichier…")
        chosen.value.set_files(WORKBOOK)
        self.read_anew(page, lambda: click("button", "Nouveau groupe", exact=True))
        click("link", re.compile("Calculer$"))
        page.get_by_label("Durée (minutes)").fill("0,34")
        click("button", "Lancer le calcul")
        expect(page.get_by_role("button", name="Adopter ce planning")).to_be_visible(timeout=LONG)
        click("button", "Adopter ce planning")
        expect(page.locator("#head")).to_contain_text("toutes les règles respectées")
        click("link", re.compile("Envoyer$"))
        click("button", "Publier ce planning…")
        click("button", "Publier", exact=True)
        expect(page.get_by_text("Rien n’a changé depuis.")).to_be_visible()
        click("button", "Préparer les documents")
        expect(page.get_by_role("button", name="Télécharger")).to_be_visible(timeout=LONG)
        with page.expect_download() as got:
            click("button", "Télécharger")
        self.check_papers(page, got)
        self.assertLessEqual(len(clicks), 25, clicks)

    def test_by_keyboard_alone(self):
        page = self.page(screen="ouvrir")
        focused = "const a = document.activeElement; return a && a.matches('a, button, input, select') && (a.getAttribute('aria-label') || a.innerText || a.id) || ''"

        def to(name, most=120):
            """Tab until the thing of that name has the focus, and it is to be seen that it has."""
            for _ in range(most):
                found, ring = page.evaluate(f"(() => [(() => {{ {focused} }})(), getComputedStyle(document.activeElement).outlineStyle])()")
                if re.search(name, found):
                    self.assertNotEqual("none", ring, f"no ring around {name}")
                    return
                page.keyboard.press("Tab")
            self.fail(f"{name} is not reached by Tab")

        page.keyboard.press("Tab")
        with page.expect_file_chooser() as chosen:
            to("Choisir un fichier")
            page.keyboard.press("Enter")
        chosen.value.set_files(WORKBOOK)
        self.read_anew(page, lambda: (to("^Nouveau groupe$"), page.keyboard.press("Enter")))
        to("Calculer")
        page.keyboard.press("Enter")
        to("minutes")
        page.keyboard.press("Control+a")
        page.keyboard.type("0.1")
        to("Lancer le calcul")
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Adopter ce planning")).to_be_visible(timeout=LONG)
        to("Adopter ce planning")
        page.keyboard.press("Enter")
        expect(page.locator("#head")).to_contain_text("toutes les règles respectées")
        to("Envoyer")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Envoyer")
        to("Publier ce planning")
        page.keyboard.press("Enter")
        to("^Publier$")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Rien n’a changé depuis.")).to_be_visible()
        to("Préparer les documents")
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Télécharger")).to_be_visible(timeout=LONG)
        to("Télécharger")
        with page.expect_download() as got:
            page.keyboard.press("Enter")
        self.check_papers(page, got)


if __name__ == "__main__":
    unittest.main()
