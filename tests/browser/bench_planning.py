"""How quick the Planning screen is, with real pointer and keys: a table in Markdown.

    python tests/browser/bench_planning.py [PICKS] [INSTANCE …]

Times are taken in the page, from the input event to the frame that shows what came of it.
"""

import gzip
import os
import platform
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from room import CHROMIUM, ORAUX, TOP, WIDE

#: From an event to the frame after the page's own sign of having drawn.
WATCH = """
window.taken = {};
const after = (name, began) => requestAnimationFrame(() => {
  const frame = new MessageChannel();
  frame.port1.onmessage = () => (window.taken[name] ||= []).push(performance.now() - began);
  frame.port2.postMessage(0);
});
const until = (name, event, drawn) => {
  const began = event.timeStamp;
  const watch = new MutationObserver(() => { if (drawn()) { watch.disconnect(); after(name, began); } });
  watch.observe(document.body, { subtree: true, attributes: true, childList: true });
};
document.addEventListener('pointerdown', (event) => {
  const cell = event.target.closest?.('.pl-sit');
  const paint = () => document.querySelector('.pl-paint');
  if (cell && paint()?.hidden) until('pick', event, () => !paint().hidden);
  else if (paint() && !paint().hidden && event.target.closest('.pl-space')) {
    const held = document.querySelector('.pl-held');
    if (held) addEventListener('pointerup', (up) => until('drop', up, () => !held.isConnected), { once: true });
  }
  const date = event.target.closest?.('.pl-date');
  if (date) addEventListener('click', (click) => {
    const named = () => document.querySelector('.pl-grid')?.getAttribute('aria-label');
    const was = named();
    until('day', click, () => named() !== was);
  }, { once: true, capture: true });
}, true);
document.addEventListener('keydown', (event) => {
  if (!event.ctrlKey || event.key !== 'z') return;
  const moved = document.querySelector('.pl-sit:focus') || document.querySelector(window.last);
  if (moved) until('undo', event, () => !moved.isConnected);
}, true);
"""

FRAMES = """() => new Promise((done) => {
  const node = document.querySelector('.pl-scroll');
  const frames = [];
  let last = 0;
  const next = (now) => {
    if (last) frames.push(now - last);
    last = now;
    node.scrollTop = (frames.length * 23) % Math.max(1, node.scrollHeight - node.clientHeight);
    node.scrollLeft = (frames.length * 17) % Math.max(1, node.scrollWidth - node.clientWidth);
    if (frames.length < 300) requestAnimationFrame(next);
    else done(frames);
  };
  requestAnimationFrame(next);
})"""


def said(times):
    times = sorted(times)
    return f"{times[len(times) // 2]:.0f} / {times[int(len(times) * 0.95)]:.0f} / {times[-1]:.0f}" if times else "–"


def measure(browser, instance, picks):
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        schedule = folder / "schedule.json"
        schedule.write_bytes(gzip.decompress(next((TOP / "instances" / "best").glob(f"{instance}-*.json.gz")).read_bytes()))
        source = next(p for p in (TOP / "instances").glob(f"{instance}.json*"))
        home = {**os.environ, "HOME": str(folder), "XDG_STATE_HOME": str(folder / "state")}
        project = folder / "group.oraux"
        subprocess.run([ORAUX, "project", "--new", project, "--instance", source, "--schedule", schedule], check=True, env=home, capture_output=True)
        server = subprocess.Popen([ORAUX, "serve", project, "--port", "0", "--no-open"], stdout=subprocess.PIPE, text=True, env=home)
        try:
            url = server.stdout.readline().strip()
            base, token = re.fullmatch(r"(http://[^/]+)/#token=(.+)", url).groups()
            window = browser.new_context(viewport=WIDE, locale="fr-FR")
            page = window.new_page()
            page.add_init_script(f"sessionStorage.setItem('oraux.token', '{token}')")
            page.add_init_script(WATCH)
            page.goto(f"{base}/#/planning")
            page.wait_for_selector(".pl-sit")
            for i in range(picks):
                cell = page.locator(".pl-sit").nth(i % page.locator(".pl-sit").count())
                cell.scroll_into_view_if_needed()
                box = cell.bounding_box()
                page.mouse.click(box["x"] + 2, box["y"] + 8)
                page.wait_for_selector(".pl-paint:not([hidden])")
                page.wait_for_timeout(40)
                page.keyboard.press("Escape")
                page.wait_for_timeout(20)
            moves(page, min(20, picks))
            for _ in range(2):
                for date in page.locator(".pl-date:not([disabled])").all():
                    date.click()
                    page.wait_for_timeout(250)
            frames = page.evaluate(FRAMES)
            taken = page.evaluate("taken")
            memory = next((int(line.split()[1]) // 1024 for line in Path(f"/proc/{server.pid}/status").read_text().splitlines() if line.startswith("VmHWM")), 0)
            window.close()
            return [instance, *(said(taken.get(name, [])) for name in ("pick", "drop", "undo", "day")), said(frames), f"{memory} MB"]
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(10)
            server.stdout.close()


def moves(page, times):
    """Moves sittings to an allowed place by the arrows, drops them by a click, takes it back by Ctrl+Z."""
    for i in range(times):
        cell = page.locator(".pl-sit").nth(i)
        cell.focus()
        key = cell.get_attribute("data-key")
        page.keyboard.press("Enter")
        ghost = page.locator(".pl-ghost")
        ghost.wait_for()
        was = ghost.get_attribute("aria-label")
        for arrow in ("ArrowRight", "ArrowDown", "ArrowUp", "ArrowLeft"):
            page.keyboard.press(arrow)
            if ghost.get_attribute("aria-label") != was:
                break
        else:
            page.keyboard.press("Escape")
            continue
        box = ghost.bounding_box()
        page.mouse.move(box["x"] + 1, box["y"] + box["height"] / 2)
        page.mouse.down()
        page.mouse.up()
        page.wait_for_timeout(400)
        if page.locator(".pl-paint:not([hidden])").count():
            page.keyboard.press("Escape")
            continue
        page.evaluate("key => { window.last = `[data-key=\"${CSS.escape(key)}\"]`; }", key)
        page.keyboard.press("Control+z")
        page.wait_for_timeout(400)


if __name__ == "__main__":
    picks = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores; median / 95 % / worst in ms\n")
    print("| group | pick to prices | drop to drawn | undo to drawn | another day | frames while scrolling | server's memory |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for name in sys.argv[2:] or ["pilot", "national"]:
            print("| " + " | ".join(measure(chromium, name, picks)) + " |", flush=True)
