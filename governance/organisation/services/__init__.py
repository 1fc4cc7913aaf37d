"""Every write of the organisation: units, people, their roles, keys, sign-in."""

from governance.organisation.services.attempts import (
    count_attempt,
    refuse_attempt,
    refuse_sign_in,
    sign_in,
    sign_out,
    step_up,
)
from governance.organisation.services.comments import comment_on_record
from governance.organisation.services.delegations import delegate, end_delegation
from governance.organisation.services.grants import give_role, map_group, sync_provider_roles, take_role
from governance.organisation.services.hours import (
    LONGEST_CLOSURE_REASON,
    add_closure,
    remove_closure,
    set_working_hours,
)
from governance.organisation.services.installing import appoint_first_admin, make_first_admin
from governance.organisation.services.keys import make_key, note_keys_used, revoke_key, touch_key
from governance.organisation.services.people import (
    deactivate_person,
    join_unit,
    leave_unit,
    make_person,
    set_time_zone,
)
from governance.organisation.services.provider import admit_from_provider, confirm_at_provider, end_sessions
from governance.organisation.services.saved_views import remove_view, rename_view, save_view
from governance.organisation.services.units import dissolve_unit, make_unit, name_head

__all__ = [
    "LONGEST_CLOSURE_REASON",
    "add_closure",
    "admit_from_provider",
    "appoint_first_admin",
    "comment_on_record",
    "confirm_at_provider",
    "count_attempt",
    "deactivate_person",
    "delegate",
    "dissolve_unit",
    "end_delegation",
    "end_sessions",
    "give_role",
    "join_unit",
    "leave_unit",
    "make_first_admin",
    "make_key",
    "make_person",
    "make_unit",
    "map_group",
    "name_head",
    "note_keys_used",
    "refuse_attempt",
    "refuse_sign_in",
    "remove_closure",
    "remove_view",
    "rename_view",
    "revoke_key",
    "save_view",
    "set_time_zone",
    "set_working_hours",
    "sign_in",
    "sign_out",
    "step_up",
    "sync_provider_roles",
    "take_role",
    "touch_key",
]
