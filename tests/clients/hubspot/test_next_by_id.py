"""All records of a type in the order of their ids, and how many there are."""

from clients.hubspot.queries import PAGE, Filter


def test_beyond_what_paging_reaches_all_come_once_in_the_order_of_their_ids(hubspot, portal):
    for n in range(450):
        portal.portal.add("contacts", {"firstname": f"N{n}"}, 1_756_000_000.0, str(90_000 + n))
    there = {id_ for id_, one in portal.dump()["contacts"].items() if not one["archived"]}
    found, after, pages = [], "", 0
    while page := hubspot.next_by_id("contacts", after, ("firstname",)):
        assert len(page) <= PAGE
        found += [each.id for each in page]
        after, pages = found[-1], pages + 1
    assert found == sorted(there, key=int)
    assert pages == 3
    assert hubspot.next_by_id("contacts", found[-1], ()) == []
    assert hubspot.count("contacts") == len(there)
    assert portal.requests[-1].path.endswith("/contacts/search")


def test_only_those_that_a_filter_finds_are_counted(hubspot):
    named = (Filter("firstname", "EQ", ("Claire",)),)
    assert hubspot.count("contacts", (named,)) == 1
    assert hubspot.count("contacts", ((Filter("firstname", "EQ", ("Nobody",)),),)) == 0
