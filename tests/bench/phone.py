"""How the app feels on a phone: Lighthouse 13 with its mobile preset, and a start without network.

Five pages of a demo company in the middle of a battle, three runs each. Told are the worst medians,
a line for each page, and how soon Today stands there when there is no server any more.
"""

import gzip
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import httpx
from playwright.sync_api import BrowserContext, Page, Playwright, sync_playwright

from server.config import CHECKOUT
from server.kit import embedded
from server.kit.assets import BUILD
from tests.bench.fanout import PEERS, install_peers, node
from tests.bench.frames import free_port
from tests.support.live import PHONE, chromium_options

RUNS: Final = 3
STARTS: Final = 5
PATIENCE_S: Final = 600
CPU_SLOWER: Final = 4
EMPLOYEE: Final = "K302"
KILO: Final = 1024
LIGHTHOUSE: Final = PEERS / "node_modules" / "lighthouse" / "cli" / "index.js"
SCORES: Final = {"perf": "performance", "a11y": "accessibility", "best": "best-practices"}
TIMES: Final = {
    "lcp_ms": "largest-contentful-paint",
    "tbt_ms": "total-blocking-time",
    "cls": "cumulative-layout-shift",
}
SIZES: Final = {"js_kb": "Script", "css_kb": "Stylesheet", "font_kb": "Font"}
CONTENT: Final = """() => new Promise((done) => new PerformanceObserver(
    (seen) => done(seen.getEntries().at(-1).startTime)
).observe({ type: "largest-contentful-paint", buffered: true }))"""
KEPT: Final = "caches.open('pages').then(each => each.match('/')).then(Boolean)"


def run() -> dict[str, Any]:
    """Measure; returns figures of the worst page, one line a page, and the offline start."""
    install_peers()
    with sync_playwright() as play, embedded.throwaway("bench-phone") as services:
        browser = play.chromium.launch(**chromium_options())
        phone = browser.new_context(**PHONE)
        with _demo(services) as origin, httpx.Client(base_url=origin, trust_env=False) as client:
            sid = _become(client, origin)
            pages = {
                name: _look(play, origin + path, who)
                for name, (path, who) in _pages(client, sid).items()
            }
            phone.add_cookies([{"name": "sid", "value": sid, "url": origin}])
            _keep(phone.new_page(), origin)
        # The demo has ended: what is shown from here on was kept by the phone.
        starts = [_start(phone, origin) for _ in range(STARTS)]
        browser.close()
    return {
        **_worst(list(pages.values())),
        "phone_worker_kb": _kb((BUILD / "service_worker.js").read_bytes()),
        "phone_offline_start_ms": round(statistics.median(starts)),
        **{f"phone_{name}": _line(page) for name, page in pages.items()},
    }


def _worst(pages: list[dict[str, float]]) -> dict[str, float]:
    """Return each figure of the page that does worst in it: low scores, long times, many bytes."""
    return {
        f"phone_{name}": (min if name in SCORES else max)(page[name] for page in pages)
        for name in pages[0]
    }


def _line(page: dict[str, float]) -> str:
    return " ".join(
        f"{name.removesuffix('_kb').removesuffix('_ms')}={figure:g}"
        for name, figure in page.items()
    )


@contextmanager
def _demo(services: embedded.Services) -> Iterator[str]:
    """Run a demo company with colleagues at work; gives its origin."""
    port = free_port()
    named = {"DATABASE_URL": services.database_url, "REDIS_URL": services.redis_url}
    process = subprocess.Popen(
        [str(Path(sys.executable).parent / "leitai"), "demo"],
        cwd=CHECKOUT,
        env=os.environ | named | {"PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait_for(origin := f"http://127.0.0.1:{port}")
        yield origin
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(60)


def _wait_for(origin: str) -> None:
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE_S:
        try:
            httpx.get(f"{origin}/cast", timeout=PATIENCE_S, trust_env=False).raise_for_status()
        except httpx.TransportError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("the demo did not start")


def _become(client: httpx.Client, origin: str) -> str:
    """Step into the employee of the cast; returns their session."""
    answer = client.post("/demo/become", data={"person": EMPLOYEE}, headers={"Origin": origin})
    return answer.cookies["sid"]


def _pages(client: httpx.Client, sid: str) -> dict[str, tuple[str, str]]:
    """Return name → (path, session or nothing for a stranger)."""
    client.cookies.set("sid", sid)
    battle = _first(r"/battles/[0-9a-f-]{36}(?=\")", client.get("/").text)
    offer = _first(r"/r/\w+", client.get("/cast").text)
    return {
        "home": ("/", sid),
        "battle": (battle, sid),
        "wallet": ("/wallet", sid),
        "offer": (offer, ""),
        "report": ("/actions/new", sid),
    }


def _first(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    if found is None:
        raise RuntimeError(f"the demo has no {pattern}")
    return found[0]


def _look(play: Playwright, url: str, sid: str) -> dict[str, float]:
    """Return the medians of one page."""
    runs = [_figures(_lighthouse(play, url, sid)) for _ in range(RUNS)]
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def _lighthouse(play: Playwright, url: str, sid: str) -> dict[str, Any]:
    chromium = chromium_options()["executable_path"] or play.chromium.executable_path
    with TemporaryDirectory() as folder:
        told = Path(folder, "told.json")
        subprocess.run(
            [
                node(), str(LIGHTHOUSE), url, "--quiet", "--output=json", f"--output-path={told}",
                f"--only-categories={','.join(SCORES.values())}",
                f"--extra-headers={json.dumps({'Cookie': f'sid={sid}'} if sid else {})}",
                "--chrome-flags=--headless=new --no-sandbox",
            ],
            env=os.environ | {"CHROME_PATH": chromium}, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        report: dict[str, Any] = json.loads(told.read_text())
    return report


def _figures(report: dict[str, Any]) -> dict[str, float]:
    audits, host = report["audits"], httpx.URL(report["finalDisplayedUrl"]).host
    sent = audits["network-requests"]["details"]["items"]
    sizes = {
        name: sum(each["transferSize"] for each in sent if each.get("resourceType") == kind)
        for name, kind in SIZES.items()
    }
    return {
        **{name: round(report["categories"][key]["score"] * 100) for name, key in SCORES.items()},
        **{name: round(audits[key]["numericValue"], 3) for name, key in TIMES.items()},
        **{name: round(size / KILO, 1) for name, size in sizes.items()},
        "third_parties": len({httpx.URL(each["url"]).host for each in sent} - {host, ""}),
    }


def _keep(page: Page, origin: str) -> None:
    """Visit Today until the worker has kept it."""
    page.goto(origin)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.wait_for_function(KEPT)
    page.close()


def _start(phone: BrowserContext, origin: str) -> float:
    """Return the ms from nothing to the content of Today, on a slow phone, its worker asleep."""
    page = phone.new_page()
    session = phone.new_cdp_session(page)
    session.send("ServiceWorker.enable")
    session.send("ServiceWorker.stopAllWorkers")
    session.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWER})
    page.goto(origin, wait_until="commit")
    page.locator(".hero-line").wait_for()
    shown: float = page.evaluate(CONTENT)
    page.close()
    return shown


def _kb(body: bytes) -> float:
    return round(len(gzip.compress(body, 9)) / KILO, 1)
