"""Two stores, who works there, customers, and a plan with one coupon of each kind."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from server.coupons import codes, commands
from server.coupons.commands import Sale
from server.kit import crypto, db, ids
from server.people import stores
from server.people.stores import Store
from tests.support.cast import DESK, bring_in, launch, person_id
from tests.support.services import Clock

# A Monday, 10:00 in Shanghai.
MORNING = datetime(2026, 11, 23, 2, tzinfo=UTC)

STAFF = [
    ("TILL", "丁店员", "staff", "华东/滨江店", "", "store"),
    ("TILL2", "董店员", "staff", "华东/滨江店", "", "store"),
    ("BOSS", "包店长", "supervisor", "华东/滨江店", "", "store_manager"),
    ("WEST", "魏店员", "staff", "华西/光谷店", "", "store"),
]
RIVERSIDE, OPTICS = "华东/滨江店", "华西/光谷店"

PLAN = """
[plan]
id = "shop"
version = {version}
timezone = "Asia/Shanghai"
title = {{ zh_Hans = "券", zh_Hant = "券", en = "Coupons" }}

[coupons.welcome]
title = {{ zh_Hans = "新客见面礼", zh_Hant = "新客見面禮", en = "Welcome" }}
kind = "amount"
value = 20000
first_order_only = true
valid_days = 30

[coupons.thanks]
title = {{ zh_Hans = "感谢券", zh_Hant = "感謝券", en = "Thank you" }}
kind = "amount"
value = 20000
least_order = {least_order}
valid_days = 90

[coupons.tenth]
title = {{ zh_Hans = "九折券", zh_Hant = "九折券", en = "A tenth off" }}
kind = "percent"
rate = "9/10"
most_off = 50000
valid_days = 30
stores = ["华东"]

[coupons.pack]
title = {{ zh_Hans = "欢迎礼包", zh_Hant = "歡迎禮包", en = "Welcome pack" }}
kind = "gift"
gives = {{ zh_Hans = "收纳三件套", zh_Hant = "收納三件組", en = "A set of boxes" }}
valid_days = 30

[coupons.fee]
title = {{ zh_Hans = "服务费减免", zh_Hant = "服務費減免", en = "Service fee" }}
kind = "fee"
rate = "0/1"
months = 3
valid_days = 60
"""


async def open_shop(clock: Clock, at: datetime = MORNING, least_order: int = 50000) -> None:
    """Bring the staff in and launch the plan at a moment."""
    await clock.set(at)
    await bring_in([*STAFF, *DESK])
    await launch(PLAN.format(version=1, least_order=least_order))


async def customer(phone: str = "13812341234", name: str = "周女士") -> UUID:
    """Somebody from outside who has confirmed their phone."""
    id_, number = ids.new_id(), crypto.normal_phone(phone)
    await db.execute(
        "INSERT INTO person (id, code, name, kind) VALUES ($1, $2, $3, 'customer')",
        id_, f"C-{id_}", name,
    )  # fmt: skip
    sealed = crypto.seal(number, "person_phone", "ciphertext", str(id_))
    await db.execute(
        "INSERT INTO person_phone (person, blind_index, ciphertext, wrapped_key)"
        " VALUES ($1, $2, $3, $4)",
        id_, crypto.blind_index(number), sealed.ciphertext, sealed.wrapped_key,
    )  # fmt: skip
    return id_


async def give(holder: UUID, rule: str = "welcome", **more: Any) -> UUID:
    """Issue a coupon of the plan."""
    more = {"source": "gift", "reference": str(ids.new_id())} | more
    return await commands.issue(holder, "shop", 1, rule, **more)


async def the_store(path: str = RIVERSIDE) -> Store:
    return next(each for each in await stores.stores() if each.path == path)


def qr(coupon: UUID) -> bytes:
    """What the database finds a coupon by when its QR code is scanned."""
    return codes.index_of(codes.token_of(coupon))


async def sale(
    receipt: str, amount: int = 128000, by: str = "TILL", store: str = RIVERSIDE
) -> Sale:
    return Sale(await the_store(store), receipt, amount, await person_id(by), "till")


async def state_of(coupon: UUID) -> str:
    return str(await db.value("SELECT state FROM coupon WHERE id = $1", coupon))
