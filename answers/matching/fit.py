"""Read the shipped texts and fit the weights to them: `python -m answers.matching.fit`.

To be run after the library's questions, the glossary or the encoder have changed; a test says when.
"""

from answers.catalog import load
from answers.matching.examples import load_examples
from answers.matching.families import Families
from answers.matching.fitted import PREPARED, Fitted, save_fitted
from answers.matching.glossary import load_glossary
from answers.matching.index import Index
from answers.matching.methods import MEANING, WORDS, open_tools
from answers.matching.model import Model, fit_weights
from answers.matching.shelf import group_texts, texts_digest


def main() -> None:
    """Write `prepared.npz` and `fitted.json`."""
    catalog, examples = load(), load_examples()
    titles = {entry.id: entry.title for entry in catalog}
    models: dict[str, Model] = {}
    digest = ""
    for method in (MEANING, WORDS):
        texts = (text for entry in catalog for text in (entry.title, *entry.phrasings))
        tools = open_tools(method, load_glossary(), examples, texts, prepared=False)
        groups = group_texts(catalog, examples, titles, tools.reader)
        index = Index(groups[:-1], groups[-1])
        families = Families(index.ids, {entry.id: entry.part_of for entry in catalog})
        digest = texts_digest(groups, families, examples, tools.reader)
        models[method] = fit_weights(index, families, tools.rehearsal)
        if method == MEANING:
            tools.reader.save(PREPARED)
    save_fitted(
        Fitted(
            titles=titles,
            texts=digest,
            ranking={method: model.ranking for method, model in models.items()},
            gate={method: model.gate for method, model in models.items()},
        )
    )


if __name__ == "__main__":
    main()
