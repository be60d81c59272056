"""Who leads whoever wrote an idea: a leader at the author's workplace does not assess it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db import connection

_LEADERS = """
SELECT DISTINCT asked.id, leader.user_id
FROM unnest(%s::bigint[]) AS asked (id)
JOIN ideastorm_idea i ON i.content_ptr_id = asked.id OR i.merged_into_id = asked.id
JOIN editorial_content c ON c.id = i.content_ptr_id
JOIN places_membership leader ON leader.role = 'leder' AND leader.state = 'active'
    AND leader.user_id IS DISTINCT FROM c.author_id
    AND (leader.workplace_id = i.workplace_id OR leader.workplace_id IN (
        SELECT m.workplace_id FROM places_membership m WHERE m.user_id = c.author_id AND m.state = 'active'))
"""
_AUTHORS = """
SELECT asked.id, c.author_id
FROM unnest(%s::bigint[]) AS asked (id)
JOIN ideastorm_idea i ON i.content_ptr_id = asked.id OR i.merged_into_id = asked.id
JOIN editorial_content c ON c.id = i.content_ptr_id
WHERE c.author_id IS NOT NULL
UNION
SELECT asked.id, u.id
FROM unnest(%s::bigint[]) AS asked (id)
JOIN ideastorm_idea i ON i.content_ptr_id = asked.id OR i.merged_into_id = asked.id
JOIN editorial_receipt r ON r.content_id = i.content_ptr_id
JOIN editorial_sendercontact k ON k.receipt_id = r.id
JOIN accounts_user u ON lower(u.email) = lower(k.email)
"""


def leaders_of(ideas: Iterable[int]) -> dict[int, set[int]]:
    """Idea → the accounts that lead a place where its author works, or that it is written from; also of what was merged
    into it. One query."""
    return _found(_LEADERS, [list(ideas)])


def authors_of(ideas: Iterable[int]) -> dict[int, set[int]]:
    """Idea → the accounts that have written it, or what was merged into it, or left an address with it."""
    keys = list(ideas)
    return _found(_AUTHORS, [keys, keys])


def _found(query: str, params: list[list[int]]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        for idea, user in cursor.fetchall():
            found[idea].add(user)
    return found


def leads_author(user_id: int, idea: int) -> bool:
    """Whether this account leads whoever wrote the idea."""
    return user_id in leaders_of([idea]).get(idea, ())
