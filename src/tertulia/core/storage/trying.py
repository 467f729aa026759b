"""Does a storage do what we need of it? For whoever sets one up."""

import os
import re

from tertulia.core.storage.storage import Missing, Storage, StorageAway

# What stores answer, and what to do about it.
ADVICE = {
    "NoSuchBucket": "Make the bucket, or mend its name in TERTULIA_STORAGE_URL.",
    "InvalidAccessKeyId": "The store does not know TERTULIA_STORAGE_ACCESS_KEY.",
    "SignatureDoesNotMatch": "TERTULIA_STORAGE_SECRET_KEY does not belong to the access key.",
    "AccessDenied": "Let the key get, put, delete and list in this bucket (docs/ops/storage.md).",
    "AllAccessDisabled": "The store has closed this bucket.",
    "RequestTimeTooSkewed": "Let this machine's clock follow NTP.",
    "AuthorizationHeaderMalformed": "Put the bucket's region into the URL: ?region=…",
    "PermanentRedirect": "Put the bucket's region or its right endpoint into the URL.",
}
AWAY = "Is it up, and are endpoint, region and style in TERTULIA_STORAGE_URL right?"


class Trouble(Exception):
    """`text` is what went wrong, `advice` what to do."""

    def __init__(self, text: str, advice: str) -> None:
        super().__init__(text)
        self.text = text
        self.advice = advice


async def attempt(storage: Storage) -> None:
    """Write a small thing, read it, list it, throw it away. Raises Trouble."""
    key = f"probe/{os.getpid()}"
    doing = "written"
    try:
        await storage.write(key, b"tertulia")
        doing = "read"
        found = b"".join([block async for block in storage.read(key)])
        doing = "listed"
        names = [stored.key async for stored in storage.list("probe/")]
        doing = "deleted from"
        await storage.remove([key])
    except (Missing, StorageAway) as error:
        raise _trouble(doing, error) from error
    if found != b"tertulia" or key not in names:
        text = "it does not give back what was just written"
        raise Trouble(text, "Tertulia needs a store that shows at once what was put.")


def _trouble(doing: str, error: Exception) -> Trouble:
    cause = error.__cause__
    found = re.search(r"<Code>(\w+)</Code>", str(cause or ""))
    if found is not None:
        code = found[1]
        return Trouble(f"cannot be {doing}: the store answers {code}", ADVICE.get(code, AWAY))
    if isinstance(cause, OSError):
        return Trouble(f"cannot be {doing}: {cause.strerror or cause}", "")
    return Trouble(f"cannot be {doing}: the store does not answer as one should", AWAY)
