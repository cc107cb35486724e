"""The properties a fresh portal has for each type of record, and what HubSpot demands of them."""

from dataclasses import dataclass
from functools import cache

TYPES = ("contacts", "companies", "tickets", "calls", "communications")
TYPE_IDS = {
    "0-1": "contacts",
    "0-2": "companies",
    "0-5": "tickets",
    "0-48": "calls",
    "0-18": "communications",
}
GROUPS = {
    "contacts": (("contactinformation", "Contact information"), ("sms_information", "SMS")),
    "companies": (("companyinformation", "Company information"),),
    "tickets": (("ticketinformation", "Ticket information"),),
    "calls": (("call", "Call information"), ("engagement", "Engagement")),
    "communications": (("communication", "Communication information"),),
}
REQUIRED = {
    "contacts": (),
    "companies": (),
    "tickets": ("subject", "hs_pipeline_stage"),
    "calls": ("hs_timestamp",),
    "communications": (
        "hs_communication_channel_type",
        "hs_communication_logged_from",
        "hs_timestamp",
    ),
}
ANSWERED = {
    "contacts": (
        "createdate",
        "email",
        "firstname",
        "hs_object_id",
        "lastmodifieddate",
        "lastname",
    ),
    "companies": ("createdate", "domain", "hs_lastmodifieddate", "hs_object_id", "name"),
    "tickets": (
        "content",
        "createdate",
        "hs_lastmodifieddate",
        "hs_object_id",
        "hs_pipeline",
        "hs_pipeline_stage",
        "hs_ticket_category",
        "hs_ticket_priority",
        "subject",
    ),
    "calls": ("hs_createdate", "hs_lastmodifieddate", "hs_object_id"),
    "communications": ("hs_createdate", "hs_lastmodifieddate", "hs_object_id"),
}
CREATED = {
    "contacts": "createdate",
    "companies": "createdate",
    "tickets": "createdate",
    "calls": "hs_createdate",
    "communications": "hs_createdate",
}
MODIFIED = {"contacts": "lastmodifieddate"}

OUTCOMES = (
    ("Busy", "9d9162e7-6cf3-4944-bf63-4dff82258764"),
    ("Connected", "f240bbac-87c9-4f6e-bf70-924b57d47db7"),
    ("Left live message", "a4c4c377-d246-4b32-a13b-75a56a4cd0ff"),
    ("Left voicemail", "b2cf5968-551e-4856-9783-52b3da59a7d0"),
    ("No answer", "73a0d17f-1163-4015-bdd5-ec830791da20"),
    ("Wrong number", "17b47fee-58de-441e-a44c-c6300d46f273"),
    ("Demo booked", "0f0e0d0c-0000-4000-8000-00000000c0de"),
)
PHONE_PROPERTIES = {
    "contacts": (("phone", "phone"), ("mobilephone", "mobile")),
    "companies": (("phone", "phone"),),
}


@dataclass(frozen=True, slots=True)
class Property:
    """One property definition; `options` are (label, value) pairs."""

    name: str
    kind: str
    label: str
    group: str
    field: str = "text"
    options: tuple[tuple[str, str], ...] = ()
    unique: bool = False
    read_only: bool = False
    calculated: bool = False
    hubspot_defined: bool = True
    description: str = ""
    created: str = "2020-06-30T15:57:37.634Z"


def modified_name(kind: str) -> str:
    """Return the property that tells when a record of this type last changed."""
    return MODIFIED.get(kind, "hs_lastmodifieddate")


# name:type (string if absent), "!" before the name marks what integrators may not write
_NAMES = {
    "contacts": """
        firstname lastname company email hs_additional_emails phone mobilephone fax jobtitle
        website address city state zip country hubspot_owner_id:number associatedcompanyid:number
        hs_whatsapp_phone_number hs_language !hs_merged_object_ids
        !lastmodifieddate:datetime !createdate:datetime !notes_last_updated:datetime
        !hs_latest_source !num_notes:number""",
    "companies": """
        name domain phone website address city state zip country industry description
        numberofemployees:number hubspot_owner_id:number
        !createdate:datetime !hs_lastmodifieddate:datetime !hs_merged_object_ids""",
    "tickets": """
        subject content hubspot_owner_id:number
        closed_date:datetime !createdate:datetime !hs_lastmodifieddate:datetime
        !time_to_close:number !hs_merged_object_ids""",
    "calls": """
        hs_timestamp:datetime hs_call_title hs_call_body hs_call_duration:number
        hs_call_from_number hs_call_to_number hs_call_recording_url
        hs_call_callee_object_id:number hs_call_callee_object_type_id hs_activity_type
        hs_attachment_ids hs_call_external_id hs_call_external_account_id hs_call_app_id:number
        hubspot_owner_id:number !hs_createdate:datetime !hs_lastmodifieddate:datetime
        !hs_unique_creation_key""",
    "communications": """
        hs_timestamp:datetime hs_communication_body hs_attachment_ids hubspot_owner_id:number
        !hs_createdate:datetime !hs_lastmodifieddate:datetime !hs_unique_creation_key""",
}
_COMMON = "!hs_object_id:number !hs_object_source !hs_object_source_id !hs_object_source_label"
_CALCULATED = {
    "phone": (
        "hs_calculated_phone_number",
        "hs_calculated_phone_number_country_code",
        "hs_searchable_calculated_phone_number",
        "hs_searchable_calculated_international_phone_number",
    ),
    "mobile": (
        "hs_calculated_mobile_number",
        "hs_calculated_mobile_number_country_code",
        "hs_searchable_calculated_mobile_number",
        "hs_searchable_calculated_international_mobile_number",
    ),
}
_BOOLEAN = (("True", "true"), ("False", "false"))


def _pairs(values: str) -> tuple[tuple[str, str], ...]:
    return tuple((value.replace("_", " ").capitalize(), value) for value in values.split())


_CHOICES = {
    "contacts": {
        "lifecyclestage": _pairs(
            "subscriber lead marketingqualifiedlead salesqualifiedlead opportunity customer"
            " evangelist other"
        ),
        "hs_lead_status": _pairs("NEW OPEN IN_PROGRESS OPEN_DEAL UNQUALIFIED CONNECTED BAD_TIMING"),
    },
    "companies": {"lifecyclestage": _pairs("subscriber lead customer other")},
    "tickets": {
        "hs_pipeline": (),
        "hs_pipeline_stage": (),
        "hs_ticket_priority": _pairs("LOW MEDIUM HIGH URGENT"),
        "hs_ticket_category": _pairs("PRODUCT_ISSUE BILLING_ISSUE FEATURE_REQUEST GENERAL_INQUIRY"),
        "source_type": _pairs("CHAT EMAIL FORM PHONE"),
    },
    "calls": {
        "hs_call_direction": _pairs("INBOUND OUTBOUND"),
        "hs_call_status": _pairs(
            "BUSY CALLING_CRM_USER CANCELED COMPLETED CONNECTING FAILED IN_PROGRESS NO_ANSWER"
            " QUEUED RINGING"
        ),
        "hs_call_disposition": OUTCOMES,
        "hs_call_source": _pairs("INTEGRATIONS_PLATFORM"),
        "hs_call_callee_object_type": _pairs("CONTACT COMPANY DEAL TICKET"),
        "hs_call_has_voicemail": _BOOLEAN,
    },
    "communications": {
        "hs_communication_channel_type": _pairs("SMS WHATS_APP LINKEDIN_MESSAGE"),
        "hs_communication_logged_from": _pairs("CRM"),
    },
}


@cache
def seeded(kind: str) -> tuple[Property, ...]:
    """Return all properties of a type in a fresh portal."""
    group = GROUPS[kind][0][0]
    found = []
    for word in f"{_NAMES[kind]} {_COMMON}".split():
        name, _, value_kind = word.lstrip("!").partition(":")
        found.append(
            Property(
                name,
                value_kind or "string",
                name.replace("_", " ").capitalize(),
                group,
                read_only=word.startswith("!"),
            )
        )
    for _, family in PHONE_PROPERTIES.get(kind, ()):
        found += [
            Property(name, "string", name, group, read_only=True, calculated=True)
            for name in _CALCULATED[family]
        ]
    for name, options in _CHOICES[kind].items():
        label = "Call outcome" if name == "hs_call_disposition" else name
        is_flag = options == _BOOLEAN
        found.append(
            Property(
                name,
                "bool" if is_flag else "enumeration",
                label,
                group,
                "booleancheckbox" if is_flag else "select",
                options,
            )
        )
    return tuple(found)
