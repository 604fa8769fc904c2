"""Every act of a phone and the action that it is. The phone decides nothing: an act passes the same
rules as if it were typed at a desk, with the time at which it truly happened."""

from shouwen.phone import jobs, matters, said
from shouwen.phone.doing import Doable

ACTS: dict[str, Doable] = {
    "accept": Doable("接单", said.Nothing, jobs.accept),
    "refuse": Doable("退单", said.Reason, jobs.refuse),
    "depart": Doable("出发", said.Nothing, jobs.depart),
    "arrive": Doable("到场", said.Nothing, jobs.arrive),
    "make-safe": Doable("应急处置", said.Words, jobs.make_safe),
    "pause": Doable("等待", said.Paused, jobs.pause),
    "resume": Doable("恢复", said.Nothing, jobs.resume),
    "appoint": Doable("约时间", said.Appointed, jobs.appoint),
    "photo": Doable("照片", said.Photo, jobs.photo),
    "decide-payer": Doable("确定费用承担", said.Payer, jobs.decide_payer),
    "quote": Doable("报价", said.Quoted, jobs.quote),
    "consent": Doable("客户同意", said.Consented, jobs.consent),
    "decline": Doable("客户不同意", said.Declined, jobs.decline),
    "use": Doable("用料", said.Drawn, jobs.use),
    "request": Doable("领料", said.Drawn, jobs.request),
    "fetched": Doable("签收第二联", said.Nothing, jobs.fetched),
    "finish": Doable("完工", said.Finished, jobs.finish),
    "collect": Doable("收现金", said.Collected, jobs.collect),
    "communicated": Doable("沟通情况", said.Words, jobs.communicated),
    "note": Doable("记录", said.Words, matters.write_note),
    "contact": Doable("联系客户", said.Contacted, matters.contact),
    "report": Doable("上报问题", said.Reported, matters.report),
    "dismiss": Doable("知道了", said.Dismissed, matters.dismiss),
}


def word_of(act: str) -> str:
    """What was done, as people read it."""
    return ACTS[act].word if act in ACTS else act
