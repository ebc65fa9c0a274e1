/** The kernel's command line has a room of its own. */
export { appendWords, words } from "../commandLine/words";
export { hasRoot, nameDevices } from "../commandLine/devices";
export { hasConsole, serialConsole, withoutPvConsole } from "../commandLine/consoles";
