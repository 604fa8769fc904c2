"""Inside one installation: so many complaints told, all in the index of likeness; then new ones are
held against them.

    python -m bench.telling 100000 200

The last line is JSON: milliseconds of every question, and how many cases a second were taken in.
"""

import json
import os
import random
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import TypeVar

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouwen.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402 - all below needs django.setup()

from bench.figures import seconds_of  # noqa: E402
from bench.many import analyze, hasten  # noqa: E402
from shouwen import clock  # noqa: E402
from shouwen.accounts.scope import scope_of  # noqa: E402
from shouwen.cases.actions.intake import Told, register  # noqa: E402
from shouwen.cases.models import Case  # noqa: E402
from shouwen.estate.models import Unit  # noqa: E402
from shouwen.groups.index import likest, take_in  # noqa: E402
from tests import cast  # noqa: E402

T = TypeVar("T")

PLACES = (
    "大堂", "地库", "东门", "西门", "电梯厅", "天台", "楼道", "中心花园", "儿童乐园", "垃圾房",
    "快递柜", "非机动车棚", "泳池", "健身房", "消防通道", "水泵房", "配电室", "底商", "架空层",
)  # fmt: skip
THINGS = (
    "电梯", "照明灯", "门禁", "道闸", "水管", "排污管", "油烟", "广场舞", "装修电钻", "充电桩",
    "垃圾桶", "树枝", "围栏", "监控", "玻璃门", "地砖", "外墙砖", "流浪狗", "违停车辆", "积水",
)  # fmt: skip
FAULTS = (
    "坏了没人修", "声音很大睡不着", "味道刺鼻", "堵住出不去", "漏得满地都是", "快掉下来",
    "被人锁住", "占了车位", "脏得没法看", "反复出故障", "差点绊倒老人", "吓到孩子", "收费说不清",
)  # fmt: skip
BESIDE = (
    "家里有老人和婴儿", "上夜班要休息", "已经打过三次电话", "保安说不归他们管", "邻居都在抱怨",
    "下雨天更严重", "从国庆节后开始", "去年也有过一次", "维修工来看过没带工具", "群里大家都在问",
    "请书面答复", "再不处理就找媒体", "影响房屋出租", "孩子放学经过危险", "半夜两点还在响",
)  # fmt: skip


def texts(seed: int) -> Iterator[str]:
    """Complaints without end: what, where, and what else people say."""
    lot = random.Random(seed)
    while True:
        house, more = lot.randint(1, 60), lot.sample(BESIDE, lot.randint(1, 4))
        said = f"{house}栋{lot.choice(PLACES)}的{lot.choice(THINGS)}{lot.choice(FAULTS)}"
        yield f"{said}，{'，'.join(more)}。"


def tell(wanted: int, people: cast.Cast, now: datetime) -> None:
    """So many cases: one goes through the actions, the rest are its copies with other words."""
    told = Told(text="大堂的灯不亮", facts={"kind": "complaint"})
    case = register(project=people.cuihu, told=told, by=scope_of(people.limin, now), at=now)
    homes = list(Unit.objects.filter(project=people.cuihu).values_list("pk", flat=True))
    changed = ("id", "number", "text", "unit_id")
    kept = [f.column for f in Case._meta.concrete_fields if f.column not in changed]
    same = ", ".join(f'"{name}"' for name in kept)
    statement = (
        f"INSERT INTO cases_case (id, number, text, unit_id, {same}) "
        f"SELECT %s, %s, %s, %s, {same} FROM cases_case WHERE id = {case.pk}"
    )
    rows = (
        (case.pk + n, f"S-{n}", text, homes[n % len(homes)])
        for n, text in enumerate(islice(texts(1), wanted - 1), start=1)
    )
    with transaction.atomic(), connection.cursor() as cursor:
        for some in batches(rows, 5000):
            cursor.executemany(statement, some)


def batches(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    left = iter(rows)
    while some := list(islice(left, size)):
        yield some


def take_all_in() -> None:
    for some in batches(Case.objects.order_by("pk").iterator(chunk_size=1000), 1000):
        with transaction.atomic():
            take_in(list(some))


def main() -> None:
    people, now = cast.build(), clock.now()
    wanted, questions = int(sys.argv[1]), int(sys.argv[2])
    hasten(True)
    tell(wanted, people, now)
    took = seconds_of(take_all_in)
    hasten(False)
    analyze()
    units = list(Unit.objects.filter(project=people.cuihu))
    asked = list(islice(texts(2), questions + 20))
    found = 0

    def ask(n: int) -> None:
        nonlocal found
        one = likest(people.cuihu, asked[n], kind="complaint", unit=units[n % len(units)])
        found += len(one)

    for n in range(20):
        ask(n)
    times = [1000 * seconds_of(lambda n=n: ask(n)) for n in range(20, questions + 20)]  # type: ignore[misc] # bound at once
    said = {"times": times, "rate": wanted / took, "cases": Case.objects.count(), "found": found}
    print(json.dumps(said))


if __name__ == "__main__":
    main()
