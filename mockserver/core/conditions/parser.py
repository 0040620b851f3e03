"""Text to tree."""

import re
from collections.abc import Callable, Mapping

from mockserver.core.conditions.dialect import Dialect
from mockserver.core.conditions.lexer import Sort, Token, syntax_error, tokens
from mockserver.core.conditions.nodes import (
    And,
    Compare,
    Condition,
    Contains,
    EndsWith,
    In,
    Like,
    Literal,
    Not,
    Or,
    Path,
    Spelling,
    StartsWith,
)
from mockserver.core.errors import BadCondition, ConditionFlaw

TEXT_TESTS: Mapping[str, Callable[[Path, Literal], Condition]] = {
    "contains": Contains,
    "like": Like,
    "startswith": StartsWith,
    "endswith": EndsWith,
}
SPELLINGS = {
    Sort.TEXT: Spelling.TEXT,
    Sort.NUMBER: Spelling.NUMBER,
    Sort.INSTANT: Spelling.INSTANT,
    Sort.BARE: Spelling.BARE,
}
WORDS = {"true": Spelling.FLAG, "false": Spelling.FLAG, "null": Spelling.NULL}
JOINTS: Mapping[str, type[And | Or]] = {"and": And, "or": Or}
BINDS = {"(": 0, "or": 1, "and": 2, "not": 3}


def parse(text: str, dialect: Dialect) -> Condition:
    """Return the tree that *text* spells in *dialect*.

    The grammar; keywords in any case, what stands in braces only if the dialect has it::

        condition  := conjunction ( "or" conjunction )*
        conjunction := term ( "and" term )*
        term       := {"not"} term | "(" condition ")" | comparison
        comparison := path operator literal
                    | path ["not"] ( "contains" | "like" | {"startswith"} | {"endswith"} ) operand
                    | path ["not"] "in" "(" literal ( "," literal )* ")"
        operand    := literal | {"(" literal ")"}
        operator   := "=" | "!=" | "<" | "<=" | ">" | ">=" | {"eq"} | {"ne"}
        path       := name ( separator name )*
        literal    := "'" text "'" | '"' text '"' | number | "true" | "false" | "null"
                    | {"[" instant "]"} | instant
        number     := ["-"] digits [ "." digits ]

    Not binds tighter than and, and tighter than or. A quote inside a text is doubled (or preceded
    by a backslash). An instant without brackets is always read; whether it may be used is decided
    when the tree is bound.

    Raises:
        BadCondition: SYNTAX with the offset, or TOO_COMPLEX; nothing else, whatever the text.
    """
    return Parser(text, dialect).parsed()


class Parser:
    """One run over one text; ``paths`` are those read so far, also after a refusal."""

    def __init__(self, text: str, dialect: Dialect) -> None:
        self.text, self.dialect = text, dialect
        self.paths: list[Path] = []
        self._done: list[Condition] = []
        self._waiting: list[Token] = []
        self._depth = self._terms = 0
        self._now = Token(Sort.END, "", 0)

    def parsed(self) -> Condition:
        """Return the tree of the whole text."""
        if len(self.text) > self.dialect.chars_max:
            raise self._too_complex("the condition is too long")
        self._tokens = tokens(self.text, self.dialect)
        self._step()
        self._read_term()
        while self._read_joint():
            self._read_term()
        return self._done[0]

    # -- terms and joints: a stack of what waits for its right side, no recursion ----------------

    def _read_term(self) -> None:
        while self._at("(") or (self._at("not") and self.dialect.prefix_not):
            self._depth += 1
            if self._depth > self.dialect.depth_max:
                raise self._too_complex("too many groups inside each other")
            self._wait()
        self._done.append(self._comparison())

    def _read_joint(self) -> bool:
        while self._at(")"):
            self._close_group()
        if self._now.sort is Sort.END:
            self._close_all()
            return False
        if not (self._at("and") or self._at("or")):
            raise self._unexpected("'and', 'or' or the end")
        self._join_before(self._now.text.lower())
        self._wait()
        return True

    def _join_before(self, word: str) -> None:
        """Join what *word* does not bind tighter than."""
        if not self.dialect.joints_equal:
            self._join(BINDS[word])
            return
        self._join(BINDS["and"])
        if self._waiting and self._waiting[-1].text.lower() in JOINTS.keys() - {word}:
            self._join(BINDS["("])

    def _wait(self) -> None:
        self._waiting.append(self._step())

    def _close_group(self) -> None:
        self._join(BINDS["("])
        if not self._waiting:
            raise self._unexpected("'and', 'or' or the end")
        self._waiting.pop()
        self._depth -= 1
        self._step()

    def _close_all(self) -> None:
        self._join(BINDS["("])
        if self._waiting:
            raise syntax_error("the group is not closed", self.text, self._waiting[-1].offset)

    def _join(self, floor: int) -> None:
        """Join what waits and binds tighter than *floor*."""
        while self._waiting and BINDS[self._waiting[-1].text.lower()] > floor:
            word = self._waiting.pop().text.lower()
            if word == "not":
                self._depth -= 1
                self._done.append(Not(self._done.pop()))
            else:
                self._join_run(word)

    def _join_run(self, word: str) -> None:
        count = 2
        while self._waiting and self._waiting[-1].text.lower() == word:
            self._waiting.pop()
            count += 1
        terms = tuple(self._done[-count:])
        del self._done[-count:]
        self._done.append(JOINTS[word](terms))

    # -- comparisons ----------------------------------------------------------------------------

    def _comparison(self) -> Condition:
        path = self._path()
        if self._at("not"):
            self._step()
            if self._keyword() not in self.dialect.infix_not:
                raise self._unexpected(" or ".join(sorted(self.dialect.infix_not)))
            return Not(self._test(path))
        return self._test(path)

    def _path(self) -> Path:
        token = self._now
        if token.sort is not Sort.WORD or self._at("not"):
            raise self._unexpected("a comparison")
        names = re.split(f"[{self.dialect.separators}]", token.text)
        self.paths.append(Path(tuple(names), token.text, token.offset))
        self._step()
        return self.paths[-1]

    def _test(self, path: Path) -> Condition:
        keyword = self._keyword()
        meaning = self.dialect.meanings.get(self._now.text.lower())
        if not keyword and not meaning:
            raise self._unexpected("an operator")
        self._step()
        if keyword == "in":
            return In(path, self._list())
        if keyword:
            return TEXT_TESTS[keyword](path, self._operand())
        return Compare(path, str(meaning), self._literal())

    def _keyword(self) -> str:
        word = self._now.text.lower() if self._now.sort is Sort.WORD else ""
        return word if word in self.dialect.keywords else ""

    def _list(self) -> tuple[Literal, ...]:
        self._expect("(")
        values = [self._literal()]
        while self._at(","):
            self._step()
            values.append(self._literal())
        self._expect(")")
        return tuple(values)

    def _operand(self) -> Literal:
        if not (self._at("(") and self.dialect.call_style):
            return self._literal()
        self._expect("(")
        value = self._literal()
        self._expect(")")
        return value

    def _literal(self) -> Literal:
        token = self._now
        word = token.text.lower() if token.sort is Sort.WORD else ""
        spelling = WORDS.get(word) or SPELLINGS.get(token.sort)
        if spelling is None or (spelling is Spelling.NULL and not self.dialect.nulls):
            raise self._unexpected("a value")
        self._terms += 1
        if self._terms > self.dialect.terms_max:
            raise self._too_complex("too many values")
        self._step()
        return Literal(spelling, word or token.text, token.offset)

    # -- tokens ---------------------------------------------------------------------------------

    def _step(self) -> Token:
        """Go to the next token; return the one left behind."""
        left, self._now = self._now, next(self._tokens)
        return left

    def _at(self, text: str) -> bool:
        return self._now.sort in {Sort.MARK, Sort.WORD} and self._now.text.lower() == text

    def _expect(self, mark: str) -> None:
        if not self._at(mark):
            raise self._unexpected(mark)
        self._step()

    def _unexpected(self, wanted: str) -> BadCondition:
        return syntax_error(f"expected {wanted}", self.text, self._now.offset)

    def _too_complex(self, message: str) -> BadCondition:
        offset = self._now.offset
        return BadCondition(ConditionFlaw.TOO_COMPLEX, message, offset=offset, text=self.text)
