"""A form as a Word file: the company's own with placeholders, or the one that we make.

A file from outside is not trusted: its parts are counted before they are read, its placeholders may
name what the form has and ask nothing else, and what was typed is only ever put in as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import ChainableUndefined, TemplateError, meta, nodes
from jinja2.sandbox import SandboxedEnvironment

from shouwen.rules.refused import Refused

MEGABYTE = 1024 * 1024
#: Of a Word file: all parts unpacked, one part of text, how many parts.
MOST_BYTES, MOST_TEXT, MOST_PARTS = 30 * MEGABYTE, 3 * MEGABYTE, 400
#: What a placeholder may be made of: a name, a line of a table, a condition.
PLAIN = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.For, nodes.If,
    nodes.Getattr, nodes.Not, nodes.And, nodes.Or, nodes.Const, nodes.Compare, nodes.Operand,
)  # fmt: skip
#: Loops in loops could be made to run for ever.
DEEPEST = 2
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_REMOTE = re.compile(rb'Type="[^"]*/(?!hyperlink")[^"]*"[^>]*TargetMode="External"')


@dataclass(frozen=True)
class Names:
    """What a placeholder may be called: single values, and of a table its columns."""

    single: frozenset[str]
    tables: Mapping[str, frozenset[str]] = field(default_factory=dict)


class Guarded(SandboxedEnvironment):
    """Reads placeholders and nothing else. `unknown` are the names that the form does not have."""

    def __init__(self, names: Names) -> None:
        super().__init__(autoescape=True, undefined=ChainableUndefined)
        self.names, self.unknown = names, dict[str, None]()

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        require_plain(tree)
        for found in _unknown(tree, self.names):
            self.unknown[found] = None
        return tree


def fill(word: bytes, names: Names, values: Mapping[str, Any]) -> bytes:
    """The file with everything put in."""
    return _rendered(word, Guarded(names), values)


def require_usable(word: bytes, names: Names) -> None:
    """Refuses a file that cannot be filled, naming the placeholders that it gets wrong."""
    require_safe(word)
    guarded = Guarded(names)
    _rendered(word, guarded, {})
    if guarded.unknown:
        wrong = "、".join(list(guarded.unknown)[:10])
        raise Refused(
            "unknown-placeholder", f"不认识占位符：{wrong}。可用的见“下载样张”。", field="file"
        )


def text(value: str) -> str:
    """What Word can hold."""
    return _CONTROL.sub("", value)


def _rendered(word: bytes, guarded: Guarded, values: Mapping[str, Any]) -> bytes:
    template = DocxTemplate(BytesIO(word))
    written = BytesIO()
    try:
        template.render(dict(values), guarded)
        template.save(written)
    except TemplateError as error:
        raise _refused(f"占位符写得不对：{_line_of(error)}") from error
    except (BadZipFile, SyntaxError, PackageNotFoundError, KeyError, ValueError) as error:
        raise _refused("文件打不开，请用 Word 另存为 docx") from error
    return written.getvalue()


def _line_of(error: TemplateError) -> str:
    return str(error.message or "看不懂")[:80]


def _refused(sentence: str) -> Refused:
    return Refused("word-unusable", f"{sentence}，再上传。", field="file")


# --- The file -------------------------------------------------------------------------------------


def require_safe(word: bytes) -> None:
    """Before anything of it is read: not too large unpacked, nothing fetched from elsewhere."""
    try:
        with ZipFile(BytesIO(word)) as archive:
            _require_small(archive)
            for name in archive.namelist():
                _require_inert(name, archive)
    except BadZipFile as error:
        raise _refused("文件打不开，请用 Word 另存为 docx") from error


def _require_small(archive: ZipFile) -> None:
    parts = archive.infolist()
    texts = [part.file_size for part in parts if part.filename.endswith((".xml", ".rels"))]
    if (
        len(parts) > MOST_PARTS
        or sum(part.file_size for part in parts) > MOST_BYTES
        or max(texts, default=0) > MOST_TEXT
    ):
        raise _refused("文件展开后太大，请去掉大图和多余内容")


def _require_inert(name: str, archive: ZipFile) -> None:
    if "embeddings/" in name or "activeX/" in name:
        raise _refused("文件里有嵌入的对象，请去掉")
    if name.endswith((".xml", ".rels")):
        content = archive.read(name)
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise _refused("文件里有外来的定义，请用 Word 另存为 docx")
        if name.endswith(".rels") and _REMOTE.search(content):
            raise _refused("文件引用了外部的模板或图片，请断开链接")


# --- The placeholders -----------------------------------------------------------------------------


def require_plain(tree: nodes.Template) -> None:
    """Names, lines of a table and conditions; nothing that calls, counts or reaches further."""
    for node in tree.find_all(nodes.Node):
        if not isinstance(node, PLAIN):
            raise _refused("占位符里只能写名称、表格行和条件")
        if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
            raise _refused("占位符里只能写名称、表格行和条件")
    if _depth(tree) > DEEPEST:
        raise _refused("表格行套得太深，请简化")


def _depth(node: nodes.Node) -> int:
    inner = max((_depth(child) for child in node.iter_child_nodes()), default=0)
    return inner + isinstance(node, nodes.For)


def _unknown(tree: nodes.Template, names: Names) -> Iterator[str]:
    known = names.single | names.tables.keys()
    yield from sorted(meta.find_undeclared_variables(tree) - known)
    for loop in tree.find_all(nodes.For):
        yield from _unknown_columns(loop, names)


def _unknown_columns(loop: nodes.For, names: Names) -> Iterator[str]:
    table, line = getattr(loop.iter, "name", ""), getattr(loop.target, "name", "")
    columns = names.tables.get(table, frozenset())
    for asked in loop.find_all(nodes.Getattr):
        if getattr(asked.node, "name", "") == line and asked.attr not in columns:
            yield f"{line}.{asked.attr}"
