"""Every page of leads."""

from server.leads import (
    blacklist_pages,
    customer_pages,
    desk_pages,
    door_pages,
    form_pages,
    number_pages,
    passport_pages,
)

routes = [
    *form_pages.routes,
    *door_pages.routes,
    *desk_pages.routes,
    *blacklist_pages.routes,
    *passport_pages.routes,
    *customer_pages.routes,
    *number_pages.routes,
]
