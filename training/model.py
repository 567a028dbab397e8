"""The network: MiniLM with shape embeddings, and a head for each thing that it tells about a word."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import BertConfig, BertModel

ARC, LABEL = 256, 96  # widths of the biaffine scorers


@dataclass(frozen=True, slots=True)
class Labels:
    """The classes of each head, in the order of its outputs."""

    upos: list[str]
    xpos: list[str]
    feats: list[str]
    lemma: list[str]
    relation: list[str]
    name: list[str]

    def as_json(self) -> dict[str, list[str]]:
        return asdict(self)


def projection(width: int, out: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(width, out), nn.GELU(), nn.Dropout(0.2))


class Network(nn.Module):
    """Reads windows of words.

    Inputs: `pieces` and `shapes` [batch, pieces], `mask` of the same shape, `first` [batch, words]: where each word's
    first piece stands. Outputs for the words of each window, in the order of OUTPUTS.
    """

    OUTPUTS = ("upos", "xpos", "feats", "lemma", "start", "name", "arcs", "dependents", "governors")

    def __init__(self, encoder: Path | None, config: dict[str, object] | None, shapes: int, labels: Labels) -> None:
        super().__init__()
        if encoder is not None:
            self.encoder = BertModel.from_pretrained(encoder, add_pooling_layer=False, attn_implementation="eager")
            row = self.encoder.embeddings.token_type_embeddings.weight.data[:1]
            self.encoder.embeddings.token_type_embeddings = nn.Embedding.from_pretrained(
                row.repeat(shapes, 1), freeze=False
            )
            self.encoder.config.type_vocab_size = shapes
        else:
            self.encoder = BertModel(
                BertConfig.from_dict({**(config or {}), "attn_implementation": "eager"}), add_pooling_layer=False
            )
        width = self.encoder.config.hidden_size
        self.dropout = nn.Dropout(0.1)
        self.upos = nn.Linear(width, len(labels.upos))
        self.xpos = nn.Linear(width, len(labels.xpos))
        self.feats = nn.Linear(width, len(labels.feats))
        self.lemma = nn.Linear(width, len(labels.lemma))
        self.start = nn.Linear(width, 2)
        self.name = nn.Linear(width, len(labels.name))
        self.arc_dependent, self.arc_governor = projection(width, ARC), projection(width, ARC)
        self.label_dependent, self.label_governor = projection(width, LABEL), projection(width, LABEL)
        self.arc = nn.Parameter(torch.empty(ARC + 1, ARC))
        self.label = nn.Parameter(torch.empty(len(labels.relation), LABEL + 1, LABEL + 1))
        nn.init.xavier_uniform_(self.arc)
        nn.init.xavier_uniform_(self.label)

    def forward(self, pieces: Tensor, shapes: Tensor, mask: Tensor, first: Tensor) -> tuple[Tensor, ...]:
        states = self.encoder(input_ids=pieces, token_type_ids=shapes, attention_mask=mask).last_hidden_state
        words = torch.gather(states, 1, first.unsqueeze(-1).expand(-1, -1, states.size(-1)))
        words = self.dropout(words)
        nodes = torch.cat([states[:, :1], words], 1)  # node 0, the [CLS] state, is the root
        dependent = with_one(self.arc_dependent(words))
        arcs = dependent @ self.arc @ self.arc_governor(nodes).transpose(1, 2)
        relations, inner, outer = self.label.shape
        scorer = self.label.permute(1, 0, 2).reshape(inner, relations * outer)
        dependents = with_one(self.label_dependent(words)) @ scorer
        governors = with_one(self.label_governor(nodes))
        return (
            self.upos(words), self.xpos(words), self.feats(words), self.lemma(words), self.start(words),
            self.name(words), arcs, dependents, governors,
        )  # fmt: skip


def with_one(states: Tensor) -> Tensor:
    return torch.cat([states, torch.ones_like(states[..., :1])], -1)


def label_scores(dependents: Tensor, governors: Tensor, heads: Tensor) -> Tensor:
    """Scores [batch, words, relations] of the relations of each word to its head (a node index)."""
    width = governors.size(-1)
    chosen = torch.gather(governors, 1, heads.unsqueeze(-1).expand(-1, -1, width))
    return (dependents.unflatten(-1, (-1, width)) * chosen.unsqueeze(2)).sum(-1)
