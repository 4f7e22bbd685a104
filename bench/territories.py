"""Load time of the referential, and how long suggestions take while somebody types, beside a plain baseline.

    python -m bench.territories          (from the repository's root; reads and writes the configured database)

The baseline is what one would write first: communes by `name__istartswith`, ordered by population.
"""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "site"))

TYPED = (
    "Nantes Paris Saint-Denis Saint-Étienne L'Haÿ-les-Roses La~Rochelle Lyon Strasbourg Métropole~du~Grand~Paris "
    "Loire-Atlantique Auvergne Bourg-en-Bresse Vaulx-en-Velin Le~Havre Évry-Courcouronnes Sainte-Marie Dijon "
    "CC~du~Pays~de~Landivisiau 44000 2A004"
)


def prefixes() -> list[str]:
    """200 texts as they stand while the names above are typed: their first 1 to 10 characters."""
    names = [name.replace("~", " ") for name in TYPED.split()]
    return [name[: min(length, len(name))] for name in names for length in range(1, 11)]


def baseline(text: str) -> list[object]:
    from territories.models import Commune

    found = Commune.objects.filter(name__istartswith=text).select_related("department").order_by("-population")
    return list(found[:10])


def measure(ask: Callable[[str], object], texts: list[str]) -> list[float]:
    """Milliseconds of each text, best of three."""
    times = []
    for text in texts:
        runs = []
        for _ in range(3):
            begun = time.perf_counter()
            ask(text)
            runs.append(1000 * (time.perf_counter() - begun))
        times.append(min(runs))
    return times


def line(name: str, times: list[float], texts: list[str]) -> str:
    cuts = statistics.quantiles(times, n=100)
    slowest = texts[times.index(max(times))]
    return f"{name:22} {cuts[49]:8.2f} {cuts[94]:8.2f} {max(times):8.2f}   {slowest}"


def main() -> None:
    import django

    django.setup()
    from django.db import connection

    from territories.loading import load_referential
    from territories.models import ReferentialVersion
    from territories.queries import suggest

    ReferentialVersion.objects.update(checksum="")
    first, again = load_referential(), load_referential()
    print(f"{connection.vendor}: load {first.seconds:.2f} s ({first.counts['Commune']}), again {again.seconds:.4f} s")
    texts = prefixes()
    print(f"{len(texts)} texts, ms          p50      p95      max   slowest")
    print(line("suggest", measure(suggest, texts), texts))
    print(line("name__istartswith", measure(baseline, texts), texts))


if __name__ == "__main__":
    main()
