"""The review of every page: the région where the page is regional, then the national office."""

from __future__ import annotations

from wagtail.models import GroupApprovalTask, Page, Workflow, WorkflowPage, WorkflowTask

from cms.models import OfficeReview, RegionReview

NAME = "Relecture du club"


def make_workflow() -> Workflow:
    """Make the review and give it to all pages, in place of Wagtail’s own. Joins the caller’s change; repeatable."""
    region, _ = RegionReview.objects.get_or_create(name="Accord de la région")
    office, _ = OfficeReview.objects.get_or_create(name="Relecture du bureau")
    workflow, _ = Workflow.objects.get_or_create(name=NAME)
    for order, task in enumerate((region, office)):
        WorkflowTask.objects.get_or_create(workflow=workflow, task=task.task_ptr, defaults={"sort_order": order})
    WorkflowPage.objects.update_or_create(page=Page.get_first_root_node(), defaults={"workflow": workflow})
    Workflow.objects.exclude(pk=workflow.pk).filter(workflow_states=None).update(active=False)
    GroupApprovalTask.objects.filter(task_states=None).update(active=False)
    return workflow
