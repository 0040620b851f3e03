"""The statements that a resource needs again and again, each compiled once for all tenants."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Text,
    bindparam,
    cast,
    delete,
    func,
    insert,
    select,
    update,
)

from mockserver.core.labelled import labelled
from mockserver.core.prepared import Prepared
from mockserver.core.schema import Labels

#: A column by name, whether it descends, and the texts that stand for its numbers.
Key = tuple[str, bool] | tuple[str, bool, Labels]

PAGES_MAX = 512
AMENDS_MAX = 512


class Page:
    """Which rows of a table, in which order, seen how.

    Args:
        view: The rendering.
        where: Conditions, all of which hold.
        order: Columns by name, each with whether it descends and, where texts stand for its
            numbers, with those; the id decides last.
        size: Rows on the page; None for all.
        offset: Rows before it.
        key: Names the conditions: pages of a resource with the same key have the same ones.
    """

    def __init__(
        self,
        view: str,
        where: Sequence[ColumnElement[bool]] = (),
        order: Sequence[Key] = (),
        size: int | None = None,
        offset: int = 0,
        key: Hashable = None,
    ) -> None:
        self.view, self.where, self.order, self.key = view, where, tuple(order), key
        self._exact: Mapping[str, Sequence[str]] = MappingProxyType({})
        self.size, self.offset = -1 if size is None else size, offset

    def narrowed(self, where: Sequence[ColumnElement[bool]], key: Hashable) -> "Page":
        """Return the same page with further conditions, which *key* tells from others."""
        size = None if self.size < 0 else self.size
        whole = (self.key, key)
        page = Page(self.view, [*self.where, *where], self.order, size, self.offset, whole)
        return page.unfolded(self._exact)

    def unfolded(self, exact: Mapping[str, Sequence[str]]) -> "Page":
        """Order rows by some columns of texts as they were written, and return the page.

        Args:
            exact: The members that lead to each such column's text in the kept record.
        """
        self._exact = exact
        return self

    @property
    def identity(self) -> Hashable:
        """Return what tells this page from all others of its resource."""
        return self.view, self.key, self.order, self.size, self.offset

    def statement(self, table: Any) -> Any:
        """Return the statement that fetches this page; its size and offset are parameters."""
        order = [self._sorted(table, key) for key in self.order]
        if not any(key[0] == "id" for key in self.order):
            order.append(table.c.id.asc())
        ids = _limited(select(table.c.id).where(*self.where).order_by(*order), table)
        if not self.where and not self.order:
            return _limited(select(table.c[self.view]).order_by(*order), table)
        # Sorting carries what is selected: ids first, then the bodies of the page alone.
        return select(table.c[self.view]).where(table.c.id.in_(ids)).order_by(*order)

    def _sorted(self, table: Any, key: Key) -> ColumnElement[Any]:
        """Return what rows are sorted by: a column, what it stands for or was folded from."""
        name, down, *labels = key
        column: ColumnElement[Any] = table.c[name]
        if labels:
            column = labelled(column, *labels)
        elif name in self._exact:
            path = "$" + "".join(f'."{step}"' for step in self._exact[name])
            column = func.json_extract(cast(table.c.body, Text), path)
        return column.desc() if down else column.asc()


def _limited(statement: Any, table: Any) -> Any:
    size, offset = (bindparam(name, 0, type_=table.c.id.type) for name in ("size", "offset"))
    return statement.limit(size).offset(offset)


class Statements:
    """The prepared statements of one table.

    Args:
        table: The SQLAlchemy table.
        prepare: Compiles a statement; for an INSERT it is also given the columns.
    """

    def __init__(self, table: Any, prepare: Callable[..., Prepared]) -> None:
        self.table, self._prepare = table, prepare
        self._reads: dict[str, Prepared] = {}
        self._matching: dict[tuple[str, ...], Prepared | None] = {}
        self._pages: dict[tuple[Any, ...], Prepared] = {}
        self._amends: dict[tuple[str, ...], Prepared] = {}

    @property
    def _key(self) -> BindParameter[int]:
        return bindparam("key")

    def read(self, column: str) -> Prepared:
        """Return the statement that reads one column of one record."""
        found = self._reads.get(column)
        if found is None:
            statement = select(self.table.c[column]).where(self.table.c.id == self._key)
            found = self._reads[column] = self._prepare(statement)
        return found

    def page(self, page: Page) -> Prepared:
        """Return the statement that fetches a page."""
        return self._kept((page.view, page.key, page.order), lambda: page.statement(self.table))

    def count(self, page: Page) -> Prepared:
        """Return the statement that counts the rows of all pages."""
        counted = select(func.count()).select_from(self.table)
        return self._kept(("count", page.key), lambda: counted.where(*page.where))

    def _kept(self, key: tuple[Any, ...], statement: Callable[[], Any]) -> Prepared:
        found = self._pages.get(key)
        if found is None:
            if len(self._pages) >= PAGES_MAX:
                self._pages.clear()
            found = self._pages[key] = self._prepare(statement())
        return found

    def matching(self, names: tuple[str, ...]) -> Prepared | None:
        """Return the statement that finds ids by column values; None without such a column."""
        if names not in self._matching:
            known = all(name in self.table.c for name in names)
            self._matching[names] = self._prepare(self._find(names)) if known else None
        return self._matching[names]

    def _find(self, names: tuple[str, ...]) -> Any:
        table = self.table
        where = [table.c[name] == bindparam(name, type_=table.c[name].type) for name in names]
        most = bindparam("most", type_=table.c.id.type)
        return select(table.c.id).where(*where).order_by(table.c.id).limit(most)

    @cached_property
    def insert(self) -> Prepared:
        """Return the statement that adds a row."""
        names = [column.name for column in self.table.c]
        return self._prepare(insert(self.table), names)

    def amend(self, names: tuple[str, ...]) -> Prepared:
        """Return the statement that changes these columns of a row."""
        found = self._amends.get(names)
        if found is None:
            if len(self._amends) >= AMENDS_MAX:
                self._amends.clear()
            changed: dict[str, Any] = {name: bindparam(name) for name in names}
            statement = update(self.table).where(self.table.c.id == self._key).values(changed)
            found = self._amends[names] = self._prepare(statement)
        return found

    @cached_property
    def delete(self) -> Prepared:
        """Return the statement that removes a row."""
        return self._prepare(delete(self.table).where(self.table.c.id == self._key))
