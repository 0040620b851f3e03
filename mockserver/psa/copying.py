"""What belongs to a record and is copied with it: its setup, not what happened to it."""

from mockserver.web.copies import Along

BOARDS, AGREEMENTS, TAXES = "service/boards", "finance/agreements", "finance/taxCodes"
TYPES, KINDS = f"{AGREEMENTS}/types", "company/configurations/types"
PORTALS, CATALOG = "company/portalConfigurations", "procurement/catalog"
WORKFLOWS, SURVEYS = "system/workflows", "service/surveys"
RATES = ("boardDefaults", "workroles", "worktypes", "workRoleExclusions", "workTypeExclusions")
SETUPS = ("invoiceSetups", "opportunitySetups", "passwordEmailSetups", "projectSetups")
EXEMPT: dict[str, str] = {
    "taxCodeXRefs": "taxableXRefLevels",
    "expenseTypeExemptions": "taxableExpenseTypeLevels",
    "productTypeExemptions": "taxableProductTypeLevels",
    "workRoleExemptions": "taxableWorkRoleLevels",
}


def _below(path: str, *names: str) -> dict[str, tuple[str, ...]]:
    return {path: tuple(f"{path}/{name}" for name in names)}


ALONG = Along(
    {
        **_below(BOARDS, "statuses", "types", "subtypes", "items", "teams", "notifications"),
        **_below(f"{BOARDS}/items", "associations"),
        **_below(AGREEMENTS, "additions", "sites", *RATES),
        **_below(TYPES, *RATES),
        **_below(CATALOG, "components", "vendors"),
        **_below("procurement/purchaseorders", "lineitems"),
        **_below(SURVEYS, "questions"),
        **_below(f"{SURVEYS}/questions", "options"),
        **_below("system/surveys", "questions"),
        **_below("system/surveys/questions", "values"),
        **_below(WORKFLOWS, "triggers", "events"),
        **_below(f"{WORKFLOWS}/triggers", "options"),
        **_below(f"{WORKFLOWS}/events", "actions"),
        **_below("schedule/holidayLists", "holidays"),
        **_below(TAXES, "taxCodeLevels", *EXEMPT),
        **{f"{TAXES}/{each}": (f"{TAXES}/{each}/{EXEMPT[each]}",) for each in EXEMPT},
        **_below(KINDS, "questions"),
        **_below(f"{KINDS}/questions", "values"),
        **_below(PORTALS, *SETUPS, "serviceSetups"),
    },
    {
        "typeAssociationIds": f"{BOARDS}/types",
        "subTypeAssociationIds": f"{BOARDS}/subtypes",
    },
)
