"""Runs a Pulumi program for the engine at the given addresses, as Pulumi's language host for Python does."""

import argparse
import asyncio
import os
import runpy
import sys

import pulumi
import pulumi.runtime


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    for name in ("monitor", "engine", "organization", "project", "stack", "pwd"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--parallel", type=int, required=True)
    parser.add_argument("--dry-run", action="store_true")
    parser.add_argument("folder")
    return parser.parse_args()


def main() -> None:
    arguments = parse_arguments()
    os.chdir(arguments.pwd)
    sys.path.insert(0, arguments.folder)
    pulumi.runtime.configure(
        pulumi.runtime.Settings(
            monitor=arguments.monitor,
            engine=arguments.engine,
            organization=arguments.organization,
            project=arguments.project,
            stack=arguments.stack,
            parallel=arguments.parallel,
            dry_run=arguments.dry_run,
            root_directory=arguments.folder,
        )
    )
    program = os.path.join(arguments.folder, "__main__.py")
    asyncio.run(pulumi.runtime.run_in_stack(lambda: runpy.run_path(program, run_name="__main__")))


main()
