"""Pagination: a page of a queryset and the numbers to show."""

from __future__ import annotations

from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest

M = TypeVar("M", bound=Model)


def page_of(rows: QuerySet[M] | list[Any], request: HttpRequest, size: int = 25) -> Page[Any]:
    """The page that the address asks for (`?page=`); out of range gives the nearest one. Two SQL queries."""
    return Paginator(rows, size).get_page(request.GET.get("page"))
