/** The images of the local cloud: a PV sample to convert, and the helper that converts it. */
export type { BuildOptions } from "./recipe";
export { buildHelperImage } from "./helper";
export { buildSampleImage } from "./sample";
export { buildLiveSourceImage } from "./liveSource";
