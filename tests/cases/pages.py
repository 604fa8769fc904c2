"""One case, and people who do things to it through its pages."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from shouwen.accounts.models import Staff
from shouwen.accounts.scope import scope_of
from shouwen.cases.actions.intake import Told, register
from shouwen.cases.models import Case
from tests.cast import Cast
from tests.conftest import MODEL_BACKEND

LEAK = "厨房水槽下面漏水，柜子湿了"
NOISE = "投诉楼上装修，中午一直用电钻，没人管"
_keys = count(1)


@dataclass
class Day:
    """`day.does(cast.limin, "dispatch", lead="CH-engineering")` fills in and sends the form."""

    cast: Cast
    clock: Callable[..., datetime]
    case: Case = field(init=False)
    now: datetime = field(init=False)

    def at(self, text: str, weekday: str = "") -> datetime:
        self.now = self.clock(text, weekday)
        return self.now

    def registers(self, text: str = LEAK, **told: Any) -> Case:
        """李敏 hears 王女士 of 3栋2单元501."""
        home = {"name": "王女士", "phone": "13900000421", "unit": self.cast.home}
        classed = {"scope": "home", "repair_class": "small"} if text == LEAK else {}
        told = {
            **home, "customer": self.cast.mswang, "ticks": ["read-back"], "facts": classed, **told
        }  # fmt: skip
        by = scope_of(self.cast.limin, self.now)
        self.case = register(
            project=self.cast.cuihu, told=Told(text=text, **told), by=by, at=self.now
        )
        return self.case

    def client(self, who: Staff) -> Client:
        client = Client()
        client.force_login(who, backend=MODEL_BACKEND)
        return client

    def sees(self, who: Staff, case: Case | None = None) -> str:
        """The page of the case as somebody sees it."""
        address = reverse("cases:case", args=[(case or self.case).number])
        response = self.client(who).get(address)
        assert response.status_code == 200, response.status_code
        return str(response.content.decode())

    def asks(self, who: Staff, verb: str, **given: Any) -> Any:
        return self.client(who).get(self.address(verb), given)

    def sends(self, who: Staff, verb: str, **fields: Any) -> Any:
        """The answer to the form, whatever it is."""
        self.case.refresh_from_db()
        hidden = {"version": self.case.version, "key": f"key-{next(_keys)}"}
        return self.client(who).post(self.address(verb), {**hidden, **fields})

    def does(self, who: Staff, verb: str, **fields: Any) -> Case:
        """The form is accepted."""
        response = self.sends(who, verb, **fields)
        assert response.status_code == 302, _errors(response)
        self.case.refresh_from_db()
        return self.case

    def is_refused(self, who: Staff, verb: str, **fields: Any) -> str:
        """The form comes back; the whole page of it."""
        response = self.sends(who, verb, **fields)
        assert response.status_code in (403, 409, 422), response.status_code
        return str(response.content.decode())

    def address(self, verb: str) -> str:
        return reverse("cases:verb", args=[self.case.number, verb])


def _errors(response: HttpResponse) -> object:
    form = (getattr(response, "context", None) or {}).get("form")
    return form.errors.as_json() if form is not None else response.status_code


def offered(page: str, case: Case) -> set[str]:
    """Every verb that the page offers by an address."""
    start = f'href="/cases/{case.number}/'
    return {piece.split('"')[0].split("?")[0] for piece in page.split(start)[1:]} - {"phone"}


def big_button(page: str) -> str:
    """What the one big button says; "" when there is none."""
    piece = page.partition("case-next")[2]
    return piece.partition(">")[2].partition("<")[0] if piece else ""
