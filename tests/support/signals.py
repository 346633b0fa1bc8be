"""A phone on its way through bad networks: what waits on it, when its worker is there, its clock."""

from typing import Any

from playwright.async_api import CDPSession, Page

from server.people import sessions
from tests.support.cast import person_id

QUEUE = """async () => {
  const db = await new Promise((done, failed) => {
    const opening = indexedDB.open("leitai");
    opening.onsuccess = () => done(opening.result);
    opening.onerror = failed;
  });
  const all = await new Promise((done) => {
    const asking = db.transaction("queue").objectStore("queue").getAll();
    asking.onsuccess = () => done(asking.result);
  });
  db.close();
  return all.map(({ owner, title, refused }) => ({ owner, title, refused: refused ?? null }));
}"""


async def sit_down(phone: Page, site: str, code: str) -> None:
    """Sign somebody in on this phone, whoever was signed in before."""
    opened = await sessions.start_session(await person_id(code))
    await phone.context.add_cookies([{"name": "sid", "value": opened.token, "url": site}])


async def open_kept(phone: Page, path: str) -> None:
    """Open a page twice: first for the worker to be there, then for it to keep the page."""
    await phone.goto(path)
    await phone.evaluate("navigator.serviceWorker.ready")
    await phone.goto(path)
    await phone.wait_for_function(
        "async () => !!navigator.serviceWorker.controller && !!(await caches.match(location.href))"
    )


async def queue_on(phone: Page) -> list[dict[str, Any]]:
    """Return what the phone's queue holds of everybody, as the phone stores it."""
    found: list[dict[str, Any]] = await phone.evaluate(QUEUE)
    return found


async def wake_worker(phone: Page) -> None:
    """Let the browser say to the worker that there is a network, as it does without any page."""
    protocol: CDPSession = await phone.context.new_cdp_session(phone)
    found: list[dict[str, Any]] = []

    def note(event: dict[str, Any]) -> None:
        found.append(event)

    protocol.on("ServiceWorker.workerRegistrationUpdated", note)
    await protocol.send("ServiceWorker.enable")
    origin = await phone.evaluate("location.origin")
    [registration] = {
        each["registrationId"]
        for event in found
        for each in event["registrations"]
        if each["scopeURL"].startswith(origin) and not each["isDeleted"]
    }
    await protocol.send(
        "ServiceWorker.dispatchSyncEvent",
        {
            "origin": origin,
            "registrationId": registration,
            "tag": "outbox",
            "lastChance": False,
        },
    )
