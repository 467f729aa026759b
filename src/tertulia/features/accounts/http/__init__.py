"""Routes of sessions, of my own account and of the people here."""

from litestar import Router

from tertulia.features.accounts.http import face, me, sessions
from tertulia.features.accounts.http.callers import provide_actor, provide_caller

__all__ = ["ROUTES", "provide_actor", "provide_caller"]

ROUTES = [
    Router(
        "/api/v1",
        route_handlers=[
            sessions.register,
            sessions.login,
            sessions.refresh,
            sessions.logout,
            me.get_me,
            me.change_me,
            me.change_password,
            me.list_devices,
            me.sign_out_others,
            me.rename_device,
            me.sign_out_device,
            me.get_server,
            me.get_person,
            face.set_face,
            face.remove_face,
            face.get_face,
        ],
        tags=["accounts"],
    )
]
