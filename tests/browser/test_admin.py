"""What who runs the server does: groups that are called, reports, jobs that were given up on."""

import re
from collections.abc import AsyncIterator
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import asyncpg
import pytest
import pytest_asyncio
from playwright.async_api import expect
from tests.browser.api import Api, Person, Room
from tests.browser.conftest import Arrive
from tests.browser.guest import Guest
from tests.browser.test_axe import complaints
from tests.support.database import drop_database, fresh_database
from tests.support.program import program

from tertulia.core.postgres import EmbeddedPostgres


class House(NamedTuple):
    """A server of its own: `olga` runs it, and its database can be reached past it."""

    url: str
    dsn: str
    api: Api
    olga: Person


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def house(client_built: None, cluster: EmbeddedPostgres) -> AsyncIterator[House]:
    dsn = await fresh_database(cluster)
    with program(database_url=dsn) as url:
        async with Api(url) as api:
            yield House(url, dsn, api, await api.person("Olga"))
    await drop_database(cluster, dsn)


async def opened(guest: Guest, section: str) -> None:
    """By the list of settings."""
    await guest.open("/settings")
    await guest.page.get_by_role("link", name=section, exact=True).click()
    await expect(guest.page.get_by_role("heading", name=section, level=2)).to_be_visible()


async def test_a_group_is_made_and_calls_its_member(house: House, arrive: Arrive) -> None:
    ana = await house.api.person("Ana Sol")
    room = await house.api.room(house.olga, ana)
    olga, member = await arrive(url=house.url), await arrive(url=house.url)
    await member.sign_in(ana)
    await olga.sign_in(house.olga, room)
    await opened(olga, "Groups")
    await olga.button("New group").click()
    form = olga.page.get_by_role("dialog", name="New group")
    await form.get_by_label("Name").fill("Those who draw")
    await form.get_by_label("Handle").fill("room")
    people = form.get_by_role("combobox", name="People in it")
    await people.fill("Ana")
    await form.get_by_role("option", name=re.compile("Ana Sol")).click()
    await form.get_by_role("button", name="Make the group").click()
    await expect(form.get_by_text("This word calls a whole room.")).to_be_visible()
    olga.troubles.expect("400")
    await form.get_by_label("Handle").fill("Drawers")
    await form.get_by_role("button", name="Make the group").click()
    row = olga.page.get_by_role("listitem").filter(has_text="Those who draw")
    await expect(row).to_contain_text("@drawers · 1 person")
    await olga.open(f"/rooms/{room.id}")
    await olga.say("What do you think, @drawers?")
    await expect(member.room_row(room.name)).to_contain_text("1")
    await member.page.get_by_role("link", name=re.compile("^Mentions")).click()
    await expect(member.page.get_by_text("What do you think,")).to_be_visible()


async def test_a_group_is_renamed_and_deleted(house: House, arrive: Arrive) -> None:
    body = {"handle": f"g{uuid4().hex[:8]}", "name": "Cooks", "account_ids": [house.olga.id]}
    made = await house.api.ask(house.olga, "POST", "groups", body)
    olga = await arrive(url=house.url)
    await olga.sign_in(house.olga)
    await opened(olga, "Groups")
    await olga.button("Change Cooks").click()
    form = olga.page.get_by_role("dialog", name="Change Cooks")
    await expect(form.get_by_role("button", name="Olga")).to_be_visible()
    await form.get_by_label("Name").fill("Bakers")
    await form.get_by_role("button", name="Save").click()
    await olga.button("Delete Bakers").click()
    await olga.page.get_by_role("alertdialog").get_by_role("button", name="Cancel").click()
    await olga.button("Delete Bakers").click()
    await olga.button("Delete the group").click()
    await expect(olga.button("Delete Bakers")).to_have_count(0)
    left = await house.api.ask(house.olga, "GET", "groups")
    assert made["id"] not in [one["id"] for one in left["groups"]]


async def test_a_person_is_reported_and_the_report_decided(house: House, arrive: Arrive) -> None:
    ana, bo = await house.api.person("Ana Sol"), await house.api.person("Bo Lindqvist")
    room = await house.api.room(ana, bo, name="The quiet table")
    member, olga = await arrive(url=house.url), await arrive(url=house.url)
    await member.sign_in(bo, room)
    await member.button(re.compile("^2 members|^Members")).click()
    await member.button(f"More about {ana.name}").click()
    await member.menu_item("Report…").click()
    form = member.page.get_by_role("dialog", name=f"Report {ana.name}")
    await form.get_by_label("What should they know?").fill("sells my secrets")
    await form.get_by_role("button", name="Report").click()
    await expect(member.page.get_by_text("Reported to those who keep order here")).to_be_visible()
    await olga.sign_in(house.olga)
    await opened(olga, "Reports")
    card = olga.page.get_by_role("listitem").filter(has_text="sells my secrets")
    await expect(card).to_contain_text("a room you are not in")
    await card.get_by_role("button", name="Resolved").click()
    await expect(card).to_have_count(0)
    await olga.page.get_by_role("tab", name="Decided").click()
    await expect(card).to_contain_text("Resolved by Olga")
    await opened(olga, "Audit trail")
    await expect(olga.page.get_by_text(f"Olga resolved a report about {ana.name}")).to_be_visible()


async def test_a_card_reports_to_who_runs_the_server(house: House, arrive: Arrive) -> None:
    ana, bo = await house.api.person("Ana Sol"), await house.api.person("Bo Lindqvist")
    room = await house.api.room(ana, bo)
    await house.api.say(ana, room, "Good evening")
    member = await arrive(url=house.url)
    await member.sign_in(bo, room)
    await member.log.get_by_text(ana.name, exact=True).click()
    await member.page.get_by_role("dialog").get_by_role("button", name="Report").click()
    form = member.page.get_by_role("dialog", name=f"Report {ana.name}")
    await form.get_by_role("button", name="Report").click()
    await expect(member.page.get_by_text("Reported to those who run this server")).to_be_visible()
    found = await house.api.ask(house.olga, "GET", "reports")
    assert (found["reports"][0]["account_id"], found["reports"][0]["room_id"]) == (ana.id, None)


async def kill_a_job(house: House, error: str) -> UUID:
    """One of the server's own kinds, given up on a while ago."""
    job_id = uuid4()
    connection: Any = await asyncpg.connect(house.dsn)
    try:
        await connection.execute(
            """
            INSERT INTO jobs (id, kind, payload, state, attempt, run_at, enqueued_at, started_at,
                finished_at, error)
            VALUES ($1, 'jobs.sweep', '{}', 'dead', 8, now(), now(), now(), now(), $2)
            """,
            job_id,
            error,
        )
    finally:
        await connection.close()
    return job_id


async def test_a_dead_job_is_tried_again_from_the_page(house: House, arrive: Arrive) -> None:
    error = "OSError: the kettle is cold"
    job_id = await kill_a_job(house, error)
    olga = await arrive(url=house.url)
    await olga.sign_in(house.olga)
    await opened(olga, "Jobs")
    await olga.button(re.compile("^Given up")).click()
    jobs = olga.page.get_by_role("listitem", name="jobs.sweep")
    card = jobs.filter(has_text=error)
    await expect(card).to_be_visible()
    await card.get_by_text("Details").click()
    await expect(card.get_by_text("Attempts")).to_be_visible()
    await card.get_by_role("button", name="Try again").click()
    await expect(card).to_have_count(0)
    found = await house.api.ask(house.olga, "GET", f"admin/jobs/{job_id}")
    assert found["state"] in ("waiting", "running", "done")
    await olga.button(re.compile("^Done")).click()
    await expect(jobs.filter(has_text="Done").first).to_be_visible()


async def test_others_find_nothing_of_it(house: House, arrive: Arrive) -> None:
    ana = await house.api.person("Ana Sol")
    guest = await arrive(url=house.url)
    await guest.sign_in(ana)
    await guest.open("/settings/server-jobs")
    await expect(guest.page.get_by_role("heading", name="Profile", level=2)).to_be_visible()
    for name in ("Server", "Jobs", "Reports", "Groups"):
        await expect(guest.page.get_by_text(name, exact=True)).to_have_count(0)


async def test_a_room_says_who_may_call_it(house: House, arrive: Arrive) -> None:
    ana, bo = await house.api.person("Ana Sol"), await house.api.person("Bo Lindqvist")
    room = await house.api.room(ana, bo)
    keeper = await arrive(url=house.url)
    await keeper.sign_in(ana)
    await keeper.open(f"/rooms/{room.id}?panel=settings")
    who = keeper.page.get_by_label("Who may call everybody with @room and @here")
    await who.select_option("moderators")
    await expect(keeper.page.get_by_text("words like any other")).to_be_visible()
    said = await house.api.say(bo, room, "hear me, @room")
    assert not said["mentions_room"]
    assert (await house.api.say(ana, room, "hear me, @room"))["mentions_room"]


async def test_all_threads_are_read_on_both_devices(house: House, arrive: Arrive) -> None:
    ana, bo = await house.api.person("Ana Sol"), await house.api.person("Bo Lindqvist")
    room = await house.api.room(ana, bo)
    for text in ("Who brings wine?", "Who brings bread?"):
        root = await house.api.say(ana, room, text)
        await reply(house.api, bo, room, root["id"])
    here, there = await arrive(url=house.url), await arrive(url=house.url)
    await here.sign_in(ana)
    await there.sign_in(ana)
    for guest in (here, there):
        await guest.page.get_by_role("link", name=re.compile("^Threads")).click()
        await expect(guest.page.get_by_text("1 new reply")).to_have_count(2)
    await here.button("Mark all read").click()
    for guest in (here, there):
        await expect(guest.page.get_by_text("1 new reply")).to_have_count(0)
        await expect(guest.button("Mark all read")).to_have_count(0)


async def reply(api: Api, who: Person, room: Room, root: str) -> None:
    body = {"client_id": str(uuid4()), "text": "I do", "thread": root}
    await api.ask(who, "POST", f"rooms/{room.id}/messages", body)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_pages_are_accessible(scheme: str, house: House, arrive: Arrive) -> None:
    ana, bo = await house.api.person("Ana Sol"), await house.api.person("Bo Lindqvist")
    await house.api.ask(ana, "POST", "reports", {"account_id": bo.id, "category": "spam"})
    await kill_a_job(house, "ValueError: no such cup")
    olga = await arrive(url=house.url, color_scheme=scheme, reduced_motion="reduce")
    await olga.sign_in(house.olga)
    found: list[Any] = []
    for section in ("Notifications", "Reports", "Audit trail", "Groups", "Jobs"):
        await opened(olga, section)
        found += await complaints(olga, section)
    await opened(olga, "Groups")
    await olga.button("New group").click()
    await expect(olga.page.get_by_role("combobox", name="People in it")).to_be_visible()
    found += await complaints(olga, "a new group")
    assert found == []
