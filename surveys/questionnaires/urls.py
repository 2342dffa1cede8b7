"""Addresses of the questionnaire editor, below /surveys/questionnaires/."""

from django.urls import path

from surveys.views import questionnaire_verbs, questionnaires, questions

urlpatterns = [
    path("", questionnaires.index, name="questionnaires"),
    path("new/", questionnaires.create, name="questionnaire_new"),
    path("import/", questionnaires.import_file, name="questionnaire_import"),
    path("builtin/<slug:slug>/", questionnaires.write_builtin, name="questionnaire_builtin"),
    path("<int:pk>/", questionnaires.questionnaire, name="questionnaire"),
    path("<int:pk>/words/", questionnaires.words, name="questionnaire_words"),
    path("<int:pk>/preview/", questionnaires.preview, name="questionnaire_preview"),
    path("<int:pk>/export/", questionnaires.export, name="questionnaire_export"),
    path("<int:pk>/publish/", questionnaire_verbs.publish, name="questionnaire_publish"),
    path("<int:pk>/discard/", questionnaire_verbs.discard, name="questionnaire_discard"),
    path("<int:pk>/version/", questionnaire_verbs.new_version, name="questionnaire_version"),
    path("<int:pk>/duplicate/", questionnaire_verbs.duplicate, name="questionnaire_duplicate"),
    path("<int:pk>/retire/", questionnaire_verbs.retire, name="questionnaire_retire"),
    path("<int:pk>/back/", questionnaire_verbs.bring_back, name="questionnaire_back"),
    path("<int:pk>/new-question/", questions.question_new, name="question_new"),
    path("<int:pk>/questions/<slug:key>/", questions.question, name="question"),
    path("<int:pk>/questions/<slug:key>/move/", questions.question_move, name="question_move"),
    path("<int:pk>/questions/<slug:key>/remove/", questions.question_remove, name="question_remove"),
    path("<int:pk>/new-section/", questions.section_new, name="section_new"),
    path("<int:pk>/sections/<slug:key>/", questions.section, name="section"),
    path("<int:pk>/sections/<slug:key>/move/", questions.section_move, name="section_move"),
    path("<int:pk>/sections/<slug:key>/remove/", questions.section_remove, name="section_remove"),
]
