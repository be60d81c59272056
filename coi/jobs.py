"""The worker's tables in admin, under a Danish name."""

from procrastinate.contrib.django.apps import ProcrastinateConfig


class JobsConfig(ProcrastinateConfig):
    """As procrastinate's own, which has no Danish."""

    verbose_name = "Opgaver i baggrunden"
