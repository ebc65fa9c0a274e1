/** The kernel's command line has a room of its own. */
export { refuseRoot, rootArgument, stableArgument, type RootPlan } from "../commandLine/rootArgument";
