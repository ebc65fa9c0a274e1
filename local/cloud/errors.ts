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
