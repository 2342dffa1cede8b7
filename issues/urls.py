"""Addresses of issues: the last word is the verb."""

from django.urls import path

from issues.views import issue, lists, take_away, verbs

app_name = "issues"
urlpatterns = [
    path("", lists.index, name="index"),
    path("mine/", lists.mine, name="mine"),
    path("promises/", lists.promises, name="promises"),
    path("take-away/<uuid:visit>/", take_away.take_away, name="take_away"),
    path("take-away/<uuid:visit>/waive/", take_away.waive, name="waive"),
    path("<int:number>/", issue.issue, name="issue"),
    path("<int:number>/update/", verbs.update, name="update"),
    path("<int:number>/start/", verbs.start, name="start"),
    path("<int:number>/hold/", verbs.hold, name="hold"),
    path("<int:number>/resume/", verbs.resume, name="resume"),
    path("<int:number>/deliver/", verbs.deliver, name="deliver"),
    path("<int:number>/confirm/", verbs.confirm, name="confirm"),
    path("<int:number>/not-yet/", verbs.not_yet, name="not_yet"),
    path("<int:number>/write/", verbs.write, name="write"),
    path("<int:number>/change/", verbs.change, name="change"),
    path("<int:number>/withdraw/", verbs.withdraw, name="withdraw"),
    path("<int:number>/merge/", verbs.merge, name="merge"),
]
