/** The kernel's command line has a room of its own. */
export { changeParameters, removals, type ParameterChange } from "../commandLine/changes";
export { kernelParameters } from "../commandLine/parameters";
