"""Lists of questions: what a good one is, how it is written, published and exchanged."""
