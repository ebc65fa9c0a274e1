// First: what is beside this package is judged before any of it is loaded.
import "./program/peers";
import type { OneSource, SourceArgs as AnySource } from "./sourceArgs";

export * from "./args";
/** What is migrated, by exactly one id. */
export type SourceArgs = OneSource<AnySource>;
export type { SourceConnectionArgs } from "./sourceArgs";
export * from "./enums";
export type { BootProof } from "./steps/bootProof";
export type {
  ConversionPlan,
  ConversionReport,
  ReportedAdvice,
  ReportedDisk,
  ReportedEdit,
  ReportedLayout,
  ReportedStep,
  ReportedVerdict,
} from "./report/reported";
export type {
  LiveSourceReport,
  OtherVolume,
  ReportedBoot,
  ReportedDriver,
  ReportedFile,
  ReportedKernel,
  ReportedProblem,
  ReportedRoom,
  SourceReport,
} from "./report/reportedSource";
export { PvToHvmMigration } from "./program/pvToHvmMigration";
