"""One router for contacts and cases: two ways to use the same address belong together."""

from ninja import Router

router = Router()
