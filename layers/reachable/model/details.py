"""What is told of an error beside its kind (RFC 9457's ``detail``): a code, whose sentence is in ``words``.

Only what reaches people is here. What a program or a log reads is said where it is raised.
"""

from enum import StrEnum


class Detail(StrEnum):
    """By who asks for what. ``{...}`` of its sentence are the error's ``values``."""

    # Whoever calls the API
    NO_SUCH_ROUTE = "no_such_route"
    WRONG_SHAPE = "wrong_shape"
    NO_JSON = "no_json"
    NO_ANSWER = "no_answer"
    BODY_TOO_LARGE = "body_too_large"
    NOT_OUR_CURSOR = "not_our_cursor"

    # Who somebody is, and what their role allows
    NO_ACCESS_TOKEN = "no_access_token"  # noqa: S105 - a word, no secret
    NO_SCOPE = "no_scope"
    NO_SCOPE_NOR_ROLE = "no_scope_nor_role"
    UNREADABLE_CLAIM = "unreadable_claim"
    NO_STAFF_ROLE = "no_staff_role"
    NO_STAFF_ACCOUNT = "no_staff_account"
    SEVERAL_STAFF_ACCOUNTS = "several_staff_accounts"
    NOBODY_NAMED = "nobody_named"
    MAY_NOT_SEARCH = "may_not_search"
    MAY_NOT_SEE_HISTORY = "may_not_see_history"
    MAY_NOT_SEE_MESSAGES = "may_not_see_messages"
    MAY_NOT_RESET = "may_not_reset"
    MAY_NOT_MARK = "may_not_mark"
    MAY_NOT_REMIND = "may_not_remind"
    MAY_NOT_IMPORT = "may_not_import"
    MAY_NOT_SEE_PROVIDERS = "may_not_see_providers"

    # People and their credentials
    NO_SUCH_USER = "no_such_user"
    NO_SUCH_STUDENT = "no_such_student"
    NO_SUCH_SCHOOL = "no_such_school"
    NO_SUCH_CLASS = "no_such_class"
    NO_SUCH_CREDENTIAL = "no_such_credential"
    NO_SUCH_CHANNEL = "no_such_channel"
    NO_GROUND_BY_HAND = "no_ground_by_hand"
    PROFILE_CHANGED = "profile_changed"
    STATUS_CHANGED = "status_changed"
    NOBODY_TO_LOOK_FOR = "nobody_to_look_for"
    NO_CLASS_TO_LOOK_FOR = "no_class_to_look_for"
    NOT_AN_EMAIL = "not_an_email"
    NOT_A_PHONE = "not_a_phone"
    PHONE_EXTENSION = "phone_extension"
    PHONE_LENGTH = "phone_length"
    NO_KIND_OF_CREDENTIAL = "no_kind_of_credential"
    CHANGED_EACH_TIME = "changed_each_time"

    # Statistics
    ONLY_BY_SCHOOL = "only_by_school"
    TOO_MANY_WEEKS = "too_many_weeks"

    # Messages and batches
    NO_SUCH_MESSAGE = "no_such_message"
    NO_SUCH_BATCH = "no_such_batch"
    NOT_HELD = "not_held"
    HELD_ALREADY = "held_already"
    AT_ITS_END = "at_its_end"
    ONLY_ALL_STOPS_EMERGENCIES = "only_all_stops_emergencies"
    NO_SUCH_GROUP = "no_such_group"
    ONLY_PEOPLE_STOP_ALL = "only_people_stop_all"
    IDS_OR_BATCH = "ids_or_batch"
    BATCH_NEEDED = "batch_needed"

    # Invitations
    PROVES_NO_ACCOUNT = "proves_no_account"
    ACCOUNT_IS_ACTIVE = "account_is_active"
    NO_CREDENTIAL = "no_credential"
    REMINDED_TODAY = "reminded_today"
    REMINDER_REFUSED = "reminder_refused"
    NOWHERE_TO_SIGN_UP = "nowhere_to_sign_up"

    # The link of a mail
    LINK_NOT_VALID = "link_not_valid"

    # Imports
    NO_SUCH_IMPORT = "no_such_import"
    IMPORT_NOT_ENDED = "import_not_ended"
    ONLY_CHECKED = "only_checked"
    FORCE_MENDS_NOTHING = "force_mends_nothing"
    JUST_RUN_AGAIN = "just_run_again"

    # Incidents
    NO_SUCH_INCIDENT = "no_such_incident"
    ONE_SELECTION = "one_selection"
    WINDOW_BACKWARDS = "window_backwards"
    ONLY_OF_DISTRICT = "only_of_district"
    NOT_IN_THIS_STATE = "not_in_this_state"
    JUST_FAILED = "just_failed"
    NO_REPORT_YET = "no_report_yet"
    PEOPLE_NOT_READ = "people_not_read"
    TOO_MANY_PEOPLE = "too_many_people"
    NO_PEOPLE = "no_people"

    # Providers' own lists
    NO_SUCH_UPSTREAM = "no_such_upstream"
    NO_LIST_TO_READ = "no_list_to_read"
    LIST_TOO_LONG = "list_too_long"
    NO_ADDRESS_COLUMN = "no_address_column"
    NO_LIST_REASON = "no_list_reason"
    LIST_NOT_ANSWERED = "list_not_answered"
    LIST_NOT_ALLOWED = "list_not_allowed"
    UNREADABLE_WISH = "unreadable_wish"
    NOT_A_CSV = "not_a_csv"

    # Bulk checks
    UNREADABLE_INPUT = "unreadable_input"
    NO_SUCH_OBJECT = "no_such_object"
    NOT_PACKED = "not_packed"
    NOT_UTF_8 = "not_utf_8"
    TOO_MANY_LINES = "too_many_lines"
    WRONG_COLUMNS = "wrong_columns"
    NO_RECIPIENTS = "no_recipients"
