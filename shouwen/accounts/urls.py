"""Sign-in, one's own account, and the organisation."""

from django.urls import path

from shouwen.accounts import views

app_name = "accounts"
urlpatterns = [
    path("sign-in", views.sign_in, name="sign-in"),
    path("sign-out", views.sign_out, name="sign-out"),
    path("password", views.password, name="password"),
    path("projects/<int:pk>/choose", views.choose_project, name="choose-project"),
    path("organisation", views.organisation, name="organisation"),
    path("organisation/<int:pk>", views.unit, name="unit"),
    path("organisation/<int:pk>/units/new", views.add_unit, name="add-unit"),
    path("organisation/<int:pk>/staff/new", views.add_staff, name="add-staff"),
    path("organisation/<int:pk>/posts/new", views.give_post, name="give-post"),
    path("posts/<int:pk>/end", views.end_post, name="end-post"),
    path("staff/<int:pk>", views.person, name="person"),
    path("staff/<int:pk>/deactivate", views.deactivate, name="deactivate"),
    path("staff/<int:pk>/reset-password", views.reset_password, name="reset-password"),
    path("staff/<int:pk>/absences/new", views.record_absence, name="record-absence"),
    path("absences/<int:pk>/end", views.end_absence, name="end-absence"),
    path("tokens", views.tokens, name="tokens"),
    path("tokens/new", views.issue_token, name="issue-token"),
    path("tokens/<int:pk>/revoke", views.revoke_token, name="revoke-token"),
    path("trace", views.trace, name="trace"),
]
