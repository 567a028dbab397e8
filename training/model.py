"""The network: MiniLM with shape embeddings, and a head for each thing that it tells about a word."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from graphwright.language import chains

ARC, LABEL = 256, 96  # widths of the biaffine scorers
LINK, HIDDEN = 64, 48  # widths of the scorer of antecedents


@dataclass(frozen=True, slots=True)
class Labels:
    """The classes of each head, in the order of its outputs."""

    upos: list[str]
    xpos: list[str]
    feats: list[str]
    lemma: list[str]
    relation: list[str]
    name: list[str]
    phrase: list[str]

    def as_json(self) -> dict[str, list[str]]:
        return asdict(self)


def projection(width: int, out: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(width, out), nn.GELU(), nn.Dropout(0.2))


class Network(nn.Module):
    """Reads windows of words.

    Inputs: `pieces` and `shapes` [batch, pieces], `mask` of the same shape, `first` [batch, words]: where each word's
    first piece stands. Outputs for the words of each window, in the order of OUTPUTS.
    """

    OUTPUTS = (
        "upos", "xpos", "feats", "lemma", "start", "name", "arcs", "dependents", "governors", "phrase", "anaphor",
        "antecedent",
    )  # fmt: skip

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
        self.phrase = nn.Linear(width, len(labels.phrase))
        self.anaphor, self.antecedent = projection(width, LINK), projection(width, LINK)
        self.links = Links(len(labels.phrase))
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
            self.name(words), arcs, dependents, governors, self.phrase(words), self.anaphor(words),
            self.antecedent(words),
        )  # fmt: skip


class Links(nn.Module):
    """What graphwright.language.chains.Antecedents computes, with weights of the same names, to be trained."""

    def __init__(self, kinds: int) -> None:
        super().__init__()
        forms = len(chains.FORMS)

        def table(rows: int) -> nn.Parameter:
            return nn.Parameter(torch.randn(rows, HIDDEN) * 0.1)

        self.flags, self.forms, self.kinds = table(len(chains.FLAGS)), table(forms**2), table(kinds**2)
        self.distance, self.sentences = table(len(chains.DISTANCES)), table(len(chains.SENTENCES))
        self.product = nn.Parameter(torch.randn(LINK, HIDDEN) * 0.1)
        self.out = nn.Parameter(torch.randn(HIDDEN) * 0.1)
        self.scale = nn.Parameter(torch.tensor(0.1))
        self.none = nn.Parameter(torch.zeros(LINK))
        self.none_form, self.none_kind = nn.Parameter(torch.zeros(forms)), nn.Parameter(torch.zeros(kinds))

    def forward(self, found: chains.Pairs, phrases: chains.Phrases, anaphor: Tensor, antecedent: Tensor) -> Tensor:
        """Scores [phrases, 1 + phrases]: of no antecedent, then of each phrase as the antecedent."""

        def tensor(array: np.ndarray) -> Tensor:
            return torch.from_numpy(array).to(anaphor.device)

        hidden = (
            tensor(found.flags) @ self.flags
            + self.forms[tensor(found.forms)]
            + self.kinds[tensor(found.kinds)]
            + self.distance[tensor(found.distance)]
            + self.sentences[tensor(found.sentences)]
            + (anaphor.unsqueeze(1) * antecedent.unsqueeze(0)) @ self.product
        )
        hidden = nn.functional.dropout(hidden.relu(), 0.2, self.training)
        scores = hidden @ self.out + anaphor @ antecedent.T * self.scale
        none = anaphor @ self.none + self.none_form[tensor(phrases.form)] + self.none_kind[tensor(phrases.kind)]
        return torch.cat([none.unsqueeze(1), scores], 1)


def with_one(states: Tensor) -> Tensor:
    return torch.cat([states, torch.ones_like(states[..., :1])], -1)


def label_scores(dependents: Tensor, governors: Tensor, heads: Tensor) -> Tensor:
    """Scores [batch, words, relations] of the relations of each word to its head (a node index)."""
    width = governors.size(-1)
    chosen = torch.gather(governors, 1, heads.unsqueeze(-1).expand(-1, -1, width))
    return (dependents.unflatten(-1, (-1, width)) * chosen.unsqueeze(2)).sum(-1)
