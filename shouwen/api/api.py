"""The one API: who calls, what is refused, what is done once, and every app's router."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from ninja import NinjaAPI, Router
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from shouwen import __version__
from shouwen.api import notices, org
from shouwen.api.callers import BearerToken
from shouwen.api.described import describe
from shouwen.api.problems import answer_problems
from shouwen.api.repeats import answering
from shouwen.archive import api as archive
from shouwen.billing import api as billing
from shouwen.cases.api import verbs as cases
from shouwen.estate import api as estate
from shouwen.figures import api as figures
from shouwen.followup import api as followup
from shouwen.groups import api as groups
from shouwen.learning import api as learning
from shouwen.majors import api as majors
from shouwen.outside import api as outside
from shouwen.pricing import api as pricing
from shouwen.registers import api as registers
from shouwen.repairs import api as repairs
from shouwen.services import api as services
from shouwen.statements import api as statements
from shouwen.stores import api as stores
from shouwen.supervision import api as supervision


class Api(NinjaAPI):
    """With what all operations have in common in its description."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__.replace("_", "-")

    def get_openapi_schema(self, **about: Any) -> OpenAPISchema:
        return describe(super().get_openapi_schema(**about))


api = Api(
    title="首问 Shouwen",
    version=__version__,
    description="客户服务台的接口：与页面相同的动作，同样的制度，同样的权限。见 docs/api.md。",
    docs_url=None,  # its page would load scripts from a foreign host
    auth=BearerToken(),
    urls_namespace="api",
)
answer_problems(api)
api.default_router.add_decorator(answering)

nowhere = Router()


@nowhere.api_operation(
    ["GET", "POST", "PUT", "PATCH", "DELETE"], "/{path:rest}", include_in_schema=False
)
def no_such_address(request: HttpRequest, rest: str) -> None:
    raise Http404


for tag, router in (
    ("来电与诉求", cases.router),
    ("维修单", repairs.router),
    ("服务", services.router),
    ("督办与请示", supervision.router),
    ("外部协商", outside.router),
    ("重大投诉", majors.router),
    ("同类与群体", groups.router),
    ("改进", learning.router),
    ("回访", followup.router),
    ("指标", figures.router),
    ("报表", statements.router),
    ("档案", archive.router),
    ("表单", registers.router),
    ("库房", stores.router),
    ("收费标准与报价", pricing.router),
    ("账款", billing.router),
    ("房屋与客户", estate.router),
    ("组织", org.router),
    ("消息", notices.router),
    ("", nowhere),
):
    api.add_router("", router, tags=[tag])
