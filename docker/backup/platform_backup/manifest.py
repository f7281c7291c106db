"""What belongs to one backup, signed: without it a set of files is a claim."""

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from .fault import Fault
from .regions import MANIFESTS
from .s3 import Client

#: PKCS#8 of an Ed25519 key, before its 32 bytes (RFC 8410).
_PRIVATE_PREFIX = bytes.fromhex("302e020100300506032b657004220420")


def canonical(manifest: dict[str, Any]) -> bytes:
    return json.dumps(manifest, sort_keys=True, separators=(",", ":")).encode()


def public_key(seed: bytes) -> str:
    """PEM of the key that verifies what the seed signs."""
    with tempfile.TemporaryDirectory() as folder:
        key = _private(Path(folder), seed)
        return _openssl("pkey", "-inform", "DER", "-in", str(key), "-pubout").decode()


def sign(content: bytes, seed: bytes) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        key, text = _private(Path(folder), seed), Path(folder) / "text"
        text.write_bytes(content)
        return _openssl("pkeyutl", "-sign", "-rawin", "-keyform", "DER", "-inkey", str(key), "-in", str(text))


def verify(content: bytes, signature: bytes, public: str) -> bool:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, data in (("key", public.encode()), ("text", content), ("signature", signature)):
            (folder / file).write_bytes(data)
        arguments = ["-verify", "-rawin", "-pubin", "-inkey", f"{folder}/key", "-in", f"{folder}/text", "-sigfile", f"{folder}/signature"]
        ran = subprocess.run(["openssl", "pkeyutl", *arguments], capture_output=True, check=False)
        return ran.returncode == 0 and b"Verified Successfully" in ran.stdout


def store(client: Client, manifest: dict[str, Any], seed: bytes) -> None:
    content = canonical(manifest)
    # The signature first: a manifest without one is never to be seen.
    client.put(f"{MANIFESTS}/{manifest['id']}.sig", sign(content, seed))
    client.put(f"{MANIFESTS}/{manifest['id']}.json", content)


def ids(client: Client) -> list[str]:
    """Of the region's backups, oldest first: an id begins with its time."""
    return [Path(key).stem for key in client.keys(f"{MANIFESTS}/") if key.endswith(".json")]


def fetch(client: Client, backup: str, public: str) -> dict[str, Any]:
    content = client.get(f"{MANIFESTS}/{backup}.json")
    if not verify(content, client.get(f"{MANIFESTS}/{backup}.sig"), public):
        raise Fault(f"the signature of the manifest of {backup} in region {client.region.name} is not of the key in escrow")
    found: dict[str, Any] = json.loads(content)
    if found["id"] != backup:
        raise Fault(f"region {client.region.name} holds the manifest of {found['id']} under the name of {backup}")
    return found


def _private(folder: Path, seed: bytes) -> Path:
    path = folder / "key"
    path.touch(mode=0o600)
    path.write_bytes(_PRIVATE_PREFIX + seed)
    return path


def _openssl(*arguments: str) -> bytes:
    ran = subprocess.run(["openssl", *arguments], capture_output=True, check=False)
    if ran.returncode != 0:
        raise Fault(f"openssl {arguments[0]} ended with {ran.returncode}: {ran.stderr.decode(errors='replace').strip()}")
    return ran.stdout
