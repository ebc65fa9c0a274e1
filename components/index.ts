export * from "./args";
export * from "./enums";
export type { BootProof } from "./steps/bootProof";
export type {
  ConversionPlan,
  ConversionReport,
  ReportedAdvice,
  ReportedEdit,
  ReportedStep,
  ReportedVerdict,
} from "./report/report";
export type { ReportedDisk, ReportedLayout } from "./report/reportedLayout";
export { PvToHvmMigration } from "./pvToHvmMigration";
