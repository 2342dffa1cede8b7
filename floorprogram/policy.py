"""The policy table: which route is open to whom, on whose objects.

The middleware enforces the first half (who) for every route and refuses to serve one without an entry. The second half
(whose objects) is the queryset method ``visible_to(user)`` each view fetches through, named here so that the test that
drives every route as every role knows what to expect. What a person may not see answers 404.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

EVERYBODY = frozenset({"admin", "coordinator", "sponsor", "executive", "assistant", "host"})
ADMIN = frozenset({"admin"})
STAFF = frozenset({"admin", "coordinator"})
READERS = STAFF | {"sponsor"}
VISITORS = STAFF | {"executive", "assistant", "host"}
OWNERS = STAFF | {"executive", "assistant"}


@dataclass(frozen=True)
class Rule:
    """``who``: identities of which the person needs one; empty: anybody signed in. ``anonymous``: no sign-in needed.
    ``objects``: whose, in words, for the reader and the test."""

    who: frozenset[str] = frozenset()
    anonymous: bool = False
    objects: str = ""

    def admits(self, user: Any) -> bool:
        """True when this person may use the route at all."""
        if self.anonymous:
            return True
        return bool(user.is_authenticated and (not self.who or user.identities & self.who))


ANYBODY = Rule(anonymous=True)
SIGNED_IN = Rule()
SETTING_UP = (  # pages and verbs of a season that is set up
    "edit", "window", "sites", "places", "rules", "effects", "agenda", "day", "reminders", "file", "delete", "open",
    "draft", "close",
)  # fmt: skip

POLICY: dict[str, Rule] = {
    "home": Rule(objects="their own day"),
    "look": Rule(ADMIN),
    "healthz": ANYBODY,
    "readyz": ANYBODY,
    "csp_reports": ANYBODY,
    "set_language": ANYBODY,
    "demo_sign_in": ANYBODY,  # 404 unless DEMO is on
    "account_login": ANYBODY,
    "account_logout": ANYBODY,
    "account_inactive": ANYBODY,
    "account_reset_password": ANYBODY,
    "account_reset_password_done": ANYBODY,
    "account_reset_password_from_key": ANYBODY,
    "account_reset_password_from_key_done": ANYBODY,
    "account_change_password": SIGNED_IN,
    "account_reauthenticate": SIGNED_IN,
    # notifications
    "notifications:outbox": Rule(STAFF, objects="messages about their sites"),
    "notifications:message": Rule(STAFF, objects="messages about their sites; the parts that are"),
    "notifications:mail_file": Rule(STAFF, objects="messages about their sites alone, in a demo"),
    "notifications:resend": Rule(STAFF, objects="messages about their sites alone"),
    "notifications:cancel": Rule(STAFF, objects="messages about their sites alone"),
    "notifications:bounced": Rule(STAFF, objects="messages about their sites alone"),
    "notifications:address_works": Rule(STAFF, objects="messages about their sites alone"),
    "notifications:act": Rule(anonymous=True, objects="what the signed link is for"),
    "notifications:leave": Rule(anonymous=True, objects="the digest of the signed link's person"),
    "notifications:digests": Rule(READERS, objects="their own digests"),
    "notifications:webhooks": Rule(ADMIN),
    "notifications:webhook_new": Rule(ADMIN),
    "notifications:webhook": Rule(ADMIN),
    "notifications:webhook_edit": Rule(ADMIN),
    "notifications:webhook_pause": Rule(ADMIN),
    "notifications:webhook_resume": Rule(ADMIN),
    "notifications:webhook_rotate": Rule(ADMIN),
    "notifications:webhook_test": Rule(ADMIN),
    "notifications:webhook_remove": Rule(ADMIN),
    "notifications:delivery_resend": Rule(ADMIN),
    # seasons and availability
    "shadowing:seasons": Rule(READERS, objects="seasons with a site of theirs"),
    "shadowing:season_new": Rule(STAFF, objects="at sites all theirs"),
    "shadowing:season": Rule(READERS, objects="seasons with a site of theirs"),
    **{f"shadowing:season_{page}": Rule(STAFF, objects="seasons whose sites are all theirs") for page in SETTING_UP},
    "shadowing:season_policy": Rule(READERS, objects="seasons with a site of theirs; change: all sites theirs"),
    "shadowing:season_people": Rule(STAFF, objects="all executives, hosts of their sites"),
    "shadowing:season_people_csv": Rule(STAFF, objects="as the page"),
    "shadowing:season_remind": Rule(STAFF, objects="all executives, hosts of their sites"),
    "shadowing:season_add": Rule(STAFF, objects="executives: seasons wholly theirs; hosts of their sites"),
    "shadowing:season_remove": Rule(STAFF, objects="executives: seasons wholly theirs; hosts of their sites"),
    "shadowing:season_roster": Rule(STAFF, objects="seasons whose sites are all theirs"),
    "shadowing:season_willing": Rule(STAFF | {"host"}, objects="hosts of their sites; the host's own answer"),
    "shadowing:season_board": Rule(READERS, objects="visits of their sites"),
    "shadowing:board_tray": Rule(READERS, objects="executives of seasons with a site of theirs; pairs at their sites"),
    "shadowing:board_best": Rule(READERS, objects="places at their sites"),
    "shadowing:board_targets": Rule(READERS, objects="days of their sites"),
    "shadowing:board_file": Rule(READERS, objects="as the board"),
    "shadowing:board_propose": Rule(STAFF, objects="places at their sites"),
    "shadowing:board_use": Rule(STAFF, objects="places at their sites"),
    "shadowing:board_undo": Rule(STAFF, objects="their own changes"),
    "shadowing:board_allow": Rule(STAFF, objects="pairs at their sites"),
    "shadowing:visit_panel": Rule(READERS, objects="visits of their sites"),
    "shadowing:visit_options": Rule(READERS, objects="visits of their sites"),
    "shadowing:place": Rule(STAFF, objects="visits of their sites"),
    "shadowing:swap": Rule(STAFF, objects="visits of their sites"),
    "shadowing:lock": Rule(STAFF, objects="visits of their sites"),
    "shadowing:acknowledge": Rule(STAFF, objects="visits of their sites"),
    "shadowing:forbid": Rule(STAFF, objects="visits of their sites"),
    "shadowing:take_off": Rule(STAFF, objects="visits of their sites"),
    "shadowing:season_plan": Rule(READERS, objects="plans of seasons with a site of theirs; pairs at their sites"),
    "shadowing:plan_progress": Rule(READERS, objects="as the page"),
    "shadowing:plan_start": Rule(STAFF, objects="seasons whose sites are all theirs"),
    "shadowing:plan_stop": Rule(STAFF, objects="seasons whose sites are all theirs"),
    "shadowing:plan_adopt": Rule(STAFF, objects="seasons whose sites are all theirs"),
    "shadowing:plan_pair": Rule(READERS, objects="pairs at their sites, all for the sponsor"),
    "shadowing:plan_pairs_file": Rule(READERS, objects="as the page"),
    "shadowing:plan_left_out_file": Rule(READERS, objects="as the page"),
    "shadowing:plan_what_if": Rule(STAFF, objects="seasons whose sites are all theirs"),
    "shadowing:plan_try": Rule(STAFF, objects="seasons whose sites are all theirs"),
    "shadowing:plan_ask_days": Rule(STAFF, objects="seasons whose sites are all theirs"),
    "shadowing:plan_take_over": Rule(STAFF, objects="seasons whose sites are all theirs"),
    "shadowing:plan_compare": Rule(READERS, objects="plans of seasons with a site of theirs; pairs at their sites"),
    "shadowing:plan_compare_file": Rule(READERS, objects="as the page"),
    "shadowing:season_days": Rule(STAFF, objects="figures of their sites; all executives"),
    "shadowing:season_days_csv": Rule(STAFF, objects="as the page"),
    "shadowing:season_days_xlsx": Rule(STAFF, objects="as the page"),
    "shadowing:days_on": Rule(STAFF, objects="all executives, willing hosts of their sites"),
    "shadowing:availability": Rule(VISITORS, objects="their own days"),
    "shadowing:person_availability": Rule(VISITORS, objects="their executive's; all executives', their sites' hosts'"),
    "shadowing:turn_day": Rule(VISITORS, objects="as the page"),
    "shadowing:confirm_days": Rule(VISITORS, objects="as the page"),
    "shadowing:upload_calendar": Rule(VISITORS, objects="as the page"),
    "shadowing:take_over": Rule(VISITORS, objects="as the page"),
    "shadowing:undo_days": Rule(VISITORS, objects="as the page"),
    "shadowing:day_list": Rule(STAFF, objects="executives, hosts of their sites"),
    "shadowing:season_repair": Rule(STAFF, objects="seasons whose sites are all theirs"),
    "shadowing:season_waiting": Rule(READERS, objects="seasons with a site of theirs"),
    "shadowing:season_waiting_file": Rule(READERS, objects="as the page"),
    "shadowing:season_place": Rule(STAFF, objects="seasons with a site of theirs; places at their sites"),
    "shadowing:step_back": Rule(OWNERS, objects="their own, their executive's; seasons with a site of theirs"),
    "shadowing:own_places": Rule(OWNERS, objects="their own places, their executive's"),
    # visits
    "shadowing:replace": Rule(STAFF, objects="visits of their sites"),
    "shadowing:stand_in": Rule(STAFF, objects="visits of their sites"),
    "shadowing:standby": Rule(STAFF, objects="days of their sites"),
    "shadowing:standby_asked": Rule(frozenset({"host"}), objects="the days they stand by on"),
    "shadowing:publish_acknowledge": Rule(STAFF, objects="seasons whose sites are all theirs"),
    "shadowing:publish": Rule(STAFF, objects="seasons whose sites are all theirs"),
    "shadowing:visits": Rule(objects="visits of their sites, their own, their executive's"),
    "shadowing:visit": Rule(objects="visits of their sites, their own, their executive's"),
    "shadowing:accept": Rule(VISITORS, objects="their own invitation, their executive's, those of their sites"),
    "shadowing:decline": Rule(VISITORS, objects="their own invitation, their executive's, those of their sites"),
    "shadowing:invite": Rule(STAFF, objects="visits of their sites"),
    "shadowing:move": Rule(VISITORS, objects="visits of their sites, their own, their executive's"),
    "shadowing:cancel": Rule(STAFF, objects="visits of their sites"),
    "shadowing:brief": Rule(VISITORS, objects="their own visit, their executive's"),
    "shadowing:check_in": Rule(OWNERS, objects="visits of their sites, their own, their executive's"),
    "shadowing:no_show": Rule(STAFF, objects="visits of their sites"),
    "shadowing:correct": Rule(STAFF, objects="visits of their sites"),
    "shadowing:floor": Rule(STAFF | {"executive", "host"}, objects="their own visit, those of their sites"),
    "shadowing:visit_days": Rule(READERS, objects="visits of their sites, all for the sponsor"),
    "shadowing:visit_day": Rule(READERS, objects="days of their sites, all for the sponsor"),
    "shadowing:regroup": Rule(VISITORS, objects="days of their sites; their own days, with their own notes"),
    **{f"shadowing:regroup_{part}": Rule(VISITORS, objects="as the page") for part in ("news", "screen")},
    "shadowing:regroup_csv": Rule(STAFF, objects="days of their sites"),
    **{
        f"shadowing:regroup_{verb}": Rule(OWNERS, objects="days of their sites; days they or their executive visit")
        for verb in ("make", "put", "rename", "join", "up", "remove", "discuss", "carry", "reopen")
    },
    "shadowing:calendar": Rule(objects="their own calendar address"),
    "shadowing:calendar_end": Rule(objects="their own calendar address"),
    "shadowing:calendar_feed": Rule(anonymous=True, objects="the person whose secret it is"),
    # people
    "people:index": Rule(READERS, objects="people of their sites and all executives, everybody for admin and sponsor"),
    "people:person": Rule(objects="people of their sites, themselves, their executive"),
    "people:away": Rule(objects="themselves, their executive; all executives, their sites' hosts"),
    "people:back": Rule(objects="as the page"),
    "people:left": Rule(
        STAFF, objects="everybody without a role, hosts of their sites; everybody but themselves for admin"
    ),
    "people:returned": Rule(STAFF, objects="as the page"),
    **{f"people:import_{to}": Rule(STAFF, objects="their uploads") for to in ("file", "columns", "dry_run", "cancel")},
    "people:import_run": Rule(STAFF, objects="their own uploads; lines of their sites"),
    "people:import_done": Rule(STAFF, objects="their own imports"),
    **{f"people:{part}": Rule(ADMIN) for part in ("roles", "grant", "revoke")},
    # surveys
    "surveys:index": Rule(objects="rounds visible to them, their own invitation"),
    "surveys:round": Rule(objects="released cells of own sites, else the season's total"),
    "surveys:export": Rule(READERS, objects="as the page"),
    "surveys:alignment": Rule(objects="the season's total; the front line of own sites"),
    "surveys:alignment_summary": Rule(objects="as surveys:alignment"),
    "surveys:alignment_export": Rule(READERS, objects="as surveys:alignment"),
    "surveys:round_new": Rule(STAFF, objects="seasons whose sites are all theirs, sites of theirs"),
    "surveys:setup": Rule(STAFF, objects="rounds at a site of theirs; cells wholly of their sites"),
    "surveys:round_edit": Rule(STAFF, objects="rounds whose sites are all theirs"),
    "surveys:open": Rule(STAFF, objects="rounds whose sites are all theirs"),
    "surveys:extend": Rule(STAFF, objects="rounds whose sites are all theirs"),
    "surveys:raise": Rule(STAFF, objects="rounds whose sites are all theirs"),
    "surveys:close": Rule(STAFF, objects="rounds whose sites are all theirs"),
    "surveys:delete": Rule(STAFF, objects="rounds whose sites are all theirs"),
    "surveys:slips": Rule(STAFF, objects="hosts of their sites"),
    "surveys:kiosk": Rule(anonymous=True, objects="the invitation of the PIN"),
    "surveys:kiosk_answer": Rule(anonymous=True, objects="the invitation of the signed ticket"),
    "surveys:kiosk_done": ANYBODY,
    "surveys:answer": Rule(anonymous=True, objects="the invitation of the signed link"),
    "surveys:answer_own": Rule(objects="their own invitation"),
    "surveys:thanks": ANYBODY,
    "surveys:questionnaires": Rule(STAFF, objects="all questionnaires"),
    "surveys:questionnaire_new": Rule(STAFF, objects="their own new draft"),
    "surveys:questionnaire_import": Rule(STAFF, objects="their own new draft"),
    "surveys:questionnaire_builtin": Rule(STAFF, objects="all questionnaires"),
    "surveys:questionnaire": Rule(STAFF, objects="all questionnaires"),
    "surveys:questionnaire_words": Rule(STAFF, objects="drafts; built-in ones of coordinators of all sites"),
    "surveys:questionnaire_preview": Rule(STAFF, objects="all questionnaires"),
    "surveys:questionnaire_export": Rule(STAFF, objects="all questionnaires"),
    "surveys:questionnaire_publish": Rule(STAFF, objects="drafts; built-in ones of coordinators of all sites"),
    "surveys:questionnaire_discard": Rule(STAFF, objects="drafts; built-in ones of coordinators of all sites"),
    "surveys:questionnaire_version": Rule(STAFF, objects="drafts; built-in ones of coordinators of all sites"),
    "surveys:questionnaire_duplicate": Rule(STAFF, objects="all questionnaires"),
    "surveys:questionnaire_retire": Rule(STAFF, objects="drafts; built-in ones of coordinators of all sites"),
    "surveys:questionnaire_back": Rule(STAFF, objects="drafts; built-in ones of coordinators of all sites"),
    "surveys:question_new": Rule(STAFF, objects="drafts; built-in ones of coordinators of all sites"),
    "surveys:question": Rule(STAFF, objects="drafts; built-in ones of coordinators of all sites"),
    "surveys:question_move": Rule(STAFF, objects="drafts; built-in ones of coordinators of all sites"),
    "surveys:question_remove": Rule(STAFF, objects="drafts; built-in ones of coordinators of all sites"),
    "surveys:section_new": Rule(STAFF, objects="drafts; built-in ones of coordinators of all sites"),
    "surveys:section": Rule(STAFF, objects="drafts; built-in ones of coordinators of all sites"),
    "surveys:section_move": Rule(STAFF, objects="drafts; built-in ones of coordinators of all sites"),
    "surveys:section_remove": Rule(STAFF, objects="drafts; built-in ones of coordinators of all sites"),
    # reports
    "reports:index": Rule(READERS),
    "reports:report": Rule(READERS, objects="visits and issues of their sites, all for the sponsor"),
    "reports:csv": Rule(READERS, objects="as the page"),
    "reports:xlsx": Rule(READERS, objects="as the page"),
    # walls
    "wall:index": Rule(objects="walls they read"),
    "wall:site": Rule(objects="the host's own site; sites coordinated, visited; all for the sponsor"),
    "wall:make_link": Rule(STAFF, objects="their sites"),
    "wall:revoke_link": Rule(STAFF, objects="their sites"),
    "wall:public": Rule(anonymous=True, objects="the site whose secret it is"),
    # issues
    "issues:index": Rule(objects="issues visible to them"),
    "issues:export": Rule(READERS | OWNERS, objects="issues visible to them"),
    "issues:filters": Rule(objects="issues visible to them"),
    "issues:bulk": Rule(STAFF, objects="issues of their sites; what else is ticked is refused, one by one"),
    "issues:views": Rule(objects="their own views of the list"),
    "issues:view_save": Rule(objects="their own views of the list"),
    "issues:view_rename": Rule(objects="their own views of the list"),
    "issues:view_default": Rule(objects="their own views of the list"),
    "issues:view_delete": Rule(objects="their own views of the list"),
    "issues:owed": Rule(READERS | OWNERS, objects="visits of their own, of executives they assist, of their sites"),
    "issues:owed_export": Rule(READERS | OWNERS, objects="as issues:owed"),
    "issues:similar": Rule(OWNERS, objects="issues visible to them"),
    "issues:mine": Rule(OWNERS, objects="issues and visits of their own, of executives they assist"),
    "issues:promises": Rule(frozenset({"host"}), objects="what was promised to them"),
    "issues:issue": Rule(objects="issues visible to them"),
    "issues:attach": Rule(objects="as issues:issue; who carries it, the host"),
    "issues:file": Rule(objects="as issues:issue; the host: files that are for them"),
    "issues:detach": Rule(objects="as issues:file; who added it, who works on it"),
    "issues:regroup": Rule(OWNERS, objects="groups of days of their sites; of days they or their executive visit"),
    "issues:take_away": Rule(OWNERS, objects="their own visit, their executive's; visits of their sites"),
    "issues:waive": Rule(STAFF, objects="visits of their sites"),
    "issues:update": Rule(OWNERS, objects="their own, their executive's; issues of their sites"),
    "issues:start": Rule(OWNERS, objects="as issues:update"),
    "issues:hold": Rule(OWNERS, objects="as issues:update"),
    "issues:resume": Rule(OWNERS, objects="as issues:update"),
    "issues:deliver": Rule(OWNERS, objects="as issues:update"),
    "issues:change": Rule(OWNERS, objects="as issues:update"),
    "issues:confirm": Rule(STAFF | {"host"}, objects="what was promised to them; issues of their sites"),
    "issues:not_yet": Rule(STAFF | {"host"}, objects="as issues:confirm"),
    "issues:write": Rule(STAFF | {"host"}, objects="as issues:confirm"),
    "issues:withdraw": Rule(STAFF, objects="issues of their sites"),
    "issues:merge": Rule(STAFF, objects="issues of their sites"),
    "issues:remind": Rule(STAFF, objects="issues of their sites"),
    "issues:merge_choices": Rule(STAFF, objects="issues of their sites"),
    "issues:ask_withdrawal": Rule(OWNERS, objects="their own, their executive's"),
    "issues:refuse_withdrawal": Rule(STAFF, objects="issues of their sites"),
    "issues:handover": Rule(STAFF | {"executive"}, objects="their own in person; issues of their sites"),
    "issues:accept_handover": Rule(frozenset({"executive"}), objects="what they were offered, in person"),
    "issues:decline_handover": Rule(frozenset({"executive"}), objects="what they were offered, in person"),
    "issues:take_back": Rule(STAFF | {"executive"}, objects="as issues:handover"),
    "issues:transfer": Rule(STAFF, objects="issues of their sites"),
    "issues:transfer_leaver": Rule(STAFF, objects="any executive's open issues at their sites"),
    "issues:hand_back": Rule(frozenset({"executive"}), objects="their own in person"),
    "issues:ask_counterpart": Rule(OWNERS, objects="as issues:update"),
    "issues:accept_counterpart": Rule(objects="what they, or their executive, were asked for"),
    "issues:decline_counterpart": Rule(objects="as issues:accept_counterpart"),
    "issues:leave_counterpart": Rule(objects="as issues:accept_counterpart"),
    "issues:end_counterpart": Rule(OWNERS, objects="as issues:update"),
    "issues:snooze": Rule(OWNERS, objects="their own, their executive's"),
    "issues:check": Rule(
        STAFF | {"host"}, objects="what was promised to them, or to a host of their team who has left"
    ),
    "issues:watch": Rule(objects="issues visible to them"),
    "issues:unwatch": Rule(objects="issues visible to them"),
}
