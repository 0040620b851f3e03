"""One sentence on why an answer is what it is, for whoever wrote the request.

The vendors' own messages stay as they are; the sentence goes out beside them, in ``X-Mock-Hint``.
"""

from mockserver.web.hints.lists import emptied
from mockserver.web.hints.refusals import passed_over, refused, struck
from mockserver.web.hints.words import HEADER, closest, sendable

__all__ = ["HEADER", "closest", "emptied", "passed_over", "refused", "sendable", "struck"]
