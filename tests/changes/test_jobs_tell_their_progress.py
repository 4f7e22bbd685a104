"""Jobs: queued in a change, run by the worker, their progress and result kept; a refusal is told, not retried."""

import pytest

from changes import facts, jobs
from changes.jobs import JobRefused, Run, start_job
from changes.models import Fact, Job
from changes.worker import Worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.storage]


@pytest.fixture
def works(monkeypatch):
    made = {}
    monkeypatch.setattr(jobs, "_works", made)
    return made


def test_a_job_is_done_by_the_worker_with_its_progress(works):
    seen = []

    def counting(run: Run) -> dict[str, int]:
        run.progress(1, 4, "un quart")
        seen.append(Job.objects.get().percent)
        return {"counted": run.job.payload["to"]}

    works["count"] = counting
    job = start_job("count", "Compter", by="person:3", payload={"to": 4})
    assert job.percent == 0
    Worker().once()
    job.refresh_from_db()
    assert seen == [25]
    assert (job.state, job.result, job.percent, job.by) == ("done", {"counted": 4}, 100, "person:3")


def test_a_refusal_is_told_and_not_tried_again(works):
    def refuse(run: Run) -> None:
        raise JobRefused("Le fichier est vide.")

    works["refuse"] = refuse
    job = start_job("refuse", "Refuser", by="test")
    Worker().once()
    job.refresh_from_db()
    assert (job.state, job.message) == ("failed", "Le fichier est vide.")
    assert Fact.objects.get().done_at is not None


def test_an_unforeseen_error_is_tried_again(works):
    works["break"] = lambda run: 1 / 0
    start_job("break", "Casser", by="test")
    Worker().once()
    assert Job.objects.get().state == "failed"
    assert Fact.objects.get().attempt == 1
    works["break"] = lambda run: {"ok": True}
    Fact.objects.update(not_before="2020-01-01T00:00Z")
    Worker().once()
    assert Job.objects.get().state == "done"


def test_an_epoch_is_kept_until_it_is_renewed():
    from changes.installation import epoch, renew_epoch

    first = epoch()
    assert epoch() == first
    assert renew_epoch() != first
    assert epoch() != first


def test_no_handler_is_a_failure_that_is_seen(settings):
    settings.FACT_CONSUMERS = {"ears": ["heard.*"]}
    from changes import change

    with change(by="test") as c:
        c.fact("heard.nothing", 1)
    (fact,) = facts.claim("ears")
    assert not facts.work(fact)
    assert "no handler" in Fact.objects.get().error
