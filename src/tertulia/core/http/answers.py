"""Sending a small, whole answer without a framework."""

from litestar.types import Send

from tertulia.core.http.problem import Answer


async def send_answer(answer: Answer, send: Send, *, head: bool = False) -> None:
    """`head`: the same headers without the body (RFC 9110 §9.3.2)."""
    headers = [
        (name.lower().encode(), value.encode("latin-1")) for name, value in answer.headers.items()
    ]
    if answer.status not in (204, 304):
        headers.append((b"content-length", str(len(answer.body)).encode()))
        headers.append((b"content-type", answer.media_type.encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    body = b"" if head else answer.body
    await send({"type": "http.response.body", "body": body, "more_body": False})
