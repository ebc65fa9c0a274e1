"""Old machines from a list, migrated to HVM, a few at a time."""

from typing import NotRequired, TypedDict

import pulumi
import pulumi_pv_to_hvm as pv_to_hvm


class Machine(TypedDict):
    """One line of the list: an image, or the instance itself, which may be stopped for its snapshot."""

    name: str
    imageId: NotRequired[str]
    instanceId: NotRequired[str]
    stopFirst: NotRequired[bool]


config = pulumi.Config()
machines: list[Machine] = config.require_object("machines")
helpers_at_once = config.require_int("helpersAtOnce")

fleet: list[pv_to_hvm.PvToHvmMigration] = []
for index, machine in enumerate(machines):
    # The migration so many places before: once its helper is at rest, the next may have one. The list's first wait for
    # none; with 0, no limit, nobody does.
    before = [fleet[index - helpers_at_once]] if 0 < helpers_at_once <= index else []
    fleet.append(
        pv_to_hvm.PvToHvmMigration(
            machine["name"],
            source=pv_to_hvm.SourceArgs(
                image_id=machine.get("imageId"),
                instance_id=machine.get("instanceId"),
                stop_first=machine.get("stopFirst"),
            ),
            helper=pv_to_hvm.HelperArgs(
                subnet_id=config.require("helperSubnetId"),
                allowed_cidrs=config.require_object("allowedCidrs"),
                wait_for=[migration.helper_id.apply(str) for migration in before],
            ),
        )
    )

pulumi.export("imageIds", {machine["name"]: migration.image_id for machine, migration in zip(machines, fleet)})
