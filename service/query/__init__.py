"""What a person types → what an engine is asked.

    lexer       piano -Istanbul titolo:"pace"  →  words, phrases, dates, parentheses
    structure   «E», «(»                       →  operators and pairs, or words and nothing
    words       each of them, by the chain     →  clauses over forms and stems
    grammar     what belongs together          →  one clause
    parsed      …                              →  clause, marks, warnings

Whatever is typed is understood as well as it can be: nothing here is a syntax error.
What was ignored or corrected is said in the warnings; only limits raise QueryError.
"""

from service.query.grammar import parse
from service.query.parsed import Marks, Parsed, QueryError

__all__ = ["Marks", "Parsed", "QueryError", "parse"]
