"""Which scope of the token a request needs."""

from sandbox.answer import Request

CONTACTS = "crm.objects.contacts"
COMPANIES = "crm.objects.companies"
READING_POSTS = ("/batch/read", "/search")


def scope_of(request: Request, kind: str) -> str:
    """Return the scope for a request about records of a type."""
    reads = request.method == "GET" or request.path.endswith(READING_POSTS)
    if kind == "tickets":
        return "tickets"
    room = COMPANIES if kind == "companies" else CONTACTS
    return f"{room}.{'read' if reads else 'write'}"


def schema_scope(request: Request, kind: str) -> str:
    """Return the scope for a request about property definitions of a type."""
    if kind == "tickets":
        return "tickets"
    if request.method == "GET":
        return scope_of(request, kind)
    return {
        "contacts": "crm.schemas.contacts.write",
        "companies": "crm.schemas.companies.write",
    }.get(kind, "crm.schemas.calls.write")
