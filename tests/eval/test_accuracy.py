"""The gate under accuracy: no measure of any set may be under its floor, and no floor is lowered quietly."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from monitor.analysis.topic import Topic
from tests.eval.floors import FLOORS, Floors, Pinned, QuietLoweringError, below, pin, read_floors, write_floors
from tests.eval.kinds import kinds
from tests.eval.measures import Outcome, run, values
from tests.eval.scoring import Key
from tests.eval.sets import Article, EvalSet, load_sets
from tests.paths import ROOT

SETS = {chosen.name: chosen for chosen in load_sets()}
PINNED = read_floors()
NAMES = sorted({*SETS, *PINNED.sets})
TODAY = date(2026, 1, 1)
AGAIN = "run `python -m tests.eval --pin` and look at what it says"


@pytest.fixture(scope="module")
def topic() -> Topic:
    return Topic.load(ROOT / "seeds")


@pytest.fixture(params=NAMES)
def chosen(request: pytest.FixtureRequest) -> EvalSet:
    if request.param not in SETS:
        pytest.skip(f"the set {request.param} is not part of the project and not beside it")
    return SETS[request.param]


def test_set_is_the_one_that_was_pinned(chosen: EvalSet) -> None:
    assert chosen.name in PINNED.sets, f"no floors for {chosen.name}: {AGAIN}"
    assert chosen.sha256 == PINNED.sets[chosen.name].sha256, f"{chosen.name} has changed: {AGAIN}"


def test_accuracy_holds(chosen: EvalSet, topic: Topic) -> None:
    measured = values(chosen, run(topic, chosen))
    under = below(PINNED.sets[chosen.name].floors, measured)
    assert not under, f"{chosen.name}: " + "; ".join(under)
    unpinned = {(m, lang) for m, found in measured.items() for lang in found}
    unpinned -= {(m, lang) for m, floors in PINNED.sets[chosen.name].floors.items() for lang in floors}
    assert not unpinned, f"no floor under {sorted(unpinned)}: {AGAIN}"


def test_documentation_is_about_this_set(chosen: EvalSet) -> None:
    text = (ROOT / "docs" / "accuracy.md").read_text(encoding="utf-8")
    assert f"`{chosen.sha256[:12]}`" in text, f"docs/accuracy.md knows another {chosen.name}: {AGAIN}"


def test_no_floor_was_edited_by_hand() -> None:
    assert PINNED.seal == PINNED.sealed(), f"{FLOORS.name} does not fit its seal: {AGAIN}"
    assert all(low.reason.strip() for low in PINNED.lowered), "a floor was lowered and nobody said why"


def floors(value: float, sha256: str = "a") -> Floors:
    return Floors({"own": Pinned(sha256, {"clash_f1": {"all": value}})})


def measured(value: float, sha256: str = "a") -> dict[str, tuple[str, dict[str, dict[str, tuple[float, int]]]]]:
    return {"own": (sha256, {"clash_f1": {"all": (value, 100)}})}


def floor(pinned: Floors) -> float:
    return pinned.sets["own"].floors["clash_f1"]["all"]


def test_floors_rise_and_hold() -> None:
    assert floor(pin(floors(0.80), measured(0.95), "", TODAY)) == pytest.approx(0.93, abs=0.001)
    assert floor(pin(floors(0.94), measured(0.95), "", TODAY)) == 0.94


def test_floor_is_not_lowered_quietly() -> None:
    with pytest.raises(QuietLoweringError, match=r"own clash_f1\.all 0\.94 -> 0\.8"):
        pin(floors(0.94), measured(0.90), "", TODAY)


@pytest.mark.parametrize(("sha256", "given", "told"), [("b", "", "the set has changed"), ("a", "rule 6", "rule 6")])
def test_lowered_floor_is_written_down(sha256: str, given: str, told: str) -> None:
    new = pin(floors(0.94), measured(0.90, sha256), given, TODAY)
    assert floor(new) < 0.94
    assert [(low.name, low.reason) for low in new.lowered] == [("own", told)]
    assert new.lowered[0].floors == (f"clash_f1.all 0.94 -> {floor(new)}",)


def test_absent_set_keeps_its_floors() -> None:
    assert pin(floors(0.94), {}, "", TODAY).sets == floors(0.94).sets


def test_floors_file_keeps_everything_and_shows_an_edit(tmp_path: Path) -> None:
    new = pin(floors(0.94), measured(0.90), 'a "reason"', TODAY)
    write_floors(new, tmp_path / "floors.toml")
    assert read_floors(tmp_path / "floors.toml") == new
    text = (tmp_path / "floors.toml").read_text().replace(str(floor(new)), "0.5")
    (tmp_path / "floors.toml").write_text(text)
    edited = read_floors(tmp_path / "floors.toml")
    assert floor(edited) == 0.5 and edited.seal != edited.sealed()


def test_kinds_of_faults_pair_findings_with_labels() -> None:
    found: list[Key] = [
        (3, "civilians", "killed", "unknown"),
        (5, "civilians", "killed", "other"),
        (9, "unknown", "killed", "other"),
    ]
    labelled: list[Key] = [
        (3, "civilians", "killed", "other"),
        (5, "militants", "killed", "other"),
        (7, "unknown", "injured", "other"),
    ]
    outcome = Outcome(Article("a", "en", "", "", clash=True), {"claims": Counter(found)}, {"claims": Counter(labelled)})
    assert kinds([outcome]) == {
        "said by somebody else": 1,
        "somebody else's losses": 1,
        "both wrong, or another outcome": 0,
        "no claim of this story": 1,
        "overlooked": 1,
    }
