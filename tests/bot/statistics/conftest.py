"""A real database with nothing in it."""

from storage_fixtures import fixtures_of_storage

globals().update(fixtures_of_storage("statistics"))
