"""What the program makes of a labelled set, and how often that is right, by task and language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from monitor.analysis.claims import extract_claims
from monitor.analysis.reading import read
from monitor.analysis.text import boundaries, fold
from monitor.analysis.topic import Topic
from monitor.items import Story
from monitor.stages import assess, find_claims, first_line, identify_language, tag_story
from tests.eval.scoring import Key, Score, people_found, people_labelled, things_found, things_labelled
from tests.eval.sets import Article, EvalSet

_READ_AT = datetime(2026, 11, 22, tzinfo=UTC)  # no measure depends on it


@dataclass(frozen=True)
class Measure:
    """A number that has a floor: the task it belongs to, and how it is read from a score."""

    task: str
    value: Callable[[Score], float]
    of: Callable[[Score], int] = lambda score: score.labelled


MEASURES: Mapping[str, Measure] = {
    "relevance_f1": Measure("relevance", lambda score: score.f1),
    "clash_f1": Measure("clash", lambda score: score.f1),
    "language_accuracy": Measure("language", lambda score: score.recall),
    "place_precision": Measure("places", lambda score: score.precision, lambda score: score.found),
    "place_recall": Measure("places", lambda score: score.recall),
    "claim_precision": Measure("claims", lambda score: score.precision, lambda score: score.found),
    "claim_recall": Measure("claims", lambda score: score.recall),
    "thing_precision": Measure("things", lambda score: score.precision, lambda score: score.found),
    "thing_recall": Measure("things", lambda score: score.recall),
}


@dataclass(frozen=True)
class Outcome:
    """What was made of one article: what was found and what should have been, task by task."""

    article: Article
    found: Mapping[str, Counter[Key]] = field(repr=False)
    labelled: Mapping[str, Counter[Key]] = field(repr=False)

    def faults(self) -> int:
        """How many things were found that are not there, or are there and were not found."""
        return sum(self.extra(task).total() + self.missed(task).total() for task in self.found)

    def extra(self, task: str) -> Counter[Key]:
        """What was found and is not labelled."""
        return self.found[task] - self.labelled[task]

    def missed(self, task: str) -> Counter[Key]:
        """What is labelled and was not found."""
        return self.labelled[task] - self.found[task]


def run(topic: Topic, chosen: EvalSet) -> list[Outcome]:
    """Put every article of the set through the stages a crawled story goes through.

    A set without labels for clashes holds texts cut out for their claims: those are read as reports of one.
    """
    names = place_names(topic)
    outcomes = []
    for article in chosen.articles:
        try:
            outcomes.append(_run(topic, article, chosen.tasks, names))
        except Exception as error:
            error.add_note(f"while reading {article.id} of the set {chosen.name}")
            raise
    return outcomes


def _run(topic: Topic, article: Article, tasks: frozenset[str], names: Mapping[str, set[str]]) -> Outcome:
    story = Story("", "", "eval", article.title or first_line(article.text), article.text, _READ_AT)
    identify_language(story)
    labels = {"claims": article.claims, "other_claims": article.other_claims}
    found: dict[str, Counter[Key]] = {"language": Counter({(story.language,): 1})}
    labelled: dict[str, Counter[Key]] = {"language": Counter({(article.language,): 1})}
    if "relevance" in tasks:
        assess(story, topic)
        tag_story(story, topic)
        find_claims(story, topic)
        found |= {"relevance": _flag(story.relevant), "clash": _flag(story.is_clash)}
        labelled |= {"relevance": _flag(article.relevant), "clash": _flag(article.clash)}
    else:
        story.claims = extract_claims(
            topic, read(topic, article.title, article.text, article.language), article.language
        )
    if "places" in tasks and article.clash and article.places is not None:
        places = [place.id for place in story.places]
        found["places"], labelled["places"] = compare_places(places, article.places, names)
    if "claims" in tasks:
        found |= {"claims": people_found(story.claims), "things": things_found(story.claims)}
        labelled |= {"claims": people_labelled(labels), "things": things_labelled(labels)}
    return Outcome(article, found, labelled)


def _flag(value: bool | None) -> Counter[Key]:
    return Counter({("yes",): 1}) if value else Counter()


def compare_places(
    found: Iterable[str], labelled: Iterable[str], names: Mapping[str, set[str]]
) -> tuple[Counter[Key], Counter[Key]]:
    """Found and labelled places under one name where a name of the one found is the label, in whatever spelling."""
    left, have, want = set(found), Counter[Key](), Counter[Key]()
    for label in labelled:
        same = {place for place in left if plain(label) in names[place]}
        want[(label,)] += 1
        have[(label,)] += bool(same)
        left -= same
    have.update((place,) for place in left)
    return +have, want


def plain(name: str) -> str:
    """A name as names are compared."""
    return boundaries(fold(name)).strip()


def place_names(topic: Topic) -> dict[str, set[str]]:
    """By id: all names of a place, as names are compared."""
    return {
        place.id: {plain(name) for name in (place.name, place.name.split(" (")[0], *sum(place.names.values(), ()))}
        for place in topic.places.values()
    }


def scores(outcomes: Iterable[Outcome]) -> dict[str, dict[str, Score]]:
    """Score by task and language, and under ``all``."""
    result: dict[str, dict[str, Score]] = {}
    for outcome in outcomes:
        for task, found in outcome.found.items():
            for name in ("all", outcome.article.language):
                result.setdefault(task, {}).setdefault(name, Score()).add(found, outcome.labelled[task])
    return result


def values(chosen: EvalSet, outcomes: Iterable[Outcome]) -> dict[str, dict[str, tuple[float, int]]]:
    """By measure and language: the value, and the number of labels (or, of precision, findings) it rests on.

    Left out where there are none.
    """
    tasks = scores(outcomes)
    result: dict[str, dict[str, tuple[float, int]]] = {}
    for name, measure in MEASURES.items():
        if measure.task not in chosen.tasks:
            continue
        by_language = {
            language: (measure.value(score), measure.of(score))
            for language, score in tasks.get(measure.task, {}).items()
            if measure.of(score)
        }
        result[name] = by_language
    return result
