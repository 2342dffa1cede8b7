"""From a personnel file to people: what the file is, what its columns mean, what each line would change, the import."""
