"""The HTTP side: validates, authenticates, publishes with a confirm, and answers."""

import hashlib
import os
import time
from typing import Annotated, Literal

import anyio.to_thread
from contextlib import asynccontextmanager
from fastapi import FastAPI, Header, HTTPException
from fastapi.responses import JSONResponse
from psycopg_pool import ConnectionPool
from pydantic import BaseModel, Field

from .identifiers import mint, parse, spell
from .tasks import settle_claim

pool = ConnectionPool(os.environ["PEER_DATABASE_URL"], min_size=1, max_size=4, open=False)
waits = bool(os.environ.get("PEER_WAITS"))
known_keys: dict[str, float] = {}
KEY_SECONDS = 5


@asynccontextmanager
async def lifespan(_: FastAPI):
    anyio.to_thread.current_default_thread_limiter().total_tokens = 64
    pool.open()
    yield
    pool.close()


app = FastAPI(lifespan=lifespan)


class WalletDestination(BaseModel):
    type: Literal["WALLET"]
    walletId: str = Field(pattern=r"^wal_[0-9A-HJKMNP-TV-Z]{26}$")


class Claim(BaseModel):
    method: Literal["wallet"]
    destination: WalletDestination


def authenticate(header: str | None):
    """Looks the key up, and trusts it for some seconds."""
    now = time.monotonic()
    if header and known_keys.get(header, 0) > now:
        return
    digest = hashlib.sha256((header or "").removeprefix("Bearer ").encode()).digest()
    with pool.connection() as connection:
        found = connection.execute(
            "SELECT 1 FROM api_keys WHERE secret_sha256 = %s AND revoked_at IS NULL "
            "AND 'payments:write' = ANY(permissions)",
            (digest,),
        ).fetchone()
    if not found:
        raise HTTPException(401, "UNAUTHORIZED")
    known_keys[header] = now + KEY_SECONDS


@app.post("/v1/payment-links/claim/{slug}/claim")
def claim(slug: str, body: Claim, authorization: Annotated[str | None, Header()] = None):
    authenticate(authorization)
    claim_id = mint()
    payer = parse("wal", body.destination.walletId)
    result = settle_claim.delay(slug, str(claim_id), str(payer))
    if not waits:
        return JSONResponse({"claimId": spell("clm", claim_id), "slug": slug, "status": "PROCESSING"}, 202)
    outcome = result.get(timeout=10)
    return JSONResponse(outcome, 409 if "error" in outcome else 200)
