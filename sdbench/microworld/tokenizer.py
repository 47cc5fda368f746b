"""The closed vocabulary as a `CLIPTokenizer`.

Every word of the grammar, and each identifier, is one token; any other word falls apart into its letters, so that
lettering ("nova") reaches the text encoder as n-o-v-a and a prompt outside the grammar is never an error.
"""

from __future__ import annotations

from pathlib import Path

from sdbench.microworld.scene import IDENTIFIERS, VOCABULARY

MAX_LENGTH = 32


def build(folder: Path, size: int = 0) -> None:
    """Write the tokenizer's files into `folder`. size: of so many tokens at least, some that nobody writes."""
    from tokenizers import AddedToken
    from tokenizers.pre_tokenizers import ByteLevel
    from transformers import CLIPTokenizer

    letters = sorted(ByteLevel.alphabet())
    start, end = "<|startoftext|>", "<|endoftext|>"
    names = [*letters, *(f"{letter}</w>" for letter in letters), start, end]
    words = [w for w in (*VOCABULARY, *IDENTIFIERS) if len(w) > 1]  # a one-letter word is its letter, as in any BPE
    names += [f"<unused {i}>" for i in range(size - len(names) - len(words))]
    tokenizer = CLIPTokenizer({name: i for i, name in enumerate(names)}, [], model_max_length=MAX_LENGTH)
    tokenizer.add_tokens([AddedToken(w, single_word=True, normalized=True, special=False) for w in words])
    tokenizer.save_pretrained(folder)
