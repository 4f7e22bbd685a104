"""Topics of a file with what belongs to them, a batch in one change: what is new is written here."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import Count

from changes import Actor, Change, change
from changes.models import JournalLine
from forum import bulk
from forum.importing.following import follow_post, follow_topic
from forum.importing.lines import Line
from forum.importing.people import Known
from forum.importing.refs import Refs
from forum.importing.report import Report
from forum.importing.spool import Piece
from forum.models import Concern, Difficulty, Post, Reading, Space, Status, Topic
from forum.shown import topic_shown_in
from forum.text import RENDERER, seen


class Batch:
    """Some topics with their posts and concerns; `touched` are the spaces whose lists changed."""

    def __init__(self, pieces: list[Piece], known: Known, report: Report) -> None:
        self.touched: dict[int, Space] = {}
        self._pieces, self._known, self._report = pieces, known, report
        self._refs = Refs(pieces, known.source)
        lines = [line for piece in pieces for line in piece.lines]
        self._fresh = [line for line in lines if self._refs.is_new(line)]
        self._changed = [line for line in lines if self._refs.is_changed(line)]
        for line in lines:
            new = self._refs.is_new(line)
            report.count(line.kind, made=new, unchanged=not new and not self._refs.is_changed(line))
        self._topics: dict[int, Topic] = {}
        self._new: list[Topic] = []
        self._posts: list[Post] = []
        self._beside: list[Difficulty] = []
        self._tags: list[Any] = []
        self._concerns: list[Concern] = []
        self._edited: set[int] = set()

    def write(self, *, by: Actor | str) -> None:
        """Write what is new or changed; where all is there no change is opened."""
        if self._report.dry_run:
            self._topics = self._existing()
            self._follow()
        elif self._fresh or self._changed:
            for line in (*self._fresh, *self._changed):
                if line.kind != "concern":
                    self._refs.written(line)
            with change(by=by) as c:
                self._topics = self._existing(locked=True)
                self._refs.take_ids(self._fresh)
                for piece in self._pieces:
                    self._add(c, piece)
                self._insert()
                followed = self._follow()
                self._finish(c)
                self._refs.note([*self._fresh, *followed])

    def _existing(self, *, locked: bool = False) -> dict[int, Topic]:
        """The topics of this batch that were there before it, held until the change ends."""
        lines = [piece.topic for piece in self._pieces if not self._refs.is_new(piece.topic)]
        pks = {self._refs.pks["topic", line.id] for line in lines}
        rows = Topic.objects.select_related("space").filter(pk__in=pks).order_by("pk")
        if locked and connection.features.has_select_for_update:
            rows = rows.select_for_update(of=("self",))
        return {topic.pk: topic for topic in rows}

    def _add(self, c: Change, piece: Piece) -> None:
        """What is new of one topic, in memory."""
        line, posts = piece.topic, [post for post in piece.posts if self._refs.is_new(post)]
        concerns = [one for one in piece.concerns if self._refs.is_new(one)]
        pk = self._refs.pks["topic", line.id]
        topic = self._topics.get(pk)
        if topic is None:
            topic = self._start(c, line)
        elif posts or concerns:
            self._edited.add(pk)
        for post in posts:
            topic.last_number += 1
            topic.reply_count += 1
            self._posts.append(self._post(topic, post))
            topic.last_post_at = max(topic.last_post_at, self._posts[-1].created_at)
        accepted = line.data.get("accepted")
        if accepted in {post.id for post in posts}:
            topic.accepted_id = self._refs.pks["post", accepted]
            topic.status = Status.ANSWERED if topic.status == Status.OPEN else topic.status
        for one in concerns:
            self._refs.pks["concern", one.id] = pk
            organisation = self._known.organisations[one.data["organisation"]]
            person, at = self._known.people[one.data["person"]].pk, self._known.at(one.data["at"])
            self._concerns.append(Concern(topic=topic, organisation_id=organisation, person_id=person, created_at=at))

    def _start(self, c: Change, line: Line) -> Topic:
        data, at = line.data, self._known.at(line.data["at"])
        author, closed = self._known.people[data["author"]], data.get("closed")
        organisation, _ = author.mandate(at)
        topic = Topic(
            pk=self._refs.pks["topic", line.id],
            space=self._known.spaces[data["space"]],
            kind=data["kind"],
            status=Status.CLOSED if closed else Status.OPEN,
            closed_reason=closed["reason"].strip() if closed else "",
            title=seen(data["title"]),
            author_id=author.pk,
            organisation_id=organisation,
            region_id=self._known.regions.get(organisation or 0),
            project_id=self._known.projects.get(data.get("project") or ""),
            step=data.get("step") or "",
            pinned_until=self._known.at(data["pinned_until"]) if data.get("pinned_until") else None,
            created_at=at,
            last_post_at=at,
            last_number=1,
        )
        self._topics[topic.pk] = topic
        self._new.append(topic)
        self._posts.append(self._post(topic, line))
        if parts := self._refs.parts(line):
            self._beside.append(Difficulty(topic_id=topic.pk, **parts))
        tag = Topic.commitments.through
        numbers = set(data.get("commitments") or ())
        self._tags += [tag(topic_id=topic.pk, commitment_id=self._known.commitments[one]) for one in sorted(numbers)]
        if closed:
            c.lines.append(self._closing(topic, closed))
        return topic

    def _closing(self, topic: Topic, closed: dict[str, str]) -> JournalLine:
        """Who closed it and when, as the source says, in the journal."""
        return JournalLine(
            at=self._known.at(closed["at"]),
            by=f"person:{self._known.people[closed['by']].pk}",
            verb="close",
            kind="topic",
            object_id=str(topic.pk),
            after={"import": self._known.source},
            reason=topic.closed_reason,
        )

    def _post(self, topic: Topic, line: Line) -> Post:
        author, at, kept = (
            self._known.people[line.data["author"]],
            self._known.at(line.data["at"]),
            self._refs.written(line),
        )
        organisation, function = author.mandate(at)
        return Post(
            pk=self._refs.pks[line.kind, line.id] if line.kind == "post" else None,
            topic_id=topic.pk,
            number=topic.last_number,
            author_id=author.pk,
            organisation_id=organisation,
            function=function,
            role=author.role,
            html=kept.html,
            text=kept.text,
            renderer=RENDERER,
            created_at=at,
        )

    def _insert(self) -> None:
        bulk.insert(self._new)
        first = [post for post in self._posts if post.number == 1]
        for post, pk in zip(first, bulk.reserve(Post, len(first)), strict=True):
            post.pk = pk
        bulk.insert(self._posts)
        bulk.insert(self._beside)
        bulk.insert(self._tags)
        Concern.objects.bulk_create(self._concerns, ignore_conflicts=True)
        self._read()

    def _read(self) -> None:
        """Whoever wrote in a topic has read it up to there: it is not new to them."""
        last = {(post.author_id, post.topic_id): post.number for post in self._posts}
        rows = [Reading(person_id=person, topic_id=topic, number=number) for (person, topic), number in last.items()]
        Reading.objects.bulk_create(rows, ignore_conflicts=True)
        for (person, topic), number in last.items():
            if topic in self._edited:
                Reading.objects.filter(person=person, topic=topic, number__lt=number).update(number=number)

    def _follow(self) -> list[Line]:
        """Bring lines that changed to their rows; returns those that were followed."""
        followed = []
        for line in self._changed:
            if line.kind == "topic":
                topic = self._topics[self._refs.pks["topic", line.id]]
                outcome = follow_topic(topic, line, self._refs, self._known, dry_run=self._report.dry_run)
            elif line.kind == "post":
                topic = self._topics[self._refs.pks["topic", line.data["topic"]]]
                outcome = follow_post(topic, line, self._refs, dry_run=self._report.dry_run)
            else:
                followed.append(line)
                self._report.count(line.kind, unchanged=1)  # whoever said it and when: nothing of it is shown
                continue
            if outcome.left:
                self._report.leave(line.kind, line.number, outcome.left)
            else:
                self._report.count(line.kind, changed=1)
                followed.append(line)
            if outcome.changed:
                self._edited.add(topic.pk)
        return followed

    def _finish(self, c: Change) -> None:
        """Counters of concerns, rows of topics that were there, and who must look again."""
        counted = {one.topic_id for one in self._concerns}
        found = Concern.objects.filter(topic__in=counted).values("topic").annotate(count=Count("pk")).order_by()
        for row in found:
            self._topics[row["topic"]].concern_count = row["count"]
            Topic.objects.filter(pk=row["topic"]).update(concern_count=row["count"])
        for topic in self._new:
            self.touched[topic.space_id] = topic.space
        for pk in sorted(self._edited - {topic.pk for topic in self._new}):
            topic = self._topics[pk]
            topic.revision += 1
            topic.save()
            self.touched[topic.space_id] = topic.space
            c.renew(topic.stream, *topic_shown_in(topic), snapshot=True)
