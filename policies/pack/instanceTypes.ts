/**
 * The instance types that were made for paravirtual images. AWS published none but paravirtual images of Amazon Linux for them, and EC2's
 * console of those days offered them for no other. The later PV types (C3, M3, HS1) ran HVM images from their first day on, and are not here.
 * DescribeInstanceTypes names `hvm` beside `paravirtual` for them today, so an image that was converted for Xen does start on them: it is
 * the retirement of their hardware that this list is about.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/virtualization_types.html
 * https://aws.amazon.com/ec2/previous-generation/
 */
export const PARAVIRTUAL_TYPES: readonly string[] = [
  ...["c1.medium", "c1.xlarge"],
  ...["m1.small", "m1.medium", "m1.large", "m1.xlarge"],
  ...["m2.xlarge", "m2.2xlarge", "m2.4xlarge"],
  "t1.micro",
];
