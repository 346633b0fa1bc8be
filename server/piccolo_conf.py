"""What Piccolo asks for by name (`PICCOLO_CONF=server.piccolo_conf`)."""

from piccolo.conf.apps import AppRegistry

from server.kit.db import DB

__all__ = ["APP_REGISTRY", "DB"]

APP_REGISTRY = AppRegistry(apps=["server.piccolo_app"])
