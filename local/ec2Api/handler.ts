import type { Cloud } from "../cloud/cloud";
import type { Tags } from "../cloud/tags";
import type { Query } from "./query";
import type { XmlElements, XmlValue } from "./xml";

/**
 * Understands one action's parameters, all at once and before anything is done, and gives what does it. Its answer is
 * the children of `<ActionResponse>`.
 */
export type Handler = (cloud: Cloud, query: Query) => () => Promise<XmlElements>;

/** What most requests for a change are answered with. */
export const DONE: XmlElements = { return: true };

export function tagSet(tags: Tags): XmlValue {
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}
