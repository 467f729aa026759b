"""URLs of one bucket by which others read and write one thing of it, for a while."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tertulia.core.storage.sigv4 import Condition, Keys, form, presign
from tertulia.core.storage_url import Bucket


@dataclass(frozen=True)
class Form:
    """A POST of `multipart/form-data`: these fields, then one called `file`."""

    url: str
    fields: dict[str, str]


class SignedUrls:
    """`seconds` counts from `now` (UTC), by which the store's clock is believed to go."""

    def __init__(self, bucket: Bucket, keys: Keys) -> None:
        self._bucket = bucket
        self._keys = keys

    @property
    def bucket(self) -> str:
        return self._bucket.name

    @property
    def origin(self) -> str:
        """Where URLs lead browsers."""
        return self._origin("")[0]

    @property
    def takes_forms(self) -> bool:
        return self._bucket.post

    def name(self, key: str) -> str:
        """As the store calls it: below the prefix."""
        return f"{self._bucket.prefix}/{key}" if self._bucket.prefix else key

    def get(self, key: str, seconds: int, headers: Mapping[str, str], now: datetime) -> str:
        """`headers` are those of the answer: `content-type`, `content-disposition`,
        `cache-control`."""
        query = {f"response-{name.lower()}": text for name, text in headers.items()}
        return self._sign("GET", key, now, seconds, query=query)

    def put(self, key: str, size: int, media_type: str, seconds: int, now: datetime) -> str:
        """For exactly this size and type: both are signed, which every store understands."""
        headers = {"Content-Length": str(size), "Content-Type": media_type}
        return self._sign("PUT", key, now, seconds, headers=headers)

    def post(self, key: str, size: int, media_type: str, seconds: int, now: datetime) -> Form:
        """The same as a form, which older browsers and Uppy send."""
        fields = {
            "key": self.name(key),
            "Content-Type": media_type,
            "success_action_status": "201",
        }
        origin, path = self._origin("")
        more: list[Condition] = [
            {"bucket": self._bucket.name},
            ["content-length-range", size, size],
        ]
        signed = form(self._keys, fields, more, now, seconds)
        return Form(origin + path, signed)

    def part(
        self, key: str, upload_id: str, number: int, size: int, seconds: int, now: datetime
    ) -> str:
        """One part of a multipart upload, of exactly this size."""
        query = {"partNumber": str(number), "uploadId": upload_id}
        headers = {"Content-Length": str(size)}
        return self._sign("PUT", key, now, seconds, headers=headers, query=query)

    def inside(
        self,
        method: str,
        key: str,
        now: datetime,
        *,
        query: Mapping[str, str],
        headers: Mapping[str, str] | None = None,
    ) -> str:
        """What we ask the store ourselves, by the endpoint for servers; good for a minute."""
        return self._sign(method, key, now, 60, headers=headers, query=query, public=False)

    def _sign(
        self,
        method: str,
        key: str,
        now: datetime,
        seconds: int,
        *,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        public: bool = True,
    ) -> str:
        origin, path = self._origin(self.name(key), public=public)
        return presign(
            self._keys,
            method,
            origin,
            path,
            now=now,
            seconds=seconds,
            headers=headers,
            query=query,
        )

    def _origin(self, name: str, *, public: bool = True) -> tuple[str, str]:
        endpoint = self._bucket.public_endpoint if public else self._bucket.endpoint
        if self._bucket.style == "path":
            return endpoint, f"/{self._bucket.name}/{name}".rstrip("/")
        scheme, _, host = endpoint.partition("://")
        return f"{scheme}://{self._bucket.name}.{host}", f"/{name}"
