"""As much of S3 as manifests and proofs need: objects, their versions and locks. Signature version 4, TLS only."""

import hashlib
import hmac
import http.client
import ssl
import urllib.parse
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from .fault import Fault
from .regions import Keys, Region

_TIMEOUT_SECONDS = 20


#: What a server's codes mean for whoever asks here.
_REASONS = {
    "InvalidAccessKeyId": "this key counts no more; after a rotation of keys there is a new escrow file",
    "RequestTimeTooSkewed": "this machine's clock is not the server's",
    "SignatureDoesNotMatch": "the secret of this key is another one",
}


class Refused(Fault):
    """The server said no."""

    def __init__(self, status: int, code: str, what: str) -> None:
        why = _REASONS.get(code)
        super().__init__(f"{what}: {status} {code}{f', since {why}' if why else ''}")
        self.status = status
        self.code = code


class Hidden(Fault):
    """What was there is hidden, and nobody who belongs here hides it."""


@dataclass(frozen=True)
class Version:
    key: str
    id: str
    #: When it was written.
    modified: datetime
    size: int
    #: A marker that hides the versions before it, which is what a plain delete leaves.
    deleted: bool
    latest: bool


class Client:
    def __init__(self, region: Region, keys: Keys) -> None:
        self.region = region
        self._keys = keys
        self._context = ssl.create_default_context(cafile=region.ca_file)

    def put(self, key: str, content: bytes) -> None:
        # The lock of the bucket asks for a digest of what is written.
        self._ask("PUT", key, body=content, headers={"content-md5": _md5(content)})

    def get(self, key: str, version: str | None = None) -> bytes:
        return self._ask("GET", key, query={"versionId": version} if version else {})[1]

    def delete(self, key: str, version: str | None = None, headers: dict[str, str] | None = None) -> None:
        self._ask("DELETE", key, query={"versionId": version} if version else {}, headers=headers or {})

    def check(self) -> None:
        """
        Does the region answer? Raises a Fault within seconds where it doesn't: restic and pgBackRest ask a region that is away
        again and again for a quarter of an hour, and whoever waits for them has no backup anywhere meanwhile.
        """
        self._ask("GET", "", query={"list-type": "2", "max-keys": "1"})

    def keys(self, prefix: str) -> list[str]:
        """Keys that begin so, in their order."""
        found: list[str] = []
        token = ""
        while True:
            query = {"list-type": "2", "prefix": prefix, **({"continuation-token": token} if token else {})}
            root = _parse(self._ask("GET", "", query=query)[1])
            found += [_text(one, "Key") for one in root.iter("Contents")]
            token = _text(root, "NextContinuationToken")
            if not token:
                return sorted(found)

    def versions(self, prefix: str) -> list[Version]:
        """Every version and marker of the keys that begin so."""
        found: list[Version] = []
        markers: dict[str, str] = {}
        while True:
            root = _parse(self._ask("GET", "", query={"versions": "", "prefix": prefix, **markers})[1])
            for kind in ("Version", "DeleteMarker"):
                found += [
                    Version(
                        _text(one, "Key"),
                        _text(one, "VersionId"),
                        written_at(_text(one, "VersionId"), _text(one, "LastModified")),
                        int(_text(one, "Size") or 0),
                        kind == "DeleteMarker",
                        _text(one, "IsLatest") == "true",
                    )
                    for one in root.iter(kind)
                ]
            if _text(root, "IsTruncated") != "true":
                return found
            markers = {"key-marker": _text(root, "NextKeyMarker"), "version-id-marker": _text(root, "NextVersionIdMarker")}

    def refuse_hidden(self, key: str) -> None:
        """
        Raises Hidden when an object was there and is hidden. What makes a new repository asks first: beside the hidden one it
        would make what that holds unreadable.
        """
        newest = [one for one in self.versions(key) if one.key == key and one.latest]
        if any(one.deleted for one in newest):
            raise Hidden(f"{self.region.name} hides {key}, and nothing new is begun beside it: docs/DR_RUNBOOK.md, section 7")

    def retention(self, key: str) -> tuple[str, datetime]:
        """Mode and end of an object's lock: its own, else the bucket's default, which counts from when it was written."""
        try:
            root = _parse(self._ask("GET", key, query={"retention": ""})[1])
            return _text(root, "Mode"), datetime.fromisoformat(_text(root, "RetainUntilDate"))
        except Refused as refused:
            # What a server says that applies the default without writing it to each object.
            if refused.code != "NoSuchObjectLockConfiguration":
                raise
        mode, days = self.default_lock()
        written = next(one.modified for one in self.versions(key) if one.key == key and one.latest)
        return mode, written + timedelta(days=days)

    def default_lock(self) -> tuple[str, int]:
        """Mode and days for which the bucket locks what is written to it."""
        root = _parse(self._ask("GET", "", query={"object-lock": ""})[1])
        return _text(root, "Rule/DefaultRetention/Mode"), int(_text(root, "Rule/DefaultRetention/Days") or 0)

    def versioning(self) -> str:
        """Enabled, Suspended, or nothing where it never was."""
        return _text(_parse(self._ask("GET", "", query={"versioning": ""})[1]), "Status")

    def _ask(
        self, method: str, key: str, query: dict[str, str] | None = None, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        path = "/" + (f"{self.region.bucket}/" if self.region.path_style else "") + key
        path = urllib.parse.quote(path.rstrip("/") if key == "" and self.region.path_style else path, safe="/-_.~") or "/"
        host = self.region.host if self.region.path_style else f"{self.region.bucket}.{self.region.host}"
        asked = "&".join(f"{_quote(name)}={_quote(value)}" for name, value in sorted((query or {}).items()))
        connection = http.client.HTTPSConnection(host, self.region.port, timeout=_TIMEOUT_SECONDS, context=self._context)
        try:
            signed = self._sign(method, host, path, asked, body, headers or {})
            connection.request(method, path + (f"?{asked}" if asked else ""), body=body, headers=signed)
            answer = connection.getresponse()
            content = answer.read()
        except OSError as error:
            raise Fault(f"region {self.region.name} at {self.region.endpoint} does not answer: {error}") from None
        finally:
            connection.close()
        if answer.status >= 300:
            raise Refused(answer.status, _code(content), f"{self.region.name}: {method} {key or self.region.bucket}")
        return answer.status, content

    def _sign(self, method: str, host: str, path: str, query: str, body: bytes, extra: dict[str, str]) -> dict[str, str]:
        now = datetime.now(UTC)
        moment, day = now.strftime("%Y%m%dT%H%M%SZ"), now.strftime("%Y%m%d")
        payload = hashlib.sha256(body).hexdigest()
        named = host if self.region.port == 443 else f"{host}:{self.region.port}"
        headers = {"host": named, "x-amz-content-sha256": payload, "x-amz-date": moment, **extra}
        names = ";".join(sorted(headers))
        canonical = "\n".join([method, path, query, *(f"{name}:{headers[name].strip()}" for name in sorted(headers)), "", names, payload])
        scope = f"{day}/{self.region.name}/s3/aws4_request"
        text = "\n".join(["AWS4-HMAC-SHA256", moment, scope, hashlib.sha256(canonical.encode()).hexdigest()])
        key = f"AWS4{self._keys.secret}".encode()
        for part in (day, self.region.name, "s3", "aws4_request"):
            key = hmac.digest(key, part.encode(), "sha256")
        signature = hmac.new(key, text.encode(), "sha256").hexdigest()
        return {**headers, "authorization": f"AWS4-HMAC-SHA256 Credential={self._keys.id}/{scope}, SignedHeaders={names}, Signature={signature}"}


#: Crockford's base 32, as ULIDs are written.
_BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def written_at(version: str, last_modified: str) -> datetime:
    """
    When a version was written. versitygw says of a version that is no longer the newest when it was replaced, and of a marker
    when what it hides was written (measured, 1.8.0); its version ids are ULIDs, whose first ten characters are milliseconds
    since 1970. Elsewhere ids are opaque, and LastModified is true.
    """
    if len(version) == 26 and all(one in _BASE32 for one in version):
        milliseconds = 0
        for one in version[:10]:
            milliseconds = milliseconds * 32 + _BASE32.index(one)
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    return datetime.fromisoformat(last_modified)


def _quote(text: str) -> str:
    return urllib.parse.quote(text, safe="-_.~")


def _md5(content: bytes) -> str:
    import base64

    return base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()


def _parse(content: bytes) -> ElementTree.Element:
    root = ElementTree.fromstring(content)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return root


def _text(element: Any, name: str) -> str:
    return element.findtext(name) or ""


def _code(content: bytes) -> str:
    try:
        return _text(_parse(content), "Code") or "without a reason"
    except ElementTree.ParseError:
        return content[:100].decode(errors="replace")
