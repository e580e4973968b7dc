"""A model's files, as transformers lays them out. The only door to tokenizers and safetensors."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from index.errors import ModelError

if TYPE_CHECKING:
    import torch
    from tokenizers import Tokenizer

CONFIG_FILE = "config.json"
TOKENIZER_FILE = "tokenizer.json"
_WEIGHTS_FILE = "model.safetensors"
_INDEX_FILE = "model.safetensors.index.json"
_QUANTIZATION = "quantization_config"
_METHOD = "article-qa"
_WEIGHTS = (".safetensors", ".bin", ".onnx")
_ENDS = 2**16  # bytes of a file's head and of its tail
_BLOCK = 2**20  # bytes read at once where a file is summed up
_AGAIN = "copy the whole folder again, or write it again with `article-qa quantize`"


class Quantization(NamedTuple):
    """What the configuration of a quantised model says about that.

    Attributes:
        vocabulary: How many tokens the tokenizer knew when it was written.
    """

    vocabulary: int


def read_config(folder: Path) -> dict[str, Any]:
    """Return a model's configuration; nothing if it is missing or damaged."""
    return _read_json(folder / CONFIG_FILE)


def read_quantization(folder: Path) -> Quantization | None:
    """Return what a model's configuration says of its quantisation; None if it is not quantised.

    Raises:
        ModelError: It is said in a way that is not this program's.
    """
    found = read_config(folder).get(_QUANTIZATION)
    if not isinstance(found, dict) or found.get("quant_method") != _METHOD:
        return None
    if found.get("bits") != 8 or not isinstance(found.get("vocabulary"), int):
        raise ModelError(
            f"{folder / CONFIG_FILE}: {_QUANTIZATION} is {json.dumps(found)}; expected 8 bits and "
            f"a vocabulary; {_AGAIN}."
        )
    return Quantization(found["vocabulary"])


def read_weights(folder: Path) -> dict[str, torch.Tensor]:
    """Return a model's tensors, mapped from its file or from its shards.

    Shards whose index has their SHA-256 are held to it: a bit that fell over would show in nothing
    but wrong answers. For 110 MB that takes two cores 30 ms (100 where the CPU cannot do it by
    itself), about as long as it takes to bring them from a disk.

    Raises:
        ModelError: A file is missing or damaged.
    """
    if (folder / _WEIGHTS_FILE).exists():
        return _read_tensors(folder / _WEIGHTS_FILE)
    if not (folder / _INDEX_FILE).exists():
        raise ModelError(
            f"{folder}: has neither {_WEIGHTS_FILE} nor {_INDEX_FILE}, so no weights; {_AGAIN}."
        )
    index = _read_json(folder / _INDEX_FILE)
    places, metadata = index.get("weight_map"), index.get("metadata")
    sums = metadata.get("sha256", {}) if isinstance(metadata, dict) else {}
    if (
        not isinstance(places, dict)
        or not isinstance(sums, dict)
        or not all(
            isinstance(shard, str) and Path(shard).name == shard for shard in places.values()
        )
    ):
        raise ModelError(
            f"{folder / _INDEX_FILE}: expected JSON that says which tensor stands in which file; "
            f"{_AGAIN}."
        )
    shards = sorted(set(places.values()))
    for shard in shards:
        if not (folder / shard).is_file():
            raise ModelError(f"{folder}: lacks {shard}, which {_INDEX_FILE} names; {_AGAIN}.")
    if sums:
        _check_sums(folder, {shard: sums.get(shard) for shard in shards})
    weights: dict[str, torch.Tensor] = {}
    for shard in shards:
        weights |= _read_tensors(folder / shard)
    if weights.keys() != places.keys():
        name = min(weights.keys() ^ places.keys())
        raise ModelError(
            f"{folder}: {name} stands in {_INDEX_FILE} or in a shard, but not in both; {_AGAIN}."
        )
    return weights


def fingerprint(folder: Path) -> str:
    """Return what tells a model's weights from others: their files' sizes, heads and tails.

    Of shards it is what their index says of them, so that one that is cut off or altered is told
    when it is read, and not taken for another model's. Cheap, and no proof.
    """
    digest = hashlib.sha256()
    index = folder / _INDEX_FILE
    for path in [index] if index.is_file() else sorted(folder.iterdir()):
        if path == index or path.suffix in _WEIGHTS:
            size = path.stat().st_size
            digest.update(f"{path.name}:{size}:".encode())
            with path.open("rb") as file:
                digest.update(file.read(_ENDS))
                file.seek(max(size - _ENDS, 0))
                digest.update(file.read(_ENDS))
    return digest.hexdigest()[:16]


def read_tokenizer(folder: Path) -> Tokenizer | None:
    """Return a model's tokenizer, which neither cuts nor pads; None if its file cannot be read."""
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
    except Exception:  # the library raises nothing more precise
        return None
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def write_quantized(
    folder: Path,
    weights: Mapping[str, torch.Tensor],
    config: Mapping[str, Any],
    vocabulary: int,
    shard_bytes: int,
) -> None:
    """Write the weights and the configuration of a quantised model.

    Args:
        folder: Where to.
        weights: The tensors, those in eight bits with their scales beside them.
        config: What transformers' ``config.json`` holds.
        vocabulary: How many tokens the model's tokenizer knows.
        shard_bytes: The most bytes of tensors in a file, unless one alone has more.
    """
    from safetensors.torch import save

    shards: list[dict[str, torch.Tensor]] = [{}]
    for name, tensor in weights.items():
        if shards[-1] and _bytes([*shards[-1].values(), tensor]) > shard_bytes:
            shards.append({})
        shards[-1][name] = tensor.contiguous()
    places, sums = {}, {}
    for number, shard in enumerate(shards, start=1):
        file = f"model-{number:05}-of-{len(shards):05}.safetensors"
        content = save(shard, {"format": "pt"})
        (folder / file).write_bytes(content)
        sums[file] = hashlib.sha256(content).hexdigest()
        places.update(dict.fromkeys(shard, file))
    total = _bytes(list(weights.values()))
    _write_json(
        folder / _INDEX_FILE,
        {"metadata": {"total_size": total, "sha256": sums}, "weight_map": places},
    )
    quantization = {"quant_method": _METHOD, "bits": 8, **Quantization(vocabulary)._asdict()}
    _write_json(folder / CONFIG_FILE, {**config, _QUANTIZATION: quantization})


def _read_tensors(path: Path) -> dict[str, torch.Tensor]:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="pt") as file:
            return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError) as error:
        raise ModelError(f"{path}: is damaged ({error}); {_AGAIN}.") from error


def _read_json(path: Path) -> dict[str, Any]:
    """Return what a file holds; nothing if it is missing or holds no JSON object."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _check_sums(folder: Path, expected: Mapping[str, object]) -> None:
    with ThreadPoolExecutor(len(expected)) as pool:
        found = list(pool.map(_sha256, (folder / shard for shard in expected)))
    for (shard, checksum), own in zip(expected.items(), found, strict=True):
        if own != checksum:
            raise ModelError(
                f"{folder / shard}: is cut off or was changed: its SHA-256 is not the one in "
                f"{_INDEX_FILE}; {_AGAIN}."
            )


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb", buffering=0) as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror}); {_AGAIN}.") from error
    return digest.hexdigest()


def _bytes(tensors: Sequence[torch.Tensor]) -> int:
    return sum(tensor.nbytes for tensor in tensors)
