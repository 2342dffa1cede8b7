"""Made-up data: a believable program to look at, and large ones to measure with."""
