"""Planning scripts and looking for their runs, through HTTP only."""

PLAIN, FORGIVING = 6, 1  # no parameter, one with a default
CALM = {"outage_chance": 0, "monitor_failure_chance": 0}
BATCH = {"EntityType": 1, "EntityIds": [97], "ScriptId": PLAIN}


def plan(caller, **members):
    return caller.post("/Batch/ScriptSchedule", json={**BATCH, **members})


def runs_of(caller, script_id=PLAIN):
    path = f"/Computers/97/ScriptHistory?pageSize=200&condition=ScriptId={script_id}"
    return caller.get(path).json


def executions(caller, script_id=PLAIN):
    return caller.get(f"/Scripts/{script_id}/Executions?pageSize=100").json


def schedules(caller, script_id=PLAIN):
    path = f"/Scripting/ScriptSchedules?condition=Script.ScriptId = {script_id}&pageSize=-1"
    # Those that the world begins with have no number.
    known = (row["Schedule"]["ScriptScheduleFrequency"] for row in caller.get(path).json)
    rows = zip(caller.get(path).json, known, strict=True)
    return [row for row, frequency in rows if "ScriptScheduleFrequencyId" in frequency]


def flat(caller, **members):
    answer = caller.post("/Computers/97/ScheduledScripts", json={"ScriptId": PLAIN, **members})
    assert answer.status_code == 200, answer.text
    return answer.json
