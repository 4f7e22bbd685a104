"""What is missing is fetched once, completely or not at all, or one clear line says how to get it."""

import hashlib
import os
import threading
import time
import zipfile
from pathlib import Path

import pytest

from tools.services import MissingService, ServiceError, archive, elasticsearch, folders, install


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty cache, and a home without a Maven repository."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path / "cache" / "club-ecoquartier"


def made(path: Path, names: dict[str, str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as content:
        for name, text in names.items():
            content.writestr(name, text)
    return path


@pytest.fixture
def downloads(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Path]:
    """Instead of Maven: a small archive of the same shape. Lists where it was asked for."""
    names = {
        f"{archive.INSIDE}bin/elasticsearch": "#!",
        f"{archive.INSIDE}config/jvm.options": "-Xmx1g",
        f"{archive.INSIDE}config/elasticsearch-plugins.example.yml": "",
        "sonarqube/other": "not wanted",
    }
    sample = made(tmp_path / "sample.zip", names).read_bytes()
    asked: list[Path] = []

    def download(repository: Path) -> None:
        asked.append(repository)
        time.sleep(0.2)
        below = Path(*archive.GROUP.split("."), archive.ARTIFACT, archive.RELEASE)
        (repository / below).mkdir(parents=True)
        (repository / below / f"{archive.ARTIFACT}-{archive.RELEASE}.zip").write_bytes(sample)

    monkeypatch.setattr(archive, "_maven", download)
    monkeypatch.setattr(archive, "SHA256", hashlib.sha256(sample).hexdigest())
    return asked


def test_the_cache_is_filled_once_with_the_server_alone(cache: Path, downloads: list[Path]) -> None:
    old = os.umask(0o077)  # as careful operators have it: others must be able to run it all the same
    try:
        archive.install_elasticsearch()
        archive.install_elasticsearch()
    finally:
        os.umask(old)
    assert len(downloads) == 1
    home = elasticsearch.home()
    assert home.parent == cache
    files = {str(p.relative_to(home)): oct(p.stat().st_mode)[-3:] for p in home.rglob("*") if p.is_file()}
    assert files == {"bin/elasticsearch": "755", "config/jvm.options": "644"}
    assert {oct(p.stat().st_mode)[-3:] for p in [cache, home, home / "bin", home / "config"]} == {"755"}
    assert sorted(p.name for p in cache.iterdir()) == [home.name, "lock"]


def test_two_installations_at_once_download_once(cache: Path, downloads: list[Path]) -> None:
    both = [threading.Thread(target=archive.install_elasticsearch) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert len(downloads) == 1
    assert elasticsearch.home().is_dir()


def test_an_interrupted_installation_counts_for_nothing_and_is_taken_up_again(
    cache: Path, downloads: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    (cache / "unfinished" / "elasticsearch").mkdir(parents=True)  # as kill -9 leaves it

    def interrupted(source: Path, target: Path) -> None:
        target.mkdir()
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(archive, "unpack", interrupted)
        with pytest.raises(KeyboardInterrupt):
            archive.install_elasticsearch()
    assert not elasticsearch.home().exists()
    archive.install_elasticsearch()
    assert (elasticsearch.home() / "config" / "jvm.options").is_file()


def test_an_archive_that_is_not_the_expected_one_is_refused(
    cache: Path, downloads: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "SHA256", "0" * 64)
    with pytest.raises(ServiceError, match="n’a pas la somme attendue"):
        archive.install_elasticsearch()
    assert [p.name for p in cache.iterdir()] == ["lock"]


def test_an_archive_that_climbs_out_is_refused(tmp_path: Path) -> None:
    bad = made(tmp_path / "bad.zip", {f"{archive.INSIDE}../../out": "x"})
    (tmp_path / "a").mkdir()
    with pytest.raises(ServiceError, match="chemin qui en sort"):
        archive.unpack(bad, tmp_path / "a" / "b")
    assert not (tmp_path / "out").exists()


def test_without_root_each_missing_service_is_one_line(
    cache: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(elasticsearch, "java", lambda: None)
    for name in ("REDIS_URL", "CHROMIUM"):
        monkeypatch.delenv(name, raising=False)
    assert install.main(["redis", "chromium", "elasticsearch"]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "redis : Redis n’est pas installé"
        " (en root : apt-get install --no-install-recommends redis-server ; ou donnez REDIS_URL)",
        "chromium : Chromium n’est pas installé"
        " (en root : apt-get install --no-install-recommends chromium chromium-driver ; ou donnez CHROMIUM)",
        f"elasticsearch : Elasticsearch 8.16.6 n’est pas dans {cache}"
        " (en root : apt-get install --no-install-recommends maven openjdk-17-jre-headless,"
        " puis python3 -m tools.services.install elasticsearch ; ou donnez ELASTICSEARCH_URL)",
    ]


def test_as_root_only_the_missing_packages_are_installed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    present, asked = {"postgresql", "nginx"}, []

    def find(name: str) -> Path:
        if name not in present:
            raise MissingService(f"{name} manque")
        return Path("/")

    def apt(packages: list[str]) -> None:
        asked.append(packages)
        present.update(("redis", "chromium"))

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(install, "find", find)
    monkeypatch.setattr(install, "install_packages", apt)
    assert install.main(["postgresql", "redis", "nginx", "chromium"]) == 0
    assert install.main(["postgresql", "redis", "nginx", "chromium"]) == 0
    assert asked == [["redis-server", "chromium", "chromium-driver"]]
    assert "Tout est là : postgresql, redis, nginx, chromium" in capsys.readouterr().out


def test_the_distributions_services_are_not_started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    policy = tmp_path / "policy-rc.d"
    monkeypatch.setattr(install, "POLICY", policy)
    with install.no_service_started():
        assert os.access(policy, os.X_OK)
        assert "exit 101" in policy.read_text()
    assert not policy.exists()
    policy.write_text("the operator's own")
    with install.no_service_started():
        pass
    assert policy.read_text() == "the operator's own"


def test_root_with_a_closed_home_uses_the_systems_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(folders, "open_to_all", lambda path: False)
    assert folders.cache_root() == Path("/var/cache/club-ecoquartier")
    monkeypatch.setattr(folders, "open_to_all", lambda path: True)
    assert folders.cache_root() == tmp_path / ".cache" / "club-ecoquartier"
