/** The kernel's command line has a room of its own. */
export { editGrubDefaults, reachesMenu } from "../commandLine/grubDefaults";
export { editGrubScript, writesLegacyMenu } from "../commandLine/grubScript";
