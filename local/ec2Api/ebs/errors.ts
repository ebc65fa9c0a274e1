import { Ec2Error } from "../../cloud/errors";

/** A refusal by EBS' direct APIs: the error's name, and the reason that stands beside it. */
export class EbsError extends Ec2Error {
  constructor(
    code: string,
    readonly reason: string,
    message: string,
  ) {
    super(code, message);
  }
}

/** Statuses: https://docs.aws.amazon.com/ebs/latest/APIReference/API_ListSnapshotBlocks.html#API_ListSnapshotBlocks_Errors */
export const EBS_STATUS: Record<string, number> = {
  AccessDeniedException: 403,
  ConflictException: 503,
  ExpiredToken: 403,
  InternalServerException: 500,
  RequestThrottledException: 400,
  ResourceNotFoundException: 404,
  ServiceQuotaExceededException: 402,
  ValidationException: 400,
};

export const invalid = (reason: string, message: string) =>
  new EbsError("ValidationException", reason, message);
