"""What a newcomer reads: commands that work, files that exist, one licence, one version, links that lead somewhere."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]


def read(name: str) -> str:
    return (ROOT / name).read_text()


def blocks(name: str) -> list[str]:
    return re.findall(r"```sh\n(.*?)```", read(name), re.DOTALL)


def test_make_alone_lists_its_targets():
    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    targets = re.findall(r"^  make (\S+) +(\S.*)$", listed, re.MULTILINE)
    names = {name for name, _ in targets}
    assert {"run", "run-full", "test", "test-fast", "lint", "format", "demo", "reset", "bench", "e2e"} <= names
    phony = set(re.search(r"\.PHONY: (.*)", read("Makefile"))[1].split())
    assert names == phony, "nothing hidden"


def test_readme_says_what_for_whom_with_a_picture_and_two_commands():
    readme = read("README.md")
    first = readme[: readme.index("## Deux commandes")]
    assert "collectivités" in first
    assert re.search(r"!\[[^\]]{20,}\]\((\S+)\)", first)
    assert blocks("README.md")[:2] == ["make run\n", "make test\n"]
    from members.demo import PEOPLE

    for person in PEOPLE:
        assert f"`{person.email}`" in readme


def test_readme_blocks_run():
    """`make run` is run by the end-to-end tests, `make test` is what runs this; the others are run here."""
    fenced = re.findall(r"^```(.*)$", read("README.md"), re.MULTILINE)[::2]
    assert set(fenced) == {"sh"}, "a block of another kind would be run by nobody"
    others = [block for block in blocks("README.md") if block not in ("make run\n", "make test\n")]
    assert others
    for block in others:
        subprocess.run(["bash", "-euc", block], cwd=ROOT, check=True, capture_output=True, timeout=120)


def test_contributing_blocks_are_targets_that_exist():
    for block in blocks("CONTRIBUTING.md"):
        for line in block.split("\n"):
            if line.startswith("make "):
                assert re.search(rf"^{line.split()[1]}:", read("Makefile"), re.MULTILINE)


@pytest.mark.parametrize(
    "page", sorted(str(p.relative_to(ROOT)) for p in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
)
def test_links_between_files_lead_somewhere(page):
    for target in re.findall(r"\]\((?!https?:|mailto:|source:)([^)#\s]+)", read(page)):
        assert (ROOT / page).parent.joinpath(target).exists(), (page, target)


def test_one_licence_and_one_version_everywhere():
    project = tomllib.loads(read("pyproject.toml"))["project"]
    public = yaml.safe_load(read("publiccode.yml"))
    assert project["license"] == public["legal"]["license"] == "AGPL-3.0-or-later"
    assert read("LICENSE").startswith("GNU AFFERO GENERAL PUBLIC LICENSE")
    assert project["version"] == public["softwareVersion"]
    assert f'"CLUB_RELEASE", default="{project["version"]}"' in read("site/club/settings/environment.py")
    assert re.search(
        rf"^## \[{re.escape(project['version'])}\] - \d{{4}}-\d\d-\d\d$", read("CHANGELOG.md"), re.MULTILINE
    )


def test_publiccode_has_what_the_standard_asks():
    public = yaml.safe_load(read("publiccode.yml"))
    assert public["publiccodeYmlVersion"]
    assert public["url"].startswith("https://")
    french = public["description"]["fr"]
    assert len(french["shortDescription"]) <= 150
    assert 150 <= len(french["longDescription"]) <= 10_000
    assert french["features"]
    assert public["maintenance"]["contacts"]


def test_locks_have_hashes_and_no_address():
    for name in ("requirements.txt", "requirements/dev.txt", "requirements/bootstrap.txt"):
        text = read(name)
        assert "://" not in text
        assert "--index-url" not in text
        pins = re.findall(r"^([a-z0-9_.-]+(?:\[[^\]]*\])?)==", text, re.MULTILINE)
        assert pins
        assert text.count("--hash=sha256:") >= len(pins)
    site = set(re.findall(r"^([a-z0-9-]+==[^ ;\\]+)", read("requirements.txt"), re.MULTILINE))
    dev = set(re.findall(r"^([a-z0-9-]+==[^ ;\\]+)", read("requirements/dev.txt"), re.MULTILINE))
    assert site <= dev, site - dev


def test_pre_commit_fetches_nothing():
    config = yaml.safe_load(read(".pre-commit-config.yaml"))
    assert {repo["repo"] for repo in config["repos"]} == {"local"}
    names = {hook["id"] for hook in config["repos"][0]["hooks"]}
    assert {"ruff", "djlint", "migrations", "large", "secrets"} <= names


def test_ci_calls_the_readme_s_test_command():
    script = read(".ci/run")
    assert re.search(r"^make lint$", script, re.MULTILINE)
    assert re.search(r"^make test$", script, re.MULTILINE)


def test_decisions_are_short_and_complete():
    for page in (ROOT / "docs/decisions").glob("*.md"):
        text = page.read_text()
        assert len(text.splitlines()) <= 40, page
        for part in ("Contexte", "Choix", "Conséquences"):
            assert part in text, (page, part)


def test_nothing_of_the_club_s_list_is_in_the_project():
    """The list is test input and stays outside: none of its header lines is in a file that git holds."""
    held = subprocess.run(
        ["git", "grep", "-l", "Alsace Champagne-Ardennes Lorraine,"], cwd=ROOT, capture_output=True, text=True
    )
    assert held.stdout.split() in ([], ["tests/repository/test_the_repository_keeps_its_word.py"])
