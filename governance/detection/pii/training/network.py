"""The names model as it is trained: some layers of the base, the lower ones as they are, capitals added where training begins."""

from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

WIDTH, HEADS = 384, 12
_EPSILON = 1e-12
_CASES, _PLACES = 8, 512
_DROPPED = 0.05
_PARTS = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "out": "attention.output.dense",
    "norm": "attention.output.LayerNorm",
    "grow": "intermediate.dense",
    "shrink": "output.dense",
    "last": "output.LayerNorm",
}


class _Layer(nn.Module):  # type: ignore[misc] # torch is no package of ours: without it the class is Any
    def __init__(self, inner: int) -> None:
        super().__init__()
        self.query, self.key, self.value, self.out = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.grow, self.shrink = nn.Linear(WIDTH, inner), nn.Linear(inner, WIDTH)
        self.norm, self.last = nn.LayerNorm(WIDTH, eps=_EPSILON), nn.LayerNorm(WIDTH, eps=_EPSILON)
        self.drop = nn.Dropout(_DROPPED)

    def forward(self, given: Any, mask: Any) -> Any:
        rows, size, _ = given.shape
        heads = [part(given).view(rows, size, HEADS, -1).transpose(1, 2) for part in (self.query, self.key, self.value)]
        attended = functional.scaled_dot_product_attention(*heads, attn_mask=mask[:, None, None, :].bool())
        inner = self.norm(given + self.drop(self.out(attended.transpose(1, 2).reshape(rows, size, WIDTH))))
        return self.last(inner + self.drop(self.shrink(self.grown(inner))))

    def grown(self, inner: Any) -> Any:
        """Return what the wide half of the layer makes of it, before it becomes narrow again."""
        return functional.gelu(self.grow(inner), approximate="tanh")


class Network(nn.Module):  # type: ignore[misc] # as above
    """`layers` are those of the base that are kept, in order; capitals are added above the first `frozen` of them. Embeddings stay as they are."""

    def __init__(self, base: dict[str, np.ndarray], *, layers: list[int], frozen: int, outputs: int) -> None:
        super().__init__()
        self.base, self.kept, self.frozen = base, layers, frozen
        self.word = nn.Embedding(len(base["bert.embeddings.word_embeddings.weight"]), WIDTH)
        self.place, self.case = nn.Embedding(_PLACES, WIDTH), nn.Embedding(_CASES, WIDTH)
        self.norm, self.head, self.drop = nn.LayerNorm(WIDTH, eps=_EPSILON), nn.Linear(WIDTH, outputs), nn.Dropout(0.1)
        self.layers = nn.ModuleList(
            _Layer(len(base[f"bert.encoder.layer.{number}.{_PARTS['grow']}.bias"])) for number in layers
        )
        nn.init.normal_(self.case.weight, std=0.02)
        of_all = base.get("bert.embeddings.token_type_embeddings.weight", np.zeros((1, WIDTH), np.float32))[0]
        self.word.weight.data = torch.tensor(base["bert.embeddings.word_embeddings.weight"])
        self.place.weight.data = torch.tensor(base["bert.embeddings.position_embeddings.weight"] + of_all)
        for name, module in self._named():
            module.weight.data = torch.tensor(base[f"{name}.weight"])
            module.bias.data = torch.tensor(base[f"{name}.bias"])
        for unchanged in (self.word, self.place, self.norm):
            unchanged.requires_grad_(False)

    @classmethod
    def of(cls, trained: dict[str, np.ndarray]) -> "Network":
        """Return the network whose `arrays` these are."""
        layers, frozen = trained["layers"].tolist(), int(trained["frozen"])
        made = cls(trained, layers=layers, frozen=frozen, outputs=len(trained["classifier.bias"]))
        made.case.weight.data = torch.tensor(trained["case"])
        made.head.weight.data = torch.tensor(trained["classifier.weight"])
        made.head.bias.data = torch.tensor(trained["classifier.bias"])
        return made

    def _named(self) -> list[tuple[str, Any]]:
        parts = [("bert.embeddings.LayerNorm", self.norm)]
        for layer, number in zip(self.layers, self.kept, strict=True):
            parts += [
                (f"bert.encoder.layer.{number}.{theirs}", getattr(layer, ours)) for ours, theirs in _PARTS.items()
            ]
        return parts

    def forward(self, ids: Any, cases: Any, mask: Any) -> tuple[Any, list[Any]]:
        """Return the scores (texts x pieces x outputs), and what each layer says (texts x pieces x width)."""
        given, said = self.norm(self.word(ids) + self.place.weight[: ids.shape[1]]), []
        for place, layer in enumerate(self.layers):
            if place == self.frozen:
                given = given + self.case(cases)
            given = layer(given, mask)
            said.append(given)
        return self.head(self.drop(given)), said

    def arrays(self) -> dict[str, np.ndarray]:
        """Return what export reads."""
        parts = [*self._named(), ("classifier", self.head)]
        found = {
            f"{name}.{kind}": getattr(module, kind).detach().numpy()
            for name, module in parts
            for kind in ("weight", "bias")
        }
        return found | {
            "bert.embeddings.word_embeddings.weight": self.word.weight.detach().numpy(),
            "bert.embeddings.position_embeddings.weight": self.place.weight.detach().numpy(),
            "case": self.case.weight.detach().numpy(),
            "layers": np.array(self.kept),
            "frozen": np.array(self.frozen),
        }
