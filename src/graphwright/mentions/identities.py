"""Identities: names and posts that stand beside each other for one thing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graphwright.language.parse import Parse
from graphwright.mentions.lexicon import LONGEST_POST
from graphwright.mentions.model import IDENTITY, Link, Mention
from graphwright.mentions.names import Names


def identity_links(doc: Parse, names: Names, posts: list[Mention], nominals: list[Mention]) -> Iterator[Link]:
    """Posts that stand right before a name (with or without a comma) or right after it and a comma.

    A post between two names belongs to the one without comma: "X, Minister Y" is about two people.
    """
    by_front = {names.fronts[person.head]: person for person in names.mentions if person.head in names.fronts}
    by_end = {person.end: person for person in names.mentions if person.head in names.fronts}
    post_ends = {post.start: post.end for post in posts}
    titled: set[int] = set()
    holders: set[int] = set()
    for post in posts:
        person = by_front.get(after_blanks(doc, post.end))
        if person is not None:
            titled.add(post.start)
            holders.add(person.head)
            yield person.head, IDENTITY, post.head
    are_posts = set(posts)
    described = [mention for mention in nominals if mention not in are_posts and mention.kind == "nominal"]
    named = [mention for mention in names.mentions if mention.head not in names.fronts and mention.kind == "name"]
    bodies = sorted([*named, *described], key=lambda mention: mention.end)
    starts = {mention.start: mention for mention in bodies}  # the longest of those that start together
    whole = {end_with_bodies(doc, post.end, starts): post for post in reversed(posts)}  # by where it ends
    claimed: set[int] = set()
    for post in posts:
        if post.start in titled:
            continue
        end = end_with_bodies(doc, post.end, starts)
        person = by_front.get(end)
        if person is not None:
            claimed.add(person.head)
            yield person.head, IDENTITY, post.head
            continue
        first = post.start - (post.start > 0 and doc[post.start - 1].lower_ in {"the", "a", "an"})
        person = by_end.get(first - 1) if first and doc[first - 1].text == "," else None
        # "Head of the Delegation, Ambassador X": another post may stand between.
        next_front = post_ends.get(end + 1, end + 1)
        follower = by_front.get(next_front) if end < len(doc) and doc[end].text == "," else None
        listed = (
            person is not None and person.head in holders and follower is not None
        )  # "Mayor X, the head of Y, Z, and"
        if person is not None and person.head not in claimed and not listed:
            claimed.add(person.head)
            yield person.head, IDENTITY, post.head
            continue
        if follower is not None:
            claimed.add(follower.head)
            yield follower.head, IDENTITY, post.head
            other = post_before_and(doc, post, whole)
            if other is not None and other.start not in titled:
                yield follower.head, IDENTITY, other.head


def post_before_and(doc: Parse, post: Mention, posts: Mapping[int, Mention]) -> Mention | None:
    """The post that is joined to a second one: "The Special Representative and | Head of the Mission, X".

    ``posts`` are found by where they end with their bodies.
    """
    if post.start < 2 or doc[post.start - 1].lower_ != "and":
        return None  # with an article of its own the second post is of somebody else
    return posts.get(post.start - 1)


def after_blanks(doc: Parse, i: int) -> int:
    """The first token from here on that is no blank; a new line is none to step over."""
    while i < len(doc) and doc[i].is_space and "\n" not in doc[i].text:
        i += 1
    return i


def end_with_bodies(doc: Parse, end: int, starts: Mapping[int, Mention]) -> int:
    """Where a post ends with the bodies it belongs to: "Chief of the General Staff | of the Serbian Armed Forces".

    A body may own another: "Commander of the Army's 3rd Brigade".
    """
    last = end + LONGEST_POST
    while end < min(len(doc), last):
        if end + 2 < len(doc) and doc[end].text == "(" and doc[end + 2].text == ")":
            end += 3  # "Head of the United Nations Mission | (UNMISS)"
        if end >= len(doc) or doc[end].lower_ not in {"of", "for", "to", "at", "in", "'s", "’s"}:
            break
        found = starts.get(end + 1)
        if found is None and end + 1 < len(doc) and doc[end + 1].lower_ == "the":
            found = starts.get(end + 2)
        if found is None:
            break
        end = found.end
    return end
