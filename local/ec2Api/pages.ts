import { Ec2Error } from "../cloud/errors";
import type { Query } from "./query";

/** What of a list was asked for. */
export interface PageRequest {
  maxResults?: number;
  nextToken?: string;
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVolumes.html and its likes */
const LEAST = 5;
const MOST = 1000;

/** @throws Ec2Error `InvalidParameterValue` where a page is to be smaller or larger than EC2 makes them. */
export function pageIn(query: Query): PageRequest {
  const maxResults = query.number("MaxResults");
  if (maxResults !== undefined && !(maxResults >= LEAST && maxResults <= MOST)) {
    throw new Ec2Error(
      "InvalidParameterValue",
      `Value ( ${maxResults} ) for parameter maxResults is invalid. Expecting a value from ${LEAST} to ${MOST}.`,
    );
  }
  return { maxResults, nextToken: query.text("NextToken") };
}

/**
 * One page of records in the order of their ids. The token names the last one of the page before, so that nothing is
 * left out where records go between two requests.
 */
export function cut<T>(
  records: T[],
  idOf: (record: T) => string,
  { maxResults = Infinity, nextToken }: PageRequest,
): { page: T[]; nextToken?: string } {
  const last = nextToken === undefined ? "" : Buffer.from(nextToken, "base64url").toString();
  const rest = records.filter((record) => idOf(record) > last).sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
  const page = rest.slice(0, maxResults);
  const next =
    rest.length > page.length ? Buffer.from(idOf(page[page.length - 1])).toString("base64url") : undefined;
  return { page, nextToken: next };
}
