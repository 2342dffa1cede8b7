from django.apps import AppConfig
from django.forms import Field
from django.utils.translation import gettext_lazy as _


class FloorprogramConfig(AppConfig):
    name = "floorprogram"

    def ready(self) -> None:
        from floorprogram.digest import register_all
        from notifications.webhooks.payload import PAGES

        register_all()
        PAGES.update(issue="issues:issue", visit="shadowing:visit")
        # One sentence for every empty field: it says what to do, where Django's says what is wrong
        Field.default_error_messages["required"] = _("Fill this in.")
