"""What the service can be asked, as OpenAPI 3.1: made of the same declarations that read requests.

operations   which paths, parameters and answers there are
examples     answers as they look, in Italian
security     who may, and how often
description  all of it, with the schemas of our dataclasses  →  /openapi.json
page         the description, for people                →  /docs
"""

from service.openapi.description import describe
from service.openapi.page import page

__all__ = ["describe", "page"]
