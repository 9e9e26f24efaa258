"""People called by no party, and others who are counted with them: civilians, as far as the words around say so."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.analysis.grammar import View
from monitor.analysis.heads import ANYBODY
from monitor.analysis.lexicon import Word
from monitor.analysis.losses import Loss
from monitor.analysis.sides import UNKNOWN, Scene, events_of

_MIXED_CIVILIAN = "civilian_any"
INCLUDED = 5
_FROM_AFAR = frozenset({"shelling", "air_strike", "drone_strike"})
_LIVED_IN = frozenset({"houses", "public_buildings", "shops"})
_AMBIGUOUS = "ambiguous"
_DISPLACED = "displaced"


def included_in(view: View, loss: Loss) -> set[str]:
    """The parties said to be among those counted: "45 attackers, among them members of …"."""
    before = loss.mention.first
    if view.language == "en" and view.has("amid", before - 1, before):  # "two soldiers were among seven people hurt"
        return {span.entry.means for span in view.of("party") if span.last < before and isinstance(span.entry, Word)}
    for roles, first, last in view.phrases:
        if "subset_after" in roles and 0 <= first - loss.mention.last <= INCLUDED:
            end = _list_end(view, last)
            near = [span.entry for span in view.of("party") if last <= span.first <= end]
            return {word.means for word in near if isinstance(word, Word)}
        if "subset_before" in roles and view.language == "en" and 2 <= first - loss.mention.last <= 3:
            comma = next((at for at in range(last, len(view.words)) if "comma" in view.roles[at]), len(view.words))
            end = min(comma, last + INCLUDED + 1)
            near = [span.entry for span in view.of("party") if last <= span.first < end]
            return {word.means for word in near if isinstance(word, Word)}
        if "subset_before" in roles and 0 <= loss.mention.first - last <= 1:
            near = [span.entry for span in view.of("party") if first - INCLUDED <= span.first < first]
            return {word.means for word in near if isinstance(word, Word)}
    return set()


def _list_end(view: View, first: int) -> int:
    """The last token that a list from ``first`` on may reach: it ends at a comma behind its "and"."""
    end = min(first + INCLUDED, len(view.words) - 1)
    closing = False
    for at in range(first, end):
        if closing and "comma" in view.roles[at]:
            return at
        closing = closing or "and" in view.roles[at]
    return end


def of_several(view: View, loss: Loss, scene: Scene) -> bool:
    """Whether it is then told who those counted were, and not all were civilians: "eight: six soldiers and two …"."""
    last = max(loss.mention.last, loss.outcome.last)
    if not view.has("colon", last, last + 1):
        return False
    words = [span.entry for span in view.of("party") if span.first > last and isinstance(span.entry, Word)]
    kinds = {word.means for word in words if word.side != ANYBODY}
    return scene.civilians in kinds and len(kinds) > 1


def of_all(earlier: list[str], included: set[str], scene: Scene) -> str:
    """The party of others counted after those told of: nobody knows which, where they are of several."""
    mixed = included & scene.troops if earlier[-1] == scene.civilians else scene.civilians in included
    return earlier[-1] if len(set(earlier)) == 1 and not mixed else UNKNOWN


def people(loss: Loss, view: View, scene: Scene, earlier: list[str]) -> str:
    """Civilians where the words around say so, else unknown: people may be anybody."""
    troops = scene.troops
    if loss.word.means == _DISPLACED:
        return scene.civilians
    if troops & set(earlier):
        return UNKNOWN
    if included_in(view, loss) & {*troops, _AMBIGUOUS}:
        return UNKNOWN
    kinds = {word.side for word in _party_words(view) if word.means == scene.civilians}
    if kinds and not (_MIXED_CIVILIAN in kinds and _has_part(view)):
        return scene.civilians
    if _is_plain_noun(view, loss):
        return scene.civilians
    if (
        view.has("bombing", 0, len(view.words))
        or events_of(view, _FROM_AFAR)
        or _lived_in(view)
        or (scene.from_afar and not events_of(view, frozenset({"armed_clash"})))
    ):
        return scene.civilians
    return scene.civilians if scene.told == {scene.civilians} else UNKNOWN


def _is_plain_noun(view: View, loss: Loss) -> bool:
    """Whether an English noun is counted that says nothing of arms: those who bear them are called by known words."""
    mention = loss.mention
    if view.language != "en" or mention.head is not None or mention.bare or mention.others or mention.own:
        return False
    last = mention.last - 1
    if last < mention.quantity.last or view.roles[last] or not view.words[last].endswith("s"):
        return False
    return view.text[view.starts[last]].islower()


def _party_words(view: View) -> Iterator[Word]:
    for span in view.of("party"):
        if isinstance(span.entry, Word):
            yield span.entry


def _has_part(view: View) -> bool:
    return any(role in roles for roles, _, _ in view.phrases for role in ("subset_after", "subset_before"))


def _lived_in(view: View) -> bool:
    speakers = view.of("speaker")
    for span in view.of("object"):
        if isinstance(span.entry, Word) and span.entry.means in _LIVED_IN:
            target = view.has("onto", span.first - 3, span.last + 1)
            if target or not any(other.first <= span.first < other.last for other in speakers):
                return True
    return False
