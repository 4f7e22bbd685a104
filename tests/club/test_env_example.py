"""Every variable that the settings read stands in .env.example and in the operators' table, and nothing else does."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def read_by_settings() -> set[str]:
    """The names of all `env.…("NAME")` and `env("NAME")` in the settings' modules."""
    found = set()
    for module in (ROOT / "site" / "club" / "settings").glob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = node.func.value if isinstance(node.func, ast.Attribute) else node.func
            if isinstance(called, ast.Name) and called.id == "env":
                assert node.args, f"{module.name}:{node.lineno} names no variable"
                name = node.args[0]
                assert isinstance(name, ast.Constant), f"{module.name}:{node.lineno}: a name made at run time is hidden"
                found.add(str(name.value))
    return found


def test_the_example_holds_each_variable_once_and_no_other() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    names = re.findall(r"^#? ?([A-Z][A-Z0-9_]*)=", text, re.MULTILINE)
    assert len(read_by_settings()) > 20
    assert sorted(names) == sorted(read_by_settings())


def test_each_variable_is_preceded_by_a_word_about_it() -> None:
    above = ""
    for line in (ROOT / ".env.example").read_text(encoding="utf-8").splitlines():
        if re.match(r"^#? ?[A-Z][A-Z0-9_]*=", line):
            assert above, f"{line} stands alone"
        above = line


def test_no_value_of_the_example_is_a_secret_or_switches_something_on() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert not re.search(r"^[A-Z]", text, re.MULTILINE), "copied as it is, it changes nothing"
    assert re.search(r"^# SECRET_KEY=$", text, re.MULTILINE)
    assert re.search(r"^# METRICS_TOKEN=$", text, re.MULTILINE)


def test_the_operators_table_holds_each_variable_once_and_no_other() -> None:
    text = (ROOT / "docs" / "exploitation" / "configuration.md").read_text(encoding="utf-8")
    table = text.partition("## Variables du site")[2].partition("\n## ")[0]
    rows = [line.replace("\\|", "¦").split("|") for line in table.splitlines() if line.startswith("| `")]
    assert sorted(row[1].strip().strip("`") for row in rows) == sorted(read_by_settings())
    for row in rows:
        assert len(row) == 5, f"name, default, what it does: {row}"
        assert row[2].strip(), row
        assert len(row[3].strip()) > 20, row


def literal_defaults() -> dict[str, str]:
    """The defaults that stand in the settings as they are, written as in a file of variables."""
    found = {}
    for module in (ROOT / "site" / "club" / "settings").glob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
                default = next((word.value for word in node.keywords if word.arg == "default"), None)
                name = node.args[0]
                if (
                    isinstance(node.func.value, ast.Name)
                    and node.func.value.id == "env"
                    and isinstance(default, ast.Constant)
                ):
                    value = default.value
                    found[name.value] = str(value).lower() if isinstance(value, bool) else str(value)
    return found


def test_the_defaults_that_are_told_are_those_of_the_code() -> None:
    example = dict(re.findall(r"^# ([A-Z][A-Z0-9_]*)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))
    defaults = literal_defaults()
    assert len(defaults) > 12
    assert {name: example[name] for name in defaults if defaults[name]} == {n: d for n, d in defaults.items() if d}
    table = (ROOT / "docs" / "exploitation" / "configuration.md").read_text(encoding="utf-8").replace("\\|", "|")
    for name, default in defaults.items():
        if default:
            assert f"| `{name}` | `{default}` |" in table, name


def test_variables_of_the_servers_are_in_the_operators_table_too() -> None:
    """What is read outside the settings: by gunicorn's file, by the figures; nothing else of the site does."""
    read: set[str] = set()
    for folder in ("site", "cms", "search", "deploy"):
        for module in (ROOT / folder).rglob("*.py"):
            read |= set(re.findall(r"""environ(?:\.get\(|\[)["']([A-Z][A-Z0-9_]*)""", module.read_text()))
    text = (ROOT / "docs" / "exploitation" / "configuration.md").read_text(encoding="utf-8")
    table = text.partition("## Variables des serveurs")[2]
    assert {"WEB_BIND", "PROMETHEUS_MULTIPROC_DIR"} <= read
    assert set(re.findall(r"^\| `([A-Z_]+)`", table, re.MULTILINE)) == read - read_by_settings()
