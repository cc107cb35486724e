"""Which path of HubSpot's dated API leads where, and which scope it needs."""

from random import Random

from sandbox.answer import Answer, Misunderstood, Request
from sandbox.faults import Fault
from sandbox.hubspot import account, batches, definitions, links, objects
from sandbox.hubspot.errors import missing_scopes
from sandbox.hubspot.portal import Portal
from sandbox.hubspot.schema import TYPE_IDS, TYPES
from sandbox.hubspot.scopes import schema_scope, scope_of
from sandbox.hubspot.search import search

VERSION = "2026-09"
Rest = tuple[str, ...]


def route(portal: Portal, request: Request, dice: Random, fault: Fault | None) -> Answer:
    """Answer a request by its path; Misunderstood (404) when nothing is there.

    `dice` shuffles the results of batches, `fault` may strike some of their inputs.
    """
    if request.segments == ("calling", "v1", "dispositions") and request.method == "GET":
        need(portal, "crm.objects.contacts.read")
        return definitions.list_dispositions(portal, request)
    match dated(request.segments):
        case ("crm", "objects", kind, "batch", name) if request.method == "POST":
            batch = batches.Batch(request, dice, fault)
            return _batch(portal, request, batch, kind_of(kind), name)
        case ("crm", "objects", kind, *rest) if len(rest) < 2:
            return _records(portal, request, kind_of(kind), tuple(rest))
        case ("crm", "objects", kind, id_, "associations", *rest):
            return _record_links(portal, request, (kind_of(kind), id_), tuple(rest))
        case ("crm", "associations", kind, to, *rest) if request.method == "POST":
            return _links(portal, request, kind_of(kind), kind_of(to), tuple(rest))
        case ("crm", "properties", kind, *rest):
            return _definitions(portal, request, kind_of(kind), tuple(rest))
        case rest if request.method == "GET" or (
            request.method == "DELETE" and rest[:3] == ("crm", "pipelines", "tickets")
        ):
            return _account(portal, request, rest)
    raise lost(request)


def lost(request: Request) -> Misunderstood:
    """Return the error of a path or method that nothing answers."""
    return Misunderstood(f"nothing answers {request.method} {request.path}", 404)


def dated(segments: Rest) -> Rest:
    """Return the parts of a path without its version; as they are when the version is not ours."""
    if segments[:1] == ("account-info",) and segments[1:2] == (VERSION,):
        return ("account-info", *segments[2:])
    if segments[:1] == ("crm",) and segments[2:3] == (VERSION,):
        return (*segments[:2], *segments[3:])
    return ("undated", *segments)


def need(portal: Portal, scope: str) -> None:
    """Raise Refused (403) when the token lacks a scope."""
    if scope in portal.switches.missing_scopes:
        raise missing_scopes([scope])


def kind_of(word: str) -> str:
    """Return the object type that a path names, by name or type id; Misunderstood if unknown."""
    kind = TYPE_IDS.get(word, word)
    if kind not in TYPES:
        raise Misunderstood(f"object type {word} is not known here", 404)
    return kind


def _batch(portal: Portal, request: Request, batch: batches.Batch, kind: str, name: str) -> Answer:
    need(portal, scope_of(request, kind))
    if name not in batches.BATCHES:
        raise lost(request)
    return batches.BATCHES[name](portal, batch, request, kind)


def _records(portal: Portal, request: Request, kind: str, rest: Rest) -> Answer:
    need(portal, scope_of(request, kind))
    match (request.method, *rest):
        case ("POST",):
            return objects.create_one(portal, request, kind)
        case ("GET",):
            return objects.list_some(portal, request, kind)
        case ("POST", "search"):
            return search(portal, request, kind)
        case ("POST", "merge") if kind in ("contacts", "companies", "tickets"):
            return objects.merge_two(portal, request, kind)
        case ("GET", id_):
            return objects.read_one(portal, request, kind, id_)
        case ("PATCH", id_):
            return objects.update_one(portal, request, kind, id_)
        case ("DELETE", id_):
            return objects.archive_one(portal, request, kind, id_)
    raise lost(request)


def _record_links(portal: Portal, request: Request, one: tuple[str, str], rest: Rest) -> Answer:
    need(portal, scope_of(request, one[0]))
    match (request.method, *rest):
        case ("PUT", "default", to, to_id):
            return links.put_default(portal, request, one, (kind_of(to), to_id))
        case ("PUT", to, to_id):
            return links.put_labelled(portal, request, one, (kind_of(to), to_id))
        case ("DELETE", to, to_id):
            return links.delete_link(portal, request, one, (kind_of(to), to_id))
    raise lost(request)


def _links(portal: Portal, request: Request, kind: str, to: str, rest: Rest) -> Answer:
    need(portal, scope_of(request, kind))
    if rest == ("batch", "read"):
        return links.read_links(portal, request, kind, to)
    if rest == ("batch", "associate", "default"):
        return links.associate_defaults(portal, request, kind, to)
    raise lost(request)


def _definitions(portal: Portal, request: Request, kind: str, rest: Rest) -> Answer:
    need(portal, schema_scope(request, kind))
    match (request.method, *rest):
        case ("GET",):
            return definitions.list_definitions(portal, request, kind)
        case ("POST",):
            return definitions.create_definition(portal, request, kind)
        case ("GET", "groups"):
            return definitions.list_groups(portal, request, kind)
        case ("GET", name):
            return definitions.read_definition(portal, request, kind, name)
    raise lost(request)


def _account(portal: Portal, request: Request, rest: Rest) -> Answer:
    match rest:
        case ("crm", "pipelines", "tickets" | "0-5", *more):
            need(portal, "tickets")
            return account.pipelines(portal, request, tuple(more))
        case ("crm", "owners"):
            need(portal, "crm.objects.owners.read")
            return account.list_owners(portal, request)
        case ("crm", "owners", owner_id):
            need(portal, "crm.objects.owners.read")
            return account.read_owner(portal, request, owner_id)
        case ("account-info", "details"):
            return account.details(request)
    raise lost(request)
