"""The regroup of a visit day: who may, what is done, what its page shows."""
