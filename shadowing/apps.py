from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ShadowingConfig(AppConfig):
    name = "shadowing"
    verbose_name = _("Shadowing")

    def ready(self) -> None:
        from notifications.links import register_purpose
        from shadowing import notices
        from shadowing.notices.foresight import VISIT
        from shadowing.seasons.foreseeing import foresights
        from shadowing.views import link_days, links, standby

        notices.add_kinds()
        foresights.append(VISIT)
        register_purpose(links.ANSWER)
        register_purpose(links.HOST)
        register_purpose(link_days.DAYS)
        register_purpose(standby.STANDBY)
