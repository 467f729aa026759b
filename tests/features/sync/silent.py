"""Verbs without a row in `test_equivalence`, by feature, and why they need none."""

# Verbs that change nothing anybody sees, or that a verb with a row of its own runs for us.
READING = {
    "accounts": "face find_credentials find_people get_account get_accounts ids_by_username "
    "logged_accounts own_account own_credentials devices require_may_register server_info",
    "rooms": "browse find_accesses find_members_named find_people find_room get_members get_room "
    "has_direct head heads heads_seen is_direct member_counts member_ids members memberships "
    "moderator_ids picture reach require require_known require_may_add "
    "require_may_picture room_ids rooms_of share_room",
    "members": "bans count page",
    "invites": "admits list_live preview",
    "polls": "beside voters",
    "pins": "beside everything newest",
    "reactions": "beside reactors",
    "listens": "beside listeners",
    "films": "films_of find find_part gone has_words logged pieces rooms_of rungs",
    "messages": "after before find_messages get_message hidden last_messages logged_messages "
    "people_in revisions unread",
}
# (`refresh` moves a device's `last_seen_at`, which is told to nobody: a list read anew shows it.)
WITHIN_OTHERS = {
    "accounts": "end_session sign_out refresh",
    "rooms": "archive bring_in mark_spoke on_block_changed record record_of seat unseat",
    "members": "admit move_back on_account_changed read_together",
    "invites": "",
    "polls": "",
    "pins": "bring_in",
    "reactions": "bring_in",
    "listens": "",
    # What jobs write down; the rooms are told by `tell`.
    "films": "begin draw_behind end_rung forget forgotten found_subtitles has_board has_poster "
    "make_behind record refuse tell_of",
    "messages": "bring_in note",
}
