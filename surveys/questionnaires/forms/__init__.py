"""Forms of the questionnaire editor. They check shape; the actions decide."""
