"""Addresses of issues: the last word is the verb."""

from django.urls import path

from issues.views import attachments, hands, issue, lists, promises, take_away, verbs

app_name = "issues"
urlpatterns = [
    path("", lists.index, name="index"),
    path("mine/", lists.mine, name="mine"),
    path("promises/", promises.promises, name="promises"),
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
    path("<int:number>/ask-withdrawal/", verbs.ask_withdrawal, name="ask_withdrawal"),
    path("<int:number>/go-on/", verbs.refuse_withdrawal, name="refuse_withdrawal"),
    path("<int:number>/handover/", verbs.handover, name="handover"),
    path("<int:number>/handover/accept/", verbs.accept_handover, name="accept_handover"),
    path("<int:number>/handover/decline/", verbs.decline_handover, name="decline_handover"),
    path("<int:number>/handover/take-back/", verbs.take_back, name="take_back"),
    path("<int:number>/transfer/", verbs.transfer, name="transfer"),
    path("<int:number>/hand-back/", verbs.hand_back, name="hand_back"),
    path("<int:number>/counterparts/ask/", verbs.ask_counterpart, name="ask_counterpart"),
    path("<int:number>/counterparts/accept/", verbs.accept_counterpart, name="accept_counterpart"),
    path("<int:number>/counterparts/decline/", verbs.decline_counterpart, name="decline_counterpart"),
    path("<int:number>/counterparts/hand-back/", verbs.leave_counterpart, name="leave_counterpart"),
    path("<int:number>/counterparts/end/", verbs.end_counterpart, name="end_counterpart"),
    path("<int:number>/snooze/", verbs.snooze, name="snooze"),
    path("<int:number>/check/", verbs.check, name="check"),
    path("<int:number>/watch/", verbs.watch, name="watch"),
    path("<int:number>/unwatch/", verbs.unwatch, name="unwatch"),
    path("<int:number>/files/", attachments.attach, name="attach"),
    path("<int:number>/files/<uuid:pk>/", attachments.file, name="file"),
    path("<int:number>/files/<uuid:pk>/take-off/", attachments.detach, name="detach"),
    path("transfer/<int:executive_id>/", hands.transfer, name="transfer_leaver"),
]
