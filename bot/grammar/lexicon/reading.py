"""The data files of the lexicon, read once."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from pydantic import TypeAdapter

from answers import strict_yaml
from answers.entry import Source
from bot.grammar.lexicon.entry import Explanation, ExplanationForm, Key, Sources

_FOLDER = Path(__file__).parent
_SOURCES = "sources.yaml"
_FORMS = TypeAdapter(dict[Key, ExplanationForm])


@cache
def explanations() -> Mapping[str, Explanation]:
    """Return the explanation of every word of the grammar by its key.

    They are part of the program: what is wrong with a file is its author's error, which the tests find.
    """
    sources = _sources()
    found: dict[str, Explanation] = {}
    for path in sorted(_FOLDER.glob("*.yaml")):
        if path.name == _SOURCES:
            continue
        for key, form in _FORMS.validate_python(_load(path)).items():
            if key in found:
                raise ValueError(f"{path.name} explains {key} a second time; remove one.")
            found[key] = _explanation(key, form, sources)
    return MappingProxyType(found)


def _explanation(key: str, form: ExplanationForm, sources: Mapping[str, Source]) -> Explanation:
    if unknown := [name for name in form.sources if name not in sources]:
        raise ValueError(f"{key} names the source {unknown[0]}, which {_SOURCES} does not have.")
    return Explanation(
        key=key,
        name=form.name,
        text=form.text,
        gradient=form.gradient,
        formula=form.formula,
        try_=form.try_,
        shows=tuple(form.shows),
        sources=tuple(sources[name] for name in form.sources),
        related=tuple(form.related),
    )


def _sources() -> dict[str, Source]:
    forms = TypeAdapter(Sources).validate_python(_load(_FOLDER / _SOURCES))
    return {name: Source(**form.model_dump()) for name, form in forms.items()}


def _load(path: Path) -> object:
    document = strict_yaml.load(path.read_text(encoding="utf-8"))
    if document.twice:
        key, line = document.twice[0]
        raise ValueError(f"{path.name} has {key} twice, again in line {line}; remove one.")
    return document.data
