"""The claim endpoint as most teams would build it: FastAPI, Celery and psycopg, on the same broker and database."""
