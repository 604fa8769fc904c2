from django.http import HttpRequest, HttpResponse


def figure(
    request: HttpRequest, place: str, period: str, regulation: str, rule: str
) -> HttpResponse:
    return HttpResponse()


def export(
    request: HttpRequest, place: str, period: str, regulation: str, rule: str, kind: str
) -> HttpResponse:
    return HttpResponse()
