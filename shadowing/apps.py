from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ShadowingConfig(AppConfig):
    name = "shadowing"
    verbose_name = _("Shadowing")

    def ready(self) -> None:
        from shadowing import notices

        notices.add_kinds()
