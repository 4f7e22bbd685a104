"""How many sockets of each process follow a stream, with a time to live."""

from django.db import models


class Presence(models.Model):
    """What one process said last; without another word it is forgotten at `until`."""

    stream = models.CharField(max_length=80)
    process = models.CharField(max_length=60)
    count = models.PositiveIntegerField()
    until = models.DateTimeField()

    class Meta:
        verbose_name = "présence"
        constraints = [models.UniqueConstraint(fields=["stream", "process"], name="one_presence_per_process")]

    def __str__(self) -> str:
        return f"{self.stream}: {self.count}"
