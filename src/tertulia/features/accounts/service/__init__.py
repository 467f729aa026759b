"""The verbs of accounts, devices and sessions."""

from tertulia.features.accounts.policy import Client, Rules
from tertulia.features.accounts.service.accounts import (
    WrongCredentials,
    change_password,
    change_profile,
    find_people,
    get_account,
    get_accounts,
    ids_by_username,
    logged_accounts,
    own_account,
    own_credentials,
    server_info,
)
from tertulia.features.accounts.service.device import (
    devices,
    rename_device,
    sign_out,
    sign_out_device,
    sign_out_others,
)
from tertulia.features.accounts.service.face import face, set_face
from tertulia.features.accounts.service.registration import (
    Admit,
    InviteInvalid,
    Redeem,
    RegistrationClosed,
    UsernameTaken,
    register,
    require_may_register,
)
from tertulia.features.accounts.service.sessions import (
    DEVICES,
    end_session,
    find_credentials,
    login,
    logout,
    refresh,
)
from tertulia.features.accounts.state import SignedIn
from tertulia.features.accounts.store.accounts import Credentials, account_of

__all__ = [
    "DEVICES",
    "Admit",
    "Client",
    "Credentials",
    "InviteInvalid",
    "Redeem",
    "RegistrationClosed",
    "Rules",
    "SignedIn",
    "UsernameTaken",
    "WrongCredentials",
    "account_of",
    "change_password",
    "change_profile",
    "devices",
    "end_session",
    "face",
    "find_credentials",
    "find_people",
    "get_account",
    "get_accounts",
    "ids_by_username",
    "logged_accounts",
    "login",
    "logout",
    "own_account",
    "own_credentials",
    "refresh",
    "register",
    "rename_device",
    "require_may_register",
    "server_info",
    "set_face",
    "sign_out",
    "sign_out_device",
    "sign_out_others",
]
