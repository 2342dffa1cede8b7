from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IssuesConfig(AppConfig):
    name = "issues"
    verbose_name = _("Issues")

    def ready(self) -> None:
        from issues.notices import register_all
        from issues.notices.foresight import FORESIGHTS
        from issues.regroup import results
        from shadowing.regroup.results import readers
        from shadowing.seasons.foreseeing import foresights

        register_all()
        foresights.extend(FORESIGHTS)
        readers.append(results)
