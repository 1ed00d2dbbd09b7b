"""Does a group end as if its orders had been carried out one after the other?"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from indexer.articles import Article
from indexer.engines.contract import StoredArticle
from service.writing.orders import ANY, Condition, Delete, Order, Put, Result, decide, tag_of

NOW = "2025-11-20T08:00:00+00:00"
State = dict[str, StoredArticle | None]


def stored(name: str, text: str = "neve") -> StoredArticle:
    return StoredArticle(Article(id=name, text=text), NOW)


def results(state: State, *orders: Order) -> tuple[list[Result], State]:
    outcomes, change = decide(orders, state.get, NOW)
    return [outcome.result for outcome in outcomes], change


def test_orders_of_one_id_are_carried_out_in_turn() -> None:
    one, two = Put(Article(id="a", text="uno")), Put(Article(id="a", text="due"))
    assert results({}, one, two, two, Delete("a"), Delete("a"), one) == (
        [
            Result.CREATED,
            Result.REPLACED,
            Result.UNCHANGED,
            Result.DELETED,
            Result.MISSING,
            Result.CREATED,
        ],
        {"a": StoredArticle(one.article, NOW)},
    )


def test_what_comes_and_goes_in_one_group_changes_nothing() -> None:
    assert results({}, Put(Article(id="a")), Delete("a"))[1] == {}


def test_a_condition_is_held_against_what_the_group_has_made_of_it() -> None:
    first = Condition(match=(tag_of(stored("a")),))
    mine, late = (Put(Article(id="a", text=text), first) for text in ("mio", "tuo"))
    found, change = results({"a": stored("a")}, mine, late, Delete("a", first))
    assert found == [Result.REPLACED, Result.PRECONDITION, Result.PRECONDITION]
    assert change == {"a": StoredArticle(mine.article, NOW)}


def test_what_is_there_already_meets_if_match_but_is_not_created_twice() -> None:
    held = {"a": stored("a")}
    again = Put(Article(id="a", text="neve"), Condition(match=("old",)))
    new = Put(Article(id="a", text="neve"), Condition(none_match=(ANY,)))
    assert results(held, again, new) == ([Result.UNCHANGED, Result.PRECONDITION], {})


def test_only_one_of_many_creates() -> None:
    new = [Put(Article(id="a", text=str(n)), Condition(none_match=(ANY,))) for n in range(3)]
    assert results({}, *new)[0] == [Result.CREATED, Result.PRECONDITION, Result.PRECONDITION]


def test_what_is_not_there_is_missing_whatever_the_condition() -> None:
    assert results({}, Delete("a", Condition(match=("x",))))[0] == [Result.MISSING]


def test_every_field_has_a_part_in_the_tag() -> None:
    whole = Article(id="a", title="T", text="x", raw="y", date="2025", extra={"k": [1]})
    variants = [
        whole,
        Article(id="a", title="T", text="x", raw="z", date="2025", extra={"k": [1]}),
        Article(id="a", title="T", text="x", raw="y", date="2025", extra={"k": [2]}),
        Article(id="a", title="T", text="x", raw="y", date="2025", extra={"k": [1]}, tags=("b",)),
        Article(id="a", title="", text="Tx", raw="y", date="2025", extra={"k": [1]}),
    ]
    tags = {tag_of(StoredArticle(each, NOW)) for each in variants}
    assert len(tags) == len(variants)
    assert tag_of(StoredArticle(whole, "2025-11-21T08:00:00+00:00")) not in tags


ids = st.sampled_from("ab")
conditions = st.builds(
    Condition,
    match=st.sampled_from([(), (ANY,), ("x",), (tag_of(stored("a")), tag_of(stored("b")))]),
    none_match=st.sampled_from([(), (ANY,), (tag_of(stored("a", "fiume")),)]),
)
puts = st.builds(
    lambda name, text, condition: Put(Article(id=name, text=text), condition),
    ids,
    st.sampled_from(["neve", "fiume"]),
    conditions,
)
orders = st.lists(puts | st.builds(Delete, ids, conditions), max_size=8)


@given(orders, st.sets(ids))
def test_a_group_ends_as_its_orders_one_by_one(asked: list[Order], there: set[str]) -> None:
    state: State = {name: stored(name) for name in there}
    together, change = results(state, *asked)
    alone: list[Result] = []
    after = dict(state)
    for order in asked:
        found, step = results(after, order)
        alone += found
        after |= step
    assert together == alone
    assert {k: v for k, v in (state | change).items() if v} == {k: v for k, v in after.items() if v}
    assert all(state.get(name) is not change[name] for name in change)
