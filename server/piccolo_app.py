"""One Piccolo app over the whole database: its migrations."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

APP_CONFIG = AppConfig(
    app_name="leitai",
    migrations_folder_path=str(Path(__file__).parent.parent / "migrations"),
    table_classes=[],
    migration_dependencies=[],
)
