/**
 * EC2's own text for refusals that have nothing to do with the request: too many requests, no room, a quota. From
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html and from messages that users quote.
 */
export const REFUSALS: Record<string, string> = {
  RequestLimitExceeded: "Request limit exceeded.",
  InsufficientInstanceCapacity:
    "We currently do not have sufficient capacity for the instance type in the Availability Zone you requested. " +
    "Our system will be working on provisioning additional capacity.",
  VcpuLimitExceeded:
    "You have requested more vCPU capacity than your current vCPU limit of 0 allows for the instance bucket that the " +
    "specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an " +
    "adjustment to this limit.",
  InstanceLimitExceeded:
    "You have requested more instances (1) than your current instance limit of 0 allows for the specified instance " +
    "type. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.",
  VolumeLimitExceeded:
    "You have exceeded your maximum gp3 storage limit of 50 TiB in this region. Please contact AWS Support to request " +
    "an Elastic Block Store service limit increase.",
  MaxIOPSLimitExceeded: "You have exceeded your maximum IOPS limit in this region.",
  SnapshotLimitExceeded: "You have exceeded your maximum number of snapshots in this region.",
  ConcurrentSnapshotLimitExceeded: "Maximum allowed in-progress snapshots for a single volume exceeded.",
  SnapshotCreationPerVolumeRateExceeded:
    "The maximum per volume CreateSnapshot request rate has been exceeded. Use an increasing or variable sleep " +
    "interval between requests.",
  ResourceLimitExceeded: "You have exceeded the number of resources allowed for your account in this region.",
  UnauthorizedOperation: "You are not authorized to perform this operation.",
  InternalError: "An internal error has occurred",
  InternalServerException: "An internal error has occurred",
  RequestThrottledException: "The request was denied due to request throttling.",
  Unavailable: "The server is overloaded and can't handle the request.",
};
