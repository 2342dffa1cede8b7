from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveysConfig(AppConfig):
    name = "surveys"
    verbose_name = _("Surveys")

    def ready(self) -> None:
        from surveys.builtin import offer_to_seasons
        from surveys.notices import register_all

        register_all()
        offer_to_seasons()
