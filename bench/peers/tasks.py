"""The Celery side: one task a claim, acknowledged when its transaction has committed."""

import os
import uuid

import psycopg
from celery import Celery
from celery.signals import worker_process_init
from psycopg.rows import namedtuple_row

from .settlement import Refused, settle

app = Celery("peer", broker=os.environ["PEER_AMQP_URL"], backend="rpc://" if os.environ.get("PEER_WAITS") else None)
app.conf.update(
    task_default_queue="peer.claims",
    task_default_queue_type="quorum",
    worker_detect_quorum_queues=True,
    broker_transport_options={"confirm_publish": True},
    broker_pool_limit=64,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=not os.environ.get("PEER_WAITS"),
    worker_prefetch_multiplier=32,
    task_serializer="json",
    result_serializer="json",
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
)

connection = None


@worker_process_init.connect
def connect(**_):
    """A connection to a process, with statements prepared from their first use on."""
    global connection
    connection = psycopg.connect(
        os.environ["PEER_DATABASE_URL"], autocommit=True, row_factory=namedtuple_row, prepare_threshold=0
    )


@app.task(name="claims.settle", autoretry_for=(psycopg.OperationalError,), retry_backoff=True, max_retries=20)
def settle_claim(slug: str, claim_id: str, payer_id: str) -> dict:
    try:
        return settle(connection, slug, uuid.UUID(claim_id), uuid.UUID(payer_id))
    except Refused as refused:
        return {"error": {"code": refused.code}}
