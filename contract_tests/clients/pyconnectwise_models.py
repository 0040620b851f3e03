"""pyconnectwise with its models, imported although importing them warns of pydantic's future."""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pyconnectwise import ConnectWiseAutomateAPIClient, ConnectWiseManageAPIClient
    from pyconnectwise.models import automate, manage

__all__ = ["ConnectWiseAutomateAPIClient", "ConnectWiseManageAPIClient", "automate", "manage"]
