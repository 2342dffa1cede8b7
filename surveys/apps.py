from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveysConfig(AppConfig):
    name = "surveys"
    verbose_name = _("Surveys")

    def ready(self) -> None:
        from shadowing.seasons.foreseeing import foresights
        from surveys.notices import FORESIGHT, register_all
        from surveys.questionnaires.builtin import offer_to_seasons

        register_all()
        foresights.append(FORESIGHT)
        offer_to_seasons()
