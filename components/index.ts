export * from "./args";
export * from "./enums";
export type { BootProof } from "./bootProof";
export type {
  ConversionPlan,
  ConversionReport,
  ReportedAdvice,
  ReportedEdit,
  ReportedStep,
  ReportedVerdict,
} from "./report";
export type { ReportedDisk, ReportedLayout } from "./reportedLayout";
export { PvToHvmMigration } from "./pvToHvmMigration";
