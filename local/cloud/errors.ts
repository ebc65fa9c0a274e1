/**
 * A request that EC2 would refuse, by EC2's code. The code is the contract (what a program branches on); the message
 * is EC2's text where it is known from its documentation or its answers, and otherwise says what was found and needed.
 */
export class Ec2Error extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = "Ec2Error";
  }
}

/**
 * The sentence that the AWS SDK makes of a refusal: `operation error EC2: RunInstances, api error CODE: text`; where it
 * has sent the request again in vain, how often in all.
 */
export function describeRefusal(operation: string, error: Ec2Error, attempts?: number): string {
  const inVain = attempts === undefined ? "" : `exceeded maximum number of attempts, ${attempts}, `;
  return `operation error EC2: ${operation}, ${inVain}api error ${error.code}: ${error.message}`;
}
