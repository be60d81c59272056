"""Who leads whoever wrote an idea: a leader at the author's workplace does not assess it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db import connection

_LEADERS = """
SELECT DISTINCT i.content_ptr_id, leader.user_id
FROM ideastorm_idea i
JOIN editorial_content c ON c.id = i.content_ptr_id
JOIN places_membership leader ON leader.role = 'leder' AND leader.state = 'active'
    AND leader.user_id IS DISTINCT FROM c.author_id
    AND (leader.workplace_id = i.workplace_id OR leader.workplace_id IN (
        SELECT m.workplace_id FROM places_membership m WHERE m.user_id = c.author_id AND m.state = 'active'))
WHERE i.content_ptr_id = ANY(%s)
"""


def leaders_of(ideas: Iterable[int]) -> dict[int, set[int]]:
    """Idea → the accounts that lead a place where its author works, or that it is written from. One query."""
    found: dict[int, set[int]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(_LEADERS, [list(ideas)])
        for idea, user in cursor.fetchall():
            found[idea].add(user)
    return found


def leads_author(user_id: int, idea: int) -> bool:
    """Whether this account leads whoever wrote the idea."""
    return user_id in leaders_of([idea]).get(idea, ())
