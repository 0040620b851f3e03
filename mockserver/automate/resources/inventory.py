"""Drives and software of computers: what the seed family calls their members (facts 10.3)."""

from mockserver.automate.faces import Shown
from mockserver.automate.resources.declared import Declared, integers, same, texts

DRIVES = Declared(
    "Computers/Drives",
    "LabTech.Models.ComputerDrive",
    "DriveId",
    (
        Shown("DriveID", "DriveId"),
        *same("Letter", "Type", "FileSystem"),
        Shown("TotalSize", "Size"),
        *same("FreeSpace", "PercentFree"),
    ),
    extra=(*texts("Type"), *integers("PercentFree")),
    label="Letter",
)
SOFTWARE = Declared(
    "Computers/Software",
    "LabTech.Models.ComputerSoftware",
    "ApplicationId",
    (
        Shown("SoftwareID", "ApplicationId"),
        *same("Name", "Publisher", "Version"),
        Shown("InstallDate", "DateInstalled"),
    ),
    extra=texts("Publisher"),
)
