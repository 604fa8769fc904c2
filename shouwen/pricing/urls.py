"""Price lists, their editions, and what was quoted from them."""

from django.urls import path

from shouwen.pricing.views import lists, quoting

app_name = "pricing"
urlpatterns = [
    path("prices", lists.lists, name="lists"),
    path("prices/find", lists.find, name="find"),
    path("prices/draft/<slug:kind>", lists.draft, name="draft"),
    path("prices/editions/<int:pk>", lists.edition, name="edition"),
    path("prices/editions/<int:pk>/rows", lists.rows, name="rows"),
    path("prices/editions/<int:pk>/submit", lists.submit, name="submit"),
    path("prices/editions/<int:pk>/approve", lists.approve, name="approve"),
    path("prices/editions/<int:pk>/send-back", lists.send_back, name="send-back"),
    path("prices/editions/<int:pk>/post", lists.post, name="post"),
    path("prices/editions/<int:pk>/discard", lists.discard, name="discard"),
    path("prices/of-case/<str:number>", quoting.panel, name="panel"),
    path("prices/quote/<str:number>", quoting.quote, name="quote"),
    path("quotations/<str:number>/consent", quoting.consent, name="consent"),
    path("quotations/<str:number>/decline", quoting.decline, name="decline"),
]
