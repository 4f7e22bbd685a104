"""What starts, tests and checks the project; nothing of it runs in production but `run.py`."""
