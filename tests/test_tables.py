"""A new database gets at once what an older one gets by its migrations."""

from pathlib import Path

import shouwen
from tests.installation import prepared

MIGRATIONS = Path(shouwen.__file__).parent.glob("*/migrations/*.py")


def test_a_new_database_lacks_no_migration(tmp_path: Path) -> None:
    """That they lead to what the models say is Django's word: `makemigrations --check` asks it."""
    new = prepared(tmp_path)
    assert "[ ]" not in new.run("django-admin", "showmigrations")
    assert new.run("migrate") == ""


def test_the_search_index_is_all_that_no_model_describes() -> None:
    """Another one belongs into `tables.create_tables` too."""
    does_more = [path for path in MIGRATIONS if "migrations.Run" in path.read_text()]
    assert [path.name for path in does_more] == ["0002_search_index.py"]
