from django.apps import AppConfig


class FloorprogramConfig(AppConfig):
    name = "floorprogram"

    def ready(self) -> None:
        from floorprogram import form_words
        from floorprogram.digest import register_all
        from notifications.webhooks.payload import PAGES

        register_all()
        PAGES.update(issue="issues:issue", visit="shadowing:visit")
        form_words.speak()
