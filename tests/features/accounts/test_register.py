"""Making an account, and every way in which the server says no."""

from tests.features.accounts.conftest import World


async def test_a_program_registers_and_is_in(world: World) -> None:
    ana = world.program()
    response = await ana.register("Ana", display_name="Ana María")
    assert response.status_code == 201, response.text
    session = response.json()
    assert session["expires_in"] == 900
    assert session["refresh_token"]
    assert "set-cookie" not in response.headers
    me = (await ana.call("GET", "me")).json()
    assert me == session["account"]
    assert (me["username"], me["display_name"], me["role"]) == ("Ana", "Ana María", "owner")
