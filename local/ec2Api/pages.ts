import { Ec2Error } from "../cloud/errors";

/** What of a list was asked for. */
export interface PageRequest {
  MaxResults?: number;
  NextToken?: string;
}

/** The parameters of a list that is told page by page. */
export const PAGES = ["MaxResults", "NextToken"];

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVolumes.html and its likes */
const LEAST = 5;
const MOST = 1000;

/**
 * One page of records in the order of their ids. The token names the last one of the page before, so that nothing is
 * left out where records go between two requests.
 * @throws Ec2Error `InvalidParameterValue` where a page is to be smaller or larger than EC2 makes them, or the token is none.
 */
export function cut<T>(
  records: T[],
  idOf: (record: T) => string,
  { MaxResults, NextToken }: PageRequest,
  most = MOST,
): { page: T[]; NextToken?: string } {
  requireSize(MaxResults, most);
  const last = NextToken ? idIn(NextToken) : "";
  const rest = records.filter((record) => idOf(record) > last).sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
  const page = rest.slice(0, MaxResults ?? Infinity);
  const isMore = rest.length > page.length;
  return { page, NextToken: isMore ? tokenOf(idOf(page[page.length - 1])) : undefined };
}

function requireSize(size: number | undefined, most: number): void {
  if (size === undefined || (size >= LEAST && size <= most)) return;
  throw new Ec2Error(
    "InvalidParameterValue",
    `Value ( ${size} ) for parameter maxResults is invalid. Expecting a value from ${LEAST} to ${most}.`,
  );
}

const MARK = "after ";

function tokenOf(id: string): string {
  return Buffer.from(MARK + id).toString("base64url");
}

function idIn(token: string): string {
  const text = Buffer.from(token, "base64url").toString();
  if (text.startsWith(MARK)) return text.slice(MARK.length);
  throw new Ec2Error(
    "InvalidParameterValue",
    `Value ( ${token} ) for parameter nextToken is invalid. Give the token of the page before as it came.`,
  );
}
