"""The screens but Planning, as a clerk uses them: real pointer, keys and files."""

import io
import re
import unittest
import zipfile

from playwright.sync_api import expect

from room import LOOKS, PILOT, TOP, Room, best, folder_as_zip

OFFICE = TOP / "tests" / "spreadsheets" / "bureau"
QUESTIONS = TOP / "tests" / "spreadsheets" / "correspondance"
TIGHT = TOP / "instances" / "tight.json"
#: For what the solver does: a loaded machine must not fail a test.
LONG = 900_000
#: Each screen, and what is there when it is whole.
SCREENS = {"ouvrir": ".recent", "donnees/rooms": ".cells td", "faisable": "table.need", "calculer": ".panel", "envoyer": ".kinds",
           "versions": ".panel p"}


def steps(page, name):
    page.get_by_role("navigation", name="Étapes").get_by_role("link", name=name).click()


class Texts(unittest.TestCase):
    def test_both_languages_have_the_same_texts(self):
        texts = TOP / "src" / "serve" / "web" / "text"
        for french in texts.glob("*fr.js"):
            english = texts / french.name.replace("fr.js", "en.js")
            keys = [re.findall(r"^  (\w+):", f.read_text(), re.M) for f in (french, english)]
            self.assertEqual(*keys, french.name)
            holes = [re.findall(r"^  (\w+): (.*)", f.read_text(), re.M) for f in (french, english)]
            for (key, a), (_, b) in zip(*holes):
                self.assertEqual(*(set(re.findall(r"\{(\w+)\}", text)) for text in (a, b)), key)


class Nothing(Room):
    def test_axe_finds_nothing_where_there_is_no_group(self):
        for viewport, scheme, locale in LOOKS[:2]:
            page = self.page(viewport, scheme, locale)
            expect(page.locator(".drop")).to_be_visible()
            self.assert_accessible(page, ("no group", scheme, locale))


class Opening(Room):
    def test_the_demo_group_is_opened_and_remembered(self):
        page = self.page(screen="ouvrir")
        page.get_by_role("button", name="Ouvrir le groupe de démonstration").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Données")
        steps(page, "Ouvrir")
        expect(page.locator(".tiles")).to_contain_text("150")
        expect(page.locator(".recent button").first).to_contain_text("Groupe de démonstration")

    def read(self, page, name, content):
        """Chooses a file; where a group is open, it becomes a new one."""
        with page.expect_file_chooser() as chosen:
            page.get_by_role("button", name="Choisir un fichier…").click()
        chosen.value.set_files({"name": name, "mimeType": "application/zip", "buffer": content})
        begin = page.get_by_role("button", name="Nouveau groupe", exact=True)
        expect(begin.or_(page.locator(".report h2")).first).to_be_visible()
        if begin.is_visible():
            begin.click()
        expect(page.locator(".report h2").first).to_contain_text(name)

    def test_a_file_with_a_fault_leads_to_its_cell(self):
        page = self.page(screen="ouvrir")
        self.read(page, "bureau.zip", folder_as_zip(OFFICE, ("Liste des candidats.csv", b"0149201A", b"0000000X")))
        expect(page.get_by_role("heading", level=1)).to_have_text("bureau")
        fault = page.locator(".report .note.bad li").filter(has_text="0000000X")
        self.assert_accessible(page, "a report with a fault")
        fault.get_by_role("link").click()
        cell = page.locator(".cells td:focus")
        expect(cell).to_have_text("0000000X")
        self.assert_accessible(page, "a sheet with a fault")
        page.keyboard.press("Enter")
        page.keyboard.type("0149201A")
        page.keyboard.press("Enter")
        expect(page.locator(".note.good").first).to_contain_text("Aucune faute.")

    def test_a_question_is_answered_by_a_click_and_undone(self):
        page = self.page(screen="ouvrir")
        self.read(page, "questions.zip", folder_as_zip(QUESTIONS))
        asked = page.get_by_role("group", name="Quelle feuille est « Sites » ?")
        asked.get_by_role("button", name="Centres").click()
        expect(asked).to_have_count(0)
        page.get_by_role("button", name="Annuler").first.click()
        steps(page, "Données")
        expect(asked).to_be_visible()

    def test_what_is_no_workbook_makes_no_group(self):
        page = self.page(screen="ouvrir")
        with page.expect_file_chooser() as chosen:
            page.get_by_role("button", name="Choisir un fichier…").click()
        chosen.value.set_files({"name": "rien.xlsx", "mimeType": "application/zip", "buffer": b"PK nothing"})
        begin = page.get_by_role("button", name="Nouveau groupe", exact=True)
        said = page.get_by_text("rien.xlsx n’a pas pu être lu.")
        expect(begin.or_(said)).to_be_visible()
        if begin.is_visible():
            begin.click()
        expect(said).to_be_visible()
        expect(page.locator(".recent")).not_to_contain_text("rien")


class Data(Room):
    INSTANCE = PILOT

    def cell(self, page, row, title):
        heads = page.locator(".cells thead th")
        expect(heads.get_by_text(title, exact=True)).to_be_visible()
        at = heads.all_inner_texts().index(title)
        return page.locator(f".cells tr[data-row='{row}'] td").nth(at - 1)

    def test_a_cell_is_broken_found_and_mended_by_keyboard(self):
        page = self.page(screen="donnees/candidates")
        cell = self.cell(page, 13, "Établissement")
        right = cell.inner_text()
        cell.click()
        page.keyboard.press("Enter")
        page.keyboard.type("0000000X")
        page.keyboard.press("Enter")
        expect(page.locator(".messages")).to_contain_text("0000000X")
        expect(page.locator("#step-donnees .flag")).to_be_visible()
        # The next fault is found from anywhere, and what it wants is said.
        page.keyboard.press("Control+Home")
        page.keyboard.press("F8")
        expect(cell).to_be_focused()
        expect(page.locator("#cell-help")).to_contain_text("0000000X")
        page.keyboard.press("F2")
        page.keyboard.type(right)
        page.keyboard.press("Enter")
        expect(page.locator(".messages")).to_have_count(0)
        expect(page.locator("#step-donnees .flag")).to_have_count(0)
        # Both edits go, and come again.
        page.keyboard.press("Control+z")
        expect(page.locator(".messages")).to_contain_text("0000000X")
        page.keyboard.press("Control+z")
        expect(self.cell(page, 13, "Établissement")).to_have_text(right)
        expect(page.locator(".messages")).to_have_count(0)
        page.keyboard.press("Control+Shift+z")
        expect(page.locator(".messages")).to_contain_text("0000000X")
        page.keyboard.press("Control+z")

    def test_a_cell_is_edited_by_clicks(self):
        page = self.page(screen="donnees/candidates")
        cell = self.cell(page, 20, "Nom")
        before = cell.inner_text()
        cell.click()
        cell.click()
        field = page.locator(".cells input")
        expect(field).to_be_focused()
        field.fill("Nom nouveau")
        page.get_by_role("heading", name="Données").click()
        expect(self.cell(page, 20, "Nom")).to_have_text("Nom nouveau")
        page.locator("#undo").click()
        expect(self.cell(page, 20, "Nom")).to_have_text(before)

    def test_escape_changes_nothing(self):
        page = self.page(screen="donnees/candidates")
        cell = self.cell(page, 5, "Nom")
        before = cell.inner_text()
        cell.click()
        page.keyboard.type("x")
        page.keyboard.press("Escape")
        expect(cell).to_have_text(before)
        expect(cell).to_be_focused()

    def test_pages_search_and_a_new_row(self):
        page = self.page(screen="donnees/candidates")
        expect(page.locator(".pages")).to_contain_text("Lignes 1 à 100 sur 150")
        page.get_by_role("button", name="Lignes suivantes").click()
        expect(page.locator(".pages")).to_contain_text("Lignes 101 à 150 sur 150")
        page.get_by_role("searchbox", name="Chercher dans la feuille").fill("c0042")
        expect(page.locator(".pages")).to_contain_text("Lignes 1 à 1 sur 1")
        page.goto(f"{self.base}/#/donnees/rooms")
        expect(page.locator(".sheet-title")).to_have_text("Salles")
        expect(page.locator(".cells")).to_have_attribute("aria-label", "Salles")
        rows = page.locator(".cells tr[data-row]")
        before = rows.count()
        page.get_by_role("button", name="Ajouter une ligne").click()
        page.keyboard.type("0149715J")
        page.keyboard.press("Tab")
        expect(rows).to_have_count(before + 1)
        page.locator("#undo").click()
        expect(rows).to_have_count(before)

    def test_the_address_leads_to_a_cell(self):
        page = self.page(screen="donnees/candidates?row=140&column=Nom")
        expect(page.locator(".cells tr[data-row='140'] td:focus")).to_have_count(1)


class Feasible(Room):
    INSTANCE = TIGHT

    def test_need_against_supply_and_remedies(self):
        page = self.page(screen="faisable")
        expect(page.locator("table.need tbody tr").first).to_be_visible()
        page.get_by_label("Durée (secondes)").fill("2")
        page.get_by_role("button", name="Chercher").click()
        expect(page.get_by_role("heading", name="Ce qui aiderait")).to_be_visible(timeout=LONG)
        apply = page.get_by_role("button", name="Appliquer aux données")
        if apply.count():
            apply.first.click()
            expect(page.locator("#undo")).not_to_have_attribute("aria-disabled", "true")
            page.keyboard.press("Control+z")


class Planned(Room):
    """One group from its data to its papers, by clicks."""

    INSTANCE = PILOT

    def test_solve_adopt_send_and_keep_versions(self):
        page = self.page(screen="calculer")
        page.get_by_label("Durée (minutes)").fill("10")
        page.get_by_role("button", name="Lancer le calcul").click()
        expect(page.locator("svg.curve")).to_be_visible(timeout=LONG)
        # The page stays usable, and finds the job again.
        steps(page, "Données")
        expect(page.locator(".cells td").first).to_be_visible()
        steps(page, "Calculer")
        page.get_by_role("button", name="Arrêter et garder le meilleur").click()
        page.get_by_role("button", name="Adopter ce planning").click()
        expect(page.locator("#head")).to_contain_text("toutes les règles respectées")

        steps(page, "Versions")
        page.get_by_label("Nom de la version").fill("Premier planning")
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Rétablir : Premier planning")).to_be_visible()
        page.get_by_role("button", name="Comparer").click()
        expect(page.get_by_text("Personne ne change d’heure ni de lieu.")).to_be_visible()

        steps(page, "Envoyer")
        page.get_by_role("button", name=re.compile("^Voir")).first.click()
        expect(page.get_by_role("dialog")).to_be_visible()
        expect(page.locator(".paper")).not_to_be_empty()
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Publier ce planning…").click()
        page.get_by_role("dialog").get_by_role("button", name="Publier", exact=True).click()
        expect(page.get_by_text("Rien n’a changé depuis.")).to_be_visible()
        page.get_by_role("button", name="Préparer les documents").click()
        button = page.get_by_role("button", name="Télécharger")
        expect(button).to_be_visible(timeout=LONG)
        with page.expect_download() as got:
            button.click()
        with zipfile.ZipFile(io.BytesIO(got.value.path().read_bytes())) as papers:
            self.assertGreater(len(papers.namelist()), 100)

        # Back before the plan: the version brings it again.
        before = page.locator("#head .figures").inner_text()
        page.locator("#undo").click()
        page.locator("#undo").click()
        expect(page.locator("#head")).to_contain_text("pas encore de planning")
        steps(page, "Versions")
        page.get_by_role("button", name="Rétablir : Premier planning").click()
        page.get_by_role("dialog").get_by_role("button", name="Rétablir").click()
        expect(page.locator("#head .figures")).to_have_text(re.compile(re.escape(before.split("\n")[0])))


class Everybody(Room):
    INSTANCE, SCHEDULE = PILOT, best("pilot")

    def test_axe_finds_nothing_on_any_screen(self):
        # A wide table takes axe long and says no more than a narrow one.
        for viewport, scheme, locale in LOOKS:
            page = self.page(viewport, scheme, locale)
            for screen in SCREENS:
                page.goto(f"{self.base}/#/{screen}")
                expect(page.locator(f"section.{screen.split('/')[0]} {SCREENS[screen]}").first).to_be_visible()
                self.assert_accessible(page, (screen, viewport["width"], scheme, locale))

    def test_a_french_page_says_nothing_of_the_inside(self):
        page = self.page()
        # The sheets say what stands in the office's own workbook.
        for screen in [s for s in SCREENS if not s.startswith("donnees")]:
            page.goto(f"{self.base}/#/{screen}")
            expect(page.locator(f"section.{screen} {SCREENS[screen]}").first).to_be_visible()
            self.assert_in_french(page, screen)

    def test_convocations_are_shown_and_printed_without_pdf_too(self):
        page = self.page(screen="envoyer")
        page.evaluate("() => { window.print = () => { window.printed = [...document.querySelectorAll('.papers article')].map((a) => a.textContent); document.body.dataset.printed = window.printed.length; }; }")
        page.get_by_role("button", name="Voir : convocations des candidats, une page chacun").click()
        paper = page.get_by_role("dialog").locator(".paper")
        expect(paper).to_contain_text("Convocation aux épreuves orales")
        expect(paper).to_contain_text("Nom et prénom")
        self.assert_accessible(page, "a paper")
        self.assert_in_french(page, "a paper")
        page.get_by_role("button", name="Imprimer les 150 pages…").click()
        expect(page.locator("body")).to_have_attribute("data-printed", "150")
        printed = page.evaluate("printed")
        self.assertTrue(all("FICTIF" in text for text in printed))
        # On paper there is nothing else, and each on a page of its own.
        page.emulate_media(media="print")
        expect(page.locator("#head")).to_be_hidden()
        self.assertEqual(page.locator(".papers article").first.evaluate("a => getComputedStyle(a).breakAfter"), "page")

    def test_without_the_token_nothing_is_shown(self):
        window = self.browser.new_context(locale="fr-FR")
        self.addCleanup(window.close)
        page = window.new_page()
        page.goto(self.base)
        expect(page.get_by_role("heading", level=1)).to_have_text("Cette page demande son adresse complète")

    def test_the_token_leaves_the_address(self):
        page = self.page()
        self.assertNotIn("token", page.url)
        self.assertNotIn("token", page.evaluate("JSON.stringify(localStorage)"))

    def test_steps_by_keyboard_and_the_language(self):
        page = self.page(screen="ouvrir")
        page.keyboard.press("Tab")
        expect(page.locator("#skip")).to_be_focused()
        page.locator("#step-faisable").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Est-ce faisable ?")
        page.get_by_role("button", name="English").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Is it feasible?")
        expect(page.locator("html")).to_have_attribute("lang", "en")
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_have_text("Is it feasible?")

    def test_two_windows_see_the_same(self):
        one, two = self.page(screen="donnees/candidates"), self.page(screen="donnees/candidates")
        cell = one.locator(".cells tr[data-row='8'] td").nth(1)
        cell.click()
        one.keyboard.press("F2")
        one.keyboard.type("Vu des deux")
        one.keyboard.press("Enter")
        expect(two.locator(".cells tr[data-row='8'] td").nth(1)).to_have_text("Vu des deux")
        one.locator("#undo").click()
        expect(two.locator(".cells tr[data-row='8'] td").nth(1)).not_to_have_text("Vu des deux")


if __name__ == "__main__":
    unittest.main()
